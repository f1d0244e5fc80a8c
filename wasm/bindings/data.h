// Sets of samples, which the bindings of loaders and of trainings share.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "wasm/bindings/handles.h"

namespace lanegrad::boundary {

// Images, or arrays with labels or with numbers to predict. All loaders that read a set share it.
struct DataSet {
  std::shared_ptr<const ImageSet> images = {};
  // What images are read by, until all of their file has come.
  ImageReader reader = {};
  NdArray inputs = {};
  IndexArray labels = {};
  Index classes = 0;
  NdArray targets = {};
  // Where above 0, these samples stand for so many that are given batch after batch.
  Index streamed = 0;
  // How their pixels are normalized, where that is asked for: it cannot be worked out of samples
  // that are still to come.
  Normalization normalization = {};
  // What messages call arrays.
  std::string name = {};
};

std::unique_ptr<DataLoader> make_loader(const DataSet& data, Index batch_size,
                                        std::optional<std::uint64_t> seed,
                                        const Normalization& normalization = {},
                                        const Augmentation& augmentation = {}, Index first = 0);

}  // namespace lanegrad::boundary
