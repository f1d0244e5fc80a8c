#include "engine/losses/mse.h"

#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

TEST_CASE("mean squared error, by hand", "[losses]") {
  const Tensor prediction(NdArray::from({2, 2}, {1, 2, 3, 4}), true);
  const Tensor target(NdArray::from({2, 2}, {0, 2, 5, 1}), true);
  const Tensor loss = MSE().forward(prediction, target);
  CHECK(loss.shape() == Shape{});
  CHECK(loss.item() == Approx((1 + 0 + 4 + 9) / (2.0 * 4)));
  CHECK(loss.grad_fn() == "mse");

  loss.backward();
  CHECK(values(*prediction.grad()) == std::vector<Real>{0.25f, 0, -0.5f, 0.75f});
  CHECK(values(*target.grad()) == std::vector<Real>{-0.25f, 0, 0.5f, -0.75f});
}

TEST_CASE("mean squared error of a constant prediction trains the target only", "[losses]") {
  const Tensor prediction(NdArray::from({1, 1}, {3}));
  const Tensor target(NdArray::from({1, 1}, {1}), true);
  MSE().forward(prediction, target).backward();
  CHECK_FALSE(prediction.grad());
  CHECK(values(*target.grad()) == std::vector<Real>{-2});
}

TEST_CASE("mean squared error refuses shapes that differ", "[losses]") {
  const auto loss = [](const Shape& prediction, const Shape& target) {
    return error_of(
        [&] { MSE().forward(Tensor(NdArray::zeros(prediction)), Tensor(NdArray::zeros(target))); });
  };
  CHECK(loss({32, 1}, {32}) ==
        "ShapeMismatch: mse: prediction [32, 1] and target [32] differ, expected the same shape");
  CHECK(loss({0, 1}, {0, 1}) ==
        "InvalidArgument: mse: prediction [0, 1] is empty, expected at least one element");
}

}  // namespace lanegrad::test
