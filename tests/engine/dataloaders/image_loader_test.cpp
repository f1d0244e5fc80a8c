#include "engine/dataloaders/image_loader.h"

#include <cmath>
#include <limits>

#include "tests/engine/catch.h"
#include "tests/engine/dataloaders/idx_bytes.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

std::string parsing(const std::vector<std::uint8_t>& images,
                    const std::vector<std::uint8_t>& labels, Index classes = 10) {
  return error_of([&] { parse_idx_images(images, labels, "training", classes); });
}

const std::vector<std::uint8_t> kImages = idx_bytes({3, 1, 2}, {0, 255, 51, 102, 153, 204});
const std::vector<std::uint8_t> kLabels = idx_bytes({3}, {7, 0, 9});

}  // namespace

TEST_CASE("images become numbers from 0 to 1", "[dataloaders]") {
  ImageLoader loader(parse_idx_images(kImages, kLabels, "training"), 2, std::nullopt);
  CHECK(loader.size() == 3);
  CHECK(loader.sample_shape() == Shape{1, 1, 2});
  CHECK(loader.outputs() == 10);
  CHECK(loader.target_kind() == TargetKind::Labels);
  Batch batch;
  REQUIRE(loader.next(batch));
  CHECK(batch.inputs.shape() == Shape{3, 1, 1, 2});  // a single one joins the two before it
  const NdArray expected = NdArray::from({3, 1, 1, 2}, {0, 1, 0.2f, 0.4f, 0.6f, 0.8f});
  CHECK(relative_error(batch.inputs, expected) < 1e-6);
  CHECK(std::vector<std::int32_t>(batch.labels.values().begin(), batch.labels.values().end()) ==
        std::vector<std::int32_t>{7, 0, 9});
  const std::uint32_t last[] = {2};
  loader.samples(last, batch);
  CHECK(relative_error(batch.inputs, NdArray::from({1, 1, 1, 2}, {0.6f, 0.8f})) < 1e-6);
  CHECK(batch.labels.data()[0] == 9);
}

TEST_CASE("images are normalized by the statistics of some of them", "[dataloaders]") {
  const auto set = parse_idx_images(kImages, kLabels, "training");
  const Normalization all = normalization_of(*set);  // of 0, 255, 51, 102, 153, 204
  CHECK(all.mean[0] == Approx(0.5));
  CHECK(all.deviation[0] == Approx(std::sqrt(0.7 / 6)));
  const std::uint32_t some[] = {2, 1};
  const Normalization of_some = normalization_of(*set, some);
  CHECK(of_some.mean[0] == Approx(0.5));
  CHECK(of_some.deviation[0] == Approx(std::sqrt(0.2 / 4)));

  ImageLoader loader(set, {.batch_size = 3, .normalization = all});
  Batch batch;
  REQUIRE(loader.next(batch));
  double sum = 0;
  double squares = 0;
  for (const Real x : batch.inputs.values()) {
    sum += static_cast<double>(x);
    squares += static_cast<double>(x) * static_cast<double>(x);
  }
  CHECK(sum == Approx(0).margin(1e-5));
  CHECK(squares == Approx(6));
  // What comes from outside is treated the same.
  Batch plain;
  ImageLoader(set, 3, std::nullopt).next(plain);
  CHECK(relative_error(loader.prepare(plain.inputs), batch.inputs) < 1e-6);
}

TEST_CASE("loaders that do not normalize leave predictions' inputs alone", "[dataloaders]") {
  const ImageLoader loader(parse_idx_images(kImages, kLabels, "training"), 3, std::nullopt);
  const NdArray x = NdArray::from({1, 1, 1, 2}, {0.1f, 0.7f});
  CHECK(loader.prepare(x).data() == x.data());
}

TEST_CASE("images that are all the same are not scaled", "[dataloaders]") {
  const auto set =
      parse_idx_images(idx_bytes({2, 1, 2}, {51, 51, 51, 51}), idx_bytes({2}, {0, 1}), "a");
  const Normalization normalization = normalization_of(*set);
  CHECK(normalization.mean[0] == Approx(0.2));
  CHECK(normalization.deviation == 1);
  ImageLoader loader(set, {.batch_size = 2, .normalization = normalization});
  Batch batch;
  REQUIRE(loader.next(batch));
  for (const Real x : batch.inputs.values()) CHECK(x == Approx(0).margin(1e-6));
}

