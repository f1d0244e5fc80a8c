#include "engine/layers/dropout.h"

#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

TEST_CASE("dropout leaves out its part and scales the rest", "[layers]") {
  Dropout dropout(0.25, 7);
  const Tensor x(NdArray::full({100, 100}, 3), true);
  const Tensor y = dropout.forward(x);
  Index zeros = 0;
  for (const Real value : y.data().values()) {
    if (value == 0) {
      ++zeros;
    } else {
      CHECK(value == Approx(4));
    }
  }
  CHECK(zeros == Approx(2500).margin(4 * 43));  // four standard deviations
  dropout.backward(NdArray::ones({100, 100}));
  for (Index i = 0; i < 100; ++i) {
    CHECK(x.grad()->data()[i] == Approx(y.data().data()[i] / 3));
  }
  CHECK(values(dropout.forward(x).data()) != values(y.data()));  // anew each time
}

TEST_CASE("the same seed leaves out the same", "[layers]") {
  const Tensor x(NdArray::ones({8, 8}));
  Dropout one(0.5, 1), again(0.5, 1), other(0.5, 2);
  const std::vector<Real> first = values(one.forward(x).data());
  CHECK(values(again.forward(x).data()) == first);
  CHECK(values(other.forward(x).data()) != first);
}

TEST_CASE("dropout does nothing outside of training", "[layers]") {
  const Tensor x(NdArray::ones({8, 8}));
  Dropout dropout(0.5, 1);
  dropout.set_training(false);
  CHECK(dropout.forward(x).is(x));
  CHECK(Dropout(0, 1).forward(x).is(x));
}

TEST_CASE("dropout refuses rates that make no sense", "[layers]") {
  CHECK(error_of([] { Dropout(1, 1); }) ==
        "InvalidArgument: dropout: rate 1, expected at least 0 and below 1");
  CHECK(error_of([] { Dropout(-0.5, 1); }) ==
        "InvalidArgument: dropout: rate -0.5, expected at least 0 and below 1");
}

}  // namespace lanegrad::test
