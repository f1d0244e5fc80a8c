// The curves that the learning rate follows.
#include "engine/optimizers/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/core/error.h"
#include "engine/core/number.h"

namespace lanegrad {

namespace {

// The names in the order of enum ScheduleKind.
constexpr std::string_view kNames[] = {"constant", "step", "cosine", "one-cycle"};

// cos(π x) for 0 ≤ x ≤ 1, by its series. std::cos takes any number and so brings 4 kB into the
// WebAssembly module.
double cosine_of_pi(double x) {
  if (x > 0.5) return -cosine_of_pi(1 - x);
  const double square = x * x * std::numbers::pi * std::numbers::pi;
  double sum = 1;
  for (int n = 20; n > 0; n -= 2) sum = 1 - sum * square / (n * (n - 1));
  return sum;
}

// The value at `part`, 0 to 1, of the way from `from` to `to` along half a cosine.
double half_cosine(double from, double to, double part) {
  return to + (from - to) * (1 + cosine_of_pi(part)) / 2;
}

void check(const Schedule& s, Index step, Index steps) {
  if (!(step >= 0 && step < steps))
    fail(ErrorCode::InvalidArgument, "schedule: step ", step, " of ", steps,
         ", expected one of 0 to ", steps - 1);
  const auto fraction = [](const char* what, double value) {
    if (!(value >= 0 && value <= 1))
      fail(ErrorCode::InvalidArgument, "schedule: ", what, " ", value, ", expected 0 to 1");
  };
  if (s.drops < 1)
    fail(ErrorCode::InvalidArgument, "schedule: ", s.drops, " drops, expected at least 1");
  fraction("factor", s.factor);
  fraction("warm-up", s.warm_up);
  fraction("start", s.start);
  fraction("end", s.end);
}

}  // namespace

std::vector<Setting> settings_of(Schedule& schedule) {
  return {{.key = "schedule",
           .group = "schedule",
           .title = "schedule",
           .placeholder = "NAME",
           .help = "How the learning rate changes over all steps. constant: it stays. step: it "
                   "falls drops − 1 times. cosine: it falls along half a cosine, from the first "
                   "step to end after the last. one-cycle: it climbs from start first and then "
                   "falls to end.",
           .choices = kNames,
           .value = choice_of(schedule.kind)},
          {.key = "drops",
           .group = "schedule",
           .title = "equal parts",
           .placeholder = "COUNT",
           .help = "The number of equal parts of the training, between which the rate is "
                   "multiplied by factor.",
           .of = "step",
           .range = &kCount,
           .value = &schedule.drops},
          {.key = "factor",
           .group = "schedule",
           .title = "factor per part",
           .placeholder = "SHARE",
           .help = "What the rate is multiplied by from one part to the next.",
           .of = "step",
           .range = &kShare,
           .value = &schedule.factor},
          {.key = "warm-up",
           .group = "schedule",
           .title = "warm-up",
           .placeholder = "SHARE",
           .help = "The share of the steps in which the rate climbs; the last of them has the full "
                   "rate.",
           .of = "one-cycle",
           .range = &kShare,
           .value = &schedule.warm_up},
          {.key = "start",
           .group = "schedule",
           .title = "starting share",
           .placeholder = "SHARE",
           .help = "The first rate, as a share of the learning rate.",
           .of = "one-cycle",
           .range = &kShare,
           .value = &schedule.start},
          {.key = "end",
           .group = "schedule",
           .title = "final share",
           .placeholder = "SHARE",
           .help = "The rate that is reached after the last step, as a share of the learning rate.",
           .of = "cosine one-cycle",
           .range = &kShare,
           .value = &schedule.end}};
}

double learning_rate_factor(const Schedule& s, Index step, Index steps) {
  check(s, step, steps);
  const auto i = static_cast<double>(step);
  const auto n = static_cast<double>(steps);
  switch (s.kind) {
    case ScheduleKind::Constant:
      return 1;
    case ScheduleKind::Step:
      // The product is a double, which does not overflow; after a million drops the rate is 0
      // anyway.
      return power(s.factor,
                   static_cast<Index>(std::min(1e6, i * static_cast<double>(s.drops) / n)));
    case ScheduleKind::Cosine:
      return half_cosine(1, s.end, i / n);
    case ScheduleKind::OneCycle: {
      const double top = std::max(0., std::floor(s.warm_up * n + 0.5) - 1);
      return i < top ? half_cosine(s.start, 1, i / top)
                     : half_cosine(1, s.end, (i - top) / (n - top));
    }
  }
  return 1;
}

std::span<const std::string_view> schedule_names() { return kNames; }

std::string_view to_string(ScheduleKind kind) { return kNames[static_cast<std::size_t>(kind)]; }

ScheduleKind schedule_from_name(std::string_view name) {
  return static_cast<ScheduleKind>(place_of(name, kNames, "schedule"));
}

}  // namespace lanegrad
