// Renames and transposes the arrays of dense layers.
#include "engine/io/state_dict.h"

#include "engine/core/error.h"

namespace lanegrad {

namespace {

ModelTensor transposed(const ModelTensor& matrix) {
  const auto rows = static_cast<std::size_t>(matrix.shape[0]);
  const auto columns = static_cast<std::size_t>(matrix.shape[1]);
  ModelTensor out{.name = matrix.name,
                  .shape = {matrix.shape[1], matrix.shape[0]},
                  .values = std::vector<Real>(matrix.values.size())};
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      out.values[j * rows + i] = matrix.values[i * columns + j];
    }
  }
  return out;
}

}  // namespace

std::vector<ModelTensor> state_dict(const Model& model) {
  std::vector<ModelTensor> all;
  std::string dense;
  for (const ModelLayer& layer : model.layers) {
    if (layer.kind == "Dense") dense = layer.name;
    for (const TensorPlace& place : tensors_of(layer)) {
      const ModelTensor& tensor = model.tensor(place.name);
      if (layer.kind == "Dense") {
        all.push_back(transposed(tensor));
      } else {
        all.push_back(tensor);
        if (layer.kind == "Bias") all.back().name = str(dense, ".bias");
      }
    }
  }
  return all;
}

}  // namespace lanegrad
