// Shapes are followed from step to step, and the text is written.
#include "engine/io/onnx_reader.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "engine/core/error.h"
#include "engine/core/number.h"
#include "engine/io/json.h"
#include "engine/io/onnx_walk.h"

namespace lanegrad {

namespace {

// What a number is in a net text: the shortest text that is the same float.
std::string float_text(double value) {
  for (int digits = 6; digits < 9; ++digits) {
    std::string text = number_text(value, digits);
    const std::optional<double> read = parse_number(text);
    if (read && static_cast<float>(*read) == static_cast<float>(value)) return text;
  }
  return number_text(value, 9);
}

// Writes the text, with the arrays, as the shape of a sample changes from step to step.
class Writer {
 public:
  Writer(const OnnxGraph& graph, std::size_t file_size, const Shape& sample)
      : graph_(graph),
        room_(kMostShared * static_cast<double>(file_size) + kLeast),
        shape_(sample) {
    file_.sample = sample;
    file_.ordered = true;
  }

  WeightsFile write(const std::vector<OnnxStep>& steps) {
    for (const OnnxStep& step : steps) take(step);
    if (pad_ != 0) lack(*pad_node_, "before something else than a Conv");
    // Answers are the softmax of what the last layer gives, in every net.
    const bool answers = graph_.text("net").empty() || graph_.outputs()[0] == "probabilities";
    if (answers && shape_.rank() == 1 && !layers_.empty() && layers_.back().text == "softmax")
      layers_.pop_back();
    if (layers_.empty())
      fail(ErrorCode::Unsupported, "onnx: a graph without layers, expected those of a net");
    join();
    // They were floats in the file.
    for (double& mean : file_.mean.values()) mean = static_cast<float>(mean);
    for (double& deviation : file_.deviation.values()) deviation = static_cast<float>(deviation);
    return std::move(file_);
  }

 private:
  static constexpr double kMostShared = 8;
  static constexpr double kLeast = 4096;

  struct Layer {
    std::string text;
    bool product = false;
    bool dense = false;
    bool bias = false;
    bool shift = false;
    bool norm = false;
  };

  void take(const OnnxStep& step) {
    const OnnxNode& node = *step.node;
    switch (step.kind) {
      case OnnxKind::Scale:
        return scale(step);
      case OnnxKind::Pad:
        return pad(node);
      case OnnxKind::Conv:
        return conv(node);
      case OnnxKind::Dense:
        return dense(step);
      case OnnxKind::Norm:
        return norm(node);
      case OnnxKind::Pool:
      case OnnxKind::AvgPool:
        return pool(step);
      case OnnxKind::GlobalPool:
        need_image(node);
        shape_ = Shape{shape_[0]};
        return add({.text = "globalpool", .shift = true});
      case OnnxKind::Flat:
        // A pool over the whole image has done this already.
        if (shape_.rank() == 1) return;
        if (!step.word.empty()) lack(node, "of ", shape_, ", expected the means of whole images");
        return flatten();
      case OnnxKind::Rows:
        return rows(step);
      case OnnxKind::Function:
        if (step.word == "leakyrelu") {
          const double slope = step.scale[0];
          if (!(slope >= 0 && slope < 1))
            lack(node, "with a slope of ", slope, ", expected at least 0 and below 1");
          return add({.text = slope == static_cast<double>(0.01F)
                                  ? "leakyrelu"
                                  : "leakyrelu " + float_text(slope)});
        }
        return add({.text = std::string(step.word)});
      case OnnxKind::Softmax:
        return softmax(node);
      case OnnxKind::Drop:
        return drop(node);
    }
  }

  void add(Layer layer) {
    if (pad_ != 0) lack(*pad_node_, "before something else than a Conv");
    layers_.push_back(std::move(layer));
  }

  void need_image(const OnnxNode& node) const {
    if (shape_.rank() != 3) lack(node, "on ", shape_, ", expected images [C, H, W]");
  }

