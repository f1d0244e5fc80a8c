// Layers models of TensorFlow.js.
#include "engine/io/tfjs.h"

#include <string>

#include "engine/nets/model_file.h"
#include "tests/engine/training/checkpoints.h"

namespace lanegrad::test {

namespace {

struct LayersModel {
  Model model;
  std::string text;
  std::vector<Real> numbers;
};

LayersModel model_of(const std::string& net, const ExportOptions& options = {}) {
  const Training training = training_of({{"net", net.c_str()}, {"normalize", "true"}});
  training.trainer->step();
  LayersModel made{.model = read_model(save_checkpoint(training)), .text = {}, .numbers = {}};
  const std::vector<ExportedFile> files = export_model(made.model, "tfjs", options);
  REQUIRE(files.size() == 2);
  CHECK(
      (files[0].name == options.stem + ".json" && files[1].name == options.stem + ".weights.bin"));
  made.text.assign(files[0].bytes.begin(), files[0].bytes.end());
  REQUIRE(files[1].bytes.size() % sizeof(Real) == 0);
  made.numbers.resize(files[1].bytes.size() / sizeof(Real));
  std::memcpy(made.numbers.data(), files[1].bytes.data(), files[1].bytes.size());
  return made;
}

// The kinds of layers with their names: "InputLayer pixels, Flatten flatten1, …".
std::string layers_of(const std::string& text) {
  std::string layers;
  constexpr std::string_view kKind = "{\"class_name\":\"";
  constexpr std::string_view kName = "\"name\":\"";
  for (std::size_t at = text.find(kKind, text.find("\"layers\":")); at != std::string::npos;
       at = text.find(kKind, at)) {
    at += kKind.size();
    const std::size_t name = text.find(kName, at) + kName.size();
    layers += str(layers.empty() ? "" : ", ", text.substr(at, text.find('"', at) - at), " ",
                  text.substr(name, text.find('"', name) - name));
  }
  return layers;
}

}  // namespace

TEST_CASE("a layers model has the layers that Keras has", "[tfjs]") {
  const LayersModel made = model_of(
      "conv 2 3x3 pad 1, relu, conv 2 2x2 stride 2 pad 1 no bias, batchnorm, leakyrelu 0.2, "
      "softmax, dropout 0.5, pool 2, silu, dense classes",
      {.stem = "dots", .softmax = true});
  CHECK(layers_of(made.text) ==
        "InputLayer pixels, BatchNormalization normalization, Conv2D conv1, Activation relu1, "
        "ZeroPadding2D conv2_padding, Conv2D conv2, BatchNormalization batchnorm1, LeakyReLU "
        "leakyrelu1, Permute softmax1_order, Activation softmax1, Permute softmax1_back, Dropout "
        "dropout1, MaxPooling2D pool1, Activation silu1, Flatten flatten1, Dense dense1, "
        "Activation probabilities");
  for (const char* part :
       {"\"batch_input_shape\":[null,6,6,1]", "\"padding\":\"same\"", "\"alpha\":0.2",
        "\"padding\":[[1,1],[1,1]]", "\"epsilon\":1e-05", "\"paths\":[\"dots.weights.bin\"]",
        "{\"name\":\"conv2/kernel\",\"shape\":[2,2,2,2],\"dtype\":\"float32\"}",
        "\"input\":\"[batch, 6, 6, 1]: pixels from 0 to 1"}) {
    CAPTURE(part);
    CHECK(made.text.find(part) != std::string::npos);
  }
  CHECK(made.text.find("conv2/bias") == std::string::npos);
}

TEST_CASE("a layers model has its numbers in the order of channels last", "[tfjs]") {
  const LayersModel made =
      model_of("conv 2 3x3, conv 4 3x3, dense classes", {.normalization = false});
  CHECK(layers_of(made.text) ==
        "InputLayer normalized_pixels, Conv2D conv1, Conv2D conv2, Flatten flatten1, Dense dense1");
  const ModelTensor& kernel = made.model.tensor("conv2.weight");
  std::size_t at = 2 * 9 + 2;  // behind conv1's kernel and bias
  for (Index place = 0; place < 9; ++place) {
    for (Index in = 0; in < 2; ++in) {
      for (Index out = 0; out < 4; ++out) {
        CHECK(made.numbers[at++] ==
              kernel.values[static_cast<std::size_t>((out * 2 + in) * 9 + place)]);
      }
    }
  }
  at += 4;
  const ModelTensor& weight = made.model.tensor("dense1.weight");
  for (Index place = 0; place < 4; ++place) {
    for (Index channel = 0; channel < 4; ++channel) {
      for (Index out = 0; out < 3; ++out) {
        CHECK(made.numbers[at++] ==
              weight.values[static_cast<std::size_t>((channel * 4 + place) * 3 + out)]);
      }
    }
  }
  CHECK(made.numbers.size() == at + 3);
}

}  // namespace lanegrad::test
