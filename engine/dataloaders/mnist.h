// Grey images with class labels, kept as bytes in the engine's memory and turned to numbers as
// batches are made. MNIST is by LeCun, Cortes and Burges (CC BY-SA 3.0).
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "engine/dataloaders/augment.h"
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

// Inputs = (pixel / 255 − mean) / deviation. As it stands here: pixels from 0 to 1.
struct Normalization {
  double mean = 0;
  double deviation = 1;
};

// That which gives these images, or those with these numbers, mean 0 and standard deviation 1.
// Where all pixels are the same, there is nothing to scale: the deviation stays 1. Throws
// InvalidArgument for numbers out of range.
Normalization normalization_of(const ImageSet& images);
Normalization normalization_of(const ImageSet& images, std::span<const std::uint32_t> indices);

struct MnistOptions {
  Index batch_size = 32;
  std::optional<std::uint64_t> seed{};  // of order and augmentation; none: the order is as stored
  Normalization normalization{};        // of the training data, for all loaders of one training
  Augmentation augmentation{};          // of training: of what next() gives, and nothing else
};

// Inputs: [N, 1, H, W].
class Mnist : public DataLoader {
 public:
  // Throws InvalidArgument for options that make no sense.
  Mnist(std::shared_ptr<const ImageSet> images, const MnistOptions& options);
  Mnist(std::shared_ptr<const ImageSet> images, Index batch_size,
        std::optional<std::uint64_t> shuffle_seed)
      : Mnist(std::move(images), {.batch_size = batch_size, .seed = shuffle_seed}) {}

  Index stored() const override { return images_->count; }
  Shape sample_shape() const override { return {1, images_->height, images_->width}; }
  Index outputs() const override { return images_->classes; }
  TargetKind target_kind() const override { return TargetKind::Labels; }
  std::uint64_t checksum() const override;
  std::int32_t label(Index sample) const override {
    return images_->labels[static_cast<std::size_t>(sample)];
  }
  const Normalization& normalization() const { return normalization_; }
  NdArray prepare(const NdArray& x) const override;

 private:
  void gather(std::span<const std::uint32_t> indices, Batch& batch) const override;
  void gather_for(Index epoch, std::span<const std::uint32_t> indices, Batch& batch) const override;
  void gather_preview(Index epoch, std::span<const std::uint32_t> indices,
                      NdArray& inputs) const override;
  void decode(std::span<const std::uint32_t> indices, Real scale, Real shift,
              NdArray& inputs) const;
  void decode_augmented(Index epoch, std::span<const std::uint32_t> indices, Real scale, Real shift,
                        NdArray& inputs) const;
  void give_labels(std::span<const std::uint32_t> indices, IndexArray& labels) const;

  std::shared_ptr<const ImageSet> images_;
  Normalization normalization_;
  Augmentation augmentation_;
  std::uint64_t seed_;
  Real scale_;  // input = scale · byte + shift
  Real shift_;
};

}  // namespace lanegrad
