#include "engine/training/settings.h"

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

// For each key, a value that is not the default.
constexpr std::pair<const char*, const char*> kOthers[] = {
    {"net", "lenet"},
    {"optimizer", "sgd"},
    {"learning-rate", "0.0123"},
    {"weight-decay", "1e-05"},
    {"momentum", "0.9"},
    {"nesterov", "true"},
    {"beta1", "0.8"},
    {"beta2", "0.99"},
    {"epsilon", "1e-06"},
    {"schedule", "one-cycle"},
    {"drops", "5"},
    {"factor", "0.25"},
    {"warm-up", "0.2"},
    {"start", "0.1"},
    {"end", "0.001"},
    {"epochs", "7"},
    {"batch-size", "250"},
    {"seed", "18446744073709551615"},
    {"label-smoothing", "0.1"},
    {"clip-norm", "1.5"},
    {"averaging", "0.999"},
    {"validation", "5000"},
    {"patience", "3"},
    {"shift", "2"},
    {"rotation", "10"},
    {"scale", "0.125"},
    {"shear", "7"},
    {"normalize", "true"},
};

std::string refusal(std::string_view key, std::string_view text) {
  Recipe recipe;
  return error_of([&] { set(recipe, key, text); });
}

std::string text_of(const Recipe& recipe, std::string_view key) {
  for (const auto& [known, text] : entries(recipe)) {
    if (known == key) return text;
  }
  return "none";
}

// Pictures of 16 x 16 pixels in two classes, whose bright bar stands at a place and in a direction
// of its own.
std::shared_ptr<const ImageSet> bars(Index count) {
  constexpr Index kSide = 16;
  auto set = std::make_shared<ImageSet>();
  set->count = count;
  set->height = set->width = kSide;
  set->classes = 2;
  set->pixels.assign(static_cast<std::size_t>(count * kSide * kSide), 0);
  for (Index i = 0; i < count; ++i) {
    set->labels.push_back(static_cast<std::uint8_t>(i % 2));
    std::uint8_t* const pixels = set->pixels.data() + i * kSide * kSide;
    for (Index j = 3; j < 12; ++j) {
      const Index line = 4 + i % 7;
      pixels[i % 2 ? line * kSide + j : j * kSide + line] = static_cast<std::uint8_t>(255 - 10 * j);
    }
  }
  return set;
}

// What a whole training of this recipe comes to: its epochs and the weights that answer.
std::vector<Real> result_of(const Recipe& recipe) {
  const Training training = make_training(recipe, bars(40), nullptr);
  while (training.loop->advance(recipe.epochs) != LoopEvent::Finished) {
  }
  std::vector<Real> result{static_cast<Real>(training.trainer->state().epochs)};
  for (const NamedTensor& named : training.trainer->answering()) {
    const auto values = named.tensor.data().values();
    result.insert(result.end(), values.begin(), values.end());
  }
  return result;
}

Setting setting_of(std::string_view key) {
  static Recipe usual;
  return lanegrad::setting_of(usual, key);
}

}  // namespace

TEST_CASE("every key of a recipe can be written and read", "[recipe]") {
  CHECK(std::size(kOthers) == settings().size());
  Recipe all;
  for (const auto& [key, text] : kOthers) {
    INFO(key);
    Recipe one;
    CHECK(text_of(one, key) != text);
    set(one, key, text);
    CHECK(text_of(one, key) == text);
    CHECK(one != Recipe());
    set(all, key, text);
  }
  Recipe copy;
  for (const auto& [key, text] : entries(all)) set(copy, key, text);
  CHECK(copy == all);
  Recipe usual = all;
  for (const auto& [key, text] : entries(Recipe())) set(usual, key, text);
  CHECK(usual == Recipe());
}

TEST_CASE("settings of one's own optimizer come and go", "[recipe]") {
  Recipe recipe;
  CHECK(text_of(recipe, "learning-rate").empty());
  set(recipe, "learning-rate", "0");
  CHECK(recipe.optimizer_options.learning_rate == 0.0);
  set(recipe, "learning-rate", "");
  CHECK_FALSE(recipe.optimizer_options.learning_rate);
}

