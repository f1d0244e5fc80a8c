// Tensors as handles: leaves, values, gradients, detach, no_grad, and their error texts.
#include "engine/tensor/tensor.h"

#include "engine/tensor/arithmetic.h"
#include "engine/tensor/functions.h"
#include "engine/tensor/reduce.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

using Values = std::vector<Real>;

Tensor leaf(std::initializer_list<Real> values) {
  return Tensor(NdArray::from(Shape{static_cast<Index>(values.size())}, values), true);
}

}  // namespace

TEST_CASE("tensor: a handle shares its node", "[tensor]") {
  CHECK_FALSE(Tensor().defined());
  Tensor x = leaf({1, 2});
  Tensor same = x;
  CHECK(same.is(x));
  CHECK_FALSE(x.is(leaf({1, 2})));
  same.mutable_data()[0] = 5;
  CHECK(values(x.data()) == Values{5, 2});
  const Tensor moved = std::move(same);
  CHECK(moved.is(x));
  CHECK_FALSE(same.defined());
  const Tensor& alias = x;
  x = alias;
  CHECK(values(x.data()) == Values{5, 2});
}

TEST_CASE("tensor: leaves and results", "[tensor]") {
  const Tensor x = leaf({1, 2});
  const Tensor constant(NdArray::ones(Shape{2}));
  CHECK(x.is_leaf());
  CHECK(x.requires_grad());
  CHECK(x.sources().empty());
  CHECK(x.grad_fn() == "");
  CHECK_FALSE(constant.requires_grad());
  CHECK_FALSE(x.grad().has_value());

  const Tensor y = x * constant;
  CHECK_FALSE(y.is_leaf());
  CHECK(y.requires_grad());
  CHECK(y.grad_fn() == "mul");
  REQUIRE(y.sources().size() == 2);
  CHECK(y.sources()[0].is(x));
  CHECK(y.sources()[1].is(constant));

  const Tensor unrecorded = constant * constant;
  CHECK(unrecorded.is_leaf());
  CHECK_FALSE(unrecorded.requires_grad());
  CHECK(unrecorded.sources().empty());
  CHECK(sum(x).item() == 3);
  CHECK(x.size() == 2);
}

TEST_CASE("tensor: a tensor may outlive the handles to its sources", "[tensor]") {
  Tensor y;
  {
    const Tensor x = leaf({3});
    y = x * x;
  }
  y.backward();
  CHECK(values(y.sources()[0].grad().value()) == Values{6});
}

TEST_CASE("tensor: set_data and mutable_data change a leaf", "[tensor]") {
  Tensor x = leaf({1, 2});
  const NdArray given = NdArray::from(Shape{2}, {3, 4});
  x.set_data(given);
  x.mutable_data()[0] = 9;
  CHECK(values(x.data()) == Values{9, 4});
  CHECK(values(given) == Values{3, 4});
}

TEST_CASE("tensor: detach shares the values and forgets the past", "[tensor]") {
  const Tensor x = leaf({1, 2});
  const Tensor y = x * x;
  Tensor detached = y.detach();
  CHECK(detached.data().data() == y.data().data());
  CHECK(detached.is_leaf());
  CHECK_FALSE(detached.requires_grad());
  detached.mutable_data()[0] = 7;
  CHECK(values(y.data()) == Values{1, 4});
  sum(y * y.detach()).backward();
  CHECK(values(x.grad().value()) == Values{2, 16});  // y·dy/dx: one of two factors
}

TEST_CASE("tensor: without gradients nothing is remembered", "[tensor]") {
  const Tensor x = leaf({1, 2});
  {
    const NoGrad no_grad;
    const Tensor y = exp(x) + x;
    CHECK(y.is_leaf());
    CHECK_FALSE(y.requires_grad());
    CHECK(y.sources().empty());
    { const NoGrad nested; }
    CHECK_FALSE(Context::current().grad_enabled());
  }
  CHECK((exp(x) + x).requires_grad());

  CHECK(error_of([] {
          const NoGrad no_grad;
          Tensor(NdArray::zeros(Shape{2})).item();
        }) != "no error");
  CHECK(Context::current().grad_enabled());  // restored by the error, too
}

TEST_CASE("tensor: requires_grad can be switched", "[tensor]") {
  Tensor x = leaf({1, 2});
  x.set_requires_grad(false);
  CHECK_FALSE((x * x).requires_grad());
  x.set_requires_grad(true);
  CHECK((x * x).requires_grad());
}

TEST_CASE("tensor: zero_grad starts anew", "[tensor]") {
  Tensor x = leaf({1, 2});
  sum(x).backward();
  sum(x * x).backward();
  CHECK(values(x.grad().value()) == Values{3, 5});
  x.zero_grad();
  CHECK_FALSE(x.grad().has_value());
  sum(x).backward();
  CHECK(values(x.grad().value()) == Values{1, 1});
}

TEST_CASE("tensor: a kept copy of a gradient does not change", "[tensor]") {
  const Tensor x = leaf({1, 2});
  sum(x).backward();
  const NdArray kept = x.grad().value();
  sum(x).backward();
  CHECK(values(kept) == Values{1, 1});
  CHECK(values(x.grad().value()) == Values{2, 2});
}

TEST_CASE("tensor: arithmetic with numbers on either side", "[tensor]") {
  const Tensor x = leaf({1, 2});
  CHECK(values((x + 3).data()) == Values{4, 5});
  CHECK(values((3 + x).data()) == Values{4, 5});
  CHECK(values((x - 3).data()) == Values{-2, -1});
  CHECK(values((3 - x).data()) == Values{2, 1});
  CHECK(values((x * 3).data()) == Values{3, 6});
  CHECK(values((3 * x).data()) == Values{3, 6});
  CHECK(values((x / 2).data()) == Values{0.5, 1});
  CHECK(values((2 / x).data()) == Values{2, 1});
  CHECK(values(pow(x, 3).data()) == Values{1, 8});
  CHECK(values((-x).data()) == Values{-1, -2});
}

TEST_CASE("tensor: error texts", "[tensor]") {
  Tensor x = leaf({1, 2});
  Tensor y = x * x;
  const NdArray longer = NdArray::zeros(Shape{3});
  CHECK(error_of([&] { x.set_data(longer); }) ==
        "ShapeMismatch: set_data: [3] for a tensor of shape [2], expected the same shape");
  CHECK(error_of([&] { y.set_data(NdArray::zeros(Shape{2})); }) ==
        "InvalidState: set_data: this tensor was computed by mul, expected a leaf");
  CHECK(error_of([&] { y.mutable_data(); }) ==
        "InvalidState: mutable_data: this tensor was computed by mul, expected a leaf");
  CHECK(error_of([&] { y.set_requires_grad(false); }) ==
        "InvalidState: requires_grad: this tensor was computed by mul, expected a leaf; "
        "detach it first");
  CHECK(error_of([&] { x.item(); }) ==
        "InvalidArgument: item: shape [2], expected an array with one element");
  CHECK(values(x.data()) == Values{1, 2});
  CHECK(values(y.data()) == Values{1, 4});
}

}  // namespace lanegrad::test
