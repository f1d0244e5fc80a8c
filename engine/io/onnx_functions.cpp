// From the last operator backwards, operators are added until all that they need is one value and
// what they make of it is known.
#include "engine/io/onnx_functions.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace lanegrad {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double softplus(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))); }
double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double gelu(double x) { return x * std::erfc(-x * std::sqrt(0.5)) / 2; }

struct Known {
  std::string_view word;
  double (*value)(double x);
};
constexpr Known kKnown[] = {
    {"relu", [](double x) { return std::max(x, 0.0); }},
    {"gelu", gelu},
    {"silu", [](double x) { return x * sigmoid(x); }},
    {"softplus", softplus},
    {"sigmoid", sigmoid},
    {"tanh", [](double x) { return std::tanh(x); }},
};

struct Operator {
  std::string_view op;
  std::size_t inputs;
  double (*value)(double x, double y);
};
constexpr Operator kOperators[] = {
    {"Identity", 1, [](double x, double) { return x; }},
    {"Neg", 1, [](double x, double) { return -x; }},
    {"Abs", 1, [](double x, double) { return std::abs(x); }},
    {"Exp", 1, [](double x, double) { return std::exp(x); }},
    {"Log", 1, [](double x, double) { return std::log(x); }},
    {"Sqrt", 1, [](double x, double) { return std::sqrt(x); }},
    {"Reciprocal", 1, [](double x, double) { return 1 / x; }},
    {"Erf", 1, [](double x, double) { return std::erf(x); }},
    {"Relu", 1, [](double x, double) { return std::max(x, 0.0); }},
    {"Softplus", 1, [](double x, double) { return softplus(x); }},
    {"Sigmoid", 1, [](double x, double) { return sigmoid(x); }},
    {"Tanh", 1, [](double x, double) { return std::tanh(x); }},
    {"Add", 2, [](double x, double y) { return x + y; }},
    {"Sub", 2, [](double x, double y) { return x - y; }},
    {"Mul", 2, [](double x, double y) { return x * y; }},
    {"Div", 2, [](double x, double y) { return x / y; }},
    {"Max", 2, [](double x, double y) { return std::max(x, y); }},
    {"Min", 2, [](double x, double y) { return std::min(x, y); }},
    {"Pow", 2, [](double x, double y) { return std::pow(x, y); }},
};

const Operator* find_operator(const OnnxNode& node) {
  for (const Operator& known : kOperators) {
    if (known.op == node.op && known.inputs == node.inputs.size()) return &known;
  }
  return nullptr;
}

// Operators that together make one number of others.
class Region {
 public:
  explicit Region(const OnnxGraph& graph) : graph_(graph) {}

  // Adds an operator; returns false where it is not one on single numbers.
  bool add(const OnnxNode& node) {
    const Operator* found = find_operator(node);
    if (!found || node.outputs.size() != 1) return false;
    Part part{.op = found, .output = node.outputs[0], .place = &node};
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      part.inputs[i] = node.inputs[i];
      if (const std::optional<PerChannel> numbers = graph_.per_channel(node.inputs[i])) {
        part.inputs[i] = {};
        part.constants[i] = *numbers;
        channels_ = std::max(channels_, numbers->count());
      }
    }
    parts_.push_back(part);
    // In the order in which a file lists them, each comes after what it needs.
    std::sort(parts_.begin(), parts_.end(),
              [](const Part& a, const Part& b) { return a.place < b.place; });
    return true;
  }

  // The values that the operators need and do not make.
  std::vector<std::string_view> needs() const {
    std::vector<std::string_view> names;
    for (const Part& part : parts_) {
      for (const std::string_view name : part.inputs) {
        if (name.empty() || find(name) < parts_.size()) continue;
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
      }
    }
    return names;
  }

  // What the last operator gives in a channel where the one value that they need is x.
  double value(double x, Index channel) const {
    std::vector<double> values(parts_.size());
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      double inputs[2] = {};
      for (std::size_t k = 0; k < parts_[i].op->inputs; ++k) {
        const std::string_view name = parts_[i].inputs[k];
        const std::size_t part = name.empty() ? parts_.size() : find(name);
        inputs[k] = name.empty()            ? parts_[i].constants[k][channel]
                    : part == parts_.size() ? x
                    : part < i              ? values[part]
                                            : kNaN;
      }
      values[i] = parts_[i].op->value(inputs[0], inputs[1]);
    }
    return values.back();
  }

  std::size_t size() const { return parts_.size(); }
  // How many channels have numbers of their own.
  Index channels() const { return channels_; }

 private:
  struct Part {
    const Operator* op = nullptr;
    std::string_view output;
    const OnnxNode* place = nullptr;
    // Names, or nothing where the input is a constant.
    std::string_view inputs[2] = {};
    PerChannel constants[2] = {0, 0};
  };

  std::size_t find(std::string_view output) const {
    std::size_t i = 0;
    while (i < parts_.size() && parts_[i].output != output) ++i;
    return i;
  }

  const OnnxGraph& graph_;
  std::vector<Part> parts_;
  Index channels_ = 1;
};

// Whether the region is this function in a channel wherever it is looked at. The numbers in files
// are floats.
template <class Function>
bool is_like(const Region& region, Index channel, Function function) {
  constexpr double kPoints[] = {-11, -6,  -4.5, -3, -2, -1.25, -0.5, -0.1, 0,
                                0.1, 0.5, 1.25, 2,  3,  4.5,   6,    11};
  return std::all_of(std::begin(kPoints), std::end(kPoints), [&](double x) {
    const double expected = function(x);
    return std::abs(region.value(x, channel) - expected) <= 2e-6 + 1e-5 * std::abs(expected);
  });
}

std::optional<OnnxFunction> recognize(const Region& region, std::string_view input) {
  if (region.channels() > 1) return std::nullopt;
  for (const Known& known : kKnown) {
    if (is_like(region, 0, known.value)) return OnnxFunction{.input = input, .word = known.word};
  }
  return std::nullopt;
}

// scale · x + shift, where it is that in each channel.
std::optional<OnnxFunction> as_linear(const Region& region, std::string_view input) {
  OnnxFunction linear{
      .input = input, .word = {}, .scale = {region.channels(), 1}, .shift = {region.channels(), 0}};
  for (Index channel = 0; channel < region.channels(); ++channel) {
    const double shift = region.value(0, channel);
    const double scale = region.value(1, channel) - shift;
    if (!std::isfinite(scale) ||
        !is_like(region, channel, [&](double x) { return scale * x + shift; }))
      return std::nullopt;
    linear.scale.values()[static_cast<std::size_t>(channel)] = scale;
    linear.shift.values()[static_cast<std::size_t>(channel)] = shift;
  }
  return linear;
}

}  // namespace

std::optional<OnnxFunction> find_function(const OnnxGraph& graph, const OnnxNode& last) {
  constexpr std::size_t kMostOperators = 40;
  Region region(graph);
  std::optional<OnnxFunction> linear;
  const OnnxNode* next = &last;
  while (next && region.size() < kMostOperators && region.add(*next)) {
    const std::vector<std::string_view> needs = region.needs();
    if (needs.size() == 1) {
      if (const auto found = recognize(region, needs[0])) return found;
      if (!linear) linear = as_linear(region, needs[0]);
    }
    // The latest operator that gives one of those values.
    next = nullptr;
    for (const std::string_view name : needs) {
      const OnnxNode* producer = graph.producer(name);
      if (producer && (!next || producer > next)) next = producer;
    }
  }
  return linear;
}

}  // namespace lanegrad
