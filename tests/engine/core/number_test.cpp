#include "engine/core/number.h"

#include <cmath>
#include <limits>

#include "engine/core/error.h"
#include "engine/core/random.h"
#include "tests/engine/catch.h"

namespace lanegrad::test {

TEST_CASE("numbers are read as the compiler reads them", "[core]") {
  CHECK(parse_number("0") == 0.0);
  CHECK(parse_number("0.1") == 0.1);
  CHECK(parse_number("-2") == -2.0);
  CHECK(parse_number("+1e-3") == 1e-3);
  CHECK(parse_number(".5") == 0.5);
  CHECK(parse_number("5.") == 5.0);
  CHECK(parse_number("1E+22") == 1e22);
  CHECK(parse_number("0.000123456789012345") == 0.000123456789012345);
  CHECK(parse_number("123456789012345e-22") == 123456789012345e-22);
  CHECK(parse_number("0.30000000000000004").value() == Approx(0.3).epsilon(1e-15));
  CHECK(parse_number("3.40282346638528860e38").value() == Approx(3.4028234663852886e38));
  CHECK(parse_number("0.00000000000000000000000000000000000001").value() == Approx(1e-38));
  CHECK(parse_number("123456789012345678901234567890").value() == Approx(1.2345678901234568e29));
  CHECK(std::signbit(parse_number("-0").value()));
  CHECK(parse_number("1e400") == std::numeric_limits<double>::infinity());
  CHECK(parse_number("1e99999999999") == std::numeric_limits<double>::infinity());
  CHECK(parse_number("1e-400") == 0.0);
  CHECK(parse_number("0e99999999999") == 0.0);
}

TEST_CASE("what is no number is none", "[core]") {
  for (const char* text : {"", " ", ".", "-", "e5", "1e", "1e+", "1.2.3", "1 ", " 1", "1,5", "0x10",
                           "nan", "infinity", "--1", "1-", "five"}) {
    INFO(text);
    CHECK_FALSE(parse_number(text));
  }
}

TEST_CASE("whole numbers below 2^64 are read and written", "[core]") {
  for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{7}, std::uint64_t{10},
                                    std::uint64_t{4294967296}, ~std::uint64_t{0}}) {
    CHECK(parse_whole(whole_text(value)) == value);
    CHECK(whole_text(value) == std::to_string(value));
  }
  CHECK(parse_whole("007") == std::uint64_t{7});
  for (const char* text : {"", " 1", "1 ", "-1", "+1", "1.0", "1e3", "0x1", "18446744073709551616",
                           "99999999999999999999", "340282366920938463463374607431768211456"}) {
    INFO(text);
    CHECK_FALSE(parse_whole(text));
  }
  for (const long long value : {0LL, -1LL, 42LL, std::numeric_limits<long long>::min(),
                                std::numeric_limits<long long>::max()}) {
    CHECK(number_text(value) == std::to_string(value));
  }
}

TEST_CASE("fifteen digits come back from their text", "[core]") {
  CHECK(number_text(0.1, 15) == "0.1");
  CHECK(number_text(1.0 / 3, 15) == "0.333333333333333");
  CHECK(number_text(1.0 / 3, 1) == "0.3");
  CHECK(number_text(0.96, 1) == "1");
  CHECK(number_text(123456789, 15) == "1.23456789e+08");
  Random random(1);
  for (int i = 0; i < 2000; ++i) {
    const double digits = std::floor(random.uniform() * 1e15);
    const double value = digits / std::pow(10.0, random.below(19));
    const std::string text = number_text(value, 15);
    INFO(text);
    CHECK(parse_number(text) == value);
    CHECK(number_text(*parse_number(text), 15) == text);
  }
}

}  // namespace lanegrad::test
