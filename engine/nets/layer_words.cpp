// The layers that net texts may name: how the settings of each are read, and what it costs.
#include <utility>

#include "engine/ndarray/arithmetic.h"
#include "engine/nets/net_reader.h"
#include "engine/nets/spelling.h"

namespace lanegrad::net_words {

namespace {

void read_nothing(Reader& reader, Planned& layer) { layer.row.output = reader.shape(); }

void read_conv(Reader& reader, Planned& layer) {
  reader.need_image();
  layer.inputs = reader.shape()[0];
  layer.outputs = reader.whole(reader.take("a number of filters"), "number of filters", 1);
  const Word size = reader.take("a size of the filters");
  layer.size = reader.square(size, "size of filters");
  reader.options(&layer.stride, &layer.padding, &layer.bias, layer.size);
  reader.check_fit(size, "a kernel", layer.size, layer.padding);
  const auto [h, w] = reader.places(layer.size, layer.stride, layer.padding);
  const auto outputs = static_cast<double>(layer.outputs);
  const double products =
      static_cast<double>(layer.inputs * layer.size) * static_cast<double>(layer.size) * outputs;
  reader.check_count(products, "weights");
  reader.check_count(static_cast<double>(h) * static_cast<double>(w) * outputs, "outputs");
  layer.row.output = {layer.outputs, h, w};
  layer.row.parameters = (layer.inputs * layer.size * layer.size + layer.bias) * layer.outputs;
  layer.row.forward_flops = 2 * products * static_cast<double>(h * w);
}

void read_pool(Reader& reader, Planned& layer) {
  reader.need_image();
  const Word size = reader.take("a size");
  layer.size = layer.stride = reader.square(size, "size of a pool");
  reader.options(&layer.stride, nullptr, nullptr);
  reader.check_fit(size, "a pool", layer.size, 0);
  const auto [h, w] = reader.places(layer.size, layer.stride, 0);
  layer.row.output = {reader.shape()[0], h, w};
}

void read_globalpool(Reader& reader, Planned& layer) {
  reader.need_image();
  layer.row.output = {reader.shape()[0]};
}

void read_flatten(Reader& reader, Planned& layer) { layer.row.output = {reader.shape().size()}; }

void read_dropout(Reader& reader, Planned& layer) {
  layer.number = reader.decimal(reader.take("a rate"), "rate", 1);
  read_nothing(reader, layer);
}

void read_batchnorm(Reader& reader, Planned& layer) {
  layer.inputs = reader.shape()[0];
  layer.row.parameters = 2 * layer.inputs;
  read_nothing(reader, layer);
}

void read_leakyrelu(Reader& reader, Planned& layer) {
  layer.number = reader.more() ? reader.decimal(reader.take("a slope"), "slope", 1) : 0.01;
  read_nothing(reader, layer);
}

void read_dense(Reader& reader, Planned& layer) {
  const Word outputs = reader.take("a number of outputs");
  layer.classes = is_word(outputs.text, "classes");
  layer.outputs = layer.classes ? reader.classes() : reader.whole(outputs, "number of outputs", 1);
  reader.options(nullptr, nullptr, &layer.bias);
  reader.flatten();
  layer.inputs = reader.shape().size();
  const double products = static_cast<double>(layer.inputs) * static_cast<double>(layer.outputs);
  reader.check_count(products, "weights");
  layer.row.output = {layer.outputs};
  layer.row.parameters = layer.inputs * layer.outputs;
  layer.row.forward_flops = 2 * products;
}

}  // namespace

constexpr LayerWord kBias{"bias", "", "Bias", Role::Other, nullptr};

namespace {

// clang-format off
#define LANEGRAD_WORD(Function, name, value, gradient, Kind, kRole) \
  {#name, #name, #Kind, Role::kRole, read_nothing},
constexpr LayerWord kWords[] = {
    {"conv", "conv 24 5x5", "Conv2D", Role::Product, read_conv},
    {"pool", "pool 2", "MaxPool2D", Role::Shift, read_pool},
    {"avgpool", "avgpool 2", "AvgPool2D", Role::Shift, read_pool},
    {"globalpool", "globalpool", "GlobalAvgPool2D", Role::Shift, read_globalpool},
    LANEGRAD_ACTIVATIONS(LANEGRAD_WORD)
    {"leakyrelu", "leakyrelu 0.01", "LeakyReLU", Role::Rectifier, read_leakyrelu},
    {"softmax", "softmax", "Softmax", Role::Activation, read_nothing},
    {"batchnorm", "batchnorm", "BatchNorm", Role::Norm, read_batchnorm},
    {"dropout", "dropout 0.25", "Dropout", Role::Other, read_dropout},
    {"dense", "dense 128", "Dense", Role::Product, read_dense, &kBias},
    {"flatten", "flatten", "Flatten", Role::Shift, read_flatten},
};
#undef LANEGRAD_WORD
// clang-format on

constexpr const LayerWord* find_constant(std::string_view text) {
  for (const LayerWord& kind : kWords) {
    if (kind.word == text) return &kind;
  }
  return nullptr;
}
constexpr const LayerWord* kFlatten = find_constant("flatten");
static_assert(kFlatten->word == "flatten");

}  // namespace

const LayerWord* find_word(std::string_view text) {
  const std::string_view word = word_for(text);
  for (const LayerWord& kind : kWords) {
    if (is_word(word, kind.word)) return &kind;
  }
  return nullptr;
}
std::span<const LayerWord> layer_words() { return kWords; }
const LayerWord& flatten_word() { return *kFlatten; }

}  // namespace lanegrad::net_words
