// Joining text, and the text of numbers in messages.
#include "engine/core/text.h"

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>

#include "engine/core/random.h"
#include "engine/core/shape.h"
#include "tests/engine/catch.h"

namespace lanegrad {
namespace {

TEST_CASE("numbers read the same everywhere", "[core][text]") {
  CHECK(str(0.1f) == "0.1");
  CHECK(str(0.001) == "0.001");
  CHECK(str(1e30) == "1e+30");
  CHECK(str(1.0 / 3) == "0.333333");
  CHECK(str(100.0) == "100");
  CHECK(str(-0.0) == "-0");
  CHECK(str(std::numeric_limits<double>::quiet_NaN()) == "nan");
  CHECK(str(-std::numeric_limits<double>::quiet_NaN()) == "nan");
  CHECK(str(std::numeric_limits<float>::infinity()) == "infinity");
  CHECK(str(-std::numeric_limits<double>::infinity()) == "-infinity");
  CHECK(str(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
  CHECK(str(std::uint8_t{200}) == "200");
}

TEST_CASE("numbers have the six digits that printf gives them", "[core][text]") {
  const auto check = [](double value) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.6g", value);
    CHECK(str(value) == buffer);
  };
  for (const double value : {1.0,           9.0,
                             10.0,          999999.0,
                             999999.4,      999999.5,
                             1e6,           1234567.0,
                             100000.5,      0.0001,
                             0.00001,       0.000099999949,
                             0.00009999995, 0.1234565,
                             1e15,          1e16,
                             1e100,         1e-100,
                             1.5e300,       2.5e-300,
                             5e-324,        1.7976931348623157e308}) {
    check(value);
    check(-value);
  }
  Random random(1);
  for (int i = 0; i < 20'000; ++i) {
    const double size = random.uniform() * 600 - 300;
    check((random.uniform() - 0.5) * std::pow(10.0, i % 2 == 0 ? size : size / 30));
  }
}

TEST_CASE("str joins pieces of every kind", "[core][text]") {
  CHECK(str() == "");
  CHECK(str("matmul: ", Shape{64, 784}, " and ", std::string("x"), std::string_view(" of "), 3,
            ", ", 0.5) == "matmul: [64, 784] and x of 3, 0.5");
}

}  // namespace
}  // namespace lanegrad
