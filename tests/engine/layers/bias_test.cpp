#include "engine/layers/bias.h"

#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

TEST_CASE("bias adds one number per output, 0 at first", "[layers]") {
  Bias bias(2);
  const Tensor x(NdArray::from({2, 2}, {1, 2, 3, 4}), true);
  CHECK(values(bias.forward(x).data()) == std::vector<Real>{1, 2, 3, 4});
  Tensor b = bias.bias();
  b.set_data(NdArray::from({2}, {10, 20}));
  CHECK(values(bias.forward(x).data()) == std::vector<Real>{11, 22, 13, 24});

  bias.backward(NdArray::from({2, 2}, {1, 2, 3, 4}));
  CHECK(values(*b.grad()) == std::vector<Real>{4, 6});
  CHECK(values(*x.grad()) == std::vector<Real>{1, 2, 3, 4});
}

TEST_CASE("bias names its tensor", "[layers]") {
  const Bias bias(3);
  const std::vector<NamedTensor> named = bias.named_tensors();
  REQUIRE(named.size() == 1);
  CHECK(named[0].name == "bias");
  CHECK(named[0].tensor.is(bias.bias()));
  CHECK(named[0].tensor.requires_grad());
}

TEST_CASE("bias refuses what does not fit", "[layers]") {
  Bias bias(10);
  CHECK(error_of([&] {
          bias.forward(Tensor(NdArray::zeros({64, 5})));
        }) ==
        "ShapeMismatch: bias: input [64, 5] and bias [10] do not add, expected input [N, 10]");
  // Such a shape would broadcast, and hide a mistake.
  CHECK(error_of([&] {
          bias.forward(Tensor(NdArray::zeros({64, 1})));
        }) ==
        "ShapeMismatch: bias: input [64, 1] and bias [10] do not add, expected input [N, 10]");
  CHECK(error_of([] { Bias(0); }) == "InvalidArgument: bias: 0 outputs, expected at least 1");
}

}  // namespace lanegrad::test
