// A whole training as bytes, in the format safetensors: the weights and buffers as net.*, and all
// else that decides how it goes on, so that going on gives the bits of never having stopped.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/training/recipe.h"

namespace lanegrad {

// To be called between steps. Throws Diverged where a weight or another number is not finite.
std::vector<std::uint8_t> save_checkpoint(const Training& training);

// What the checkpoint's training was made from. Throws as parse_safetensors, CorruptData for a file
// that is no checkpoint, Unsupported for another version of them.
Recipe checkpoint_recipe(std::span<const std::uint8_t> bytes);

// The training where it was, with the same training data, of which only a checksum is stored; the
// test data do not matter. Throws as checkpoint_recipe and make_training, InvalidArgument for other
// training data, CorruptData for a tensor that is missing, too many, of another shape or dtype, or
// holds what no training could.
Training load_checkpoint(std::span<const std::uint8_t> bytes, std::shared_ptr<const ImageSet> train,
                         std::shared_ptr<const ImageSet> test);
Training load_checkpoint(std::span<const std::uint8_t> bytes, Loaders loaders);

}  // namespace lanegrad
