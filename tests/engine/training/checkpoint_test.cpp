#include "engine/training/checkpoint.h"

#include <cstring>
#include <functional>
#include <limits>
#include <string>

#include "engine/core/random.h"
#include "engine/dataloaders/array_loader.h"
#include "engine/io/safetensors.h"
#include "engine/training/settings.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

using Bytes = std::vector<std::uint8_t>;
using Settings = std::vector<std::pair<const char*, const char*>>;

// Noise with a bright dot whose place is the class.
std::shared_ptr<const ImageSet> dots(Index count, std::uint64_t seed) {
  auto set = std::make_shared<ImageSet>();
  set->count = count;
  set->height = set->width = 6;
  set->classes = 3;
  Random random(seed);
  for (Index i = 0; i < count; ++i) {
    const auto label = random.below(3);
    for (std::uint32_t pixel = 0; pixel < 36; ++pixel) {
      const bool bright = pixel == 10 * label + 7;
      set->pixels.push_back(static_cast<std::uint8_t>(random.below(100) + (bright ? 155 : 0)));
    }
    set->labels.push_back(static_cast<std::uint8_t>(label));
  }
  return set;
}

const std::shared_ptr<const ImageSet> kTrain = dots(40, 1);
const std::shared_ptr<const ImageSet> kTest = dots(9, 2);

Recipe recipe_of(const Settings& settings) {
  Recipe recipe;
  set(recipe, "net", "dense 5, relu, dense classes");
  set(recipe, "batch-size", "16");
  for (const auto& [key, value] : settings) set(recipe, key, value);
  return recipe;
}

Training training_of(const Settings& settings) {
  return make_training(recipe_of(settings), kTrain, kTest);
}

Training load(const Bytes& bytes) { return load_checkpoint(bytes, kTrain, kTest); }

// Does one step or, where an epoch has come to its end, what comes then. Everything that is
// reported goes into `log`. Returns false once training should stop.
bool advance(Training& training, std::vector<double>& log) {
  Trainer& trainer = *training.trainer;
  if (trainer.epoch_ends()) {
    if (trainer.validation_loader())
      log.push_back(trainer.evaluate(EvaluationSet::Validation).loss());
    return !trainer.end_epoch();
  }
  const StepResult result = trainer.step();
  for (const double number :
       {static_cast<double>(result.step), static_cast<double>(result.epoch),
        static_cast<double>(result.samples), result.loss, result.accuracy, result.learning_rate,
        trainer.train_metrics().loss(), trainer.train_metrics().accuracy()}) {
    log.push_back(number);
  }
  return true;
}

// Whether a training goes on from checkpoints before each of its steps, the ends of epochs among
// them, to the bits of one that never stops. False where the training stops early.
bool check_goes_on(const Settings& settings, const std::function<void(Trainer&)>& begin = {}) {
  std::string name;
  for (const auto& [key, value] : settings) name += str(" ", key, " ", value);
  INFO("settings:" << name);
  constexpr int kSteps = 15;  // three and the end of an epoch, four times
  // The training that never stops, and checkpoints of it all along.
  Training whole = training_of(settings);
  if (begin) begin(*whole.trainer);
  std::vector<double> log;
  std::vector<Bytes> checkpoints;
  std::vector<std::size_t> logged;
  bool going_on = true;
  while (going_on && checkpoints.size() < kSteps) {
    checkpoints.push_back(save_checkpoint(whole));
    logged.push_back(log.size());
    going_on = advance(whole, log);
  }
  CHECK(whole.trainer->state().stopped == !going_on);
  const Bytes end = save_checkpoint(whole);
  const double loss = whole.trainer->evaluate().loss();
  for (std::size_t i = 0; i < checkpoints.size(); ++i) {
    INFO("stopped before step " << i + 1);
    Training rest = load(checkpoints[i]);
    CHECK(rest.recipe == whole.recipe);
    CHECK((save_checkpoint(rest) == checkpoints[i]));
    // Somebody looks at what has been learned so far.
    if (i % 2 == 0) rest.trainer->evaluate();
    std::vector<double> rest_log(log.begin(), log.begin() + static_cast<Index>(logged[i]));
    for (std::size_t step = i; step < checkpoints.size(); ++step) advance(rest, rest_log);
    CHECK(rest_log == log);
    CHECK((save_checkpoint(rest) == end));
    CHECK(rest.trainer->state().stopped == !going_on);
    CHECK(rest.trainer->evaluate().loss() == loss);
  }
  return going_on;
}

