#include "engine/nets/net_text.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "engine/layers/conv2d.h"
#include "engine/nets/catalog.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

const NetInput kDigits{.sample = {1, 28, 28}, .outputs = 10};
const NetInput kRows{.sample = {6}, .outputs = 3};

std::unique_ptr<Net> make(std::string_view text, const NetInput& input = kDigits,
                          std::uint64_t seed = 1) {
  Random weights(seed, streams::kWeights);
  return make_net(text, input, weights);
}

std::string joined(const NetDescription& description,
                   std::string LayerDescription::*member = &LayerDescription::name) {
  std::string all;
  for (const LayerDescription& layer : description.layers) all += layer.*member + " ";
  return all;
}

std::string layers_of(const Net& net) {
  std::string names;
  for (const auto& [name, layer] : net.parameters()) names += name + " ";
  return names;
}

bool same_bits(const Net& a, const Net& b) {
  const std::vector<NamedTensor> of_a = a.named_tensors();
  const std::vector<NamedTensor> of_b = b.named_tensors();
  return std::equal(of_a.begin(), of_a.end(), of_b.begin(), of_b.end(),
                    [](const NamedTensor& x, const NamedTensor& y) {
                      return x.name == y.name && values(x.tensor.data()) == values(y.tensor.data());
                    });
}

double largest(const Tensor& tensor) {
  double most = 0;
  for (const Real value : tensor.data().values()) {
    most = std::max(most, std::abs(static_cast<double>(value)));
  }
  return most;
}

// The error of a text, which making and describing have to share.
std::string refusal(std::string_view text, const NetInput& input = kDigits) {
  const std::string said = error_of([&] { make(text, input); });
  CHECK(error_of([&] { describe(text, input); }) == said);
  return said;
}

}  // namespace

TEST_CASE("a net text gives the layers it names", "[nets][net_text]") {
  const auto net =
      make("conv 24 5x5, pool 2, relu, conv 32 3x3, pool 2, relu, dense 128, relu, dense classes");
  CHECK(layers_of(*net) ==
        "conv1 pool1 relu1 conv2 pool2 relu2 flatten1 dense1 bias1 relu3 dense2 bias2 ");
  CHECK(net->layer("conv2").kind() == "Conv2D");
  CHECK(net->parameter_count() == 24 * 25 + 24 + 32 * 24 * 9 + 32 + 800 * 128 + 128 + 1280 + 10);
  CHECK(net->forward(Tensor(NdArray::zeros({3, 1, 28, 28}))).shape() == Shape{3, 10});
}

TEST_CASE("every word of a net text makes its layer", "[nets][net_text]") {
  const auto kind_of = [](std::string_view text, const NetInput& input) {
    const auto net = make(text, input);
    return std::string(net->parameters()[0].second->kind());
  };
  const NetInput image{.sample = {2, 1, 1}, .outputs = 2};
  CHECK(kind_of("conv 2 1, flatten", image) == "Conv2D");
  CHECK(kind_of("pool 1, flatten", image) == "MaxPool2D");
  CHECK(kind_of("avgpool 1, flatten", image) == "AvgPool2D");
  CHECK(kind_of("globalpool", image) == "GlobalAvgPool2D");
  CHECK(kind_of("flatten", image) == "Flatten");
  CHECK(kind_of("relu, flatten", image) == "ReLU");
  CHECK(kind_of("leakyrelu, flatten", image) == "LeakyReLU");
  CHECK(kind_of("gelu, flatten", image) == "GELU");
  CHECK(kind_of("silu, flatten", image) == "SiLU");
  CHECK(kind_of("softplus, flatten", image) == "Softplus");
  CHECK(kind_of("softmax, flatten", image) == "Softmax");
  CHECK(kind_of("sigmoid, flatten", image) == "Sigmoid");
  CHECK(kind_of("tanh, flatten", image) == "Tanh");
  CHECK(kind_of("batchnorm, flatten", image) == "BatchNorm");
  CHECK(kind_of("dropout 0.5, flatten", image) == "Dropout");
  CHECK(kind_of("dense 3", kRows) == "Dense");
}

