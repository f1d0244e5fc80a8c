// The table of settings.
#include "engine/training/settings.h"

#include <type_traits>
#include <utility>

#include "engine/core/error.h"
#include "engine/training/setting_values.h"

namespace lanegrad {

namespace {

using View = std::string_view;

constexpr Range kTurn{"0 to 180", 0, 180, true, true};
constexpr Range kLean{"at least 0 and below 90", 0, 90};
constexpr Range kCount{"a whole number of at least 1", 1};
constexpr Range kCountOrNone{"a whole number of at least 0"};

template <class T>
T& member(T& object) {
  return object;
}
template <class T, class First, class... Rest>
auto& member(T& object, First first, Rest... rest) {
  return member(object.*first, rest...);
}

// The setting whose value `members` lead to in a Recipe; a number has a range.
template <const Range* range, auto... members>
constexpr Setting at(Setting setting) {
  using Value = std::remove_cvref_t<decltype(member(std::declval<Recipe&>(), members...))>;
  setting.kind = setting_values::kKind<Value>;
  setting.range = range;
  setting.write = [](Recipe& r, View key, View text) {
    setting_values::parse(key, text, range, member(r, members...));
  };
  setting.read = [](const Recipe& r) { return setting_values::text_of(member(r, members...)); };
  setting.assign = [](Recipe& r, double number) {
    member(r, members...) = static_cast<Value>(number);
  };
  setting.number = [](const Recipe& r) { return setting_values::number_of(member(r, members...)); };
  return setting;
}

using R = Recipe;
using Optimizing = OptimizerOptions;
constexpr auto kOptimizer = &R::optimizer_options;
constexpr auto kSchedule = &R::schedule;
constexpr auto kAugmentation = &R::augmentation;
constexpr const Range* kNone = nullptr;

constexpr Setting kSettings[] = {
    {.key = "net",
     .title = "net",
     .value = "NET",
     .help = "A name of the catalog, or a text such as 'conv 24 5x5, pool 2, relu, dense 128, "
             "relu, dense classes'.",
     .write = [](R& r, View, View text) { r.net = text; },
     .read = [](const R& r) { return r.net; }},
    {.key = "optimizer",
     .group = "optimizer",
     .title = "optimizer",
     .value = "NAME",
     .help = "The optimizer, as torch.optim's Adam, AdamW and SGD.",
     .kind = SettingKind::Choice,
     .choices = optimizer_names,
     .write = [](R& r, View, View text) { r.optimizer = text; },  // the catalog refuses others
     .read = [](const R& r) { return r.optimizer; }},
    at<&kRate, kOptimizer, &Optimizing::learning_rate>({.key = "learning-rate",
                                                        .group = "optimizer",
                                                        .alias = "lr",
                                                        .title = "learning rate",
                                                        .value = "RATE",
                                                        .help = "The learning rate."}),
    at<&kRate, kOptimizer, &Optimizing::weight_decay>(
        {.key = "weight-decay",
         .group = "optimizer",
         .title = "weight decay",
         .value = "RATE",
         .help = "How strongly weights are pulled towards 0. With adam and sgd, this much of each "
                 "weight is added to its gradient; with adamw, each step multiplies the weights by "
                 "1 − learning rate · weight decay."}),
    at<&kBelowOne, kOptimizer, &Optimizing::momentum>(
        {.key = "momentum",
         .group = "optimizer",
         .title = "momentum",
         .value = "SHARE",
         .help = "The share of its velocity that a step keeps.",
         .of = "sgd"}),
    at<kNone, kOptimizer, &Optimizing::nesterov>(
        {.key = "nesterov",
         .group = "optimizer",
         .title = "Nesterov’s momentum",
         .help = "Whether steps look ahead with their momentum, which has to be above 0 (Sutskever "
                 "et al. 2013).",
         .of = "sgd"}),
    at<&kBelowOne, kOptimizer, &Optimizing::beta1>(
        {.key = "beta1",
         .group = "optimizer",
         .title = "beta 1",
         .value = "SHARE",
         .help = "The share of the mean of gradients that a step keeps.",
         .of = "adam adamw"}),
    at<&kBelowOne, kOptimizer, &Optimizing::beta2>(
        {.key = "beta2",
         .group = "optimizer",
         .title = "beta 2",
         .value = "SHARE",
         .help = "The share of the mean of squared gradients that a step keeps.",
         .of = "adam adamw"}),
    at<&kPositive, kOptimizer, &Optimizing::epsilon>(
        {.key = "epsilon",
         .group = "optimizer",
         .title = "epsilon",
         .value = "NUMBER",
         .help = "What is added to the root of the mean of squared gradients.",
         .of = "adam adamw"}),
    {.key = "schedule",
     .group = "schedule",
     .title = "schedule",
     .value = "NAME",
     .help = "How the learning rate changes over all steps. constant: it stays. step: it falls "
             "drops − 1 times. cosine: it falls along half a cosine, from the first step to end "
             "after the last. one-cycle: it climbs from start first and then falls to end.",
     .kind = SettingKind::Choice,
     .choices = schedule_names,
     .write = [](R& r, View, View text) { r.schedule.kind = schedule_from_name(text); },
     .read = [](const R& r) { return std::string(to_string(r.schedule.kind)); }},
    at<&kCount, kSchedule, &Schedule::drops>(
        {.key = "drops",
         .group = "schedule",
         .title = "equal parts",
         .value = "COUNT",
         .help = "The number of equal parts of the training, between which the rate is multiplied "
                 "by factor.",
         .of = "step"}),
    at<&kShare, kSchedule, &Schedule::factor>(
        {.key = "factor",
         .group = "schedule",
         .title = "factor per part",
         .value = "SHARE",
         .help = "What the rate is multiplied by from one part to the next.",
         .of = "step"}),
    at<&kShare, kSchedule, &Schedule::warm_up>(
        {.key = "warm-up",
         .group = "schedule",
         .title = "warm-up",
         .value = "SHARE",
         .help = "The share of the steps in which the rate climbs; the last of them has the full "
                 "rate.",
         .of = "one-cycle"}),
    at<&kShare, kSchedule, &Schedule::start>(
        {.key = "start",
         .group = "schedule",
         .title = "starting share",
         .value = "SHARE",
         .help = "The first rate, as a share of the learning rate.",
         .of = "one-cycle"}),
    at<&kShare, kSchedule, &Schedule::end>(
        {.key = "end",
         .group = "schedule",
         .title = "final share",
         .value = "SHARE",
         .help = "The rate that is reached after the last step, as a share of the learning rate.",
         .of = "cosine one-cycle"}),
    at<&kCount, &R::batch_size>({.key = "batch-size",
                                 .alias = "batch",
                                 .title = "batch size",
                                 .value = "COUNT",
                                 .help = "The samples per step."}),
    at<&kCount, &R::epochs>({.key = "epochs",
                             .title = "epochs",
                             .value = "COUNT",
                             .help = "The passes over the training samples, and the length of the "
                                     "schedule: where that is not constant, no more epochs can be "
                                     "trained."}),
    at<&kCountOrNone, &R::seed>({.key = "seed",
                                 .title = "seed",
                                 .value = "NUMBER",
                                 .help = "The seed of the first weights, the order of the samples "
                                         "and all other randomness, below 2^64."}),
    at<&kBelowOne, &R::label_smoothing>(
        {.key = "label-smoothing",
         .title = "label smoothing",
         .value = "SHARE",
         .help = "The share of each label that is spread over all classes."}),
    at<&kRate, &R::clip_norm>(
        {.key = "clip-norm",
         .title = "gradient clipping",
         .value = "NORM",
         .help = "The largest norm that all gradients together may have before they are scaled "
                 "down; 0 is no limit."}),
    at<&kExactlyBelowOne, &R::averaging>(
        {.key = "averaging",
         .title = "weight averaging",
         .value = "DECAY",
         .help = "Where above 0, evaluations and predictions use a moving average of the weights, "
                 "which keeps this share of itself in each step, for example 0.999."}),
    at<&kCountOrNone, &R::validation>(
        {.key = "validation",
         .title = "validation samples",
         .value = "COUNT",
         .help = "The number of training samples that are held back; each epoch is validated with "
                 "them."}),
    at<&kCountOrNone, &R::patience>(
        {.key = "patience",
         .title = "patience",
         .value = "EPOCHS",
         .help = "Where above 0, training stops after this many epochs without a smaller "
                 "validation loss, and the best weights are put back."}),
    at<&kRate, kAugmentation, &Augmentation::shift>(
        {.key = "shift",
         .group = "augment",
         .title = "shift",
         .value = "PIXELS",
         .help = "The most pixels by which an image is shifted, in each direction.",
         .images_only = true}),
    at<&kTurn, kAugmentation, &Augmentation::rotation>(
        {.key = "rotation",
         .group = "augment",
         .title = "rotation",
         .value = "DEGREES",
         .help = "The most degrees by which an image is rotated, either way.",
         .images_only = true}),
    at<&kBelowOne, kAugmentation, &Augmentation::scale>(
        {.key = "scale",
         .group = "augment",
         .title = "scale",
         .value = "SHARE",
         .help = "The most by which an image is scaled: 0.1 makes it up to a tenth larger or "
                 "smaller.",
         .images_only = true}),
    at<&kLean, kAugmentation, &Augmentation::shear>(
        {.key = "shear",
         .group = "augment",
         .title = "shear",
         .value = "DEGREES",
         .help = "The most degrees by which an image's upright lines are made to lean, either way.",
         .images_only = true}),
    at<kNone, &R::normalize>({.key = "normalize",
                              .title = "normalisation",
                              .help = "Whether images are shifted and scaled to mean 0 and "
                                      "deviation 1 over the training images' pixels.",
                              .images_only = true}),
};

}  // namespace

std::string_view to_string(SettingKind kind) {
  constexpr View kNames[] = {"text", "choice", "number", "whole", "seed", "flag"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::span<const Setting> settings() { return kSettings; }

void set(Recipe& recipe, View key, View text) {
  std::string keys;
  for (const Setting& setting : kSettings) {
    if (setting.key == key) return setting.write(recipe, key, text);
    keys += str(keys.empty() ? "" : ", ", setting.key);
  }
  fail(ErrorCode::NotFound, "recipe: nothing is called '", key, "', known are ", keys);
}

std::vector<std::pair<View, std::string>> entries(const Recipe& recipe) {
  std::vector<std::pair<View, std::string>> all;
  for (const Setting& setting : kSettings) all.emplace_back(setting.key, setting.read(recipe));
  return all;
}

}  // namespace lanegrad
