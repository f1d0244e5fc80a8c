// Steps that diverge, and clipping.
#include "tests/engine/training/rings.h"

namespace lanegrad::test {

TEST_CASE("a loss that is not finite stops training before the weights change", "[training]") {
  Trainer trainer = ring_trainer(1, 10, 4);
  for (int i = 0; i < 4; ++i) trainer.step();
  Tensor weight = trainer.net().tensors()[0];
  NdArray broken = weight.data();
  broken.mutable_data()[0] = std::numeric_limits<Real>::quiet_NaN();
  const NdArray whole = weight.data();
  weight.set_data(broken);
  const std::vector<Real> others = values(trainer.net().tensors()[2].data());
  const double loss = trainer.train_metrics().loss();
  const char* expected =
      "Diverged: training: the loss is nan at step 5 of epoch 2, expected a finite number, a "
      "smaller learning rate may help";
  CHECK(error_of([&] { trainer.step(); }) == expected);
  CHECK(values(trainer.net().tensors()[2].data()) == others);
  CHECK(trainer.train_metrics().loss() == loss);
  CHECK(error_of([&] { trainer.step(); }) == expected);  // was the last batch of the epoch
  const Details details = details_of([&] { trainer.step(); });
  CHECK(details.op == "training");
  CHECK(details.quantity == "loss");
  CHECK(std::isnan(details.value.value()));
  CHECK(details.step == 5);
  weight.set_data(whole);
  const StepResult next = trainer.step();
  CHECK(next.step == 5);
  CHECK(next.epoch == 3);
}

TEST_CASE("of a step that diverges nothing stays", "[training]") {
  Random weights(1, streams::kWeights);
  std::shared_ptr<Net> net = make_net("dense 8, batchnorm, dropout 0.1, relu, dense classes",
                                      {.sample = {2}, .outputs = 2}, weights);
  auto adam = std::make_unique<Adam>(net->tensors(), OptimizerOptions{.learning_rate = 0.01});
  NdArray points = NdArray::zeros({12, 2});
  for (Index i = 0; i < points.size(); ++i) points.mutable_data()[i] = Real(0.1) * (i % 5);
  const IndexArray labels = IndexArray::from({0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1});
  // The second batch is one that cannot be computed with: its products are infinite in the first
  // case; in the second the loss is finite, and only a variance outgrows a float.
  const bool loss = GENERATE(true, false);
  const Real large = loss ? std::numeric_limits<Real>::max() : Real(1e30);
  for (Index i = 8; i < 16; ++i) points.mutable_data()[i] = i % 4 < 2 ? large : -large;
  Trainer trainer(net, std::move(adam),
                  std::make_unique<ArrayLoader>(points, labels, 2, 4, std::nullopt), nullptr,
                  nullptr, {.averaging = 0.9});
  const auto everything = [&] {
    std::vector<Real> all;
    for (const NamedTensor& variable : trainer.variables()) {
      const std::vector<Real> now = values(variable.tensor.data());
      all.insert(all.end(), now.begin(), now.end());
    }
    for (const NdArray& average : trainer.state().average) {
      all.insert(all.end(), average.values().begin(), average.values().end());
    }
    const Metrics::Totals& totals = trainer.train_metrics().totals();
    all.push_back(static_cast<Real>(totals.samples));
    all.push_back(static_cast<Real>(totals.loss_sum));
    all.push_back(static_cast<Real>(trainer.state().steps));
    return all;
  };
  trainer.step();
  const std::vector<Real> before = everything();
  const std::string said = error_of([&] { trainer.step(); });
  CHECK(said == (loss ? "Diverged: training: the loss is nan at step 2 of epoch 1, expected a "
                        "finite number, a smaller learning rate may help"
                      : "Diverged: training: the statistic batchnorm1.running_var is infinity at "
                        "step 2 of epoch 1, expected a finite number, a smaller learning rate may "
                        "help"));
  CHECK(everything() == before);
  CHECK(trainer.step().step == 2);  // with the third batch
  for (const NamedTensor& variable : trainer.variables()) {
    CHECK(all_finite(variable.tensor.data()));
  }
}

TEST_CASE("an absurd learning rate is noticed", "[training]") {
  Trainer trainer = ring_trainer(1, 203, 16, 1e30);
  const std::string error = error_of([&] {
    for (int i = 0; i < 50; ++i) trainer.step();
  });
  CHECK(error.starts_with("Diverged: training: the loss is "));
  CHECK(error.ends_with(" of epoch 1, expected a finite number, a smaller learning rate may help"));
}

TEST_CASE("clipping makes the gradients' norm what it may be", "[training]") {
  const auto norm_of = [](Trainer& trainer) {
    double squares = 0;
    for (const Tensor& tensor : trainer.net().tensors()) {
      for (const Real g : tensor.grad()->values()) squares += static_cast<double>(g) * g;
    }
    return std::sqrt(squares);
  };
  Trainer free = ring_trainer(1, 8, 8);
  CHECK(std::isnan(free.step().gradient_norm));
  const double norm = norm_of(free);
  Trainer clipped = ring_trainer(1, 8, 8, 0.01, {.clip_norm = norm / 4});
  CHECK(clipped.step().gradient_norm == Approx(norm));
  CHECK(norm_of(clipped) == Approx(norm / 4));
  Trainer roomy = ring_trainer(1, 8, 8, 0.01, {.clip_norm = 2 * norm});
  CHECK(roomy.step().gradient_norm == Approx(norm));
  CHECK(weights_of(roomy) == weights_of(free));
}

TEST_CASE("gradients that are not finite stop training before the weights change", "[training]") {
  // The loss is finite, the gradients of about 1e48 are not.
  Random random(1);
  auto net = make_net("dense classes", {.sample = {1}, .outputs = 1}, random);
  auto sgd = std::make_unique<SGD>(net->tensors(), OptimizerOptions());
  const NdArray inputs = NdArray::full({4, 1}, Real(1e30));
  const NdArray targets = NdArray::zeros({4, 1});
  net->tensors()[0].set_data(NdArray::full({1, 1}, Real(1e-12)));
  Trainer trainer(std::move(net), std::move(sgd),
                  std::make_unique<ArrayLoader>(inputs, targets, 4, std::nullopt), nullptr, nullptr,
                  {.clip_norm = 1});
  const std::vector<Real> before = weights_of(trainer);
  CHECK(error_of([&] { trainer.step(); }) ==
        "Diverged: training: the gradients' norm is infinity at step 1 of epoch 1, expected a "
        "finite number, smaller numbers in the data or the first weights may help");
  CHECK(weights_of(trainer) == before);
  CHECK(trainer.train_metrics().samples() == 0);
}

TEST_CASE("a gradient whose square no float can hold is clipped", "[training]") {
  Random random(1);
  auto net = make_net("dense 1", {.sample = {1}, .outputs = 1}, random);
  auto sgd = std::make_unique<SGD>(net->tensors(), OptimizerOptions{.learning_rate = 0.001});
  Trainer trainer(std::move(net), std::move(sgd),
                  std::make_unique<ArrayLoader>(NdArray::full({1, 1}, Real(1e10)),
                                                NdArray::full({1, 1}, Real(1e15)), 1, std::nullopt),
                  nullptr, nullptr, {.clip_norm = 1});
  const Real before = weights_of(trainer)[0];
  CHECK(trainer.step().gradient_norm == Approx(1e25).epsilon(1e-4));
  CHECK(weights_of(trainer)[0] - before == Approx(0.001).epsilon(1e-4));
}

}  // namespace lanegrad::test
