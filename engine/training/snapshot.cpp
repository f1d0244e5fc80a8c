// Lists the numbers of a training.
#include "engine/training/snapshot.h"

namespace lanegrad {

namespace {

// Appends the entry "GROUP.NAME". It makes the name, for any type, so that the many places that
// list something are short.
void append_bytes(std::vector<StateEntry>& all, std::string_view group, std::string_view name,
                  std::string_view dtype, const Shape& shape, std::span<const std::uint8_t> bytes,
                  void* place) {
  all.push_back({{str(group, name), dtype, shape, bytes}, static_cast<std::uint8_t*>(place)});
}

template <class T>
void append(std::vector<StateEntry>& all, std::string_view name, const Shape& shape, T* values) {
  append_bytes(all, "", name, kDtype<T>, shape, state_bytes(shape, values), values);
}

// Appends the generators of the layers, each by the path of its layer.
void append_randoms(std::span<const NamedLayer> layers, const std::string& prefix,
                    std::vector<std::pair<std::string, Random*>>& out) {
  for (const auto& [name, layer] : layers) {
    const std::string path = prefix + name;
    if (Random* random = layer->random()) out.emplace_back(path, random);
    append_randoms(layer->layers(), path + ".", out);
  }
}

}  // namespace

std::vector<std::pair<std::string, Random*>> randoms_of(const Training& training) {
  std::vector<std::pair<std::string, Random*>> out;
  append_randoms(training.trainer->net().parameters(), "random.layer.", out);
  return out;
}

std::vector<StateEntry> list_entries(const Training& training, Purpose purpose, Snapshot& s) {
  Trainer& trainer = *training.trainer;
  TrainerState& state = trainer.state();
  Metrics::Totals& totals = state.train_metrics.totals();
  s.data = trainer.train_loader().state();
  s.learning_rate = trainer.optimizer().learning_rate();
  s.stopped = state.stopped;
  s.normalization = training.normalization;
  for (const auto& [after, rate] : state.planned) {
    s.planned_steps.push_back(after);
    s.planned_rates.push_back(rate);
  }
  std::vector<StateEntry> all;
  const auto array = [&](std::string_view group, std::string_view name, const NdArray& values,
                         auto& owner) {
    Real* place = purpose == Purpose::Load ? owner.mutable_data() : nullptr;
    append_bytes(all, group, name, kDtype<Real>, values.shape(),
                 state_bytes(values.shape(), values.data()), place);
  };
  const std::vector<NamedTensor>& variables = trainer.variables();
  std::vector<std::string> names;
  for (std::size_t i = 0; i < variables.size(); ++i) {
    const auto& [name, tensor] = variables[i];
    Tensor handle = tensor;
    array("net.", name, tensor.data(), handle);
    if (!state.average.empty()) array("average.", name, state.average[i], state.average[i]);
    if (!state.best.empty()) array("best.", name, state.best[i], state.best[i]);
    // Buffers come last; the optimizer has no state for them.
    if (i < trainer.optimizer().tensors().size()) names.push_back(name);
  }
  for (const StateEntry& entry : trainer.optimizer().state(names)) {
    append_bytes(all, "optimizer.", entry.name, entry.dtype, entry.shape, entry.bytes, entry.place);
  }
  const auto number = [&](std::string_view name, double& value) { append(all, name, {}, &value); };
  const auto numbers = [&](std::string_view name, PerChannel& values) {
    append(all, name, values.shape(), values.values().data());
  };
  const auto count = [&](std::string_view name, Index& value) { append(all, name, {}, &value); };
  number("optimizer.learning_rate", s.learning_rate);
  number("metrics.loss_sum", totals.loss_sum);
  numbers("normalization.mean", s.normalization.mean);
  numbers("normalization.deviation", s.normalization.deviation);
  if (!state.best.empty()) number("best_loss", state.best_loss);
  count("waited", state.waited);
  count("ended", state.ended);
  count("stopped", s.stopped);
  count("step", state.steps);
  count("skipped", state.skipped);
  count("epoch", s.data.epoch);
  count("position", s.data.position);
  count("metrics.samples", totals.samples);
  count("metrics.predictions", totals.predictions);
  count("metrics.right", totals.right);
  if (!state.best.empty()) count("best_epoch", state.best_epoch);
  if (const auto planned = static_cast<Index>(s.planned_steps.size()); planned > 0) {
    append(all, "planned.steps", {planned}, s.planned_steps.data());
    append(all, "planned.learning_rates", {planned}, s.planned_rates.data());
  }
  const auto random = [&](std::string_view name, Random::State& words) {
    append(all, name, {sizeof words / sizeof(std::uint64_t)},
           reinterpret_cast<std::uint64_t*>(&words));
  };
  random("random.order", s.data.random);
  const auto randoms = randoms_of(training);
  s.layers.reserve(randoms.size());
  for (const auto& [name, generator] : randoms) {
    random(name, s.layers.emplace_back(generator->state()));
  }
  return all;
}

const StateEntry* find_entry(std::span<const StateEntry> entries, std::string_view name) {
  for (const StateEntry& entry : entries) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

}  // namespace lanegrad
