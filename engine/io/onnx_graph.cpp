// The messages of onnx.proto, whose fields are numbered there.
#include "engine/io/onnx_graph.h"

#include <algorithm>

#include "engine/core/error.h"
#include "engine/io/protobuf_reader.h"

namespace lanegrad {

namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t kMost = 4096;  // operators, constants, texts

template <class... Pieces>
[[noreturn]] void refuse(const Pieces&... pieces) {
  fail(ErrorCode::CorruptData, "onnx: ", pieces...);
}

template <class... Pieces>
[[noreturn]] void lack(const Pieces&... pieces) {
  fail(ErrorCode::Unsupported, "onnx: ", pieces...);
}

struct Quoted {
  std::string_view name;
  std::string text() const { return str("'", name.substr(0, 80), "'"); }
};

template <class List>
void check_room(const List& list, std::string_view what) {
  if (list.size() >= kMost) lack("more than ", kMost, " ", what, ", expected at most so many");
}

NumberType type_of(std::int64_t type, std::string_view name) {
  switch (type) {
    case 1:
      return NumberType::F32;
    case 2:
      return NumberType::U8;
    case 3:
      return NumberType::I8;
    case 6:
      return NumberType::I32;
    case 7:
      return NumberType::I64;
    case 9:
      return NumberType::Bool;
    case 10:
      return NumberType::F16;
    case 11:
      return NumberType::F64;
    case 16:
      return NumberType::BF16;
    default:
      lack("array ", Quoted{name}, " of the data type ", type,
           ", expected FLOAT or another number");
  }
}

// TensorProto.
OnnxArray read_array(Bytes bytes) {
  OnnxArray array;
  std::int64_t type = 0;
  bool elsewhere = false;
  // Numbers one by one, which writers of today put side by side.
  bool spread = false;
  for (ProtobufReader reader(bytes); reader.next();) {
    switch (reader.field()) {
      case 1:
        reader.each_whole([&](std::int64_t extent) {
          if (array.extents.size() == 8) lack("an array of more than 8 axes, expected at most 4");
          array.extents.push_back(extent);
        });
        break;
      case 2:
        type = reader.whole();
        break;
      case 4:   // float_data
      case 10:  // double_data
        spread = spread || !reader.is_content() || !array.bytes.empty();
        if (!spread) array.bytes = reader.content();
        break;
      case 5:  // int32_data
      case 7:  // int64_data
        reader.each_whole([&](std::int64_t value) { array.wholes.push_back(value); });
        array.has_wholes = true;
        break;
      case 8:
        array.name = reader.text();
        break;
      case 9:  // raw_data
        array.bytes = reader.content();
        break;
      case 13:
        elsewhere = true;
        break;
      case 14:
        elsewhere = elsewhere || reader.whole() == 1;
        break;
      default:
        break;
    }
  }
  if (elsewhere)
    lack("the numbers of ", Quoted{array.name},
         " are in a file of their own, expected them inside");
  if (spread)
    lack("the numbers of ", Quoted{array.name}, " one by one, expected them side by side");
  array.type = type_of(type, array.name);
  Index count = 1;
  for (const Index extent : array.extents) {
    if (extent < 0 || extent > Shape::kMaxElements)
      refuse("array ", Quoted{array.name}, " with an axis of ", extent);
    count = std::min(count * extent, Shape::kMaxElements + 1);
  }
  const auto found = static_cast<Index>(
      array.has_wholes ? array.wholes.size() : array.bytes.size() / size_of(array.type));
  if (count != found || (!array.has_wholes && array.bytes.size() % size_of(array.type) != 0))
    refuse("array ", Quoted{array.name}, " with ", found, " numbers, expected ", count,
           " for its shape");
  return array;
}

// AttributeProto.
OnnxAttribute read_attribute(Bytes bytes) {
  OnnxAttribute attribute;
  for (ProtobufReader reader(bytes); reader.next();) {
    switch (reader.field()) {
      case 1:
        attribute.name = reader.text();
        break;
      case 2:
        attribute.number = reader.number();
        break;
      case 3:
        attribute.whole = reader.whole();
        break;
      case 4:
        attribute.text = reader.text();
        break;
      case 5:
        attribute.tensor = reader.content();
        break;
      case 8:
        reader.each_whole([&](std::int64_t value) {
          check_room(attribute.wholes, "numbers of an attribute");
          attribute.wholes.push_back(value);
        });
        break;
      default:
        break;
    }
  }
  return attribute;
}

// NodeProto.
OnnxNode read_node(Bytes bytes) {
  constexpr std::size_t kMostParts = 64;
  OnnxNode node;
  for (ProtobufReader reader(bytes); reader.next();) {
    if (node.inputs.size() + node.outputs.size() + node.attributes.size() > kMostParts)
      lack("an operator of more than ", kMostParts, " inputs, outputs and attributes");
    switch (reader.field()) {
      case 1:
        node.inputs.push_back(reader.text());
        break;
      case 2:
        node.outputs.push_back(reader.text());
        break;
      case 3:
        node.name = reader.text();
        break;
      case 4:
        node.op = reader.text();
        break;
      case 5:
        node.attributes.push_back(read_attribute(reader.content()));
        break;
      case 7:
        node.domain = reader.text();
        break;
      default:
        break;
    }
  }
  return node;
}

// TypeProto's tensor and its shape.
std::optional<std::vector<Index>> read_extents(Bytes type) {
  std::optional<std::vector<Index>> extents;
  for (ProtobufReader outer(type); outer.next();) {
    if (outer.field() != 1) continue;  // tensor_type
    for (ProtobufReader tensor(outer.content()); tensor.next();) {
      if (tensor.field() != 2) continue;  // shape
      extents.emplace();
      for (ProtobufReader shape(tensor.content()); shape.next();) {
        if (shape.field() != 1) continue;  // dim
        if (extents->size() == 8) lack("an input of more than 8 axes, expected at most 4");
        Index extent = -1;
        for (ProtobufReader dim(shape.content()); dim.next();) {
          if (dim.field() == 1) extent = dim.whole();
        }
        extents->push_back(extent);
      }
    }
  }
  return extents;
}

// ValueInfoProto.
OnnxInput read_input(Bytes bytes) {
  OnnxInput input;
  for (ProtobufReader reader(bytes); reader.next();) {
    if (reader.field() == 1) input.name = reader.text();
    if (reader.field() == 2) input.extents = read_extents(reader.content());
  }
  return input;
}

}  // namespace

