// Order, batches and errors that all loaders share, tested on the simplest of them.
#include "engine/dataloaders/data_loader.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "engine/dataloaders/array_loader.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

// `count` samples whose only number is their own position.
ArrayLoader counting(Index count, Index batch_size, std::optional<std::uint64_t> seed) {
  const NdArray inputs = NdArray::arange(count).reshape({count, 1});
  return ArrayLoader(inputs, inputs, batch_size, seed);
}

// One epoch's inputs, in the order of its batches.
std::vector<Real> epoch_of(DataLoader& loader) {
  std::vector<Real> all;
  Batch batch;
  loader.start_epoch();
  while (loader.next(batch)) {
    const auto inputs = values(batch.inputs);
    CHECK(values(batch.targets) == inputs);
    all.insert(all.end(), inputs.begin(), inputs.end());
  }
  return all;
}

std::vector<Real> sorted(std::vector<Real> numbers) {
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

}  // namespace

TEST_CASE("without a seed samples keep their order, the last batch is short", "[dataloaders]") {
  ArrayLoader loader = counting(8, 3, std::nullopt);
  CHECK(loader.batches() == 3);
  CHECK(loader.batch_size() == 3);
  Batch batch;
  std::vector<Index> sizes;
  std::vector<Index> positions;
  while (loader.next(batch)) {
    sizes.push_back(batch.inputs.shape()[0]);
    positions.push_back(loader.position());
  }
  CHECK(sizes == std::vector<Index>{3, 3, 2});
  CHECK(positions == std::vector<Index>{3, 6, 8});
  CHECK(values(batch.inputs) == std::vector<Real>{6, 7});
  CHECK_FALSE(loader.next(batch));
  CHECK(epoch_of(loader) == std::vector<Real>{0, 1, 2, 3, 4, 5, 6, 7});
  CHECK(epoch_of(loader) == std::vector<Real>{0, 1, 2, 3, 4, 5, 6, 7});
}

TEST_CASE("a single sample that is left over joins the batch before it", "[dataloaders]") {
  const auto sizes_of = [](DataLoader& loader) {
    std::vector<Index> sizes;
    Batch batch;
    loader.start_epoch();
    while (loader.next(batch)) sizes.push_back(batch.inputs.shape()[0]);
    CHECK(loader.batches() == static_cast<Index>(sizes.size()));
    return sizes;
  };
  const auto sizes = [&](Index samples, Index batch_size) {
    ArrayLoader loader = counting(samples, batch_size, 5);
    return sizes_of(loader);
  };
  CHECK(sizes(65, 64) == std::vector<Index>{65});
  CHECK(sizes(64, 64) == std::vector<Index>{64});
  CHECK(sizes(66, 64) == std::vector<Index>{64, 2});
  CHECK(sizes(7, 3) == std::vector<Index>{3, 4});
  CHECK(sizes(5, 2) == std::vector<Index>{2, 3});
  CHECK(sizes(3, 1) == std::vector<Index>{1, 1, 1});
  CHECK(sizes(1, 64) == std::vector<Index>{1});
  // Among the selected samples, too.
  ArrayLoader some = counting(20, 4, 5);
  some.select({3, 1, 4, 15, 9});
  CHECK(sizes_of(some) == std::vector<Index>{5});
  // No epoch of more than one sample has a batch of one, unless that is the batch size.
  for (Index samples = 2; samples <= 40; ++samples) {
    for (Index batch_size = 2; batch_size <= 41; ++batch_size) {
      CAPTURE(samples, batch_size);
      const std::vector<Index> all = sizes(samples, batch_size);
      CHECK(std::accumulate(all.begin(), all.end(), Index{0}) == samples);
      CHECK(*std::min_element(all.begin(), all.end()) > 1);
      CHECK(*std::max_element(all.begin(), all.end()) <= batch_size + 1);
    }
  }
}

TEST_CASE("batches that divide the samples, and batches larger than all of them", "[dataloaders]") {
  CHECK(counting(6, 3, std::nullopt).batches() == 2);
  CHECK(counting(1, 3, std::nullopt).batches() == 1);
  const Index huge = std::numeric_limits<Index>::max();
  ArrayLoader loader = counting(5, huge, std::nullopt);
  CHECK(loader.batches() == 1);
  CHECK(epoch_of(loader).size() == 5);
}

