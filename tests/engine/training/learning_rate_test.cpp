// The rates of a training: changed, scheduled and planned ones.
#include "tests/engine/training/rings.h"

namespace lanegrad::test {

TEST_CASE("the learning rate may change in the middle of training", "[training]") {
  Trainer trainer = ring_trainer(1);
  trainer.step();
  trainer.optimizer().set_learning_rate(0);
  const std::vector<Real> before = weights_of(trainer);
  trainer.step();
  CHECK(weights_of(trainer) == before);
  trainer.optimizer().set_learning_rate(0.01);
  trainer.step();
  CHECK(weights_of(trainer) != before);
}

TEST_CASE("the schedule's factor times the optimizer's learning rate is used", "[training]") {
  const Schedule schedule{.kind = ScheduleKind::Cosine, .end = 0.5};
  Trainer trainer = ring_trainer(1, 8, 4, 0.01, {.schedule = schedule}, nullptr, 5);
  Trainer by_hand = ring_trainer(1, 8, 4);
  for (Index step = 0; step < 5; ++step) {
    INFO(step);
    const double base = step < 4 ? 0.01 : 0.02;  // may change at any time
    trainer.optimizer().set_learning_rate(base);
    const double rate = base * learning_rate_factor(schedule, step, 5);
    by_hand.optimizer().set_learning_rate(rate);
    CHECK(trainer.learning_rate() == rate);
    CHECK(trainer.step().learning_rate == rate);
    CHECK(by_hand.step().learning_rate == rate);
    CHECK(trainer.optimizer().learning_rate() == base);
    CHECK(weights_of(trainer) == weights_of(by_hand));
  }
}

TEST_CASE("a schedule that is over has come to a learning rate", "[training]") {
  const auto rate_after = [](const Schedule& schedule) {
    Trainer trainer = ring_trainer(1, 8, 4, 0.01, {.schedule = schedule}, nullptr, 4);
    for (int step = 0; step < 4; ++step) trainer.step();
    return trainer.learning_rate();
  };
  CHECK(rate_after({}) == 0.01);
  CHECK(rate_after({.kind = ScheduleKind::Cosine, .end = 0.5}) == 0.01 * 0.5);
  CHECK(rate_after({.kind = ScheduleKind::OneCycle, .end = 0.25}) == 0.01 * 0.25);
  const Schedule drops{.kind = ScheduleKind::Step, .drops = 2, .factor = 0.5};
  CHECK(rate_after(drops) == 0.01 * learning_rate_factor(drops, 3, 4));
  CHECK(rate_after(drops) < 0.01);
}

TEST_CASE("a training ends with its schedule, unless that is constant", "[training]") {
  const auto error = [](const Schedule& schedule) {
    // Two steps an epoch.
    Trainer trainer = ring_trainer(1, 8, 4, 0.01, {.schedule = schedule}, nullptr, 4);
    for (int step = 0; step < 4; ++step) trainer.step();
    const std::vector<Real> before = weights_of(trainer);
    const std::string from_step = error_of([&] { trainer.step(); });
    CHECK((from_step == "no error") == (weights_of(trainer) != before));
    CHECK(trainer.state().epochs == (from_step == "no error" ? 3 : 2));
    CHECK(error_of([&] { trainer.check_schedule(4); }) == "no error");
    CHECK(error_of([&] { trainer.check_schedule(5); }) == from_step);
    return from_step;
  };
  CHECK(error({}) == "no error");
  CHECK(error({.kind = ScheduleKind::OneCycle}) ==
        "InvalidArgument: training: epoch 3 (step 5) with the schedule one-cycle, expected at most "
        "epoch 2 (step 4): its length is the setting epochs, given at creation or to reset");
  for (const ScheduleKind kind : {ScheduleKind::Cosine, ScheduleKind::Step}) {
    CHECK(error({.kind = kind}).starts_with("InvalidArgument: training: epoch 3 (step 5) with"));
  }
}

TEST_CASE("learning rates that are planned come after exactly their steps", "[training]") {
  Trainer trainer = ring_trainer(1, 8, 4, 0.01);
  trainer.plan_learning_rate(0.03, 4);
  trainer.plan_learning_rate(0.02, 2);
  trainer.plan_learning_rate(0.05, 4);
  trainer.plan_learning_rate(0.04, 3);
  const auto next = [&] { return trainer.step().learning_rate; };
  CHECK(next() == 0.01);
  CHECK(next() == 0.01);
  CHECK(trainer.optimizer().learning_rate() == 0.02);
  CHECK(next() == 0.02);
  trainer.plan_learning_rate(0.5, 3);  // that is now
  CHECK(next() == 0.5);
  CHECK(next() == 0.05);
  trainer.plan_learning_rate(0.06, 7);
  trainer.set_learning_rate(0.07);
  for (int step = 0; step < 4; ++step) CHECK(next() == 0.07);
  CHECK(error_of([&] { trainer.plan_learning_rate(-1, 100); }) ==
        "InvalidArgument: optimizer: learning rate -1, expected a finite number of at least 0");
  CHECK(error_of([&] {
          trainer.set_learning_rate(1e39);
        }).starts_with("InvalidArgument: optimizer: learning rate 1e+39"));
  CHECK(next() == 0.07);
}

}  // namespace lanegrad::test