TEST_CASE("settings of layers reach them", "[nets][net_text]") {
  const auto shape_after = [](std::string_view text) {
    return describe(std::string(text) + ", dense classes", kDigits).layers[0].output;
  };
  CHECK(shape_after("conv 7 5x5") == Shape{7, 24, 24});
  CHECK(shape_after("conv 7 5") == Shape{7, 24, 24});
  CHECK(shape_after("conv 7 5 stride 2") == Shape{7, 12, 12});
  CHECK(shape_after("conv 7 5 pad 2") == Shape{7, 28, 28});
  CHECK(shape_after("conv 7 5 pad 0 stride 3") == Shape{7, 8, 8});
  CHECK(shape_after("pool 3") == Shape{1, 9, 9});
  CHECK(shape_after("pool 3x3 stride 1") == Shape{1, 26, 26});
  CHECK(shape_after("avgpool 2 stride 4") == Shape{1, 7, 7});
  const Tensor minus(NdArray::from({1, 1}, {-1}));
  const NetInput one{.sample = {1}, .outputs = 1};
  CHECK(make("leakyrelu", one)->forward(minus).item() == Real(-0.01));
  CHECK(make("leakyrelu 0.25", one)->forward(minus).item() == Real(-0.25));
  const auto net = make("conv 7 5 stride 2 pad 1, dense classes");
  const auto& conv = static_cast<const Conv2D&>(net->layer("conv1"));
  CHECK(conv.options().stride == 2);
  CHECK(conv.options().padding == 1);
}

TEST_CASE("no bias comes before batchnorm, unless the text says so", "[nets][net_text]") {
  const auto tensors_of = [](std::string_view text, const NetInput& input = kDigits) {
    std::string names;
    for (const NamedTensor& named : make(text, input)->named_tensors()) names += named.name + " ";
    return names;
  };
  const std::string norm = "batchnorm1.weight batchnorm1.bias ";
  const std::string last = "dense1.weight bias1.bias ";
  CHECK(tensors_of("conv 2 5, dense classes") == "conv1.weight conv1.bias " + last);
  CHECK(tensors_of("conv 2 5, batchnorm, dense classes") == "conv1.weight " + norm + last);
  CHECK(tensors_of("conv 2 5 pad 1 bias stride 2, batchnorm, dense classes") ==
        "conv1.weight conv1.bias " + norm + last);
  CHECK(tensors_of("conv 2 5 no bias pad 1, dense classes") == "conv1.weight " + last);
  // Pools and flatten pass a bias on, so that batchnorm takes it away behind them, too.
  for (const std::string between :
       {"pool 2", "avgpool 2", "globalpool", "flatten", "avgpool 2, pool 2, flatten"}) {
    CAPTURE(between);
    CHECK(tensors_of("conv 2 5, " + between + ", batchnorm, dense classes") ==
          "conv1.weight " + norm + last);
  }
  for (const std::string between : {"relu", "dropout 0.5", "conv 2 3, relu"}) {
    CAPTURE(between);
    CHECK(tensors_of("conv 2 5, " + between + ", batchnorm, dense classes")
              .starts_with("conv1.weight conv1.bias "));
  }
  // A bias has the number of its dense.
  CHECK(tensors_of("dense 4, batchnorm, dense classes", kRows) ==
        "dense1.weight " + norm + "dense2.weight bias2.bias ");
  CHECK(tensors_of("dense 4 bias, batchnorm, dense classes no bias", kRows) ==
        "dense1.weight bias1.bias " + norm + "dense2.weight ");
  CHECK(tensors_of("fast") ==
        "conv1.weight batchnorm1.weight batchnorm1.bias conv2.weight batchnorm2.weight "
        "batchnorm2.bias dense1.weight batchnorm3.weight batchnorm3.bias dense2.weight "
        "bias2.bias ");
  CHECK(describe("dense classes no bias", kDigits).parameters == 7840);
  CHECK(describe("conv 10 28 no bias, flatten", kDigits).parameters == 7840);
}

