// How functions go over arrays element by element: whole vectors first, then the last few elements
// through a padded vector.
#if defined(LANEGRAD_KERNELS_MAP_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LANEGRAD_KERNELS_MAP_INL_H_
#undef LANEGRAD_KERNELS_MAP_INL_H_
#else
#define LANEGRAD_KERNELS_MAP_INL_H_
#endif

#include "engine/kernels/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lanegrad::kernels {
namespace HWY_NAMESPACE {

// out = op(a, b, c), vector by vector. The last few elements are copied and take one more turn of
// the same loop, since its body may be long. A step is kLanes, or 0 for a vector that stays the
// same.
template <class Op>
HWY_INLINE void Map(Op op, const float* a, std::size_t a_step, const float* b, std::size_t b_step,
                    const float* c, std::size_t c_step, float* out, std::size_t n) {
  const D d;
  HWY_ALIGN float lanes[kLanes];
  HWY_ALIGN float a_lanes[kLanes];
  HWY_ALIGN float b_lanes[kLanes];
  HWY_ALIGN float c_lanes[kLanes];
  const std::size_t rest = n % kLanes;
  float* to = out;
  for (std::size_t left = n - rest;; left = kLanes) {
    for (; left > 0; left -= kLanes) {
      hn::StoreU(op(hn::LoadU(d, a), hn::LoadU(d, b), hn::LoadU(d, c)), d, to);
      a += a_step;
      b += b_step;
      c += c_step;
      to += kLanes;
    }
    if (rest == 0 || to == lanes + kLanes) break;
    hn::Store(a_step > 0 ? LoadTail(a, rest, 1.0f) : hn::LoadU(d, a), d, a_lanes);
    hn::Store(b_step > 0 ? LoadTail(b, rest, 1.0f) : hn::LoadU(d, b), d, b_lanes);
    hn::Store(c_step > 0 ? LoadTail(c, rest, 1.0f) : hn::LoadU(d, c), d, c_lanes);
    a = a_lanes;
    b = b_lanes;
    c = c_lanes;
    to = lanes;
  }
  if (rest > 0) StoreTail(hn::Load(d, lanes), out + (n - rest), rest);
}

}  // namespace HWY_NAMESPACE
}  // namespace lanegrad::kernels
HWY_AFTER_NAMESPACE();

#endif
