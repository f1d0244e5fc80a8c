// Reads what a checkpoint says of its net, and writes that much of one.
#include "engine/nets/model_file.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <utility>

#include "engine/core/error.h"
#include "engine/core/number.h"
#include "engine/io/half.h"
#include "engine/io/safetensors.h"
#include "engine/nets/net_reader.h"

namespace lanegrad {

namespace {

constexpr std::string_view kHalf = "F16";

template <class... Pieces>
[[noreturn]] void refuse(const Pieces&... pieces) {
  fail(ErrorCode::CorruptData, "checkpoint: ", pieces...);
}

const std::string& text_of(const Safetensors& file, std::string_view key) {
  const std::string* text = file.text(key);
  if (!text) refuse("no metadata '", key, "', expected the file of a training");
  return *text;
}

// The shape of a sample in "60000 samples of shape [1, 28, 28] with the checksum …".
Shape sample_of(std::string_view data) {
  std::vector<Index> extents;
  const std::size_t begin = data.find('[');
  const std::size_t end = data.find(']');
  if (begin < end && end != std::string_view::npos) {
    for (std::size_t at = begin; at < end;) {
      const std::size_t stop = data.find_first_of(",]", ++at);
      while (data[at] == ' ') ++at;
      const std::optional<std::uint64_t> extent = parse_whole(data.substr(at, stop - at));
      if (!extent || *extent < 1 || *extent > std::uint64_t{Shape::kMaxElements}) {
        extents.clear();
        break;
      }
      extents.push_back(static_cast<Index>(*extent));
      at = stop;
    }
  }
  if (extents.size() != 1 && extents.size() != 3) {
    refuse("data '", data.substr(0, 120), "', expected samples of shape [C, H, W] or [I]");
  }
  return Shape(extents);
}

// The mean or deviation of inputs: one, or one for each channel of images in colour.
PerChannel numbers_of(const Safetensors& file, std::string_view name, double usual,
                      const Shape& sample) {
  const StateView* entry = file.tensor(name);
  if (!entry) return usual;
  const bool colour = sample.rank() == 3 && sample[0] == PerChannel::kMost;
  PerChannel numbers(colour && entry->shape.rank() == 1 ? PerChannel::kMost : 1, usual);
  if (entry->dtype != kDtype<double> || entry->shape != numbers.shape()) {
    refuse("tensor '", name, "' of ", entry->dtype, " ", entry->shape, ", expected F64 []",
           colour ? " or [3]" : "");
  }
  std::memcpy(numbers.values().data(), entry->bytes.data(), entry->bytes.size());
  for (const double value : numbers.values()) {
    if (!std::isfinite(value))
      refuse("tensor '", name, "' is ", numbers, ", expected finite numbers");
  }
  return numbers;
}

// A count of a training; 0 where the file has none.
Index count_of(const Safetensors& file, std::string_view name) {
  const StateView* entry = file.tensor(name);
  Index value = 0;
  if (entry && entry->dtype == kDtype<Index> && entry->shape.rank() == 0)
    std::memcpy(&value, entry->bytes.data(), sizeof value);
  return value;
}

// The entry with the numbers that answer.
const StateView& answering(const Safetensors& file, const std::string& name) {
  if (const StateView* average = file.tensor("average." + name)) return *average;
  const StateView* entry = file.tensor("net." + name);
  if (!entry) refuse("no tensor 'net.", name, "', expected one for each of the net's");
  return *entry;
}

ModelTensor read_tensor(const Safetensors& file, const TensorPlace& place) {
  const StateView& entry = answering(file, place.name);
  const bool half = entry.dtype == kHalf;
  if (!(half || entry.dtype == kDtype<Real>) || !(entry.shape == place.shape)) {
    refuse("tensor '", entry.name, "' of ", entry.dtype, " ", entry.shape, ", expected ",
           kDtype<Real>, " ", place.shape);
  }
  ModelTensor tensor{.name = place.name,
                     .shape = place.shape,
                     .values = std::vector<Real>(static_cast<std::size_t>(place.shape.size()))};
  if (half) {
    for (std::size_t i = 0; i < tensor.values.size(); ++i) {
      std::uint16_t bits = 0;
      std::memcpy(&bits, entry.bytes.data() + i * sizeof bits, sizeof bits);
      tensor.values[i] = from_half(bits);
    }
  } else {
    std::memcpy(tensor.values.data(), entry.bytes.data(), entry.bytes.size());
  }
  for (const Real value : tensor.values) {
    if (!std::isfinite(value))
      refuse("tensor '", entry.name, "' holds ", value, ", expected finite numbers");
  }
  return tensor;
}

// The number that `classes` stands for in the text: as many as those weights have columns.
Index classes_of(const Safetensors& file, const std::string& net, const Shape& sample) {
  const NetInput input{.sample = sample, .outputs = 1};
  for (const net_words::Planned& layer : net_words::Reader(net, input, true).read()) {
    if (!layer.classes) continue;
    const StateView& weight = answering(file, layer.row.name + ".weight");
    if (weight.shape.rank() == 2) return weight.shape[1];
  }
  return 1;
}

std::vector<std::string> names_in(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0, end = 0; end != std::string::npos; begin = end + 1) {
    end = text.find('\n', begin);
    lines.push_back(text.substr(begin, end - begin));
  }
  return lines;
}

}  // namespace

