// The tensors of each kind of layer.
#include "engine/io/model.h"

#include "engine/core/error.h"

namespace lanegrad {

const ModelTensor& Model::tensor(std::string_view name) const {
  for (const ModelTensor& tensor : tensors) {
    if (tensor.name == name) return tensor;
  }
  fail(ErrorCode::NotFound, "model: no tensor is called '", name, "'");
}

std::string lines_of(const std::vector<std::string>& names) {
  std::string lines;
  for (const std::string& name : names) lines += str(&name == names.data() ? "" : "\n", name);
  return lines;
}

std::vector<TensorPlace> tensors_of(const ModelLayer& layer) {
  std::vector<TensorPlace> places;
  const auto add = [&](std::string_view name, const Shape& shape) {
    places.push_back({str(layer.name, ".", name), shape});
  };
  if (layer.kind == "Conv2D") {
    add("weight", {layer.output[0], layer.input[0], layer.size, layer.size});
    if (layer.bias) add("bias", {layer.output[0]});
  } else if (layer.kind == "Dense") {
    add("weight", {layer.input.size(), layer.output.size()});
  } else if (layer.kind == "Bias") {
    add("bias", {layer.output.size()});
  } else if (layer.kind == "BatchNorm") {
    for (const char* name : {"weight", "bias", "running_mean", "running_var"}) {
      add(name, {layer.input[0]});
    }
  }
  return places;
}

}  // namespace lanegrad
