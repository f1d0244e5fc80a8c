// One list names all the numbers of a training and where they are: saving copies them out, loading
// checks all of the file against it and copies them in.
#include "engine/training/checkpoint.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <string>
#include <utility>

#include "engine/core/error.h"
#include "engine/core/state.h"
#include "engine/nets/net_text.h"
#include "engine/training/safetensors.h"

namespace lanegrad {

namespace {

constexpr std::string_view kVersion = "1";
constexpr std::string_view kVersionKey = "version";
constexpr std::string_view kDataKey = "data";
constexpr Index kMostCounted = Index{1} << 53;  // what every language counts to exactly

template <class Describe>
void check(bool condition, Describe&& describe) {
  require(condition, ErrorCode::CorruptData, [&] { return str("checkpoint: ", describe()); });
}

// A generator: seed, stream, position, the bits of the spare normal number, whether there is one.
using RandomWords = std::array<std::uint64_t, 5>;

RandomWords words_of(const Random::State& state) {
  return {state.seed, state.stream, state.position, std::bit_cast<std::uint64_t>(state.spare),
          state.has_spare};
}

Random::State state_of(const RandomWords& words) {
  return {words[0], words[1], words[2], std::bit_cast<double>(words[3]), words[4] != 0};
}

// What has to be taken out of a training before its bytes can be listed.
struct Snapshot {
  Metrics::Totals totals;
  DataLoader::State data;
  double learning_rate = 0;
  Index stopped = 0;
  RandomWords order{};
  std::vector<RandomWords> layers;  // of each of generators()
};

struct Generator {
  std::string name;
  Random* random;
};

void append_generators(std::span<const NamedLayer> layers, const std::string& prefix,
                       std::vector<Generator>& out) {
  for (const auto& [name, layer] : layers) {
    if (Random* random = layer->random()) out.push_back({prefix + name, random});
    append_generators(layer->layers(), prefix + name + ".", out);
  }
}

std::vector<Generator> generators(Trainer& trainer) {
  std::vector<Generator> all;
  append_generators(trainer.net().parameters(), "", all);
  return all;
}

Snapshot snapshot_of(Trainer& trainer) {
  Snapshot s;
  s.totals = trainer.train_metrics().totals();
  s.data = trainer.train_loader().state();
  s.stopped = trainer.state().stopped;
  s.learning_rate = trainer.optimizer().learning_rate();
  s.order = words_of(s.data.random);
  for (const Generator& generator : generators(trainer)) {
    s.layers.push_back(words_of(generator.random->state()));
  }
  return s;
}

std::vector<StateEntry> entries_of(Trainer& trainer, Snapshot& s) {
  std::vector<StateEntry> all;
  const auto add = [&](std::string name, const Shape& shape, auto* data) {
    all.push_back(state_entry(std::move(name), shape, data));
  };
  // Arrays are not unshared here, which would copy them for saving: `load` has done so.
  const auto add_array = [&](std::string name, const NdArray& array) {
    add(std::move(name), array.shape(), const_cast<Real*>(array.data()));
  };
  TrainerState& state = trainer.state();
  const std::vector<NamedTensor>& variables = trainer.variables();
  std::vector<std::string> names;
  for (const NamedTensor& variable : variables) {
    names.push_back(variable.name);
    add_array("net." + variable.name, variable.tensor.data());
  }
  // Buffers, which come last, have no optimizer.
  const std::span<const std::string> trained(names.data(), trainer.optimizer().tensors().size());
  for (StateEntry& entry : trainer.optimizer().state(trained)) {
    entry.name = "optimizer." + entry.name;
    all.push_back(std::move(entry));
  }
  add("optimizer.learning_rate", {}, &s.learning_rate);
  for (std::size_t i = 0; i < state.average.size(); ++i) {
    add_array("average." + names[i], state.average[i]);
  }
  for (std::size_t i = 0; i < state.best.size(); ++i) {
    add_array("best." + names[i], state.best[i]);
  }
  if (!state.best.empty()) {
    add("best_loss", {}, &state.best_loss);
    add("best_epoch", {}, &state.best_epoch);
  }
  add("waited", {}, &state.waited);
  add("ended", {}, &state.ended);
  add("stopped", {}, &s.stopped);
  add("step", {}, &state.steps);
  add("epoch", {}, &s.data.epoch);
  add("position", {}, &s.data.position);
  add("metrics.samples", {}, &s.totals.samples);
  add("metrics.predictions", {}, &s.totals.predictions);
  add("metrics.right", {}, &s.totals.right);
  add("metrics.loss_sum", {}, &s.totals.loss_sum);
  const Shape words{static_cast<Index>(s.order.size())};
  add("random.order", words, s.order.data());
  const std::vector<Generator> layers = generators(trainer);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    add("random.layer." + layers[i].name, words, s.layers[i].data());
  }
  return all;
}

// Whether all numbers are what a training can hold; else says which one is not.
template <class T, class Allowed>
void check_each(const StateEntry& entry, ErrorCode code, const char* expected, Allowed&& allowed) {
  const std::size_t count = entry.bytes.size() / sizeof(T);
  for (std::size_t i = 0; i < count; ++i) {
    T value;
    std::memcpy(&value, entry.bytes.data() + i * sizeof(T), sizeof(T));
    require(allowed(value), code, [&] {
      return str("checkpoint: tensor '", entry.name, "' holds ", value, " at position ", i,
                 ", expected ", expected);
    });
  }
}

void check_values(const StateEntry& entry, ErrorCode code) {
  const auto finite = [](auto value) { return std::isfinite(value); };
  if (entry.dtype == kDtype<Real>) {
    check_each<Real>(entry, code, "finite numbers", finite);
  } else if (entry.dtype == kDtype<double>) {
    check_each<double>(entry, code, "finite numbers", finite);
  } else if (entry.dtype == kDtype<std::int64_t>) {
    check_each<std::int64_t>(entry, code, "0 to 2^53", [](std::int64_t value) {
      return value >= 0 && value <= kMostCounted;
    });
  }
}

// "60000 samples of shape [1, 28, 28] with the checksum 0123456789abcdef"
std::string data_text(const DataLoader& data) {
  std::string hex;
  const std::uint64_t sum = data.checksum();
  for (int shift = 60; shift >= 0; shift -= 4) hex += "0123456789abcdef"[sum >> shift & 15];
  return str(data.stored(), " samples of shape ", data.sample_shape(), " with the checksum ", hex);
}

std::string_view find(const Safetensors& content, std::string_view key) {
  for (const auto& [name, value] : content.metadata) {
    if (name == key) return value;
  }
  fail(ErrorCode::CorruptData,
       str("checkpoint: no metadata '", key, "', expected the file of a training"));
}

Recipe recipe_of(const Safetensors& content) {
  const std::string_view version = find(content, kVersionKey);
  require(version == kVersion, ErrorCode::Unsupported,
          [&] { return str("checkpoint: of version '", version, "', expected ", kVersion); });
  Recipe recipe;
  for (const RecipeField& field : recipe_fields()) set(recipe, field.key, find(content, field.key));
  return recipe;
}

std::string text_of(std::string_view dtype, std::span<const Index> shape) {
  std::string out = str(dtype, " [");
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    out += str(axis == 0 ? "" : ", ", shape[axis]);
  }
  return out + "]";
}

