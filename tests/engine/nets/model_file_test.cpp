// Nets of checkpoints, without their training and data.
#include "engine/nets/model_file.h"

#include "tests/engine/training/checkpoints.h"

namespace lanegrad::test {

namespace {

Bytes checkpoint_of(const Settings& settings) {
  const Training training = training_of(settings);
  for (int i = 0; i < 3; ++i) training.trainer->step();
  return save_checkpoint(training);
}

}  // namespace

TEST_CASE("a model has the numbers that answer", "[model]") {
  for (const char* averaging : {"0", "0.9"}) {
    const Training training = training_of(
        {{"net", "conv 3 3x3 pad 1, pool 2, batchnorm, leakyrelu 0.2, dropout 0.25, dense classes"},
         {"averaging", averaging},
         {"normalize", "true"}});
    for (int i = 0; i < 3; ++i) training.trainer->step();
    const Model model = read_model(save_checkpoint(training));
    const std::vector<NamedTensor> expected = training.trainer->answering();
    CHECK(model.tensors.size() == expected.size());
    for (const auto& [name, tensor] : expected) {
      CAPTURE(name);
      const ModelTensor& read = model.tensor(name);
      CHECK(read.shape == tensor.shape());
      const Real* values = tensor.data().data();
      CHECK_THAT(read.values, Catch::Equals(std::vector<Real>(values, values + tensor.size())));
    }
    CHECK(model.mean == training.normalization.mean);
    CHECK(model.deviation == training.normalization.deviation);
    CHECK(model.sample == Shape{1, 6, 6});
    CHECK(model.outputs == 3);
  }
}

TEST_CASE("a model says what each of its layers is", "[model]") {
  const Model model = read_model(checkpoint_of(
      {{"net", "conv 3 3x3 pad 1, pool 2 stride 1, leakyrelu 0.2, dropout 0.25, dense classes"}}));
  std::string names;
  for (const ModelLayer& layer : model.layers) {
    names += str(layer.name, " ", layer.kind, " ", layer.input, " ", layer.output, ", ");
  }
  CHECK(names ==
        "conv1 Conv2D [1, 6, 6] [3, 6, 6], pool1 MaxPool2D [3, 6, 6] [3, 5, 5], "
        "leakyrelu1 LeakyReLU [3, 5, 5] [3, 5, 5], dropout1 Dropout [3, 5, 5] [3, 5, 5], "
        "flatten1 Flatten [3, 5, 5] [75], dense1 Dense [75] [3], bias1 Bias [3] [3], ");
  CHECK((model.layers[0].size == 3 && model.layers[0].padding == 1 && model.layers[0].bias));
  CHECK((model.layers[1].size == 2 && model.layers[1].stride == 1));
  CHECK((model.layers[2].number == 0.2 && model.layers[3].number == 0.25));
}

TEST_CASE("a model's name in the catalog and its class names are read", "[model]") {
  Training training = training_of({{"net", "mlp"}});
  training.class_names = "left\n\nright";
  const Model model = read_model(save_checkpoint(training));
  CHECK(model.net == "dense 128, relu, dense classes");
  CHECK_THAT(model.class_names, Catch::Equals(std::vector<std::string>{"left", "", "right"}));
}

TEST_CASE("what is no file of a net is refused in one sentence", "[model]") {
  const Bytes good = checkpoint_of({});
  const auto refusal = [&](const auto& change) {
    Safetensors file = parse_safetensors(good);
    change(file);
    const Bytes bytes = write_safetensors(file);
    return error_of([&] { read_model(bytes); });
  };
  const auto set_text = [](Safetensors& file, std::string_view key, std::string text) {
    for (auto& [name, value] : file.metadata) {
      if (name == key) value = std::move(text);
    }
  };
  const auto drop = [](Safetensors& file, std::string_view name) {
    std::erase_if(file.tensors, [&](const StateView& entry) { return entry.name == name; });
  };
  CHECK(error_of([&] { read_model({}); }) ==
        "CorruptData: safetensors: 0 bytes, expected at least 8");
  CHECK(refusal([](Safetensors& file) { file.metadata.clear(); }) ==
        "CorruptData: checkpoint: no metadata 'version', expected the file of a training");
  CHECK(refusal([&](Safetensors& file) { set_text(file, "version", "9"); }) ==
        "Unsupported: checkpoint: of version '9', expected 1 or 2");
  CHECK(refusal([&](Safetensors& file) { set_text(file, "data", "[1, 28"); }) ==
        "CorruptData: checkpoint: data '[1, 28', expected samples of shape [C, H, W] or [I]");
  CHECK(refusal([&](Safetensors& file) { set_text(file, "data", "[1, 0, 28]"); }) ==
        "CorruptData: checkpoint: data '[1, 0, 28]', expected samples of shape [C, H, W] or [I]");
  CHECK(refusal([&](Safetensors& file) { drop(file, "net.dense2.weight"); }) ==
        "CorruptData: checkpoint: no tensor 'net.dense2.weight', expected one for each of the "
        "net's");
  CHECK(refusal([&](Safetensors& file) { set_text(file, "net-text", "dense 6, dense classes"); }) ==
        "CorruptData: checkpoint: tensor 'net.dense1.weight' of F32 [36, 5], expected F32 [36, 6]");
  CHECK(refusal([&](Safetensors& file) {
          set_text(file, "net-text", "danse 6");
        }).starts_with("NotFound: net: 'danse' at word 1"));
}

}  // namespace lanegrad::test
