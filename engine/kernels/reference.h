// The kernels in plain loops: the specification that the fast kernels are tested against, and the
// kernels of the double build. kernels.h says what each does and requires.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/kernels/types.h"

namespace lanegrad::kernels::reference {

void gemm(const Gemm& g);

double most_listed();
void list_rows(const Real* x, Index first, Index count, const SparseRows& out);
void list_columns(const SparseRows& a, const SparseRows& out);
void pack_panels(const Real* b, Index rows, Index n, Real* packed, Real* sums);
Index packed_size(Index rows, Index n);
void sparse_matmul(const SparseRows& a, const Real* packed, Index n, const Real* base,
                   const Real* bias, bool relu, Real* c);
void sparse_adam_update(const AdamUpdate& u, const SparseRows& a, const Real* packed, Index n,
                        const Real* base, Real* w, Real* m, Real* v);

Index conv2d_workspace(const ConvPool& p);
void conv2d_max_pool(const ConvPool& p, const Real* x, const Real* filters, const Real* bias,
                     Real* y, std::int32_t* patches, Real* workspace);
void conv2d_filter_gradient(const ConvPool& p, const Real* x, const Real* dy, Real* dw,
                            Real* workspace);
void conv2d_max_pool_backward(const ConvPool& p, const Real* x, const Real* filters,
                              const std::int32_t* patches, const Real* dy, Real* dx, Real* dw,
                              Real* dbias, Real* workspace);
void max_pool2d(const Pooling& p, const Real* x, Real* y, std::int32_t* pixels);
void max_pool2d_backward(const Pooling& p, const Real* dy, const std::int32_t* pixels, Real* dx);
void avg_pool2d(const Pooling& p, const Real* x, Real* y);
void avg_pool2d_backward(const Pooling& p, const Real* dy, Real* dx);

void batch_norm(const BatchNorm& b, const Real* x, const Real* weight, const Real* bias, Real* mean,
                Real* variance, Real* y);
void batch_norm_backward(const BatchNorm& b, const Real* x, const Real* weight, const Real* mean,
                         const Real* variance, const Real* dy, Real* dx, Real* dweight,
                         Real* dbias);

void unary(Unary op, const Real* x, Real* out, Index n);
void unary_backward(Unary op, const Real* x, const Real* y, const Real* dy, Real* dx, Index n);
void leaky_relu(Real slope, const Real* x, Real* out, Index n);
void leaky_relu_backward(Real slope, const Real* x, const Real* dy, Real* dx, Index n);
void binary(Binary op, const Real* a, Index a_step, const Real* b, Index b_step, Real* out,
            Index n);
void axpy(Real alpha, const Real* x, Real* y, Index n);
void fill(Real value, Real* x, Index n);
void gather_bytes(const std::uint8_t* x, const std::uint32_t* rows, Index count, Index channels,
                  Index width, const Levels* levels, Real* out);
void warp_bytes(const std::uint8_t* x, const std::uint32_t* rows, const Affine* maps, Index count,
                Index channels, Index h, Index w, const Levels* levels, std::uint32_t* workspace,
                Real* out);
Index warp_workspace(Index count, Index h, Index w);
void reduce_sum(const Real* x, Real* out, Index outer, Index axis, Index inner);
void reduce_max(const Real* x, Real* out, Index outer, Index axis, Index inner);
void reduce_argmax(const Real* x, std::int32_t* out, Index outer, Index axis, Index inner);
void byte_moments(const std::uint8_t* x, Index n, ByteMoments& moments);
bool all_finite(const Real* x, Index n);
double sum_of_squares(const Real* x, Index n);
void softmax(const Real* x, Real* y, Index rows, Index classes);
void softmax_backward(const Real* y, const Real* dy, Real* dx, Index rows, Index classes);
void log_softmax(const Real* x, Real* y, Index rows, Index classes);
void log_softmax_backward(const Real* y, const Real* dy, Real* dx, Index rows, Index classes);
Real softmax_cross_entropy(const Real* x, const std::int32_t* labels, Real smoothing, Real* d,
                           Index rows, Index classes);
void sgd_update(const SgdUpdate& u, Real* w, const Real* g, Real* velocity, Index n);
void adam_update(const AdamUpdate& u, Real* w, const Real* g, Real* m, Real* v, Index n);
void average_update(Real share, const Real* w, Real* average, Index n);

}  // namespace lanegrad::kernels::reference
