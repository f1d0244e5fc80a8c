// Checkpoints that are refused.
#include "tests/engine/training/checkpoints.h"

namespace lanegrad::test {

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
