// Saving copies out the numbers that list_entries() names; loading checks the whole file against
// that list and copies them in.
#include "engine/training/checkpoint.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "engine/core/error.h"
#include "engine/io/safetensors.h"
#include "engine/nets/net_text.h"
#include "engine/training/checkpoint_checks.h"
#include "engine/training/settings.h"

namespace lanegrad {

namespace {

// The version of the format. It rises where the same file means something else. In version 1 the
// layers before batchnorm had a bias in every case, since a net's text had no word for it; and
// cosine and one-cycle reached their end at the last step, where files of both versions now go on
// at the rates of today.
constexpr std::string_view kVersion = "2";
constexpr std::string_view kFirstVersion = "1";
constexpr std::string_view kVersionKey = "version";
constexpr std::string_view kNetTextKey = "net-text";
constexpr std::string_view kClassNamesKey = "class-names";
constexpr std::string_view kDataKey = "data";
// What the page adds to its files: the curves and the epochs of the run. It is no setting.
constexpr std::string_view kRecordKey = "record";

// Describes the data: "60000 samples of shape [1, 28, 28] with the checksum 0123456789abcdef".
std::string data_text(const DataLoader& data) {
  std::string hex;
  const std::uint64_t sum = data.checksum();
  for (int shift = 60; shift >= 0; shift -= 4) hex += "0123456789abcdef"[sum >> shift & 15];
  return str(data.stored(), " samples of shape ", data.sample_shape(), " with the checksum ", hex);
}

const std::string& find(const SafetensorsHeader& content, std::string_view key) {
  const std::string* text = content.text(key);
  if (!text) refuse("no metadata '", key, "', expected the file of a training");
  return *text;
}

Recipe recipe_of(const SafetensorsHeader& content) {
  const std::string& version = find(content, kVersionKey);
  if (version != kVersion && version != kFirstVersion) {
    fail(ErrorCode::Unsupported, "checkpoint: of version '", version, "', expected ", kFirstVersion,
         " or ", kVersion);
  }
  find(content, "net");
  Recipe recipe;
  for (const auto& [key, text] : content.metadata) {
    if (key == kVersionKey || key == kNetTextKey || key == kClassNamesKey || key == kDataKey ||
        key == kRecordKey) {
      continue;
    }
    const auto same = [&name = key](const Setting& setting) { return setting.key == name; };
    if (std::none_of(settings().begin(), settings().end(), same)) {
      fail(ErrorCode::Unsupported, "checkpoint: a setting '", key.substr(0, 80),
           "', expected none of this name, which a newer version may know");
    }
    set(recipe, key, text);
  }
  if (version == kFirstVersion) recipe.net = with_biases(recipe.net);
  // The name of a net is kept while the net of that name is still the same.
  const std::string* text = content.text(kNetTextKey);
  if (text && *text != net_text(recipe.net)) recipe.net = *text;
  return recipe;
}

// The class names, of which the file has one per line.
std::string class_names_of(const SafetensorsHeader& content, const DataLoader& data) {
  const std::string* text = content.text(kClassNamesKey);
  if (!text) return {};
  const Index count = 1 + std::count(text->begin(), text->end(), '\n');
  if (count != data.outputs()) refuse(count, " class names, expected ", data.outputs());
  return *text;
}

// Reads the file's numbers to where the training has them.
void read_entries(const SafetensorsHeader& content, const ByteSource& file,
                  std::span<const StateEntry> entries) {
  for (const StoredTensor& stored : content.tensors) {
    if (find_entry(entries, stored.name)) continue;
    refuse("a tensor '", stored.name.substr(0, 80),
           "', expected none of this name with these settings");
  }
  for (const StateEntry& entry : entries) {
    const StoredTensor* stored = content.tensor(entry.name);
    if (!stored) {
      // Version 1 had neither of these entries.
      if (entry.name == "skipped" || entry.name.starts_with("normalization.")) continue;
      refuse("no tensor '", entry.name, "', expected one of ", entry.dtype, " ", entry.shape);
    }
    if (stored->dtype != entry.dtype || !(stored->shape == entry.shape)) {
      refuse("tensor '", entry.name, "' of ", stored->dtype, " ", stored->shape, ", expected ",
             entry.dtype, " ", entry.shape);
    }
    const bool random = entry.dtype == kDtype<std::uint64_t>;
    Random::State first;
    if (random) std::memcpy(&first, entry.place, sizeof first);
    file.read(stored->begin, {entry.place, stored->size});
    check_values(entry, ErrorCode::CorruptData);
    if (random) check_random(entry, first);
  }
}

// In version 1 a single sample that an epoch left over was a batch, and a step, of its own.
void join_single_samples(Trainer& trainer, const DataLoader::State& data,
                         std::span<const StateEntry> entries) {
  const DataLoader& loader = trainer.train_loader();
  if (loader.batches() * loader.batch_size() >= loader.size()) return;
  const Index whole_epochs = data.epoch - (data.position < loader.size() ? 1 : 0);
  const auto count_anew = [&](Index* steps, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) steps[i] -= std::max<Index>(0, whole_epochs);
  };
  count_anew(&trainer.state().steps, 1);
  if (const StateEntry* steps = find_entry(entries, "optimizer.steps")) {
    count_anew(reinterpret_cast<Index*>(steps->place), steps->bytes.size() / sizeof(Index));
  }
}

// A few letters can describe a net that would fill the memory. Such a net's weights have to be in
// the file, so the file's size bounds it.
void check_size(const SafetensorsHeader& content, const Recipe& recipe, const NetInput& input) {
  std::size_t size = 0;
  for (const StoredTensor& entry : content.tensors) size += entry.size;
  const Index parameters = describe(recipe.net, input).parameters;
  if (parameters > static_cast<Index>(size / sizeof(Real))) {
    refuse("a net of ", parameters, " parameters in a file with ", size,
           " bytes of numbers, expected them all");
  }
}

Training restore(const SafetensorsHeader& content, const ByteSource& file, Training training) {
  Trainer& trainer = *training.trainer;
  const std::string data = data_text(trainer.train_loader());
  const std::string_view stored_data = find(content, kDataKey);
  if (stored_data != data) {
    fail(ErrorCode::InvalidArgument, "checkpoint: of a training on ", stored_data.substr(0, 120),
         ", expected ", data);
  }
  TrainerState& state = trainer.state();
  const bool has_best = trainer.options().patience > 0 && content.tensor("best_loss") != nullptr;
  // Averages exist after the first step; older files have them before that, too.
  const bool averages = trainer.options().averaging > 0;
  const bool has_average = averages && std::any_of(content.tensors.begin(), content.tensors.end(),
                                                   [](const auto& tensor) {
                                                     return tensor.name.starts_with("average.");
                                                   });
  if (const StoredTensor* planned = content.tensor("planned.steps")) {
    state.planned.resize(static_cast<std::size_t>(planned->shape.size()));
  }
  for (const NamedTensor& variable : trainer.variables()) {
    const Shape& shape = variable.tensor.shape();
    if (has_average) state.average.push_back(NdArray::uninitialized(shape));
    if (has_best) state.best.push_back(NdArray::uninitialized(shape));
  }
  Snapshot s;
  const std::vector<StateEntry> own = list_entries(training, Purpose::Load, s);
  read_entries(content, file, own);
  if (find(content, kVersionKey) == kFirstVersion) join_single_samples(trainer, s.data, own);
  check_together(training, s, own);
  if (averages && !has_average && state.steps > 0) {
    refuse("no averages after ", state.steps, " steps, expected those of all tensors");
  }
  training.class_names = class_names_of(content, trainer.train_loader());

  s.data.started = s.data.epoch > 0;
  trainer.train_loader().set_state(s.data);
  trainer.optimizer().set_learning_rate(s.learning_rate);
  const auto randoms = randoms_of(training);
  for (std::size_t i = 0; i < randoms.size(); ++i) {
    *randoms[i].second = Random::from_state(s.layers[i]);
  }
  for (std::size_t i = 0; i < state.planned.size(); ++i) {
    state.planned[i] = {.after = s.planned_steps[i], .learning_rate = s.planned_rates[i]};
  }
  state.stopped = s.stopped != 0;
  state.epochs = s.data.epoch;
  state.in_epoch = s.data.started && s.data.position < trainer.train_loader().size();
  return training;
}

}  // namespace

