#include "engine/training/recipe.h"

#include <cmath>
#include <string>
#include <vector>

#include "engine/dataloaders/array_loader.h"
#include "engine/dataloaders/split.h"
#include "engine/nets/catalog.h"
#include "engine/training/settings.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

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

TEST_CASE("recipes by name", "[recipe]") {
  REQUIRE(recipes().size() == catalog().size());
  for (std::size_t i = 0; i < catalog().size(); ++i) CHECK(recipes()[i].name == catalog()[i].name);
  for (const NamedRecipe& known : recipes()) {
    INFO(known.name);
    CHECK(known.recipe().net == known.name);
    CHECK(known.description.ends_with("."));
    CHECK(recipe_for(known.name) == known.recipe());
    Recipe copy;
    for (const auto& [key, text] : entries(known.recipe())) set(copy, key, text);
    CHECK(copy == known.recipe());
  }
  CHECK(recipe_for("LeNet") == recipe_for("lenet"));
  CHECK(recipe_for("dense classes").net == "dense classes");
  CHECK(recipe_for("") == Recipe{});
}

TEST_CASE("settings change the recipe of their net, in whatever order", "[recipe]") {
  using Settings = std::vector<std::pair<std::string_view, std::string_view>>;
  CHECK(recipe_with({}) == Recipe{});  // not of "mlp", whose recipe is for images
  for (const NamedRecipe& known : recipes()) {
    INFO(known.name);
    CHECK(recipe_with(Settings{{"net", known.name}}) == known.recipe());
    Recipe changed = known.recipe();
    changed.optimizer = "sgd";
    changed.optimizer_options = {.learning_rate = 0.25};
    if (known.recipe().optimizer != "sgd") {
      CHECK(recipe_with(Settings{
                {"learning-rate", "0.25"}, {"net", known.name}, {"optimizer", "sgd"}}) == changed);
    }
    Recipe same = known.recipe();
    same.schedule.end = 0.125;
    const std::string_view kind = to_string(same.schedule.kind);
    CHECK(recipe_with(Settings{{"schedule", kind}, {"end", "0.125"}, {"net", known.name}}) == same);
    same.schedule = {.kind = ScheduleKind::Step, .end = 0.125};
    CHECK(recipe_with(Settings{{"end", "0.125"}, {"net", known.name}, {"schedule", "step"}}) ==
          same);
  }
  CHECK(recipe_with(Settings{{"epochs", "5"}, {"epochs", "6"}}).epochs == 6);
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
  CHECK(trainer.schedule_steps() == 100);
  CHECK(trainer.options().schedule == recipe.schedule);
  CHECK(trainer.options().label_smoothing == 0.1);
  CHECK(trainer.options().clip_norm == 1);
  CHECK(trainer.options().averaging == 0.9);
  CHECK(trainer.optimizer().learning_rate() == 0.02);
  CHECK(trainer.train_loader().batch_size() == 8);
  for (Index epoch = 0; epoch < recipe.epochs; ++epoch) trainer.epoch();
  CHECK(trainer.evaluate().accuracy() == 1);
}

TEST_CASE("a recipe sets validation samples apart and normalizes by the others", "[recipe]") {
  Recipe recipe;
  set(recipe, "validation", "10");
  set(recipe, "normalize", "true");
  set(recipe, "patience", "2");
  const Training training = make_training(recipe, dots(40), dots(10));
  Trainer& trainer = *training.trainer;
  CHECK(trainer.train_loader().size() == 30);
  REQUIRE(trainer.validation_loader() != nullptr);
  CHECK(trainer.validation_loader()->size() == 10);
  CHECK(trainer.schedule_steps() == 3);
  CHECK(trainer.epoch().samples() == 30);
  CHECK(trainer.evaluate(EvaluationSet::Validation).samples() == 10);
  const std::vector<std::int32_t>& confusion = trainer.validation_metrics().confusion();
  CHECK(confusion[0] + confusion[1] == 5);  // of both classes as many
  CHECK_FALSE(trainer.end_epoch());

  // One pixel of 16 is white.
  const double mean = 1.0 / 16;
  const double deviation = std::sqrt(mean * (1 - mean));
  Batch batch;
  const std::uint32_t first[] = {0};
  for (DataLoader* loader : {&trainer.train_loader(), trainer.test_loader()}) {
    loader->samples(first, batch);
    CHECK(batch.inputs.at({0, 0, 0, 0}) == Approx(-mean / deviation));
    CHECK(batch.inputs.at({0, 0, 2, 2}) == Approx((1 - mean) / deviation));
  }
  // A picture from outside is normalized, too.
  NdArray drawn = NdArray::zeros({1, 1, 4, 4});
  drawn.mutable_data()[10] = 1;
  const NdArray answer = trainer.net().forward(Tensor(batch.inputs)).data();
  CHECK(relative_error(trainer.predict(drawn), answer) < 1e-5);

  set(recipe, "validation", "40");
  CHECK(
      error_of([&] { make_training(recipe, dots(40), nullptr); }).starts_with("InvalidArgument: "));
}

