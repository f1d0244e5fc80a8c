// Steps and epochs of a training, and what does not fit together.
#include "tests/engine/training/rings.h"

namespace lanegrad::test {

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

TEST_CASE("training smooths labels, and no loss that is told does", "[training]") {
  Trainer plain = ring_trainer(1, 101, 101);
  Trainer smooth = ring_trainer(1, 101, 101, 0.01, {.label_smoothing = 0.3});
  CHECK(plain.evaluate().loss() == smooth.evaluate().loss());
  const StepResult one = plain.step();
  const StepResult other = smooth.step();
  CHECK(one.objective == one.loss);
  CHECK(other.loss == one.loss);
  CHECK(other.objective != other.loss);
  CHECK(weights_of(plain) != weights_of(smooth));
  CHECK(smooth.train_metrics().loss() == Approx(other.loss));
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