  void scale(const OnnxStep& step) {
    if (!layers_.empty())
      lack(*step.node, "scales between layers, expected that before the first layer alone");
    const Index channels = std::max(step.scale.count(), file_.mean.count());
    if (channels > 1 && (shape_.rank() != 3 || shape_[0] != channels))
      lack(*step.node, "with ", channels, " channels, expected so many in ", shape_);
    PerChannel mean(channels, 0);
    PerChannel deviation(channels, 1);
    for (Index c = 0; c < channels; ++c) {
      const double scale = step.scale[c];
      if (!(scale > 0)) lack(*step.node, "scales by ", scale, ", expected more than 0");
      // ((x − mean) / deviation) · scale + shift
      const auto at = static_cast<std::size_t>(c);
      deviation.values()[at] = file_.deviation[c] / scale;
      mean.values()[at] = file_.mean[c] - step.shift[c] * deviation[c];
    }
    file_.mean = mean;
    file_.deviation = deviation;
  }

  void pad(const OnnxNode& node) {
    const OnnxAttribute* mode = node.attribute("mode");
    const OnnxAttribute* old = node.attribute("pads");
    std::optional<std::vector<Index>> pads = graph_.wholes(node.input(1));
    if (old) pads = old->wholes;
    if (!pads || pads->size() != 8 || (mode && mode->text != "constant" && !mode->text.empty()) ||
        (!node.input(2).empty() && graph_.number(node.input(2)) != 0.0) ||
        node.number("value", 0) != 0)
      lack(node, "with other pads than zeros around an image");
    const std::vector<Index>& p = *pads;
    if (p[0] != 0 || p[1] != 0 || p[4] != 0 || p[5] != 0 || p[2] != p[3] || p[2] != p[6] ||
        p[2] != p[7] || p[2] < 0)
      lack(node, "with pads that differ, expected the same on all four sides of an image");
    if (p[2] == 0) return;
    pad_ += p[2];
    pad_node_ = &node;
  }

  // The side, the stride and the padding of a window.
  struct Window {
    Index size;
    Index stride;
    Index padding;
  };
  Window window(const OnnxNode& node, Index size) const {
    const auto one = [&](std::string_view key, Index usual) {
      const OnnxAttribute* list = node.attribute(key);
      if (!list || list->wholes.empty()) return usual;
      for (const std::int64_t whole : list->wholes) {
        if (whole != list->wholes[0])
          lack(node, "with ", key, " that differ, expected the same on all sides");
      }
      return Index{list->wholes[0]};
    };
    Window found{
        .size = one("kernel_shape", size), .stride = one("strides", 1), .padding = one("pads", 0)};
    if (one("dilations", 1) != 1) lack(node, "with dilations, expected none");
    if (node.whole("group", 1) != 1) lack(node, "in groups, expected one");
    if (found.size < 1 || found.stride < 1 || found.padding < 0 ||
        found.size > Shape::kMaxElements || found.padding > Shape::kMaxElements ||
        found.stride > Shape::kMaxElements)
      lack(node, "with a window of ", found.size, ", strides of ", found.stride, " and pads of ",
           found.padding);
    const OnnxAttribute* automatic = node.attribute("auto_pad");
    if (automatic && automatic->text.starts_with("SAME")) {
      if (found.stride != 1 || found.size % 2 == 0)
        lack(node, "with the padding ", automatic->text.substr(0, 20),
             " of an even window or with strides, expected numbers");
      found.padding = found.size / 2;
    }
    return found;
  }