// Copies the file's numbers into the entries, all of them checked by then.
void copy_in(const Safetensors& content, const std::vector<StateEntry>& entries) {
  const auto find_entry = [&](std::string_view name) {
    return std::find_if(entries.begin(), entries.end(),
                        [&](const StateEntry& entry) { return entry.name == name; });
  };
  std::vector<bool> found(entries.size());
  for (const Safetensors::Entry& stored : content.tensors) {
    const auto entry = find_entry(stored.name);
    check(entry != entries.end(), [&] {
      return str("a tensor '", stored.name.substr(0, 80),
                 "', expected none of this name with these settings");
    });
    check(stored.dtype == entry->dtype &&
              std::equal(stored.shape.begin(), stored.shape.end(), entry->shape.extents().begin(),
                         entry->shape.extents().end()),
          [&] {
            return str("tensor '", entry->name, "' of ", text_of(stored.dtype, stored.shape),
                       ", expected ", text_of(entry->dtype, entry->shape.extents()));
          });
    std::memcpy(entry->bytes.data(), stored.bytes.data(), stored.bytes.size());
    check_values(*entry, ErrorCode::CorruptData);
    found[static_cast<std::size_t>(entry - entries.begin())] = true;
  }
  const auto missing = std::find(found.begin(), found.end(), false);
  check(missing == found.end(), [&] {
    const StateEntry& entry = entries[static_cast<std::size_t>(missing - found.begin())];
    return str("no tensor '", entry.name, "', expected one of ",
               text_of(entry.dtype, entry.shape.extents()));
  });
}

