// Images, grey or in colour, with class labels. They are kept as bytes in memory and turned into
// numbers when batches are made. MNIST is by LeCun, Cortes and Burges (CC BY-SA 3.0).
#pragma once

#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "engine/core/per_channel.h"
#include "engine/dataloaders/augment.h"
#include "engine/dataloaders/data_loader.h"

namespace lanegrad {

// Images as bytes [S, C, H, W] and their labels. Loaders share one set.
struct ImageSet {
  Index count = 0;
  // 1 for grey; 3 for red, green and blue.
  Index channels = 1;
  Index height = 0;
  Index width = 0;
  Index classes = 10;
  std::vector<std::uint8_t> pixels;
  std::vector<std::uint8_t> labels;

  Shape sample_shape() const { return {channels, height, width}; }
};

// Parses an IDX file of images, [S, H, W] or [S, C, H, W], and one of labels; messages call the
// files by `name` ("training", "test"). Throws CorruptData where a file is broken, the counts
// differ, C is neither 1 nor 3, or a label is not below `classes`; InvalidArgument unless 1 ≤
// classes ≤ 256.
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
  std::size_t most_ = 0;
  std::size_t size_ = 0;
  // The first bytes of the file, with the longest header that there is: that of four axes.
  std::array<std::uint8_t, 20> start_ = {};
  // The most pixels that are kept.
  std::size_t room_ = 0;
  std::vector<std::uint8_t> pixels_;
};

// How pixels become inputs: input = (pixel / 255 − mean) / deviation, where images in colour may
// have a mean and a deviation for each channel. The default gives inputs from 0 to 1.
struct Normalization {
  PerChannel mean = 0;
  PerChannel deviation = 1;
};

// The normalization that gives each channel of all images, or of those with these numbers, mean 0
// and standard deviation 1. Where all pixels are the same, the deviation is 1. Throws
// InvalidArgument where there are no images and for numbers out of range.
Normalization normalization_of(const ImageSet& images);
Normalization normalization_of(const ImageSet& images, std::span<const std::uint32_t> indices);

struct ImageLoaderOptions {
  Index batch_size = 32;
  // The seed of the order and of augmentation. Without one, samples come in their stored order.
  std::optional<std::uint64_t> seed{};
  // The normalization of the training data; all loaders of one training use the same.
  Normalization normalization{};
  // The augmentation of the batches that next() gives; samples() never augments.
  Augmentation augmentation{};
  // The number of the first image among all samples, where these are only some of them:
  // augmentation counts from there.
  Index first = 0;
};

// A loader of images, whose inputs are [N, C, H, W].
class ImageLoader : public DataLoader {
 public:
  // Throws InvalidArgument for options that make no sense.
  ImageLoader(std::shared_ptr<const ImageSet> images, const ImageLoaderOptions& options);
  ImageLoader(std::shared_ptr<const ImageSet> images, Index batch_size,
              std::optional<std::uint64_t> shuffle_seed)
      : ImageLoader(std::move(images), {.batch_size = batch_size, .seed = shuffle_seed}) {}

  Index stored() const override { return images_->count; }
  Shape sample_shape() const override { return images_->sample_shape(); }
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
  void decode(std::span<const std::uint32_t> indices, const Levels* levels, NdArray& inputs) const;
  void decode_augmented(Index epoch, std::span<const std::uint32_t> indices, const Levels* levels,
                        NdArray& inputs) const;
  void give_labels(std::span<const std::uint32_t> indices, IndexArray& labels) const;

  std::shared_ptr<const ImageSet> images_;
  Normalization normalization_;
  Augmentation augmentation_;
  std::uint64_t seed_;
  Index first_;
  // How the bytes of each channel become inputs.
  std::array<Levels, PerChannel::kMost> levels_;
};

}  // namespace lanegrad