Bytes edited(const Bytes& bytes, const std::function<void(Safetensors&)>& edit) {
  Safetensors content = parse_safetensors(bytes);
  edit(content);
  return write_safetensors(content);
}

Safetensors::Entry& entry_of(Safetensors& content, std::string_view name) {
  for (Safetensors::Entry& entry : content.tensors) {
    if (entry.name == name) return entry;
  }
  FAIL("no tensor " << name);
  return content.tensors[0];
}

std::string refusal(const Bytes& bytes, const std::function<void(Safetensors&)>& edit) {
  const Bytes broken = edited(bytes, edit);
  return error_of([&] { load(broken); });
}

template <class T>
std::span<const std::uint8_t> bytes_of(const T& value) {
  return {reinterpret_cast<const std::uint8_t*>(&value), sizeof value};
}

}  // namespace

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

TEST_CASE("a training goes on from a checkpoint as if it had never stopped", "[checkpoint]") {
  const Settings all_settings[] = {
      {},
      {{"optimizer", "adamw"}, {"clip-norm", "0.5"}, {"label-smoothing", "0.1"}},
      {{"optimizer", "sgd"}, {"learning-rate", "0.1"}},
      {{"optimizer", "sgd"}, {"momentum", "0.9"}, {"nesterov", "true"}, {"weight-decay", "0.01"}},
      {{"schedule", "one-cycle"}, {"epochs", "4"}, {"seed", "18446744073709551615"}},
      {{"schedule", "step"}, {"epochs", "4"}, {"learning-rate", "0.123456789012345"}},
      {{"averaging", "0.99"}},
      {{"net", "dropout 0.2, dense 5, relu, dropout 0.5, dense classes"}},
      {{"net", "conv 4 3x3, relu, pool 2, dense classes"}, {"optimizer", "sgd"}},
      {{"validation", "9"}, {"patience", "1"}, {"learning-rate", "5"}},
      {{"validation", "9"}, {"patience", "2"}, {"averaging", "0.5"}, {"learning-rate", "5"}},
      {{"net", "conv 4 3x3, batchnorm, relu, dense 5, batchnorm, relu, dense classes"}},
      {{"net", "dense 4, batchnorm, relu, dense classes"},
       {"validation", "9"},
       {"patience", "3"},
       {"averaging", "0.9"}},
      {{"validation", "6"}, {"normalize", "true"}},
      {{"shift", "1"}, {"rotation", "20"}, {"scale", "0.1"}, {"shear", "5"}},
  };
  int stopped = 0;
  for (const Settings& settings : all_settings) stopped += check_goes_on(settings) ? 0 : 1;
  CHECK(stopped == 2);  // early
}

TEST_CASE("every optimizer goes on under every schedule, with rates that were planned",
          "[checkpoint]") {
  const Settings optimizers[] = {
      {{"optimizer", "sgd"}, {"learning-rate", "0.1"}},
      {{"optimizer", "sgd"}, {"momentum", "0.9"}},
      {{"optimizer", "sgd"}, {"momentum", "0.9"}, {"nesterov", "true"}, {"weight-decay", "0.01"}},
      {{"optimizer", "adam"}, {"weight-decay", "0.01"}},
      {{"optimizer", "adamw"}, {"beta2", "0.99"}},
  };
  const Settings others[] = {
      {{"net", "dropout 0.2, dense 4, batchnorm, relu, dropout 0.5, dense classes"}},
      {{"net", "conv 2 3x3, batchnorm, relu, pool 2, dense classes"},
       {"validation", "9"},
       {"patience", "4"},
       {"averaging", "0.9"},
       {"clip-norm", "0.5"},
       {"label-smoothing", "0.1"},
       {"normalize", "true"},
       {"shift", "1"},
       {"rotation", "20"},
       {"scale", "0.1"}},
  };
  for (const Settings& optimizer : optimizers) {
    for (const char* schedule : {"constant", "step", "cosine", "one-cycle"}) {
      for (const Settings& other : others) {
        Settings settings = optimizer;
        settings.insert(settings.end(), {{"schedule", schedule}, {"epochs", "8"}});
        settings.insert(settings.end(), other.begin(), other.end());
        CHECK(check_goes_on(settings, [](Trainer& trainer) {
          trainer.plan_learning_rate(0.02, 4);
          trainer.plan_learning_rate(0.1 / 3, 7);
          trainer.plan_learning_rate(0.005, 1000);
        }));
      }
    }
  }
}

