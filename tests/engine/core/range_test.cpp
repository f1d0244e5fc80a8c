#include "engine/core/range.h"

#include <cmath>
#include <limits>

#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

std::string check(double value, const Range& range) {
  return error_of([&] { check_number("op", "setting", value, range); });
}

}  // namespace

TEST_CASE("a number is checked as the kernels will use it", "[core]") {
  CHECK(check(0.9999999, kBelowOne) == "no error");
  CHECK(check(0.99999999, kBelowOne) ==
        "InvalidArgument: op: setting 0.99999999 is 1 as a 32-bit number, expected at least 0 and "
        "below 1");
  CHECK(check(0.99999999, kExactlyBelowOne) == "no error");
  CHECK(check(1e-45, kPositive) == "no error");
  CHECK(check(1e-46, kPositive) ==
        "InvalidArgument: op: setting 1e-46 is 0 as a 32-bit number, expected a finite number "
        "above 0");
  CHECK(check(3e38, kRate) == "no error");
  CHECK(check(1e39, kRate) ==
        "InvalidArgument: op: setting 1e+39 is infinity as a 32-bit number, expected a finite "
        "number of at least 0");
  CHECK(check(-1e39, kFinite) ==
        "InvalidArgument: op: setting -1e+39 is -infinity as a 32-bit number, expected a finite "
        "number");
  CHECK(check(1.00000001, kShare) == "InvalidArgument: op: setting 1.00000001, expected 0 to 1");
}

TEST_CASE("bounds of ranges are inside or not", "[core]") {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const Range& range : {kRate, kPositive, kFinite, kBelowOne, kExactlyBelowOne, kShare}) {
    CHECK(range.has(0.5));
    CHECK_FALSE(range.has(std::nan("")));
    CHECK_FALSE(range.has(infinity));
    CHECK_FALSE(range.has(-infinity));
  }
  CHECK((kRate.has(0) && !kPositive.has(0) && kFinite.has(-1) && kBelowOne.has(0)));
  CHECK((kShare.has(0) && kShare.has(1) && !kBelowOne.has(1) && !kRate.has(-1)));
}

}  // namespace lanegrad::test
