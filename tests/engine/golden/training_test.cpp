// Ten steps of each optimizer, and of two whole trainings, against PyTorch.
#include <memory>

#include "engine/dataloaders/array_loader.h"
#include "engine/nets/net_text.h"
#include "engine/optimizers/adam.h"
#include "engine/optimizers/sgd.h"
#include "engine/training/trainer.h"
#include "tests/engine/catch.h"
#include "tests/engine/golden/golden.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

constexpr double kTolerance = 1e-5;
constexpr Index kSteps = 10;

std::unique_ptr<Optimizer> make_optimizer(const std::string& name, std::vector<Tensor> w) {
  if (name == "SGD plain") return std::make_unique<SGD>(w, OptimizerOptions{.learning_rate = 0.1});
  if (name == "SGD momentum") {
    return std::make_unique<SGD>(w, OptimizerOptions{.learning_rate = 0.05, .momentum = 0.9});
  }
  if (name == "SGD decay") {
    return std::make_unique<SGD>(
        w, OptimizerOptions{.learning_rate = 0.05, .weight_decay = 0.1, .momentum = 0.9});
  }
  if (name == "Adam plain")
    return std::make_unique<Adam>(w, OptimizerOptions{.learning_rate = 0.1});
  if (name == "SGD nesterov") {
    return std::make_unique<SGD>(
        w, OptimizerOptions{
               .learning_rate = 0.05, .weight_decay = 0.1, .momentum = 0.8, .nesterov = true});
  }
  if (name == "AdamW") {
    return std::make_unique<AdamW>(w, OptimizerOptions{.learning_rate = 0.1,
                                                       .weight_decay = 0.2,
                                                       .beta1 = 0.8,
                                                       .beta2 = 0.99,
                                                       .epsilon = 1e-6});
  }
  if (name == "Adam decay") {
    return std::make_unique<Adam>(w, OptimizerOptions{.learning_rate = 0.1,
                                                      .weight_decay = 0.1,
                                                      .beta1 = 0.8,
                                                      .beta2 = 0.99,
                                                      .epsilon = 1e-6});
  }
  return nullptr;
}

// Row `i` of the first axis, without that axis.
NdArray row(const NdArray& x, Index i) {
  return x.rows(i, i + 1).reshape(x.shape().without(0, false));
}

// "dense1.weight" is called weight1 in the record, "bias1.bias" is bias1.
std::string record_key(const std::string& name) {
  const std::size_t dot = name.find('.');
  return name.substr(dot + 1) + name[dot - 1];
}

}  // namespace

TEST_CASE("ten steps of each optimizer agree with PyTorch", "[golden]") {
  const std::vector<golden::Record> records = golden::optimizers();
  REQUIRE(records.size() == 7);
  for (const golden::Record& record : records) {
    std::vector<Tensor> w = {Tensor(record["w0"], true), Tensor(record["w1"], true)};
    const std::unique_ptr<Optimizer> optimizer = make_optimizer(record.name, w);
    REQUIRE(optimizer != nullptr);
    for (Index step = 0; step < kSteps; ++step) {
      INFO(record.name << ", step " << step);
      if (step == 6) optimizer->set_learning_rate(optimizer->learning_rate() / 2);
      optimizer->zero_grad();
      w[0].backward(row(record["g0"], step));
      w[1].backward(row(record["g1"], step));
      optimizer->step();
      CHECK(relative_error(w[0].data(), row(record["y0"], step)) <= kTolerance);
      CHECK(relative_error(w[1].data(), row(record["y1"], step)) <= kTolerance);
    }
  }
}

TEST_CASE("ten steps of training agree with PyTorch", "[golden]") {
  const std::vector<golden::Record> records = golden::training();
  REQUIRE(records.size() == 3);
  const golden::Record& data = records[0];
  for (const golden::Record& record : {records[1], records[2]}) {
    const bool labels = record.name == "relu labels adam";
    REQUIRE((labels || record.name == "tanh numbers sgd"));
    Random random(1);
    auto net = make_net(labels ? "dense 8, relu, dense 6, relu, dense classes"
                               : "dense 8, tanh, dense 6, tanh, dense classes",
                        {.sample = {5}, .outputs = 3}, random);
    std::vector<NamedTensor> tensors = net->named_tensors();
    REQUIRE(tensors.size() == 6);
    for (NamedTensor& named : tensors) named.tensor.set_data(record[record_key(named.name)]);

    std::unique_ptr<Optimizer> optimizer;
    std::unique_ptr<DataLoader> loader;
    if (labels) {
      optimizer = std::make_unique<Adam>(net->tensors(), OptimizerOptions{.learning_rate = 0.03});
      loader =
          std::make_unique<ArrayLoader>(data["inputs"], data.indices("labels"), 3, 4, std::nullopt);
    } else {
      optimizer = std::make_unique<SGD>(net->tensors(),
                                        OptimizerOptions{.learning_rate = 0.2, .momentum = 0.9});
      loader = std::make_unique<ArrayLoader>(data["inputs"], data["targets"], 4, std::nullopt);
    }
    Trainer trainer(std::move(net), std::move(optimizer), std::move(loader), nullptr);
    for (Index step = 0; step < kSteps; ++step) {
      INFO(record.name << ", step " << step);
      CHECK(trainer.step().loss == Approx(record["losses"].at({step})).epsilon(kTolerance));
    }
    for (const NamedTensor& named : tensors) {
      INFO(record.name << ", " << named.name);
      const NdArray& after = record[record_key(named.name) + "_after"];
      CHECK(relative_error(named.tensor.data(), after) <= kTolerance);
    }
  }
}

}  // namespace lanegrad::test
