// The nets that texts make.
#include "tests/engine/nets/net_texts.h"

namespace lanegrad::test {

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

TEST_CASE("words may be spelled as PyTorch and Keras do", "[nets][net_text]") {
  const auto kinds = [](std::string_view text) {
    return joined(describe(text, kDigits), &LayerDescription::kind);
  };
  const std::string plain = kinds(
      "conv 8 3 stride 2 pad 1, batchnorm, relu, avgpool 2, pool 2, leakyrelu, silu, globalpool, "
      "dense 7 no bias, dense classes");
  CHECK(kinds("Conv2d 8 3 stride 2 padding 1, BatchNorm2d, ReLU, AvgPool2d 2, MaxPool2d 2, "
              "LeakyReLU, SiLU, globalpool, Linear 7 NO Bias, linear CLASSES") == plain);
  CHECK(kinds("Conv2D 8 3 strides 2 padding same, BatchNormalization, relu, AveragePooling2D 2, "
              "max_pooling2d 2, leaky_relu, swish, GlobalAveragePooling2D, Dense 7 no bias, "
              "DENSE Classes") == plain);
  CHECK(joined(describe("Dense 5, ReLU, Linear classes", kDigits)) ==
        joined(describe("dense 5, relu, dense classes", kDigits)));
  CHECK(joined(describe("LeNet", kDigits)) == joined(describe("lenet", kDigits)));
  CHECK(same_bits(*make("MLP"), *make("mlp")));
  CHECK(describe("conv 7 5 pad same, dense classes", kDigits).layers[0].output == Shape{7, 28, 28});
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

}  // namespace lanegrad::test
