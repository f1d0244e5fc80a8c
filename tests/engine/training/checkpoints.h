// Small trainings with checkpoints, and checkpoints that are changed, for tests.
#pragma once

#include <cstring>
#include <functional>
#include <limits>
#include <string>

#include "engine/core/random.h"
#include "engine/dataloaders/array_loader.h"
#include "engine/io/safetensors.h"
#include "engine/training/checkpoint.h"
#include "engine/training/settings.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

using Bytes = std::vector<std::uint8_t>;
using Settings = std::vector<std::pair<const char*, const char*>>;

// Noise with a bright dot whose place is the class.
inline std::shared_ptr<const ImageSet> dots(Index count, std::uint64_t seed) {
  auto set = std::make_shared<ImageSet>();
  set->count = count;
  set->height = set->width = 6;
  set->classes = 3;
  Random random(seed);
  for (Index i = 0; i < count; ++i) {
    const auto label = random.below(3);
    for (std::uint32_t pixel = 0; pixel < 36; ++pixel) {
      const bool bright = pixel == 10 * label + 7;
      set->pixels.push_back(static_cast<std::uint8_t>(random.below(100) + (bright ? 155 : 0)));
    }
    set->labels.push_back(static_cast<std::uint8_t>(label));
  }
  return set;
}

inline const std::shared_ptr<const ImageSet> kTrain = dots(40, 1);
inline const std::shared_ptr<const ImageSet> kTest = dots(9, 2);

inline Recipe recipe_of(const Settings& settings) {
  Recipe recipe;
  set(recipe, "net", "dense 5, relu, dense classes");
  set(recipe, "batch-size", "16");
  for (const auto& [key, value] : settings) set(recipe, key, value);
  return recipe;
}

inline Training training_of(const Settings& settings) {
  return make_training(recipe_of(settings), kTrain, kTest);
}

inline Training load(const Bytes& bytes) { return load_checkpoint(bytes, kTrain, kTest); }

// Does one step or, where an epoch has come to its end, what comes then. Everything that is
// reported goes into `log`. Returns false once training should stop.
inline bool advance(Training& training, std::vector<double>& log) {
  Trainer& trainer = *training.trainer;
  if (trainer.epoch_ends()) {
    if (trainer.validation_loader())
      log.push_back(trainer.evaluate(EvaluationSet::Validation).loss());
    return !trainer.end_epoch();
  }
  const StepResult result = trainer.step();
  for (const double number :
       {static_cast<double>(result.step), static_cast<double>(result.epoch),
        static_cast<double>(result.samples), result.loss, result.accuracy, result.learning_rate,
        trainer.train_metrics().loss(), trainer.train_metrics().accuracy()}) {
    log.push_back(number);
  }
  return true;
}

// Whether a training goes on from checkpoints before each of its steps, the ends of epochs among
// them, to the bits of one that never stops. False where the training stops early.
inline bool check_goes_on(const Settings& settings,
                          const std::function<void(Trainer&)>& begin = {}) {
  std::string name;
  for (const auto& [key, value] : settings) name += str(" ", key, " ", value);
  INFO("settings:" << name);
  constexpr int kSteps = 15;  // three and the end of an epoch, four times
  // The training that never stops, and checkpoints of it all along.
  Training whole = training_of(settings);
  if (begin) begin(*whole.trainer);
  std::vector<double> log;
  std::vector<Bytes> checkpoints;
  std::vector<std::size_t> logged;
  bool going_on = true;
  while (going_on && checkpoints.size() < kSteps) {
    checkpoints.push_back(save_checkpoint(whole));
    logged.push_back(log.size());
    going_on = advance(whole, log);
  }
  CHECK(whole.trainer->state().stopped == !going_on);
  const Bytes end = save_checkpoint(whole);
  const double loss = whole.trainer->evaluate().loss();
  for (std::size_t i = 0; i < checkpoints.size(); ++i) {
    INFO("stopped before step " << i + 1);
    Training rest = load(checkpoints[i]);
    CHECK(rest.recipe == whole.recipe);
    CHECK((save_checkpoint(rest) == checkpoints[i]));
    // Somebody looks at what has been learned so far.
    if (i % 2 == 0) rest.trainer->evaluate();
    std::vector<double> rest_log(log.begin(), log.begin() + static_cast<Index>(logged[i]));
    for (std::size_t step = i; step < checkpoints.size(); ++step) advance(rest, rest_log);
    CHECK(rest_log == log);
    CHECK((save_checkpoint(rest) == end));
    CHECK(rest.trainer->state().stopped == !going_on);
    CHECK(rest.trainer->evaluate().loss() == loss);
  }
  return going_on;
}

inline Bytes edited(const Bytes& bytes, const std::function<void(Safetensors&)>& edit) {
  Safetensors content = parse_safetensors(bytes);
  edit(content);
  return write_safetensors(content);
}

inline Safetensors::Entry& entry_of(Safetensors& content, std::string_view name) {
  for (Safetensors::Entry& entry : content.tensors) {
    if (entry.name == name) return entry;
  }
  FAIL("no tensor " << name);
  return content.tensors[0];
}

inline std::string refusal(const Bytes& bytes, const std::function<void(Safetensors&)>& edit) {
  const Bytes broken = edited(bytes, edit);
  return error_of([&] { load(broken); });
}

template <class T>
std::span<const std::uint8_t> bytes_of(const T& value) {
  return {reinterpret_cast<const std::uint8_t*>(&value), sizeof value};
}

}  // namespace lanegrad::test
