// A whole training as bytes in the safetensors format: the weights and buffers as net.*, and all
// else that decides how it goes on. A training that is loaded goes on with the same bits as one
// that never stopped.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/io/bytes.h"
#include "engine/training/recipe.h"

namespace lanegrad {

// The checkpoint of a training. To be called between steps. Throws Diverged where a weight or
// another number is not finite, InvalidState where the training was not made from a recipe.
std::vector<std::uint8_t> save_checkpoint(const Training& training);
// Writes the checkpoint, whose numbers go to the file from where the training has them. Where it
// throws, nothing has been written.
void save_checkpoint(const Training& training, ByteSink& file);

// The recipe of the checkpoint's training. Throws what parse_safetensors throws, CorruptData for a
// file that is no checkpoint, Unsupported for a checkpoint of an unknown version.
Recipe checkpoint_recipe(const ByteSource& file);
Recipe checkpoint_recipe(std::span<const std::uint8_t> bytes);

// The training as it was when saved. `train` is the same training data, of which the file has only
// a checksum; the test data may be others. Throws what checkpoint_recipe and make_training throw,
// InvalidArgument for other training data, and CorruptData for a tensor that is missing,
// unexpected, of another shape or dtype, or holds what no training could. The numbers are read to
// where the training has them.
Training load_checkpoint(const ByteSource& file, std::shared_ptr<const ImageSet> train,
                         std::shared_ptr<const ImageSet> test);
Training load_checkpoint(const ByteSource& file, Loaders loaders);
Training load_checkpoint(std::span<const std::uint8_t> bytes, std::shared_ptr<const ImageSet> train,
                         std::shared_ptr<const ImageSet> test);
Training load_checkpoint(std::span<const std::uint8_t> bytes, Loaders loaders);

}  // namespace lanegrad
