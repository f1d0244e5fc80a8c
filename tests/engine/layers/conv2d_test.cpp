#include "engine/layers/conv2d.h"

#include <cmath>

#include "engine/layers/flatten.h"
#include "engine/layers/pool2d.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

TEST_CASE("a convolution slides its filters over images", "[layers]") {
  Random random(1);
  Conv2D conv(1, 2, 2, random);
  CHECK(conv.kind() == "Conv2D");
  const std::vector<NamedTensor> named = conv.named_tensors();
  REQUIRE(named.size() == 2);
  CHECK(named[0].name == "weight");
  CHECK(named[1].name == "bias");
  CHECK(named[0].tensor.shape() == Shape{2, 1, 2, 2});
  CHECK(values(conv.bias().data()) == std::vector<Real>{0, 0});

  Tensor weight = conv.weight(), bias = conv.bias();
  weight.set_data(NdArray::from({2, 1, 2, 2}, {1, 0, 0, -1, 0, 1, 1, 0}));
  bias.set_data(NdArray::from({2}, {10, 20}));
  const Tensor x(NdArray::from({1, 1, 3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9}), true);
  const Tensor y = conv.forward(x);
  CHECK(y.shape() == Shape{1, 2, 2, 2});
  CHECK(values(y.data()) == std::vector<Real>{6, 6, 6, 6, 26, 28, 32, 34});
  conv.backward(NdArray::ones({1, 2, 2, 2}));
  CHECK(values(*bias.grad()) == std::vector<Real>{4, 4});
  CHECK(values(*weight.grad()) == std::vector<Real>{12, 16, 24, 28, 12, 16, 24, 28});
  CHECK(values(*x.grad()) == std::vector<Real>{1, 2, 1, 2, 2, 0, 1, 0, -1});
}

TEST_CASE("the filters of a convolution vary as those of a dense layer", "[layers]") {
  Random random(3);
  const Conv2D conv(50, 40, 5, random);
  double sum = 0, squares = 0;
  for (const Real w : conv.weight().data().values()) {
    sum += w;
    squares += w * w;
  }
  const auto count = static_cast<double>(conv.weight().size());
  CHECK(std::abs(sum / count) < 0.001);
  CHECK(squares / count == Approx(2.0 / (50 * 25)).epsilon(0.02));
}

TEST_CASE("a convolution refuses what does not fit", "[layers]") {
  Random random(1);
  CHECK(error_of([&] { Conv2D(0, 4, 3, random); }) ==
        "InvalidArgument: conv2d: 0 input channels, 4 filters of 3×3, expected at least 1 of each");
  CHECK(error_of([&] {
          Conv2D(1, 4, 3, random, {0, 0});
        }) == "InvalidArgument: conv2d: stride 0 and padding 0, expected at least 1 and 0");
  Conv2D conv(3, 4, 5, random);
  CHECK(error_of([&] {
          conv.forward(Tensor(NdArray::zeros({2, 1, 8, 8})));
        }) ==
        "ShapeMismatch: conv2d: input [2, 1, 8, 8] and filters [4, 3, 5, 5] differ in their "
        "channels, "
        "expected input [N, 3, H, W]");
}

TEST_CASE("pooling makes images smaller", "[layers]") {
  const Tensor x(NdArray::from({1, 1, 2, 5}, {1, 2, 3, 4, 9, 8, 7, 6, 5, 9}), true);
  MaxPool2D max;
  CHECK(values(max.forward(x).data()) ==
        std::vector<Real>{8, 6});  // the fifth column has no partner
  max.backward(NdArray::from({1, 1, 1, 2}, {10, 20}));
  CHECK(values(*x.grad()) == std::vector<Real>{0, 0, 0, 0, 0, 10, 0, 20, 0, 0});
  AvgPool2D mean;
  CHECK(values(mean.forward(x).data()) == std::vector<Real>{4.5, 4.5});
  GlobalAvgPool2D global;
  const Tensor all = global.forward(x);
  CHECK(all.shape() == Shape{1, 1});
  CHECK(all.data().data()[0] == Approx(5.4));
}

TEST_CASE("flatten makes rows of samples", "[layers]") {
  Flatten flatten;
  CHECK(flatten.forward(Tensor(NdArray::zeros({2, 3, 4, 5}))).shape() == Shape{2, 60});
  CHECK(flatten.forward(Tensor(NdArray::zeros({4}))).shape() == Shape{4, 1});
  CHECK(error_of([&] { flatten.forward(Tensor(NdArray::scalar(1))); }) ==
        "ShapeMismatch: flatten: input [], expected [N, …]");
}

}  // namespace lanegrad::test
