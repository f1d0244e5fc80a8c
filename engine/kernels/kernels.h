// Every hot loop of the engine: pointers and sizes go in, results come out. Kernels never allocate,
// never throw and never check; their callers in ndarray/ and above do. Each kernel has a plain twin
// of the same name and meaning in reference.h, which is its specification.
//
// All kernels require that pointers are valid for the stated extents and that outputs do not
// overlap inputs, unless a comment says that they may be the same array. No alignment is needed.
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

// ---- Gemm -------------------------------------------------------------------

void gemm(const Gemm& g);

// ---- Products with a matrix of which most elements are the same -------------

// The largest share of elements at which listing them pays.
double most_listed();

// Lists what differs from out.background in the rows first … first + count − 1 of x [rows,
// columns]: row r from entry r · columns on. There is room for rows · columns entries. Requires
// rows · columns < 2³¹.
void list_rows(const Real* x, Index first, Index count, const SparseRows& out);
// The lists of a transposed: a row for each of a's columns, its entries in the order of a's rows,
// all one after the other.
void list_columns(const SparseRows& a, const SparseRows& out);

// The columns of b [rows, n] in panels, as sparse_matmul reads them, and the sum of each column.
// packed: packed_size(rows, n) elements, sums: [n].
void pack_panels(const Real* b, Index rows, Index n, Real* packed, Real* sums);
Index packed_size(Index rows, Index n);

// c[r, j] = base[j] + Σ value · b[index, j] over row r's entries, in their order, then plus bias[j]
// where not null, then 0 where that is negative and `relu`. With base = background · Σ over b's
// rows that is a · b. `packed` holds b [a.columns, n]; base: [n], c: [a.rows, n].
void sparse_matmul(const SparseRows& a, const Real* packed, Index n, const Real* base,
                   const Real* bias, bool relu, Real* c);

// adam_update with the gradient that sparse_matmul would give, without writing it anywhere.
// w, m, v: [a.rows, n].
void sparse_adam_update(const AdamUpdate& u, const SparseRows& a, const Real* packed, Index n,
                        const Real* base, Real* w, Real* m, Real* v);

// ---- Convolution, alone or with max pooling ---------------------------------
// The number of elements of the workspace that the convolutions need. Requires, as they do, 1 ≤ kh
// ≤ h + 2 · padding, 1 ≤ kw ≤ w + 2 · padding, stride ≥ 1, all extents at least 1, images of at
// most 2³¹ numbers with their padding, and windows that fit into the results.
Index conv2d_workspace(const ConvPool& p);

// y [n, o, ph, pw] = the convolution plus bias [o] where not null, max-pooled; patches [n, ph · pw,
// o] = where the patch begins that gave each window's result, as an offset into its image with
// padding and channels last; −1 where relu let nothing through, so that no gradient goes back. The
// result is the first NaN of a window where there is one, else the first of the largest. patches
// may be null where there is no pool: windows of one result each, side by side.
void conv2d_max_pool(const ConvPool& p, const Real* x, const Real* filters, const Real* bias,
                     Real* y, std::int32_t* patches, Real* workspace);
// dw[o, c, i, j] = Σ over images and places of dy · the pixel that the filter's element met there,
// for a convolution without a pool.
void conv2d_filter_gradient(const ConvPool& p, const Real* x, const Real* dy, Real* dw,
                            Real* workspace);
// The gradients of x, filters and bias of conv2d_max_pool, given its patches and the gradient dy of
// its results; dx and dbias may be null.
void conv2d_max_pool_backward(const ConvPool& p, const Real* x, const Real* filters,
                              const std::int32_t* patches, const Real* dy, Real* dx, Real* dw,
                              Real* dbias, Real* workspace);

// ---- Pooling ----------------------------------------------------------------

// y[i] = the largest pixel of window i, pixels[i] = that pixel's place in its plane, counted row by
// row. It is the first NaN of the window where there is one, else the first of the largest.
// Requires 1 ≤ size ≤ h, w and stride ≥ 1.
void max_pool2d(const Pooling& p, const Real* x, Real* y, std::int32_t* pixels);
// dx = Σ of dy over the windows that took their value from that pixel.
void max_pool2d_backward(const Pooling& p, const Real* dy, const std::int32_t* pixels, Real* dx);
// y[i] = the mean of the pixels of window i.
void avg_pool2d(const Pooling& p, const Real* x, Real* y);
// dx = Σ of dy / size² over the windows that the pixel is in.
void avg_pool2d_backward(const Pooling& p, const Real* dy, Real* dx);

// ---- Normalisation ----------------------------------------------------------
// weight, bias, mean, variance: [channels]. Requires n · size ≥ 1.

// y = (x − mean) / √(variance + ε) · weight + bias (Ioffe and Szegedy 2015). Where b.training, mean
// and variance receive those of x, the variance being the mean of (x − mean)².
void batch_norm(const BatchNorm& b, const Real* x, const Real* weight, const Real* bias, Real* mean,
                Real* variance, Real* y);
