// The most multiply-adds that one thread of a browser can do: independent chains of four floats
// that never leave their registers. Built twice, as plain wasm without glue: with a multiply and an
// add, and, under relaxed SIMD, with the fused multiply-add. The caller takes the number of chains
// that is faster.
#include <wasm_simd128.h>

namespace {

constexpr int kSteps = 4;  // of every chain, in one turn of the loop

inline v128_t multiply_add(v128_t x, v128_t scale, v128_t offset) {
#ifdef __wasm_relaxed_simd__
  return wasm_f32x4_relaxed_madd(x, scale, offset);
#else
  return wasm_f32x4_add(wasm_f32x4_mul(x, scale), offset);
#endif
}

// The result depends on every operation, so that none can be left out. A scale below 1 keeps it
// finite.
template <int kChains>
float run(int turns, float scale, float offset) {
  const v128_t scales = wasm_f32x4_splat(scale);
  const v128_t offsets = wasm_f32x4_splat(offset);
  v128_t chains[kChains];
  for (int c = 0; c < kChains; ++c) chains[c] = wasm_f32x4_splat(static_cast<float>(c));
  for (int turn = 0; turn < turns; ++turn) {
    for (int step = 0; step < kSteps; ++step) {
      for (v128_t& chain : chains) chain = multiply_add(chain, scales, offsets);
    }
  }
  v128_t sum = chains[0];
  for (int c = 1; c < kChains; ++c) sum = wasm_f32x4_add(sum, chains[c]);
  return wasm_f32x4_extract_lane(sum, 0) + wasm_f32x4_extract_lane(sum, 1) +
         wasm_f32x4_extract_lane(sum, 2) + wasm_f32x4_extract_lane(sum, 3);
}

}  // namespace

#define EXPORT(name) extern "C" __attribute__((export_name(#name)))

// x86-64 has 16 vector registers: 13 chains, the scale, the offset, and one for V8 itself.
EXPORT(run_13) float run_13(int turns, float scale, float offset) {
  return run<13>(turns, scale, offset);
}

// ARM has 32 and up to four pipelines to fill.
EXPORT(run_24) float run_24(int turns, float scale, float offset) {
  return run<24>(turns, scale, offset);
}

// The floating-point operations of one chain in one turn.
EXPORT(flops_per_chain) int flops_per_chain() { return 2 * 4 * kSteps; }
