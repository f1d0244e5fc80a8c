// The generator against published numbers, its distributions against what they promise. All seeds
// are fixed: a test passes always or never.
#include "engine/core/random.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include "tests/engine/catch.h"

namespace lanegrad {
namespace {

std::vector<std::uint32_t> draw(Random random, std::size_t count) {
  std::vector<std::uint32_t> out(count);
  for (std::uint32_t& word : out) word = random.bits();
  return out;
}

// Σ (observed − expected)² / expected for equally likely classes.
double chi_square(const std::vector<int>& observed) {
  const double expected =
      std::accumulate(observed.begin(), observed.end(), 0.0) / static_cast<double>(observed.size());
  double sum = 0;
  for (const int count : observed) sum += (count - expected) * (count - expected) / expected;
  return sum;
}

TEST_CASE("Philox4x32-10 gives the known answers of Random123", "[core][random]") {
  using Words = std::array<std::uint32_t, 4>;
  CHECK(philox4x32_10({0, 0, 0, 0}, {0, 0}) ==
        Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox4x32_10({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
        Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox4x32_10({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("a seed gives the same numbers for ever", "[core][random]") {
  CHECK(draw(Random(42), 6) == std::vector<std::uint32_t>{0x9ceaf053, 0x77f5493b, 0x12bf50ad,
                                                          0x5742b3d7, 0xfcdb2127, 0x53ba6cfd});
  CHECK(draw(Random(0x123456789abcdef0, 7), 6) ==
        std::vector<std::uint32_t>{0xe2aedaf7, 0x2b74fe69, 0x9b175b0c, 0xade5d4db, 0x1fdc6a16,
                                   0x328be767});

  Random small(42);
  std::vector<std::uint32_t> below_ten(16);
  for (std::uint32_t& value : below_ten) value = small.below(10);
  CHECK(below_ten == std::vector<std::uint32_t>{6, 4, 0, 3, 9, 3, 5, 4, 8, 6, 6, 7, 7, 6, 5, 3});

  Random large(42);  // here words are drawn again: 6 results take 11
  std::vector<std::uint32_t> below_large(6);
  for (std::uint32_t& value : below_large) value = large.below(3000000000u);
  CHECK(below_large == std::vector<std::uint32_t>{1405759554, 2963155952, 981190142, 1541718440,
                                                  1362946804, 1808231877});
  CHECK(large.state().position == 11);

  Random normals(42);
  std::vector<double> normal(6);
  for (double& value : normal) value = normals.normal();
  CHECK(normal == std::vector<double>{0x1.290736db82125p+1, -0x1.4a683de807ae6p-1,
                                      -0x1.2505b561ed06cp-1, -0x1.b510086b0af46p-3,
                                      0x1.c8faaae32fb2ep-1, -0x1.7750fddec5c94p+1});

  Random shuffler(42);
  std::vector<std::uint32_t> items(10);
  std::iota(items.begin(), items.end(), 0u);
  shuffler.shuffle(items);
  CHECK(items == std::vector<std::uint32_t>{7, 3, 8, 9, 1, 5, 2, 0, 4, 6});
}

TEST_CASE("positions beyond 2^34 reach the second word of the counter", "[core][random]") {
  Random::State state;
  state.seed = 3;
  state.position = (std::uint64_t{1} << 34) + 4;  // block 2^32 + 1
  CHECK(Random::from_state(state).bits() == philox4x32_10({1, 1, 0, 0}, {3, 0})[0]);
}

TEST_CASE("seeds and streams differ from each other", "[core][random]") {
  const std::vector<std::uint32_t> base = draw(Random(1, 0), 8);
  CHECK(draw(Random(1, 0), 8) == base);
  CHECK(draw(Random(2, 0), 8) != base);
  CHECK(draw(Random(1, 1), 8) != base);
  CHECK(draw(Random(1 + (std::uint64_t{1} << 32), 0), 8) != base);
  CHECK(draw(Random(1, std::uint64_t{1} << 32), 8) != base);
}

TEST_CASE("from any position, a state continues where it was", "[core][random]") {
  for (int drawn = 0; drawn < 13; ++drawn) {
    CAPTURE(drawn);
    Random random(9, 4);
    for (int i = 0; i < drawn; ++i) random.bits();
    Random copy = Random::from_state(random.state());
    CHECK(copy.state().position == static_cast<std::uint64_t>(drawn));
    CHECK(draw(copy, 9) == draw(random, 9));
  }
}

TEST_CASE("a state remembers the second normal of a pair", "[core][random]") {
  for (int drawn = 0; drawn < 8; ++drawn) {
    CAPTURE(drawn);
    Random random(11);
    for (int i = 0; i < drawn; ++i) random.normal();
    CHECK(random.state().has_spare == (drawn % 2 == 1));
    Random copy = Random::from_state(random.state());
    for (int i = 0; i < 5; ++i) CHECK(copy.normal() == random.normal());
    CHECK(copy.bits() == random.bits());
  }
}

TEST_CASE("uniform numbers fill [0, 1) evenly", "[core][random]") {
  Random random(5);
  constexpr int kCount = 100000;
  std::vector<int> counts(100);
  double sum = 0;
  bool inside = true;
  for (int i = 0; i < kCount; ++i) {
    const double u = random.uniform();
    inside &= u >= 0 && u < 1;
    sum += u;
    ++counts[static_cast<std::size_t>(u * 100)];
  }
  CHECK(inside);
  CHECK(sum / kCount == Approx(0.5).margin(4 * std::sqrt(1.0 / 12 / kCount)));
  CHECK(chi_square(counts) < 149);  // 99 degrees of freedom: above that once in a thousand

  Random ranged(5);
  Random same(5);
  for (int i = 0; i < 100; ++i) CHECK(ranged.uniform(-3, 5) == -3 + 8 * same.uniform());
}

TEST_CASE("below is even and stays below", "[core][random]") {
  const std::uint32_t end = GENERATE(2u, 3u, 7u, 10u, 60u);
  CAPTURE(end);
  Random random(6);
  std::vector<int> counts(end);
  for (int i = 0; i < 60000; ++i) ++counts.at(random.below(end));
  // Above the bound less than once in a thousand (Wilson and Hilferty's approximation).
  const double degrees = end - 1;
  const double z = 1 - 2 / (9 * degrees) + 3.09 * std::sqrt(2 / (9 * degrees));
  CHECK(chi_square(counts) < degrees * z * z * z);
}

TEST_CASE("below has no bias where its range does not divide 2^32", "[core][random]") {
  // Without drawing again, thirds of a range of 3 · 2^30 would come up as 2 : 1 : 1.
  constexpr std::uint32_t kThird = std::uint32_t{1} << 30;
  Random random(7);
  std::vector<int> counts(3);
  std::vector<int> parity(2);
  for (int i = 0; i < 60000; ++i) {
    const std::uint32_t value = random.below(3 * kThird);
    ++counts.at(value / kThird);
    ++parity[value % 2];
  }
  CHECK(chi_square(counts) < 13.8);
  CHECK(chi_square(parity) < 10.8);
}

TEST_CASE("below 1 is 0, and every word is below 2^32 − 1 at most", "[core][random]") {
  Random random(8);
  bool ok = true;
  for (int i = 0; i < 1000; ++i) {
    ok &= random.below(1) == 0;
    ok &= random.below(0xffffffff) < 0xffffffff;
  }
  CHECK(ok);
}

TEST_CASE("normal numbers have the moments and tails of a normal distribution", "[core][random]") {
  Random random(12);
  constexpr int kCount = 200000;
  std::array<double, 5> moments{};
  int beyond_one = 0;
  int beyond_two = 0;
  int beyond_three = 0;
  double product = 0;
  double previous = 0;
  for (int i = 0; i < kCount; ++i) {
    const double x = random.normal();
    for (int power = 1; power <= 4; ++power) {
      moments[static_cast<std::size_t>(power)] += std::pow(x, power) / kCount;
    }
    beyond_one += std::abs(x) > 1;
    beyond_two += std::abs(x) > 2;
    beyond_three += std::abs(x) > 3;
    product += x * previous / kCount;
    previous = x;
  }
  // Within four standard deviations of the estimate.
  const double root = std::sqrt(1.0 / kCount);
  CHECK(moments[1] == Approx(0).margin(4 * root));
  CHECK(moments[2] == Approx(1).margin(4 * std::sqrt(2.0) * root));
  CHECK(moments[3] == Approx(0).margin(4 * std::sqrt(15.0) * root));
  CHECK(moments[4] == Approx(3).margin(4 * std::sqrt(96.0) * root));
  CHECK(product == Approx(0).margin(4 * root));  // neighbours are not related
  const auto share = [&](int beyond, double probability) {
    CHECK(static_cast<double>(beyond) / kCount ==
          Approx(probability).margin(4 * std::sqrt(probability * (1 - probability)) * root));
  };
  share(beyond_one, 0.3173105);
  share(beyond_two, 0.0455003);
  share(beyond_three, 0.0026998);
}

TEST_CASE("shuffle makes every order equally likely", "[core][random]") {
  Random random(13);
  std::vector<int> counts(24);
  for (int i = 0; i < 24000; ++i) {
    std::array<std::uint32_t, 4> items{0, 1, 2, 3};
    random.shuffle(items);
    // The number of the order among all 4! of them.
    std::size_t rank = 0;
    for (std::size_t a = 0; a < 4; ++a) {
      std::size_t smaller_behind = 0;
      for (std::size_t b = a + 1; b < 4; ++b) smaller_behind += items[b] < items[a];
      rank = rank * (4 - a) + smaller_behind;
    }
    ++counts.at(rank);
  }
  CHECK(*std::min_element(counts.begin(), counts.end()) > 0);
  CHECK(chi_square(counts) < 49.7);  // 23 degrees of freedom: above that once in a thousand
}

TEST_CASE("shuffle keeps every item and leaves short lists alone", "[core][random]") {
  Random random(14);
  std::vector<std::uint32_t> items(1000);
  std::iota(items.begin(), items.end(), 0u);
  const std::vector<std::uint32_t> before = items;
  random.shuffle(items);
  CHECK(items != before);
  std::sort(items.begin(), items.end());
  CHECK(items == before);

  const std::uint64_t position = random.state().position;
  std::vector<std::uint32_t> none;
  std::vector<std::uint32_t> one{5};
  random.shuffle(none);
  random.shuffle(one);
  CHECK(one == std::vector<std::uint32_t>{5});
  CHECK(random.state().position == position);
}

}  // namespace
}  // namespace lanegrad
