// Builds the layers of a multi-layer perceptron.
#include "engine/nets/mlp.h"

#include "engine/core/error.h"
#include "engine/layers/activations.h"
#include "engine/layers/bias.h"
#include "engine/layers/dense.h"
#include "engine/layers/flatten.h"

namespace lanegrad {

namespace {

struct NamedActivation {
  std::string_view name;  // of the layers, before their number
  std::shared_ptr<Layer> (*make)();
};

template <class L>
std::shared_ptr<Layer> make() {
  return std::make_shared<L>();
}

// In the order of enum Activation.
constexpr NamedActivation kActivations[] = {
    {"relu", make<ReLU>}, {"sigmoid", make<Sigmoid>}, {"tanh", make<Tanh>}};

void check_width(const std::string& what, Index width) {
  require(width >= 1, ErrorCode::InvalidArgument,
          [&] { return str("mlp: ", what, " has width ", width, ", expected at least 1"); });
}

}  // namespace

Activation activation_from_name(std::string_view name) {
  std::string names;
  for (std::size_t i = 0; i < std::size(kActivations); ++i) {
    if (kActivations[i].name == name) return static_cast<Activation>(i);
    names += str(names.empty() ? "" : ", ", kActivations[i].name);
  }
  fail(ErrorCode::NotFound, str("mlp: no activation is called '", name, "', known are ", names));
}

Mlp::Mlp(Index inputs, std::span<const Index> hidden, Index outputs, Random& random,
         Activation activation) {
  check_width("the input", inputs);
  for (std::size_t i = 0; i < hidden.size(); ++i)
    check_width(str("hidden layer ", i + 1), hidden[i]);
  check_width("the output", outputs);

  const NamedActivation& kind = kActivations[static_cast<std::size_t>(activation)];
  const Init hidden_init =
      activation == Activation::ReLU ? Init::KaimingUniform : Init::XavierUniform;
  const auto add_affine = [&](const std::string& number, Index in, Index out, Init init) {
    add("dense" + number, std::make_shared<Dense>(in, out, random, init));
    add("bias" + number, std::make_shared<Bias>(out));
  };
  add("flatten1", std::make_shared<Flatten>());
  Index width = inputs;
  for (std::size_t i = 0; i < hidden.size(); ++i) {
    const std::string number = str(i + 1);
    add_affine(number, width, hidden[i], hidden_init);
    add(str(kind.name, number), kind.make());
    width = hidden[i];
  }
  add_affine(str(hidden.size() + 1), width, outputs, Init::XavierUniform);
}

}  // namespace lanegrad
