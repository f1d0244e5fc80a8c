// Images in colour: three channels, each of which is treated as a grey image would be.
#include <cmath>

#include "engine/core/random.h"
#include "engine/dataloaders/image_loader.h"
#include "tests/engine/catch.h"
#include "tests/engine/dataloaders/idx_bytes.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

constexpr Index kCount = 12;
constexpr Index kHeight = 9;
constexpr Index kWidth = 7;
constexpr Index kPlane = kHeight * kWidth;

// Pixels [kCount, 3, kHeight, kWidth], whose channels differ in range.
std::vector<std::uint8_t> some_pixels() {
  Random random(5);
  std::vector<std::uint8_t> pixels;
  for (Index i = 0; i < kCount * 3 * kPlane; ++i) {
    const auto channel = static_cast<std::uint32_t>(i / kPlane % 3);
    pixels.push_back(static_cast<std::uint8_t>(40 * channel + random.below(256 - 80 * channel)));
  }
  return pixels;
}

std::vector<std::uint8_t> some_labels() {
  std::vector<std::uint8_t> labels;
  for (Index i = 0; i < kCount; ++i) labels.push_back(static_cast<std::uint8_t>(i % 10));
  return labels;
}

std::vector<std::uint8_t> colour_file() {
  return idx_bytes({kCount, 3, kHeight, kWidth}, some_pixels());
}

const std::vector<std::uint8_t> kLabelFile = idx_bytes({kCount}, some_labels());

std::shared_ptr<const ImageSet> colour_set() {
  return parse_idx_images(colour_file(), kLabelFile, "training");
}

// One of the channels as a set of grey images.
std::shared_ptr<const ImageSet> plane_of(const ImageSet& set, Index channel) {
  auto plane = std::make_shared<ImageSet>(set);
  plane->channels = 1;
  plane->pixels.clear();
  for (Index i = 0; i < set.count; ++i) {
    const auto begin = set.pixels.begin() + (i * 3 + channel) * kPlane;
    plane->pixels.insert(plane->pixels.end(), begin, begin + kPlane);
  }
  return plane;
}

std::string parsing(const std::vector<Index>& extents, std::size_t bytes) {
  const auto images = idx_bytes(extents, std::vector<std::uint8_t>(bytes, 1));
  return error_of([&] { parse_idx_images(images, kLabelFile, "training"); });
}

}  // namespace

TEST_CASE("IDX files of four axes are images with channels", "[dataloaders][colour]") {
  const auto set = colour_set();
  CHECK(set->count == kCount);
  CHECK(set->sample_shape() == Shape{3, kHeight, kWidth});
  CHECK(set->pixels == some_pixels());
  // In pieces of any size, too, and one channel is grey.
  const auto file = colour_file();
  for (const std::size_t size : {1u, 3u, 16u, 19u, 20u, 21u, 1000u}) {
    ImageReader reader;
    reader.expect(file.size());
    for (std::size_t begin = 0; begin < file.size(); begin += size) {
      reader.append(std::span(file).subspan(begin, std::min(size, file.size() - begin)));
    }
    CHECK(reader.finish(kLabelFile, "training")->pixels == some_pixels());
  }
  const auto grey = parse_idx_images(idx_bytes({2, 1, 1, 3}, {1, 2, 3, 4, 5, 6}),
                                     idx_bytes({2}, {0, 1}), "training");
  CHECK(grey->sample_shape() == Shape{1, 1, 3});
  CHECK(grey->pixels == std::vector<std::uint8_t>{1, 2, 3, 4, 5, 6});
}

TEST_CASE("images of other channels, and headers that promise nothing, are refused",
          "[dataloaders][colour]") {
  for (const Index channels : {0, 2, 4, 255}) {
    const auto bytes = static_cast<std::size_t>(kCount * channels * 4);
    CHECK(
        parsing({kCount, channels, 2, 2}, bytes) ==
        str("CorruptData: image set: training images of ", channels, " channels, expected 1 or 3"));
  }
  CHECK(parsing({kCount, 3, 0, 2}, 0) ==
        "CorruptData: image set: 12 training images of 0 x 2 pixels, expected at least one image "
        "of at least one pixel");
  CHECK(parsing({0, 3, 2, 2}, 0) ==
        "CorruptData: image set: 0 training images of 2 x 2 pixels, expected at least one image of "
        "at least one pixel");
  CHECK(parsing({kCount, 3, 2, 2}, 143) ==
        "CorruptData: idx: training images: truncated, 143 values, expected 144 for the extents "
        "[12, 3, 2, 2]");
  CHECK(parsing({0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 3}, 9).starts_with("CorruptData: idx: "));
  CHECK(parsing({kCount, 3, 2, 2, 1}, 144).starts_with("CorruptData: idx: "));
}

