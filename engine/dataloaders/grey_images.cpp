// Grey images: puts images and labels together, and makes batches of numbers from bytes.
#include "engine/dataloaders/grey_images.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "engine/core/buffer.h"
#include "engine/core/checksum.h"
#include "engine/core/error.h"
#include "engine/io/idx.h"
#include "engine/ndarray/arithmetic.h"
#include "engine/ndarray/images.h"

namespace lanegrad {

namespace {

constexpr Index kMaxClasses = 256;  // labels are bytes
constexpr double kWhite = 255;
// The most pixels of a picture that is augmented.
constexpr Index kMostPixels = Index{1} << 24;

// Throws CorruptData unless a part of the set has so many axes; `meaning` says what they are.
void check_axes(const std::vector<Index>& extents, const std::string& full_name, std::size_t axes,
                const char* meaning) {
  if (extents.size() != axes)
    fail(ErrorCode::CorruptData, {.op = "image set", .field = full_name}, "image set: ", full_name,
         " with ", extents.size(), extents.size() == 1 ? " axis" : " axes", ", expected ", axes,
         " (", meaning, ")");
}

}  // namespace

std::shared_ptr<const ImageSet> parse_idx_images(std::span<const std::uint8_t> images,
                                                 std::span<const std::uint8_t> labels,
                                                 std::string_view name, Index classes) {
  ImageReader reader;
  reader.expect(images.size());
  reader.append(images);
  return reader.finish(labels, name, classes);
}

void ImageReader::append(std::span<const std::uint8_t> bytes) {
  const std::size_t known = std::min(size_, start_.size());
  std::copy_n(bytes.begin(), std::min(start_.size() - known, bytes.size()), start_.begin() + known);
  const std::size_t skipped = std::min(kHeader - std::min(kHeader, size_), bytes.size());
  size_ += bytes.size();
  bytes = bytes.subspan(skipped);
  if (bytes.empty()) return;
  if (pixels_.empty()) {
    // The header of anything but images is refused in the end, and one that promises more than can
    // be counted.
    double pixels = start_[3] == 3 ? 1 : 0;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      pixels *= static_cast<double>(idx_extent(start_, axis));
    }
    room_ = static_cast<std::size_t>(std::min(pixels, static_cast<double>(most_)));
    pixels_.reserve(room_);
  }
  // What comes beyond that is counted only, since finish() refuses it.
  const std::size_t before = pixels_.size();
  pixels_.resize(std::min(before + bytes.size(), room_));
  std::copy_n(bytes.begin(), pixels_.size() - before, pixels_.data() + before);
}

std::shared_ptr<const ImageSet> ImageReader::finish(std::span<const std::uint8_t> labels,
                                                    std::string_view name, Index classes) {
  if (!(classes >= 1 && classes <= kMaxClasses))
    fail(ErrorCode::InvalidArgument, "image set: ", classes, " classes, expected 1 to ",
         kMaxClasses);
  const std::string images_name = str(name, " images");
  const std::string labels_name = str(name, " labels");
  const std::vector<Index> extents =
      parse_idx_header({start_.data(), std::min(size_, start_.size())}, size_, images_name).extents;
  check_axes(extents, images_name, 3, "count, height, width");
  const Idx classes_of = parse_idx(labels, labels_name);
  check_axes(classes_of.extents, labels_name, 1, "count");
  const Index count = extents[0];
  const Index height = extents[1];
  const Index width = extents[2];
  if (pixels_.empty())
    fail(ErrorCode::CorruptData, {.op = "image set", .field = images_name}, "image set: ", count,
         " ", images_name, " of ", height, " x ", width,
         " pixels, expected at least one image of at least one pixel");
  if (classes_of.extents[0] != count)
    fail(ErrorCode::CorruptData, {.op = "image set", .field = std::string(name)},
         "image set: ", count, " ", images_name, " and ", classes_of.extents[0],
         " labels, expected as many labels as images");
  for (std::size_t i = 0; i < classes_of.values.size(); ++i) {
    if (classes_of.values[i] >= classes)
      fail(ErrorCode::CorruptData, {.op = "image set", .field = labels_name}, "image set: ", name,
           " label ", classes_of.values[i], " at position ", i, ", expected 0 to ", classes - 1);
  }
  auto set = std::make_shared<ImageSet>();
  set->count = count;
  set->height = height;
  set->width = width;
  set->classes = classes;
  set->pixels = std::move(pixels_);
  set->labels.assign(classes_of.values.begin(), classes_of.values.end());
  return set;
}

Normalization normalization_of(const ImageSet& images) {
  std::vector<std::uint32_t> all(static_cast<std::size_t>(images.count));
  std::iota(all.begin(), all.end(), std::uint32_t{0});
  return normalization_of(images, all);
}

