#include "engine/training/metrics.h"

#include <cmath>

#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

TEST_CASE("the mean loss weighs batches by their samples", "[training]") {
  Metrics metrics;
  CHECK(std::isnan(metrics.loss()));
  metrics.add_loss(1, 3);
  metrics.add_loss(5, 1);
  CHECK(metrics.samples() == 4);
  CHECK(metrics.loss() == 2);
  CHECK(std::isnan(metrics.accuracy()));
  CHECK(metrics.confusion().empty());
}

TEST_CASE("accuracy and confusion, by hand", "[training]") {
  Metrics metrics(3);
  CHECK(std::isnan(metrics.accuracy()));
  // Predictions 2, 0, 1 (the first of two equal ones).
  const NdArray logits = NdArray::from({3, 3}, {0, 1, 2, 5, 4, 4, -3, -1, -1});
  CHECK(metrics.add_predictions(logits, IndexArray::from({2, 1, 1})) == 2);
  CHECK(metrics.accuracy() == Approx(2.0 / 3));
  CHECK(metrics.add_predictions(logits.rows(0, 1), IndexArray::from({0})) == 0);
  CHECK(metrics.accuracy() == 0.5);
  // Row: the label, column: the prediction.
  CHECK(metrics.confusion() == std::vector<std::int32_t>{0, 0, 1,  //
                                                         1, 1, 0,  //
                                                         0, 0, 1});
  metrics.reset(2);
  CHECK(metrics.classes() == 2);
  CHECK(metrics.samples() == 0);
  CHECK(std::isnan(metrics.accuracy()));
  CHECK(metrics.confusion() == std::vector<std::int32_t>(4, 0));
}

TEST_CASE("accuracy needs no confusion matrix", "[training]") {
  constexpr Index kMany = Metrics::kMaxConfusionClasses + 1;
  Metrics metrics(kMany);
  CHECK(metrics.confusion().empty());
  CHECK(metrics.add_predictions(NdArray::arange(kMany).reshape({1, kMany}),
                                IndexArray::from({static_cast<std::int32_t>(kMany - 1)})) == 1);
  CHECK(metrics.accuracy() == 1);
}

TEST_CASE("metrics refuse what does not fit", "[training]") {
  Metrics metrics(3);
  const auto add = [&](const Shape& logits, const IndexArray& labels) {
    return error_of([&] { metrics.add_predictions(NdArray::zeros(logits), labels); });
  };
  CHECK(add({1, 4}, IndexArray::from({0})) ==
        "ShapeMismatch: metrics: logits [1, 4] and labels [1] for 3 classes, expected [N, 3] and "
        "[N]");
  CHECK(add({2, 3}, IndexArray::from({0})).starts_with("ShapeMismatch: metrics: logits [2, 3]"));
  CHECK(add({2, 3}, IndexArray::from({0, 3})) ==
        "InvalidArgument: metrics: label 3 at position 1, expected 0 to 2");
  CHECK(std::isnan(metrics.accuracy()));
  CHECK(error_of([&] { metrics.reset(-1); }) ==
        "InvalidArgument: metrics: -1 classes, expected at least 0");
  CHECK(error_of([&] { metrics.add_loss(1, -1); }) ==
        "InvalidArgument: metrics: -1 samples, expected at least 0");
}

}  // namespace lanegrad::test
