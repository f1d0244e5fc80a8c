// Convolution and its backward.
#include "engine/tensor/conv.h"

#include "engine/ndarray/arithmetic.h"
#include "engine/ndarray/reduce.h"
#include "engine/tensor/node.h"

namespace lanegrad {

namespace {

// Sends the gradients of the sources: x, filters and, if there is one, the bias.
void send_parts(Node& node, const NdArray& dz) {
  const ConvOptions options{node.axes[0], node.axes[1]};
  if (node.needs(0)) {
    node.send(0, conv2d_input_gradient(node.source(1), dz, node.source(0).shape(), options));
  }
  if (node.needs(1)) {
    node.send(1, conv2d_filter_gradient(node.source(0), dz, node.source(1).shape(), options));
  }
  if (node.source_count == 3 && node.needs(2)) {
    const Shape& shape = dz.shape();
    node.send(2, sum(sum(dz.reshape({shape[0], shape[1], shape[2] * shape[3]}), 2), 0));
  }
}

// Where the output is 0, the rectifier let nothing through, so no gradient goes back.
void conv2d_relu_backward(Node& node, const NdArray& dy) {
  send_parts(node, unary_backward(kernels::Unary::Relu, node.data, node.data, dy));
}

void conv2d_backward(Node& node, const NdArray& dy) { send_parts(node, dy); }

// With a rectifier, too, since saved_indices say where it let nothing through.
void conv2d_max_pool_backward(Node& node, const NdArray& dy) {
  const auto [stride, padding, size, step] = node.axes;
  ConvGradients gradients =
      conv2d_max_pool_gradients(node.source(0), node.source(1), {stride, padding}, {size, step},
                                node.saved_indices, dy, node.needs(0));
  if (node.needs(0)) node.send(0, std::move(*gradients.x));
  if (node.needs(1)) node.send(1, std::move(gradients.filters));
  if (node.source_count == 3 && node.needs(2)) node.send(2, std::move(gradients.bias));
}

constexpr GradFn kConv2dMaxPool{"conv2d_max_pool", conv2d_max_pool_backward};
constexpr GradFn kConv2dMaxPoolRelu{"conv2d_max_pool_relu", conv2d_max_pool_backward};
constexpr GradFn kConv2d{"conv2d", conv2d_backward};
constexpr GradFn kConv2dRelu{"conv2d_relu", conv2d_relu_backward};

Tensor record(const GradFn& fn, NdArray y, const Tensor& x, const Tensor& filters,
              const Tensor& bias) {
  return bias.defined() ? record(fn, std::move(y), {&x, &filters, &bias})
                        : record(fn, std::move(y), {&x, &filters});
}

}  // namespace

Tensor conv2d(const Tensor& x, const Tensor& filters, const Tensor& bias, ConvOptions options,
              bool relu) {
  const NdArray* added = bias.defined() ? &bias.data() : nullptr;
  NdArray y = conv2d(x.data(), filters.data(), options, {.bias = added, .relu = relu});
  Tensor result = record(relu ? kConv2dRelu : kConv2d, std::move(y), x, filters, bias);
  if (!result.is_leaf()) {
    result.node()->axes = {static_cast<int>(options.stride), static_cast<int>(options.padding)};
  }
  return result;
}

Tensor conv2d_max_pool(const Tensor& x, const Tensor& filters, const Tensor& bias,
                       ConvOptions options, PoolOptions pool, bool relu) {
  const NdArray* added = bias.defined() ? &bias.data() : nullptr;
  IndexArray patches;
  NdArray y = conv2d_max_pool(x.data(), filters.data(), options, pool,
                              {.bias = added, .relu = relu}, patches);
  Tensor result =
      record(relu ? kConv2dMaxPoolRelu : kConv2dMaxPool, std::move(y), x, filters, bias);
  if (!result.is_leaf()) {
    result.node()->axes = {static_cast<int>(options.stride), static_cast<int>(options.padding),
                           static_cast<int>(pool.size), static_cast<int>(pool.stride)};
    result.node()->saved_indices = std::move(patches);
  }
  return result;
}

}  // namespace lanegrad
