// Every hot loop of the engine: pointers and sizes in, results out. Kernels never allocate, never
// throw and never check; callers in ndarray/ and above do. Each has a plain twin of the same name
// and meaning in reference.h, which is its specification.
//
// Requires, for all: pointers are valid for the stated extents, outputs do not overlap inputs
// unless a comment says that they may be the same array. No alignment is needed.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/kernels/types.h"

#if defined(LANEGRAD_REAL_DOUBLE)
#include "engine/kernels/reference.h"
namespace lanegrad::kernels {
using namespace reference;  // the double build has only the plain twins
}
#else

namespace lanegrad::kernels {

// --- gemm ---------------------------------------------------------------------------------------

void gemm(const Gemm& g);

// --- convolution, and max pooling in one with it ------------------------------------------------
// Requires 1 ≤ kh ≤ h + 2 · padding, likewise kw, stride ≥ 1, all extents at least 1, images of at
// most 2³¹ numbers with their padding, and windows that fit into the results. A workspace has as
// many elements as this says.
Index conv2d_workspace(const ConvPool& p);

// y [n, o, ph, pw] = the convolution plus bias [o] where not null, pooled; patches [n, ph · pw, o]
// = where the pixels begin that window's largest result was made of, as an offset into their image
// with padding and channels last: of the first NaN where there is one, else of the first of the
// largest. patches may be null where windows are single results, one beside the other: without a
// pool.
void conv2d_max_pool(const ConvPool& p, const Real* x, const Real* filters, const Real* bias,
                     Real* y, std::int32_t* patches, Real* workspace);
// Without a pool: dw[o, c, i, j] = Σ over images and places of dy · the pixel that the filter's
// element met there.
void conv2d_filter_gradient(const ConvPool& p, const Real* x, const Real* dy, Real* dw,
                            Real* workspace);
// The gradients of all that went into it, given what came out; dx and dbias may be null.
void conv2d_max_pool_backward(const ConvPool& p, const Real* x, const Real* filters,
                              const std::int32_t* patches, const Real* y, const Real* dy, Real* dx,
                              Real* dw, Real* dbias, Real* workspace);

// --- pooling ------------------------------------------------------------------------------------

// y[i] = the largest pixel of window i, pixels[i] = its place in its plane, counted row by row: of
// the first NaN where there is one, else of the first of the largest. Requires 1 ≤ size ≤ h, w and
// stride ≥ 1.
void max_pool2d(const Pooling& p, const Real* x, Real* y, std::int32_t* pixels);
// dx = Σ of dy over the windows that took their value from that pixel.
void max_pool2d_backward(const Pooling& p, const Real* dy, const std::int32_t* pixels, Real* dx);
// y[i] = the mean of the pixels of window i.
void avg_pool2d(const Pooling& p, const Real* x, Real* y);
// dx = Σ of dy / size² over the windows that the pixel is in.
void avg_pool2d_backward(const Pooling& p, const Real* dy, Real* dx);

// --- normalisation ------------------------------------------------------------------------------
// weight, bias, mean, variance: [channels]. Requires n · size ≥ 1.

// y = (x − mean) / √(variance + ε) · weight + bias (Ioffe and Szegedy 2015). Where b.training, mean
// and variance receive those of x, the variance being the mean of (x − mean)².
void batch_norm(const BatchNorm& b, const Real* x, const Real* weight, const Real* bias, Real* mean,
                Real* variance, Real* y);
// The gradients of that; where b.training, mean and variance are functions of x. dx may be null.
void batch_norm_backward(const BatchNorm& b, const Real* x, const Real* weight, const Real* mean,
                         const Real* variance, const Real* dy, Real* dx, Real* dweight,
                         Real* dbias);

// --- elementwise --------------------------------------------------------------------------------

// out[i] = op(x[i]), i < n. out may be x. Gelu is x · Φ(x), Φ the normal distribution's function
// (Hendrycks and Gimpel 2016, the exact form).
void unary(Unary op, const Real* x, Real* out, Index n);

// dx[i] = dy[i] · op'(x[i]), i < n, given x and y = op(x). At the kink: abs'(0) = 0, relu'(0) = 0.
// dx may be dy.
void unary_backward(Unary op, const Real* x, const Real* y, const Real* dy, Real* dx, Index n);

// out[i] = x[i] where that is positive, else slope · x[i], i < n. out may be x.
void leaky_relu(Real slope, const Real* x, Real* out, Index n);
// dx[i] = dy[i] where x[i] is positive, else slope · dy[i], i < n. dx may be dy.
void leaky_relu_backward(Real slope, const Real* x, const Real* dy, Real* dx, Index n);

// out[i] = op(a[i · a_step], b[i · b_step]), i < n; steps are 0 (a scalar) or 1. out may be a or b
// where that one's step is 1. Maximum is NaN where either is NaN.
void binary(Binary op, const Real* a, Index a_step, const Real* b, Index b_step, Real* out,
            Index n);

// y[i] += alpha · x[i], i < n.
void axpy(Real alpha, const Real* x, Real* y, Index n);

// x[i] = value, i < n.
void fill(Real value, Real* x, Index n);

// out[i, j] = scale · x[rows[i], j] + shift, i < count, j < width: the bytes of chosen images as a
// batch of numbers. x: [more than any of rows, width].
void gather_bytes(const std::uint8_t* x, const std::uint32_t* rows, Index count, Index width,
                  Real scale, Real shift, Real* out);

// Picture i of out is picture rows[i] of x under maps[i], i < count: scale · v + shift for the
// value v between the four pixels around the place that the map gives (bilinear), black where there
// is none. x: [more than any of rows, h, w], out: [count, h, w]; h, w ≥ 1, h · w ≤ 2^24;
// `workspace` has warp_workspace(count, h, w) words.
void warp_bytes(const std::uint8_t* x, const std::uint32_t* rows, const Affine* maps, Index count,
                Index h, Index w, Real scale, Real shift, std::uint32_t* workspace, Real* out);
Index warp_workspace(Index count, Index h, Index w);

// --- reductions ---------------------------------------------------------------------------------
// x: [outer, axis, inner], out: [outer, inner]. The order of each sum depends on the shape only.

void reduce_sum(const Real* x, Real* out, Index outer, Index axis, Index inner);
// Requires axis > 0. NaN where any element is NaN.
void reduce_max(const Real* x, Real* out, Index outer, Index axis, Index inner);
// Index of the first largest element (of the first NaN where there is one). Requires axis > 0.
void reduce_argmax(const Real* x, std::int32_t* out, Index outer, Index axis, Index inner);

// Adds those of x[i], i < n, to `moments`.
void byte_moments(const std::uint8_t* x, Index n, ByteMoments& moments);

// True where every x[i], i < n, is finite.
bool all_finite(const Real* x, Index n);

// Σ x[i]², i < n.
double sum_of_squares(const Real* x, Index n);

// --- softmax ------------------------------------------------------------------------------------
// Rows of x: [rows, classes]; classes > 0. The row's maximum is subtracted first, so that nothing
// overflows.

void softmax(const Real* x, Real* y, Index rows, Index classes);
// dx = y · (dy − Σ y · dy), given y = softmax(x). dx may be dy.
void softmax_backward(const Real* y, const Real* dy, Real* dx, Index rows, Index classes);
void log_softmax(const Real* x, Real* y, Index rows, Index classes);
// dx = dy − exp(y) · Σ dy, given y = log_softmax(x). dx may be dy.
void log_softmax_backward(const Real* y, const Real* dy, Real* dx, Index rows, Index classes);

// The mean over rows of −Σ targets · log_softmax(x) is returned, targets = (1 − smoothing) ·
// onehot(labels) + smoothing / classes; d receives softmax(x) − targets, which is the gradient of
// each row's part. Requires rows > 0 and labels in 0..classes-1.
Real softmax_cross_entropy(const Real* x, const std::int32_t* labels, Real smoothing, Real* d,
                           Index rows, Index classes);

// --- optimizer updates, one pass over weight w, gradient g and state, i < n
// -----------------------
// State that has decayed to denormal numbers becomes 0: processors are slow with those, and a
// weight whose input is always 0 would leave two of them behind. So do weights that AdamW shrinks.

// g' = g + weight_decay · w; velocity = momentum · velocity + g'; w −= learning_rate · velocity or,
// with nesterov, learning_rate · (g' + momentum · velocity). (torch.optim.SGD without dampening.)
// velocity may be null where momentum is 0.
void sgd_update(const SgdUpdate& u, Real* w, const Real* g, Real* velocity, Index n);

// Kingma and Ba, "Adam" (2015), as torch.optim.Adam computes it: g' = g + weight_decay · w;
// m = β1·m + (1−β1)·g'; v = β2·v + (1−β2)·g'²;
// w = shrink · w − learning_rate · (m / correction1) / (√(v / correction2) + ε).
void adam_update(const AdamUpdate& u, Real* w, const Real* g, Real* m, Real* v, Index n);

// average += share · (w − average): an exponential moving average.
void average_update(Real share, const Real* w, Real* average, Index n);

}  // namespace lanegrad::kernels

#endif
