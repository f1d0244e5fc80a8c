// The helpers that other tests trust must themselves be able to say no.
#include <limits>
#include <vector>

#include "tests/engine/catch.h"
#include "tests/engine/support/compare.h"
#include "tests/engine/support/guarded_array.h"
#include "tests/engine/support/random_array.h"

namespace lanegrad::test {
namespace {

constexpr Real kInfinity = std::numeric_limits<Real>::infinity();
constexpr Real kNan = std::numeric_limits<Real>::quiet_NaN();

TEST_CASE("difference finds one changed element among many", "[support]") {
  const std::vector<Real> want = random_array(100, 1, 1, 2);
  for (std::size_t i = 0; i < want.size(); ++i) {
    std::vector<Real> got = want;
    CHECK(difference(got, want, {1e-5}).empty());
    got[i] *= Real(1.0001);
    CHECK_FALSE(difference(got, want, {1e-5}).empty());
    CHECK(difference(got, want, {1e-3}).empty());
  }
}

TEST_CASE("difference says where and by how much", "[support]") {
  CHECK(difference(std::vector<Real>{1, 2}, std::vector<Real>{1, 2.5}, {0, 0.25}) ==
        "element 1 is 2, want 2.5, off by -0.5, tolerance 0.25");
  CHECK(difference(std::vector<Real>{1}, std::vector<Real>{1, 2}) == "1 elements, want 2");
}

TEST_CASE("no tolerance makes NaN or an infinity equal to something else", "[support]") {
  struct Case {
    Real got, want;
    bool same;
  };
  const auto c = GENERATE(Case{kNan, kNan, true}, Case{kNan, 1, false}, Case{1, kNan, false},
                          Case{kInfinity, kInfinity, true}, Case{-kInfinity, kInfinity, false},
                          Case{1e30f, kInfinity, false}, Case{kInfinity, 1, false},
                          Case{kNan, kInfinity, false}, Case{0.0f, -0.0f, true});
  CAPTURE(c.got, c.want);
  CHECK(difference(std::vector<Real>{c.got}, std::vector<Real>{c.want}, {1, 1e38}).empty() ==
        c.same);
}

TEST_CASE("each element has its own tolerance", "[support]") {
  const std::vector<Real> got{1, 2}, want{1.5, 2.5};
  CHECK(difference(got, want, std::vector<double>{0.5, 0.5}).empty());
  CHECK_FALSE(difference(got, want, std::vector<double>{0.5, 0.4}).empty());
}

TEST_CASE("a guarded array sees a write outside", "[support]") {
  const std::size_t misaligned_by = GENERATE(0u, 1u, 2u, 3u);
  GuardedArray<Real> array(5, misaligned_by);
  CHECK(reinterpret_cast<std::uintptr_t>(array.data()) % 64 == misaligned_by * sizeof(Real));
  for (int i = 0; i < 5; ++i) array.data()[i] = 0;
  CHECK(array.intact());
  SECTION("before") { array.data()[-1] = 0; }
  SECTION("behind") { array.data()[5] = 0; }
  CHECK_FALSE(array.intact());
}

}  // namespace
}  // namespace lanegrad::test
