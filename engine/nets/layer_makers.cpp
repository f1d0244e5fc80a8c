// The layers of nets, made from what a text says of them.
#include <memory>

#include "engine/layers/activations.h"
#include "engine/layers/batch_norm.h"
#include "engine/layers/bias.h"
#include "engine/layers/conv2d.h"
#include "engine/layers/dense.h"
#include "engine/layers/dropout.h"
#include "engine/layers/plain_layer.h"
#include "engine/layers/pool2d.h"
#include "engine/nets/net_reader.h"

namespace lanegrad::net_words {

namespace {

std::unique_ptr<Layer> make_conv(const Planned& layer, Making& making) {
  const ConvOptions options{.stride = layer.stride, .padding = layer.padding};
  return std::make_unique<Conv2D>(layer.inputs, layer.outputs, layer.size, making.weights, options,
                                  making.init, layer.bias);
}

template <class Pool>
std::unique_ptr<Layer> make_pool(const Planned& layer, Making&) {
  return std::make_unique<Pool>(PoolOptions{.size = layer.size, .stride = layer.stride});
}

std::unique_ptr<Layer> make_batchnorm(const Planned& layer, Making&) {
  return std::make_unique<BatchNorm>(layer.inputs);
}

std::unique_ptr<Layer> make_leakyrelu(const Planned& layer, Making&) {
  return std::make_unique<LeakyReLU>(layer.number);
}

std::unique_ptr<Layer> make_dropout(const Planned& layer, Making& making) {
  // Each dropout of a net gets its own seed, so that each draws other numbers.
  constexpr std::uint64_t kApart = 0x9E3779B97F4A7C15;
  return std::make_unique<Dropout>(layer.number,
                                   making.weights.state().seed + kApart * making.dropouts++);
}

std::unique_ptr<Layer> make_dense(const Planned& layer, Making& making) {
  return std::make_unique<Dense>(layer.inputs, layer.outputs, making.weights, making.init);
}

std::unique_ptr<Layer> make_bias(const Planned& layer, Making&) {
  return std::make_unique<Bias>(layer.outputs);
}

struct Maker {
  std::string_view kind;
  std::unique_ptr<Layer> (*make)(const Planned& layer, Making& making);
};

constexpr Maker kMakers[] = {
    {"Conv2D", make_conv},
    {"MaxPool2D", make_pool<MaxPool2D>},
    {"AvgPool2D", make_pool<AvgPool2D>},
    {"LeakyReLU", make_leakyrelu},
    {"BatchNorm", make_batchnorm},
    {"Dropout", make_dropout},
    {"Dense", make_dense},
    {"Bias", make_bias},
};

}  // namespace

std::unique_ptr<Layer> make_layer(const Planned& layer, Making& making) {
  for (const Maker& maker : kMakers) {
    if (maker.kind == layer.word->kind) return maker.make(layer, making);
  }
  if (auto plain = make_plain_layer(layer.word->kind)) return plain;
  fail(ErrorCode::Internal, "net: nothing makes a layer ", layer.word->kind);
}

}  // namespace lanegrad::net_words
