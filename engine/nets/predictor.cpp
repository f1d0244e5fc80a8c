// What layers do in evaluation mode, on arrays.
#include "engine/nets/predictor.h"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <utility>

#include "engine/core/error.h"
#include "engine/ndarray/batch_norm.h"
#include "engine/ndarray/images.h"
#include "engine/ndarray/reduce.h"
#include "engine/ndarray/softmax.h"
#include "engine/ndarray/sparse.h"

namespace lanegrad {

namespace {

constexpr double kWhite = 255;

NdArray array_of(const ModelTensor& tensor) {
  return NdArray::from(tensor.shape, std::span<const Real>(tensor.values));
}

bool is_function(std::string_view kind, kernels::Unary& function) {
#define LANEGRAD_CASE(Function, name, value, gradient, Kind, ...) \
  if (kind == #Kind) {                                            \
    function = kernels::Unary::Function;                          \
    return true;                                                  \
  }
  LANEGRAD_ACTIVATIONS(LANEGRAD_CASE)
#undef LANEGRAD_CASE
  return false;
}

}  // namespace

Predictor::Predictor(const Model& model)
    : sample_(model.sample),
      outputs_(model.outputs),
      mean_(model.mean),
      deviation_(model.deviation) {
  for (std::size_t at = 0; at < model.layers.size();) at += append(model, at);
}

// Appends the layer at `at`, with those after it that run together with it, as forward_fused does
// in engine/layers/fused.cpp. Returns how many they are.
std::size_t Predictor::append(const Model& model, std::size_t at) {
  const ModelLayer& layer = model.layers[at];
  const auto is = [&](std::size_t ahead, std::string_view kind) {
    return at + ahead < model.layers.size() && model.layers[at + ahead].kind == kind;
  };
  const auto tensor = [&](std::string_view name) {
    return array_of(model.tensor(str(layer.name, ".", name)));
  };
  const auto pool_of = [](const ModelLayer& pool) { return PoolOptions{pool.size, pool.stride}; };
  std::size_t count = 1;
  Step step{.operation = Operation::Flatten};
  if (layer.kind == "Conv2D") {
    step.operation = Operation::Conv;
    step.weight = tensor("weight");
    step.has_bias = layer.bias;
    if (layer.bias) step.bias = tensor("bias");
    step.conv = {layer.stride, layer.padding};
    const bool relu_first = is(1, "ReLU");
    if (is(1 + relu_first, "MaxPool2D") &&
        conv2d_max_pool_fits(Shape{1, layer.input[0], layer.input[1], layer.input[2]},
                             step.weight.shape(), step.conv,
                             pool_of(model.layers[at + 1 + relu_first]))) {
      step.operation = Operation::ConvPool;
      step.pool = pool_of(model.layers[at + 1 + relu_first]);
      step.relu = relu_first || is(2, "ReLU");
      count = step.relu ? 3 : 2;
    } else if (relu_first) {
      step.relu = true;
      count = 2;
    }
  } else if (layer.kind == "Dense") {
    step.operation = Operation::Dense;
    step.weight = tensor("weight");
    if (is(1, "Bias")) {
      step.has_bias = true;
      step.bias = array_of(model.tensor(str(model.layers[at + 1].name, ".bias")));
      step.relu = is(2, "ReLU");
      count = step.relu ? 3 : 2;
    }
  } else if (layer.kind == "MaxPool2D" || layer.kind == "AvgPool2D") {
    step.operation = layer.kind == "MaxPool2D" ? Operation::MaxPool : Operation::AvgPool;
    step.pool = pool_of(layer);
  } else if (layer.kind == "GlobalAvgPool2D") {
    step.operation = Operation::GlobalPool;
  } else if (layer.kind == "BatchNorm") {
    step.operation = Operation::BatchNorm;
    step.weight = tensor("weight");
    step.bias = tensor("bias");
    step.statistics = NdArray::uninitialized({2, layer.input[0]});
    Real* const out = step.statistics.mutable_data();
    std::copy_n(tensor("running_mean").data(), layer.input[0], out);
    std::copy_n(tensor("running_var").data(), layer.input[0], out + layer.input[0]);
  } else if (layer.kind == "LeakyReLU") {
    step.operation = Operation::LeakyRelu;
    step.number = static_cast<Real>(layer.number);
  } else if (layer.kind == "Softmax") {
    step.operation = Operation::Softmax;
  } else if (is_function(layer.kind, step.function)) {
    step.operation = Operation::Unary;
  } else if (layer.kind == "Dropout") {
    return 1;
  } else if (layer.kind != "Flatten") {
    fail(ErrorCode::Unsupported, "predict: layer ", layer.name, " of the kind '", layer.kind,
         "', expected one that a net text has a word for");
  }
  steps_.push_back(std::move(step));
  return count;
}

Shape Predictor::batch(Index samples) const {
  return sample_.rank() == 1 ? Shape{samples, sample_[0]}
                             : Shape{samples, sample_[0], sample_[1], sample_[2]};
}

NdArray Predictor::predict(const NdArray& x) const {
  const Index samples = x.rank() > 0 ? x.shape()[0] : 0;
  if (x.rank() == 0 || x.shape() != batch(samples))
    fail(ErrorCode::ShapeMismatch, "predict: inputs ", x.shape(), " for samples of shape ", sample_,
         ", expected them behind the axis of the batch");
  if (samples == 0) return NdArray::uninitialized({0, outputs_});
  return forward(normalized(x));
}

NdArray Predictor::predict(std::span<const std::uint8_t> pixels) const {
  const auto count = static_cast<Index>(pixels.size());
  if (count % inputs() != 0)
    fail(ErrorCode::ShapeMismatch, "predict: ", count, " pixels, expected a multiple of ", inputs(),
         " for samples of shape ", sample_);
  const Index samples = count / inputs();
  if (samples == 0) return NdArray::uninitialized({0, outputs_});
  std::vector<std::uint32_t> rows(static_cast<std::size_t>(samples));
  std::iota(rows.begin(), rows.end(), std::uint32_t{0});
  NdArray x = NdArray::uninitialized(batch(samples));
  const Index channels = mean_.count();
  std::array<Levels, PerChannel::kMost> levels;
  for (Index c = 0; c < channels; ++c) {
    levels[static_cast<std::size_t>(c)] = {
        .scale = 1 / static_cast<Real>(kWhite * deviation_[c]),
        .shift = static_cast<Real>(0 - mean_[c] / deviation_[c])};
  }
  gather_bytes(pixels.data(), rows, inputs() / channels,
               {levels.data(), static_cast<std::size_t>(channels)}, x);
  return forward(std::move(x));
}

// As ImageLoader::prepare does: a product, rounded, and then a sum. It is a plain loop, since
// arithmetic with broadcasting would make the small module larger by 500 bytes.
NdArray Predictor::normalized(const NdArray& x) const {
  if (mean_ == 0 && deviation_ == 1) return x;
  NdArray out = NdArray::uninitialized(x.shape());
  const Real* from = x.data();
  Real* to = out.mutable_data();
  const Index size = inputs() / mean_.count();
  for (Index plane = 0; plane < x.size() / size; ++plane) {
    const Index c = plane % mean_.count();
    const auto scale = static_cast<Real>(1 / deviation_[c]);
    const auto shift = static_cast<Real>(0 - mean_[c] / deviation_[c]);
    for (const Real* const end = from + size; from < end; ++from) *to++ = *from * scale + shift;
  }
  return out;
}

NdArray Predictor::forward(NdArray x) const {
  for (const Step& step : steps_) x = run(step, x);
  return x;
}

NdArray Predictor::run(const Step& step, const NdArray& x) const {
  switch (step.operation) {
    case Operation::Dense: {
      const SparseMatrix lists = SparseMatrix::of(x, step.weight.shape()[1]);
      return lists ? matmul(lists, step.weight, step.epilogue())
                   : matmul(x, step.weight, {}, step.epilogue());
    }
    case Operation::Conv:
      return conv2d(x, step.weight, step.conv, step.epilogue());
    case Operation::ConvPool: {
      IndexArray patches;
      return conv2d_max_pool(x, step.weight, step.conv, step.pool, step.epilogue(), patches);
    }
    case Operation::MaxPool: {
      IndexArray pixels;
      return max_pool2d(x, step.pool, pixels);
    }
    case Operation::AvgPool:
      return avg_pool2d(x, step.pool);
    case Operation::GlobalPool: {
      const Shape& shape = x.shape();
      return mean(x.reshape({shape[0], shape[1], shape[2] * shape[3]}), 2);
    }
    case Operation::BatchNorm:
      return batch_norm(x, step.weight, step.bias, step.statistics, Model::kEpsilon);
    case Operation::Unary:
      return unary(step.function, x);
    case Operation::LeakyRelu:
      return leaky_relu(x, step.number);
    case Operation::Softmax:
      return softmax(x);
    case Operation::Flatten:
      return x.reshape({x.shape()[0], x.size() / x.shape()[0]});
  }
  return x;
}

}  // namespace lanegrad
