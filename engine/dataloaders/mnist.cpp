// Puts images and labels together, and decodes batches.
#include "engine/dataloaders/mnist.h"

#include <cmath>
#include <numeric>
#include <utility>

#include "engine/core/checksum.h"
#include "engine/core/error.h"
#include "engine/dataloaders/idx.h"
#include "engine/kernels/kernels.h"
#include "engine/ndarray/arithmetic.h"

namespace lanegrad {

namespace {

constexpr Index kMaxClasses = 256;  // labels are bytes
constexpr double kWhite = 255;

Idx parse_part(std::span<const std::uint8_t> bytes, std::string_view name, const char* part,
               std::size_t axes, const char* meaning) {
  const std::string full_name = str(name, " ", part);
  Idx idx = parse_idx(bytes, full_name);
  require(idx.extents.size() == axes, ErrorCode::CorruptData, [&] {
    return str("mnist: ", full_name, " with ", idx.extents.size(),
               idx.extents.size() == 1 ? " axis" : " axes", ", expected ", axes, " (", meaning,
               ")");
  });
  return idx;
}

}  // namespace

std::shared_ptr<const ImageSet> parse_mnist(std::span<const std::uint8_t> images,
                                            std::span<const std::uint8_t> labels,
                                            std::string_view name, Index classes) {
  return parse_mnist(std::vector<std::uint8_t>(images.begin(), images.end()), labels, name,
                     classes);
}

std::shared_ptr<const ImageSet> parse_mnist(std::vector<std::uint8_t>&& images,
                                            std::span<const std::uint8_t> labels,
                                            std::string_view name, Index classes) {
  require(classes >= 1 && classes <= kMaxClasses, ErrorCode::InvalidArgument,
          [&] { return str("mnist: ", classes, " classes, expected 1 to ", kMaxClasses); });
  const Idx pixels = parse_part(images, name, "images", 3, "count, height, width");
  const Idx classes_of = parse_part(labels, name, "labels", 1, "count");
  const Index count = pixels.extents[0];
  const Index height = pixels.extents[1];
  const Index width = pixels.extents[2];
  require(!pixels.values.empty(), ErrorCode::CorruptData, [&] {
    return str("mnist: ", count, " ", name, " images of ", height, " x ", width,
               " pixels, expected at least one image of at least one pixel");
  });
  require(classes_of.extents[0] == count, ErrorCode::CorruptData, [&] {
    return str("mnist: ", count, " ", name, " images and ", classes_of.extents[0],
               " labels, expected as many labels as images");
  });
  for (std::size_t i = 0; i < classes_of.values.size(); ++i) {
    require(classes_of.values[i] < classes, ErrorCode::CorruptData, [&] {
      return str("mnist: ", name, " label ", classes_of.values[i], " at position ", i,
                 ", expected 0 to ", classes - 1);
    });
  }
  auto set = std::make_shared<ImageSet>();
  set->count = count;
  set->height = height;
  set->width = width;
  set->classes = classes;
  const auto header = pixels.values.data() - images.data();
  set->pixels = std::move(images);
  set->pixels.erase(set->pixels.begin(), set->pixels.begin() + header);
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
  kernels::ByteMoments moments;
  for (const std::uint32_t index : indices) {
    require(static_cast<Index>(index) < images.count, ErrorCode::InvalidArgument, [&] {
      return str("normalization: image ", index, ", expected 0 to ", images.count - 1);
    });
    kernels::byte_moments(images.pixels.data() + static_cast<Index>(index) * pixels, pixels,
                          moments);
  }
  const double count = static_cast<double>(pixels) * static_cast<double>(indices.size());
  require(count > 0, ErrorCode::InvalidArgument,
          [] { return "normalization: no images, expected at least one"; });
  const double mean = static_cast<double>(moments.sum) / count;
  const double variance = static_cast<double>(moments.squares) / count - mean * mean;
  const double deviation = variance > 0 ? std::sqrt(variance) / kWhite : 1;
  return {.mean = mean / kWhite, .deviation = deviation};
}

Mnist::Mnist(std::shared_ptr<const ImageSet> images, const MnistOptions& options)
    : DataLoader(options.batch_size, options.seed),
      images_(std::move(images)),
      normalization_(options.normalization) {
  require(images_ && images_->count >= 1, ErrorCode::InvalidArgument,
          [] { return "mnist: no images, expected at least one"; });
  const auto& [mean, deviation] = normalization_;
  require(std::isfinite(mean) && std::isfinite(deviation) && deviation > 0,
          ErrorCode::InvalidArgument, [&] {
            return str("mnist: normalization by the mean ", mean, " and the deviation ", deviation,
                       ", expected finite numbers, the deviation above 0");
          });
  scale_ = 1 / static_cast<Real>(kWhite * deviation);
  shift_ = static_cast<Real>(0 - mean / deviation);
}

NdArray Mnist::prepare(const NdArray& x) const {
  if (normalization_.mean == 0 && normalization_.deviation == 1) return x;
  const auto scale = static_cast<Real>(1 / normalization_.deviation);
  return x * NdArray::full({}, scale) + NdArray::full({}, shift_);
}

std::uint64_t Mnist::checksum() const {
  using Bytes = std::span<const std::uint8_t>;
  return lanegrad::checksum(Bytes(images_->labels), lanegrad::checksum(Bytes(images_->pixels)));
}

void Mnist::gather(std::span<const std::uint32_t> indices, Batch& batch) const {
  const Index pixels = images_->height * images_->width;
  kernels::gather_bytes(images_->pixels.data(), indices.data(), static_cast<Index>(indices.size()),
                        pixels, scale_, shift_, batch.inputs.mutable_data());
  std::int32_t* labels = batch.labels.mutable_data();
  for (const std::uint32_t index : indices) *labels++ = images_->labels[index];
}

}  // namespace lanegrad
