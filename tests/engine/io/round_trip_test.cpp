// Nets of random layers through the formats of other programs and back.
#include "engine/io/formats.h"
#include "engine/nets/import_model.h"
#include "engine/nets/model_file.h"
#include "engine/nets/predictor.h"
#include "tests/engine/nets/random_nets.h"
#include "tests/engine/training/checkpoints.h"

namespace lanegrad::test {

namespace {

Shape random_sample(Random& random) {
  const auto side = [&] { return 3 + static_cast<Index>(random.below(8)); };
  if (random.below(4) == 0) return {side()};
  const Index channels = 1 + random.below(3);
  const Index height = side();
  return {channels, height, side()};
}

// A net of random layers with random weights.
std::optional<Model> random_model(Random& random) {
  Model model;
  model.sample = random_sample(random);
  const auto net = random_net(random, model.sample);
  if (!net) return std::nullopt;
  model.net = net->text;
  model.outputs = net->outputs;
  model.layers = model_layers(model.net, {.sample = model.sample, .outputs = model.outputs});
  model.mean = random.uniform(-1, 1);
  model.deviation = random.uniform(0.2, 3);
  for (const ModelLayer& layer : model.layers) {
    for (const auto& [name, shape] : tensors_of(layer)) {
      ModelTensor& tensor = model.tensors.emplace_back(ModelTensor{name, shape, {}});
      const bool variance = name.ends_with("running_var");
      for (Index i = 0; i < shape.size(); ++i) {
        const double value = 0.5 * random.normal();
        tensor.values.push_back(static_cast<Real>(variance ? 0.1 + std::abs(value) : value));
      }
    }
  }
  return model;
}

std::vector<Real> answers_of(const Model& model, std::uint64_t seed) {
  Random random(seed);
  std::vector<Index> extents{4};
  for (const Index extent : model.sample.extents()) extents.push_back(extent);
  NdArray x = NdArray::uninitialized(Shape(extents));
  for (Index i = 0; i < x.size(); ++i) x.mutable_data()[i] = static_cast<Real>(random.normal());
  const NdArray y = Predictor(model).predict(x);
  return {y.values().begin(), y.values().end()};
}

// The largest difference of answers, as a share where they are above 1.
double largest_difference(const std::vector<Real>& a, const std::vector<Real>& b) {
  REQUIRE(a.size() == b.size());
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double size = std::max(1.0, std::abs(static_cast<double>(b[i])));
    most = std::max(most, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])) / size);
  }
  return most;
}

}  // namespace

TEST_CASE("what is written for other programs is read back as the same net", "[import][export]") {
  Random random(200);
  int nets = 0;
  while (nets < 200) {
    const std::optional<Model> model = random_model(random);
    if (!model) continue;
    ++nets;
    CAPTURE(model->net, model->sample);
    const std::vector<Real> expected = answers_of(*model, 1);
    for (const char* format : {"onnx", "safetensors", "npz"}) {
      CAPTURE(format);
      const std::vector<ExportedFile> files = export_model(*model, format);
      // Only an ONNX file says what stands between its weights.
      const bool says_all = std::string_view(format) == "onnx";
      Model back = import_model(files[0].bytes, files[0].name,
                                {.net = says_all ? "" : model->net, .sample = model->sample});
      if (says_all) {
        CHECK(back.mean[0] == Approx(model->mean[0]).margin(1e-6));
        CHECK(back.deviation[0] == Approx(model->deviation[0]));
      } else {
        back.mean = model->mean;
        back.deviation = model->deviation;
      }
      REQUIRE(back.tensors.size() == model->tensors.size());
      for (std::size_t i = 0; i < back.tensors.size(); ++i) {
        CAPTURE(model->tensors[i].name);
        REQUIRE(back.tensors[i].shape == model->tensors[i].shape);
        REQUIRE(back.tensors[i].values == model->tensors[i].values);
      }
      CHECK(largest_difference(answers_of(back, 1), expected) < 1e-5);
    }
  }
}

}  // namespace lanegrad::test