TEST_CASE("a bias before batchnorm gets no gradient but rounding errors", "[nets][net_text]") {
  Random random(3);
  const NetInput input{.sample = {1, 8, 8}, .outputs = 3};
  for (const std::string text : {"conv 2 3 bias, batchnorm, tanh, dense classes",
                                 "conv 2 3 bias, pool 2, batchnorm, tanh, dense classes",
                                 "conv 2 3 bias, avgpool 2, batchnorm, tanh, dense classes",
                                 "conv 2 3 bias, globalpool, batchnorm, tanh, dense classes",
                                 "conv 2 3 bias, flatten, batchnorm, tanh, dense classes",
                                 "dense 4 bias, batchnorm, tanh, dense classes"}) {
    CAPTURE(text);
    const auto net = make(text, input);
    const Tensor x(NdArray::uniform({16, 1, 8, 8}, -1, 1, random));
    const Tensor y = net->forward(x);
    y.backward(NdArray::uniform(y.shape(), -1, 1, random));
    for (const NamedTensor& named : net->named_tensors()) {
      CAPTURE(named.name);
      const bool is_lost = named.name == (text.starts_with("conv") ? "conv1.bias" : "bias1.bias");
      CHECK((largest(Tensor(*named.tensor.grad())) < 1e-5) == is_lost);
    }
  }
}

TEST_CASE("an old text says which layers had a bias", "[nets][net_text]") {
  CHECK(with_biases("dense 20, batchnorm, relu, dense classes") ==
        "dense 20 bias, batchnorm, relu, dense classes");
  CHECK(with_biases("conv 8 5x5 , pool 2,batchnorm, dense 3 , batchnorm") ==
        "conv 8 5x5 bias , pool 2,batchnorm, dense 3 bias , batchnorm");
  CHECK(with_biases("fast") ==
        "conv 8 5x5 bias, pool 2, batchnorm, relu, conv 16 3x3 bias, pool 2, batchnorm, relu, "
        "dense 256 bias, batchnorm, relu, dense classes");
  for (const std::string same :
       {"mlp", "convnet", "dense 20 bias, batchnorm", "conv 2 3 no bias, batchnorm", "", "nonsense",
        ",,", "relu, batchnorm", "dense 3, relu, batchnorm"}) {
    CHECK(with_biases(same) == same);
  }
  for (const CatalogEntry& entry : catalog()) {
    const std::string old = with_biases(entry.name);
    CAPTURE(old);
    const auto net = make(old);
    const std::string layers = layers_of(*net);
    for (const auto& [name, layer] : net->parameters()) {
      if (layer->kind() == "Conv2D") CHECK(layer->named_tensors().size() == 2);
      if (layer->kind() != "Dense") continue;
      CHECK(layers.find(name + " bias" + name.substr(5) + " ") != std::string::npos);
    }
    CHECK(with_biases(old) == old);
  }
}

TEST_CASE("white space in a net text does not matter", "[nets][net_text]") {
  CHECK(joined(describe(" conv  4\t3 ,relu\n,\r\ndense classes ", kDigits)) ==
        joined(describe("conv 4 3,relu,dense classes", kDigits)));
  CHECK(joined(describe(" mlp\n", kDigits)) == joined(describe("mlp", kDigits)));
}

TEST_CASE("images are flattened before dense by themselves", "[nets][net_text]") {
  CHECK(joined(describe("dense classes", kDigits)) == "flatten1 dense1 bias1 ");
  CHECK(joined(describe("flatten, dense classes", kDigits)) == "flatten1 dense1 bias1 ");
  CHECK(joined(describe("globalpool, dense classes", kDigits)) == "globalpool1 dense1 bias1 ");
  CHECK(joined(describe("dense 4, dense classes", kRows)) == "dense1 bias1 dense2 bias2 ");
}

