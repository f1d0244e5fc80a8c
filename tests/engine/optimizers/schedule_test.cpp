#include "engine/optimizers/schedule.h"

#include <cmath>
#include <limits>

#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

double at(const Schedule& schedule, Index step, Index steps) {
  return learning_rate_factor(schedule, step, steps);
}

}  // namespace

TEST_CASE("a constant schedule changes nothing", "[optimizers]") {
  for (const Index step : {0, 5, 9}) CHECK(at({}, step, 10) == 1);
}

TEST_CASE("a step schedule drops by its factor", "[optimizers]") {
  const Schedule schedule{.kind = ScheduleKind::Step, .drops = 3, .factor = 0.5};
  CHECK(at(schedule, 0, 9) == 1);
  CHECK(at(schedule, 2, 9) == 1);
  CHECK(at(schedule, 3, 9) == 0.5);
  CHECK(at(schedule, 5, 9) == 0.5);
  CHECK(at(schedule, 6, 9) == 0.25);
  CHECK(at(schedule, 8, 9) == 0.25);
  const Index most = std::numeric_limits<Index>::max();
  CHECK(at({.kind = ScheduleKind::Step, .drops = most, .factor = 0.5}, 1, 2) == 0);
}

TEST_CASE("a cosine schedule falls along half a cosine", "[optimizers]") {
  const Schedule schedule{.kind = ScheduleKind::Cosine, .end = 0.1};
  CHECK(at(schedule, 0, 101) == 1);
  CHECK(at(schedule, 25, 101) == Approx(0.1 + 0.9 * (1 + std::sqrt(0.5)) / 2));
  CHECK(at(schedule, 50, 101) == Approx(0.55));
  CHECK(at(schedule, 100, 101) == Approx(0.1));
  CHECK(at(schedule, 0, 1) == Approx(0.1));
}

TEST_CASE("one cycle climbs and falls", "[optimizers]") {
  const Schedule schedule{.kind = ScheduleKind::OneCycle, .warm_up = 0.25, .start = 0.2, .end = 0};
  CHECK(at(schedule, 0, 101) == Approx(0.2));
  CHECK(at(schedule, 25, 101) == Approx(1));
  CHECK(at(schedule, 100, 101) == Approx(0).margin(1e-12));
  double before = 0;
  for (Index step = 0; step <= 25; ++step) {
    CHECK(at(schedule, step, 101) > before);
    before = at(schedule, step, 101);
  }
  for (Index step = 26; step < 101; ++step) {
    CHECK(at(schedule, step, 101) < before);
    before = at(schedule, step, 101);
  }
  // All the way up, and no way up at all.
  CHECK(at({.kind = ScheduleKind::OneCycle, .warm_up = 1}, 100, 101) == Approx(0).margin(1e-12));
  CHECK(at({.kind = ScheduleKind::OneCycle, .warm_up = 0}, 0, 101) == 1);
}

TEST_CASE("schedules have names and limits", "[optimizers]") {
  CHECK(schedule_from_name("one-cycle") == ScheduleKind::OneCycle);
  CHECK(schedule_from_name("constant") == ScheduleKind::Constant);
  CHECK(error_of([] { schedule_from_name("linear"); }) ==
        "NotFound: schedule: no schedule is called 'linear', known are constant, step, cosine, "
        "one-cycle");
  CHECK(error_of([] { at({}, 10, 10); }) ==
        "InvalidArgument: schedule: step 10 of 10, expected one of 0 to 9");
  CHECK(error_of([] { at({.drops = 0}, 0, 10); }) ==
        "InvalidArgument: schedule: 0 drops, expected at least 1");
  CHECK(error_of([] { at({.warm_up = 1.5}, 0, 10); }) ==
        "InvalidArgument: schedule: warm-up 1.5, expected 0 to 1");
}

}  // namespace lanegrad::test