  // Follows the shape of an image through a window.
  void slide(const OnnxNode& node, const Window& w, Index channels) {
    const Index h = shape_[1] + 2 * w.padding;
    const Index v = shape_[2] + 2 * w.padding;
    if (w.size > h || w.size > v)
      lack(node, "with a window of ", w.size, " on ", shape_, ", expected a smaller one");
    const Index rows = (h - w.size) / w.stride + 1;
    const Index columns = (v - w.size) / w.stride + 1;
    if (channels > Shape::kMaxElements / rows / columns)
      lack(node, "gives more than ", Shape::kMaxElements, " numbers, the most an array may have");
    const OnnxAttribute* upwards = node.attribute("ceil_mode");
    if (upwards && upwards->whole != 0 &&
        ((h - w.size) % w.stride != 0 || (v - w.size) % w.stride != 0))
      lack(node, "rounds sizes up, expected windows inside the image");
    shape_ = {channels, rows, columns};
  }

  void conv(const OnnxNode& node) {
    need_image(node);
    const OnnxArray weight = array(node, node.input(1));
    if (weight.extents.size() != 4 || weight.extents[2] != weight.extents[3])
      lack(node, "with weights of other axes than [O, C, k, k]");
    if (weight.extents[1] != shape_[0] || weight.extents[0] < 1)
      lack(node, "for ", weight.extents[1], " channels in each group, on ", shape_,
           ", expected all of them");
    Window w = window(node, weight.extents[2]);
    w.padding += std::exchange(pad_, 0);
    if (w.size != weight.extents[2]) lack(node, "with a kernel_shape that is not its weights'");
    const Index outputs = weight.extents[0];
    slide(node, w, outputs);
    const bool bias = !node.input(2).empty();
    const std::string name = str("conv", ++convs_, ".");
    put(name + "weight", weight, {outputs, weight.extents[1], w.size, w.size});
    if (bias) put(name + "bias", array(node, node.input(2)), {outputs});
    std::string text = str("conv ", outputs, " ", w.size, "x", w.size);
    if (w.stride != 1) text += str(" stride ", w.stride);
    if (w.padding != 0) text += str(" pad ", w.padding);
    add({.text = std::move(text), .product = true, .bias = bias});
  }

  void dense(const OnnxStep& step) {
    const OnnxNode& node = *step.node;
    if (shape_.rank() != 1)
      lack(node, "on ", shape_, ", expected rows of numbers, as Flatten makes them");
    OnnxArray weight = array(node, step.weight);
    if (weight.extents.size() != 2) lack(node, "with weights of other axes than two");
    if (!step.turned) {
      std::swap(weight.extents[0], weight.extents[1]);
      weight.transposed = !weight.transposed;
    }
    const Index outputs = weight.extents[0];
    if (weight.extents[1] != shape_[0] || outputs < 1)
      lack(node, "for ", weight.extents[1], " numbers, on ", shape_, ", expected as many");
    const std::string name = str("dense", ++denses_, ".");
    put(name + "weight", weight, {outputs, shape_[0]});
    if (!step.bias.empty()) put_bias(node, name + "bias", step.bias, outputs);
    shape_ = {outputs};
    add({.text = str("dense ", outputs),
         .product = true,
         .dense = true,
         .bias = !step.bias.empty()});
  }

  void put_bias(const OnnxNode& node, std::string name, std::string_view value, Index outputs) {
    OnnxArray bias = array(node, value);
    const Index count = bias.count();
    const bool row = count == 1 || (count == outputs && bias.extents.back() == outputs);
    if (!row) lack(node, "with a bias of other numbers than one for each output");
    if (count != outputs) {
      spend(outputs);
      file_.tensors.push_back(
          {std::move(name),
           {outputs},
           std::vector<Real>(static_cast<std::size_t>(outputs), bias.values()[0])});
      return;
    }
    bias.extents = {outputs};
    bias.transposed = false;  // of a row that changes nothing
    put(std::move(name), bias, {outputs});
  }

