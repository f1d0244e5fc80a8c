// What a training is said to need, against what it takes.
#include "engine/training/memory.h"

#include "engine/core/context.h"
#include "engine/training/settings.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

constexpr Index kSamples = 2000;

std::shared_ptr<const ImageSet> blank_images() {
  auto set = std::make_shared<ImageSet>();
  set->count = kSamples;
  set->height = set->width = 28;
  set->pixels.resize(kSamples * 784);
  set->labels.resize(kSamples);
  return set;
}

Recipe recipe_of(std::initializer_list<std::pair<const char*, const char*>> settings) {
  Recipe recipe;
  for (const auto& [key, value] : settings) set(recipe, key, value);
  return recipe;
}

}  // namespace

TEST_CASE("a training takes at least what it is said to need in any case, and about what is said",
          "[memory]") {
  const std::shared_ptr<const ImageSet> images = blank_images();
  const double data = 2 * kSamples * 785.0;
  const NetInput input{.sample = {1, 28, 28}, .outputs = 10};
  for (const Recipe& recipe :
       {recipe_of({{"net", "dense 128, relu, dense classes"}}),
        recipe_of(
            {{"net", "dense 512, relu, dense 512, relu, dense classes"}, {"batch-size", "128"}}),
        recipe_of({{"net", "dense 1500, relu, dense 700, relu, dense classes"}}),
        recipe_of({{"net", "dense 300, sigmoid, dense 300, tanh, dense classes"},
                   {"batch-size", "1000"}}),
        recipe_of({{"net", "dense 1000, relu, dropout 0.5, dense classes"},
                   {"optimizer", "sgd"},
                   {"momentum", "0.9"},
                   {"batch-size", "500"}}),
        recipe_of({{"net", "dense classes"}, {"optimizer", "sgd"}, {"batch-size", "7"}}),
        recipe_of({{"net", "lenet"}}), recipe_of({{"net", "convnet"}, {"batch-size", "250"}}),
        recipe_of({{"net", "best"}, {"batch-size", "128"}, {"averaging", "0.99"}}),
        recipe_of({{"net", "conv 16 3x3, relu, conv 16 3x3, relu, pool 2, dense classes"},
                   {"batch-size", "64"},
                   {"validation", "100"},
                   {"patience", "1"}})}) {
    INFO("net: " << recipe.net << ", batch size " << recipe.batch_size);
    const TrainingMemory memory = training_memory(recipe, input, kSamples, data);
    Context context;
    const ContextScope scope(context);
    const Training training = make_training(recipe, images, images);
    for (int i = 0; i < 3; ++i) {
      training.trainer->step();
      training.trainer->evaluate();
    }
    if (recipe.patience > 0) {
      training.trainer->epoch();
      training.trainer->evaluate(EvaluationSet::Validation);
      training.trainer->end_epoch();
    }
    const double used = static_cast<double>(context.pool().held_bytes()) + data;
    CHECK(memory.least <= used);
    CHECK(used <= memory.about);
    CHECK(memory.about <= 2 * used + 8e6);
  }
}

TEST_CASE("a training that cannot fit into the memory is refused in one sentence", "[memory]") {
  const NetInput input{.sample = {1, 28, 28}, .outputs = 10};
  const TrainingMemory memory = training_memory(
      recipe_of({{"net", "dense 100000, relu, dense 2000, dense classes"}}), input, 60000, 47e6);
  const double megabyte = 1 << 20;
  check_memory(memory, memory.least);
  CHECK(error_of([&] { check_memory(memory, 2048 * megabyte); }) ==
        "OutOfMemory: training: the net and its data need at least 4321 MB of memory, expected at "
        "most 2048 MB");
  CHECK(megabytes(1) == 1);
  CHECK(megabytes(3 * megabyte) == 3);
}

}  // namespace lanegrad::test
