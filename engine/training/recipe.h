// Everything that decides a training, as one value. settings.h has the keys by which the terminal,
// JavaScript, checkpoints and the benches write and read it.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/dataloaders/image_loader.h"
#include "engine/optimizers/catalog.h"
#include "engine/training/loop.h"
#include "engine/training/trainer.h"

namespace lanegrad {

// The settings of a training. The default of a new setting is what trainings did before it existed,
// since older checkpoints lack it.
struct Recipe : TrainerOptions {
  std::string net = "mlp";
  std::string optimizer = "adam";
  OptimizerOptions optimizer_options = {};
  // How long to train. Where the schedule is not constant, training cannot go on beyond that.
  Index epochs = 3;
  Index batch_size = 64;
  std::uint64_t seed = 1;
  // How many samples of the training set are set apart for validation.
  Index validation = 0;
  Augmentation augmentation = {};
  bool normalize = false;

  bool operator==(const Recipe&) const = default;
};

// All settings of a training, as rows in the order in which they are listed.
std::vector<Setting> settings_of(Recipe& recipe);

// The recommended training of a net of the catalog.
struct NamedRecipe {
  // The name of the recipe and of its net.
  std::string_view name;
  std::string_view description;
  Recipe (*recipe)();
};
std::span<const NamedRecipe> recipes();
// The recommended recipe where this net has one; else the default recipe with this net, which suits
// any data. An empty text gives the default recipe with its own net, mlp.
Recipe recipe_for(std::string_view net);
// The recipe that these keys and texts describe, in whatever order they come: recipe_for the net
// that they name, changed by each of them. Where the optimizer or the schedule is not that
// recipe's, its other settings start from their own defaults. Without images, what is recommended
// for images only is left out.
Recipe recipe_with(std::span<const std::pair<std::string_view, std::string_view>> entries,
                   bool images = true);

// The samples per batch of an evaluation: few enough that others need not wait long for a batch's
// end.
inline constexpr Index kEvaluationBatch = 256;

// The learning rates at `points` steps, evenly spread from the first to the last, of a training on
// `samples` samples.
std::vector<Real> learning_rates(const Recipe& recipe, Index samples, Index points);

// The loaders of a training; all but `train` may be null. Where a recipe sets samples apart for
// validation, `validation` is another loader over the data of `train`, without shuffling.
struct Loaders {
  std::shared_ptr<DataLoader> train;
  std::shared_ptr<DataLoader> test = {};
  std::shared_ptr<DataLoader> validation = {};
  // Whether all of them give images, augmented and normalized so by themselves.
  bool images = false;
  Normalization normalization = {};
};

struct Training {
  // Has no net where the trainer was put together by hand.
  Recipe recipe;
  NetDescription net = {};
  std::shared_ptr<Trainer> trainer = {};
  // Trains as long as the recipe says; null where the trainer was put together by hand.
  std::shared_ptr<Loop> loop = {};
  // The normalization of the inputs, in training and in predictions.
  Normalization normalization = {};
  // The names by label, one per line, or nothing; only checkpoints read them.
  std::string class_names = {};
};

// Makes net, optimizer, loaders and Trainer from a recipe. The recipe's number of samples of
// `train` is set apart for validation; the mean and deviation of the remaining ones normalize all
// images. `test` may be null. Throws what the parts throw.
Training make_training(const Recipe& recipe, std::shared_ptr<const ImageSet> train,
                       std::shared_ptr<const ImageSet> test);
// Makes a training from a recipe and the caller's loaders, which have their own batch sizes and
// order. Throws InvalidArgument for a recipe that normalizes or augments where they give no images.
Training make_training(const Recipe& recipe, Loaders loaders);

}  // namespace lanegrad
