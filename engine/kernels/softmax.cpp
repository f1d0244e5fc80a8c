// Softmax and the cross entropy of its result, row by row.
#include "engine/kernels/kernels.h"
#include "engine/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/softmax.cpp"
#include <hwy/foreach_target.h>

#include "engine/kernels/math-inl.h"
#include "engine/kernels/reduce-inl.h"
#include "engine/kernels/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lanegrad::kernels {
namespace HWY_NAMESPACE {

float LogOf(float x) { return hn::GetLane(Log(hn::Set(D(), x))); }

// y = e^(x − max); returns Σ y.
HWY_NOINLINE float ExpRow(const float* x, float max, float* y, std::size_t classes) {
  const D d;
  const V shift = hn::Set(d, max);
  std::size_t c = 0;
  for (; c + kLanes <= classes; c += kLanes) {
    hn::StoreU(Exp(hn::Sub(hn::LoadU(d, x + c), shift)), d, y + c);
  }
  if (c < classes) {
    const std::size_t rest = classes - c;
    StoreTail(Exp(hn::Sub(LoadTail(x + c, rest, max), shift)), y + c, rest);
  }
  return SumOf(y, classes);
}

// out = x · factor; out may be x.
HWY_NOINLINE void ScaleRow(const float* x, float factor, float* out, std::size_t classes) {
  const D d;
  const V f = hn::Set(d, factor);
  std::size_t c = 0;
  for (; c + kLanes <= classes; c += kLanes) {
    hn::StoreU(hn::Mul(hn::LoadU(d, x + c), f), d, out + c);
  }
  for (; c < classes; ++c) out[c] = x[c] * factor;
}

void SoftmaxKernel(const float* x, float* y, std::size_t rows, std::size_t classes) {
  for (std::size_t row = 0; row < rows; ++row, x += classes, y += classes) {
    const float sum = ExpRow(x, MaxOf(x, classes), y, classes);
    ScaleRow(y, 1 / sum, y, classes);
  }
}

void SoftmaxBackwardKernel(const float* y, const float* dy, float* dx, std::size_t rows,
                           std::size_t classes) {
  const D d;
  for (std::size_t row = 0; row < rows; ++row, y += classes, dy += classes, dx += classes) {
    std::size_t c = 0;
    for (; c + kLanes <= classes; c += kLanes) {
      hn::StoreU(hn::Mul(hn::LoadU(d, y + c), hn::LoadU(d, dy + c)), d, dx + c);
    }
    for (; c < classes; ++c) dx[c] = y[c] * dy[c];
    const float minus_sum = -SumOf(dx, classes);
    for (c = 0; c + kLanes <= classes; c += kLanes) {
      hn::StoreU(Madd(hn::LoadU(d, y + c), hn::Set(d, minus_sum), hn::LoadU(d, dx + c)), d, dx + c);
    }
    for (; c < classes; ++c) dx[c] += y[c] * minus_sum;
  }
}

void LogSoftmaxKernel(const float* x, float* y, std::size_t rows, std::size_t classes) {
  const D d;
  for (std::size_t row = 0; row < rows; ++row, x += classes, y += classes) {
    const float max = MaxOf(x, classes);
    const float log_sum = LogOf(ExpRow(x, max, y, classes));
    // x − max comes first: it is exact for values near the largest, while max + log Σ is not.
    const V shift = hn::Set(d, max);
    const V log_sums = hn::Set(d, log_sum);
    std::size_t c = 0;
    for (; c + kLanes <= classes; c += kLanes) {
      hn::StoreU(hn::Sub(hn::Sub(hn::LoadU(d, x + c), shift), log_sums), d, y + c);
    }
    for (; c < classes; ++c) y[c] = (x[c] - max) - log_sum;
  }
}

void LogSoftmaxBackwardKernel(const float* y, const float* dy, float* dx, std::size_t rows,
                              std::size_t classes) {
  const D d;
  for (std::size_t row = 0; row < rows; ++row, y += classes, dy += classes, dx += classes) {
    const V minus_sum = hn::Set(d, -SumOf(dy, classes));
    std::size_t c = 0;
    for (; c + kLanes <= classes; c += kLanes) {
      hn::StoreU(Madd(Exp(hn::LoadU(d, y + c)), minus_sum, hn::LoadU(d, dy + c)), d, dx + c);
    }
    if (c < classes) {
      const std::size_t rest = classes - c;
      StoreTail(Madd(Exp(LoadTail(y + c, rest, 0.0f)), minus_sum, LoadTail(dy + c, rest, 0.0f)),
                dx + c, rest);
    }
  }
}

float SoftmaxCrossEntropyKernel(const float* x, const std::int32_t* labels, float smoothing,
                                float* out, std::size_t rows, std::size_t classes) {
  const float even = smoothing / static_cast<float>(classes);
  double loss = 0;
  for (std::size_t row = 0; row < rows; ++row, x += classes, out += classes) {
    const float max = MaxOf(x, classes);
    const float sum = ExpRow(x, max, out, classes);
    ScaleRow(out, 1 / sum, out, classes);
    const float score = x[labels[row]] - max;
    if (smoothing == 0) {
      loss += LogOf(sum) - score;
    } else {
      double others = 0;  // shifted one by one: scores far from 0 would lose their digits
      for (std::size_t c = 0; c < classes; ++c) {
        others += x[c] - max;
        out[c] -= even;
      }
      loss += LogOf(sum) - ((1 - smoothing) * score + even * others);
    }
    out[labels[row]] -= 1 - smoothing;
  }
  return static_cast<float>(loss / static_cast<double>(rows));
}

}  // namespace HWY_NAMESPACE
}  // namespace lanegrad::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lanegrad::kernels {

HWY_EXPORT(SoftmaxKernel);
HWY_EXPORT(SoftmaxBackwardKernel);
HWY_EXPORT(LogSoftmaxKernel);
HWY_EXPORT(LogSoftmaxBackwardKernel);
HWY_EXPORT(SoftmaxCrossEntropyKernel);

void softmax(const Real* x, Real* y, Index rows, Index classes) {
  HWY_DYNAMIC_DISPATCH(SoftmaxKernel)
  (x, y, static_cast<std::size_t>(rows), static_cast<std::size_t>(classes));
}

void softmax_backward(const Real* y, const Real* dy, Real* dx, Index rows, Index classes) {
  HWY_DYNAMIC_DISPATCH(SoftmaxBackwardKernel)
  (y, dy, dx, static_cast<std::size_t>(rows), static_cast<std::size_t>(classes));
}

void log_softmax(const Real* x, Real* y, Index rows, Index classes) {
  HWY_DYNAMIC_DISPATCH(LogSoftmaxKernel)
  (x, y, static_cast<std::size_t>(rows), static_cast<std::size_t>(classes));
}

void log_softmax_backward(const Real* y, const Real* dy, Real* dx, Index rows, Index classes) {
  HWY_DYNAMIC_DISPATCH(LogSoftmaxBackwardKernel)
  (y, dy, dx, static_cast<std::size_t>(rows), static_cast<std::size_t>(classes));
}

Real softmax_cross_entropy(const Real* x, const std::int32_t* labels, Real smoothing, Real* d,
                           Index rows, Index classes) {
  return HWY_DYNAMIC_DISPATCH(SoftmaxCrossEntropyKernel)(
      x, labels, smoothing, d, static_cast<std::size_t>(rows), static_cast<std::size_t>(classes));
}

}  // namespace lanegrad::kernels
#endif
