#include "engine/dataloaders/stream_loader.h"

#include "engine/dataloaders/array_loader.h"
#include "engine/dataloaders/image_loader.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

// The numbers from `begin` on as samples of one number, whose labels are those numbers modulo 3.
std::shared_ptr<DataLoader> some(Index begin, Index count) {
  NdArray inputs = NdArray::zeros({count, 1});
  IndexArray labels(Shape{count});
  for (Index i = 0; i < count; ++i) {
    inputs.mutable_data()[i] = static_cast<Real>(begin + i);
    labels.mutable_data()[i] = static_cast<std::int32_t>((begin + i) % 3);
  }
  return std::make_shared<ArrayLoader>(inputs, labels, 3, count, std::nullopt);
}

}  // namespace

TEST_CASE("a stream gives what it is given, in batches of an epoch", "[dataloaders]") {
  StreamLoader loader(some(0, 1), 7, 3);
  CHECK(loader.size() == 7);
  CHECK(loader.batches() == 2);
  CHECK(loader.sample_shape() == Shape{1});
  CHECK(loader.outputs() == 3);
  Batch batch;
  for (Index epoch = 1; epoch <= 2; ++epoch) {
    loader.start_epoch();
    loader.give(some(0, 3));
    REQUIRE(loader.next(batch));
    CHECK(values(batch.inputs) == std::vector<Real>{0, 1, 2});
    CHECK(loader.position() == 3);
    // The single sample that would be left over belongs to this batch.
    loader.give(some(3, 4));
    REQUIRE(loader.next(batch));
    CHECK(values(batch.inputs) == std::vector<Real>{3, 4, 5, 6});
    CHECK(batch.labels.data()[3] == 0);
    CHECK_FALSE(loader.next(batch));
    CHECK(loader.epoch() == epoch);
  }
}

TEST_CASE("a stream refuses a batch that is missing or of another size", "[dataloaders]") {
  StreamLoader loader(some(0, 1), 4, 2);
  Batch batch;
  CHECK(error_of([&] { loader.next(batch); }) ==
        "InvalidState: data loader: 0 samples for the next batch, expected 2");
  loader.give(some(0, 3));
  CHECK(error_of([&] { loader.next(batch); }) ==
        "InvalidState: data loader: 3 samples for the next batch, expected 2");
  loader.give(some(0, 2));
  REQUIRE(loader.next(batch));
  CHECK(error_of([&] { loader.next(batch); }) ==
        "InvalidState: data loader: 0 samples for the next batch, expected 2");
  CHECK(error_of([&] { StreamLoader(some(0, 1), 0, 2); }) ==
        "InvalidArgument: data loader: 0 samples, expected at least 1");
}

TEST_CASE("images of a stream are augmented as those that are stored", "[dataloaders]") {
  auto all = std::make_shared<ImageSet>();
  *all = {.count = 6, .height = 5, .width = 5, .classes = 2, .pixels = {}, .labels = {}};
  all->pixels.resize(6 * 25);
  all->labels.resize(6);
  for (std::size_t i = 0; i < all->pixels.size(); ++i) {
    all->pixels[i] = static_cast<std::uint8_t>(i * i % 251);
  }
  const Augmentation augmentation{.shift = 1, .rotation = 20};
  ImageLoader stored(all, {.batch_size = 2, .seed = 9, .augmentation = augmentation});
  const auto part = [&](std::size_t first) {
    auto set = std::make_shared<ImageSet>(*all);
    set->count = 2;
    set->pixels.assign(all->pixels.begin() + static_cast<std::ptrdiff_t>(first * 25),
                       all->pixels.begin() + static_cast<std::ptrdiff_t>((first + 2) * 25));
    set->labels.resize(2);
    return std::make_shared<ImageLoader>(
        set, ImageLoaderOptions{
                 .batch_size = 2, .seed = 9, .augmentation = augmentation, .first = Index(first)});
  };
  StreamLoader loader(part(0), 6, 2);
  Batch batch;
  std::vector<Real> seen;
  for (Index epoch = 1; epoch <= 2; ++epoch) {
    loader.start_epoch();
    for (const std::uint32_t first : {0u, 2u, 4u}) {
      loader.give(part(first));
      REQUIRE(loader.next(batch));
      const std::uint32_t numbers[] = {first, first + 1};
      CHECK(values(batch.inputs) == values(stored.preview(numbers, epoch)));
      seen.push_back(batch.inputs.data()[7]);
    }
  }
  CHECK(seen[0] != seen[3]);
}

}  // namespace lanegrad::test
