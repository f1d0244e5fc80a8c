// Whole trainings in double against PyTorch: every layer that a net text knows, every optimizer,
// every schedule, clipping, label smoothing and averaging, through a recipe as users write it.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/dataloaders/array_loader.h"
#include "engine/ndarray/arithmetic.h"
#include "engine/nets/net_text.h"
#include "engine/training/recipe.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

// A training with its expected numbers, as trainings.py writes them.
struct Expected {
  const char* name;
  std::vector<std::pair<std::string_view, std::string_view>> settings;  // of the recipe
  std::vector<Index> sample;
  bool labels;
  std::vector<double> losses;                  // of each step, before its update
  std::vector<std::vector<double>> variables;  // weights and buffers after the last step
  double evaluated;                            // the loss of all samples, as evaluations see them
};

const Expected kTrainings[] = {
#include "tests/engine/golden/trainings.inc"
};

constexpr double kTolerance = 1e-6;
constexpr Index kSamples = 42;
constexpr Index kClasses = 3;

// The numbers of trainings.py, to the last bit but one.
NdArray wave(double shift, const Shape& shape) {
  NdArray out = NdArray::uninitialized(shape);
  for (Index i = 0; i < out.size(); ++i) {
    out.mutable_data()[i] = std::sin(shift + 0.37 * static_cast<double>(i * i));
  }
  return out;
}

std::shared_ptr<DataLoader> make_loader(const Expected& training, Index batch_size) {
  std::vector<Index> extents = training.sample;
  extents.insert(extents.begin(), kSamples);
  NdArray inputs = wave(0, Shape(extents));
  if (!training.labels) {
    return std::make_shared<ArrayLoader>(inputs, wave(1, {kSamples, kClasses}), batch_size,
                                         std::nullopt);
  }
  IndexArray labels(Shape{kSamples});
  for (Index n = 0; n < kSamples; ++n) {
    labels.mutable_data()[n] = static_cast<std::int32_t>((n * n + n / 3) % kClasses);
  }
  return std::make_shared<ArrayLoader>(inputs, labels, kClasses, batch_size, std::nullopt);
}

void set_first_weights(const Net& net) {
  double number = 2;
  for (NamedTensor& named : net.named_tensors()) {
    const Shape& shape = named.tensor.shape();
    const bool is_scale = shape.rank() == 1 && named.name.ends_with(".weight");  // BatchNorm's
    const NdArray values = mul(wave(number++, shape), NdArray::scalar(0.5));
    named.tensor.set_data(is_scale ? add(values, NdArray::scalar(1)) : values);
  }
}

std::string_view setting(const Expected& training, std::string_view key) {
  for (const auto& [name, text] : training.settings) {
    if (name == key) return text;
  }
  return "";
}

// The layers that a net text may name, from the sentence that lists them.
std::vector<std::string> layer_words() {
  std::string list = error_of([] { describe("x", {.sample = {1}, .outputs = 1}); });
  const std::size_t begin = list.find("one of ") + 7;
  list = list.substr(begin, list.find(" or ", begin) - begin) + ", ";
  std::vector<std::string> words;
  for (std::size_t end; (end = list.find(", ")) != std::string::npos; list.erase(0, end + 2)) {
    words.push_back(list.substr(0, end));
  }
  return words;
}

}  // namespace

TEST_CASE("whole trainings agree with PyTorch at every step", "[golden]") {
  for (const Expected& expected : kTrainings) {
    INFO(expected.name);
    const Recipe recipe = recipe_with(expected.settings);
    const Training training =
        make_training(recipe, {.train = make_loader(expected, recipe.batch_size),
                               .test = make_loader(expected, kEvaluationBatch)});
    Trainer& trainer = *training.trainer;
    set_first_weights(trainer.net());
    REQUIRE(expected.losses.size() == 36);
    for (std::size_t step = 0; step < expected.losses.size(); ++step) {
      INFO("step " << step + 1);
      CHECK(std::abs(trainer.step().objective - expected.losses[step]) <= kTolerance);
    }
    REQUIRE(trainer.variables().size() == expected.variables.size());
    for (std::size_t i = 0; i < expected.variables.size(); ++i) {
      const auto& [name, tensor] = trainer.variables()[i];
      INFO(name);
      REQUIRE(tensor.size() == static_cast<Index>(expected.variables[i].size()));
      double worst = 0;
      for (Index j = 0; j < tensor.size(); ++j) {
        const double difference =
            tensor.data().data()[j] - expected.variables[i][static_cast<std::size_t>(j)];
        worst = std::max(worst, std::abs(difference));
      }
      CHECK(worst <= kTolerance);
    }
    CHECK(std::abs(trainer.evaluate().loss() - expected.evaluated) <= kTolerance);
  }
}

TEST_CASE("the trainings have every layer, optimizer and schedule between them", "[golden]") {
  const auto some_has = [](std::string_view key, const std::string& text) {
    return std::any_of(std::begin(kTrainings), std::end(kTrainings), [&](const Expected& training) {
      const std::string all = str(", ", setting(training, key), ",");
      return all.find(str(", ", text, " ")) != std::string::npos ||
             all.find(str(", ", text, ",")) != std::string::npos;
    });
  };
  const std::vector<std::string> words = layer_words();
  CHECK(words.size() >= 14);
  for (const std::string& word : words) {
    INFO(word);
    CHECK(some_has("net", word));
  }
  for (const std::string_view name : optimizer_names()) {
    INFO(name);
    CHECK(some_has("optimizer", std::string(name)));
  }
  for (const std::string_view name : schedule_names()) {
    INFO(name);
    CHECK(some_has("schedule", std::string(name)));
  }
}

}  // namespace lanegrad::test
