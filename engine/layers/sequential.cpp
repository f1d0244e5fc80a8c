// The list of layers of a Sequential.
#include "engine/layers/sequential.h"

namespace lanegrad {

Sequential::Sequential(NamedLayers layers) {
  for (auto& [name, layer] : layers) add(std::move(name), std::move(layer));
}

void Sequential::add(std::string name, std::shared_ptr<Layer> layer) {
  add_layer("sequential", layers_, std::move(name), std::move(layer));
  layers_.back().second->set_training(training());
}

void Sequential::set_training(bool training) {
  Layer::set_training(training);
  for (const auto& [name, layer] : layers_) layer->set_training(training);
}

}  // namespace lanegrad
