#include "engine/losses/softmax_cross_entropy.h"

#include <cmath>
#include <limits>

#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

TEST_CASE("softmax cross-entropy, by hand", "[losses]") {
  const auto ln = [](double x) { return static_cast<Real>(std::log(x)); };
  // Softmax of the rows: (1/4, 3/4) and (1/2, 1/2).
  const Tensor logits(NdArray::from({2, 2}, {0, ln(3), 5, 5}), true);
  const Tensor loss = SoftmaxCrossEntropy().forward(logits, IndexArray::from({0, 1}));
  CHECK(loss.shape() == Shape{});
  CHECK(loss.item() == Approx((std::log(4) + std::log(2)) / 2));

  loss.backward();  // (p − onehot) / N
  CHECK(relative_error(*logits.grad(), NdArray::from({2, 2}, {-0.375f, 0.375f, 0.25f, -0.25f})) <
        1e-6);
}

TEST_CASE("softmax cross-entropy is one node, whatever happens to the labels", "[losses]") {
  const Tensor logits(NdArray::from({1, 2}, {0, 0}), true);
  IndexArray labels = IndexArray::from({0});
  const Tensor loss = SoftmaxCrossEntropy().forward(logits, labels);
  CHECK(loss.grad_fn() == "softmax_cross_entropy");
  REQUIRE(loss.sources().size() == 1);
  CHECK(loss.sources()[0].is(logits));
  labels.mutable_data()[0] = 1;
  loss.backward();
  CHECK(values(*logits.grad()) == std::vector<Real>{-0.5f, 0.5f});
}

TEST_CASE("softmax cross-entropy stays finite for large logits", "[losses]") {
  const Tensor logits(NdArray::from({1, 3}, {1e4f, -1e4f, 0}), true);
  const Tensor loss = SoftmaxCrossEntropy().forward(logits, IndexArray::from({1}));
  CHECK(loss.item() == Approx(2e4));
  loss.backward();
  CHECK(values(*logits.grad()) == std::vector<Real>{1, -1, 0});
  const Real nan = std::numeric_limits<Real>::quiet_NaN();
  CHECK(std::isnan(SoftmaxCrossEntropy()
                       .forward(Tensor(NdArray::from({1, 2}, {nan, 0})), IndexArray::from({1}))
                       .item()));
}

TEST_CASE("label smoothing, by hand", "[losses]") {
  const auto ln3 = static_cast<Real>(std::log(3.0));
  const Tensor logits(NdArray::from({1, 2}, {0, ln3}), true);  // probabilities 1/4 and 3/4
  const Tensor loss = SoftmaxCrossEntropy(0.5).forward(logits, IndexArray::from({1}));
  CHECK(loss.item() == Approx(0.25 * std::log(4) + 0.75 * std::log(4.0 / 3)));
  loss.backward();  // the probabilities less the targets 1/4 and 3/4
  for (const Real g : values(*logits.grad())) CHECK(std::abs(g) < 1e-6);
  CHECK(error_of([] { SoftmaxCrossEntropy(1); }) ==
        "InvalidArgument: softmax cross-entropy: label smoothing 1, expected at least 0 and below "
        "1");
  CHECK(error_of([] { SoftmaxCrossEntropy(-0.1); }).find("label smoothing -0.1") !=
        std::string::npos);
}

TEST_CASE("softmax cross-entropy refuses labels and shapes that do not fit", "[losses]") {
  const auto loss = [](const Shape& logits, const IndexArray& labels) {
    return error_of([&] { SoftmaxCrossEntropy().forward(Tensor(NdArray::zeros(logits)), labels); });
  };
  CHECK(loss({4, 10}, IndexArray::from({0, 9, 3, 10})) ==
        "InvalidArgument: softmax cross-entropy: label 10 at position 3, expected 0 to 9");
  CHECK(loss({1, 10}, IndexArray::from({-1})) ==
        "InvalidArgument: softmax cross-entropy: label -1 at position 0, expected 0 to 9");
  CHECK(loss({4, 10}, IndexArray::from({0, 1})) ==
        "ShapeMismatch: softmax cross-entropy: logits [4, 10] and labels [2], expected [N, C] and "
        "[N]");
  CHECK(loss({10}, IndexArray::from({0})) ==
        "ShapeMismatch: softmax cross-entropy: logits [10] and labels [1], expected [N, C] and "
        "[N]");
  CHECK(loss({}, IndexArray::from({0}))
            .starts_with("ShapeMismatch: softmax cross-entropy: logits []"));
  CHECK(loss({0, 10}, IndexArray(Shape{0})) ==
        "InvalidArgument: softmax cross-entropy: logits [0, 10], expected at least one sample and "
        "one class");
  CHECK(loss({1, 0}, IndexArray::from({0})) ==
        "InvalidArgument: softmax cross-entropy: logits [1, 0], expected at least one sample and "
        "one class");
}

}  // namespace lanegrad::test
