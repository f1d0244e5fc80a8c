// Optimizer updates against their plain twins and against steps done by hand.
#include <cmath>
#include <limits>
#include <vector>

#include "tests/engine/support/twin.h"

namespace lanegrad::kernels {
namespace {

constexpr Tolerance kRounding{4 * 1.19e-7, 2 * 1.19e-7};

TEST_CASE("sgd_update equals its twin", "[kernels][update]") {
  const auto u = GENERATE(values<SgdUpdate>(
      {{0.1f, 0, 0}, {0.1f, 0.9f, 0}, {0.1f, 0.9f, 0.01f}, {0.1f, 0.9f, 0.01f, true}}));
  const bool with_velocity = GENERATE(true, false);
  if (!with_velocity && u.momentum != 0) return;
  CAPTURE(u.momentum, u.weight_decay, with_velocity);
  each_target([&] {
    for (std::size_t n = 0; n <= 33; ++n) {
      CAPTURE(n);
      const auto length = static_cast<Index>(n);
      GuardedArray<Real> w(random_array(n, 1), n % 4);
      GuardedArray<Real> g(random_array(n, 2), (n + 1) % 4);
      GuardedArray<Real> velocity(random_array(n, 3), (n + 2) % 4);
      std::vector<Real> want_w(w.span().begin(), w.span().end());
      std::vector<Real> want_velocity(velocity.span().begin(), velocity.span().end());
      sgd_update(u, w.data(), g.data(), with_velocity ? velocity.data() : nullptr, length);
      reference::sgd_update(u, want_w.data(), g.data(),
                            with_velocity ? want_velocity.data() : nullptr, length);
      CHECK(difference(w.span(), want_w, kRounding) == "");
      CHECK(difference(velocity.span(), want_velocity, kRounding) == "");
      CHECK(w.intact());
      CHECK(velocity.intact());
    }
  });
}

TEST_CASE("adam_update equals its twin over ten steps", "[kernels][update]") {
  const Real weight_decay = GENERATE(0.0f, 0.01f);
  each_target([&] {
    for (std::size_t n = 0; n <= 33; ++n) {
      CAPTURE(n, weight_decay);
      const auto length = static_cast<Index>(n);
      GuardedArray<Real> w(random_array(n, 1), n % 4);
      GuardedArray<Real> m(std::vector<Real>(n), (n + 1) % 4);
      GuardedArray<Real> v(std::vector<Real>(n), (n + 2) % 4);
      std::vector<Real> want_w(w.span().begin(), w.span().end()), want_m(n), want_v(n);
      AdamUpdate u{0.01f, 0.9f, 0.999f, 1e-8f, weight_decay, 1, 1, 1 - weight_decay / 8};
      for (int t = 1; t <= 10; ++t) {
        const std::vector<Real> g = random_array(n, static_cast<std::uint64_t>(t));
        u.correction1 = static_cast<Real>(1 - std::pow(0.9, t));
        u.correction2 = static_cast<Real>(1 - std::pow(0.999, t));
        adam_update(u, w.data(), g.data(), m.data(), v.data(), length);
        reference::adam_update(u, want_w.data(), g.data(), want_m.data(), want_v.data(), length);
      }
      CHECK(difference(w.span(), want_w, {1e-5, 1e-6}) == "");
      CHECK(difference(m.span(), want_m, {1e-5, 1e-6}) == "");
      CHECK(difference(v.span(), want_v, {1e-5, 1e-6}) == "");
      CHECK(w.intact());
      CHECK(m.intact());
      CHECK(v.intact());
    }
  });
}

TEST_CASE("average_update equals its twin", "[kernels][update]") {
  each_target([] {
    for (std::size_t n = 0; n <= 33; ++n) {
      CAPTURE(n);
      GuardedArray<Real> w(random_array(n, 2), (n + 1) % 4);
      const auto length = static_cast<Index>(n);
      check_against_twin(
          random_array(n, 1), n % 4, kRounding,
          [&](Real* average) { average_update(Real(0.125), w.data(), average, length); },
          [&](Real* average) {
            reference::average_update(Real(0.125), w.data(), average, length);
          });
    }
    Real average = 2;
    const Real w = 6;
    average_update(Real(0.25), &w, &average, 1);
    CHECK(average == 3);
  });
}

TEST_CASE("one step by hand", "[kernels][update]") {
  each_target([] {
    Real w = 1;
    Real g = 0.5f;
    Real velocity = 2;
    sgd_update({0.25f, 0.5f, 0.5f}, &w, &g, &velocity, 1);
    CHECK(velocity == 2);  // 0.5 · 2 + (0.5 + 0.5 · 1)
    CHECK(w == 0.5f);      // 1 − 0.25 · 2

    w = 1;
    g = 2;
    Real m = 0;
    Real v = 0;
    adam_update({0.125f, 0.5f, 0.75f, 0, 0, 0.5f, 0.25f}, &w, &g, &m, &v, 1);
    CHECK(m == 1);           // 0.5 · 2
    CHECK(v == 1);           // 0.25 · 4
    CHECK(w == 1 - 0.125f);  // the first step is as long as the rate: (1 / 0.5) / √(1 / 0.25) = 1
  });
}

TEST_CASE("what has decayed to denormal numbers becomes 0", "[kernels][update]") {
  constexpr Real kSmallest = std::numeric_limits<Real>::min();  // that is not denormal
  each_target([&] {
    for (const Real sign : {Real{1}, Real{-1}}) {
      std::vector<Real> w(9), g(9), m(9, sign * kSmallest), v(9, kSmallest), want_m = m, want_v = v;
      const AdamUpdate u{0.1f, 0.9f, 0.999f, 1e-8f, 0, 1, 1};
      adam_update(u, w.data(), g.data(), m.data(), v.data(), 9);
      reference::adam_update(u, w.data(), g.data(), want_m.data(), want_v.data(), 9);
      CHECK(difference(m, std::vector<Real>(9)) == "");
      CHECK(difference(v, std::vector<Real>(9)) == "");
      CHECK(difference(want_m, m) == "");
      CHECK(difference(want_v, v) == "");
      w.assign(9, sign * kSmallest);  // nothing but the decay is left of the gradient
      std::vector<Real> want_w = w;
      const AdamUpdate shrinking{.beta1 = 0.9f, .beta2 = 0.999f, .epsilon = 1e-8f, .shrink = 0.9f};
      adam_update(shrinking, w.data(), g.data(), m.data(), v.data(), 9);
      reference::adam_update(shrinking, want_w.data(), g.data(), m.data(), v.data(), 9);
      CHECK(difference(w, std::vector<Real>(9)) == "");
      CHECK(difference(want_w, w) == "");
      std::vector<Real> velocity(9, sign * kSmallest), want_velocity = velocity;
      sgd_update({0.1f, 0.9f, 0}, w.data(), g.data(), velocity.data(), 9);
      reference::sgd_update({0.1f, 0.9f, 0}, w.data(), g.data(), want_velocity.data(), 9);
      CHECK(difference(velocity, std::vector<Real>(9)) == "");
      CHECK(difference(want_velocity, velocity) == "");
      velocity.assign(9, sign * 2 * kSmallest);  // 1.8 times the smallest stays
      sgd_update({0.1f, 0.9f, 0}, w.data(), g.data(), velocity.data(), 9);
      CHECK(velocity[0] * sign > kSmallest);
    }
  });
}

TEST_CASE("a gradient of 0 moves nothing", "[kernels][update]") {
  each_target([] {
    std::vector<Real> w(20, Real(1.5)), g(20), m(20), v(20);
    adam_update({0.1f, 0.9f, 0.999f, 1e-8f, 0, 0.1f, 0.001f}, w.data(), g.data(), m.data(),
                v.data(), 20);
    CHECK(difference(w, std::vector<Real>(20, Real(1.5))) == "");
  });
}

}  // namespace
}  // namespace lanegrad::kernels
