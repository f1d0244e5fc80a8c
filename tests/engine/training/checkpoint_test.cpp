// What a checkpoint holds.
#include "tests/engine/training/checkpoints.h"

namespace lanegrad::test {

TEST_CASE("averages are in the file from the first step on", "[checkpoint]") {
  const Settings settings{{"averaging", "0.99"}};
  Training fresh = training_of(settings);
  const Bytes before = save_checkpoint(fresh);
  CHECK(parse_safetensors(before).tensor("average.bias1.bias") == nullptr);
  Training again = load(before);
  for (int i = 0; i < 4; ++i) CHECK(again.trainer->step().loss == fresh.trainer->step().loss);
  const Bytes after = save_checkpoint(fresh);
  CHECK(save_checkpoint(again) == after);
  // Older files have them before the first step, too.
  const Bytes older = edited(before, [](Safetensors& content) {
    for (std::size_t i = content.tensors.size(); i-- > 0;) {
      Safetensors::Entry copy = content.tensors[i];
      if (!copy.name.starts_with("net.")) continue;
      copy.name = "average." + copy.name.substr(4);
      content.tensors.push_back(copy);
    }
  });
  Training old = load(older);
  for (int i = 0; i < 4; ++i) old.trainer->step();
  CHECK(save_checkpoint(old) == after);
  CHECK(refusal(after, [](Safetensors& content) {
          std::erase_if(content.tensors,
                        [](const auto& entry) { return entry.name.starts_with("average."); });
        }) == "CorruptData: checkpoint: no averages after 4 steps, expected those of all tensors");
}

TEST_CASE("a training that was put together by hand has no file", "[checkpoint]") {
  Training training = training_of({});
  training.recipe.net = "";
  CHECK(error_of([&] { save_checkpoint(training); }) ==
        "InvalidState: checkpoint: of a training that was put together by hand, expected one made "
        "of a recipe");
}

TEST_CASE("trainings on arrays have checkpoints, too", "[checkpoint]") {
  const auto loaders = [](Real last) {
    Loaders all;
    all.train = std::make_shared<ArrayLoader>(NdArray::from({3, 2}, {0, 1, 2, 3, 4, last}),
                                              NdArray::from({3, 1}, {1, 2, 3}), 2, 7);
    return all;
  };
  Recipe recipe;
  set(recipe, "net", "dense 3, tanh, dense classes");
  Training whole = make_training(recipe, loaders(5));
  std::vector<double> log;
  for (int i = 0; i < 3; ++i) advance(whole, log);
  Training rest = load_checkpoint(save_checkpoint(whole), loaders(5));
  std::vector<double> rest_log = log;
  advance(whole, log);
  advance(rest, rest_log);
  CHECK(log[log.size() - 5] == rest_log[log.size() - 5]);
  CHECK((save_checkpoint(rest) == save_checkpoint(whole)));
  CHECK(error_of([&] { load_checkpoint(save_checkpoint(whole), loaders(6)); })
            .starts_with("InvalidArgument: checkpoint: of a training on 3 samples of shape [2] "
                         "with the checksum "));
}

TEST_CASE("a checkpoint says what it is made of", "[checkpoint]") {
  Training training = training_of({{"learning-rate", "0.0123"}});
  std::vector<double> log;
  for (int i = 0; i < 4; ++i) advance(training, log);
  const Bytes bytes = save_checkpoint(training);
  CHECK(checkpoint_recipe(bytes) == training.recipe);
  Safetensors content = parse_safetensors(bytes);
  CHECK(content.metadata[0] == std::pair<std::string, std::string>("version", "2"));
  const Safetensors::Entry& weight = entry_of(content, "net.dense1.weight");
  CHECK(weight.dtype == "F32");
  CHECK(weight.shape == Shape{36, 5});
  const NdArray& values = training.trainer->net().named_tensors()[0].tensor.data();
  CHECK(std::memcmp(weight.bytes.data(), values.data(), weight.bytes.size()) == 0);
  std::int64_t step = 0;
  std::memcpy(&step, entry_of(content, "step").bytes.data(), sizeof step);
  CHECK(step == 3);
}

TEST_CASE("settings that a file lacks have their usual values, and unknown ones are refused",
          "[checkpoint]") {
  const Training training = training_of({{"clip-norm", "0"}});
  const Bytes bytes = save_checkpoint(training);
  for (const Setting& setting : settings()) {
    if (setting.key == "net") continue;
    const Bytes older = edited(bytes, [&](Safetensors& c) {
      std::erase_if(c.metadata, [&](const auto& entry) { return entry.first == setting.key; });
    });
    Recipe expected = training.recipe;
    set(expected, setting.key, usual_text(setting.key));
    CHECK(checkpoint_recipe(older) == expected);
    if (setting.key != "batch-size") CHECK((save_checkpoint(load(older)) == bytes));
  }
  CHECK(refusal(bytes, [](Safetensors& c) { c.metadata.emplace_back("warm-restarts", "2"); }) ==
        "Unsupported: checkpoint: a setting 'warm-restarts', expected none of this name, which a "
        "newer version may know");
}

TEST_CASE("a record in the file, which is the page's, changes nothing", "[checkpoint]") {
  Training training = training_of({});
  training.trainer->step();
  const Bytes bytes = save_checkpoint(training);
  const Bytes longer = edited(bytes, [](Safetensors& content) {
    content.metadata.emplace_back("record", R"({"epochs":[{"testLoss":0.1}],"restored":"NaN"})");
  });
  CHECK(checkpoint_recipe(longer) == training.recipe);
  CHECK((save_checkpoint(load(longer)) == bytes));
}

TEST_CASE("a checkpoint holds what an answer needs", "[checkpoint]") {
  Training training = training_of({{"net", "mlp"}, {"normalize", "true"}, {"validation", "10"}});
  training.class_names = "left\n\nright, \"so\"";
  const Bytes bytes = save_checkpoint(training);
  const Safetensors content = parse_safetensors(bytes);
  CHECK(*content.text("net") == "mlp");
  CHECK(*content.text("net-text") == "dense 128, relu, dense classes");
  CHECK(*content.text("class-names") == "left\n\nright, \"so\"");
  const auto number = [&](const char* name) {
    double value = 0;
    std::memcpy(&value, content.tensor(name)->bytes.data(), sizeof value);
    return value;
  };
  CHECK(number("normalization.mean") == training.normalization.mean);
  CHECK(number("normalization.deviation") == training.normalization.deviation);
  CHECK(training.normalization.mean[0] > 0.1);

  const Training rest = load(bytes);
  CHECK(rest.class_names == training.class_names);
  CHECK((save_checkpoint(rest) == bytes));
  CHECK(refusal(bytes, [](Safetensors& c) {
          for (auto& [key, text] : c.metadata) {
            if (key == "class-names") text = "a\nb";
          }
        }) == "CorruptData: checkpoint: 2 class names, expected 3");
  // A name that means another net today: the file's own text counts.
  const Bytes renamed = edited(bytes, [](Safetensors& c) {
    for (auto& [key, text] : c.metadata) {
      if (key == "net") text = "lenet";
    }
  });
  CHECK(load(renamed).recipe.net == "dense 128, relu, dense classes");
}

TEST_CASE("a checkpoint goes on with its own data only", "[checkpoint]") {
  const Bytes bytes = save_checkpoint(training_of({}));
  auto other = std::make_shared<ImageSet>(*kTrain);
  ++other->pixels[1000];
  const std::string error = error_of([&] { load_checkpoint(bytes, other, kTest); });
  CHECK(
      error.starts_with("InvalidArgument: checkpoint: of a training on 40 samples of shape "
                        "[1, 6, 6] with the checksum "));
  CHECK(error.find(", expected 40 samples of shape [1, 6, 6] with the checksum ") !=
        std::string::npos);
  CHECK(error_of([&] {
          load_checkpoint(bytes, dots(41, 1), kTest);
        }).starts_with("InvalidArgument: checkpoint: of a training on 40 samples"));
  // The test data do not matter.
  CHECK(error_of([&] { load_checkpoint(bytes, kTrain, nullptr); }) == "no error");
}

TEST_CASE("a training whose numbers are not finite is not saved", "[checkpoint]") {
  Training training = training_of({});
  Tensor weight = training.trainer->net().named_tensors()[0].tensor;
  weight.mutable_data()[2] = std::numeric_limits<Real>::quiet_NaN();
  CHECK(error_of([&] { save_checkpoint(training); }) ==
        "Diverged: checkpoint: tensor 'net.dense1.weight' holds nan at position 2, expected finite "
        "numbers");
}

}  // namespace lanegrad::test
