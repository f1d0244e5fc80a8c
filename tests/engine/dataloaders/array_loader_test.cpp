#include "engine/dataloaders/array_loader.h"

#include <limits>

#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

TEST_CASE("arrays with labels come in batches", "[dataloaders]") {
  ArrayLoader loader(NdArray::arange(16).reshape({4, 2, 2}), IndexArray::from({2, 0, 1, 1}), 3, 2,
                     std::nullopt);
  CHECK(loader.size() == 4);
  CHECK(loader.sample_shape() == Shape{2, 2});
  CHECK(loader.outputs() == 3);
  CHECK(loader.target_kind() == TargetKind::Labels);
  Batch batch;
  REQUIRE(loader.next(batch));
  CHECK(batch.inputs.shape() == Shape{2, 2, 2});
  CHECK(values(batch.inputs) == std::vector<Real>{0, 1, 2, 3, 4, 5, 6, 7});
  CHECK(batch.labels.shape() == Shape{2});
  CHECK(batch.labels.data()[0] == 2);
  CHECK(batch.labels.data()[1] == 0);
}

TEST_CASE("arrays with target numbers come in batches", "[dataloaders]") {
  ArrayLoader loader(NdArray::arange(2), NdArray::from({2, 3}, {1, 2, 3, 4, 5, 6}), 2,
                     std::nullopt);
  CHECK(loader.sample_shape() == Shape{});
  CHECK(loader.outputs() == 3);
  CHECK(loader.target_kind() == TargetKind::Numbers);
  Batch batch;
  const std::uint32_t second[] = {1};
  loader.samples(second, batch);
  CHECK(batch.inputs.shape() == Shape{1});
  CHECK(values(batch.inputs) == std::vector<Real>{1});
  CHECK(batch.targets.shape() == Shape{1, 3});
  CHECK(values(batch.targets) == std::vector<Real>{4, 5, 6});
}

TEST_CASE("the checksum of stored data is worked out once", "[dataloaders]") {
  class Counting : public ArrayLoader {
   public:
    using ArrayLoader::ArrayLoader;
    mutable int computed = 0;

   private:
    std::uint64_t compute_checksum() const override {
      return static_cast<std::uint64_t>(++computed);
    }
  };
  const Counting loader(NdArray::ones({3, 2}), NdArray::ones({3, 1}), 1, std::nullopt);
  CHECK(loader.computed == 0);
  CHECK(loader.checksum() == 1);
  CHECK(loader.checksum() == 1);
  CHECK(loader.computed == 1);
}

TEST_CASE("the checksum of arrays tells every number apart", "[dataloaders]") {
  const auto labels = [](std::initializer_list<Real> inputs, std::initializer_list<int> classes) {
    return ArrayLoader(NdArray::from({3}, inputs), IndexArray::from(classes), 3, 2, std::nullopt)
        .checksum();
  };
  CHECK(labels({1, 2, 3}, {0, 1, 2}) == labels({1, 2, 3}, {0, 1, 2}));
  CHECK(labels({1, 2, 3}, {0, 1, 2}) != labels({1, 2, 4}, {0, 1, 2}));
  CHECK(labels({1, 2, 3}, {0, 1, 2}) != labels({1, 2, 3}, {0, 1, 1}));
  const auto numbers = [](std::initializer_list<Real> inputs, std::initializer_list<Real> targets) {
    return ArrayLoader(NdArray::from({1}, inputs), NdArray::from({1, 2}, targets), 2, std::nullopt)
        .checksum();
  };
  CHECK(numbers({1}, {2, 3}) == numbers({1}, {2, 3}));
  CHECK(numbers({1}, {2, 3}) != numbers({3}, {2, 1}));
}

