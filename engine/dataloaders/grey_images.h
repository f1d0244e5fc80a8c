// Grey images with class labels. They are kept as bytes in memory and turned into numbers when
// batches are made. MNIST is by LeCun, Cortes and Burges (CC BY-SA 3.0).
#pragma once

#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "engine/dataloaders/augment.h"
#include "engine/dataloaders/data_loader.h"

namespace lanegrad {

// Images as bytes [S, H, W] and their labels. Loaders share one set.
struct ImageSet {
  Index count = 0;
  Index height = 0;
  Index width = 0;
  Index classes = 10;
  std::vector<std::uint8_t> pixels;
  std::vector<std::uint8_t> labels;
};

// Parses an IDX file of images and one of labels; messages call the files by `name` ("training",
// "test"). Throws CorruptData where a file is broken, the counts differ, or a label is not below
// `classes`; InvalidArgument unless 1 ≤ classes ≤ 256.
std::shared_ptr<const ImageSet> parse_idx_images(std::span<const std::uint8_t> images,
                                                 std::span<const std::uint8_t> labels,
                                                 std::string_view name, Index classes = 10);
// Reads an IDX file of images piece by piece, so that no more than a piece of it is in memory
// twice.
class ImageReader {
 public:
  // Says how many bytes the file has at most, which bounds what is allocated.
  void expect(std::size_t most) { most_ = most; }

  // Takes the next bytes of the file. What its header promises is allocated once, as soon as there
  // are pixels; throws std::bad_alloc where that is more than the memory has.
  void append(std::span<const std::uint8_t> bytes);
  // Makes the set of images, with the whole file of labels; the reader is empty then. Throws what
  // parse_idx_images throws.
  std::shared_ptr<const ImageSet> finish(std::span<const std::uint8_t> labels,
                                         std::string_view name, Index classes = 10);

 private:
  // The bytes of a header of three axes.
  static constexpr std::size_t kHeader = 16;

  std::size_t most_ = 0;
  std::size_t size_ = 0;
  // The first bytes of the file, with the longest header that there is.
  std::array<std::uint8_t, 20> start_ = {};
  // The most pixels that are kept.
  std::size_t room_ = 0;
  std::vector<std::uint8_t> pixels_;
};

// How pixels become inputs: input = (pixel / 255 − mean) / deviation. The default gives inputs from
// 0 to 1.
struct Normalization {
  double mean = 0;
  double deviation = 1;
};

// The normalization that gives all images, or those with these numbers, mean 0 and standard
// deviation 1. Where all pixels are the same, the deviation is 1. Throws InvalidArgument where
// there are no images and for numbers out of range.
Normalization normalization_of(const ImageSet& images);
Normalization normalization_of(const ImageSet& images, std::span<const std::uint32_t> indices);

struct GreyImagesOptions {
  Index batch_size = 32;
  // The seed of the order and of augmentation. Without one, samples come in their stored order.
  std::optional<std::uint64_t> seed{};
  // The normalization of the training data; all loaders of one training use the same.
  Normalization normalization{};
  // The augmentation of the batches that next() gives; samples() never augments.
  Augmentation augmentation{};
};

// A loader of grey images, whose inputs are [N, 1, H, W].
class GreyImages : public DataLoader {
 public:
  // Throws InvalidArgument for options that make no sense.
  GreyImages(std::shared_ptr<const ImageSet> images, const GreyImagesOptions& options);
  GreyImages(std::shared_ptr<const ImageSet> images, Index batch_size,
             std::optional<std::uint64_t> shuffle_seed)
      : GreyImages(std::move(images), {.batch_size = batch_size, .seed = shuffle_seed}) {}

  Index stored() const override { return images_->count; }
  Shape sample_shape() const override { return {1, images_->height, images_->width}; }
  Index outputs() const override { return images_->classes; }
  TargetKind target_kind() const override { return TargetKind::Labels; }
  std::int32_t label(Index sample) const override {
    return images_->labels[static_cast<std::size_t>(sample)];
  }
  const Normalization& normalization() const { return normalization_; }
  NdArray prepare(const NdArray& x) const override;

 private:
  std::uint64_t compute_checksum() const override;
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
