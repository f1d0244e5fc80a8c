// Philox4x32-10, a counter-based generator (Salmon et al., "Parallel random numbers: as easy as
// 1, 2, 3", SC 2011), and the distributions that training needs. The same seed gives the same
// numbers on every platform: only exactly rounded arithmetic is used.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "engine/core/real.h"

namespace lanegrad {

// What the random numbers of one seed are used for. Streams are independent: another number of
// weights does not change the order of the samples.
namespace streams {
inline constexpr std::uint64_t kWeights = 0;       // initial weights
inline constexpr std::uint64_t kOrder = 1;         // the order of a data loader's samples
inline constexpr std::uint64_t kInputs = 2;        // inputs that a data loader makes up
inline constexpr std::uint64_t kNoise = 3;         // noise that a data loader adds
inline constexpr std::uint64_t kDropout = 4;       // what dropout leaves out
inline constexpr std::uint64_t kAugmentation = 5;  // how pictures are augmented
inline constexpr std::uint64_t kSplit = 6;         // which samples are split off for validation
}  // namespace streams

class Random {
 public:
  // Streams of one seed are independent of each other; see `streams`.
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0);

  std::uint32_t bits();                     // uniform over all 32-bit words
  std::uint32_t below(std::uint32_t end);   // uniform over 0..end-1 without bias; end > 0
  double uniform();                         // [0, 1), 32 random bits
  double uniform(double low, double high);  // [low, high)
  double normal();  // mean 0, standard deviation 1 (Marsaglia's polar method)

  // Fisher-Yates: every order of `items` is equally likely.
  void shuffle(std::span<std::uint32_t> items);

  // The state of a generator in five words; it decides which numbers come next, and checkpoints
  // store it.
  struct State {
    std::uint64_t seed = 0;
    std::uint64_t stream = 0;
    std::uint64_t position = 0;  // words drawn so far
    // The second normal of the polar method, which makes two at a time.
    double spare = 0;
    // 1 where `spare` holds a number, else 0.
    std::uint64_t has_spare = 0;
  };
  const State& state() const { return state_; }
  static Random from_state(const State& state);

 private:
  State state_;
  std::array<std::uint32_t, 4> block_{};  // words of the block that `position` points into
};

// One Philox4x32-10 block, for the known-answer tests.
std::array<std::uint32_t, 4> philox4x32_10(std::array<std::uint32_t, 4> counter,
                                           std::array<std::uint32_t, 2> key);

}  // namespace lanegrad
