// One table has all settings: their keys, values and help, and where each stands in a Recipe.
#include "engine/training/recipe.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "engine/core/error.h"
#include "engine/core/number.h"
#include "engine/core/range.h"
#include "engine/dataloaders/split.h"
#include "engine/nets/net_text.h"

namespace lanegrad {

namespace {

using View = std::string_view;

constexpr Range kTurn{"0 to 180", 0, 180, true, true};
constexpr Range kLean{"at least 0 and below 90", 0, 90};
constexpr Range kCount{"a whole number of at least 1", 1};
constexpr Range kCountOrNone{"a whole number of at least 0"};

[[noreturn]] void refuse(View key, View text, View objection) {
  fail(ErrorCode::InvalidArgument, "recipe: ", key, " '", text, "'", objection);
}

void parse(View key, View text, const Range& range, double& value) {
  const std::optional<double> number = parse_number(text);
  const double given = number.value_or(std::numeric_limits<double>::quiet_NaN());
  if (!range.has(given)) refuse(key, text, range.objection(given));
  // The value is rounded to the 15 digits that its text has, so that the text says all of it.
  value = parse_number(number_text(*number, 15)).value_or(given);
}

void parse(View key, View text, const Range& range, std::optional<double>& value) {
  if (text.empty()) {
    value.reset();
  } else {
    double given = 0;
    parse(key, text, range, given);
    value = given;
  }
}

template <class Whole>
void parse(View key, View text, const Range& range, Whole& value) {
  const std::optional<std::uint64_t> number = parse_whole(text);
  if (!number || !std::in_range<Whole>(*number) || !range.has(static_cast<double>(*number))) {
    refuse(key, text, str(", expected ", range.text));
  }
  value = static_cast<Whole>(*number);
}

std::string text_of(double value) { return number_text(value, 15); }
std::string text_of(const std::optional<double>& value) { return value ? text_of(*value) : ""; }
std::string text_of(Index value) { return str(value); }
std::string text_of(std::uint64_t value) { return whole_text(value); }

template <class T>
T& member(T& object) {
  return object;
}
template <class T, class First, class... Rest>
auto& member(T& object, First first, Rest... rest) {
  return member(object.*first, rest...);
}

// The field of a number with a range; `members` lead to its place in a Recipe.
template <const Range& range, auto... members>
constexpr RecipeField number(View key, TerminalText value, TerminalText help) {
  return {
      key,
      value,
      help,
      [](Recipe& r, View k, View text) { parse(k, text, range, member(r, members...)); },
      [](const Recipe& r) { return text_of(member(r, members...)); },
  };
}

template <auto... members>
constexpr RecipeField flag(View key, TerminalText help) {
  return {
      key,
      "",
      help,
      [](Recipe& r, View k, View text) {
        if (text != "true" && text != "false") refuse(k, text, ", expected true or false");
        member(r, members...) = text == "true";
      },
      [](const Recipe& r) { return std::string(member(r, members...) ? "true" : "false"); },
  };
}

using R = Recipe;
using Optimizing = OptimizerOptions;
constexpr auto kOptimizer = &R::optimizer_options;
constexpr auto kSchedule = &R::schedule;
constexpr auto kAugmentation = &R::augmentation;

constexpr RecipeField kFields[] = {
    {"net", "NET", "a name, or layers like 'conv 8 5x5, pool 2, relu, dense classes'",
     [](R& r, View, View text) { r.net = text; }, [](const R& r) { return r.net; }},
    {"optimizer", "NAME", "adam, adamw or sgd",  // the catalog refuses others
     [](R& r, View, View text) { r.optimizer = text; }, [](const R& r) { return r.optimizer; }},
    number<kRate, kOptimizer, &Optimizing::learning_rate>(
        "learning-rate", "RATE", "learning rate; usually 0.001, for sgd 0.01"),
    number<kRate, kOptimizer, &Optimizing::weight_decay>("weight-decay", "RATE",
                                                         "weight decay; usually 0, for adamw 0.01"),
    number<kBelowOne, kOptimizer, &Optimizing::momentum>("momentum", "SHARE",
                                                         "momentum of sgd; usually 0"),
    flag<kOptimizer, &Optimizing::nesterov>("nesterov", "sgd looks ahead with its momentum"),
    number<kBelowOne, kOptimizer, &Optimizing::beta1>("beta1", "SHARE",
                                                      "of adam and adamw; usually 0.9"),
    number<kBelowOne, kOptimizer, &Optimizing::beta2>("beta2", "SHARE",
                                                      "of adam and adamw; usually 0.999"),
    number<kPositive, kOptimizer, &Optimizing::epsilon>("epsilon", "NUMBER",
                                                        "of adam and adamw; usually 1e-08"),
    {"schedule", "NAME", "of the learning rate: constant, step, cosine or one-cycle",
     [](R& r, View, View text) { r.schedule.kind = schedule_from_name(text); },
     [](const R& r) { return std::string(to_string(r.schedule.kind)); }},
    number<kCount, kSchedule, &Schedule::drops>("drops", "COUNT",
                                                "equal parts of the schedule step"),
    number<kShare, kSchedule, &Schedule::factor>("factor", "SHARE",
                                                 "the rate is multiplied by it after each part"),
    number<kShare, kSchedule, &Schedule::warm_up>(
        "warm-up", "SHARE", "of the steps, in which the rate of one-cycle climbs"),
    number<kShare, kSchedule, &Schedule::start>("start", "SHARE",
                                                "of the rate that one-cycle starts with"),
    number<kShare, kSchedule, &Schedule::end>("end", "SHARE",
                                              "of the rate that cosine and one-cycle end with"),
    number<kCount, &R::epochs>("epochs", "COUNT", "passes over the training samples"),
    number<kCount, &R::batch_size>("batch-size", "COUNT", "samples per step"),
    number<kCountOrNone, &R::seed>("seed", "NUMBER", "of all random numbers"),
    number<kBelowOne, &R::label_smoothing>("label-smoothing", "SHARE",
                                           "of each target that is spread over all classes"),
    number<kRate, &R::clip_norm>("clip-norm", "NORM",
                                 "the most that the gradients' norm may be; 0: anything"),
    number<kExactlyBelowOne, &R::averaging>("averaging", "DECAY",
                                            "of the weights' moving average, per step; 0: none"),
    number<kCountOrNone, &R::validation>("validation", "COUNT",
                                         "training samples set apart for validation"),
    number<kCountOrNone, &R::patience>(
        "patience", "EPOCHS", "stop after so many without a smaller validation loss; 0: never"),
    number<kRate, kAugmentation, &Augmentation::shift>("shift", "PIXELS",
                                                       "training images are shifted by, at most"),
    number<kTurn, kAugmentation, &Augmentation::rotation>("rotation", "DEGREES",
                                                          "they are rotated by, at most"),
    number<kBelowOne, kAugmentation, &Augmentation::scale>("scale", "SHARE",
                                                           "they grow or shrink by, at most"),
    number<kLean, kAugmentation, &Augmentation::shear>("shear", "DEGREES",
                                                       "they are sheared by, at most"),
    flag<&R::normalize>("normalize", "images have mean 0 and deviation 1 over the training set"),
};

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
  const TrainerOptions options{.schedule = recipe.schedule,
                               .steps = steps_of(recipe, loaders.train->batches()),
                               .label_smoothing = recipe.label_smoothing,
                               .clip_norm = recipe.clip_norm,
                               .averaging = recipe.averaging,
                               .patience = recipe.patience};
  return std::make_shared<Trainer>(std::move(net), std::move(optimizer), std::move(loaders.train),
                                   std::move(loaders.test), std::move(loaders.validation), options);
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

std::span<const RecipeField> recipe_fields() { return kFields; }

void set(Recipe& recipe, View key, View text) {
  std::string keys;
  for (const RecipeField& field : kFields) {
    if (field.key == key) return field.write(recipe, key, text);
    keys += str(keys.empty() ? "" : ", ", field.key);
  }
  fail(ErrorCode::NotFound, "recipe: nothing is called '", key, "', known are ", keys);
}

std::vector<std::pair<View, std::string>> entries(const Recipe& recipe) {
  std::vector<std::pair<View, std::string>> all;
  for (const RecipeField& field : kFields) all.emplace_back(field.key, field.read(recipe));
  return all;
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
        stratified_split(GreyImages(train, GreyImagesOptions{}), recipe.validation, recipe.seed);
  }
  Normalization normalization;
  if (recipe.normalize) {
    normalization =
        recipe.validation > 0 ? normalization_of(*train, split.training) : normalization_of(*train);
  }
  const GreyImagesOptions evaluated{.batch_size = kEvaluationBatch, .normalization = normalization};
  Loaders loaders{.train = std::make_shared<GreyImages>(
                      train, GreyImagesOptions{.batch_size = recipe.batch_size,
                                               .seed = recipe.seed,
                                               .normalization = normalization,
                                               .augmentation = recipe.augmentation})};
  if (test) loaders.test = std::make_shared<GreyImages>(std::move(test), evaluated);
  if (recipe.validation > 0) {
    loaders.validation = std::make_shared<GreyImages>(std::move(train), evaluated);
    loaders.validation->select(std::move(split.validation));
    loaders.train->select(std::move(split.training));
  }
  return assemble(recipe, std::move(loaders), normalization);
}

Training make_training(const Recipe& recipe, Loaders loaders) {
  if (loaders.train == nullptr)
    fail(ErrorCode::InvalidArgument, "recipe: no training data, expected some");
  if (recipe.augmentation.any() || recipe.normalize)
    fail(ErrorCode::InvalidArgument, "recipe: ", recipe.normalize ? "normalize" : "augmentation",
         " of data that are no images, expected none");
  if (recipe.validation > 0) {
    if (loaders.validation == nullptr)
      fail(ErrorCode::InvalidArgument, "recipe: validation '", recipe.validation,
           "' of data with one loader, expected another one over the same data");
    Split split = stratified_split(*loaders.train, recipe.validation, recipe.seed);
    loaders.validation->select(std::move(split.validation));
    loaders.train->select(std::move(split.training));
  }
  return assemble(recipe, std::move(loaders));
}

}  // namespace lanegrad
