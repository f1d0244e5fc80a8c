#include "engine/dataloaders/augment.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

#include "engine/core/context.h"
#include "engine/dataloaders/image_loader.h"
#include "engine/kernels/kernels.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

constexpr Augmentation kSome{.shift = 2, .rotation = 15, .scale = 0.1, .shear = 10};

// Pictures of random pixels in their inner half, black around.
std::shared_ptr<ImageSet> some_images(Index count, Index side) {
  auto set = std::make_shared<ImageSet>();
  set->count = count;
  set->height = set->width = side;
  set->labels.resize(static_cast<std::size_t>(count));
  Random random(4);
  for (Index i = 0; i < count * side * side; ++i) {
    const Index row = i / side % side;
    const Index column = i % side;
    const auto inner = [&](Index at) { return at >= side / 4 && at < side - side / 4; };
    const bool ink = inner(row) && inner(column);
    set->pixels.push_back(ink ? static_cast<std::uint8_t>(random.below(256)) : 0);
  }
  return set;
}

// All inputs of some epochs, in the order of the samples given.
std::vector<Real> inputs_of(DataLoader& loader, int epochs = 1) {
  std::vector<Real> all;
  Batch batch;
  for (int i = 0; i < epochs; ++i) {
    loader.start_epoch();
    while (loader.next(batch)) {
      const std::vector<Real> some = values(batch.inputs);
      all.insert(all.end(), some.begin(), some.end());
    }
  }
  return all;
}

std::vector<std::uint32_t> first(std::uint32_t count) {
  std::vector<std::uint32_t> indices(count);
  std::iota(indices.begin(), indices.end(), 0u);
  return indices;
}

std::array<Real, 6> numbers(const kernels::Affine& map) {
  return {map.xx, map.xy, map.x0, map.yx, map.yy, map.y0};
}