// The gradients of x, weight and bias of batch_norm. Where b.training, mean and variance are
// functions of x. dx may be null.
void batch_norm_backward(const BatchNorm& b, const Real* x, const Real* weight, const Real* mean,
                         const Real* variance, const Real* dy, Real* dx, Real* dweight,
                         Real* dbias);

// ---- Elementwise ------------------------------------------------------------

// out[i] = op(x[i]), i < n. out may be x. unary.h says what each function is.
void unary(Unary op, const Real* x, Real* out, Index n);

// dx[i] = dy[i] · op'(x[i]), i < n, given x and y = op(x). dx may be dy.
void unary_backward(Unary op, const Real* x, const Real* y, const Real* dy, Real* dx, Index n);

// out[i] = x[i] where that is positive, else slope · x[i], i < n. out may be x.
void leaky_relu(Real slope, const Real* x, Real* out, Index n);
// dx[i] = dy[i] where x[i] is positive, else slope · dy[i], i < n. dx may be dy.
void leaky_relu_backward(Real slope, const Real* x, const Real* dy, Real* dx, Index n);

// out[i] = op(a[i · a_step], b[i · b_step]), i < n; a step is 0 (for a scalar) or 1. out may be a
// or b where that operand's step is 1. Maximum is NaN where either is NaN.
void binary(Binary op, const Real* a, Index a_step, const Real* b, Index b_step, Real* out,
            Index n);

// y[i] += alpha · x[i], i < n.
void axpy(Real alpha, const Real* x, Real* y, Index n);

// x[i] = value, i < n.
void fill(Real value, Real* x, Index n);

// out[i, c, j] = scale · x[rows[i], c, j] + shift with the levels of channel c, i < count, c <
// channels, j < width: the bytes of chosen images as a batch of numbers. x: [R, channels, width],
// where R is more than any of rows.
void gather_bytes(const std::uint8_t* x, const std::uint32_t* rows, Index count, Index channels,
                  Index width, const Levels* levels, Real* out);

// Picture i of out is picture rows[i] of x under maps[i], i < count: in each channel, scale · v +
// shift for the value v that is interpolated between the four pixels around the place that the map
// gives (bilinear); pixels outside of the picture are black. x: [R, channels, h, w], where R is
// more than any of rows; out: [count, channels, h, w]; levels: [channels]; h, w ≥ 1, h · w ≤ 2^24;
// `workspace` has warp_workspace(count, h, w) words.
void warp_bytes(const std::uint8_t* x, const std::uint32_t* rows, const Affine* maps, Index count,
                Index channels, Index h, Index w, const Levels* levels, std::uint32_t* workspace,
                Real* out);
Index warp_workspace(Index count, Index h, Index w);

// ---- Reductions -------------------------------------------------------------
// Reductions take x: [outer, axis, inner] to out: [outer, inner]. The order of each sum depends on
// the shape only.

void reduce_sum(const Real* x, Real* out, Index outer, Index axis, Index inner);
// The largest element along the axis; NaN where any element is NaN. Requires axis > 0.
void reduce_max(const Real* x, Real* out, Index outer, Index axis, Index inner);
// The index of the first largest element, or of the first NaN where there is one. Requires axis >
// 0.
void reduce_argmax(const Real* x, std::int32_t* out, Index outer, Index axis, Index inner);

// Adds the moments Σ x[i] and Σ x[i]², i < n, to `moments`.
void byte_moments(const std::uint8_t* x, Index n, ByteMoments& moments);

// True where every x[i], i < n, is finite.
bool all_finite(const Real* x, Index n);

// Σ x[i]², i < n.
double sum_of_squares(const Real* x, Index n);

// ---- Softmax ----------------------------------------------------------------
// These kernels work on the rows of x: [rows, classes] with classes > 0. The row's maximum is
// subtracted first, so that nothing overflows.

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

// ---- Optimizer updates: one pass over weights, gradients and state ----------
// State that has decayed to denormal numbers becomes 0, and so do weights that AdamW shrinks:
// processors are slow with denormal numbers, and a weight whose input is always 0 would leave two
// of them behind.

// One step of torch.optim.SGD without dampening on weight w, gradient g and velocity, i < n: g' = g
// + weight_decay · w; velocity = momentum · velocity + g'; w −= learning_rate · velocity or, with
// nesterov, learning_rate · (g' + momentum · velocity). velocity may be null where momentum is 0.
void sgd_update(const SgdUpdate& u, Real* w, const Real* g, Real* velocity, Index n);

// One step of torch.optim.Adam (Kingma and Ba, "Adam", 2015) on weight w, gradient g, and moments m
// and v, i < n: g' = g + weight_decay · w; m = β1·m + (1−β1)·g'; v = β2·v + (1−β2)·g'²; w = shrink
// · w − learning_rate · (m / correction1) / (√(v / correction2) + ε).
void adam_update(const AdamUpdate& u, Real* w, const Real* g, Real* m, Real* v, Index n);

// average += share · (w − average), i < n: an exponential moving average.
void average_update(Real share, const Real* w, Real* average, Index n);

}  // namespace lanegrad::kernels

#endif