TEST_CASE("the generator decides a net's weights", "[nets][net_text]") {
  CHECK(same_bits(*make("lenet"), *make("lenet")));
  CHECK_FALSE(same_bits(*make("lenet"), *make("lenet", kDigits, 2)));
}

TEST_CASE("dense nets take images without copying them, and run fused", "[nets][net_text]") {
  Random random(1);
  const auto net = make_net("dense classes", {.sample = {1, 2, 3}, .outputs = 3}, random);
  const Tensor images(NdArray::uniform({2, 1, 2, 3}, 0, 1, random), true);
  const Tensor y = net->forward(images);
  CHECK(y.grad_fn() == "dense");
  const Tensor flat = y.sources()[0];
  CHECK(flat.grad_fn() == "reshape");
  CHECK(flat.data().data() == images.data().data());
}

TEST_CASE("the next activation decides how large weights are", "[nets][net_text]") {
  const auto largest_of = [](std::string_view text) {
    const auto net = make(text, {.sample = {100, 4, 4}, .outputs = 10});
    return largest(net->tensors()[0]);
  };
  // After conv 100 2x2, 400 numbers come together in one.
  const double kaiming = std::sqrt(6.0 / 400);
  const double xavier = std::sqrt(6.0 / 500);
  CHECK(largest_of("conv 100 2, relu, dense 10") == Approx(kaiming).epsilon(0.005));
  CHECK(largest_of("conv 100 2, pool 2, relu, dense 10") == Approx(kaiming).epsilon(0.005));
  CHECK(largest_of("conv 100 2, leakyrelu, dense 10") == Approx(kaiming).epsilon(0.005));
  CHECK(largest_of("conv 100 2, batchnorm, relu, dense 10") == Approx(kaiming).epsilon(0.005));
  CHECK(largest_of("conv 100 2, gelu, dense 10") == Approx(kaiming).epsilon(0.005));
  CHECK(largest_of("conv 100 2, silu, dense 10") == Approx(kaiming).epsilon(0.005));
  CHECK(largest_of("conv 100 2, softplus, dense 10") == Approx(kaiming).epsilon(0.005));
  CHECK(largest_of("conv 100 2, tanh, relu, dense 10") == Approx(xavier).epsilon(0.005));
  CHECK(largest_of("conv 100 2, dense 50, relu, dense 10") == Approx(xavier).epsilon(0.005));
}

TEST_CASE("dropouts of a net leave out different numbers, the same for a seed",
          "[nets][net_text]") {
  const NetInput input{.sample = {200}, .outputs = 200};
  const Tensor ones(NdArray::ones({1, 200}));
  const auto masks = [&](std::uint64_t seed) {
    const auto net = make("dropout 0.5, dropout 0.5", input, seed);
    return std::pair(values(net->layer("dropout1").compute(ones).data()),
                     values(net->layer("dropout2").compute(ones).data()));
  };
  CHECK(masks(1).first != masks(1).second);
  CHECK(masks(1) == masks(1));
  CHECK(masks(1).first != masks(2).first);
  const auto count = [](const std::vector<Real>& mask) {
    return std::count(mask.begin(), mask.end(), Real{0});
  };
  CHECK(count(masks(1).first) > 60);
  const auto quarter = make("dropout 0.125", input);
  CHECK(count(values(quarter->forward(ones).data())) < 50);
}

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

