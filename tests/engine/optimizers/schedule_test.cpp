#include "engine/optimizers/schedule.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/engine/catch.h"
#include "tests/engine/golden/golden.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

double at(const Schedule& schedule, Index step, Index steps) {
  return learning_rate_factor(schedule, step, steps);
}

}  // namespace

TEST_CASE("schedules have PyTorch's rates at every step", "[optimizers]") {
  int compared = 0;
  for (const golden::Record& record : golden::schedules()) {
    Schedule schedule{.kind = schedule_from_name(record.name)};
    const auto take = [&](const char* key, auto& value) {
      using Value = std::remove_reference_t<decltype(value)>;
      // From a float to the nearest number of few digits: 0.3, not 0.30000001.
      if (record.has(key))
        value = static_cast<Value>(std::round(1e6 * double{record[key].item()}) / 1e6);
    };
    take("drops", schedule.drops);
    take("factor", schedule.factor);
    take("warm_up", schedule.warm_up);
    take("start", schedule.start);
    take("end", schedule.end);
    const NdArray& factors = record["factors"];
    const Index steps = factors.size();
    for (Index i = 0; i < steps; ++i) {
      INFO(record.name << " " << schedule.warm_up << " " << schedule.end << ", step " << i << " of "
                       << steps);
      CHECK(at(schedule, i, steps) == Approx(factors.data()[i]).epsilon(1e-6));
      ++compared;
    }
  }
  CHECK(compared == 10 * (1 + 2 + 3 + 10 + 100));
}

TEST_CASE("a constant schedule changes nothing", "[optimizers]") {
  for (const Index step : {0, 5, 9}) CHECK(at({}, step, 10) == 1);
}

TEST_CASE("a step schedule falls once less than it has parts", "[optimizers]") {
  for (const Index drops : {1, 2, 3, 7}) {
    const Schedule schedule{.kind = ScheduleKind::Step, .drops = drops, .factor = 0.5};
    Index falls = 0;
    for (Index step = 1; step < 21; ++step) {
      falls += at(schedule, step, 21) < at(schedule, step - 1, 21) ? 1 : 0;
    }
    CHECK(falls == drops - 1);
  }
  const Index most = std::numeric_limits<Index>::max();
  CHECK(at({.kind = ScheduleKind::Step, .drops = most, .factor = 0.5}, 1, 2) == 0);
}

TEST_CASE("every step of every schedule moves weights, and one alone is at the full rate",
          "[optimizers]") {
  for (const ScheduleKind kind :
       {ScheduleKind::Constant, ScheduleKind::Step, ScheduleKind::Cosine, ScheduleKind::OneCycle}) {
    CHECK(at({.kind = kind}, 0, 1) == 1);
    for (const Index steps : {1, 2, 3, 4, 5, 10, 99, 1000}) {
      double highest = 0;
      for (Index step = 0; step < steps; ++step) {
        CHECK(at({.kind = kind}, step, steps) > 0);
        highest = std::max(highest, at({.kind = kind}, step, steps));
      }
      CHECK(highest == 1);
    }
  }
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
