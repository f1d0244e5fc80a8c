// Schedules: how the learning rate changes over the steps of a training.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/core/setting.h"

namespace lanegrad {

enum class ScheduleKind : std::uint8_t { Constant, Step, Cosine, OneCycle };

// A schedule gives the factors f(i) that the learning rate is multiplied by at the steps i = 0, 1,
// …, N − 1. It reaches its end only after the last step, so that every step moves the weights.
// tests/engine/golden/make.py makes PyTorch's numbers for the same lists.
struct Schedule {
  ScheduleKind kind = ScheduleKind::Constant;
  // For the step schedule: the steps are cut into `drops` equal parts, and in each part the rate is
  // `factor` times that of the part before, so it falls drops − 1 times: f(i) = factor^⌊i · drops /
  // N⌋. This is PyTorch's MultiStepLR.
  Index drops = 3;
  double factor = 0.1;
  // For the cosine schedule (Loshchilov and Hutter, "SGDR", 2017): f(i) = end + (1 − end) · (1 +
  // cos(π · i / N)) / 2, from 1 at the first step to `end` after the last. This is PyTorch's
  // CosineAnnealingLR(T_max=N).
  //
  // For the one-cycle schedule (Smith and Topin, "Super-convergence", 2018): the first c = max(1,
  // round(warm_up · N)) of the N steps climb along half a cosine from `start` to 1, which the last
  // of them has, so that a climb of one step is at 1 at once. From there the rate falls along half
  // a cosine to `end`, which it reaches after the last step. This is PyTorch's
  // OneCycleLR(total_steps=N + 1, pct_start=c / (N + 1)) without its last rate.
  double warm_up = 0.3;
  double start = 0.04;
  double end = 0;

  bool operator==(const Schedule&) const = default;
};

// The settings of a schedule, as rows.
std::vector<Setting> settings_of(Schedule& schedule);

// f(step) for N = steps; 0 ≤ step < steps. Throws InvalidArgument where step, steps or a setting
// makes no sense.
double learning_rate_factor(const Schedule& schedule, Index step, Index steps);

// The names "constant", "step", "cosine" and "one-cycle", in the order of the enum.
std::span<const std::string_view> schedule_names();
std::string_view to_string(ScheduleKind kind);
// The schedule of this name; throws NotFound, listing the names.
ScheduleKind schedule_from_name(std::string_view name);

}  // namespace lanegrad
