#include "engine/training/recipe.h"

#include <algorithm>
#include <string>

#include "engine/dataloaders/array_loader.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

// For each key a value that is not the usual one.
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

// Two dots of light in 4 x 4 pixels; the class says where.
std::shared_ptr<const ImageSet> dots(Index count) {
  auto set = std::make_shared<ImageSet>();
  set->count = count;
  set->height = set->width = 4;
  set->classes = 2;
  set->pixels.assign(static_cast<std::size_t>(16 * count), 0);
  for (Index i = 0; i < count; ++i) {
    set->labels.push_back(static_cast<std::uint8_t>(i % 2));
    set->pixels[static_cast<std::size_t>(16 * i + (i % 2 ? 5 : 10))] = 255;
  }
  return set;
}

}  // namespace

TEST_CASE("every key of a recipe can be written and read", "[recipe]") {
  CHECK(std::size(kOthers) == recipe_fields().size());
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
  CHECK(refusal("warm-up", "1.1") == "InvalidArgument: recipe: warm-up '1.1', expected 0 to 1");
  CHECK(refusal("nesterov", "maybe") ==
        "InvalidArgument: recipe: nesterov 'maybe', expected true or false");
  CHECK(refusal("schedule", "linear") ==
        "NotFound: schedule: no schedule is called 'linear', known are constant, step, cosine, "
        "one-cycle");
  const std::string unknown = refusal("lr", "1");
  CHECK(
      unknown.starts_with("NotFound: recipe: nothing is called 'lr', known are net, optimizer, "));
  CHECK(unknown.ends_with(", patience"));
}

TEST_CASE("recipes by name", "[recipe]") {
  REQUIRE_FALSE(recipes().empty());
  for (const NamedRecipe& known : recipes()) {
    INFO(known.name);
    CHECK(known.recipe.net == known.name);
    CHECK(known.description.ends_with("."));
    CHECK(recipe_for(known.name) == known.recipe);
    Recipe copy;
    for (const auto& [key, text] : entries(known.recipe)) set(copy, key, text);
    CHECK(copy == known.recipe);
  }
  CHECK(recipe_for("dense classes").net == "dense classes");
}

TEST_CASE("a recipe makes a training", "[recipe]") {
  Recipe recipe;
  for (const auto& [key, text] : {std::pair{"learning-rate", "0.02"},
                                  {"schedule", "one-cycle"},
                                  {"epochs", "20"},
                                  {"batch-size", "8"},
                                  {"label-smoothing", "0.1"},
                                  {"clip-norm", "1"},
                                  {"averaging", "0.9"}}) {
    set(recipe, key, text);
  }
  const Training training = make_training(recipe, dots(40), dots(10));
  CHECK(training.recipe == recipe);
  Trainer& trainer = *training.trainer;
  CHECK(trainer.options().steps == 100);
  CHECK(trainer.options().schedule == recipe.schedule);
  CHECK(trainer.options().label_smoothing == 0.1);
  CHECK(trainer.options().clip_norm == 1);
  CHECK(trainer.options().averaging == 0.9);
  CHECK(trainer.optimizer().learning_rate() == 0.02);
  CHECK(trainer.train_loader().batch_size() == 8);
  for (Index epoch = 0; epoch < recipe.epochs; ++epoch) trainer.epoch();
  CHECK(trainer.evaluate().accuracy() == 1);
}

TEST_CASE("the same recipe trains the same weights", "[recipe]") {
  const auto weights = [](const char* seed) {
    Recipe recipe;
    set(recipe, "seed", seed);
    set(recipe, "batch-size", "8");
    const Training training = make_training(recipe, dots(40), nullptr);
    training.trainer->epoch();
    CHECK(training.trainer->test_loader() == nullptr);
    return values(training.trainer->net().tensors()[0].data());
  };
  CHECK(weights("1") == weights("1"));
  CHECK(weights("1") != weights("2"));
}

TEST_CASE("a recipe trains on loaders of one's own", "[recipe]") {
  const NdArray x = NdArray::from({4, 1}, {0, 1, 2, 3});
  const Training training =
      make_training({}, {.train = std::make_shared<ArrayLoader>(x, x, 2, std::nullopt)});
  CHECK(training.trainer->options().steps == 6);
  CHECK(training.trainer->predict(x).shape() == Shape{4, 1});
  CHECK(error_of([] { make_training({}, Loaders{}); }) ==
        "InvalidArgument: recipe: no training data, expected some");
}

}  // namespace lanegrad::test