  void norm(const OnnxNode& node) {
    if (node.whole("training_mode", 0) != 0)
      lack(node, "is in training, expected a file of a net in evaluation mode");
    const std::string name = str("batchnorm", ++norms_, ".");
    const Shape channels{shape_[0]};
    constexpr const char* kNames[] = {"weight", "bias", "running_mean", "running_var"};
    for (std::size_t i = 0; i < std::size(kNames); ++i) {
      put(name + kNames[i], array(node, node.input(i + 1)), channels);
    }
    // What is added to a variance here is fixed.
    constexpr double kEpsilon = static_cast<float>(Model::kEpsilon);
    const double more = node.number("epsilon", kEpsilon) - kEpsilon;
    for (Real& variance : file_.tensors.back().values) {
      if (more != 0) variance = static_cast<Real>(static_cast<double>(variance) + more);
      if (!(variance > -Model::kEpsilon))
        lack(node, "with a variance of ", variance, " for an epsilon of 1e-5, expected at least 0");
    }
    add({.text = "batchnorm", .norm = true});
  }

  void pool(const OnnxStep& step) {
    const OnnxNode& node = *step.node;
    need_image(node);
    if (node.inputs.size() != 1) lack(node, "with more than one input");
    const Window w = window(node, 0);
    if (w.padding != 0) lack(node, "with padding, expected none");
    slide(node, w, shape_[0]);
    std::string text = str(step.kind == OnnxKind::Pool ? "pool " : "avgpool ", w.size);
    if (w.stride != w.size) text += str(" stride ", w.stride);
    add({.text = std::move(text), .shift = true});
  }

  void flatten() {
    shape_ = Shape{shape_.size()};
    add({.text = "flatten", .shift = true});
  }

  void rows(const OnnxStep& step) {
    const std::vector<Index>& to = step.wholes;
    // An image out of a row, or of an image without its axis of channels, before anything else.
    if (to.size() == 4 && layers_.empty() && to[1] > 0 && to[2] > 0 && to[3] > 0 &&
        to[1] <= Shape::kMaxElements && to[2] <= Shape::kMaxElements / to[1] &&
        to[3] <= Shape::kMaxElements / to[1] / to[2] && to[1] * to[2] * to[3] == shape_.size()) {
      shape_ = file_.sample = {to[1], to[2], to[3]};
      return;
    }
    if (to.size() != 2 || (to[1] != -1 && to[1] != shape_.size()))
      lack(*step.node, "of ", shape_, " to another shape than one row for each sample");
    if (shape_.rank() != 1) flatten();
  }

  void softmax(const OnnxNode& node) {
    const std::int64_t usual = graph_.opset() < 13 ? 1 : -1;
    const std::int64_t axis = node.whole("axis", usual);
    if (axis != -1 && axis != shape_.rank()) lack(node, "over another axis than the last one");
    if (node.op == "LogSoftmax") logarithm_ = &node;
    add({.text = "softmax"});
  }

  void drop(const OnnxNode& node) {
    double rate = node.number("ratio", 0.5);
    if (!node.input(1).empty()) rate = graph_.number(node.input(1)).value_or(-1);
    if (!(rate >= 0 && rate < 1)) lack(node, "with a ratio that is not from 0 to below 1");
    add({.text = "dropout " + float_text(rate)});
  }

  OnnxArray array(const OnnxNode& node, std::string_view name) const {
    std::optional<OnnxArray> found = graph_.constant(name);
    if (!found) lack(node, "needs '", name.substr(0, 80), "', expected a constant");
    return std::move(*found);
  }

  // Files in which many operators share weights could fill the memory.
  void spend(Index count) {
    room_ -= static_cast<double>(count) * sizeof(Real);
    if (room_ < 0)
      fail(ErrorCode::Unsupported, "onnx: weights that operators share, expected each in the file");
  }