TEST_CASE("shuffling gives every sample once per epoch", "[dataloaders]") {
  ArrayLoader loader = counting(100, 7, 42);
  std::vector<Real> stored(100);
  std::iota(stored.begin(), stored.end(), Real{0});
  const std::vector<Real> first = epoch_of(loader);
  const std::vector<Real> second = epoch_of(loader);
  CHECK(first != stored);
  CHECK(second != stored);
  CHECK(first != second);
  CHECK(sorted(first) == stored);
  CHECK(sorted(second) == stored);
}

TEST_CASE("the same seed gives the same order, another seed another", "[dataloaders]") {
  ArrayLoader a = counting(50, 8, 1);
  ArrayLoader b = counting(50, 16, 1);
  ArrayLoader c = counting(50, 8, 2);
  const std::vector<Real> first = epoch_of(a);
  CHECK(first == epoch_of(b));  // whatever the size of the batches
  CHECK(first != epoch_of(c));
  CHECK(epoch_of(a) == epoch_of(b));
}

TEST_CASE("an epoch may be left early", "[dataloaders]") {
  ArrayLoader whole = counting(20, 5, 3);
  ArrayLoader left = counting(20, 5, 3);
  epoch_of(whole);
  Batch batch;
  REQUIRE(left.next(batch));
  CHECK(epoch_of(left) == epoch_of(whole));
}

TEST_CASE("every order is as likely as any other", "[dataloaders]") {
  // Every position is as likely for sample 0 as any other: 2,000 epochs of 4 samples.
  ArrayLoader loader = counting(4, 4, 9);
  int at[4] = {};
  for (int i = 0; i < 2000; ++i) {
    const std::vector<Real> order = epoch_of(loader);
    ++at[std::find(order.begin(), order.end(), Real{0}) - order.begin()];
  }
  for (const int count : at) CHECK(std::abs(count - 500) < 80);  // four standard deviations
}

TEST_CASE("an epoch may run over some of the samples", "[dataloaders]") {
  ArrayLoader loader = counting(10, 2, std::nullopt);
  CHECK(epoch_of(loader).size() == 10);
  loader.select({7, 1, 4});
  CHECK(loader.size() == 3);
  CHECK(loader.stored() == 10);
  CHECK(loader.batches() == 1);
  CHECK(epoch_of(loader) == std::vector<Real>{7, 1, 4});
  Batch batch;
  const std::uint32_t stored[] = {9};
  loader.samples(stored, batch);
  CHECK(values(batch.inputs) == std::vector<Real>{9});

  ArrayLoader shuffled = counting(100, 7, 4);
  shuffled.select({20, 40, 60, 80, 99});
  const std::vector<Real> first = epoch_of(shuffled);
  CHECK(first != epoch_of(shuffled));
  CHECK(sorted(first) == std::vector<Real>{20, 40, 60, 80, 99});

  CHECK(error_of([&] { loader.select({}); }) ==
        "InvalidArgument: data loader: no samples are selected, expected at least one");
  CHECK(error_of([&] {
          loader.select({3, 10});
        }) == "InvalidArgument: data loader: sample 10, expected 0 to 9");
  CHECK(error_of([&] {
          loader.select({3, 1, 3});
        }) == "InvalidArgument: data loader: sample 3 is selected twice, expected each once");
  CHECK(epoch_of(loader) == std::vector<Real>{7, 1, 4});
}

TEST_CASE("a loader goes on where another was", "[dataloaders]") {
  const std::optional<std::uint64_t> seed =
      GENERATE(std::optional<std::uint64_t>(), std::optional<std::uint64_t>(6));
  const Index batches = GENERATE(0, 1, 3, 4, 6, 11);  // four make an epoch
  const auto some_batches = [](DataLoader& loader, Index count) {
    std::vector<std::vector<Real>> all;
    Batch batch;
    for (Index i = 0; i < count; ++i) {
      if (!loader.next(batch)) {
        loader.start_epoch();
        loader.next(batch);
      }
      all.push_back(values(batch.inputs));
    }
    return all;
  };
  ArrayLoader whole = counting(11, 3, seed);
  some_batches(whole, batches);
  const DataLoader::State state = whole.state();
  CHECK(state.epoch == (batches + 3) / 4);
  CHECK(state.started == (batches > 0));
  ArrayLoader other = counting(11, 3, seed);
  some_batches(other, 2);  // what it did before does not matter
  other.set_state(state);
  CHECK(other.position() == whole.position());
  CHECK(other.epoch() == whole.epoch());
  CHECK(some_batches(other, 9) == some_batches(whole, 9));
}