Index OnnxArray::count() const {
  Index count = 1;
  for (const Index extent : extents) count *= extent;
  return count;
}

std::vector<Real> OnnxArray::values() const {
  std::vector<Real> all;
  if (has_wholes) {
    // Halves are kept as the whole numbers that their bits are.
    std::vector<std::uint8_t> packed;
    for (const std::int64_t whole : wholes) {
      for (std::size_t i = 0; i < size_of(type); ++i) {
        packed.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(whole) >> (8 * i)));
      }
    }
    all = to_reals(packed, type, false, name);
  } else {
    all = to_reals(bytes, type, false, name);
  }
  if (!transposed) return all;
  const auto rows = static_cast<std::size_t>(extents[0]);
  const auto columns = static_cast<std::size_t>(extents[1]);
  std::vector<Real> turned(all.size());
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) turned[i * columns + j] = all[j * rows + i];
  }
  return turned;
}

const OnnxAttribute* OnnxNode::attribute(std::string_view key) const {
  for (const OnnxAttribute& attribute : attributes) {
    if (attribute.name == key) return &attribute;
  }
  return nullptr;
}

std::int64_t OnnxNode::whole(std::string_view key, std::int64_t usual) const {
  const OnnxAttribute* found = attribute(key);
  return found ? found->whole : usual;
}

double OnnxNode::number(std::string_view key, double usual) const {
  const OnnxAttribute* found = attribute(key);
  return found ? static_cast<double>(found->number) : usual;
}

bool casts_to_floats(const OnnxNode& cast) {
  const std::int64_t to = cast.whole("to", 0);
  return to == 1 || to == 10 || to == 11 || to == 16;
}

OnnxGraph::OnnxGraph(Bytes bytes) {
  bool has_graph = false;
  for (ProtobufReader model(bytes); model.next();) {
    if (model.field() == 7) {
      if (has_graph) refuse("two graphs, expected one");
      has_graph = true;
      read_graph(model.content());
    } else if (model.field() == 8) {
      std::string_view domain;
      std::int64_t version = 0;
      for (ProtobufReader set(model.content()); set.next();) {
        if (set.field() == 1) domain = set.text();
        if (set.field() == 2) version = set.whole();
      }
      if (domain.empty() || domain == "ai.onnx") opset_ = version;
    } else if (model.field() == 14) {
      std::string_view key;
      std::string_view value;
      for (ProtobufReader entry(model.content()); entry.next();) {
        if (entry.field() == 1) key = entry.text();
        if (entry.field() == 2) value = entry.text();
      }
      check_room(texts_, "texts");
      texts_.emplace_back(key, value);
    }
  }
  if (!has_graph) refuse("no graph, expected the file of a net");
  if (opset_ < 1) refuse("no version of the operators, expected one of at least 1");
}

