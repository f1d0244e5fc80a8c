// Makes trainings of recipes.
#include "engine/training/recipe.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "engine/core/error.h"
#include "engine/dataloaders/split.h"
#include "engine/nets/net_text.h"
#include "engine/training/settings.h"

namespace lanegrad {

namespace {

// The steps of the whole schedule; as many as can be counted where there are more.
Index steps_of(const Recipe& recipe, Index batches) {
  return std::min(recipe.epochs, std::numeric_limits<Index>::max() / batches) * batches;
}

std::shared_ptr<Trainer> make_trainer(const Recipe& recipe, const NetInput& input,
                                      Loaders loaders) {
  Random weights(recipe.seed, streams::kWeights);
  std::shared_ptr<Net> net = make_net(recipe.net, input, weights);
  std::shared_ptr<Optimizer> optimizer =
      make_optimizer(recipe.optimizer, net->tensors(), recipe.optimizer_options);
  const Index steps = steps_of(recipe, loaders.train->batches());
  return std::make_shared<Trainer>(std::move(net), std::move(optimizer), std::move(loaders.train),
                                   std::move(loaders.test), std::move(loaders.validation), recipe,
                                   steps);
}

std::unique_ptr<DataLoader> make_loader(std::shared_ptr<const ImageSet> images,
                                        const ImageLoaderOptions& options) {
  return std::make_unique<ImageLoader>(std::move(images), options);
}

Training assemble(const Recipe& recipe, Loaders loaders, const Normalization& normalization = {}) {
  const NetInput input{.sample = loaders.train->sample_shape(),
                       .outputs = loaders.train->outputs()};
  auto trainer = make_trainer(recipe, input, std::move(loaders));
  return {.recipe = recipe,
          .net = describe(recipe.net, input),
          .trainer = trainer,
          .loop = std::make_shared<Loop>(trainer, recipe.epochs),
          .normalization = normalization};
}

}  // namespace

std::vector<Setting> settings_of(Recipe& recipe) {
  return joined({
      {{.key = "net",
        .title = "net",
        .placeholder = "NET",
        .help = "A name of the catalog, or a text such as 'conv 24 5x5, pool 2, relu, dense 128, "
                "relu, dense classes'.",
        .value = &recipe.net},
       {.key = "optimizer",
        .group = "optimizer",
        .title = "optimizer",
        .placeholder = "NAME",
        .help = "The optimizer, as torch.optim's Adam, AdamW and SGD.",
        .choices = optimizer_names(),
        .value = &recipe.optimizer}},
      settings_of(recipe.optimizer_options),
      settings_of(recipe.schedule),
      {{.key = "batch-size",
        .alias = "batch",
        .title = "batch size",
        .placeholder = "COUNT",
        .help = "The samples per step.",
        .range = &kCount,
        .value = &recipe.batch_size},
       {.key = "epochs",
        .title = "epochs",
        .placeholder = "COUNT",
        .help = "The passes over the training samples, and the length of the schedule: where that "
                "is not constant, no more epochs can be trained.",
        .range = &kCount,
        .value = &recipe.epochs},
       {.key = "seed",
        .title = "seed",
        .placeholder = "NUMBER",
        .help = "The seed of the first weights, the order of the samples and all other "
                "randomness, below 2^64.",
        .range = &kCountOrNone,
        .value = &recipe.seed}},
      step_settings(recipe),
      {{.key = "validation",
        .title = "validation samples",
        .placeholder = "COUNT",
        .help = "The number of training samples that are held back; each epoch is validated with "
                "them.",
        .range = &kCountOrNone,
        .value = &recipe.validation}},
      stopping_settings(recipe),
      settings_of(recipe.augmentation),
      {{.key = "normalize",
        .title = "normalisation",
        .help = "Whether images are shifted and scaled to mean 0 and deviation 1 over the "
                "training images' pixels.",
        .images_only = true,
        .value = &recipe.normalize}},
  });
}

std::vector<Real> learning_rates(const Recipe& recipe, Index samples, Index points) {
  const double rate =
      make_optimizer(recipe.optimizer, {}, recipe.optimizer_options)->learning_rate();
  const Index trained = std::max(samples - recipe.validation, Index{1});
  const Index steps = steps_of(recipe, DataLoader::batches_of(trained, recipe.batch_size));
  std::vector<Real> rates(static_cast<std::size_t>(points));
  for (Index i = 0; i < points; ++i) {
    // The division comes last, so that whole numbers stay whole. The last step is set apart, since
    // so large a number might be rounded to one too many.
    const Index step =
        i > 0 && i + 1 == points
            ? steps - 1
            : static_cast<Index>(static_cast<double>(i) * static_cast<double>(steps - 1) /
                                 static_cast<double>(std::max(points - 1, Index{1})));
    rates[static_cast<std::size_t>(i)] =
        static_cast<Real>(rate * learning_rate_factor(recipe.schedule, step, steps));
  }
  return rates;
}

Training make_training(const Recipe& recipe, std::shared_ptr<const ImageSet> train,
                       std::shared_ptr<const ImageSet> test) {
  Split split;
  if (recipe.validation > 0) {
    split =
        stratified_split(ImageLoader(train, ImageLoaderOptions{}), recipe.validation, recipe.seed);
  }
  Normalization normalization;
  if (recipe.normalize) {
    normalization =
        recipe.validation > 0 ? normalization_of(*train, split.training) : normalization_of(*train);
  }
  const ImageLoaderOptions evaluated{.batch_size = kEvaluationBatch,
                                     .normalization = normalization};
  Loaders loaders{.train = make_loader(train, {.batch_size = recipe.batch_size,
                                               .seed = recipe.seed,
                                               .normalization = normalization,
                                               .augmentation = recipe.augmentation})};
  if (test) loaders.test = make_loader(std::move(test), evaluated);
  if (recipe.validation > 0) {
    loaders.validation = make_loader(std::move(train), evaluated);
    loaders.validation->select(std::move(split.validation));
    loaders.train->select(std::move(split.training));
  }
  return assemble(recipe, std::move(loaders), normalization);
}

Training make_training(const Recipe& recipe, Loaders loaders) {
  if (loaders.train == nullptr)
    fail(ErrorCode::InvalidArgument, "recipe: no training data, expected some");
  std::string_view wrong;
  Recipe given = recipe;
  for (const Setting& setting : settings_of(given)) {
    if (setting.images_only && setting.read() != usual_text(setting.key))
      wrong = setting.group.empty() ? setting.key : "augmentation";
  }
  if (!wrong.empty() && !loaders.images)
    fail(ErrorCode::InvalidArgument, "recipe: ", wrong,
         " of data that are no images, expected none");
  if (recipe.validation > 0) {
    if (loaders.validation == nullptr)
      fail(ErrorCode::InvalidArgument, "recipe: validation '", recipe.validation,
           "' of data with one loader, expected another one over the same data");
    Split split = stratified_split(*loaders.train, recipe.validation, recipe.seed);
    loaders.validation->select(std::move(split.validation));
    loaders.train->select(std::move(split.training));
  }
  const Normalization normalization = loaders.normalization;
  return assemble(recipe, std::move(loaders), normalization);
}

}  // namespace lanegrad
