// Early stopping and what it restores.
#include "tests/engine/training/rings.h"

namespace lanegrad::test {

TEST_CASE("buffers are averaged and restored like weights", "[training]") {
  Random weights(1, streams::kWeights);
  std::shared_ptr<Net> net =
      make_net("dense 8, batchnorm, relu, dense classes", {.sample = {2}, .outputs = 2}, weights);
  auto adam = std::make_unique<Adam>(net->tensors(), OptimizerOptions{.learning_rate = 0.01});
  Trainer trainer(net, std::move(adam), rings(203, 16, 1), nullptr, rings(60, 60, std::nullopt),
                  {.averaging = 0.9, .patience = 1});
  const auto buffer = std::find_if(
      trainer.variables().begin(), trainer.variables().end(),
      [](const NamedTensor& named) { return named.name == "batchnorm1.running_mean"; });
  REQUIRE(buffer != trainer.variables().end());
  const auto i = static_cast<std::size_t>(buffer - trainer.variables().begin());
  // At first the means are 0 and the variances 1, and the first decay is 2/11.
  trainer.step();
  CHECK(trainer.state().average[i].values()[0] ==
        Approx(buffer->tensor.data().values()[0] * 9 / 11));
  CHECK(trainer.state().average[i + 1].values()[0] ==
        Approx((2 + 9 * buffer[1].tensor.data().values()[0]) / 11));
  trainer.epoch();
  trainer.evaluate(EvaluationSet::Validation);
  CHECK_FALSE(trainer.end_epoch());
  const std::vector<Real> average = values(trainer.state().average[i]);
  CHECK(average != values(buffer->tensor.data()));
  CHECK(values(trainer.state().best[i]) == average);
  trainer.epoch();
  CHECK(values(trainer.state().average[i]) != average);
  CHECK(trainer.restore_best());
  CHECK(values(trainer.state().average[i]) == average);
  CHECK(values(buffer->tensor.data()) == average);
}

TEST_CASE("early stopping restores what the best weights were evaluated with", "[training]") {
  Random weights(1);
  auto net = std::make_unique<Net>();
  net->add("norm", std::make_shared<BatchNorm>(2));
  net->add("dense", std::make_shared<Dense>(2, 2, weights));
  auto adam = std::make_unique<Adam>(net->tensors(), OptimizerOptions{.learning_rate = 0.01});
  Trainer trainer(std::move(net), std::move(adam), rings(64, 16, 1), nullptr,
                  rings(60, 60, std::nullopt), {.patience = 1});
  const auto epoch = [&] {
    trainer.epoch();
    CHECK(trainer.epoch_ends());
    trainer.evaluate(EvaluationSet::Validation);
    const bool stop = trainer.end_epoch();
    CHECK_FALSE(trainer.epoch_ends());
    CHECK(trainer.state().stopped == stop);
    return stop;
  };
  while (!epoch()) trainer.optimizer().set_learning_rate(1);
  CHECK(trainer.evaluate(EvaluationSet::Validation).loss() == trainer.state().best_loss);
  trainer.step();
  CHECK_FALSE(trainer.state().stopped);
}

TEST_CASE("early stopping restores the best weights", "[training]") {
  const double averaging = GENERATE(0.0, 0.5);
  Trainer trainer = ring_trainer(1, 203, 16, 0.01, {.averaging = averaging, .patience = 3},
                                 rings(60, 60, std::nullopt));
  const NdArray point = NdArray::from({1, 2}, {0.3f, -0.2f});
  CHECK_FALSE(trainer.restore_best());
  const auto epoch = [&] {
    trainer.epoch();
    trainer.evaluate(EvaluationSet::Validation);
    return trainer.end_epoch();
  };
  for (int i = 0; i < 4; ++i) CHECK_FALSE(epoch());
  const double best = trainer.validation_metrics().loss();
  const std::vector<Real> answers = values(trainer.predict(point));
  CHECK(trainer.state().best_loss == best);
  CHECK(trainer.state().best_epoch == 4);
  trainer.optimizer().set_learning_rate(100);  // from here on it gets worse
  CHECK_FALSE(epoch());
  CHECK_FALSE(epoch());
  CHECK(trainer.state().waited == 2);
  CHECK(values(trainer.predict(point)) != answers);
  CHECK(epoch());
  CHECK(values(trainer.predict(point)) == answers);
  CHECK(trainer.evaluate(EvaluationSet::Validation).loss() == best);
  // Going on anyway has patience again.
  CHECK_FALSE(epoch());
  CHECK(trainer.restore_best());
  CHECK(values(trainer.predict(point)) == answers);
}

TEST_CASE("an epoch ends with its validation", "[training]") {
  Trainer patient = ring_trainer(1, 8, 4, 0.01, {.patience = 1}, rings(60, 25, std::nullopt));
  patient.begin_evaluation(EvaluationSet::Validation);
  patient.evaluate_some();
  CHECK(error_of([&] { patient.end_epoch(); }) ==
        "InvalidState: training: the end of an epoch with 25 of 60 validation samples evaluated, "
        "expected all");
  CHECK_FALSE(ring_trainer(1).end_epoch());
  // The validation of an epoch does not count for the next epoch, nor after a further step.
  Trainer trainer = ring_trainer(1, 8, 4, 0.01, {.patience = 1}, rings(60, 25, std::nullopt));
  trainer.step();
  trainer.evaluate(EvaluationSet::Validation);
  trainer.step();
  const std::string stale =
      "InvalidState: training: the end of an epoch with 0 of 60 validation samples evaluated, "
      "expected all";
  CHECK(error_of([&] { trainer.end_epoch(); }) == stale);
  trainer.evaluate(EvaluationSet::Validation);
  CHECK_FALSE(trainer.end_epoch());
  trainer.epoch();
  CHECK(error_of([&] { trainer.end_epoch(); }) == stale);
}

}  // namespace lanegrad::test
