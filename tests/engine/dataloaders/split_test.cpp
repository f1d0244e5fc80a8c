#include "engine/dataloaders/split.h"

#include <algorithm>

#include "engine/dataloaders/array_loader.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

// 60 labels: 30 of class 0, 20 of class 1, 10 of class 2, mixed.
std::vector<std::int32_t> some_labels() {
  std::vector<std::int32_t> labels;
  for (int i = 0; i < 10; ++i) labels.insert(labels.end(), {0, 1, 0, 2, 1, 0});
  return labels;
}

std::vector<Index> counts(const std::vector<std::uint32_t>& indices,
                          const std::vector<std::int32_t>& labels) {
  std::vector<Index> counts(3);
  for (const std::uint32_t i : indices) ++counts[static_cast<std::size_t>(labels[i])];
  return counts;
}

}  // namespace

TEST_CASE("a split keeps the shares of the classes", "[dataloaders]") {
  const std::vector<std::int32_t> labels = some_labels();
  const Split split = stratified_split(labels, 3, 12, 1);
  CHECK(counts(split.validation, labels) == std::vector<Index>{6, 4, 2});
  CHECK(counts(split.training, labels) == std::vector<Index>{24, 16, 8});
  std::vector<std::uint32_t> all = split.training;
  all.insert(all.end(), split.validation.begin(), split.validation.end());
  std::sort(all.begin(), all.end());
  for (std::size_t i = 0; i < all.size(); ++i) CHECK(all[i] == i);
  CHECK(std::is_sorted(split.training.begin(), split.training.end()));
  CHECK(std::is_sorted(split.validation.begin(), split.validation.end()));
  // 8 of 60 are 4, 2.67 and 1.33: the second class is the closest to one more.
  CHECK(counts(stratified_split(labels, 3, 8, 1).validation, labels) ==
        std::vector<Index>{4, 3, 1});
}

TEST_CASE("the seed decides a split", "[dataloaders]") {
  const std::vector<std::int32_t> labels = some_labels();
  const auto validation = [&](std::uint64_t seed) {
    return stratified_split(labels, 3, 12, seed).validation;
  };
  CHECK(validation(1) == validation(1));
  CHECK(validation(1) != validation(2));
}

TEST_CASE("a split may take nothing, or all but one", "[dataloaders]") {
  const std::vector<std::int32_t> labels = some_labels();
  CHECK(stratified_split(labels, 3, 0, 1).validation.empty());
  CHECK(stratified_split(labels, 3, 0, 1).training.size() == 60);
  CHECK(stratified_split(labels, 3, 59, 1).training.size() == 1);
  CHECK(stratified_split(labels, 5, 12, 1).validation.size() == 12);  // classes without samples
}

TEST_CASE("loaders are split by their labels, or without any", "[dataloaders]") {
  const std::vector<std::int32_t> labels = some_labels();
  IndexArray array(Shape{60});
  std::copy(labels.begin(), labels.end(), array.mutable_data());
  const NdArray numbers = NdArray::zeros({60, 1});
  const ArrayLoader with_labels(numbers, array, 3, 8, std::nullopt);
  CHECK(stratified_split(with_labels, 12, 1).validation ==
        stratified_split(labels, 3, 12, 1).validation);
  const ArrayLoader without(numbers, numbers, 8, std::nullopt);
  const Split split = stratified_split(without, 12, 1);
  CHECK(split.validation.size() == 12);
  CHECK(split.training.size() == 48);
}

TEST_CASE("splits that make no sense are refused", "[dataloaders]") {
  const std::vector<std::int32_t> labels = some_labels();
  const auto splitting = [&](Index classes, Index count) {
    return error_of([&] { stratified_split(labels, classes, count, 1); });
  };
  CHECK(splitting(3, 60) ==
        "InvalidArgument: split: 60 of 60 samples for validation, expected 0 to 59, so that some "
        "are left for training");
  CHECK(splitting(3, -1).starts_with(
      "InvalidArgument: split: -1 of 60 samples for validation, expected 0"));
  CHECK(splitting(2, 5) == "InvalidArgument: split: label 2 at position 3, expected 0 to 1");
  CHECK(splitting(0, 5) == "InvalidArgument: split: 0 classes, expected at least 1");
}

}  // namespace lanegrad::test