std::vector<std::uint8_t> save_checkpoint(const Training& training) {
  VectorSink file;
  save_checkpoint(training, file);
  return std::move(file.bytes);
}

void save_checkpoint(const Training& training, ByteSink& file) {
  if (training.recipe.net.empty())
    fail(ErrorCode::InvalidState,
         "checkpoint: of a training that was put together by hand, expected one made of a recipe");
  Trainer& trainer = *training.trainer;
  Snapshot s;
  const std::vector<StateEntry> own = list_entries(training, Purpose::Save, s);
  std::vector<const StateView*> tensors;
  for (const StateEntry& entry : own) {
    check_values(entry, ErrorCode::Diverged);
    tensors.push_back(&entry);
  }
  Metadata metadata;
  metadata.emplace_back(kVersionKey, kVersion);
  for (auto& [key, value] : entries(training.recipe)) {
    metadata.emplace_back(key, std::move(value));
  }
  metadata.emplace_back(kNetTextKey, net_text(training.recipe.net));
  if (!training.class_names.empty()) metadata.emplace_back(kClassNamesKey, training.class_names);
  metadata.emplace_back(kDataKey, data_text(trainer.train_loader()));
  write_safetensors(metadata, tensors, file);
}

Recipe checkpoint_recipe(const ByteSource& file) { return recipe_of(read_safetensors(file)); }

Recipe checkpoint_recipe(std::span<const std::uint8_t> bytes) {
  return checkpoint_recipe(SpanSource(bytes));
}

Training load_checkpoint(const ByteSource& file, std::shared_ptr<const ImageSet> train,
                         std::shared_ptr<const ImageSet> test) {
  const SafetensorsHeader content = read_safetensors(file);
  const Recipe recipe = recipe_of(content);
  if (train) check_size(content, recipe, {train->sample_shape(), train->classes});
  return restore(content, file, make_training(recipe, std::move(train), std::move(test)));
}

Training load_checkpoint(const ByteSource& file, Loaders loaders) {
  const SafetensorsHeader content = read_safetensors(file);
  const Recipe recipe = recipe_of(content);
  if (loaders.train)
    check_size(content, recipe, {loaders.train->sample_shape(), loaders.train->outputs()});
  return restore(content, file, make_training(recipe, std::move(loaders)));
}

Training load_checkpoint(std::span<const std::uint8_t> bytes, std::shared_ptr<const ImageSet> train,
                         std::shared_ptr<const ImageSet> test) {
  return load_checkpoint(SpanSource(bytes), std::move(train), std::move(test));
}

Training load_checkpoint(std::span<const std::uint8_t> bytes, Loaders loaders) {
  return load_checkpoint(SpanSource(bytes), std::move(loaders));
}

}  // namespace lanegrad