TEST_CASE("a checkpoint goes on with any number of threads", "[checkpoint]") {
  if (!kHasThreads) return;
  const Settings settings = {
      {"net", "conv 6 3x3, relu, dropout 0.3, dense 70, relu, dense classes"}};
  const auto run = [&](int threads, const Bytes* from, int steps) {
    Context context;
    context.set_thread_count(threads);
    const ContextScope scope(context);
    Training training = from ? load(*from) : training_of(settings);
    std::vector<double> log;
    for (int i = 0; i < steps; ++i) advance(training, log);
    return save_checkpoint(training);
  };
  const Bytes end = run(1, nullptr, 7);
  for (const int threads : {1, 2, 3}) {
    const Bytes middle = run(threads, nullptr, 4);
    CHECK((run(4 - threads, &middle, 3) == end));
  }
}

TEST_CASE("a training of which steps have diverged goes on from its checkpoint", "[checkpoint]") {
  Training training = training_of({});
  std::vector<double> log;
  advance(training, log);
  training.trainer->set_learning_rate(1e30);
  training.trainer->step();
  CHECK(error_of([&] { training.trainer->step(); }).starts_with("Diverged"));
  CHECK(training.trainer->state().skipped == 1);
  CHECK(training.trainer->state().steps == 2);
  // Somebody mends the weights.
  for (const NamedTensor& named : training.trainer->net().named_tensors()) {
    std::fill_n(Tensor(named.tensor).mutable_data(), named.tensor.size(), Real{0.01F});
  }
  const Bytes bytes = save_checkpoint(training);
  CHECK((save_checkpoint(load(bytes)) == bytes));
}

