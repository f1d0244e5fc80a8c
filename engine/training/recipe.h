// Everything that decides a training, as one value that the terminal, JavaScript, checkpoints and
// the benches write and read by the same keys.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/dataloaders/mnist.h"
#include "engine/optimizers/catalog.h"
#include "engine/optimizers/schedule.h"
#include "engine/training/trainer.h"

namespace lanegrad {

// A new setting's value here is what trainings did before it existed: older checkpoints lack it.
struct Recipe {
  std::string net = "mlp";
  std::string optimizer = "adam";
  OptimizerOptions optimizer_options = {};
  Schedule schedule = {};
  Index epochs = 3;  // how long to train; where the schedule is not constant, no longer
  Index batch_size = 64;
  std::uint64_t seed = 1;
  double label_smoothing = 0;
  double clip_norm = 0;
  double averaging = 0;
  Index validation = 0;  // samples of the training set
  Index patience = 0;
  Augmentation augmentation = {};
  bool normalize = false;

  bool operator==(const Recipe&) const = default;
};

// What only the terminal shows. The module for the web carries none of it: half a kilobyte.
#if defined(__EMSCRIPTEN__)
struct TerminalText {
  constexpr TerminalText(const char*) {}
};
#else
using TerminalText = std::string_view;
#endif

struct RecipeField {
  std::string_view key;  // "label-smoothing"; in JavaScript it is called labelSmoothing
  TerminalText value;    // what a value is called in help texts, "SHARE"; "" for yes or no
  TerminalText help;
  void (*write)(Recipe& recipe, std::string_view key, std::string_view text);
  std::string (*read)(const Recipe& recipe);
};

// All fields, in the order in which they are listed.
std::span<const RecipeField> recipe_fields();

// Throws NotFound for an unknown key, listing all, and InvalidArgument for a value that makes no
// sense: "recipe: batch-size '0', expected a whole number of at least 1". An empty text stands for
// the usual value of a setting that has one. Numbers keep 15 digits.
void set(Recipe& recipe, std::string_view key, std::string_view text);
// All keys and their values as text: `set` of them makes the same recipe.
std::vector<std::pair<std::string_view, std::string>> entries(const Recipe& recipe);

// The recommended training of a net of the catalog.
struct NamedRecipe {
  std::string_view name;  // of the recipe and of its net
  std::string_view description;
  Recipe recipe;
};
std::span<const NamedRecipe> recipes();
// The recipe of this name, else the usual settings for this net, which suit any data; "" is their
// own net.
Recipe recipe_for(std::string_view net);
// The recipe for the net among these keys and texts, if one is named, with all of them set, in
// whatever order. An optimizer or a schedule other than the recipe's starts from its own usual
// settings.
Recipe recipe_with(std::span<const std::pair<std::string_view, std::string_view>> settings);

// Samples per batch of an evaluation: few enough that others need not wait long for its end.
inline constexpr Index kEvaluationBatch = 256;

// The learning rates at `points` steps, from the first to the last, of training on `samples`.
std::vector<Real> learning_rates(const Recipe& recipe, Index samples, Index points);

// The loaders of a training; all but `train` may be null. Where a recipe sets samples apart,
// `validation` is another loader over the data of `train`, without shuffling.
struct Loaders {
  std::shared_ptr<DataLoader> train;
  std::shared_ptr<DataLoader> test = {};
  std::shared_ptr<DataLoader> validation = {};
};

struct Training {
  Recipe recipe;  // without a net where the trainer was put together by hand
  NetDescription net = {};
  std::shared_ptr<Trainer> trainer = {};
  Normalization normalization = {};           // of the inputs, in training and in answers
  std::vector<std::string> class_names = {};  // by label, or none; only checkpoints read them
};

// Puts net, optimizer, loaders and Trainer together: of `train` the recipe's samples are set apart
// for validation, and what the others are like normalizes all images. `test` may be null. Throws
// what the parts throw.
Training make_training(const Recipe& recipe, std::shared_ptr<const ImageSet> train,
                       std::shared_ptr<const ImageSet> test);
// The same with loaders of one's own, with their batch sizes and order. Throws InvalidArgument for
// a recipe that normalizes or augments, which needs images.
Training make_training(const Recipe& recipe, Loaders loaders);

}  // namespace lanegrad
