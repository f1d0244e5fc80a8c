// The net of a checkpoint, without its training and its data.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/io/model.h"
#include "engine/nets/net_text.h"

namespace lanegrad {

// The layers of a net as make_net would make them. Throws what make_net throws, but lets a net give
// other outputs than `input.outputs`, for which "classes" stands.
std::vector<ModelLayer> model_layers(std::string_view name_or_text, const NetInput& input);

// Reads the net of a checkpoint, or of what write_model wrote, with the numbers that answer: the
// averages where training averages. Of a training's other numbers nothing is read. Tensors may also
// be F16. Throws what parse_safetensors throws,
// CorruptData for a file that is no checkpoint and for tensors that are missing, of another shape
// or not finite, Unsupported for a checkpoint of an unknown version.
Model read_model(std::span<const std::uint8_t> bytes);

// The bytes of a file with nothing but the model, which read_model reads and no training goes on
// from. With `half`, weights of two and more axes are F16: half the size, and about three digits.
// Throws Unsupported for a weight that F16 has no number for.
std::vector<std::uint8_t> write_model(const Model& model, bool half = false);

}  // namespace lanegrad