TEST_CASE("a learning rate that was changed stays changed", "[checkpoint]") {
  Training training = training_of({});
  training.trainer->optimizer().set_learning_rate(0.1 / 3);
  const Training rest = load(save_checkpoint(training));
  CHECK(rest.trainer->optimizer().learning_rate() == 0.1 / 3);
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

TEST_CASE("files that are no checkpoints are refused", "[checkpoint]") {
  const Bytes bytes = save_checkpoint(training_of({}));
  CHECK(error_of([&] {
          load({bytes.begin(), bytes.end() - 1});
        }).starts_with("CorruptData: safetensors: "));
  CHECK(error_of([&] { load(write_safetensors({})); }) ==
        "CorruptData: checkpoint: no metadata 'version', expected the file of a training");
  CHECK(refusal(bytes, [](Safetensors& c) { c.metadata[0].second = "3"; }) ==
        "Unsupported: checkpoint: of version '3', expected 1 or 2");
  CHECK(refusal(bytes, [](Safetensors& c) { c.metadata.erase(c.metadata.begin() + 1); }) ==
        "CorruptData: checkpoint: no metadata 'net', expected the file of a training");
  CHECK(refusal(bytes, [](Safetensors& c) { c.metadata.pop_back(); }) ==
        "CorruptData: checkpoint: no metadata 'data', expected the file of a training");
  const auto with = [&](std::string_view key, const char* value) {
    return refusal(bytes, [&](Safetensors& c) {
      for (auto& [name, text] : c.metadata) {
        if (name == key) text = value;
      }
    });
  };
  CHECK(with("batch-size", "0") ==
        "InvalidArgument: recipe: batch-size '0', expected a whole number of at least 1");
  CHECK(with("optimizer", "rms").starts_with("NotFound: optimizer: no optimizer is called 'rms'"));
  CHECK(with("net-text", "densse 5").starts_with("NotFound: net: "));
  CHECK(with("net-text", "dense 1000000, relu, dense classes")
            .starts_with("CorruptData: checkpoint: a net of 4"));
}

TEST_CASE("checkpoints whose tensors are wrong are refused", "[checkpoint]") {
  Training training = training_of({{"averaging", "0.9"}});
  std::vector<double> log;
  for (int i = 0; i < 2; ++i) advance(training, log);
  const Bytes bytes = save_checkpoint(training);
  CHECK(refusal(bytes, [](Safetensors&) {}) == "no error");

  CHECK(refusal(bytes, [](Safetensors& c) { entry_of(c, "net.bias1.bias").name = "net.bias"; }) ==
        "CorruptData: checkpoint: a tensor 'net.bias', expected none of this name with these "
        "settings");
  CHECK(refusal(bytes, [](Safetensors& c) {
          std::erase_if(c.tensors,
                        [](const auto& entry) { return entry.name == "average.bias1.bias"; });
        }) == "CorruptData: checkpoint: no tensor 'average.bias1.bias', expected one of F32 [5]");
  CHECK(refusal(bytes,
                [](Safetensors& c) {
                  c.tensors.push_back({"more", "F32", {0}, {}});
                }) ==
        "CorruptData: checkpoint: a tensor 'more', expected none of this name with these settings");
  CHECK(refusal(bytes,
                [](Safetensors& c) {
                  entry_of(c, "net.dense1.weight").shape = {5, 36};
                }) ==
        "CorruptData: checkpoint: tensor 'net.dense1.weight' of F32 [5, 36], expected F32 [36, 5]");
  CHECK(refusal(bytes, [](Safetensors& c) { entry_of(c, "net.dense1.weight").dtype = "I32"; }) ==
        "CorruptData: checkpoint: tensor 'net.dense1.weight' of I32 [36, 5], expected F32 [36, 5]");
  CHECK(refusal(bytes, [](Safetensors& c) {
          entry_of(c, "step").shape = {1, 1};
        }) == "CorruptData: checkpoint: tensor 'step' of I64 [1, 1], expected I64 []");

  const auto with = [&](const char* name, auto value) {
    return refusal(bytes, [&](Safetensors& c) {
      Safetensors::Entry& entry = entry_of(c, name);
      static Bytes changed;
      changed.assign(entry.bytes.begin(), entry.bytes.end());
      std::memcpy(changed.data() + changed.size() - sizeof value, &value, sizeof value);
      entry.bytes = changed;
    });
  };
  CHECK(with("net.dense1.weight", std::numeric_limits<float>::quiet_NaN()) ==
        "CorruptData: checkpoint: tensor 'net.dense1.weight' holds nan at position 179, expected "
        "finite numbers");
  CHECK(with("optimizer.second_moment.bias2.bias", std::numeric_limits<float>::infinity()) ==
        "CorruptData: checkpoint: tensor 'optimizer.second_moment.bias2.bias' holds infinity at "
        "position 2, expected finite numbers of at least 0");
  CHECK(with("metrics.loss_sum", -std::numeric_limits<double>::infinity()) ==
        "CorruptData: checkpoint: tensor 'metrics.loss_sum' holds -infinity at position 0, "
        "expected finite numbers of at least 0");
  CHECK(with("step", std::int64_t{-1}) ==
        "CorruptData: checkpoint: tensor 'step' holds -1 at position 0, expected 0 to 2^53");
  CHECK(with("optimizer.steps", std::numeric_limits<std::int64_t>::max()) ==
        "CorruptData: checkpoint: tensor 'optimizer.steps' holds 9.22337e+18 at position 3, "
        "expected 0 to 2^53");
  CHECK((save_checkpoint(training) == bytes));
}

TEST_CASE("numbers that no training could hold together are refused", "[checkpoint]") {
  // In the middle of the third epoch, with everything that a file may hold.
  Training training =
      training_of({{"validation", "8"},
                   {"patience", "3"},
                   {"averaging", "0.9"},
                   {"net", "dropout 0.1, dense 4, batchnorm, relu, dense classes"}});
  training.trainer->plan_learning_rate(0.1, 9);
  training.trainer->plan_learning_rate(0.2, 11);
  std::vector<double> log;
  for (int i = 0; i < 7; ++i) advance(training, log);
  const Bytes bytes = save_checkpoint(training);
  CHECK(refusal(bytes, [](Safetensors&) {}) == "no error");
  // The last number of a tensor is another one.
  const auto with = [&](std::string_view name, auto change) {
    return refusal(bytes, [&](Safetensors& c) {
      Safetensors::Entry& entry = entry_of(c, name);
      static Bytes changed;
      changed.assign(entry.bytes.begin(), entry.bytes.end());
      decltype(change(0)) value;
      std::uint8_t* const last = changed.data() + changed.size() - sizeof value;
      std::memcpy(&value, last, sizeof value);
      value = change(value);
      std::memcpy(last, &value, sizeof value);
      entry.bytes = changed;
    });
  };
  const auto by = [](std::int64_t more) { return [more](std::int64_t x) { return x + more; }; };
  const auto to = [](auto value) { return [value](auto) { return value; }; };
  const std::string refused = "CorruptData: checkpoint: tensor '";

  int counts = 0;
  for (const StateView& entry : parse_safetensors(bytes).tensors) {
    // What does not fit an epoch is the number of steps.
    const std::string name = entry.name == "epoch" || entry.name == "skipped" ? "step" : entry.name;
    const auto check = [&](auto change) {
      const std::string error = with(entry.name, change);
      INFO(error);
      CHECK(error.starts_with(refused + name + "' holds "));
    };
    INFO(entry.name);
    if (entry.dtype == "I64") {
      ++counts;
      if (entry.name == "planned.steps") {
        check(to(std::int64_t{9}));
        check(to(std::int64_t{2}));
      } else {
        check(to((std::int64_t{1} << 53) - 1));
        check(by(1000));
        check(to(std::int64_t{1} << 40));
      }
      CHECK(with(entry.name, to(std::int64_t{-1})) ==
            refused + entry.name + "' holds -1 at position " +
                std::to_string(entry.shape.size() - 1) + ", expected 0 to 2^53");
      for (const char* exact : {"step", "epoch", "position", "metrics.samples",
                                "metrics.predictions", "optimizer.steps"}) {
        if (entry.name != exact) continue;
        check(by(1));
        check(by(-1));
      }
    } else if (entry.dtype == "U64") {
      check(to(std::uint64_t{2}));  // where 0 or 1 say whether there is a spare number
      CHECK(refusal(bytes,
                    [&](Safetensors& c) {
                      Safetensors::Entry& edited = entry_of(c, entry.name);
                      static Bytes other;
                      other.assign(edited.bytes.begin(), edited.bytes.end());
                      other[0] ^= 1;
                      edited.bytes = other;
                    }) ==
            refused + entry.name +
                "' holds the state of no generator with the seed of these settings, expected one");
    } else if (entry.dtype == "F64") {
      check(to(-0.5));
      check(to(std::numeric_limits<double>::quiet_NaN()));
      if (entry.name.ends_with("learning_rate") || entry.name.ends_with("rates")) check(to(1e39));
    } else {
      check(to(std::numeric_limits<float>::infinity()));
      const bool never_negative = entry.name.find("second_moment") != std::string::npos ||
                                  entry.name.ends_with("running_var");
      if (never_negative) check(to(-1e-9F));
    }
  }
  CHECK(counts == 13);

  CHECK(with("position", to(std::int64_t{17})) ==
        "CorruptData: checkpoint: tensor 'position' holds 17, expected what whole batches have, at "
        "most 32");
  CHECK(with("step", by(1)) ==
        "CorruptData: checkpoint: tensor 'step' holds 6, expected the steps up to position 16 of "
        "epoch 3 with 2 each");
  CHECK(with("best_epoch", to(std::int64_t{3})) ==
        "CorruptData: checkpoint: tensor 'best_epoch' holds 3, expected one of the 2 epochs that "
        "have ended");
  CHECK(with("waited", to(std::int64_t{3}))
            .starts_with(refused + "waited' holds 3, expected at most "));
  CHECK(with("stopped", to(std::int64_t{1})) ==
        "CorruptData: checkpoint: tensor 'stopped' holds 1, expected 0");
  CHECK(with("normalization.mean", to(0.25)) ==
        "CorruptData: checkpoint: tensor 'normalization.mean' holds 0.25, expected 0, that of the "
        "training data");
  CHECK(refusal(bytes, [](Safetensors& c) {
          for (auto& [key, text] : c.metadata) {
            if (key == "patience") text = "0";
          }
        }).starts_with("CorruptData: checkpoint: a tensor 'best"));
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

TEST_CASE("a checkpoint holds what an answer needs", "[checkpoint]") {
  Training training = training_of({{"net", "mlp"}, {"normalize", "true"}, {"validation", "10"}});
  training.class_names = {"left", "", "right, \"so\""};
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
  CHECK(training.normalization.mean > 0.1);

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

TEST_CASE("no bytes crash the loading of checkpoints", "[checkpoint]") {
  // A valid file with bits changed, cut off, or with other settings: it goes on or is refused.
  Training training = training_of({{"net", "dropout 0.1, dense 3, batchnorm, relu, dense classes"},
                                   {"validation", "4"},
                                   {"patience", "2"},
                                   {"averaging", "0.9"}});
  std::vector<double> log;
  for (int i = 0; i < 4; ++i) advance(training, log);
  const Bytes valid = save_checkpoint(training);
  std::uint64_t header = 0;
  std::memcpy(&header, valid.data(), 8);
  Random random(2027);
  const auto pick = [&](std::size_t end) {
    return static_cast<std::size_t>(random.below(static_cast<std::uint32_t>(end)));
  };
  constexpr std::string_view kTexts[] = {"",
                                         "0",
                                         "-1",
                                         "1",
                                         "nan",
                                         "1e308",
                                         "9007199254740993",
                                         "18446744073709551615",
                                         "9223372036854775807",
                                         "true",
                                         "mlp",
                                         "one-cycle",
                                         "sgd",
                                         "dense 1",
                                         "dense 99999, dense classes",
                                         "conv 3 3x3, dense classes",
                                         "\xF0\x9F\x98\x80",
                                         "step"};
  int gone_on = 0;
  int refused = 0;
  for (int i = 0; i < 4000; ++i) {
    Bytes bytes = valid;
    switch (pick(4)) {
      case 0:  // anywhere
        for (std::size_t flips = 1 + pick(3); flips > 0; --flips) {
          bytes[pick(bytes.size())] ^= static_cast<std::uint8_t>(1 << pick(8));
        }
        break;
      case 1:  // in the header
        bytes[8 + pick(header)] = static_cast<std::uint8_t>("0123456789{}[],:\"ab "[pick(20)]);
        break;
      case 2:
        bytes.resize(pick(bytes.size()));
        break;
      default:
        bytes = edited(valid, [&](Safetensors& content) {
          content.metadata[pick(content.metadata.size())].second = kTexts[pick(std::size(kTexts))];
        });
    }
    bytes.shrink_to_fit();
    try {
      Training rest = load(bytes);
      ++gone_on;
      std::vector<double> more;
      for (int step = 0; step < 3; ++step) advance(rest, more);
      save_checkpoint(rest);
    } catch (const Error& error) {
      REQUIRE(error.message().size() < 1500);
      ++refused;
    }
  }
  CHECK(gone_on > 200);
  CHECK(refused > 1500);
}

}  // namespace lanegrad::test