TEST_CASE("numbers of a recipe are all that their text says", "[recipe]") {
  Recipe recipe;
  set(recipe, "learning-rate", "0.30000000000000004");
  CHECK(recipe.optimizer_options.learning_rate == 0.3);
  CHECK(text_of(recipe, "learning-rate") == "0.3");
}

TEST_CASE("a recipe refuses in one sentence", "[recipe]") {
  CHECK(refusal("batch-size", "0") ==
        "InvalidArgument: recipe: batch-size '0', expected a whole number of at least 1");
  CHECK(refusal("epochs", "1.5") ==
        "InvalidArgument: recipe: epochs '1.5', expected a whole number of at least 1");
  CHECK(refusal("validation", "-1") ==
        "InvalidArgument: recipe: validation '-1', expected a whole number of at least 0");
  CHECK(refusal("seed", "18446744073709551616") ==
        "InvalidArgument: recipe: seed '18446744073709551616', expected a whole number of at least "
        "0");
  CHECK(refusal("learning-rate", "fast") ==
        "InvalidArgument: recipe: learning-rate 'fast', expected a finite number of at least 0");
  CHECK(refusal("learning-rate", "nan").find("'nan', expected a finite") != std::string::npos);
  CHECK(refusal("learning-rate", "1e999").find("expected a finite") != std::string::npos);
  CHECK(refusal("label-smoothing", "1") ==
        "InvalidArgument: recipe: label-smoothing '1', expected at least 0 and below 1");
  CHECK(refusal("label-smoothing", "") ==
        "InvalidArgument: recipe: label-smoothing '', expected at least 0 and below 1");
  CHECK(refusal("epsilon", "0") ==
        "InvalidArgument: recipe: epsilon '0', expected a finite number above 0");
  CHECK(refusal("epsilon", "1e-46") ==
        "InvalidArgument: recipe: epsilon '1e-46' is 0 as a 32-bit number, expected a finite "
        "number above 0");
  CHECK(refusal("beta2", "0.99999999") ==
        "InvalidArgument: recipe: beta2 '0.99999999' is 1 as a 32-bit number, expected at least 0 "
        "and below 1");
  CHECK(refusal("averaging", "0.99999999") == "no error");  // kernels get its distance to 1
  CHECK(refusal("warm-up", "1.1") == "InvalidArgument: recipe: warm-up '1.1', expected 0 to 1");
  CHECK(refusal("nesterov", "maybe") ==
        "InvalidArgument: recipe: nesterov 'maybe', expected true or false");
  CHECK(refusal("schedule", "linear") ==
        "NotFound: schedule: no schedule is called 'linear', known are constant, step, cosine, "
        "one-cycle");
  const std::string unknown = refusal("lr", "1");
  CHECK(
      unknown.starts_with("NotFound: recipe: nothing is called 'lr', known are net, optimizer, "));
  CHECK(unknown.ends_with(", normalize"));
}

TEST_CASE("numbers of a recipe can be read and set without their text", "[recipe]") {
  for (const auto& [key, text] : kOthers) {
    INFO(key);
    const Setting setting = setting_of(key);
    CHECK((setting.kind() == SettingKind::Text || setting.kind() == SettingKind::Choice) ==
          !setting.is_number());
    if (!setting.is_number() || setting.kind() == SettingKind::Seed) continue;
    Recipe written;
    set(written, key, text);
    Recipe assigned;
    lanegrad::setting_of(assigned, key).assign(lanegrad::setting_of(written, key).number());
    CHECK(assigned == written);
  }
  CHECK(std::isnan(setting_of("learning-rate").number()));
  CHECK(setting_of("nesterov").number() == 0);
}