void OnnxGraph::read_graph(Bytes bytes) {
  for (ProtobufReader graph(bytes); graph.next();) {
    switch (graph.field()) {
      case 1:
        check_room(nodes_, "operators");
        nodes_.push_back(read_node(graph.content()));
        break;
      case 5:
        check_room(arrays_, "constants");
        arrays_.push_back(read_array(graph.content()));
        break;
      case 11:
        check_room(inputs_, "inputs");
        inputs_.push_back(read_input(graph.content()));
        break;
      case 12:
        check_room(outputs_, "outputs");
        outputs_.push_back(read_input(graph.content()).name);
        break;
      case 15:
        lack("a sparse constant, expected all numbers");
      default:
        break;
    }
  }
  std::sort(arrays_.begin(), arrays_.end(),
            [](const OnnxArray& a, const OnnxArray& b) { return a.name < b.name; });
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    for (const std::string_view output : nodes_[i].outputs) {
      if (!output.empty()) producers_.emplace_back(output, i);
    }
  }
  std::sort(producers_.begin(), producers_.end());
  for (std::size_t i = 1; i < producers_.size(); ++i) {
    if (producers_[i].first == producers_[i - 1].first)
      refuse("two operators that give ", Quoted{producers_[i].first}, ", expected one");
  }
  // Older files list their constants among the inputs.
  std::erase_if(inputs_, [&](const OnnxInput& input) {
    return std::binary_search(arrays_.begin(), arrays_.end(), OnnxArray{.name = input.name},
                              [](const auto& a, const auto& b) { return a.name < b.name; });
  });
}

std::string_view OnnxGraph::text(std::string_view key) const {
  for (const auto& [name, value] : texts_) {
    if (name == key) return value;
  }
  return {};
}

const OnnxNode* OnnxGraph::producer(std::string_view name) const {
  const auto found = std::lower_bound(producers_.begin(), producers_.end(),
                                      std::pair<std::string_view, std::size_t>(name, 0));
  return found != producers_.end() && found->first == name ? &nodes_[found->second] : nullptr;
}

std::optional<OnnxArray> OnnxGraph::constant(std::string_view name) const {
  constexpr int kMostSteps = 16;
  bool turned = false;
  for (int step = 0; step < kMostSteps; ++step) {
    std::optional<OnnxArray> found;
    const auto array = std::lower_bound(
        arrays_.begin(), arrays_.end(), name,
        [](const OnnxArray& a, std::string_view wanted) { return a.name < wanted; });
    if (array != arrays_.end() && array->name == name) found = *array;
    const OnnxNode* node = found ? nullptr : producer(name);
    if (node && node->op == "Constant") {
      if (const OnnxAttribute* value = node->attribute("value")) {
        found = read_array(value->tensor);
      } else if (const OnnxAttribute* whole = node->attribute("value_int")) {
        found.emplace();
        found->type = NumberType::I64;
        found->wholes = {whole->whole};
        found->has_wholes = true;
      } else if (const OnnxAttribute* wholes = node->attribute("value_ints")) {
        found.emplace();
        found->type = NumberType::I64;
        found->extents = {static_cast<Index>(wholes->wholes.size())};
        found->wholes = wholes->wholes;
        found->has_wholes = true;
      } else if (const OnnxAttribute* number = node->attribute("value_float")) {
        found.emplace();
        found->bytes = {reinterpret_cast<const std::uint8_t*>(&number->number), sizeof(float)};
      }
    }
    if (found) {
      if (turned && found->extents.size() > 2) return std::nullopt;
      if (turned && found->extents.size() == 2) {
        std::swap(found->extents[0], found->extents[1]);
        found->transposed = true;
      }
      return found;
    }
    if (!node || node->inputs.empty()) return std::nullopt;
    if (node->op == "Transpose") {
      const OnnxAttribute* order = node->attribute("perm");
      if (order && order->wholes != std::vector<std::int64_t>{1, 0}) return std::nullopt;
      turned = !turned;
    } else if (node->op != "Identity" && !(node->op == "Cast" && casts_to_floats(*node))) {
      return std::nullopt;
    }
    name = node->inputs[0];
  }
  return std::nullopt;
}

std::optional<double> OnnxGraph::number(std::string_view name) const {
  constexpr Index kMostChannels = 4096;
  const std::optional<OnnxArray> array = constant(name);
  if (!array || array->count() == 0 || array->count() > kMostChannels) return std::nullopt;
  const std::vector<Real> values = array->values();
  for (const Real value : values) {
    if (value != values[0]) return std::nullopt;
  }
  return values[0];
}

std::optional<PerChannel> OnnxGraph::per_channel(std::string_view name) const {
  if (const std::optional<double> same = number(name)) return *same;
  const std::optional<OnnxArray> array = constant(name);
  if (!array || array->count() != PerChannel::kMost) return std::nullopt;
  const std::vector<Index>& extents = array->extents;
  if (extents.size() < 3 || extents.size() > 4 || extents.end()[-3] != PerChannel::kMost)
    return std::nullopt;
  PerChannel numbers(PerChannel::kMost, 0);
  const std::vector<Real> values = array->values();
  std::copy(values.begin(), values.end(), numbers.values().begin());
  return numbers;
}

std::optional<std::vector<Index>> OnnxGraph::wholes(std::string_view name) const {
  const std::optional<OnnxArray> array = constant(name);
  if (!array || array->extents.size() > 1 || array->count() > 8) return std::nullopt;
  if (array->type != NumberType::I64 && array->type != NumberType::I32) return std::nullopt;
  std::vector<Index> wholes;
  for (const Real value : array->values()) wholes.push_back(static_cast<Index>(value));
  return wholes;
}

}  // namespace lanegrad
