// Schedules: how the learning rate changes over the steps of a training.
#pragma once

#include <span>
#include <string_view>

#include "engine/core/real.h"

namespace lanegrad {

enum class ScheduleKind { Constant, Step, Cosine, OneCycle };

// The factors f(i) by which the rate is multiplied at the steps i = 0, 1, …, N − 1. Each schedule
// has its end after the last step, so that every step moves the weights; PyTorch's numbers for the
// same lists come from tests/engine/golden/make.py.
struct Schedule {
  ScheduleKind kind = ScheduleKind::Constant;
  // Step: the steps are cut into `drops` equal parts, and in each part the rate is `factor` times
  // that of the part before, so it falls drops − 1 times: f(i) = factor^⌊i · drops / N⌋. As
  // MultiStepLR.
  Index drops = 3;
  double factor = 0.1;
  // Cosine (Loshchilov and Hutter, "SGDR", 2017): f(i) = end + (1 − end) · (1 + cos(π · i / N)) /
  // 2, from 1 at the first step to `end` after the last. As CosineAnnealingLR(T_max=N).
  //
  // One-cycle (Smith and Topin, "Super-convergence", 2018): of the N steps, the first
  // c = max(1, round(warm_up · N)) climb along half a cosine from `start` to 1, which the last of
  // them has, so that a climb of one step is at 1 at once; from there the rate falls along half a
  // cosine to `end`, after the last step. As OneCycleLR(total_steps=N + 1, pct_start=c / (N + 1))
  // without its last rate.
  double warm_up = 0.3;
  double start = 0.04;
  double end = 0;

  bool operator==(const Schedule&) const = default;
};

// f(step) for N = steps; 0 ≤ step < steps.
// Throws InvalidArgument where step, steps or a setting makes no sense.
double learning_rate_factor(const Schedule& schedule, Index step, Index steps);

// "constant", "step", "cosine" and "one-cycle", in the order of the enum.
std::span<const std::string_view> schedule_names();
std::string_view to_string(ScheduleKind kind);
ScheduleKind schedule_from_name(std::string_view name);  // throws NotFound, listing the names

}  // namespace lanegrad