TEST_CASE("validation samples do not tell how to normalize", "[recipe]") {
  auto images = std::make_shared<ImageSet>(*dots(40));
  for (std::size_t i = 0; i < images->pixels.size(); ++i) {
    images->pixels[i] = static_cast<std::uint8_t>(i / 8);
  }
  Recipe recipe;
  set(recipe, "validation", "10");
  set(recipe, "normalize", "true");
  const Training training = make_training(recipe, images, images);
  const Split split = stratified_split(ImageLoader(images, ImageLoaderOptions{}), 10, recipe.seed);
  const double mean = normalization_of(*images, split.training).mean[0];
  CHECK(mean != normalization_of(*images).mean[0]);
  for (DataLoader* loader : {&training.trainer->train_loader(), training.trainer->test_loader(),
                             training.trainer->validation_loader()}) {
    CHECK(dynamic_cast<ImageLoader&>(*loader).normalization().mean == PerChannel(mean));
  }
}

TEST_CASE("a recipe augments training samples and no others", "[recipe]") {
  const auto pixels = [](const char* shift) {
    Recipe recipe;
    set(recipe, "shift", shift);
    set(recipe, "validation", "10");
    const Training training = make_training(recipe, dots(40), dots(10));
    Trainer& trainer = *training.trainer;
    std::vector<std::vector<Real>> all;
    for (DataLoader* loader :
         {&trainer.train_loader(), trainer.test_loader(), trainer.validation_loader()}) {
      Batch batch;
      REQUIRE(loader->next(batch));
      all.push_back(values(batch.inputs));
    }
    return all;
  };
  const auto shifted = pixels("1.5");
  const auto plain = pixels("0");
  CHECK(shifted[0] != plain[0]);
  CHECK(shifted[1] == plain[1]);
  CHECK(shifted[2] == plain[2]);
}

TEST_CASE("a training knows its net", "[recipe]") {
  Recipe recipe;
  set(recipe, "net", "conv 2 3x3, relu, dense classes");
  const Training training = make_training(recipe, dots(8), nullptr);
  CHECK(training.net.parameters == training.trainer->net().parameter_count());
  CHECK(training.net.layers.front().name == "conv1");
  set(recipe, "net", "conv 2 5x5, dense classes");
  CHECK(error_of([&] {
          make_training(recipe, dots(8), nullptr);
        }).starts_with("InvalidArgument: net: "));
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

TEST_CASE("a recipe says its learning rates before it is run", "[recipe]") {
  Recipe recipe;
  set(recipe, "schedule", "step");
  set(recipe, "learning-rate", "0.5");
  set(recipe, "batch-size", "4");
  // 3 epochs of 5 batches, without the sample for validation; the rate drops after 5 and 10 steps.
  set(recipe, "validation", "1");
  const std::vector<Real> rates = learning_rates(recipe, 20, 15);
  CHECK(rates[4] == Real(0.5));
  CHECK(rates[5] == Approx(0.05));
  CHECK(rates[10] == Approx(0.005));
  CHECK(learning_rates(recipe, 20, 0).empty());
  // As many points as steps are those of the steps themselves.
  set(recipe, "schedule", "cosine");
  set(recipe, "epochs", "20");
  const std::vector<Real> all = learning_rates(recipe, 20, 100);
  for (Index step = 0; step < 100; ++step) {
    CHECK(all[static_cast<std::size_t>(step)] ==
          static_cast<Real>(0.5 * learning_rate_factor(recipe.schedule, step, 100)));
  }
  // More steps than can be counted.
  set(recipe, "schedule", "constant");
  set(recipe, "epochs", "9000000000000000000");
  CHECK(learning_rates(recipe, 20, 2)[1] == Real(0.5));
}

TEST_CASE("a recipe trains on loaders of one's own", "[recipe]") {
  const NdArray x = NdArray::from({4, 1}, {0, 1, 2, 3});
  const Training training =
      make_training({}, {.train = std::make_shared<ArrayLoader>(x, x, 2, std::nullopt)});
  CHECK(training.trainer->schedule_steps() == 6);
  CHECK(training.trainer->predict(x).shape() == Shape{4, 1});
  Recipe recipe;
  set(recipe, "validation", "1");
  const auto loader = [&] { return std::make_shared<ArrayLoader>(x, x, 2, std::nullopt); };
  const Training split = make_training(recipe, {.train = loader(), .validation = loader()});
  CHECK(split.trainer->train_loader().size() == 3);
  CHECK(split.trainer->validation_loader()->size() == 1);
  CHECK(
      error_of([&] { make_training(recipe, {.train = loader()}); }) ==
      "InvalidArgument: recipe: validation '1' of data with one loader, expected another one over "
      "the same data");
  Recipe images;
  set(images, "shear", "1");
  CHECK(error_of([&] { make_training(images, {.train = loader()}); }) ==
        "InvalidArgument: recipe: augmentation of data that are no images, expected none");
  set(images, "normalize", "true");
  CHECK(error_of([&] { make_training(images, {.train = loader()}); }) ==
        "InvalidArgument: recipe: normalize of data that are no images, expected none");
  CHECK(error_of([] { make_training({}, Loaders{}); }) ==
        "InvalidArgument: recipe: no training data, expected some");
}

}  // namespace lanegrad::test
