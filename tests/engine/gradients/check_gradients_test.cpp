// The gradient check itself: it must notice wrong gradients.
#include "tests/engine/gradients/check_gradients.h"

#include "engine/ndarray/arithmetic.h"
#include "engine/ndarray/reduce.h"
#include "engine/tensor/arithmetic.h"
#include "engine/tensor/node.h"
#include "tests/engine/catch.h"

namespace lanegrad::test {

namespace {

// exp with a gradient that is `Percent` % of the right one.
template <int Percent>
Tensor scaled_exp(const Tensor& x) {
  static const GradFn kFn = {"scaled_exp", [](Node& node, const NdArray& dy) {
                               node.send(0, dy * node.data * NdArray::scalar(Percent / 100.0));
                             }};
  return record(kFn, exp(x.data()), {&x});
}

// The first row of x, with the gradient in the wrong row.
Tensor misplaced_row(const Tensor& x) {
  static const GradFn kFn = {"misplaced_row", [](Node& node, const NdArray& dy) {
                               NdArray dx = NdArray::zeros(node.source(0).shape());
                               const Index columns = dy.size();
                               Real* row = dx.mutable_data() + columns;
                               for (Index i = 0; i < columns; ++i) row[i] = dy.data()[i];
                               node.send(0, dx);
                             }};
  return record(kFn, x.data().rows(0, 1), {&x});
}

Tensor leaf(const Shape& shape, std::initializer_list<Real> values) {
  return Tensor(NdArray::from(shape, values), true);
}

}  // namespace

TEST_CASE("gradient check: a right gradient passes", "[gradients]") {
  const Tensor x = leaf(Shape{3}, {0.5, -1, 2});
  CHECK(check_gradients([&] { return scaled_exp<100>(x); }, {x}).error < 1e-8);
}

TEST_CASE("gradient check: a gradient that is 1 % off fails", "[gradients]") {
  const Tensor x = leaf(Shape{3}, {0.5, -1, 2});
  const GradientCheck check = check_gradients([&] { return scaled_exp<101>(x); }, {x});
  CHECK(check.error == Approx(0.01));
  CHECK(check.where.substr(0, 15) == "leaf 0, element");
}

TEST_CASE("gradient check: a missing contribution fails", "[gradients]") {
  const Tensor x = leaf(Shape{3}, {0.5, -1, 2});
  CHECK(check_gradients([&] { return x * x; }, {x}).error < 1e-8);
  CHECK(check_gradients([&] { return x * x.detach(); }, {x}).error == Approx(0.5));
}

TEST_CASE("gradient check: a leaf without a gradient fails", "[gradients]") {
  const Tensor a = leaf(Shape{2}, {0.5, -1});
  const Tensor b = leaf(Shape{2}, {2, 3});
  CHECK(check_gradients([&] { return a * b; }, {a, b}).error < 1e-8);
  const GradientCheck check = check_gradients([&] { return a * b.detach(); }, {a, b});
  CHECK(check.error > 1);
  CHECK(check.where == "leaf 1 got no gradient");
}

TEST_CASE("gradient check: a gradient in the wrong place fails", "[gradients]") {
  const Tensor x = leaf(Shape{2, 2}, {0.5, -1, 2, 3});
  CHECK(check_gradients([&] { return misplaced_row(x); }, {x}).error >= 1);
}

TEST_CASE("gradient check: a wrong forward fails as well", "[gradients]") {
  const Tensor x = leaf(Shape{}, {2});
  int calls = 0;
  const auto unsteady = [&] { return x * static_cast<Real>(++calls); };
  CHECK(check_gradients(unsteady, {x}).error > 0.1);
}

}  // namespace lanegrad::test