TEST_CASE("inputs and labels keep together when shuffled", "[dataloaders]") {
  const NdArray inputs = NdArray::arange(40).reshape({40, 1});
  IndexArray labels(Shape{40});
  for (std::int32_t i = 0; i < 40; ++i) labels.mutable_data()[i] = i;
  ArrayLoader loader(inputs, labels, 40, 7, 5);
  Batch batch;
  Index seen = 0;
  while (loader.next(batch)) {
    for (Index i = 0; i < batch.labels.size(); ++i, ++seen) {
      CHECK(batch.inputs.data()[i] == static_cast<Real>(batch.labels.data()[i]));
    }
  }
  CHECK(seen == 40);
}

TEST_CASE("arrays that do not fit are refused", "[dataloaders]") {
  const auto labelled = [](const Shape& inputs, const IndexArray& labels, Index classes) {
    return error_of([&] { ArrayLoader(NdArray::zeros(inputs), labels, classes, 2, std::nullopt); });
  };
  CHECK(labelled({3, 2}, IndexArray::from({0, 1}), 2) ==
        "ShapeMismatch: array loader: inputs [3, 2] and labels [2], expected labels [3]");
  CHECK(labelled({2, 2}, IndexArray::from({0, 2}), 2) ==
        "InvalidArgument: array loader: label 2 at position 1, expected 0 to 1");
  CHECK(labelled({1, 2}, IndexArray::from({-1}), 2) ==
        "InvalidArgument: array loader: label -1 at position 0, expected 0 to 1");
  CHECK(labelled({1, 2}, IndexArray::from({0}), 0) ==
        "InvalidArgument: array loader: 0 classes, expected at least 1");
  CHECK(labelled({}, IndexArray::from({0}), 2) ==
        "InvalidArgument: array loader: inputs [], expected at least one sample, counted by the "
        "first axis");
  CHECK(labelled({0, 2}, IndexArray(Shape{0}), 2)
            .starts_with("InvalidArgument: array loader: inputs [0, 2]"));

  const auto numbered = [](const Shape& inputs, const Shape& targets) {
    return error_of(
        [&] { ArrayLoader(NdArray::zeros(inputs), NdArray::zeros(targets), 2, std::nullopt); });
  };
  CHECK(numbered({3, 2}, {3}) ==
        "ShapeMismatch: array loader: inputs [3, 2] and targets [3], expected targets [3, O] with "
        "O at least 1");
  CHECK(numbered({3, 2}, {2, 1})
            .starts_with("ShapeMismatch: array loader: inputs [3, 2] and targets [2, 1]"));
  CHECK(numbered({3, 2}, {3, 0})
            .starts_with("ShapeMismatch: array loader: inputs [3, 2] and targets [3, 0]"));
}

TEST_CASE("numbers that are not finite are refused with their place", "[dataloaders]") {
  constexpr Real kInfinity = std::numeric_limits<Real>::infinity();
  NdArray inputs = NdArray::zeros({5, 3, 7});
  NdArray targets = NdArray::zeros({5, 2});
  const auto labelled = [&] {
    return error_of([&] {
      ArrayLoader(inputs, IndexArray::from({0, 1, 0, 1, 0}), 2, 2, std::nullopt, "training data");
    });
  };
  const auto numbered = [&] {
    return error_of([&] { ArrayLoader(inputs, targets, 2, std::nullopt); });
  };
  CHECK(labelled() == "no error");
  CHECK(numbered() == "no error");
  targets.mutable_data()[9] = -kInfinity;
  CHECK(
      numbered() ==
      "InvalidArgument: array loader: target 1 of sample 4 is -infinity, expected finite numbers");
  for (const Index place : {Index{0}, Index{47}, Index{104}}) {
    inputs.mutable_data()[place] = std::numeric_limits<Real>::quiet_NaN();
    const std::string where = str("input ", place % 21, " of sample ", place / 21);
    CHECK(labelled() ==
          "InvalidArgument: training data: " + where + " is nan, expected finite numbers");
    CHECK(numbered() ==
          "InvalidArgument: array loader: " + where + " is nan, expected finite numbers");
    inputs.mutable_data()[place] = 0;
  }
}

}  // namespace lanegrad::test
