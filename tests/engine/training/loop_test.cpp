#include "engine/training/loop.h"

#include <functional>
#include <limits>
#include <string>

#include "engine/core/random.h"
#include "engine/dataloaders/array_loader.h"
#include "engine/training/checkpoint.h"
#include "engine/training/settings.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

using Settings = std::vector<std::pair<const char*, const char*>>;

// Points of the plane; the class says whether they lie in the unit circle.
std::shared_ptr<DataLoader> points(Index count, Index batch_size,
                                   std::optional<std::uint64_t> seed) {
  NdArray inputs = NdArray::uninitialized({count, 2});
  IndexArray labels(Shape{count});
  Random random(7, streams::kInputs);
  for (Index i = 0; i < count; ++i) {
    const double x = random.uniform(-1.3, 1.3);
    const double y = random.uniform(-1.3, 1.3);
    inputs.mutable_data()[2 * i] = static_cast<Real>(x);
    inputs.mutable_data()[2 * i + 1] = static_cast<Real>(y);
    labels.mutable_data()[i] = x * x + y * y < 1;
  }
  return std::make_shared<ArrayLoader>(inputs, labels, 2, batch_size, seed);
}

// The training set has 40 samples, in batches of 16; validation and test come in batches of 8.
Loaders loaders(bool test = true, bool validation = true) {
  return {.train = points(40, 16, 1),
          .test = test ? points(20, 8, std::nullopt) : nullptr,
          .validation = validation ? points(40, 8, std::nullopt) : nullptr};
}

Recipe recipe_of(const Settings& settings) {
  Recipe recipe;
  set(recipe, "net", "dense 6, relu, dense classes");
  set(recipe, "learning-rate", "0.02");
  for (const auto& [key, value] : settings) set(recipe, key, value);
  return recipe;
}

Loaders loaders_of(const Recipe& recipe) { return loaders(true, recipe.validation > 0); }

Training training_of(const Settings& settings) {
  const Recipe recipe = recipe_of(settings);
  return make_training(recipe, loaders_of(recipe));
}

// What happens until the loop has finished, a letter for each piece: steps, evaluated batches, ends
// of epochs, restored weights.
std::string events(Loop& loop, Index epochs) {
  std::string all;
  for (;;) {
    switch (loop.advance(epochs)) {
      case LoopEvent::Step:
        all += 's';
        break;
      case LoopEvent::Evaluated:
        all += 'v';
        break;
      case LoopEvent::EpochEnded:
        all += 'E';
        break;
      case LoopEvent::Restored:
        all += 'R';
        break;
      case LoopEvent::Finished:
        return all;
    }
  }
}

LoopEvent advance_to(Loop& loop, LoopEvent event, Index epochs = 100) {
  LoopEvent now;
  do {
    now = loop.advance(epochs);
  } while (now != event && now != LoopEvent::Finished);
  return now;
}

// The loss and accuracy of training, validation and test; -1 where there are none.
std::vector<double> metrics_of(const Trainer& trainer) {
  std::vector<double> all;
  const Metrics* const metrics[] = {&trainer.train_metrics(), &trainer.validation_metrics(),
                                    &trainer.test_metrics()};
  for (const Metrics* of : metrics) {
    const bool any = of->samples() > 0;
    all.push_back(any ? of->loss() : -1);
    all.push_back(any ? of->accuracy() : -1);
  }
  return all;
}

// Makes the training get worse from its second epoch on.
void spoil(Training& training) { training.trainer->plan_learning_rate(30, 2); }

}  // namespace

TEST_CASE("an epoch is trained, validated and tested, in this order", "[loop]") {
  // 10 samples are held back, so that an epoch has 2 steps, and 2 + 3 batches to be evaluated.
  Training all = training_of({{"validation", "10"}});
  CHECK(events(*all.loop, 2) == "ssvvvvvEssvvvvvE");
  CHECK(events(*all.loop, 2).empty());
  CHECK(events(*all.loop, 3) == "ssvvvvvE");
  Training untested = make_training(recipe_of({{"validation", "10"}}), loaders(/*test=*/false));
  CHECK(events(*untested.loop, 1) == "ssvvE");
  Training alone = make_training(recipe_of({}), loaders(false, false));
  CHECK(events(*alone.loop, 2) == "sssEsssE");
}

TEST_CASE("a piece says how many samples it was about", "[loop]") {
  Training training = training_of({{"validation", "10"}});
  std::vector<Index> samples;
  while (training.loop->advance(1) != LoopEvent::Finished)
    samples.push_back(training.loop->samples());
  CHECK(samples == std::vector<Index>{16, 14, 8, 2, 8, 8, 4, 0});
  CHECK(training.loop->step().step == 2);
  CHECK(training.loop->step().epoch_done);
}

TEST_CASE("the loop gives the bits of its parts", "[loop]") {
  const Settings settings{{"validation", "10"}, {"averaging", "0.5"}, {"patience", "9"}};
  Training looped = training_of(settings);
  Training by_hand = training_of(settings);
  Trainer& trainer = *by_hand.trainer;
  for (Index epoch = 1; epoch <= 3; ++epoch) {
    CHECK(advance_to(*looped.loop, LoopEvent::EpochEnded) == LoopEvent::EpochEnded);
    trainer.epoch();
    trainer.evaluate(EvaluationSet::Validation);
    trainer.evaluate();
    trainer.end_epoch();
    CHECK(metrics_of(*looped.trainer) == metrics_of(trainer));
  }
  CHECK((save_checkpoint(looped) == save_checkpoint(by_hand)));
}