// A few letters can describe a net that fills the memory; its weights are in the file, or should
// be.
void check_size(const Safetensors& content, const Recipe& recipe, const DataLoader& data) {
  std::size_t size = 0;
  for (const Safetensors::Entry& entry : content.tensors) size += entry.bytes.size();
  const Index parameters = describe(recipe.net, {data.sample_shape(), data.outputs()}).parameters;
  check(parameters <= static_cast<Index>(size / sizeof(Real)), [&] {
    return str("a net of ", parameters, " parameters in a file with ", size,
               " bytes of numbers, expected them all");
  });
}

Training restore(const Safetensors& content, Training training) {
  Trainer& trainer = *training.trainer;
  const std::string data = data_text(trainer.train_loader());
  const std::string_view stored_data = find(content, kDataKey);
  require(stored_data == data, ErrorCode::InvalidArgument, [&] {
    return str("checkpoint: of a training on ", stored_data.substr(0, 120), ", expected ", data);
  });

  Snapshot s = snapshot_of(trainer);
  TrainerState& state = trainer.state();
  const bool has_best =
      std::any_of(content.tensors.begin(), content.tensors.end(),
                  [](const Safetensors::Entry& entry) { return entry.name == "best_loss"; });
  for (const NamedTensor& variable : trainer.variables()) {
    Tensor(variable.tensor).mutable_data();  // no longer shared with its average
    if (has_best) state.best.push_back(NdArray::uninitialized(variable.tensor.shape()));
  }
  copy_in(content, entries_of(trainer, s));

  s.data.random = state_of(s.order);
  s.data.started = s.data.epoch > 0;
  trainer.train_loader().set_state(s.data);
  trainer.optimizer().set_learning_rate(s.learning_rate);
  const std::vector<Generator> layers = generators(trainer);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    *layers[i].random = Random::from_state(state_of(s.layers[i]));
  }
  state.stopped = s.stopped != 0;
  state.epochs = s.data.epoch;
  state.in_epoch = s.data.started && s.data.position < trainer.train_loader().size();
  state.train_metrics.set_totals(s.totals);
  return training;
}

}  // namespace

std::vector<std::uint8_t> save_checkpoint(const Training& training) {
  Trainer& trainer = *training.trainer;
  Safetensors content;
  content.metadata.emplace_back(kVersionKey, kVersion);
  for (auto& [key, value] : entries(training.recipe)) {
    content.metadata.emplace_back(key, std::move(value));
  }
  content.metadata.emplace_back(kDataKey, data_text(trainer.train_loader()));
  Snapshot s = snapshot_of(trainer);
  for (StateEntry& entry : entries_of(trainer, s)) {
    check_values(entry, ErrorCode::Diverged);
    const auto extents = entry.shape.extents();
    content.tensors.push_back({std::move(entry.name), entry.dtype,
                               std::vector<Index>(extents.begin(), extents.end()), entry.bytes});
  }
  return write_safetensors(content);
}

Recipe checkpoint_recipe(std::span<const std::uint8_t> bytes) {
  return recipe_of(parse_safetensors(bytes));
}

Training load_checkpoint(std::span<const std::uint8_t> bytes, std::shared_ptr<const ImageSet> train,
                         std::shared_ptr<const ImageSet> test) {
  const Safetensors content = parse_safetensors(bytes);
  const Recipe recipe = recipe_of(content);
  if (train) check_size(content, recipe, Mnist(train, 1, std::nullopt));
  return restore(content, make_training(recipe, std::move(train), std::move(test)));
}

Training load_checkpoint(std::span<const std::uint8_t> bytes, Loaders loaders) {
  const Safetensors content = parse_safetensors(bytes);
  const Recipe recipe = recipe_of(content);
  if (loaders.train) check_size(content, recipe, *loaders.train);
  return restore(content, make_training(recipe, std::move(loaders)));
}

}  // namespace lanegrad
