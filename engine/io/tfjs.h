// Nets as layers models of TensorFlow.js: JSON with the layers as Keras calls them, and a file with
// their numbers.
#pragma once

#include "engine/io/formats.h"

namespace lanegrad {

// Writes `net.json`, which tf.loadLayersModel takes, and `net.weights.bin` beside it. Images are
// channels last there: the input is [batch, H, W, C], kernels are [k, k, in, out], and what follows
// a flatten expects its numbers in the order [H, W, C]. Throws Unsupported for an unknown layer.
std::vector<ExportedFile> write_tfjs(const Model& model, const ExportOptions& options);

}  // namespace lanegrad
