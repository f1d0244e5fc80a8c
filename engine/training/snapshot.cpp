// Lists the numbers of a training.
#include "engine/training/snapshot.h"

namespace lanegrad {

namespace {

void append_random(std::string name, Random::State& state, std::vector<StateEntry>& out) {
  auto* words = reinterpret_cast<std::uint64_t*>(&state);
  out.push_back(state_entry(std::move(name), {sizeof state / sizeof *words}, words));
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
  s = {.data = trainer.train_loader().state(),
       .learning_rate = trainer.optimizer().learning_rate(),
       .stopped = state.stopped,
       .planned_steps = {},
       .planned_rates = {},
       .normalization = training.normalization,
       .layers = {}};
  for (const auto& [after, rate] : state.planned) {
    s.planned_steps.push_back(after);
    s.planned_rates.push_back(rate);
  }
  std::vector<StateEntry> all;
  const auto add = [&](std::string name, const NdArray& values, auto& array) {
    if (purpose == Purpose::Load) {
      all.push_back(state_entry(std::move(name), values.shape(), array.mutable_data()));
    } else {
      all.push_back({state_view(std::move(name), values.shape(), values.data())});
    }
  };
  const std::vector<NamedTensor>& variables = trainer.variables();
  std::vector<std::string> names;
  for (std::size_t i = 0; i < variables.size(); ++i) {
    const auto& [name, tensor] = variables[i];
    Tensor handle = tensor;
    add("net." + name, tensor.data(), handle);
    if (!state.average.empty()) add("average." + name, state.average[i], state.average[i]);
    if (!state.best.empty()) add("best." + name, state.best[i], state.best[i]);
    // Buffers come last; the optimizer has no state for them.
    if (i < trainer.optimizer().tensors().size()) names.push_back(name);
  }
  for (StateEntry& entry : trainer.optimizer().state(names)) {
    entry.name.insert(0, "optimizer.");
    all.push_back(std::move(entry));
  }
  auto& [mean, deviation] = s.normalization;
  struct {
    const char* name;
    double* value;
    Shape shape = {};
  } const numbers[] = {{"optimizer.learning_rate", &s.learning_rate},
                       {"metrics.loss_sum", &totals.loss_sum},
                       {"normalization.mean", mean.values().data(), mean.shape()},
                       {"normalization.deviation", deviation.values().data(), deviation.shape()},
                       {"best_loss", state.best.empty() ? nullptr : &state.best_loss}};
  struct {
    const char* name;
    Index* value;
  } const counts[] = {{"waited", &state.waited},
                      {"ended", &state.ended},
                      {"stopped", &s.stopped},
                      {"step", &state.steps},
                      {"skipped", &state.skipped},
                      {"epoch", &s.data.epoch},
                      {"position", &s.data.position},
                      {"metrics.samples", &totals.samples},
                      {"metrics.predictions", &totals.predictions},
                      {"metrics.right", &totals.right},
                      {"best_epoch", state.best.empty() ? nullptr : &state.best_epoch}};
  for (const auto& [name, value, shape] : numbers) {
    if (value) all.push_back(state_entry(name, shape, value));
  }
  for (const auto& [name, value] : counts) {
    if (value) all.push_back(state_entry(name, {}, value));
  }
  if (const auto count = static_cast<Index>(s.planned_steps.size()); count > 0) {
    all.push_back(state_entry("planned.steps", {count}, s.planned_steps.data()));
    all.push_back(state_entry("planned.learning_rates", {count}, s.planned_rates.data()));
  }
  append_random("random.order", s.data.random, all);
  const auto randoms = randoms_of(training);
  s.layers.reserve(randoms.size());
  for (const auto& [name, random] : randoms) {
    append_random(name, s.layers.emplace_back(random->state()), all);
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