TEST_CASE("normalizations that make no sense are refused", "[dataloaders]") {
  const auto set = parse_idx_images(kImages, kLabels, "training");
  const std::uint32_t outside[] = {3};
  CHECK(error_of([&] { normalization_of(*set, outside); }) ==
        "InvalidArgument: normalization: image 3, expected 0 to 2");
  CHECK(error_of([&] { normalization_of(*set, {}); }) ==
        "InvalidArgument: normalization: no images, expected at least one");
  const auto with = [&](Normalization normalization) {
    return error_of([&] { ImageLoader(set, {.normalization = normalization}); });
  };
  CHECK(with({.mean = 0, .deviation = 0}) ==
        "InvalidArgument: image loader: normalization by the mean 0 and the deviation 0, expected "
        "finite "
        "numbers, the deviation above 0");
  CHECK(with({.mean = std::numeric_limits<double>::infinity()})
            .starts_with("InvalidArgument: image loader: normalization by the mean inf"));
}

TEST_CASE("two loaders share one set of images", "[dataloaders]") {
  const auto set = parse_idx_images(kImages, kLabels, "training");
  const ImageLoader a(set, 2, 1);
  const ImageLoader b(set, 3, std::nullopt);
  CHECK(set.use_count() == 3);
  CHECK(set->pixels.size() == 6);
}

TEST_CASE("the checksum of images tells every pixel and label apart", "[dataloaders]") {
  const auto sum = [](const std::vector<std::uint8_t>& images,
                      const std::vector<std::uint8_t>& labels) {
    return ImageLoader(parse_idx_images(images, labels, "training"), 1, std::nullopt).checksum();
  };
  const std::uint64_t before = sum(kImages, kLabels);
  CHECK(before == sum(kImages, kLabels));
  CHECK(before == 0x927F4D63586B8DEA);  // on every platform
  for (std::size_t i = kImages.size() - 6; i < kImages.size(); ++i) {
    std::vector<std::uint8_t> other = kImages;
    other[i] ^= 1;
    CHECK(sum(other, kLabels) != before);
  }
  for (std::size_t i = kLabels.size() - 3; i < kLabels.size(); ++i) {
    std::vector<std::uint8_t> other = kLabels;
    other[i] ^= 1;
    CHECK(sum(kImages, other) != before);
  }
}

TEST_CASE("errors say which part of the data they are about", "[dataloaders]") {
  const auto field = [](const std::vector<std::uint8_t>& images,
                        const std::vector<std::uint8_t>& labels) {
    return details_of([&] { parse_idx_images(images, labels, "training", 2); }).field;
  };
  const auto images = idx_bytes({3, 1, 1}, {1, 2, 3});
  const auto labels = idx_bytes({3}, {0, 1, 0});
  CHECK(field({}, labels) == "training images");
  CHECK(field(images, {}) == "training labels");
  CHECK(field(labels, labels) == "training images");
  CHECK(field(images, idx_bytes({3}, {0, 2, 0})) == "training labels");
  CHECK(field(images, idx_bytes({2}, {0, 1})) == "training");
}

TEST_CASE("images and labels that do not fit are refused", "[dataloaders]") {
  CHECK(
      parsing(kImages, idx_bytes({2}, {7, 0})) ==
      "CorruptData: image set: 3 training images and 2 labels, expected as many labels as images");
  CHECK(parsing(kImages, idx_bytes({3}, {7, 10, 0})) ==
        "CorruptData: image set: training label 10 at position 1, expected 0 to 9");
  CHECK(parsing(kImages, kLabels, 5) ==
        "CorruptData: image set: training label 7 at position 0, expected 0 to 4");
  CHECK(parsing(kLabels, kLabels) ==
        "CorruptData: image set: training images with 1 axis, expected 3 (count, height, width) or "
        "4 (count, channels, height, width)");
  CHECK(parsing(kImages, kImages) ==
        "CorruptData: image set: training labels with 3 axes, expected 1 (count)");
  CHECK(
      parsing(idx_bytes({0, 28, 28}, {}), idx_bytes({0}, {})) ==
      "CorruptData: image set: 0 training images of 28 x 28 pixels, expected at least one image of "
      "at least one pixel");
  CHECK(
      parsing(idx_bytes({3, 0, 28}, {}), kLabels) ==
      "CorruptData: image set: 3 training images of 0 x 28 pixels, expected at least one image of "
      "at least one pixel");
  CHECK(parsing({}, kLabels) ==
        "CorruptData: idx: training images: no bytes, expected an IDX file");
  CHECK(parsing(kImages, {0, 0, 8, 1, 0, 0, 0, 9}) ==
        "CorruptData: idx: training labels: truncated, 0 values, expected 9 for the extents [9]");
  CHECK(parsing(kImages, kLabels, 0) == "InvalidArgument: image set: 0 classes, expected 1 to 256");
  CHECK(parsing(kImages, kLabels, 257) ==
        "InvalidArgument: image set: 257 classes, expected 1 to 256");
  CHECK(error_of([] { ImageLoader(nullptr, Index{2}, std::nullopt); }) ==
        "InvalidArgument: image loader: no images, expected at least one");
}

}  // namespace lanegrad::test