TEST_CASE("a state that no loader was in is refused", "[dataloaders]") {
  ArrayLoader loader = counting(5, 2, 1);
  const auto setting = [&](DataLoader::State state) {
    return error_of([&] { loader.set_state(state); });
  };
  CHECK(setting({.epoch = 1, .position = 6, .started = true}) ==
        "InvalidArgument: data loader: position 6 in an epoch, expected 0 to 5");
  CHECK(setting({.epoch = 1, .position = -1, .started = true}) ==
        "InvalidArgument: data loader: position -1 in an epoch, expected 0 to 5");
  CHECK(setting({.position = 1}) ==
        "InvalidArgument: data loader: position 1 in an epoch, expected 0 to 0");
  CHECK(setting({.epoch = 0, .started = true}) ==
        "InvalidArgument: data loader: epoch 0, expected at least 1");
  CHECK(setting({.epoch = -1}) == "InvalidArgument: data loader: epoch -1, expected at least 0");
}

TEST_CASE("samples are given by number without disturbing the epoch", "[dataloaders]") {
  ArrayLoader loader = counting(10, 4, std::nullopt);
  Batch batch;
  Batch picked;
  REQUIRE(loader.next(batch));
  const std::uint32_t indices[] = {9, 0, 9};
  loader.samples(indices, picked);
  CHECK(picked.inputs.shape() == Shape{3, 1});
  CHECK(values(picked.inputs) == std::vector<Real>{9, 0, 9});
  CHECK(values(picked.targets) == std::vector<Real>{9, 0, 9});
  REQUIRE(loader.next(batch));
  CHECK(values(batch.inputs) == std::vector<Real>{4, 5, 6, 7});

  const std::uint32_t outside[] = {1, 10};
  CHECK(error_of([&] { loader.samples(outside, picked); }) ==
        "InvalidArgument: data loader: sample 10, expected 0 to 9");
  CHECK(values(picked.inputs) == std::vector<Real>{9, 0, 9});
}

TEST_CASE("samples are drawn by the seed, without disturbing the epoch", "[dataloaders]") {
  const auto drawn = [](const DataLoader& loader, Index most) {
    std::vector<std::uint32_t> numbers;
    loader.draw(most, numbers);
    return numbers;
  };
  ArrayLoader loader = counting(40, 4, 7);
  ArrayLoader other = counting(40, 4, 7);
  const std::vector<std::uint32_t> all = drawn(loader, 100);
  CHECK(sorted({all.begin(), all.end()}) == values(NdArray::arange(40)));
  CHECK(epoch_of(loader) == std::vector<Real>(all.begin(), all.end()));
  CHECK(drawn(loader, 5) == std::vector(all.begin(), all.begin() + 5));
  epoch_of(other);
  CHECK(epoch_of(loader) == epoch_of(other));
  CHECK(drawn(counting(40, 4, 8), 40) != all);
  CHECK(drawn(loader, 0).empty());
  // Without a seed they are the first ones, of those that are selected.
  ArrayLoader still = counting(10, 4, std::nullopt);
  still.select({7, 3, 9});
  CHECK(drawn(still, 2) == std::vector<std::uint32_t>{7, 3});
}

TEST_CASE("a batch that somebody keeps is not written to", "[dataloaders]") {
  ArrayLoader loader = counting(4, 2, std::nullopt);
  Batch batch;
  REQUIRE(loader.next(batch));
  const NdArray kept = batch.inputs;
  REQUIRE(loader.next(batch));
  CHECK(values(kept) == std::vector<Real>{0, 1});
  CHECK(values(batch.inputs) == std::vector<Real>{2, 3});
}

TEST_CASE("a batch reuses its memory", "[dataloaders]") {
  ArrayLoader loader = counting(8, 2, std::nullopt);
  Batch batch;
  REQUIRE(loader.next(batch));
  const Real* inputs = batch.inputs.data();
  const Real* targets = batch.targets.data();
  REQUIRE(loader.next(batch));
  CHECK(batch.inputs.data() == inputs);
  CHECK(batch.targets.data() == targets);
}

TEST_CASE("batch sizes below 1 are refused", "[dataloaders]") {
  CHECK(error_of([] { counting(4, 0, 1); }) ==
        "InvalidArgument: data loader: batch size 0, expected at least 1");
  CHECK(error_of([] { counting(4, -3, 1); }) ==
        "InvalidArgument: data loader: batch size -3, expected at least 1");
}

}  // namespace lanegrad::test
