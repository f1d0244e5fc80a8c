// Puts images and labels together, and makes batches of numbers from bytes.
#include "engine/dataloaders/image_loader.h"

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

// Refuses the part of the set that has this name.
[[noreturn]] void refuse(const std::string& part, const std::string& what) {
  fail(ErrorCode::CorruptData, {.op = "image set", .field = part}, "image set: ", what);
}

// Refuses a part that has other axes than `expected`.
[[noreturn]] void refuse_axes(std::size_t axes, const std::string& part, const char* expected) {
  refuse(part, str(part, " with ", axes, axes == 1 ? " axis" : " axes", ", expected ", expected));
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
  // The header of anything but images is refused in the end.
  const std::size_t axes = start_[3] == 4 ? 4 : 3;
  const std::size_t header = 4 + 4 * axes;
  const std::size_t skipped = std::min(header - std::min(header, size_), bytes.size());
  size_ += bytes.size();
  bytes = bytes.subspan(skipped);
  if (bytes.empty()) return;
  if (pixels_.empty()) {
    // So is one that promises more than can be counted.
    double pixels = start_[3] == axes ? 1 : 0;
    for (std::size_t axis = 0; axis < axes; ++axis) {
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
  const std::string set_name(name);
  const std::string images_name = str(name, " images");
  const std::string labels_name = str(name, " labels");
  const std::vector<Index> extents =
      parse_idx_header({start_.data(), std::min(size_, start_.size())}, size_, images_name).extents;
  if (extents.size() != 3 && extents.size() != 4)
    refuse_axes(extents.size(), images_name,
                "3 (count, height, width) or 4 (count, channels, height, width)");
  const Idx classes_of = parse_idx(labels, labels_name);
  if (classes_of.extents.size() != 1)
    refuse_axes(classes_of.extents.size(), labels_name, "1 (count)");
  const Index count = extents[0];
  const Index channels = extents.size() == 4 ? extents[1] : 1;
  const Index height = extents.end()[-2];
  const Index width = extents.back();
  if (channels != 1 && channels != PerChannel::kMost)
    refuse(images_name,
           str(images_name, " of ", channels, " channels, expected 1 or ", PerChannel::kMost));
  if (pixels_.empty())
    refuse(images_name, str(count, " ", images_name, " of ", height, " x ", width,
                            " pixels, expected at least one image of at least one pixel"));
  if (classes_of.extents[0] != count)
    refuse(set_name, str(count, " ", images_name, " and ", classes_of.extents[0],
                         " labels, expected as many labels as images"));
  for (std::size_t i = 0; i < classes_of.values.size(); ++i) {
    if (classes_of.values[i] >= classes)
      refuse(labels_name, str(name, " label ", classes_of.values[i], " at position ", i,
                              ", expected 0 to ", classes - 1));
  }
  auto set = std::make_shared<ImageSet>();
  set->count = count;
  set->channels = channels;
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
  const auto channels = static_cast<std::size_t>(images.channels);
  const auto pixels = static_cast<std::size_t>(images.height * images.width);
  const std::uint8_t* const bytes = images.pixels.data();
  std::array<ByteMoments, PerChannel::kMost> moments;
  for (const std::uint32_t index : indices) {
    if (static_cast<Index>(index) >= images.count)
      fail(ErrorCode::InvalidArgument, "normalization: image ", index, ", expected 0 to ",
           images.count - 1);
    for (std::size_t c = 0; c < channels; ++c) {
      add_moments({bytes + (index * channels + c) * pixels, pixels}, moments[c]);
    }
  }
  const double count = static_cast<double>(pixels) * static_cast<double>(indices.size());
  if (count <= 0)
    fail(ErrorCode::InvalidArgument, "normalization: no images, expected at least one");
  Normalization normalization{.mean = {images.channels, 0}, .deviation = {images.channels, 1}};
  for (std::size_t c = 0; c < channels; ++c) {
    const double mean = static_cast<double>(moments[c].sum) / count;
    const double variance = static_cast<double>(moments[c].squares) / count - mean * mean;
    normalization.mean.values()[c] = mean / kWhite;
    if (variance > 0) normalization.deviation.values()[c] = std::sqrt(variance) / kWhite;
  }
  return normalization;
}

ImageLoader::ImageLoader(std::shared_ptr<const ImageSet> images, const ImageLoaderOptions& options)
    : DataLoader(options.batch_size, options.seed),
      images_(std::move(images)),
      normalization_(options.normalization),
      augmentation_(options.augmentation),
      seed_(options.seed.value_or(0)),
      first_(options.first) {
  if (!images_ || images_->count < 1)
    fail(ErrorCode::InvalidArgument, "image loader: no images, expected at least one");
  for (Index c = 0; c < images_->channels; ++c) {
    const double mean = normalization_.mean[c];
    const double deviation = normalization_.deviation[c];
    const Levels levels{.scale = 1 / static_cast<Real>(kWhite * deviation),
                        .shift = static_cast<Real>(0 - mean / deviation)};
    if (!(std::isfinite(levels.scale) && std::isfinite(levels.shift) && std::isfinite(deviation) &&
          deviation > 0))
      fail(ErrorCode::InvalidArgument, "image loader: normalization by the mean ", mean,
           " and the deviation ", deviation, ", expected finite numbers, the deviation above 0");
    levels_[static_cast<std::size_t>(c)] = levels;
  }
  check(augmentation_);
  const Index side = std::min(images_->height, images_->width);
  if (!(augmentation_.shift == 0 || augmentation_.shift < static_cast<double>(side)))
    fail(ErrorCode::InvalidArgument, "augmentation: shift ", augmentation_.shift, " for images of ",
         images_->height, " x ", images_->width, ", expected below ", side);
  if (augmentation_.any() && images_->height * images_->width > kMostPixels)
    fail(ErrorCode::InvalidArgument, "augmentation: images of ", images_->height, " x ",
         images_->width, " pixels, expected at most ", kMostPixels, " pixels");
}

NdArray ImageLoader::prepare(const NdArray& x) const {
  if (normalization_.mean == 0 && normalization_.deviation == 1) return x;
  const Index channels = normalization_.mean.count();
  const Shape shape = channels == 1 ? Shape{} : Shape{channels, 1, 1};
  NdArray scale = NdArray::zeros(shape);
  NdArray shift = NdArray::zeros(shape);
  for (Index c = 0; c < channels; ++c) {
    scale.mutable_data()[c] = static_cast<Real>(1 / normalization_.deviation[c]);
    shift.mutable_data()[c] = levels_[static_cast<std::size_t>(c)].shift;
  }
  // Rows of numbers would get an axis of channels in front.
  const bool rows = channels > 1 && !(x.rank() == 4 && x.shape()[1] == channels);
  const auto images = [&] {
    return x.reshape({x.shape()[0], channels, images_->height, images_->width});
  };
  return (rows ? images() : x) * scale + shift;
}

std::uint64_t ImageLoader::compute_checksum() const {
  using Bytes = std::span<const std::uint8_t>;
  return lanegrad::checksum(Bytes(images_->labels), lanegrad::checksum(Bytes(images_->pixels)));
}

void ImageLoader::gather(std::span<const std::uint32_t> indices, Batch& batch) const {
  decode(indices, levels_.data(), batch.inputs);
  give_labels(indices, batch.labels);
}

void ImageLoader::gather_for(Index epoch, std::span<const std::uint32_t> indices,
                             Batch& batch) const {
  decode_augmented(epoch, indices, levels_.data(), batch.inputs);
  give_labels(indices, batch.labels);
}

void ImageLoader::gather_preview(Index epoch, std::span<const std::uint32_t> indices,
                                 NdArray& inputs) const {
  constexpr Levels kPlain{.scale = Real{1} / static_cast<Real>(kWhite), .shift = 0};
  const std::array<Levels, PerChannel::kMost> plain{kPlain, kPlain, kPlain};
  decode_augmented(epoch, indices, plain.data(), inputs);
}

void ImageLoader::decode(std::span<const std::uint32_t> indices, const Levels* levels,
                         NdArray& inputs) const {
  gather_bytes(images_->pixels.data(), indices, images_->height * images_->width,
               {levels, static_cast<std::size_t>(images_->channels)}, inputs);
}

void ImageLoader::decode_augmented(Index epoch, std::span<const std::uint32_t> indices,
                                   const Levels* levels, NdArray& inputs) const {
  if (!augmentation_.any()) return decode(indices, levels, inputs);
  const Index h = images_->height;
  const Index w = images_->width;
  const Buffer maps(indices.size() * sizeof(Affine));
  auto* map = static_cast<Affine*>(maps.data());
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const auto sample = static_cast<std::uint32_t>(first_ + indices[i]);
    const Warp warp = draw_warp(augmentation_, seed_, epoch, sample);
    std::construct_at(map + i, affine_of(warp, h, w));
  }
  warp_bytes(images_->pixels.data(), indices, map, h, w,
             {levels, static_cast<std::size_t>(images_->channels)}, inputs);
}

void ImageLoader::give_labels(std::span<const std::uint32_t> indices, IndexArray& labels) const {
  std::int32_t* label = labels.mutable_data();
  for (const std::uint32_t index : indices) *label++ = images_->labels[index];
}

}  // namespace lanegrad