TEST_CASE("each channel is normalized by itself", "[dataloaders][colour]") {
  const auto set = colour_set();
  const std::vector<std::uint32_t> some{0, 3, 4, 11};
  const Normalization normalization = normalization_of(*set, some);
  REQUIRE(normalization.mean.count() == 3);
  for (Index c = 0; c < 3; ++c) {
    CAPTURE(c);
    // A plain loop, in two passes.
    std::vector<double> values;
    for (const std::uint32_t image : some) {
      for (Index i = 0; i < kPlane; ++i) {
        values.push_back(set->pixels[static_cast<std::size_t>((image * 3 + c) * kPlane + i)] /
                         255.0);
      }
    }
    double mean = 0;
    for (const double value : values) mean += value / static_cast<double>(values.size());
    double variance = 0;
    for (const double value : values)
      variance += (value - mean) * (value - mean) / static_cast<double>(values.size());
    CHECK(normalization.mean[c] == Approx(mean).epsilon(1e-12));
    CHECK(normalization.deviation[c] == Approx(std::sqrt(variance)).epsilon(1e-9));
    // As a grey image's, to the bit.
    const Normalization grey = normalization_of(*plane_of(*set, c), some);
    CHECK(grey.mean.count() == 1);
    CHECK(
        (grey.mean[0] == normalization.mean[c] && grey.deviation[0] == normalization.deviation[c]));
  }
  CHECK(normalization.mean[0] != normalization.mean[1]);
}

TEST_CASE("batches in colour have the bits of their channels as grey images, augmented or not",
          "[dataloaders][colour]") {
  const auto set = colour_set();
  const Normalization all = normalization_of(*set);
  for (const bool augmented : {false, true}) {
    const Augmentation augmentation =
        augmented ? Augmentation{.shift = 2, .rotation = 20, .scale = 0.2, .shear = 10}
                  : Augmentation{};
    ImageLoader colour(
        set, {.batch_size = 5, .seed = 3, .normalization = all, .augmentation = augmentation});
    CHECK(colour.sample_shape() == Shape{3, kHeight, kWidth});
    const std::vector<std::uint32_t> indices{7, 0, 11};
    for (Index c = 0; c < 3; ++c) {
      CAPTURE(augmented, c);
      ImageLoader grey(plane_of(*set, c), {.batch_size = 5,
                                           .seed = 3,
                                           .normalization = {all.mean[c], all.deviation[c]},
                                           .augmentation = augmentation});
      const auto plane = [&](const NdArray& x) {
        std::vector<Real> values;
        for (Index i = 0; i < x.shape()[0]; ++i) {
          const Real* begin = x.data() + (i * 3 + c) * kPlane;
          values.insert(values.end(), begin, begin + kPlane);
        }
        return values;
      };
      CHECK(plane(colour.preview(indices, 2)) == values(grey.preview(indices, 2)));
      Batch ours, theirs;
      colour.start_epoch();
      grey.set_state(colour.state());
      while (colour.next(ours)) {
        REQUIRE(grey.next(theirs));
        CHECK(plane(ours.inputs) == values(theirs.inputs));
      }
      colour.samples(indices, ours);
      grey.samples(indices, theirs);
      CHECK(plane(ours.inputs) == values(theirs.inputs));
    }
  }
}

TEST_CASE("inputs from outside are normalized channel by channel", "[dataloaders][colour]") {
  const auto set = colour_set();
  const ImageLoader loader(set, {.batch_size = 4, .normalization = normalization_of(*set)});
  const ImageLoader plain(set, {.batch_size = 4});
  const std::vector<std::uint32_t> indices{1, 2};
  Batch normalized, pixels;
  loader.samples(indices, normalized);
  plain.samples(indices, pixels);
  CHECK(relative_error(loader.prepare(pixels.inputs), normalized.inputs, 0.1) < 1e-5);
  // Rows of their numbers are the same images.
  const NdArray rows = pixels.inputs.reshape({2, 3 * kPlane});
  CHECK(values(loader.prepare(rows)) == values(loader.prepare(pixels.inputs)));
  CHECK(error_of([&] { loader.prepare(NdArray::zeros({2, 5})); }).starts_with("ShapeMismatch: "));
}

}  // namespace lanegrad::test
