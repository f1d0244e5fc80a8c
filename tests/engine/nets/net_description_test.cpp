// What is said of a net without making it.
#include "tests/engine/nets/net_texts.h"

namespace lanegrad::test {

TEST_CASE("a description counts what a training step costs", "[nets][net_text]") {
  // The counts of the bench: 6.15 MFLOP for this net, 0.409 for 784-128-10.
  const NetDescription net = describe("convnet", kDigits);
  CHECK(joined(net) ==
        "conv1 pool1 relu1 conv2 pool2 relu2 flatten1 dense1 bias1 relu3 dense2 bias2 ");
  CHECK(joined(net, &LayerDescription::kind) ==
        "Conv2D MaxPool2D ReLU Conv2D MaxPool2D ReLU Flatten Dense Bias ReLU Dense Bias ");
  CHECK(net.layers[0].text == "conv 24 5x5");
  CHECK(net.layers[0].output == Shape{24, 24, 24});
  CHECK(net.layers[0].parameters == 24 * 25 + 24);
  CHECK(net.layers[0].forward_flops == 2.0 * 24 * 24 * 24 * 25);
  CHECK(net.layers[0].step_flops == 2 * net.layers[0].forward_flops);
  CHECK(net.layers[3].output == Shape{32, 10, 10});
  CHECK(net.layers[3].forward_flops == 2.0 * 32 * 10 * 10 * 24 * 9);
  CHECK(net.layers[3].step_flops == 3 * net.layers[3].forward_flops);
  CHECK(net.layers[6].text.empty());
  CHECK(net.layers[6].output == Shape{800});
  CHECK(net.layers[8].text.empty());
  CHECK(net.layers[8].parameters == 128);
  CHECK(net.layers[8].forward_flops == 0);
  CHECK(net.layers[10].text == "dense classes");
  CHECK(net.layers[11].output == Shape{10});
  CHECK(net.parameters == 624 + 6944 + 102528 + 1290);
  CHECK(net.forward_flops == 691200 + 1382400 + 204800 + 2560);
  CHECK(net.step_flops == 2 * 691200 + 3 * (1382400 + 204800 + 2560));
  CHECK(net.step_flops / 1e6 == Approx(6.15).epsilon(0.001));
  CHECK(describe("dense 128, relu, dense classes", kDigits).step_flops / 1e6 ==
        Approx(0.409).epsilon(0.001));
}

TEST_CASE("a text is described as the net that it makes describes itself", "[nets][net_text]") {
  std::vector<std::string> texts{
      "conv 3 5 stride 2 pad 3, avgpool 3 stride 2, sigmoid, globalpool, "
      "dense 5, dropout 0.5, dense classes",
      "dropout 0.2, leakyrelu 0.1, flatten, dense 7, gelu, dense classes, softmax",
      "conv 10 28, flatten",
      "batchnorm, conv 3 5, batchnorm, relu, dense 4, batchnorm, dense classes"};
  for (const CatalogEntry& entry : catalog()) texts.emplace_back(entry.name);
  for (const std::string& text : texts) {
    CAPTURE(text);
    const NetDescription read = describe(text, kDigits);
    const auto net = make(text);
    const NetDescription made = net->describe(kDigits.sample);
    REQUIRE(read.layers.size() == made.layers.size());
    for (std::size_t i = 0; i < read.layers.size(); ++i) {
      CAPTURE(read.layers[i].name);
      CHECK(read.layers[i].name == made.layers[i].name);
      CHECK(read.layers[i].kind == made.layers[i].kind);
      CHECK(read.layers[i].output == made.layers[i].output);
      CHECK(read.layers[i].parameters == made.layers[i].parameters);
      CHECK(read.layers[i].forward_flops == made.layers[i].forward_flops);
      CHECK(read.layers[i].step_flops == made.layers[i].step_flops);
    }
    CHECK(read.parameters == made.parameters);
    CHECK(read.forward_flops == made.forward_flops);
    CHECK(read.step_flops == made.step_flops);
    CHECK(net->training());
  }
}

TEST_CASE("a description makes no weights", "[nets][net_text]") {
  // The weights would take 2 GB.
  const NetDescription net =
      describe("dense 500000000, dense classes", {.sample = {1}, .outputs = 1});
  CHECK(net.parameters == 1500000001);
}

}  // namespace lanegrad::test
