// One table says all settings: their keys, values and help, and where they stand in a Recipe.
#include "engine/training/recipe.h"

#include <charconv>
#include <limits>
#include <optional>

#include "engine/core/error.h"
#include "engine/core/number.h"
#include "engine/nets/net_text.h"

namespace lanegrad {

namespace {

using View = std::string_view;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// What a number may be: from `low` to `high`, or between them.
struct Range {
  const char* text;
  double low = 0;
  double high = kInfinity;
  bool low_too = true;
  bool high_too = false;

  bool has(double x) const {
    return (low_too ? x >= low : x > low) && (high_too ? x <= high : x < high);
  }
};
constexpr Range kRate{"a finite number of at least 0"};
constexpr Range kPositive{"a finite number above 0", 0, kInfinity, false};
constexpr Range kDecay{"at least 0 and below 1", 0, 1};
constexpr Range kShare{"0 to 1", 0, 1, true, true};
constexpr Range kCount{"a whole number of at least 1", 1};
constexpr Range kCountOrNone{"a whole number of at least 0"};

[[noreturn]] void refuse(View key, View text, View expected) {
  fail(ErrorCode::InvalidArgument, str("recipe: ", key, " '", text, "', expected ", expected));
}

void parse(View key, View text, const Range& range, double& value) {
  const std::optional<double> number = parse_number(text);
  if (!number || !range.has(*number)) refuse(key, text, range.text);
  // So that its text, which has 15 digits, says all of it.
  value = parse_number(number_text(*number, 15)).value_or(*number);
}

void parse(View key, View text, const Range& range, std::optional<double>& value) {
  if (text.empty()) {
    value.reset();
  } else {
    parse(key, text, range, value.emplace());
  }
}

template <class Whole>
void parse(View key, View text, const Range& range, Whole& value) {
  Whole number{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || !range.has(static_cast<double>(number))) {
    refuse(key, text, range.text);
  }
  value = number;
}

void parse(View key, View text, bool& value) {
  if (text != "true" && text != "false") refuse(key, text, "true or false");
  value = text == "true";
}

std::string text_of(double value) { return number_text(value, 15); }
std::string text_of(const std::optional<double>& value) { return value ? text_of(*value) : ""; }
std::string text_of(Index value) { return str(value); }
std::string text_of(std::uint64_t value) {
  char buffer[24];
  return std::string(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
}
std::string text_of(bool value) { return value ? "true" : "false"; }
std::string text_of(ScheduleKind value) { return std::string(to_string(value)); }

// A setting with a range, which stands at `place(recipe)`.
template <auto place, const Range& range>
constexpr RecipeField number(View key, View value, View help) {
  return {key, value, help, [](Recipe& r, View k, View text) { parse(k, text, range, place(r)); },
          [](const Recipe& r) { return text_of(place(r)); }};
}

template <auto place>
constexpr RecipeField flag(View key, View help) {
  return {key, "", help, [](Recipe& r, View k, View text) { parse(k, text, place(r)); },
          [](const Recipe& r) { return text_of(place(r)); }};
}

// Errors about names come from where the name means something.
constexpr RecipeField kFields[] = {
    {"net", "NET", "the net: a name, or layers like 'conv 8 5x5, pool 2, relu, dense classes'",
     [](Recipe& r, View, View text) { r.net = text; }, [](const Recipe& r) { return r.net; }},
    {"optimizer", "NAME", "adam, adamw or sgd",
     [](Recipe& r, View, View text) { r.optimizer = text; },
     [](const Recipe& r) { return r.optimizer; }},
    number < [](auto& r) -> auto& {return r.optimizer_options.learning_rate;
}  // namespace
, kRate > ("learning-rate", "RATE", "learning rate (usually 0.001, for sgd 0.01)"), number < [
](auto& r) -> auto& {
  return r.optimizer_options.weight_decay;
}
, kRate > ("weight-decay", "RATE", "weight decay (usually 0, for adamw 0.01)"), number < [
](auto& r) -> auto& {
  return r.optimizer_options.momentum;
}
, kDecay > ("momentum", "SHARE", "momentum of sgd (usually 0)"), flag < [](auto& r) -> auto& {
  return r.optimizer_options.nesterov;
}
> ("nesterov", "sgd looks ahead with its momentum"), number < [](auto& r) -> auto& {
  return r.optimizer_options.beta1;
}
, kDecay > ("beta1", "SHARE", "of adam and adamw (usually 0.9)"), number < [](auto& r) -> auto& {
  return r.optimizer_options.beta2;
}
, kDecay > ("beta2", "SHARE", "of adam and adamw (usually 0.999)"), number < [](auto& r) -> auto& {
  return r.optimizer_options.epsilon;
}
, kPositive > ("epsilon", "NUMBER", "of adam and adamw (usually 1e-08)"),
    {"schedule", "NAME", "of the learning rate: constant, step, cosine or one-cycle",
     [](Recipe& r, View, View text) { r.schedule.kind = schedule_from_name(text); },
     [](const Recipe& r) { return text_of(r.schedule.kind); }},
    number < [](auto& r) -> auto& {
  return r.schedule.drops;
}
, kCount > ("drops", "COUNT", "of the schedule step"), number < [](auto& r) -> auto& {
  return r.schedule.factor;
}
, kShare > ("factor", "SHARE", "that the rate is multiplied by at each drop"), number < [
](auto& r) -> auto& {
  return r.schedule.warm_up;
}
, kShare > ("warm-up", "SHARE", "of the steps in which the rate of one-cycle climbs"), number < [
](auto& r) -> auto& {
  return r.schedule.start;
}
, kShare > ("start", "SHARE", "of the rate that one-cycle starts with"), number < [
](auto& r) -> auto& {
  return r.schedule.end;
}
, kShare > ("end", "SHARE", "of the rate that cosine and one-cycle end with"), number < [
](auto& r) -> auto& {
  return r.epochs;
}
, kCount > ("epochs", "COUNT", "passes over the training samples"), number < [](auto& r) -> auto& {
  return r.batch_size;
}
, kCount > ("batch-size", "COUNT", "samples per step"), number < [](auto& r) -> auto& {
  return r.seed;
}
, kCountOrNone > ("seed", "NUMBER", "of all random numbers"), number < [](auto& r) -> auto& {
  return r.label_smoothing;
}
, kDecay > ("label-smoothing", "SHARE", "of each target that goes to all classes"), number < [
](auto& r) -> auto& {
  return r.clip_norm;
}
, kRate > ("clip-norm", "NORM", "the most that the gradients' norm may be; 0: anything"), number < [
](auto& r) -> auto& {
  return r.averaging;
}
, kDecay > ("averaging", "DECAY", "of the weights' moving average per step; 0: none"), number < [
](auto& r) -> auto& {
  return r.validation;
}
, kCountOrNone > ("validation", "COUNT", "training samples kept apart for validation"), number < [
](auto& r) -> auto& {
  return r.patience;
}
,
    kCountOrNone >
        ("patience", "EPOCHS", "without a smaller validation loss, then training stops; 0: never"),
};  // namespace lanegrad

}  // namespace

std::span<const RecipeField> recipe_fields() { return kFields; }

void set(Recipe& recipe, View key, View text) {
  std::string keys;
  for (const RecipeField& field : kFields) {
    if (field.key == key) return field.write(recipe, key, text);
    keys += str(keys.empty() ? "" : ", ", field.key);
  }
  fail(ErrorCode::NotFound, str("recipe: nothing is called '", key, "', known are ", keys));
}

std::vector<std::pair<View, std::string>> entries(const Recipe& recipe) {
  std::vector<std::pair<View, std::string>> all;
  for (const RecipeField& field : kFields) all.emplace_back(field.key, field.read(recipe));
  return all;
}

Training make_training(const Recipe& recipe, std::shared_ptr<const ImageSet> train,
                       std::shared_ptr<const ImageSet> test) {
  require(recipe.validation == 0, ErrorCode::Unsupported,
          [] { return "recipe: validation of images, expected none so far"; });
  Loaders loaders{.train =
                      std::make_shared<Mnist>(std::move(train), recipe.batch_size, recipe.seed)};
  if (test) loaders.test = std::make_shared<Mnist>(std::move(test), kEvaluationBatch, std::nullopt);
  return make_training(recipe, std::move(loaders));
}

Training make_training(const Recipe& recipe, Loaders loaders) {
  require(loaders.train != nullptr, ErrorCode::InvalidArgument,
          [] { return "recipe: no training data, expected some"; });
  Random weights(recipe.seed, streams::kWeights);
  const NetInput input{.sample = loaders.train->sample_shape(),
                       .outputs = loaders.train->outputs()};
  std::shared_ptr<Net> net = make_net(recipe.net, input, weights);
  std::shared_ptr<Optimizer> optimizer =
      make_optimizer(recipe.optimizer, net->tensors(), recipe.optimizer_options);
  const TrainerOptions options{.schedule = recipe.schedule,
                               .steps = recipe.epochs * loaders.train->batches(),
                               .label_smoothing = recipe.label_smoothing,
                               .clip_norm = recipe.clip_norm,
                               .averaging = recipe.averaging,
                               .patience = recipe.patience};
  auto trainer =
      std::make_shared<Trainer>(std::move(net), std::move(optimizer), std::move(loaders.train),
                                std::move(loaders.test), std::move(loaders.validation), options);
  return {recipe, std::move(trainer)};
}

}  // namespace lanegrad