TEST_CASE("errors say in which column of the caller's text they are", "[nets][net_text]") {
  const auto column = [](std::string_view text) {
    const Details details = details_of([&] { make(text, kDigits); });
    CHECK(details.op == "net");
    CHECK(details.field == "net");
    return details.column;
  };
  CHECK(column("conv 24 5x5, poool 2, dense classes") == 14);
  CHECK(column("relu, , dense classes") == 7);
  CHECK(column("dense 5") == 1);
  // The words are those of the catalog.
  const NetInput numbers{.sample = {1}, .outputs = 1};
  const Details details = details_of([&] { make("convnet", numbers); });
  CHECK(details.field == "net");
  CHECK(details.column == std::nullopt);
}

TEST_CASE("words that mean nothing are refused at their place", "[nets][net_text]") {
  const std::string layers =
      "conv, pool, avgpool, globalpool, relu, gelu, silu, softplus, sigmoid, tanh, leakyrelu, "
      "softmax, batchnorm, "
      "dropout, "
      "dense, flatten";
  CHECK(refusal("conv 24 5x5, poool 2, dense classes") ==
        "NotFound: net: 'poool' at word 4 (column 14) is no layer, expected one of " + layers);
  CHECK(refusal("mpl") ==
        "NotFound: net: 'mpl' at word 1 (column 1) is no layer, expected one of " + layers +
            " or the name of a net, mlp, lenet, convnet, fast, best");
  CHECK(refusal("mlp, dense classes") ==
        "NotFound: net: 'mlp' at word 1 (column 1) is no layer, expected one of " + layers);
  CHECK(refusal("relu, Größe, ß") ==
        "NotFound: net: 'Größe' at word 2 (column 7) is no layer, expected one of " + layers);
  CHECK(refusal("Relu, dense classes") ==
        "NotFound: net: 'Relu' at word 1 (column 1) is no layer, expected one of " + layers);
  const std::string nothing = "InvalidArgument: net: no layer at word ";
  CHECK(refusal("") == nothing + "1 (column 1), expected one of " + layers);
  CHECK(refusal("  ") == nothing + "1 (column 3), expected one of " + layers);
  CHECK(refusal(", relu") == nothing + "1 (column 1), expected one of " + layers);
  CHECK(refusal("relu, , dense classes") == nothing + "2 (column 7), expected one of " + layers);
  CHECK(refusal("dense 10, ") == nothing + "3 (column 11), expected one of " + layers);
}

