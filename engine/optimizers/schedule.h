// Schedules: how the learning rate changes over the steps of a training.
#pragma once

#include <span>
#include <string_view>

#include "engine/core/real.h"

namespace lanegrad {

enum class ScheduleKind { Constant, Step, Cosine, OneCycle };

struct Schedule {
  ScheduleKind kind = ScheduleKind::Constant;
  // Step: after each of `drops` equal parts but the last the rate is multiplied by `factor`.
  Index drops = 3;
  double factor = 0.1;
  // One-cycle (Smith and Topin, "Super-convergence", 2018): the rate climbs for this part of the
  // steps, from start · rate, then falls to end · rate, both along a half cosine. Cosine
  // (Loshchilov and Hutter, "SGDR", 2017) is the second half alone.
  double warm_up = 0.3;
  double start = 0.04;
  double end = 0;

  bool operator==(const Schedule&) const = default;
};

// What the learning rate is multiplied by at `step` of `steps`, 0 ≤ step < steps.
// Throws InvalidArgument where step, steps or a setting makes no sense.
double learning_rate_factor(const Schedule& schedule, Index step, Index steps);

// "constant", "step", "cosine" and "one-cycle", in the order of the enum.
std::span<const std::string_view> schedule_names();
std::string_view to_string(ScheduleKind kind);
ScheduleKind schedule_from_name(std::string_view name);  // throws NotFound, listing the names

}  // namespace lanegrad
