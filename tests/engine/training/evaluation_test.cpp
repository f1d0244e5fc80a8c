// Evaluations and predictions, also with averaged weights.
#include "tests/engine/training/rings.h"

namespace lanegrad::test {

TEST_CASE("evaluation and prediction leave no trace", "[training]") {
  Trainer watched = ring_trainer(5);
  Trainer alone = ring_trainer(5);
  const NdArray point = NdArray::from({1, 2}, {0.3f, -0.2f});
  for (int i = 0; i < 30; ++i) {
    const StepResult a = watched.step();
    const StepResult b = alone.step();
    REQUIRE(a.loss == b.loss);
    const Index samples = watched.train_metrics().samples();
    watched.evaluate();
    watched.predict(point);
    watched.begin_evaluation();  // one that never ends
    watched.evaluate_some();
    CHECK(watched.net().training());
    CHECK(watched.train_metrics().samples() == samples);
    CHECK(watched.net().tensors()[0].grad().has_value());
  }
  CHECK(weights_of(watched) == weights_of(alone));
}

TEST_CASE("evaluation in slices gives the same as in one go", "[training]") {
  Trainer trainer = ring_trainer(2);
  trainer.epoch();
  const double loss = trainer.evaluate().loss();
  const double accuracy = trainer.test_metrics().accuracy();
  trainer.begin_evaluation();
  int slices = 1;
  while (!trainer.evaluate_some()) ++slices;
  CHECK(slices == 2);  // 101 samples in batches of 50, the last of 51
  CHECK(trainer.test_metrics().loss() == loss);
  CHECK(trainer.test_metrics().accuracy() == accuracy);
  CHECK(error_of([&] { trainer.evaluate_some(); }) ==
        "InvalidState: training: no evaluation is under way, expected one to begin first");
}

TEST_CASE("training samples are evaluated as they are, and as few as asked for", "[training]") {
  const TrainerOptions options{.label_smoothing = 0.2, .averaging = 0.9};
  Trainer watched = ring_trainer(3, 203, 16, 0.01, options);
  Trainer alone = ring_trainer(3, 203, 16, 0.01, options);
  for (int i = 0; i < 20; ++i) {
    watched.step();
    alone.step();
    watched.evaluate(EvaluationSet::Training, 70);
  }
  CHECK(weights_of(watched) == weights_of(alone));
  CHECK(watched.train_metrics().samples() == alone.train_metrics().samples());
  const Metrics& all = watched.evaluate(EvaluationSet::Training);
  CHECK(all.samples() == 203);
  // It is what predictions give: with averaged weights, and without label smoothing.
  std::vector<std::uint32_t> numbers;
  watched.train_loader().draw(Trainer::kAll, numbers);
  Batch batch;
  watched.train_loader().samples(numbers, batch);
  const NdArray probabilities = watched.probabilities(batch.inputs);
  double loss = 0;
  for (Index i = 0; i < 203; ++i) {
    loss -= std::log(probabilities.values()[2 * i + batch.labels.data()[i]]) / 203;
  }
  CHECK(all.loss() == Approx(loss).epsilon(1e-5));
  // Fewer of them are the same ones each time.
  const double some = watched.evaluate(EvaluationSet::Training, 20).loss();
  CHECK(watched.metrics(EvaluationSet::Training).samples() == 20);
  CHECK(watched.evaluate(EvaluationSet::Training, 20).loss() == some);
  CHECK(watched.evaluate(EvaluationSet::Test, 0).samples() == 0);
}

TEST_CASE("predictions need no graph and come as probabilities too", "[training]") {
  Trainer trainer = ring_trainer(2);
  const NdArray points = NdArray::from({2, 2}, {0.3f, -0.2f, 1.5f, 0});
  const NdArray logits = trainer.predict(points);
  CHECK(logits.shape() == Shape{2, 2});
  const NdArray p = trainer.probabilities(points);
  CHECK(p.at({0, 0}) + p.at({0, 1}) == Approx(1));
  const double ratio = std::exp(static_cast<double>(logits.at({1, 0})) - logits.at({1, 1}));
  CHECK(p.at({1, 0}) / p.at({1, 1}) == Approx(ratio));
}

TEST_CASE("averaged weights are evaluated and predicted with", "[training]") {
  Trainer plain = ring_trainer(1);
  Trainer averaged = ring_trainer(1, 203, 16, 0.01, {.averaging = 0.9});
  const NdArray point = NdArray::from({1, 2}, {0.3f, -0.2f});
  CHECK(values(averaged.predict(point)) == values(plain.predict(point)));
  std::vector<Real> expected = weights_of(plain);
  for (int t = 1; t <= 120; ++t) {
    plain.step();
    averaged.step();
    const auto share = static_cast<Real>(1 - std::min(0.9, (1.0 + t) / (10 + t)));
    const std::vector<Real> now = weights_of(plain);
    for (std::size_t i = 0; i < now.size(); ++i) expected[i] += share * (now[i] - expected[i]);
  }
  CHECK(weights_of(averaged) == weights_of(plain));  // training itself is the same
  CHECK(values(averaged.predict(point)) != values(plain.predict(point)));
  CHECK(averaged.evaluate().loss() != plain.evaluate().loss());
  // A net with the mean weights gives the same answers.
  std::size_t i = 0;
  for (Tensor tensor : plain.net().tensors()) {
    for (Index j = 0; j < tensor.size(); ++j) tensor.mutable_data()[j] = expected[i++];
  }
  CHECK(relative_error(averaged.predict(point), plain.predict(point)) < 1e-5);
  CHECK(averaged.evaluate().loss() == Approx(plain.evaluate().loss()).epsilon(1e-5));
}

TEST_CASE("weights that are set before the first step are averaged from there", "[training]") {
  const TrainerOptions averaging{.averaging = 0.9};
  Trainer trained = ring_trainer(1);
  for (int i = 0; i < 100; ++i) trained.step();
  Trainer given = ring_trainer(2, 203, 16, 0.01, averaging);
  const std::vector<Tensor> from = trained.net().tensors();
  std::vector<Tensor> to = given.net().tensors();
  for (std::size_t i = 0; i < to.size(); ++i) to[i].set_data(from[i].data());
  const NdArray point = NdArray::from({1, 2}, {0.3f, -0.2f});
  CHECK(values(given.predict(point)) == values(trained.predict(point)));
  CHECK(given.evaluate().loss() == trained.evaluate().loss());
  // A first step takes 2/11 of the way; had the average begun elsewhere, it would be far off.
  const NdArray first = to[0].data();
  given.step();
  const auto share = static_cast<Real>(1 - 2.0 / 11);
  for (Index i = 0; i < first.size(); ++i) {
    const Real was = first.data()[i];
    CHECK(given.state().average[0].data()[i] == was + share * (to[0].data().data()[i] - was));
  }
  const std::vector<NamedTensor> answering = given.answering();
  CHECK(answering[0].name == "dense1.weight");
  CHECK(values(answering[0].tensor.data()) == values(given.state().average[0]));
  CHECK(values(trained.answering()[0].tensor.data()) == values(from[0].data()));
}

TEST_CASE("activations are those behind predictions, layer by layer", "[training]") {
  Trainer trainer = ring_trainer(1, 203, 16, 0.01, {.averaging = 0.9});
  for (int i = 0; i < 20; ++i) trainer.step();
  const std::vector<Real> before = weights_of(trainer);
  const NdArray x = NdArray::from({2, 2}, {1, 0.5, -1, 0});
  const std::vector<NamedTensor> all = trainer.activations(x);
  const char* const names[] = {"x", "dense1", "bias1", "relu1", "dense2", "bias2"};
  REQUIRE(all.size() == std::size(names));
  for (std::size_t i = 0; i < all.size(); ++i) {
    CHECK(all[i].name == names[i]);
    CHECK(all[i].tensor.is_leaf());
  }
  CHECK(values(all[0].tensor.data()) == values(x));
  CHECK(values(all.back().tensor.data()) == values(trainer.predict(x)));  // of averaged weights
  CHECK(trainer.net().training());
  CHECK(weights_of(trainer) == before);
}

TEST_CASE("the validation set is evaluated beside the test set", "[training]") {
  Trainer trainer = ring_trainer(2, 203, 16, 0.01, {}, rings(60, 25, std::nullopt));
  trainer.epoch();
  CHECK(trainer.evaluate(EvaluationSet::Validation).samples() == 60);
  CHECK(trainer.validation_metrics().confusion().size() == 4);
  CHECK(trainer.test_metrics().samples() == 0);
  CHECK(trainer.evaluate().samples() == 101);
  CHECK(trainer.validation_metrics().samples() == 60);
  trainer.begin_evaluation(EvaluationSet::Validation);
  int slices = 1;
  while (!trainer.evaluate_some()) ++slices;
  CHECK(slices == 3);
  Trainer without = ring_trainer(2);
  CHECK(error_of([&] { without.evaluate(EvaluationSet::Validation); }) ==
        "InvalidState: training: evaluation without validation data, expected a validation set");
}

}  // namespace lanegrad::test
