// The checks of the numbers in a checkpoint.
#include "engine/training/checkpoint_checks.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace lanegrad {

namespace {

// The largest whole number up to which every language counts exactly.
constexpr double kMostCounted = 0x1p53;

template <class T>
T load(const std::uint8_t* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

// Whether the entry of this name is never below 0: means of squares, and sums of losses and rates.
bool is_never_negative(std::string_view name) {
  return name.starts_with("optimizer.second_moment.") || name.ends_with(".running_var") ||
         name == "optimizer.learning_rate" || name == "planned.learning_rates" ||
         name == "metrics.loss_sum" || name == "best_loss";
}

}  // namespace

void check_values(const StateView& entry, ErrorCode code) {
  const bool counts = entry.dtype == kDtype<Index>;
  const bool single = entry.dtype == kDtype<Real>;
  if (!counts && !single && entry.dtype != kDtype<double>) return;
  const bool negative_too = !counts && !is_never_negative(entry.name);
  const std::size_t size = single ? sizeof(Real) : sizeof(double);
  for (std::size_t at = 0; at < entry.bytes.size(); at += size) {
    const std::uint8_t* bytes = entry.bytes.data() + at;
    const double value = counts   ? static_cast<double>(load<Index>(bytes))
                         : single ? load<Real>(bytes)
                                  : load<double>(bytes);
    if (std::isfinite(value) && (negative_too || value >= 0) && !(counts && value >= kMostCounted))
      continue;
    fail(code, "checkpoint: tensor '", entry.name, "' holds ", value, " at position ", at / size,
         ", expected ",
         counts         ? "0 to 2^53"
         : negative_too ? "finite numbers"
                        : "finite numbers of at least 0");
  }
}

void check_random(const StateView& entry, const Random::State& first) {
  const auto given = load<Random::State>(entry.bytes.data());
  if (given.seed == first.seed && given.stream == first.stream && given.has_spare <= 1 &&
      std::isfinite(given.spare))
    return;
  refuse("tensor '", entry.name, "' holds the state of no generator with the seed of these ",
         "settings, expected one");
}

void check_together(const Training& training, const Snapshot& s,
                    std::span<const StateEntry> entries) {
  Trainer& trainer = *training.trainer;
  const TrainerState& state = trainer.state();
  const Metrics& metrics = trainer.train_metrics();
  const Metrics::Totals& totals = metrics.totals();
  const DataLoader& loader = trainer.train_loader();
  const Index patience = trainer.options().patience;
  const auto check = [](const char* name, auto value, bool right, const auto&... expected) {
    if (!right) refuse("tensor '", name, "' holds ", value, ", expected ", expected...);
  };

  const Index size = loader.size();
  const Index batches = loader.batches();
  const auto [epoch, position] = std::pair(s.data.epoch, s.data.position);
  const bool whole = position == size;
  const Index done = whole ? batches : position / loader.batch_size();
  check("position", position,
        epoch == 0
            ? position == 0
            : whole || (position > 0 && position % loader.batch_size() == 0 && done < batches),
        epoch == 0 ? "0 before the first epoch" : "what whole batches have, at most ",
        epoch == 0 ? "" : str(size));
  // The batches of the earlier epochs. They are not multiplied out, since that might overflow.
  const Index before = state.steps + state.skipped - done;
  check("step", state.steps,
        epoch == 0 ? state.steps + state.skipped == 0
                   : before >= 0 && before % batches == 0 && before / batches == epoch - 1,
        "the steps up to position ", position, " of epoch ", epoch, " with ", batches, " each");
  if (const StateEntry* steps = find_entry(entries, "optimizer.steps")) {
    for (std::size_t at = 0; at < steps->bytes.size(); at += sizeof(Index)) {
      const auto count = load<Index>(steps->bytes.data() + at);
      check("optimizer.steps", count, count == state.steps, state.steps, ", as step does");
    }
  }

  check("metrics.samples", totals.samples,
        totals.samples <= position && (state.skipped > 0 || totals.samples == position), position,
        ", as position does");
  const Index predictions = metrics.classes() > 0 ? totals.samples : 0;
  check("metrics.predictions", totals.predictions, totals.predictions == predictions, predictions);
  check("metrics.right", totals.right, totals.right <= totals.predictions, "at most ",
        totals.predictions);

  const Index ending = epoch - (whole ? 0 : 1);
  check("ended", state.ended, state.ended <= std::max<Index>(0, ending), "at most ",
        std::max<Index>(0, ending), ", the epochs that are done");
  const bool has_best = !state.best.empty();
  if (has_best) {
    check("best_epoch", state.best_epoch, state.best_epoch >= 1 && state.best_epoch <= state.ended,
          "one of the ", state.ended, " epochs that have ended");
  }
  const Index waited =
      std::min(std::max<Index>(0, patience - 1), state.ended - (has_best ? state.best_epoch : 0));
  check("waited", state.waited, state.waited <= waited, "at most ", waited);
  const bool may_stop = patience > 0 && has_best && epoch > 0 && state.ended == epoch;
  check("stopped", s.stopped, s.stopped <= (may_stop ? 1 : 0), may_stop ? "0 or 1" : "0");

  if (!std::isfinite(static_cast<Real>(s.learning_rate)))
    check("optimizer.learning_rate", s.learning_rate, false, "a finite float");
  Index last = state.steps;
  for (const Index after : s.planned_steps) {
    check("planned.steps", after, after > last, "more than ", last);
    last = after;
  }
  for (const double rate : s.planned_rates) {
    check("planned.learning_rates", rate, std::isfinite(static_cast<Real>(rate)), "finite floats");
  }

  const auto& [mean, deviation] = training.normalization;
  check("normalization.mean", s.normalization.mean, s.normalization.mean == mean, mean,
        ", that of the training data");
  check("normalization.deviation", s.normalization.deviation,
        s.normalization.deviation == deviation, deviation, ", that of the training data");
}

}  // namespace lanegrad