TEST_CASE("every setting says what it is", "[recipe]") {
  for (const Setting& setting : settings()) {
    INFO(setting.key);
    CHECK(setting.help.ends_with("."));
    CHECK_FALSE(setting.title.empty());
    CHECK((setting.kind() == SettingKind::Flag) == setting.placeholder.empty());
    CHECK((setting.kind() == SettingKind::Choice) == !setting.choices.empty());
    const bool number = setting.kind() == SettingKind::Number ||
                        setting.kind() == SettingKind::Whole || setting.kind() == SettingKind::Seed;
    CHECK(number == (setting.range != nullptr));
    if (setting.range)
      CHECK(describe(setting).find(std::string(setting.range->text).substr(1)) !=
            std::string::npos);
    for (const Setting& other : settings()) CHECK(other.key != setting.alias);
  }
  CHECK(
      describe(setting_of("momentum")) ==
      "For sgd: the share of its velocity that a step keeps. At least 0 and below 1. Default: 0.");
  CHECK(describe(setting_of("beta1")) ==
        "For adam and adamw: the share of the mean of gradients that a step keeps. At least 0 and "
        "below 1. Default: 0.9.");
  CHECK(describe(setting_of("learning-rate")) ==
        "The learning rate. A finite number of at least 0. Default: 0.001, with sgd 0.01.");
  CHECK(describe(setting_of("weight-decay")).ends_with(" Default: 0, with adamw 0.01."));
  CHECK(describe(setting_of("epsilon")).ends_with(" A finite number above 0. Default: 1e-08."));
  CHECK(describe(setting_of("shear")).ends_with(" For images only. Default: 0."));
  CHECK(describe(setting_of("schedule"))
            .ends_with(" One of constant, step, cosine, one-cycle. Default: constant."));
}

TEST_CASE("the settings of an optimizer are those that it has", "[recipe]") {
  for (const std::string_view name : optimizer_names()) {
    INFO(name);
    Recipe usual = usual_recipe(name);
    for (const Setting& setting : settings_of(usual)) {
      if (setting.group != "optimizer" || !setting.is_number()) continue;
      INFO(setting.key);
      const bool has = setting.belongs_to(name);
      if (setting.kind() != SettingKind::Flag) CHECK(has == !std::isnan(setting.number()));
      Recipe other;
      set(other, "momentum", setting.key == "nesterov" && has ? "0.5" : "");
      lanegrad::setting_of(other, setting.key)
          .assign(setting.kind() == SettingKind::Flag ? 1 : 0.5);
      const std::string error =
          error_of([&] { make_optimizer(name, {}, other.optimizer_options); });
      CHECK(has == (error == "no error"));
    }
  }
}

TEST_CASE("the settings of a schedule are those that change it", "[recipe]") {
  for (const std::string_view name : schedule_names()) {
    INFO(name);
    Recipe usual;
    set(usual, "schedule", name);
    for (const auto& [key, text] : kOthers) {
      const Setting setting = setting_of(key);
      if (setting.group != "schedule" || !setting.is_number()) continue;
      INFO(key);
      Recipe other = usual;
      set(other, key, text);
      bool differs = false;
      for (Index step = 0; step < 10; ++step) {
        differs |= learning_rate_factor(usual.schedule, step, 10) !=
                   learning_rate_factor(other.schedule, step, 10);
      }
      CHECK(setting.belongs_to(name) == differs);
    }
  }
}

TEST_CASE("every setting changes what a training comes to", "[recipe]") {
  for (const auto& [key, usual_other] : kOthers) {
    INFO(key);
    Recipe base;
    const std::vector<std::pair<const char*, const char*>> small = {
        {"net", "dense 5, relu, dense classes"}, {"epochs", "3"}, {"batch-size", "8"}};
    for (const auto& [name, text] : small) set(base, name, text);
    // What else has to be so that the setting can matter.
    const Setting setting = setting_of(key);
    const std::string of(setting.of.substr(0, setting.of.find(' ')));
    if (!of.empty()) set(base, setting.group, of);
    if (std::string(key) == "nesterov") set(base, "momentum", "0.9");
    std::string other = usual_other;
    if (other == "5000") other = "10";   // of 40 pictures
    if (other == "1.5") other = "0.01";  // below the gradients' norm
    if (std::string(key) == "patience") {
      set(base, "validation", "10");
      set(base, "learning-rate", "0");  // so that no epoch is better than the first
      other = "1";
    }
    Recipe changed = base;
    set(changed, key, other);
    CHECK(result_of(base) == result_of(base));
    CHECK(result_of(changed) != result_of(base));
  }
}

}  // namespace lanegrad::test
