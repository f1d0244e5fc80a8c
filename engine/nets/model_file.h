// The net of a checkpoint, without its training and its data.
#pragma once

#include <cstdint>
#include <span>

#include "engine/io/model.h"
#include "engine/nets/net_text.h"

namespace lanegrad {

// The layers of a net as make_net would make them. Throws what make_net throws, but lets a net give
// other outputs than `input.outputs`, for which "classes" stands.
std::vector<ModelLayer> model_layers(std::string_view name_or_text, const NetInput& input);

// Reads the net of a checkpoint, with the numbers that answer: the averages where training
// averages. Of a training's other numbers nothing is read. Throws what parse_safetensors throws,
// CorruptData for a file that is no checkpoint and for tensors that are missing, of another shape
// or not finite, Unsupported for a checkpoint of an unknown version.
Model read_model(std::span<const std::uint8_t> bytes);

}  // namespace lanegrad
