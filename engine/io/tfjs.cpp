// Layers as Keras calls them, and arrays with their channels last.
#include "engine/io/tfjs.h"

#include <algorithm>
#include <bit>
#include <span>
#include <utility>

#include "engine/core/error.h"
#include "engine/core/number.h"
#include "engine/io/export_texts.h"
#include "engine/io/json.h"

namespace lanegrad {

namespace {

static_assert(std::endian::native == std::endian::little && sizeof(Real) == 4);

std::string json(std::string_view text) {
  std::string out;
  append_json(out, text);
  return out;
}

std::string list(const Shape& shape) {
  std::string text;
  for (const Index extent : shape.extents()) text += str(text.empty() ? "[" : ",", extent);
  return text.empty() ? "[]" : text + "]";
}

// [C, H, W] → [H, W, C]; a row of numbers stays as it is.
Shape channels_last(const Shape& sample) {
  return sample.rank() == 3 ? Shape{sample[1], sample[2], sample[0]} : sample;
}

// [O, C, H, W] → [H, W, C, O].
ModelTensor kernel_of(const ModelTensor& weight, std::string name) {
  const Shape& s = weight.shape;
  ModelTensor out{.name = std::move(name), .shape = {s[2], s[3], s[1], s[0]}, .values = {}};
  out.values.reserve(weight.values.size());
  for (Index place = 0; place < s[2] * s[3]; ++place) {
    for (Index c = 0; c < s[1]; ++c) {
      for (Index o = 0; o < s[0]; ++o) {
        const Index at = (o * s[1] + c) * s[2] * s[3] + place;
        out.values.push_back(weight.values[static_cast<std::size_t>(at)]);
      }
    }
  }
  return out;
}

// An array with a row for each number of a flattened [C, H, W], with the rows in the order of [H,
// W, C].
ModelTensor reordered(ModelTensor tensor, const Shape& image) {
  const Index places = image[1] * image[2];
  const Index columns = tensor.shape.size() / tensor.shape[0];
  std::vector<Real> values;
  values.reserve(tensor.values.size());
  for (Index place = 0; place < places; ++place) {
    for (Index c = 0; c < image[0]; ++c) {
      const auto begin = tensor.values.begin() + (c * places + place) * columns;
      values.insert(values.end(), begin, begin + columns);
    }
  }
  tensor.values = std::move(values);
  return tensor;
}

class LayersModel {
 public:
  explicit LayersModel(const Model& model) : model_(model) {}

  // Appends a layer whose settings besides its name are `config`.
  void add(std::string_view kind, std::string_view name, std::string_view config) {
    layers_ += str(layers_.empty() ? "" : ",\n", "{\"class_name\":", json(kind),
                   ",\"config\":{\"name\":", json(name), config.empty() ? "" : ",", config, "}}");
  }
  void add_input(const std::string& name) {
    const std::string sample = list(channels_last(model_.sample));
    add("InputLayer", name,
        str("\"batch_input_shape\":[null,", sample.substr(1), ",\"dtype\":\"float32\""));
  }
  void add_normalization() {
    // As a layer that subtracts before it divides, so that no digits are lost.
    const Index count = channels_last(model_.sample).extents().back();
    const auto statistic = [&](const char* name, const auto& value_of) {
      ModelTensor& tensor = tensors_.emplace_back(
          ModelTensor{.name = str("normalization/", name), .shape = {count}, .values = {}});
      for (Index i = 0; i < count; ++i) tensor.values.push_back(static_cast<Real>(value_of(i)));
    };
    add("BatchNormalization", "normalization",
        "\"axis\":-1,\"epsilon\":0,\"center\":false,\"scale\":false,\"trainable\":false");
    statistic("moving_mean", [&](Index i) { return model_.mean[i]; });
    statistic("moving_variance",
              [&](Index i) { return model_.deviation[i] * model_.deviation[i]; });
  }
  void add_layer(std::size_t at);
  void add_activation(std::string_view name, std::string_view activation) {
    add("Activation", name, str("\"activation\":", json(activation)));
  }

