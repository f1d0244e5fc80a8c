// The backward pass: sums of contributions, each tensor once, kinks, error texts.
#include "engine/tensor/arithmetic.h"
#include "engine/tensor/functions.h"
#include "engine/tensor/matmul.h"
#include "engine/tensor/node.h"
#include "engine/tensor/reduce.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

using Values = std::vector<Real>;

Tensor leaf(std::initializer_list<Real> values) {
  return Tensor(NdArray::from(Shape{static_cast<Index>(values.size())}, values), true);
}

// An operation that keeps the values and counts how often backward visits it.
int visits = 0;
Tensor counted(const Tensor& x) {
  static const GradFn kFn{"counted", [](Node& node, const NdArray& dy) {
                            ++visits;
                            node.send(0, dy);
                          }};
  return record(kFn, x.data(), {&x});
}

}  // namespace

TEST_CASE("backward: every tensor on the way gets its gradient", "[tensor]") {
  const Tensor x = leaf({1, 2});
  const Tensor y = x * x;
  const Tensor loss = sum(y);
  loss.backward();
  CHECK(values(loss.grad().value()) == Values{1});
  CHECK(values(y.grad().value()) == Values{1, 1});
  CHECK(values(x.grad().value()) == Values{2, 4});
}

TEST_CASE("backward: from a given gradient", "[tensor]") {
  const Tensor x = leaf({1, 2});
  const NdArray dy = NdArray::from(Shape{2}, {10, 100});
  (x * x).backward(dy);
  CHECK(values(x.grad().value()) == Values{20, 400});
  CHECK(values(dy) == Values{10, 100});
}

TEST_CASE("backward: a leaf adds the gradient to its own", "[tensor]") {
  const Tensor x = leaf({1, 2});
  const NdArray dy = NdArray::from(Shape{2}, {10, 100});
  x.backward(dy);
  x.backward(dy);
  CHECK(values(x.grad().value()) == Values{20, 200});
  CHECK(values(dy) == Values{10, 100});
}

TEST_CASE("backward: a single element of any rank starts from 1", "[tensor]") {
  for (const Shape& shape : {Shape{}, Shape{1}, Shape{1, 1, 1}}) {
    const Tensor x(NdArray::full(shape, 3), true);
    (x * x).backward();
    CHECK(x.grad().value().shape() == shape);
    CHECK(x.grad().value().item() == 6);
  }
}

TEST_CASE("backward: a tensor used several times gets every contribution", "[tensor]") {
  const Tensor x = leaf({3});
  (x * x * x + x + x).backward();
  CHECK(values(x.grad().value()) == Values{29});

  const Tensor a(NdArray::from(Shape{2, 2}, {1, 2, 3, 4}), true);
  sum(matmul(a, a)).backward();
  CHECK(values(a.grad().value()) == Values{7, 11, 9, 13});
}

TEST_CASE("backward: what two sources share is not mixed up", "[tensor]") {
  // add hands the same gradient to both; the second use of `a` must not change that of `b`.
  const Tensor a = leaf({1, 2});
  const Tensor b = leaf({3, 4});
  const Tensor y = a + b;
  sum(y + a).backward();
  CHECK(values(a.grad().value()) == Values{2, 2});
  CHECK(values(b.grad().value()) == Values{1, 1});
  CHECK(values(y.grad().value()) == Values{1, 1});
}

TEST_CASE("backward: each tensor is visited once", "[tensor]") {
  // 2^50 ways lead from the last to the first.
  Tensor x(NdArray::scalar(1), true);
  const Tensor first = x;
  for (int i = 0; i < 50; ++i) {
    const Tensor y = counted(x);
    x = y + y;
  }
  visits = 0;
  x.backward();
  CHECK(visits == 50);
  CHECK(first.grad().value().item() == std::ldexp(Real{1}, 50));
}

TEST_CASE("backward: only to those in need", "[tensor]") {
  const Tensor x = leaf({1, 2});
  const Tensor constant(NdArray::from(Shape{2}, {3, 4}));
  const Tensor y = constant * constant;
  sum(x * y).backward();
  CHECK(values(x.grad().value()) == Values{9, 16});
  CHECK_FALSE(y.grad().has_value());
  CHECK_FALSE(constant.grad().has_value());
}

TEST_CASE("backward: two passes over one graph add up", "[tensor]") {
  const Tensor x = leaf({3});
  const Tensor y = x * x;
  const Tensor loss = y * y;
  loss.backward();
  CHECK(values(x.grad().value()) == Values{108});
  loss.backward();
  CHECK(values(x.grad().value()) == Values{216});
  CHECK(values(y.grad().value()) == Values{36});
  CHECK(values(loss.grad().value()) == Values{2});
}

TEST_CASE("backward: two graphs over shared tensors add up", "[tensor]") {
  const Tensor x = leaf({3});
  const Tensor y = x * x;
  (y * 2).backward();
  (y * 5).backward();
  y.backward();
  CHECK(values(x.grad().value()) == Values{6 * 8});
  CHECK(values(y.grad().value()) == Values{8});
}

