// Philox rounds and distributions, written with operations that IEEE 754 rounds exactly.
#include "engine/core/random.h"

#include <cmath>
#include <utility>

namespace lanegrad {

namespace {

// ln(x) for finite x > 0. The log of libm differs in its last bit between platforms; this one does
// not: x = m · 2^e with m in [√½, √2), ln m = 2·artanh(s) = 2·(s + s³/3 + s⁵/5 + …), s =
// (m−1)/(m+1).
double exact_log(double x) {
  constexpr double kLn2 = 0.693147180559945309417;
  constexpr double kSqrtHalf = 0.707106781186547524401;
  int exponent = 0;
  double m = std::frexp(x, &exponent);
  if (m < kSqrtHalf) {
    m *= 2;
    --exponent;
  }
  const double s = (m - 1) / (m + 1);
  const double s2 = s * s;
  double sum = 0;
  // |s| ≤ 0.1716, so the term of degree 23 is below 2^-58.
  for (int degree = 23; degree >= 3; degree -= 2) sum = (sum + 1.0 / degree) * s2;
  return exponent * kLn2 + 2 * s * (1 + sum);
}

}  // namespace

std::array<std::uint32_t, 4> philox4x32_10(std::array<std::uint32_t, 4> counter,
                                           std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = std::uint64_t{0xD2511F53} * counter[0];
    const std::uint64_t p1 = std::uint64_t{0xCD9E8D57} * counter[2];
    counter = {
        static_cast<std::uint32_t>(p1 >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(p1),
        static_cast<std::uint32_t>(p0 >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(p0)};
    key[0] += 0x9E3779B9;  // the golden ratio
    key[1] += 0xBB67AE85;  // √3 − 1
  }
  return counter;
}

Random::Random(std::uint64_t seed, std::uint64_t stream) {
  state_.seed = seed;
  state_.stream = stream;
}

Random Random::from_state(const State& state) {
  Random random(state.seed, state.stream);
  const std::uint64_t in_block = state.position % 4;
  random.state_.position = state.position - in_block;
  for (std::uint64_t i = 0; i < in_block; ++i) random.bits();
  random.state_ = state;
  return random;
}

std::uint32_t Random::bits() {
  const auto lane = static_cast<std::size_t>(state_.position % 4);
  if (lane == 0) {
    const std::uint64_t block = state_.position / 4;
    block_ = philox4x32_10(
        {static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32),
         static_cast<std::uint32_t>(state_.stream),
         static_cast<std::uint32_t>(state_.stream >> 32)},
        {static_cast<std::uint32_t>(state_.seed), static_cast<std::uint32_t>(state_.seed >> 32)});
  }
  ++state_.position;
  return block_[lane];
}

std::uint32_t Random::below(std::uint32_t end) {
  // Lemire, "Fast random integer generation in an interval" (2019): multiply, keep the high word,
  // draw again in the few cases that would make some results more likely.
  std::uint64_t product = std::uint64_t{bits()} * end;
  if (static_cast<std::uint32_t>(product) < end) {
    const std::uint32_t threshold = (0u - end) % end;
    while (static_cast<std::uint32_t>(product) < threshold) product = std::uint64_t{bits()} * end;
  }
  return static_cast<std::uint32_t>(product >> 32);
}

double Random::uniform() { return bits() * 0x1p-32; }

double Random::uniform(double low, double high) { return low + (high - low) * uniform(); }

double Random::normal() {
  if (std::exchange(state_.has_spare, 0) != 0) return state_.spare;
  double x = 0;
  double y = 0;
  double square = 0;
  do {
    x = 2 * uniform() - 1;
    y = 2 * uniform() - 1;
    square = x * x + y * y;
  } while (square >= 1 || square == 0);
  const double scale = std::sqrt(-2 * exact_log(square) / square);
  state_.spare = y * scale;
  state_.has_spare = 1;
  return x * scale;
}

void Random::shuffle(std::span<std::uint32_t> items) {
  for (std::size_t i = items.size(); i > 1; --i) {
    std::swap(items[i - 1], items[below(static_cast<std::uint32_t>(i))]);
  }
}

}  // namespace lanegrad
