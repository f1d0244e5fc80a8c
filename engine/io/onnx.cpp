// The operators of each layer, and the messages of onnx.proto
// (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto). Fields are numbered there.
#include "engine/io/onnx.h"

#include <algorithm>
#include <bit>
#include <initializer_list>
#include <limits>
#include <utility>

#include "engine/core/error.h"
#include "engine/core/number.h"
#include "engine/io/export_texts.h"
#include "engine/io/protobuf.h"
#include "engine/io/state_dict.h"

namespace lanegrad {

namespace {

static_assert(std::endian::native == std::endian::little && sizeof(Real) == 4);

constexpr std::int64_t kIrVersion = 7;  // the one of opset 13, which every reader since 2020 takes
constexpr std::int64_t kOpset = 13;
constexpr std::int64_t kFloat = 1;  // TensorProto.FLOAT

ProtobufMessage attribute(std::string_view name, float value) {
  constexpr std::int64_t kType = 1;
  return ProtobufMessage().text(1, name).number(2, value).whole(20, kType);
}
ProtobufMessage attribute(std::string_view name, Index value) {
  constexpr std::int64_t kType = 2;
  return ProtobufMessage().text(1, name).whole(3, value).whole(20, kType);
}
ProtobufMessage attribute(std::string_view name, std::initializer_list<Index> values) {
  constexpr std::int64_t kType = 7;
  ProtobufMessage message = ProtobufMessage().text(1, name);
  for (const Index value : values) message.whole(8, value);
  return message.whole(20, kType);
}

// The axes of a value: a free one and those of a sample.
ProtobufMessage value_info(std::string_view name, const Shape& sample, std::string_view text) {
  ProtobufMessage shape;
  shape.message(1, ProtobufMessage().text(2, "batch"));
  for (const Index extent : sample.extents()) shape.message(1, ProtobufMessage().whole(1, extent));
  const ProtobufMessage tensor = ProtobufMessage().whole(1, kFloat).message(2, shape);
  return ProtobufMessage()
      .text(1, name)
      .message(2, ProtobufMessage().message(1, tensor))
      .text(3, text);
}

ProtobufMessage tensor_proto(const ModelTensor& tensor) {
  ProtobufMessage message;
  for (const Index extent : tensor.shape.extents()) message.whole(1, extent);
  return message.whole(2, kFloat)
      .text(8, tensor.name)
      .content(9, {reinterpret_cast<const std::uint8_t*>(tensor.values.data()),
                   tensor.values.size() * sizeof(Real)});
}

// Operators in the order in which they run, each on what the one before it gives unless said
// otherwise.
class Graph {
 public:
  explicit Graph(std::string_view input) : value_(input) {}

  const std::string& value() const { return value_; }

  // Appends an operator and gives the name of what it makes, which is its own name.
  std::string add(std::string_view op, const std::string& name, std::vector<std::string> inputs,
                  std::vector<ProtobufMessage> attributes = {}) {
    nodes_.push_back({std::string(op), name, std::move(inputs), std::move(attributes)});
    value_ = name;
    return name;
  }
  std::string add(std::string_view op, const std::string& name,
                  std::vector<ProtobufMessage> attributes = {}) {
    return add(op, name, {value_}, std::move(attributes));
  }
  // A number of the graph, or one for each channel, which occurs once, however many layers need it.
  std::string constant(const std::string& name, const PerChannel& numbers) {
    const auto same = [&](const ModelTensor& other) { return other.name == name; };
    if (std::none_of(constants_.begin(), constants_.end(), same))
      constants_.push_back({.name = name,
                            .shape = numbers.count() == 1 ? Shape{} : Shape{numbers.count(), 1, 1},
                            .values = {numbers.values().begin(), numbers.values().end()}});
    return name;
  }