TEST_CASE("settings that a layer cannot have are refused at their place", "[nets][net_text]") {
  CHECK(refusal("conv, relu") ==
        "InvalidArgument: net: 'conv' at word 1 (column 1) lacks a number of filters, expected "
        "something like conv 24 5x5");
  CHECK(refusal("conv 24") ==
        "InvalidArgument: net: 'conv' at word 1 (column 1) lacks a size of the filters, expected "
        "something like conv 24 5x5");
  CHECK(refusal("pool") ==
        "InvalidArgument: net: 'pool' at word 1 (column 1) lacks a size, expected something like "
        "pool 2");
  CHECK(refusal("dense") ==
        "InvalidArgument: net: 'dense' at word 1 (column 1) lacks a number of outputs, expected "
        "something like dense 128");
  CHECK(refusal("relu, dropout, dense classes") ==
        "InvalidArgument: net: 'dropout' at word 2 (column 7) lacks a rate, expected something "
        "like dropout 0.25");
  CHECK(refusal("dense many") ==
        "InvalidArgument: net: 'many' at word 2 (column 7) is no number of outputs, expected a "
        "whole number from 1 to 1073741824");
  for (const std::string number :
       {"0", "-3", "1.5", "1e3", "12a", "x", "1073741825", "99999999999999999999999999", "."}) {
    CAPTURE(number);
    CHECK(refusal("conv " + number + " 3") ==
          "InvalidArgument: net: '" + number +
              "' at word 2 (column 6) is no number of filters, expected a whole number from 1 to "
              "1073741824");
  }
  for (const std::string size : {"5x3", "0", "5x", "x5", "x", "0x0", "5x5x5", "-5", "2.5"}) {
    CAPTURE(size);
    CHECK(refusal("conv 24 " + size) ==
          "InvalidArgument: net: '" + size +
              "' at word 3 (column 9) is no size of filters, expected a square of at least 1x1, "
              "like 2x2 or 2");
  }
  CHECK(refusal("pool 2x3") ==
        "InvalidArgument: net: '2x3' at word 2 (column 6) is no size of a pool, expected a square "
        "of at least 1x1, like 2x2 or 2");
  CHECK(refusal("conv 24 5 strid 2") ==
        "InvalidArgument: net: 'strid' at word 4 (column 11) is no setting of conv, expected "
        "stride, pad, bias, no bias or a comma");
  CHECK(refusal("pool 2 pad 1") ==
        "InvalidArgument: net: 'pad' at word 3 (column 8) is no setting of pool, expected stride "
        "or a comma");
  CHECK(refusal("conv 24 5 stride 2 stride 2") ==
        "InvalidArgument: net: 'stride' at word 6 (column 20) is given twice, expected it once");
  CHECK(
      refusal("conv 24 5 pad, relu") ==
      "InvalidArgument: net: 'pad' at word 4 (column 11) lacks a number, expected one like pad 2");
  CHECK(refusal("pool 2 stride 0") ==
        "InvalidArgument: net: '0' at word 4 (column 15) is no stride, expected a whole number "
        "from 1 to 1073741824");
  CHECK(refusal("conv 24 5 pad -1") ==
        "InvalidArgument: net: '-1' at word 5 (column 15) is no pad, expected a whole number from "
        "0 to 1073741824");
  for (const std::string rate : {"1", "1.0", "-0.5", "half", "0.5.5", "50%", "1e1", ".", "nan"}) {
    CAPTURE(rate);
    CHECK(refusal("dropout " + rate) ==
          "InvalidArgument: net: '" + rate +
              "' at word 2 (column 9) is no rate, expected a number of at least 0 and below 1");
  }
  CHECK(refusal("leakyrelu -1, dense classes") ==
        "InvalidArgument: net: '-1' at word 2 (column 11) is no slope, expected a number of at "
        "least 0 and below 1");
  CHECK(refusal("relu relu, dense classes") ==
        "InvalidArgument: net: 'relu' at word 2 (column 6) follows relu, expected a comma or the "
        "end");
  CHECK(refusal("dense 128 relu") ==
        "InvalidArgument: net: 'relu' at word 3 (column 11) is no setting of dense, expected bias, "
        "no bias or a comma");
  CHECK(refusal("dense 128 no relu") ==
        "InvalidArgument: net: 'no' at word 3 (column 11) is no setting of dense, expected bias, "
        "no bias or a comma");
  CHECK(refusal("dense 128 no") ==
        "InvalidArgument: net: 'no' at word 3 (column 11) is no setting of dense, expected bias, "
        "no bias or a comma");
  CHECK(refusal("dense 128 bias no bias") ==
        "InvalidArgument: net: 'bias' at word 5 (column 19) is given twice, expected it once");
  CHECK(refusal("pool 2 no bias") ==
        "InvalidArgument: net: 'no' at word 3 (column 8) is no setting of pool, expected stride "
        "or a comma");
}