  std::string text(const ExportOptions& options) const;
  std::vector<std::uint8_t> weights() const {
    std::vector<std::uint8_t> bytes;
    for (const ModelTensor& tensor : tensors_) {
      const auto* begin = reinterpret_cast<const std::uint8_t*>(tensor.values.data());
      bytes.insert(bytes.end(), begin, begin + tensor.values.size() * sizeof(Real));
    }
    return bytes;
  }

 private:
  void add_tensor(const ModelLayer& layer, std::string_view name, std::string_view tensor) {
    ModelTensor copy = model_.tensor(str(layer.name, ".", tensor));
    if (image_.rank() == 3) copy = reordered(std::move(copy), image_);
    copy.name = str(layer.name, "/", name);
    tensors_.push_back(std::move(copy));
  }
  void add_conv(const ModelLayer& layer);
  void add_dense(const ModelLayer& layer, const ModelLayer* bias);
  void add_flatten(const ModelLayer& layer, bool dense_follows);
  void add_softmax(const ModelLayer& layer);

  const Model& model_;
  std::string layers_;
  std::vector<ModelTensor> tensors_;
  // The image whose numbers stand in the order of [H, W, C] where here it is [C, H, W]: from a
  // flatten to the next dense layer.
  Shape image_;
};

void LayersModel::add_conv(const ModelLayer& layer) {
  // With a stride, "same" would put other zeros around the image.
  const bool same = layer.stride == 1 && layer.size == 2 * layer.padding + 1;
  const Index pad = layer.padding;
  if (pad > 0 && !same) {
    add("ZeroPadding2D", layer.name + "_padding",
        str("\"padding\":[[", pad, ",", pad, "],[", pad, ",", pad,
            "]],\"data_format\":\"channels_last\""));
  }
  add("Conv2D", layer.name,
      str("\"filters\":", layer.output[0], ",\"kernel_size\":[", layer.size, ",", layer.size,
          "],\"strides\":[", layer.stride, ",", layer.stride, "],\"padding\":\"",
          same ? "same" : "valid",
          "\",\"data_format\":\"channels_last\",\"activation\":\"linear\",\"use_bias\":",
          layer.bias ? "true" : "false"));
  tensors_.push_back(kernel_of(model_.tensor(layer.name + ".weight"), layer.name + "/kernel"));
  if (layer.bias) add_tensor(layer, "bias", "bias");
}

void LayersModel::add_dense(const ModelLayer& layer, const ModelLayer* bias) {
  add("Dense", layer.name,
      str("\"units\":", layer.output.size(),
          ",\"activation\":\"linear\",\"use_bias\":", bias ? "true" : "false"));
  add_tensor(layer, "kernel", "weight");
  image_ = {};
  if (!bias) return;
  add_tensor(*bias, "bias", "bias");
  tensors_.back().name = layer.name + "/bias";
}

void LayersModel::add_flatten(const ModelLayer& layer, bool dense_follows) {
  if (layer.input.rank() == 1) return;
  if (dense_follows) {
    image_ = layer.input;
  } else {
    add("Permute", layer.name + "_order", "\"dims\":[3,1,2]");
  }
  add("Flatten", layer.name, "\"data_format\":\"channels_last\"");
}

// For images it runs over the last axis, which is the width here and the channels there.
void LayersModel::add_softmax(const ModelLayer& layer) {
  const bool image = layer.input.rank() == 3;
  if (image) add("Permute", layer.name + "_order", "\"dims\":[1,3,2]");
  add_activation(layer.name, "softmax");
  if (image) add("Permute", layer.name + "_back", "\"dims\":[1,3,2]");
}

void LayersModel::add_layer(std::size_t at) {
  constexpr std::pair<std::string_view, std::string_view> kActivations[] = {
      {"ReLU", "relu"},         {"GELU", "gelu"},       {"SiLU", "swish"},
      {"Softplus", "softplus"}, {"Sigmoid", "sigmoid"}, {"Tanh", "tanh"}};
  const std::span<const ModelLayer> rest = std::span(model_.layers).subspan(at + 1);
  const ModelLayer& layer = model_.layers[at];
  const auto activation = std::find_if(std::begin(kActivations), std::end(kActivations),
                                       [&](const auto& pair) { return pair.first == layer.kind; });
  if (activation != std::end(kActivations)) {
    add_activation(layer.name, activation->second);
  } else if (layer.kind == "Conv2D") {
    add_conv(layer);
  } else if (layer.kind == "Dense") {
    add_dense(layer, !rest.empty() && rest[0].kind == "Bias" ? &rest[0] : nullptr);
  } else if (layer.kind == "BatchNorm") {
    add("BatchNormalization", layer.name,
        str("\"axis\":-1,\"epsilon\":", number_text(Model::kEpsilon)));
    add_tensor(layer, "gamma", "weight");
    add_tensor(layer, "beta", "bias");
    add_tensor(layer, "moving_mean", "running_mean");
    add_tensor(layer, "moving_variance", "running_var");
  } else if (layer.kind == "MaxPool2D" || layer.kind == "AvgPool2D") {
    add(layer.kind == "MaxPool2D" ? "MaxPooling2D" : "AveragePooling2D", layer.name,
        str("\"pool_size\":[", layer.size, ",", layer.size, "],\"strides\":[", layer.stride, ",",
            layer.stride, "],\"padding\":\"valid\",\"data_format\":\"channels_last\""));
  } else if (layer.kind == "GlobalAvgPool2D") {
    add("GlobalAveragePooling2D", layer.name, "\"data_format\":\"channels_last\"");
  } else if (layer.kind == "Flatten") {
    add_flatten(layer, std::any_of(rest.begin(), rest.end(),
                                   [](const ModelLayer& other) { return other.kind == "Dense"; }));
  } else if (layer.kind == "LeakyReLU") {
    add("LeakyReLU", layer.name, str("\"alpha\":", number_text(layer.number, 15)));
  } else if (layer.kind == "Softmax") {
    add_softmax(layer);
  } else if (layer.kind == "Dropout") {
    add("Dropout", layer.name, str("\"rate\":", number_text(layer.number, 15)));
  } else if (layer.kind != "Bias") {
    fail(ErrorCode::Unsupported, "tfjs: no words for ", layer.kind, ", the layer ", layer.name);
  }
}

std::string LayersModel::text(const ExportOptions& options) const {
  std::string weights;
  for (const ModelTensor& tensor : tensors_) {
    weights += str(weights.empty() ? "" : ",\n", "{\"name\":", json(tensor.name),
                   ",\"shape\":", list(tensor.shape), ",\"dtype\":\"float32\"}");
  }
  const Shape sample = channels_last(model_.sample);
  std::string axes = "[batch";
  for (const Index extent : sample.extents()) axes += str(", ", extent);
  std::string texts;
  for (const auto& [key, value] : export_texts(model_, options, axes + "]")) {
    // Class names are JSON already.
    texts +=
        str(texts.empty() ? "" : ",\n", json(key), ":", key == "class_names" ? value : json(value));
  }
  return str("{\"format\":\"layers-model\",\"generatedBy\":\"lanegrad\",\"convertedBy\":null,\n",
             "\"modelTopology\":{\"keras_version\":\"2.15.0\",\"backend\":\"tensorflow\",",
             "\"model_config\":{\"class_name\":\"Sequential\",\"config\":{\"name\":",
             json(options.stem), ",\"layers\":[\n", layers_, "]}}},\n",
             "\"weightsManifest\":[{\"paths\":[", json(options.stem + ".weights.bin"),
             "],\"weights\":[\n", weights, "]}],\n\"userDefinedMetadata\":{\n", texts, "}}\n");
}

}  // namespace

std::vector<ExportedFile> write_tfjs(const Model& model, const ExportOptions& options) {
  LayersModel layers(model);
  layers.add_input(input_name(model, options));
  if (normalizes(model, options)) layers.add_normalization();
  for (std::size_t i = 0; i < model.layers.size(); ++i) layers.add_layer(i);
  if (options.softmax) layers.add_activation(std::string(output_name(model, options)), "softmax");
  const std::string text = layers.text(options);
  return {{options.stem + ".json", {text.begin(), text.end()}},
          {options.stem + ".weights.bin", layers.weights()}};
}

}  // namespace lanegrad