  // The nodes and constants as fields of a GraphProto, where what comes out is called `output`.
  void write(ProtobufMessage& graph, std::string_view output) {
    if (nodes_.empty()) add("Identity", "identity");
    for (const Node& node : nodes_) {
      ProtobufMessage message;
      for (const std::string& input : node.inputs) message.text(1, input);
      message.text(2, &node == &nodes_.back() ? output : node.name);
      message.text(3, node.name).text(4, node.op);
      for (const ProtobufMessage& attribute : node.attributes) message.message(5, attribute);
      graph.message(1, message);
    }
    for (const ModelTensor& constant : constants_) graph.message(5, tensor_proto(constant));
  }

 private:
  struct Node {
    std::string op;
    std::string name;
    std::vector<std::string> inputs;
    std::vector<ProtobufMessage> attributes;
  };
  std::vector<Node> nodes_;
  std::vector<ModelTensor> constants_;
  std::string value_;
};

// e^(−softplus(−x)) = 1 / (1 + e^−x).
void add_sigmoid(Graph& graph, const std::string& name) {
  graph.add("Neg", name + "/negative");
  graph.add("Softplus", name + "/softplus");
  graph.add("Neg", name + "/logarithm");
  graph.add("Exp", name);
}

// max(x, 0) − |x| · (1 − Φ(|x|)) = x · Φ(x). The part of the normal distribution beyond |x| is
// e^(−x²/2) times the polynomial in t = 1 / (1 + 0.27 · |x|) that engine/kernels/unary.cpp has.
void add_gelu(Graph& graph, const std::string& name) {
  constexpr Real kCoefficients[] = {0.0289955176f,  -0.126658723f, 0.170156211f,
                                    -0.0696507767f, 0.108142629f,  0.0719082952f,
                                    0.101848572f,   0.10753727f,   0.107721001f};
  const std::string x = graph.value();
  const std::string magnitude = graph.add("Abs", name + "/magnitude");
  graph.add("Mul", name + "/scaled", {magnitude, graph.constant("gelu/scale", 0.27f)});
  graph.add("Add", name + "/denominator", {graph.value(), graph.constant("gelu/one", 1)});
  const std::string t = graph.add("Reciprocal", name + "/t");
  std::string sum = graph.constant("gelu/coefficient8", kCoefficients[0]);
  for (std::size_t i = 1; i < std::size(kCoefficients); ++i) {
    const std::string power = number_text(static_cast<long long>(std::size(kCoefficients) - 1 - i));
    graph.add("Mul", name + "/product" + power, {sum, t});
    const std::string next = graph.constant("gelu/coefficient" + power, kCoefficients[i]);
    sum = graph.add("Add", name + "/sum" + power, {graph.value(), next});
  }
  const std::string ratio = graph.add("Mul", name + "/ratio", {sum, t});
  graph.add("Mul", name + "/square", {x, x});
  graph.add("Mul", name + "/exponent", {graph.value(), graph.constant("gelu/minus_half", -0.5f)});
  const std::string bell = graph.add("Exp", name + "/bell");
  graph.add("Mul", name + "/tail", {bell, ratio});
  const std::string rest = graph.add("Mul", name + "/rest", {magnitude, graph.value()});
  const std::string positive = graph.add("Relu", name + "/positive", {x});
  graph.add("Sub", name, {positive, rest});
}

void add_layer(Graph& graph, const ModelLayer& layer, bool has_bias) {
  const std::string& name = layer.name;
  const auto window = [&](std::string_view op) {
    graph.add(op, name,
              {attribute("kernel_shape", {layer.size, layer.size}),
               attribute("strides", {layer.stride, layer.stride})});
  };
  const auto inputs = [&](std::initializer_list<const char*> tensors) {
    std::vector<std::string> names{graph.value()};
    for (const char* tensor : tensors) names.push_back(str(name, ".", tensor));
    return names;
  };
  const auto weights = [&] { return has_bias ? inputs({"weight", "bias"}) : inputs({"weight"}); };
  if (layer.kind == "Conv2D") {
    const Index pad = layer.padding;
    graph.add("Conv", name, weights(),
              {attribute("kernel_shape", {layer.size, layer.size}),
               attribute("pads", {pad, pad, pad, pad}),
               attribute("strides", {layer.stride, layer.stride})});
  } else if (layer.kind == "Dense") {
    graph.add("Gemm", name, weights(), {attribute("transB", Index{1})});
  } else if (layer.kind == "BatchNorm") {
    graph.add("BatchNormalization", name, inputs({"weight", "bias", "running_mean", "running_var"}),
              {attribute("epsilon", static_cast<float>(Model::kEpsilon))});
  } else if (layer.kind == "MaxPool2D") {
    window("MaxPool");
  } else if (layer.kind == "AvgPool2D") {
    window("AveragePool");
  } else if (layer.kind == "GlobalAvgPool2D") {
    graph.add("GlobalAveragePool", name + "/mean");
    graph.add("Flatten", name);
  } else if (layer.kind == "Flatten") {
    graph.add("Flatten", name);
  } else if (layer.kind == "ReLU") {
    graph.add("Relu", name);
  } else if (layer.kind == "LeakyReLU") {
    graph.add("LeakyRelu", name, {attribute("alpha", static_cast<float>(layer.number))});
  } else if (layer.kind == "GELU") {
    add_gelu(graph, name);
  } else if (layer.kind == "SiLU") {
    const std::string x = graph.value();
    add_sigmoid(graph, name + "/sigmoid");
    graph.add("Mul", name, {x, graph.value()});
  } else if (layer.kind == "Sigmoid") {
    add_sigmoid(graph, name);
  } else if (layer.kind == "Softplus" || layer.kind == "Tanh") {
    graph.add(layer.kind, name);
  } else if (layer.kind == "Softmax") {
    graph.add("Softmax", name, {attribute("axis", Index{-1})});
  } else if (layer.kind != "Dropout" && layer.kind != "Bias") {
    fail(ErrorCode::Unsupported, "onnx: no words for ", layer.kind, ", the layer ", name);
  }
}

}  // namespace

std::vector<ExportedFile> write_onnx(const Model& model, const ExportOptions& options) {
  const std::string input = input_name(model, options);
  const std::string output(output_name(model, options));
  Graph nodes(input);
  if (normalizes(model, options)) {
    nodes.add("Sub", "centered", {input, nodes.constant("mean", model.mean)});
    nodes.add("Div", "normalized", {nodes.value(), nodes.constant("deviation", model.deviation)});
  }
  for (std::size_t i = 0; i < model.layers.size(); ++i) {
    const ModelLayer& layer = model.layers[i];
    // The bias of a dense layer is a layer of its own here and an input of its operator there.
    const bool bias_follows = i + 1 < model.layers.size() && model.layers[i + 1].kind == "Bias";
    add_layer(nodes, layer, layer.bias || bias_follows);
  }
  if (options.softmax) nodes.add("Softmax", "softmax", {attribute("axis", Index{-1})});

  std::string axes = "[batch";
  for (const Index extent : model.sample.extents()) axes += str(", ", extent);
  const auto texts = export_texts(model, options, axes + "]");
  ProtobufMessage graph;
  nodes.write(graph, output);
  graph.text(2, options.stem);
  double size = 0;
  for (const ModelTensor& tensor : state_dict(model)) {
    size += static_cast<double>(tensor.values.size() * sizeof(Real));
    constexpr double kRest = 1 << 20;
    if (size + kRest > std::numeric_limits<std::int32_t>::max())
      fail(ErrorCode::Unsupported, "onnx: weights of 2 GiB or more, expected less in one file");
    graph.message(5, tensor_proto(tensor));
  }
  graph.message(11, value_info(input, model.sample, texts[1].second));
  graph.message(12, value_info(output, model.layers.back().output, texts[2].second));

  ProtobufMessage file;
  file.whole(1, kIrVersion).text(2, "lanegrad");
  file.text(6, str("The net ", model.net, ". Input ", input, " ", texts[1].second, ". Output ",
                   output, " ", texts[2].second, "."));
  file.message(7, graph).message(8, ProtobufMessage().text(1, "").whole(2, kOpset));
  for (const auto& [key, value] : texts) {
    file.message(14, ProtobufMessage().text(1, key).text(2, value));
  }
  return {{options.stem + ".onnx", file.take()}};
}

}  // namespace lanegrad
