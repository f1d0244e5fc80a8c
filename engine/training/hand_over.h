// A training as a PyTorch program that goes on where it stands, on one machine or on several.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/io/formats.h"

namespace lanegrad {

// Writes `train.py`, the program, with what it is made of: `net.py`, the net; `data.py`, the images
// in the order of this training, augmented as it does; `checkpoint.py`, which reads and writes
// `checkpoint.safetensors`, the checkpoint itself, where PyTorch goes on and which lanegrad opens
// again. `data` is the folder of the images' IDX files. Throws what read_model throws; Unsupported
// for data that are no images with labels, and for a checkpoint of version 1.
std::vector<ExportedFile> export_pytorch(std::span<const std::uint8_t> checkpoint,
                                         std::string_view data);

}  // namespace lanegrad
