// Layers and losses against PyTorch.
#include <memory>

#include "engine/layers/activations.h"
#include "engine/layers/batch_norm.h"
#include "engine/layers/bias.h"
#include "engine/layers/dense.h"
#include "engine/losses/mse.h"
#include "engine/losses/softmax_cross_entropy.h"
#include "tests/engine/catch.h"
#include "tests/engine/golden/golden.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

constexpr double kTolerance = 1e-5;

std::unique_ptr<Layer> make_layer(const std::string& kind, const Shape& weights) {
  Random random(1);
  if (kind == "Dense") return std::make_unique<Dense>(weights[0], weights[1], random);
  if (kind == "Bias") return std::make_unique<Bias>(weights[0]);
#define LANEGRAD_MAKE(Function, name, value, gradient, Kind, ...) \
  if (kind == #Kind) return std::make_unique<Kind>();
  LANEGRAD_ACTIVATIONS(LANEGRAD_MAKE)
#undef LANEGRAD_MAKE
  if (kind == "LeakyReLU") return std::make_unique<LeakyReLU>();
  if (kind == "Softmax") return std::make_unique<Softmax>();
  return nullptr;
}

}  // namespace

TEST_CASE("layers agree with PyTorch", "[golden]") {
  const std::vector<golden::Record> records = golden::layers();
  REQUIRE(records.size() == 14);
  for (const golden::Record& record : records) {
    if (record.name == "BatchNorm") continue;  // see below
    INFO(record.name << " of " << record["x0"].shape().text());
    const bool weighted = record.has("x1");
    const auto layer = make_layer(record.name, weighted ? record["x1"].shape() : Shape{});
    REQUIRE(layer != nullptr);
    CHECK(layer->kind() == record.name);
    std::vector<NamedTensor> tensors = layer->named_tensors();
    REQUIRE(tensors.size() == (weighted ? 1u : 0u));
    if (weighted) tensors[0].tensor.set_data(record["x1"]);

    const Tensor x(record["x0"], true);
    const Tensor y = layer->forward(x);
    CHECK(relative_error(y.data(), record["y"]) <= kTolerance);
    layer->backward(record["dy"]);
    CHECK(relative_error(x.grad().value(), record["dx0"]) <= kTolerance);
    if (weighted) {
      CHECK(relative_error(tensors[0].tensor.grad().value(), record["dx1"]) <= kTolerance);
    }
  }
}

TEST_CASE("BatchNorm agrees with PyTorch, its running averages too", "[golden]") {
  int records = 0;
  for (const golden::Record& record : golden::layers()) {
    if (record.name != "BatchNorm") continue;
    ++records;
    BatchNorm layer(record["weight"].size());
    std::vector<NamedTensor> tensors = layer.named_tensors();
    for (NamedTensor& named : tensors) named.tensor.set_data(record[named.name]);
    for (int step = 0; step < 3; ++step) {
      INFO("of " << record["x0"].shape().text() << ", step " << step);
      const auto at = [&](const std::string& key) { return record[key + std::to_string(step)]; };
      layer.set_training(step < 2);
      for (NamedTensor& named : tensors) named.tensor.zero_grad();
      const Tensor x(at("x"), true);
      CHECK(relative_error(layer.forward(x).data(), at("y")) <= kTolerance);
      layer.backward(at("dy"));
      CHECK(relative_error(x.grad().value(), at("dx")) <= kTolerance);
      for (const NamedTensor& named : tensors) {
        CHECK(relative_error(named.tensor.grad().value(), at("d" + named.name)) <= kTolerance);
      }
    }
    for (const NamedTensor& named : layer.named_buffers()) {
      INFO(named.name);
      CHECK(relative_error(named.tensor.data(), record[named.name]) <= kTolerance);
    }
  }
  CHECK(records == 2);
}

TEST_CASE("losses agree with PyTorch", "[golden]") {
  const std::vector<golden::Record> records = golden::losses();
  REQUIRE(records.size() == 9);
  for (const golden::Record& record : records) {
    INFO(record.name << " of " << record["x0"].shape().text());
    const Tensor x(record["x0"], true);
    if (record.name == "MSE") {
      const Tensor target(record["x1"], true);
      const Tensor y = MSE().forward(x, target);
      CHECK(relative_error(y.data(), record["y"]) <= kTolerance);
      y.backward(record["dy"]);
      CHECK(relative_error(target.grad().value(), record["dx1"]) <= kTolerance);
    } else {
      REQUIRE(record.name == "SoftmaxCrossEntropy");
      const double smoothing = record.has("smoothing") ? record["smoothing"].item() : 0;
      const Tensor y = SoftmaxCrossEntropy(smoothing).forward(x, record.indices("labels"));
      CHECK(relative_error(y.data(), record["y"]) <= kTolerance);
      y.backward();
    }
    CHECK(relative_error(x.grad().value(), record["dx0"]) <= kTolerance);
  }
}

}  // namespace lanegrad::test