TEST_CASE("backward: runs under no_grad, which it leaves as it was", "[tensor]") {
  const Tensor x = leaf({3});
  const Tensor y = x * x;
  {
    const NoGrad no_grad;
    y.backward();
    CHECK_FALSE(Context::current().grad_enabled());
  }
  CHECK(Context::current().grad_enabled());
  CHECK(values(x.grad().value()) == Values{6});
}

TEST_CASE("backward: the choices of max, maximum, abs and relu at their kinks", "[tensor]") {
  const auto gradient = [](const Tensor& x, const Tensor& y) {
    sum(y).backward();
    return values(x.grad().value());
  };
  Tensor x = leaf({1, 3, 3});
  CHECK(gradient(x, max(x)) == Values{0, 1, 0});
  x = leaf({-2, 0, 2});
  CHECK(gradient(x, abs(x)) == Values{-1, 0, 1});
  x = leaf({-2, 0, 2});
  CHECK(gradient(x, relu(x)) == Values{0, 0, 1});
  x = leaf({-2, 0, 2});
  CHECK(gradient(x, maximum(x, scalar(0))) == Values{0, 0.5, 1});
  x = leaf({-2, 0, 2});
  CHECK(gradient(x, maximum(x, x)) == Values{1, 1, 1});
}

TEST_CASE("backward: powers at zero", "[tensor]") {
  const auto gradient = [](Real exponent) {
    const Tensor x = leaf({0});
    pow(x, exponent).backward();
    return x.grad().value().item();
  };
  CHECK(gradient(3) == 0);
  CHECK(gradient(2) == 0);
  CHECK(gradient(1) == 1);
  CHECK(gradient(0) == 0);
}

TEST_CASE("backward: data that changed after its use", "[tensor]") {
  Tensor x = leaf({1, 2});
  Tensor w = leaf({3, 4});
  const Tensor loss = sum(x * w);
  w.mutable_data()[0] = 5;
  const std::string changed =
      "InvalidState: backward: a tensor of shape [2] was changed after mul used it, "
      "run forward again";
  CHECK(error_of([&] { loss.backward(); }) == changed);
  CHECK_FALSE(x.grad().has_value());
  CHECK_FALSE(loss.grad().has_value());

  const Tensor again = sum(x * w);
  again.backward();
  CHECK(values(x.grad().value()) == Values{5, 4});
  w.set_data(NdArray::zeros(Shape{2}));
  CHECK(error_of([&] { again.backward(); }) == changed);

  // It is refused also where the changed tensor itself needs no gradient.
  w.set_requires_grad(false);
  const Tensor other = sum(x * w);
  w.mutable_data();
  CHECK(error_of([&] { other.backward(); }) == changed);
}

TEST_CASE("backward: error texts", "[tensor]") {
  const Tensor x = leaf({1, 2});
  const Tensor constant(NdArray::ones(Shape{2}));
  CHECK(error_of([&] { sum(constant).backward(); }) ==
        "InvalidState: backward: this tensor of shape [] needs no gradient, expected one that "
        "requires a gradient or was computed from one that does");
  CHECK(error_of([&] { sum(x.detach()).backward(); }) ==
        "InvalidState: backward: this tensor of shape [] needs no gradient, expected one that "
        "requires a gradient or was computed from one that does");
  CHECK(error_of([&] { (x * x).backward(); }) ==
        "InvalidArgument: backward: shape [2] has more than one element, expected a scalar or a "
        "gradient of that shape");
  CHECK(error_of([&] {
          (x * x).backward(NdArray::ones(Shape{1, 2}));
        }) ==
        "ShapeMismatch: backward: gradient [1, 2] for a tensor of shape [2], expected the same "
        "shape");
  CHECK_FALSE(x.grad().has_value());
}

TEST_CASE("backward: operations that keep their promise badly", "[tensor]") {
  static const GradFn kSilent{"silent", [](Node&, const NdArray&) {}};
  static const GradFn kMisshapen{"misshapen", [](Node& node, const NdArray& dy) {
                                   node.send(0, dy.reshape(Shape{1, 2}));
                                 }};
  const Tensor x = leaf({1, 2});
  const NdArray dy = NdArray::ones(Shape{2});
  CHECK(error_of([&] { record(kSilent, x.data(), {&x}).backward(dy); }) ==
        "Internal: silent: no gradient for a source of shape [2], expected one for each source "
        "that requires a gradient");
  CHECK(error_of([&] { record(kMisshapen, x.data(), {&x}).backward(dy); }) ==
        "Internal: misshapen: gradient [1, 2] for a source of shape [2], expected the same shape");
  // What the failed passes left behind does not disturb the next.
  (x * x).backward(dy);
  CHECK(values(x.grad().value()) == Values{2, 4});
}

}  // namespace lanegrad::test