Normalization normalization_of(const ImageSet& images, std::span<const std::uint32_t> indices) {
  const Index pixels = images.height * images.width;
  const std::span<const std::uint8_t> bytes = images.pixels;
  ByteMoments moments;
  for (const std::uint32_t index : indices) {
    if (static_cast<Index>(index) >= images.count)
      fail(ErrorCode::InvalidArgument, "normalization: image ", index, ", expected 0 to ",
           images.count - 1);
    add_moments(
        bytes.subspan(index * static_cast<std::size_t>(pixels), static_cast<std::size_t>(pixels)),
        moments);
  }
  const double count = static_cast<double>(pixels) * static_cast<double>(indices.size());
  if (count <= 0)
    fail(ErrorCode::InvalidArgument, "normalization: no images, expected at least one");
  const double mean = static_cast<double>(moments.sum) / count;
  const double variance = static_cast<double>(moments.squares) / count - mean * mean;
  const double deviation = variance > 0 ? std::sqrt(variance) / kWhite : 1;
  return {.mean = mean / kWhite, .deviation = deviation};
}

GreyImages::GreyImages(std::shared_ptr<const ImageSet> images, const GreyImagesOptions& options)
    : DataLoader(options.batch_size, options.seed),
      images_(std::move(images)),
      normalization_(options.normalization),
      augmentation_(options.augmentation),
      seed_(options.seed.value_or(0)) {
  if (!images_ || images_->count < 1)
    fail(ErrorCode::InvalidArgument, "grey images: no images, expected at least one");
  const auto& [mean, deviation] = normalization_;
  scale_ = 1 / static_cast<Real>(kWhite * deviation);
  shift_ = static_cast<Real>(0 - mean / deviation);
  if (!(std::isfinite(scale_) && std::isfinite(shift_) && std::isfinite(deviation) &&
        deviation > 0))
    fail(ErrorCode::InvalidArgument, "grey images: normalization by the mean ", mean,
         " and the deviation ", deviation, ", expected finite numbers, the deviation above 0");
  check(augmentation_);
  const Index side = std::min(images_->height, images_->width);
  if (!(augmentation_.shift == 0 || augmentation_.shift < static_cast<double>(side)))
    fail(ErrorCode::InvalidArgument, "augmentation: shift ", augmentation_.shift, " for images of ",
         images_->height, " x ", images_->width, ", expected below ", side);
  if (augmentation_.any() && images_->height * images_->width > kMostPixels)
    fail(ErrorCode::InvalidArgument, "augmentation: images of ", images_->height, " x ",
         images_->width, " pixels, expected at most ", kMostPixels, " pixels");
}

NdArray GreyImages::prepare(const NdArray& x) const {
  if (normalization_.mean == 0 && normalization_.deviation == 1) return x;
  const auto scale = static_cast<Real>(1 / normalization_.deviation);
  return x * NdArray::full({}, scale) + NdArray::full({}, shift_);
}

std::uint64_t GreyImages::compute_checksum() const {
  using Bytes = std::span<const std::uint8_t>;
  return lanegrad::checksum(Bytes(images_->labels), lanegrad::checksum(Bytes(images_->pixels)));
}

void GreyImages::gather(std::span<const std::uint32_t> indices, Batch& batch) const {
  decode(indices, scale_, shift_, batch.inputs);
  give_labels(indices, batch.labels);
}

void GreyImages::gather_for(Index epoch, std::span<const std::uint32_t> indices,
                            Batch& batch) const {
  decode_augmented(epoch, indices, scale_, shift_, batch.inputs);
  give_labels(indices, batch.labels);
}

void GreyImages::gather_preview(Index epoch, std::span<const std::uint32_t> indices,
                                NdArray& inputs) const {
  decode_augmented(epoch, indices, Real{1} / static_cast<Real>(kWhite), 0, inputs);
}

void GreyImages::decode(std::span<const std::uint32_t> indices, Real scale, Real shift,
                        NdArray& inputs) const {
  gather_bytes(images_->pixels.data(), indices, images_->height * images_->width, scale, shift,
               inputs);
}

void GreyImages::decode_augmented(Index epoch, std::span<const std::uint32_t> indices, Real scale,
                                  Real shift, NdArray& inputs) const {
  if (!augmentation_.any()) return decode(indices, scale, shift, inputs);
  const Index h = images_->height;
  const Index w = images_->width;
  const Buffer maps(indices.size() * sizeof(Affine));
  auto* map = static_cast<Affine*>(maps.data());
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const Warp warp = draw_warp(augmentation_, seed_, epoch, indices[i]);
    std::construct_at(map + i, affine_of(warp, h, w));
  }
  warp_bytes(images_->pixels.data(), indices, map, h, w, scale, shift, inputs);
}

void GreyImages::give_labels(std::span<const std::uint32_t> indices, IndexArray& labels) const {
  std::int32_t* label = labels.mutable_data();
  for (const std::uint32_t index : indices) *label++ = images_->labels[index];
}

}  // namespace lanegrad