std::vector<ModelLayer> model_layers(std::string_view name_or_text, const NetInput& input) {
  std::vector<ModelLayer> layers;
  Shape shape = input.sample;
  for (const net_words::Planned& layer : net_words::Reader(name_or_text, input, true).read()) {
    layers.push_back({.name = layer.row.name,
                      .kind = layer.row.kind,
                      .input = shape,
                      .output = layer.row.output,
                      .size = layer.size,
                      .stride = layer.stride,
                      .padding = layer.padding,
                      .bias = layer.bias,
                      .number = layer.number});
    shape = layer.row.output;
  }
  return layers;
}

Model read_model(std::span<const std::uint8_t> bytes) {
  const Safetensors file = parse_safetensors(bytes);
  const std::string& version = text_of(file, "version");
  if (version != "1" && version != "2")
    fail(ErrorCode::Unsupported, "checkpoint: of version '", version, "', expected 1 or 2");
  const std::string& name = text_of(file, "net");
  const std::string* text = file.text("net-text");
  Model model;
  model.net = text ? *text : std::string(net_text(name));
  if (version == "1") {
    model.net = with_biases(model.net);
    if (text_of(file, "normalize") == "true" && !file.tensor("normalization.mean"))
      fail(ErrorCode::Unsupported,
           "checkpoint: of version 1 without the mean and deviation of its data, expected them: "
           "open it with the data and save it again");
  }
  model.sample = sample_of(text_of(file, "data"));
  // A training on classes counts its right answers, one on numbers has none to count.
  model.has_classes =
      count_of(file, "metrics.samples") == 0 || count_of(file, "metrics.predictions") > 0;
  model.mean = numbers_of(file, "normalization.mean", 0, model.sample);
  model.deviation = numbers_of(file, "normalization.deviation", 1, model.sample);
  const Index channels = std::max(model.mean.count(), model.deviation.count());
  for (PerChannel* numbers : {&model.mean, &model.deviation}) {
    if (numbers->count() < channels) *numbers = PerChannel(channels, (*numbers)[0]);
  }
  for (const double deviation : model.deviation.values()) {
    if (!(deviation > 0)) refuse("a deviation of ", deviation, ", expected more than 0");
  }
  const Index classes = classes_of(file, model.net, model.sample);
  model.layers = model_layers(model.net, {.sample = model.sample, .outputs = classes});
  model.outputs = model.layers.back().output.size();
  if (const std::string* names = file.text("class-names")) {
    model.class_names = names_in(*names);
    if (static_cast<Index>(model.class_names.size()) != model.outputs)
      refuse(model.class_names.size(), " class names, expected ", model.outputs);
  }
  for (const ModelLayer& layer : model.layers) {
    for (const TensorPlace& place : tensors_of(layer)) {
      model.tensors.push_back(read_tensor(file, place));
    }
  }
  return model;
}

std::vector<std::uint8_t> write_model(const Model& model, bool half) {
  Safetensors file;
  file.metadata = {{"version", "2"},
                   {"net", model.net},
                   {"net-text", model.net},
                   {"data", str("samples of shape ", model.sample)}};
  if (!model.class_names.empty()) {
    file.metadata.emplace_back("class-names", lines_of(model.class_names));
  }
  const Index samples = 1;
  const Index predictions = model.has_classes ? 1 : 0;
  file.tensors = {state_view("normalization.mean", model.mean.shape(), model.mean.values().data()),
                  state_view("normalization.deviation", model.deviation.shape(),
                             model.deviation.values().data()),
                  state_view("metrics.samples", {}, &samples),
                  state_view("metrics.predictions", {}, &predictions)};
  std::vector<std::vector<std::uint16_t>> halves;
  halves.reserve(model.tensors.size());
  for (const ModelTensor& tensor : model.tensors) {
    StateView& view = file.tensors.emplace_back(
        state_view("net." + tensor.name, tensor.shape, tensor.values.data()));
    if (!half || tensor.shape.rank() < 2) continue;
    std::vector<std::uint16_t>& bits = halves.emplace_back();
    bits.reserve(tensor.values.size());
    for (const Real value : tensor.values) {
      bits.push_back(to_half(static_cast<float>(value)));
      if ((bits.back() & 0x7FFF) >= 0x7C00)
        fail(ErrorCode::Unsupported, "compact: tensor '", tensor.name, "' holds ", value,
             ", expected at most ", kLargestHalf, ", the largest number of 16 bits");
    }
    view.dtype = kHalf;
    view.bytes = {reinterpret_cast<const std::uint8_t*>(bits.data()), bits.size() * sizeof bits[0]};
  }
  return write_safetensors(file);
}

}  // namespace lanegrad
