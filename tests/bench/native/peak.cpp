// Independent chains of multiply-adds, for every target of Highway.
#include "tests/bench/native/peak.h"

#include "engine/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tests/bench/native/peak.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lanegrad::bench {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_NEON  // 32 registers
constexpr int kChains = 16;
#else  // 16
constexpr int kChains = 12;
#endif
constexpr int kTurns = 20000;

double RunPeak() {
  const hn::CappedTag<float, 16> d;
  using V = hn::Vec<decltype(d)>;
  // Read from volatiles, and the result is used, so that nothing can be computed beforehand or left
  // out.
  static volatile float scale = 0.5f;
  static volatile float offset = 0.25f;
  const V scales = hn::Set(d, scale);
  const V offsets = hn::Set(d, offset);
  V chains[kChains];
  for (int c = 0; c < kChains; ++c) chains[c] = hn::Set(d, static_cast<float>(c));
  for (int turn = 0; turn < kTurns; ++turn) {
#pragma GCC unroll 16  // or the chains stay in memory
    for (V& chain : chains) chain = hn::MulAdd(chain, scales, offsets);
  }
  V sum = chains[0];
  for (int c = 1; c < kChains; ++c) sum = hn::Add(sum, chains[c]);
  const bool finite = hn::GetLane(hn::SumOfLanes(d, sum)) < 1e30f;
  return finite ? 2.0 * static_cast<double>(hn::Lanes(d)) * kChains * kTurns : 0.0;
}

}  // namespace HWY_NAMESPACE
}  // namespace lanegrad::bench
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lanegrad::bench {

HWY_EXPORT(RunPeak);

double run_peak() { return HWY_DYNAMIC_DISPATCH(RunPeak)(); }

}  // namespace lanegrad::bench
#endif
