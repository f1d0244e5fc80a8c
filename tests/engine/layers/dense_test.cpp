#include "engine/layers/dense.h"

#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

TEST_CASE("dense multiplies by its weight and nothing else", "[layers]") {
  Random random(1);
  Dense dense(2, 3, random);
  Tensor weight = dense.weight();
  weight.set_data(NdArray::from({2, 3}, {1, 2, 3, 4, 5, 6}));
  const Tensor x(NdArray::from({2, 2}, {1, 0, 2, -1}), true);
  const Tensor y = dense.forward(x);
  CHECK(y.shape() == Shape{2, 3});
  CHECK(values(y.data()) == std::vector<Real>{1, 2, 3, -2, -1, 0});

  dense.backward(NdArray::from({2, 3}, {1, 0, 0, 0, 1, 1}));
  CHECK(values(*x.grad()) == std::vector<Real>{1, 4, 5, 11});              // dy · wᵀ
  CHECK(values(*weight.grad()) == std::vector<Real>{1, 2, 2, 0, -1, -1});  // xᵀ · dy
}

TEST_CASE("dense names its weight [I, O]", "[layers]") {
  Random random(1);
  const Dense dense(784, 128, random);
  CHECK(dense.kind() == "Dense");
  const std::vector<NamedTensor> named = dense.named_tensors();
  REQUIRE(named.size() == 1);
  CHECK(named[0].name == "weight");
  CHECK(named[0].tensor.is(dense.weight()));
  CHECK(named[0].tensor.shape() == Shape{784, 128});
  CHECK(named[0].tensor.requires_grad());
}

TEST_CASE("dense refuses inputs that do not fit", "[layers]") {
  Random random(1);
  Dense dense(784, 128, random);
  const auto forward = [&](const Shape& shape) {
    return error_of([&] { dense.forward(Tensor(NdArray::zeros(shape))); });
  };
  CHECK(forward({64, 100}) ==
        "ShapeMismatch: dense: input [64, 100] and weight [784, 128] do not multiply, expected "
        "input [N, 784]");
  CHECK(forward({784}) ==
        "ShapeMismatch: dense: input [784] and weight [784, 128] do not multiply, expected input "
        "[N, 784]");
  CHECK(forward({1, 28, 28}).starts_with("ShapeMismatch: dense: input [1, 28, 28]"));
  CHECK(forward({0, 784}) == "no error");
}

TEST_CASE("dense refuses widths of 0", "[layers]") {
  Random random(1);
  CHECK(error_of([&] { Dense(0, 10, random); }) ==
        "InvalidArgument: weights: 0 inputs and 10 outputs, expected at least 1 of each");
  CHECK(error_of([&] { Dense(10, -1, random); }) ==
        "InvalidArgument: weights: 10 inputs and -1 outputs, expected at least 1 of each");
  CHECK(error_of([&] {
          Dense(1 << 20, 1 << 20, random);
        }).starts_with("InvalidArgument: shape: [1048576, 1048576] has more than"));
}

}  // namespace lanegrad::test