  void put(std::string name, const OnnxArray& array, const Shape& shape) {
    bool same = static_cast<int>(array.extents.size()) == shape.rank();
    for (int axis = 0; same && axis < shape.rank(); ++axis) {
      same = array.extents[static_cast<std::size_t>(axis)] == shape[axis];
    }
    if (!same) {
      std::string extents = "[";
      for (const Index extent : array.extents)
        extents += str(extents.size() > 1 ? ", " : "", extent);
      fail(ErrorCode::CorruptData, "onnx: ", name, " of ", extents, "], expected ", shape);
    }
    spend(shape.size());
    file_.tensors.push_back({std::move(name), shape, array.values()});
  }

  // Joins the layers' texts, with what they say of biases and the last layer.
  void join() {
    std::size_t last = layers_.size();
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      if (layers_[i].product) last = i;
      if (layers_[i].text == "softmax" && logarithm_)
        lack(*logarithm_, "before other layers, expected it at the end");
    }
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      Layer& layer = layers_[i];
      // Before a dense layer it comes by itself.
      if (layer.text == "flatten" && i + 1 < layers_.size() && layers_[i + 1].dense) continue;
      if (layer.dense && i == last) layer.text = "dense classes";
      if (layer.product) {
        std::size_t next = i + 1;
        while (next < layers_.size() && layers_[next].shift) ++next;
        const bool usual = !(next < layers_.size() && layers_[next].norm);
        if (layer.bias != usual) layer.text += layer.bias ? " bias" : " no bias";
      }
      file_.net += str(file_.net.empty() ? "" : ", ", layer.text);
    }
  }

  const OnnxGraph& graph_;
  double room_;
  WeightsFile file_;
  Shape shape_;
  std::vector<Layer> layers_;
  const OnnxNode* logarithm_ = nullptr;
  Index pad_ = 0;
  const OnnxNode* pad_node_ = nullptr;
  int convs_ = 0;
  int denses_ = 0;
  int norms_ = 0;
};

// The shape of a sample: what the file says behind the axis of the batch, else what is known.
Shape sample_of(const OnnxInput& input, const Shape& known) {
  if (input.extents) {
    std::vector<Index> extents(*input.extents);
    const bool open = std::any_of(extents.begin() + (extents.empty() ? 0 : 1), extents.end(),
                                  [](Index extent) { return extent < 1; });
    if (!open && extents.size() >= 2 && extents.size() <= 4) {
      extents.erase(extents.begin());
      // An image without its axis of channels.
      if (extents.size() == 2) extents.insert(extents.begin(), 1);
      double count = 1;
      for (const Index extent : extents) count *= static_cast<double>(extent);
      if (count > static_cast<double>(Shape::kMaxElements))
        fail(ErrorCode::Unsupported, "onnx: samples of more than ", Shape::kMaxElements,
             " numbers, the most an array may have");
      return Shape(extents);
    }
    if (!open)
      fail(ErrorCode::Unsupported, "onnx: an input of ", extents.size(),
           " axes, expected [N, C, H, W] or [N, I]");
  }
  if (known.rank() == 0)
    fail(ErrorCode::Unsupported,
         "onnx: the file leaves the shape of its input open, expected it to be given");
  return known;
}

}  // namespace

WeightsFile read_onnx(std::span<const std::uint8_t> bytes, const Shape& sample) {
  const OnnxGraph graph(bytes);
  if (graph.inputs().size() != 1)
    fail(ErrorCode::Unsupported, "onnx: a graph with ", graph.inputs().size(),
         " inputs, expected one");
  if (graph.outputs().empty())
    fail(ErrorCode::CorruptData, "onnx: a graph without outputs, expected one");
  const OnnxInput& input = graph.inputs()[0];
  const std::vector<OnnxStep> steps = onnx_steps(graph);
  WeightsFile file = Writer(graph, bytes.size(), sample_of(input, sample)).write(steps);
  // The names that lanegrad itself writes.
  const std::string_view names = graph.text("class_names");
  if (names.starts_with('[')) {
    JsonReader list("onnx", names);
    while (list.next("[]", file.class_names.size())) file.class_names.push_back(list.string());
  }
  return file;
}

}  // namespace lanegrad