bool near(const kernels::Affine& map, const std::array<double, 6>& expected) {
  const std::array<Real, 6> actual = numbers(map);
  for (std::size_t i = 0; i < 6; ++i) {
    if (std::abs(static_cast<double>(actual[i]) - expected[i]) > 1e-5) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("a warp becomes the map back", "[dataloaders][augment]") {
  CHECK(numbers(affine_of({}, 28, 20)) == std::array<Real, 6>{1, 0, 0, 0, 1, 0});
  CHECK(numbers(affine_of({.shift_x = 3, .shift_y = -2}, 28, 28)) ==
        std::array<Real, 6>{1, 0, -3, 0, 1, 2});
  // To twice the size about (3, 2): the middle stays, the corner comes from half way.
  CHECK(near(affine_of({.scale = 2}, 5, 7), {0.5, 0, 1.5, 0, 0.5, 1}));
  // A turn clockwise: the pixel to the right of the middle was above it.
  CHECK(numbers(affine_of({.rotation = 90}, 5, 5)) == std::array<Real, 6>{0, 1, 0, -1, 0, 4});
  const double root = std::sqrt(0.5);
  CHECK(near(affine_of({.rotation = 45}, 1, 1), {root, root, 0, -root, root, 0}));
  CHECK(near(affine_of({.rotation = -30}, 1, 1),
             {std::sqrt(0.75), -0.5, 0, 0.5, std::sqrt(0.75), 0}));
  CHECK(near(affine_of({.rotation = 180}, 3, 3), {-1, 0, 2, 0, -1, 2}));
  CHECK(near(affine_of({.shear = 45}, 3, 3), {1, -1, 1, 0, 1, 0}));
}

TEST_CASE("a quarter of a turn moves pixels exactly", "[dataloaders][augment]") {
  const std::vector<std::uint8_t> x{1, 2, 3, 4, 5, 6, 7, 8, 9};
  const kernels::Affine map = affine_of({.rotation = 90}, 3, 3);
  const std::uint32_t picture = 0;
  std::vector<std::uint32_t> workspace(static_cast<std::size_t>(kernels::warp_workspace(1, 3, 3)));
  std::vector<Real> out(9);
  const kernels::Levels same;
  kernels::warp_bytes(x.data(), &picture, &map, 1, 1, 3, 3, &same, workspace.data(), out.data());
  CHECK(out == std::vector<Real>{7, 4, 1, 8, 5, 2, 9, 6, 3});  // clockwise
}

TEST_CASE("a warp depends on seed, epoch and sample", "[dataloaders][augment]") {
  const auto warp = [](std::uint64_t seed, Index epoch, std::uint32_t sample) {
    const Warp w = draw_warp(kSome, seed, epoch, sample);
    return std::array<double, 5>{w.shift_x, w.shift_y, w.rotation, w.scale, w.shear};
  };
  const auto one = warp(1, 2, 3);
  CHECK(one == warp(1, 2, 3));
  CHECK(one != warp(2, 2, 3));
  CHECK(one != warp(1, 3, 3));
  CHECK(one != warp(1, 2, 4));
  // The strength of one says nothing of the others.
  const Warp alone = draw_warp({.rotation = 15}, 1, 2, 3);
  CHECK(alone.rotation == one[2]);
  CHECK((alone.shift_x == 0 && alone.shift_y == 0 && alone.scale == 1 && alone.shear == 0));
}

TEST_CASE("warps are spread evenly up to their strength", "[dataloaders][augment]") {
  constexpr int kCount = 4000;
  const std::array<double, 5> most{kSome.shift, kSome.shift, kSome.rotation, kSome.scale,
                                   kSome.shear};
  std::array<double, 5> sum{};
  std::array<double, 5> squares{};
  for (int i = 0; i < kCount; ++i) {
    const Warp w = draw_warp(kSome, 1, 1, static_cast<std::uint32_t>(i));
    const std::array<double, 5> warp{w.shift_x, w.shift_y, w.rotation, w.scale - 1, w.shear};
    for (std::size_t k = 0; k < 5; ++k) {
      const double share = warp[k] / most[k];
      if (std::abs(share) > 1) FAIL(share);
      sum[k] += share / kCount;
      squares[k] += share * share / kCount;
    }
  }
  for (std::size_t k = 0; k < 5; ++k) {
    CHECK(sum[k] == Approx(0).margin(4 * std::sqrt(1.0 / 3 / kCount)));
    CHECK(squares[k] == Approx(1.0 / 3).margin(0.02));
  }
}

TEST_CASE("without strength, images have the bits of loading them", "[dataloaders][augment]") {
  const auto set = some_images(7, 9);
  ImageLoader plain(set, {.batch_size = 3, .seed = 1, .normalization = {0.1, 0.3}});
  ImageLoader none(set,
                   {.batch_size = 3, .seed = 1, .normalization = {0.1, 0.3}, .augmentation = {}});
  const std::vector<Real> a = inputs_of(plain);
  const std::vector<Real> b = inputs_of(none);
  CHECK(std::memcmp(a.data(), b.data(), a.size() * sizeof(Real)) == 0);
}

TEST_CASE("augmented images keep roughly their ink", "[dataloaders][augment]") {
  const auto set = some_images(200, 28);
  ImageLoader plain(set, 50, std::nullopt);
  ImageLoader moved(set,
                    {.batch_size = 50, .augmentation = {.shift = 2, .rotation = 20, .shear = 10}});
  const std::vector<Real> before = inputs_of(plain);
  const std::vector<Real> after = inputs_of(moved);
  CHECK(before != after);
  for (std::size_t i = 0; i < 200; ++i) {
    const auto ink = [&](const std::vector<Real>& x) {
      return std::accumulate(x.begin() + static_cast<std::ptrdiff_t>(784 * i),
                             x.begin() + static_cast<std::ptrdiff_t>(784 * (i + 1)), 0.0);
    };
    if (std::abs(ink(after) / ink(before) - 1) > 0.05) FAIL("image " << i);
  }
  for (const Real x : after) {
    if (!(x >= 0 && x <= Real(1.0001))) FAIL(x);
  }
}

TEST_CASE("epochs look different, and repeat with their seed", "[dataloaders][augment]") {
  const auto set = some_images(40, 12);
  const auto run = [&](Index batch_size, std::optional<std::uint64_t> seed) {
    ImageLoader loader(set, {.batch_size = batch_size, .seed = seed, .augmentation = kSome});
    return inputs_of(loader, 2);
  };
  const std::vector<Real> unshuffled = run(7, std::nullopt);
  const auto half = unshuffled.begin() + static_cast<std::ptrdiff_t>(unshuffled.size() / 2);
  CHECK_FALSE(std::equal(unshuffled.begin(), half, half));
  CHECK(run(7, 1) == run(7, 1));
  CHECK(run(7, 1) == run(40, 1));  // whatever the size of the batches
  CHECK(run(7, 1) != run(7, 2));
}

TEST_CASE("evaluation and samples by number are never augmented", "[dataloaders][augment]") {
  const auto set = some_images(10, 12);
  ImageLoader plain(set, 10, std::nullopt);
  const ImageLoader moved(set, {.batch_size = 10, .augmentation = kSome});
  Batch batch;
  moved.samples(first(10), batch);
  CHECK(values(batch.inputs) == inputs_of(plain));
}

TEST_CASE("a preview shows what an epoch gives, not normalized", "[dataloaders][augment]") {
  const auto set = some_images(10, 12);
  ImageLoader loader(set, {.batch_size = 10, .seed = 3, .augmentation = kSome});
  Batch batch;
  loader.start_epoch();
  loader.start_epoch();
  REQUIRE(loader.next(batch));
  const NdArray second = loader.preview(first(10), 2);
  CHECK(second.shape() == Shape{10, 1, 12, 12});
  CHECK(values(second) != values(loader.preview(first(10), 1)));
  // The batch has the same pictures in the epoch's order.
  std::vector<std::vector<Real>> shown;
  std::vector<std::vector<Real>> given;
  for (Index i = 0; i < 10; ++i) {
    const auto picture = [&](const NdArray& x) {
      return std::vector<Real>(x.data() + 144 * i, x.data() + 144 * (i + 1));
    };
    shown.push_back(picture(second));
    given.push_back(picture(batch.inputs));
  }
  CHECK(shown != given);
  std::sort(shown.begin(), shown.end());
  std::sort(given.begin(), given.end());
  CHECK(shown == given);

  const ImageLoader normalized(set,
                               {.seed = 3, .normalization = {0.2, 0.5}, .augmentation = kSome});
  CHECK(values(normalized.preview(first(10), 2)) == values(second));
  CHECK(error_of([&] { loader.preview(first(11), 1); }) ==
        "InvalidArgument: data loader: sample 10, expected 0 to 9");
  CHECK(error_of([&] { loader.preview(first(1), 0); }) ==
        "InvalidArgument: data loader: epoch 0, expected at least 1");
}

TEST_CASE("augmentation goes on where another loader was", "[dataloaders][augment]") {
  const auto set = some_images(20, 8);
  const ImageLoaderOptions options{.batch_size = 6, .seed = 5, .augmentation = kSome};
  ImageLoader whole(set, options);
  Batch batch;
  for (int i = 0; i < 2; ++i) {
    whole.start_epoch();
    REQUIRE(whole.next(batch));
  }
  ImageLoader other(set, options);
  other.set_state(whole.state());
  Batch other_batch;
  REQUIRE(whole.next(batch));
  REQUIRE(other.next(other_batch));
  CHECK(values(batch.inputs) == values(other_batch.inputs));
}

TEST_CASE("augmenting a further batch allocates nothing", "[dataloaders][augment]") {
  Context context;
  const ContextScope scope(context);
  ImageLoader loader(some_images(200, 28), {.batch_size = 50, .seed = 1, .augmentation = kSome});
  Batch batch;
  REQUIRE(loader.next(batch));
  const std::uint64_t before = context.pool().misses();
  REQUIRE(loader.next(batch));
  CHECK(context.pool().misses() == before);
}

TEST_CASE("strengths that make no sense are refused", "[dataloaders][augment]") {
  const auto checking = [](const Augmentation& augmentation) {
    return error_of([&] { check(augmentation); });
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(checking({.shift = -1}) ==
        "InvalidArgument: augmentation: shift -1, expected a finite number of pixels of at least "
        "0");
  CHECK(checking({.shift = infinity}).starts_with("InvalidArgument: augmentation: shift inf"));
  CHECK(checking({.shift = nan}).starts_with("InvalidArgument: augmentation: shift nan"));
  CHECK(checking({.rotation = 181}) ==
        "InvalidArgument: augmentation: rotation 181, expected 0 to 180 degrees");
  CHECK(checking({.rotation = -1}).starts_with("InvalidArgument: augmentation: rotation -1"));
  CHECK(checking({.scale = 1}) ==
        "InvalidArgument: augmentation: scale 1, expected a share of at least 0 and below 1");
  CHECK(checking({.scale = -0.1}).starts_with("InvalidArgument: augmentation: scale -0.1"));
  CHECK(checking({.shear = 90}) ==
        "InvalidArgument: augmentation: shear 90, expected at least 0 and below 90 degrees");
  CHECK(checking({.shear = -5}).starts_with("InvalidArgument: augmentation: shear -5"));
  CHECK(checking({.shift = 40, .rotation = 180, .scale = 0.99, .shear = 89}) == "no error");

  const auto loading = [](Index h, Index w, const Augmentation& augmentation) {
    auto set = std::make_shared<ImageSet>();
    set->count = 1;
    set->height = h;
    set->width = w;
    return error_of([&] { ImageLoader(set, {.augmentation = augmentation}); });
  };
  CHECK(loading(28, 20, {.shift = 20}) ==
        "InvalidArgument: augmentation: shift 20 for images of 28 x 20, expected below 20");
  CHECK(loading(28, 20, {.shear = 95}).starts_with("InvalidArgument: augmentation: shear 95"));
  CHECK(loading(8192, 4096, {.scale = 0.1}) ==
        "InvalidArgument: augmentation: images of 8192 x 4096 pixels, expected at most 16777216 "
        "pixels");
  CHECK(loading(8192, 4096, {}) == "no error");
}

}  // namespace lanegrad::test
