// Grey images with class labels, kept as bytes in the engine's memory and turned to numbers as
// batches are made. MNIST is by LeCun, Cortes and Burges (CC BY-SA 3.0).
#pragma once

#include <memory>
#include <vector>

#include "engine/dataloaders/data_loader.h"

namespace lanegrad {

// Images as bytes [S, H, W] and their labels, shared by the loaders that read them.
struct ImageSet {
  Index count = 0;
  Index height = 0;
  Index width = 0;
  Index classes = 10;
  std::vector<std::uint8_t> pixels;
  std::vector<std::uint8_t> labels;
};

// Parses an IDX file of images and one of labels; `name` ("training", "test") stands in messages.
// Throws CorruptData where they are broken, of different counts, or a label is ≥ classes.
std::shared_ptr<const ImageSet> parse_mnist(std::span<const std::uint8_t> images,
                                            std::span<const std::uint8_t> labels,
                                            std::string_view name, Index classes = 10);
// The same, keeping the given bytes instead of copying them.
std::shared_ptr<const ImageSet> parse_mnist(std::vector<std::uint8_t>&& images,
                                            std::span<const std::uint8_t> labels,
                                            std::string_view name, Index classes = 10);

class Mnist : public DataLoader {
 public:
  // Inputs: [N, H·W], pixel / 255, so 0 to 1.
  Mnist(std::shared_ptr<const ImageSet> images, Index batch_size,
        std::optional<std::uint64_t> shuffle_seed);

  Index size() const override { return images_->count; }
  Shape sample_shape() const override { return {images_->height * images_->width}; }
  Index outputs() const override { return images_->classes; }
  TargetKind target_kind() const override { return TargetKind::Labels; }

 private:
  void gather(std::span<const std::uint32_t> indices, Batch& batch) const override;

  std::shared_ptr<const ImageSet> images_;
};

}  // namespace lanegrad