TEST_CASE("layers that do not fit are refused at their place", "[nets][net_text]") {
  CHECK(refusal("conv 24 29x29") ==
        "InvalidArgument: net: '29x29' at word 3 (column 9) is a kernel larger than its input of "
        "28x28, expected at most 28");
  CHECK(refusal("pool 7, conv 24 9 pad 2 stride 3") ==
        "InvalidArgument: net: '9' at word 5 (column 17) is a kernel larger than its input of 8x8 "
        "with its padding, expected at most 8");
  CHECK(refusal("pool 2, pool 15") ==
        "InvalidArgument: net: '15' at word 4 (column 14) is a pool larger than its input of "
        "14x14, expected at most 14");
  CHECK(refusal("avgpool 4", {.sample = {1, 9, 3}, .outputs = 10}) ==
        "InvalidArgument: net: '4' at word 2 (column 9) is a pool larger than its input of 9x3, "
        "expected at most 3");
  CHECK(refusal("dense 128, conv 24 5x5") ==
        "InvalidArgument: net: 'conv' at word 3 (column 12) gets [128], expected images [C, H, W]");
  CHECK(refusal("pool 2", kRows) ==
        "InvalidArgument: net: 'pool' at word 1 (column 1) gets [6], expected images [C, H, W]");
  CHECK(refusal("flatten, globalpool") ==
        "InvalidArgument: net: 'globalpool' at word 2 (column 10) gets [784], expected images [C, "
        "H, W]");
}

TEST_CASE("layers larger than an array are refused at their place", "[nets][net_text]") {
  CHECK(refusal("dense 1000000000, dense classes") ==
        "InvalidArgument: net: 'dense' at word 1 (column 1) has 7.84e+11 weights, expected at "
        "most 1073741824");
  CHECK(refusal("relu, conv 10000000 1") ==
        "InvalidArgument: net: 'conv' at word 2 (column 7) has 7.84e+09 outputs, expected at "
        "most 1073741824");
  CHECK(refusal("conv 1000000000 1000000000 pad 1000000000 stride 1000000000") ==
        "InvalidArgument: net: 'conv' at word 1 (column 1) has 4e+18 inputs with "
        "their padding, expected at most 1073741824");
  CHECK(refusal("conv 1000000 30000x30000 pad 14990") ==
        "InvalidArgument: net: 'conv' at word 1 (column 1) has 9e+14 weights, expected at most "
        "1073741824");
}

TEST_CASE("a net has to give as many outputs as the data has", "[nets][net_text]") {
  const std::string reason = ": as many outputs as the data has classes, or numbers in a target";
  CHECK(refusal("dense 128, relu, dense 12") ==
        "InvalidArgument: net: the last layer, 'dense' at word 4 (column 18), gives [12], expected "
        "[10]" +
            reason);
  CHECK(refusal("conv 10 5x5") ==
        "InvalidArgument: net: the last layer, 'conv' at word 1 (column 1), gives [10, 24, 24], "
        "expected [10]" +
            reason);
  CHECK(refusal("dense 5, tanh", kRows) ==
        "InvalidArgument: net: the last layer, 'tanh' at word 3 (column 10), gives [5], expected "
        "[3]" +
            reason);
  CHECK(describe("conv 10 5x5, globalpool", kDigits).layers[1].output == Shape{10});
}

TEST_CASE("a net of the catalog that does not fit says that it is that net's text",
          "[nets][net_text]") {
  CHECK(refusal("convnet", {.sample = {1, 4, 4}, .outputs = 10}) ==
        "InvalidArgument: net convnet: '5x5' at word 3 (column 9) is a kernel larger than its "
        "input of 4x4, expected at most 4");
  CHECK(refusal("lenet", kRows) ==
        "InvalidArgument: net lenet: 'conv' at word 1 (column 1) gets [6], expected images [C, H, "
        "W]");
}

TEST_CASE("samples that no net can take are refused", "[nets][net_text]") {
  CHECK(refusal("mlp", {.sample = {28, 28}, .outputs = 10}) ==
        "InvalidArgument: net mlp: samples of [28, 28], expected [C, H, W] or [I], all at least 1");
  CHECK(refusal("relu", {.sample = {1, 0, 28}, .outputs = 10}) ==
        "InvalidArgument: net: samples of [1, 0, 28], expected [C, H, W] or [I], all at least 1");
  CHECK(refusal("relu", {.sample = {1}, .outputs = 0}) ==
        "InvalidArgument: net: 0 outputs, expected at least 1");
}

}  // namespace lanegrad::test