TEST_CASE("early stopping ends a training with its best weights evaluated", "[loop]") {
  Training training = training_of({{"validation", "10"}, {"patience", "2"}, {"epochs", "50"}});
  spoil(training);
  Loop& loop = *training.loop;
  Trainer& trainer = *training.trainer;
  REQUIRE(advance_to(loop, LoopEvent::EpochEnded) == LoopEvent::EpochEnded);
  const std::vector<double> best = metrics_of(trainer);
  CHECK_FALSE(loop.stopped_early());
  advance_to(loop, LoopEvent::EpochEnded);
  REQUIRE(advance_to(loop, LoopEvent::EpochEnded) == LoopEvent::EpochEnded);
  CHECK(loop.stopped_early());
  CHECK(loop.finished(50));
  // The metrics are still those of the epoch that was one too many.
  CHECK(trainer.state().ended == 3);
  CHECK(trainer.test_metrics().loss() != best[4]);
  CHECK(loop.evaluating());
  CHECK(advance_to(loop, LoopEvent::Restored) == LoopEvent::Restored);
  CHECK(trainer.state().best_epoch == 1);
  const std::vector<double> restored = metrics_of(trainer);
  CHECK(std::vector(restored.begin() + 2, restored.end()) ==
        std::vector(best.begin() + 2, best.end()));
  CHECK(loop.advance(50) == LoopEvent::Finished);
  // Whoever asks for it goes on, and may be stopped again.
  loop.go_on();
  CHECK_FALSE(loop.finished(50));
  CHECK(loop.advance(50) == LoopEvent::Step);
  CHECK(advance_to(loop, LoopEvent::Restored, 50) == LoopEvent::Restored);
  CHECK(loop.stopped_early());
}

TEST_CASE("a whole training ends with its best weights, part of one does not", "[loop]") {
  Training training = training_of({{"validation", "10"}, {"patience", "9"}, {"epochs", "3"}});
  spoil(training);
  Loop& loop = *training.loop;
  CHECK(events(loop, 2) == "ssvvvvvEssvvvvvE");
  CHECK(events(loop, 3) == "ssvvvvvEvvvvvR");
  CHECK_FALSE(loop.stopped_early());
  CHECK(training.trainer->state().best_epoch == 1);
  CHECK(training.trainer->validation_metrics().loss() == training.trainer->state().best_loss);
  // They are put back once, unless training has gone on.
  CHECK(events(loop, 3).empty());
  CHECK(events(loop, 4) == "ssvvvvvEvvvvvR");
}

TEST_CASE("evaluations that have begun come first, whatever is asked for", "[loop]") {
  Training training = training_of({{"validation", "10"}});
  Loop& loop = *training.loop;
  CHECK(loop.advance(0) == LoopEvent::Finished);
  loop.advance(1);
  CHECK_FALSE(loop.evaluating());
  loop.advance(1);
  CHECK(loop.evaluating());
  CHECK_FALSE(loop.finished(1));
  CHECK(events(loop, 0) == "vvvvvE");
  CHECK_FALSE(loop.evaluating());
}

TEST_CASE("an epoch whose last step diverges ends all the same", "[loop]") {
  Training training = training_of({{"validation", "10"}, {"clip-norm", "1"}});
  Loop& loop = *training.loop;
  loop.advance(9);
  Tensor weight = training.trainer->net().tensors()[0];
  const NdArray sound = weight.data();
  weight.set_data(NdArray::full(sound.shape(), std::numeric_limits<Real>::quiet_NaN()));
  CHECK(error_of([&] { loop.advance(9); }).starts_with("Diverged: training: the loss is nan"));
  weight.set_data(sound);
  CHECK_FALSE(loop.evaluating());
  CHECK(events(loop, 2) == "vvvvvEssvvvvvE");
  CHECK(training.trainer->state().steps == 3);
}

TEST_CASE("a loop goes on from a checkpoint of every moment", "[loop]") {
  const auto& [settings, spoiled, order] = GENERATE(table<Settings, bool, std::string>({
      {{{"validation", "10"}, {"averaging", "0.5"}}, false, "ssvvvvvEssvvvvvEssvvvvvE"},
      {{{"validation", "10"}, {"patience", "1"}}, true, "ssvvvvvEssvvvvvEvvvvvR"},
      {{{"validation", "10"}, {"patience", "9"}}, true, "ssvvvvvEssvvvvvEssvvvvvEvvvvvR"},
      {{}, false, "sssvvvEsssvvvEsssvvvE"},
  }));
  // What is reported of a step, an epoch, or the weights that are put back.
  const auto run = [](Training& training, const std::function<void()>& before) {
    std::vector<std::vector<double>> log;
    for (;;) {
      before();
      const LoopEvent event = training.loop->advance(3);
      if (event == LoopEvent::Finished) return log;
      if (event == LoopEvent::Evaluated) continue;
      log.push_back(metrics_of(*training.trainer));
      if (event == LoopEvent::Step) log.back() = {training.loop->step().loss};
    }
  };
  Training whole = training_of(settings);
  if (spoiled) spoil(whole);
  std::vector<std::vector<std::uint8_t>> checkpoints;
  const auto log = run(whole, [&] { checkpoints.push_back(save_checkpoint(whole)); });
  CHECK(checkpoints.size() == order.size() + 1);
  const std::vector<std::uint8_t> end = checkpoints.back();
  std::size_t logged = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    INFO("stopped before piece " << i << " of " << order);
    Training rest = load_checkpoint(checkpoints[i], loaders_of(whole.recipe));
    std::vector<std::vector<double>> both(log.begin(), log.begin() + static_cast<Index>(logged));
    const auto tail = run(rest, [] {});
    both.insert(both.end(), tail.begin(), tail.end());
    CHECK(both == log);
    CHECK((save_checkpoint(rest) == end));
    CHECK(rest.loop->stopped_early() == whole.loop->stopped_early());
    if (order[i] != 'v') ++logged;
  }
}

}  // namespace lanegrad::test
