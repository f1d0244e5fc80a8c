#include "engine/training/trainer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "engine/dataloaders/array_loader.h"
#include "engine/dataloaders/grey_images.h"
#include "engine/dataloaders/math_func.h"
#include "engine/layers/batch_norm.h"
#include "engine/layers/bias.h"
#include "engine/layers/dense.h"
#include "engine/layers/sequential.h"
#include "engine/ndarray/reduce.h"
#include "engine/nets/net_text.h"
#include "engine/optimizers/adam.h"
#include "engine/optimizers/sgd.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"
#include "tests/engine/support/allocations.h"

namespace lanegrad::test {

namespace {

// Points of two interleaved rings, which no linear model can tell apart. Class 1 is the outer one.
std::unique_ptr<DataLoader> rings(Index samples, Index batch_size,
                                  std::optional<std::uint64_t> seed) {
  NdArray points = NdArray::uninitialized({samples, 2});
  IndexArray labels(Shape{samples});
  Random random(11, streams::kInputs);
  for (Index i = 0; i < samples; ++i) {
    const double angle = random.uniform(0, 2 * std::numbers::pi);
    const double radius = i % 2 + random.uniform(0.5, 0.9);
    points.mutable_data()[2 * i] = static_cast<Real>(radius * std::cos(angle));
    points.mutable_data()[2 * i + 1] = static_cast<Real>(radius * std::sin(angle));
    labels.mutable_data()[i] = static_cast<std::int32_t>(i % 2);
  }
  return std::make_unique<ArrayLoader>(points, labels, 2, batch_size, seed);
}

Trainer ring_trainer(std::uint64_t seed, Index samples = 203, Index batch_size = 16,
                     double rate = 0.01, const TrainerOptions& options = {},
                     std::unique_ptr<DataLoader> validation = nullptr, Index steps = 0) {
  Random weights(seed, streams::kWeights);
  auto net = make_net("dense 16, relu, dense classes", {.sample = {2}, .outputs = 2}, weights);
  auto adam = std::make_unique<Adam>(net->tensors(), OptimizerOptions{.learning_rate = rate});
  return Trainer(std::move(net), std::move(adam), rings(samples, batch_size, seed),
                 rings(101, 50, std::nullopt), std::move(validation), options, steps);
}

template <class F>
Trainer function_trainer(F f, std::string_view net_text, double rate, MathFuncOptions options) {
  Random weights(1, streams::kWeights);
  auto net = make_net(net_text, {.sample = {1}, .outputs = 1}, weights);
  auto adam = std::make_unique<Adam>(net->tensors(), OptimizerOptions{.learning_rate = rate});
  auto train = std::make_unique<MathFunc>(f, options);
  options.seed = 99;
  options.noise = 0;
  return Trainer(std::move(net), std::move(adam), std::move(train),
                 std::make_unique<MathFunc>(f, options));
}

std::vector<Real> weights_of(Trainer& trainer) {
  std::vector<Real> all;
  for (const Tensor& tensor : trainer.net().tensors()) {
    all.insert(all.end(), tensor.data().values().begin(), tensor.data().values().end());
  }
  return all;
}

}  // namespace

TEST_CASE("training tells two rings apart", "[training]") {
  Trainer trainer = ring_trainer(1);
  const double before = trainer.evaluate().accuracy();
  CHECK(before < 0.9);
  for (int epoch = 0; epoch < 30; ++epoch) trainer.epoch();
  CHECK(trainer.evaluate().accuracy() == 1);
  CHECK(trainer.test_metrics().loss() < 0.1);
  CHECK(trainer.test_metrics().samples() == 101);
  CHECK(trainer.test_metrics().confusion() == std::vector<std::int32_t>{51, 0, 0, 50});
}

TEST_CASE("training fits a line", "[training]") {
  Trainer trainer = function_trainer([](std::span<const Real> x) { return 3 * x[0] - 1; },
                                     "dense classes", 0.05, {.samples = 256});
  for (int epoch = 0; epoch < 40; ++epoch) trainer.epoch();
  CHECK(trainer.evaluate().loss() < 1e-6);
  CHECK(trainer.net().named_tensors()[0].tensor.item() == Approx(3).epsilon(0.001));
  CHECK(trainer.net().named_tensors()[1].tensor.item() == Approx(-1).epsilon(0.001));
  CHECK(std::isnan(trainer.test_metrics().accuracy()));
}

TEST_CASE("training fits a sine through noise", "[training]") {
  Trainer trainer = function_trainer(
      [](std::span<const Real> x) { return std::sin(x[0]); }, "dense 24, tanh, dense classes", 0.01,
      {.low = -std::numbers::pi, .high = std::numbers::pi, .noise = 0.05});
  const double before = trainer.evaluate().loss();
  for (int epoch = 0; epoch < 60; ++epoch) trainer.epoch();
  CHECK(before > 0.1);
  CHECK(trainer.evaluate().loss() < 0.002);  // without noise; a straight line gives 0.1
}

TEST_CASE("steps and epochs are counted", "[training]") {
  Trainer trainer = ring_trainer(1, 10, 4);
  for (Index step = 1; step <= 6; ++step) {
    const StepResult result = trainer.step();
    CHECK(result.step == step);
    CHECK(result.epoch == (step <= 3 ? 1 : 2));
    CHECK(result.samples == (step % 3 == 0 ? 2 : 4));
    CHECK(result.epoch_done == (step % 3 == 0));
    CHECK(trainer.train_metrics().samples() == (step % 3 == 0 ? 10 : 4 * (step % 3)));
  }
  trainer.step();
  CHECK(trainer.epoch().samples() == 10);  // the rest of the third epoch
  CHECK(trainer.step().epoch == 4);
}

TEST_CASE("the metrics of an epoch are the means of its steps", "[training]") {
  Trainer trainer = ring_trainer(3, 10, 4);
  double loss = 0;
  double right = 0;
  for (int i = 0; i < 3; ++i) {
    const StepResult result = trainer.step();
    loss += result.loss * static_cast<double>(result.samples);
    right += result.accuracy * static_cast<double>(result.samples);
  }
  CHECK(trainer.train_metrics().loss() == Approx(loss / 10));
  CHECK(trainer.train_metrics().accuracy() == Approx(right / 10));
}

TEST_CASE("a step's loss is that of the weights before it", "[training]") {
  Trainer trainer = ring_trainer(1, 8, 8);
  const NdArray first = trainer.net().tensors()[0].data();
  const std::vector<Real> kept = values(first);
  const double first_loss = trainer.step().loss;
  CHECK(values(first) == kept);
  CHECK(values(trainer.net().tensors()[0].data()) != kept);
  CHECK(trainer.step().loss < first_loss);
}

TEST_CASE("the same seed trains the same weights, bit for bit", "[training]") {
  Trainer a = ring_trainer(5);
  Trainer b = ring_trainer(5);
  Trainer c = ring_trainer(6);
  for (int epoch = 0; epoch < 3; ++epoch) {
    a.epoch();
    b.epoch();
    c.epoch();
  }
  CHECK(weights_of(a) == weights_of(b));
  CHECK(weights_of(a) != weights_of(c));
}

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

TEST_CASE("a warm step allocates nothing", "[training]") {
  // 203 samples in batches of 16 end with a short one of 11, 193 with a long one of 17, as do 101
  // in batches of 50 with one of 51.
  const bool all = GENERATE(false, true);
  const Index samples = GENERATE(203, 193);
  const TrainerOptions options{.schedule = {.kind = ScheduleKind::OneCycle},
                               .label_smoothing = 0.1,
                               .clip_norm = 0.05,
                               .averaging = 0.9,
                               .patience = 100};
  Trainer trainer =
      all ? ring_trainer(1, samples, 16, 0.01, options, rings(60, 50, std::nullopt), 1000)
          : ring_trainer(1, samples);
  const auto two_epochs = [&] {
    for (int epoch = 0; epoch < 2; ++epoch) {
      trainer.epoch();
      trainer.evaluate();
      if (all) trainer.evaluate(EvaluationSet::Validation);
      trainer.end_epoch();
    }
  };
  two_epochs();
  BufferPool& pool = Context::current().pool();
  const std::uint64_t misses = pool.misses();
  const std::size_t live = pool.live_bytes();
  const std::size_t before = allocations();
  two_epochs();
  const std::size_t during = allocations() - before;
  CHECK(during == 0);
  CHECK(pool.misses() == misses);
  CHECK(pool.live_bytes() == live);
}

TEST_CASE("a step needs little memory beside weights, optimizer, activations and data",
          "[training]") {
  Context context;
  const ContextScope scope(context);
  constexpr Index kBatch = 128;
  auto images = std::make_shared<ImageSet>();
  images->count = 2 * kBatch;
  images->height = images->width = 28;
  images->classes = 10;
  images->pixels.assign(2 * kBatch * 784, 100);
  images->labels.assign(2 * kBatch, 3);
  Random random(1, streams::kWeights);
  auto net = make_net("dense 512, relu, dense 512, relu, dense classes",
                      {.sample = {1, 28, 28}, .outputs = 10}, random);
  const auto parameters = static_cast<std::size_t>(net->parameter_count());
  auto adam = std::make_unique<Adam>(net->tensors(), OptimizerOptions{});
  Trainer trainer(std::move(net), std::move(adam), std::make_unique<GreyImages>(images, kBatch, 1),
                  std::make_unique<GreyImages>(images, 256, std::nullopt));
  trainer.epoch();
  trainer.evaluate();
  context.pool().reset_peak();
  trainer.epoch();
  trainer.evaluate();
  const std::size_t expected =
      sizeof(Real) * (3 * parameters + static_cast<std::size_t>(kBatch) * (784 + 512 + 512 + 10));
  const std::size_t peak = context.pool().peak_bytes();
  CAPTURE(peak, expected);
  CHECK(peak > expected);
  CHECK(peak - expected <= std::size_t{16} << 20);
}

TEST_CASE("the counter of allocations counts", "[training]") {
  const std::size_t before = allocations();
  const NdArray fresh = NdArray::zeros({12345, 67});  // no block of this size waits in the pool
  const auto other = std::make_unique<std::vector<int>>(100);
  const std::size_t during = allocations() - before;
  CHECK(during == (allocations_are_counted() ? 3 : 0));
}

TEST_CASE("nets and data that do not fit are refused", "[training]") {
  const auto make = [](Index inputs, Index outputs, std::unique_ptr<DataLoader> test) {
    return error_of([&] {
      Random random(1);
      auto net = make_net("dense classes", {.sample = {inputs}, .outputs = outputs}, random);
      auto sgd = std::make_unique<SGD>(net->tensors(), OptimizerOptions());
      Trainer(std::move(net), std::move(sgd), rings(8, 4, 1), std::move(test));
    });
  };
  CHECK(make(2, 2, nullptr) == "no error");
  CHECK(make(2, 3, nullptr) ==
        "ShapeMismatch: training: the net gives [1, 3] for one sample, expected [1, 2] for data "
        "with 2 classes");
  CHECK(make(5, 2, nullptr) ==
        "ShapeMismatch: dense: input [1, 2] and weight [5, 2] do not multiply, expected input [N, "
        "5]");
  const NdArray numbers = NdArray::zeros({4, 1});
  CHECK(make(2, 2, std::make_unique<ArrayLoader>(numbers, numbers, 2, std::nullopt)) ==
        "ShapeMismatch: training: training data of samples [2] with 2 classes and test data of "
        "samples [1] with 1 targets, expected the same");
  CHECK(error_of([] { Trainer(nullptr, nullptr, rings(8, 4, 1), nullptr); }) ==
        "InvalidArgument: training: no net, expected a net, an optimizer and training data");
  CHECK(error_of([] { Trainer(std::make_unique<Net>(), nullptr, rings(8, 4, 1), nullptr); }) ==
        "InvalidArgument: training: no optimizer, expected a net, an optimizer and training data");
}

TEST_CASE("what needs a test set or labels says so", "[training]") {
  Random random(1);
  auto net = make_net("dense classes", {.sample = {1}, .outputs = 1}, random);
  auto sgd = std::make_unique<SGD>(net->tensors(), OptimizerOptions());
  const auto zero = [](std::span<const Real>) { return 0.0; };
  Trainer trainer(std::move(net), std::move(sgd),
                  std::make_unique<MathFunc>(zero, MathFuncOptions()), nullptr);
  CHECK(trainer.test_loader() == nullptr);
  CHECK(error_of([&] { trainer.evaluate(); }) ==
        "InvalidState: training: evaluation without test data, expected a test set");
  CHECK(error_of([&] {
          trainer.probabilities(NdArray::zeros({1, 1}));
        }) ==
        "InvalidState: training: probabilities of a net that is trained on numbers, expected class "
        "labels");
  CHECK(std::isnan(trainer.step().accuracy));
}

TEST_CASE("a training that others interfere with says so", "[training]") {
  Trainer trainer = ring_trainer(1, 8, 4);
  trainer.step();
  Batch batch;
  REQUIRE(trainer.train_loader().next(batch));
  CHECK(error_of([&] { trainer.step(); }) ==
        "InvalidState: training: the data ended early, expected that nobody else reads batches "
        "from their loader");
  CHECK(trainer.step().epoch == 2);
}

TEST_CASE("the learning rate may change in the middle of training", "[training]") {
  Trainer trainer = ring_trainer(1);
  trainer.step();
  trainer.optimizer().set_learning_rate(0);
  const std::vector<Real> before = weights_of(trainer);
  trainer.step();
  CHECK(weights_of(trainer) == before);
  trainer.optimizer().set_learning_rate(0.01);
  trainer.step();
  CHECK(weights_of(trainer) != before);
}

TEST_CASE("the schedule's factor times the optimizer's learning rate is used", "[training]") {
  const Schedule schedule{.kind = ScheduleKind::Cosine, .end = 0.5};
  Trainer trainer = ring_trainer(1, 8, 4, 0.01, {.schedule = schedule}, nullptr, 5);
  Trainer by_hand = ring_trainer(1, 8, 4);
  for (Index step = 0; step < 5; ++step) {
    INFO(step);
    const double base = step < 4 ? 0.01 : 0.02;  // may change at any time
    trainer.optimizer().set_learning_rate(base);
    const double rate = base * learning_rate_factor(schedule, step, 5);
    by_hand.optimizer().set_learning_rate(rate);
    CHECK(trainer.step().learning_rate == rate);
    CHECK(by_hand.step().learning_rate == rate);
    CHECK(trainer.optimizer().learning_rate() == base);
    CHECK(weights_of(trainer) == weights_of(by_hand));
  }
}

TEST_CASE("a training ends with its schedule, unless that is constant", "[training]") {
  const auto error = [](const Schedule& schedule) {
    // Two steps an epoch.
    Trainer trainer = ring_trainer(1, 8, 4, 0.01, {.schedule = schedule}, nullptr, 4);
    for (int step = 0; step < 4; ++step) trainer.step();
    const std::vector<Real> before = weights_of(trainer);
    const std::string from_step = error_of([&] { trainer.step(); });
    CHECK((from_step == "no error") == (weights_of(trainer) != before));
    CHECK(trainer.state().epochs == (from_step == "no error" ? 3 : 2));
    CHECK(error_of([&] { trainer.check_schedule(4); }) == "no error");
    CHECK(error_of([&] { trainer.check_schedule(5); }) == from_step);
    return from_step;
  };
  CHECK(error({}) == "no error");
  CHECK(error({.kind = ScheduleKind::OneCycle}) ==
        "InvalidArgument: training: epoch 3 (step 5) with the schedule one-cycle, expected at most "
        "epoch 2 (step 4): its length is the setting epochs, given at creation or to reset");
  for (const ScheduleKind kind : {ScheduleKind::Cosine, ScheduleKind::Step}) {
    CHECK(error({.kind = kind}).starts_with("InvalidArgument: training: epoch 3 (step 5) with"));
  }
}

TEST_CASE("learning rates that are planned come after exactly their steps", "[training]") {
  Trainer trainer = ring_trainer(1, 8, 4, 0.01);
  trainer.plan_learning_rate(0.03, 4);
  trainer.plan_learning_rate(0.02, 2);
  trainer.plan_learning_rate(0.05, 4);
  trainer.plan_learning_rate(0.04, 3);
  const auto next = [&] { return trainer.step().learning_rate; };
  CHECK(next() == 0.01);
  CHECK(next() == 0.01);
  CHECK(trainer.optimizer().learning_rate() == 0.02);
  CHECK(next() == 0.02);
  trainer.plan_learning_rate(0.5, 3);  // that is now
  CHECK(next() == 0.5);
  CHECK(next() == 0.05);
  trainer.plan_learning_rate(0.06, 7);
  trainer.set_learning_rate(0.07);
  for (int step = 0; step < 4; ++step) CHECK(next() == 0.07);
  CHECK(error_of([&] { trainer.plan_learning_rate(-1, 100); }) ==
        "InvalidArgument: optimizer: learning rate -1, expected a finite number of at least 0");
  CHECK(error_of([&] {
          trainer.set_learning_rate(1e39);
        }).starts_with("InvalidArgument: optimizer: learning rate 1e+39"));
  CHECK(next() == 0.07);
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

TEST_CASE("training smooths labels, evaluation does not", "[training]") {
  Trainer plain = ring_trainer(1, 101, 101);
  Trainer smooth = ring_trainer(1, 101, 101, 0.01, {.label_smoothing = 0.3});
  CHECK(plain.evaluate().loss() == smooth.evaluate().loss());
  CHECK(plain.step().loss != smooth.step().loss);
  CHECK(weights_of(plain) != weights_of(smooth));
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

TEST_CASE("a layer in evaluation mode stays in it", "[training]") {
  Random weights(1, streams::kWeights);
  std::shared_ptr<Net> net =
      make_net("batchnorm, dropout 0.5, dense classes", {.sample = {2}, .outputs = 2}, weights);
  auto block = std::make_shared<Sequential>();
  block->add("inner", std::make_shared<BatchNorm>(2));
  net->add("block", block);
  auto sgd = std::make_unique<SGD>(net->tensors(), OptimizerOptions());
  Trainer trainer(net, std::move(sgd), rings(64, 16, 1), rings(60, 60, std::nullopt));
  Layer& frozen = net->layer("batchnorm1");
  Layer& inner = *block->layers()[0].second;
  frozen.set_training(false);
  inner.set_training(false);
  trainer.evaluate();
  trainer.predict(NdArray::zeros({1, 2}));
  trainer.activations(NdArray::zeros({1, 2}));
  net->describe({2});
  CHECK_FALSE(frozen.training());
  CHECK_FALSE(inner.training());
  CHECK(net->layer("dropout1").training());
  trainer.step();
  for (const NamedTensor& buffer : net->named_buffers()) {
    CHECK((values(buffer.tensor.data()) == std::vector<Real>{0, 0} ||
           values(buffer.tensor.data()) == std::vector<Real>{1, 1}));
  }
}

TEST_CASE("BatchNorm never gets a single sample, or the training is refused", "[training]") {
  const auto train = [](const char* text, Index samples, Index batch_size) {
    return error_of([&] {
      Random weights(1);
      const NetInput input{.sample = {1, 4, 4}, .outputs = 2};
      auto net = make_net(text, input, weights);
      auto sgd = std::make_unique<SGD>(net->tensors(), OptimizerOptions());
      IndexArray labels(Shape{samples});
      std::fill_n(labels.mutable_data(), samples, 1);
      Trainer trainer(std::move(net), std::move(sgd),
                      std::make_unique<ArrayLoader>(NdArray::zeros({samples, 1, 4, 4}), labels, 2,
                                                    batch_size, 1),
                      nullptr);
      trainer.epoch();
      trainer.epoch();
    });
  };
  const char* text = "dense 4, batchnorm, relu, dense classes";
  CHECK(train(text, 65, 64) == "no error");
  CHECK(train(text, 129, 64) == "no error");
  CHECK(train(text, 2, 64) == "no error");
  CHECK(train(text, 64, 1) ==
        "InvalidArgument: training: a batch size of 1 and 64 training samples give batchnorm1 "
        "batches of one sample, expected at least 2, which BatchNorm needs");
  CHECK(train(text, 1, 64) ==
        "InvalidArgument: training: a batch size of 64 and 1 training sample give batchnorm1 "
        "batches of one sample, expected at least 2, which BatchNorm needs");
  CHECK(train("conv 3 4, batchnorm, dense classes", 8, 1).find(" give batchnorm1 ") !=
        std::string::npos);
  // Where a channel has several places one sample is enough.
  CHECK(train("conv 3 3, batchnorm, dense classes", 8, 1) == "no error");
  CHECK(train("dense classes", 1, 1) == "no error");
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

TEST_CASE("options that make no sense are refused", "[training]") {
  const auto with = [](const TrainerOptions& options, bool validation = true, Index steps = 0) {
    return error_of([&] {
      ring_trainer(1, 8, 4, 0.01, options, validation ? rings(8, 4, std::nullopt) : nullptr, steps);
    });
  };
  CHECK(with({.patience = 2}) == "no error");
  CHECK(with({.patience = 2}, false) ==
        "InvalidArgument: training: patience 2, expected none without validation data");
  CHECK(with({.patience = -1}) == "InvalidArgument: training: patience -1, expected at least 0");
  CHECK(with({.schedule = {.kind = ScheduleKind::Cosine}}) ==
        "InvalidArgument: training: the schedule cosine over 0 steps, expected at least 1");
  CHECK(with({.schedule = {.kind = ScheduleKind::Cosine, .end = 2}}, true, 5) ==
        "InvalidArgument: schedule: end 2, expected 0 to 1");
  CHECK(with({}, true, -1) ==
        "InvalidArgument: training: steps of the schedule -1, expected at least 0");
  CHECK(with({.label_smoothing = 1}).find("label smoothing 1") != std::string::npos);
  CHECK(with({.clip_norm = -1}) ==
        "InvalidArgument: training: clipping at a norm of -1, expected a finite number of at least "
        "0");
  CHECK(with({.clip_norm = 1e-46}) ==
        "InvalidArgument: training: clipping at a norm of 1e-46 is 0 as a 32-bit number, expected "
        "a finite number above 0");
  CHECK(with({.averaging = 1}) ==
        "InvalidArgument: training: averaging with the decay 1, expected at least 0 and below 1");
  CHECK(error_of([] {
          Random random(1);
          auto net = make_net("dense classes", {.sample = {1}, .outputs = 1}, random);
          auto sgd = std::make_unique<SGD>(net->tensors(), OptimizerOptions());
          const NdArray x = NdArray::zeros({4, 1});
          Trainer(std::move(net), std::move(sgd), std::make_unique<ArrayLoader>(x, x, 2, 1),
                  nullptr, nullptr, {.label_smoothing = 0.1});
        }) ==
        "InvalidArgument: training: label smoothing 0.1, expected none where targets are numbers");
  CHECK(error_of([] {
          ring_trainer(
              1, 8, 4, 0.01, {},
              std::make_unique<ArrayLoader>(NdArray::zeros({4, 3}), IndexArray::from({0, 1, 0, 1}),
                                            2, 2, std::nullopt));
        }) ==
        "ShapeMismatch: training: training data of samples [2] with 2 classes and validation data "
        "of samples [3] with 2 classes, expected the same");
}

}  // namespace lanegrad::test
