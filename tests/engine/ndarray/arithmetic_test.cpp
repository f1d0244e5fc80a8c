// Elementwise arithmetic: broadcasting against its definition, special values, error texts.
#include "engine/ndarray/arithmetic.h"

#include "engine/core/random.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

using kernels::Binary;
using kernels::Unary;

struct BinaryOp {
  Binary op;
  NdArray (*apply)(const NdArray&, const NdArray&);
  double (*value)(double, double);
};

const BinaryOp kBinaries[] = {
    {Binary::Add, add, [](double a, double b) { return a + b; }},
    {Binary::Sub, sub, [](double a, double b) { return a - b; }},
    {Binary::Mul, mul, [](double a, double b) { return a * b; }},
    {Binary::Div, div, [](double a, double b) { return a / b; }},
    {Binary::Pow, pow, [](double a, double b) { return std::pow(a, b); }},
    {Binary::Maximum, maximum, [](double a, double b) { return std::max(a, b); }},
};

struct UnaryOp {
  Unary op;
  NdArray (*apply)(const NdArray&);
  double (*value)(double);
  double low = -3;
};

const UnaryOp kUnaries[] = {
    {Unary::Neg, neg, [](double x) { return -x; }},
    {Unary::Abs, abs, [](double x) { return std::abs(x); }},
    {Unary::Exp, exp, [](double x) { return std::exp(x); }},
    {Unary::Log, log, [](double x) { return std::log(x); }, 0.01},
    {Unary::Sqrt, sqrt, [](double x) { return std::sqrt(x); }, 0},
    {Unary::Tanh, tanh, [](double x) { return std::tanh(x); }},
    {Unary::Sigmoid, sigmoid, [](double x) { return 1 / (1 + std::exp(-x)); }},
    {Unary::Relu, relu, [](double x) { return std::max(x, 0.0); }},
    {Unary::Silu, silu, [](double x) { return x / (1 + std::exp(-x)); }},
    {Unary::Softplus, softplus, [](double x) { return std::log1p(std::exp(x)); }},
    {Unary::Gelu, gelu, [](double x) { return x * std::erfc(-x * std::sqrt(0.5)) / 2; }},
};

// The element of x that numpy's rule puts at place `flat` of a result of shape `out`.
Real broadcast_element(const NdArray& x, const Shape& out, Index flat) {
  Index offset = 0;
  Index stride = 1;
  for (int back = 1; back <= out.rank(); ++back) {
    const Index extent = out[out.rank() - back];
    if (back <= x.rank()) {
      const Index own = x.shape()[x.rank() - back];
      if (own != 1) offset += flat % extent * stride;
      stride *= own;
    }
    flat /= extent;
  }
  return x.data()[offset];
}

struct Broadcast {
  Shape a;
  Shape b;
  Shape out;
};

const Broadcast kBroadcasts[] = {
    {{}, {}, {}},
    {{5}, {5}, {5}},
    {{5}, {1}, {5}},
    {{1}, {5}, {5}},
    {{}, {2, 3}, {2, 3}},
    {{2, 3}, {}, {2, 3}},
    {{64, 33}, {33}, {64, 33}},
    {{33}, {64, 33}, {64, 33}},
    {{64, 33}, {64, 1}, {64, 33}},
    {{64, 1}, {1, 33}, {64, 33}},
    {{1, 33}, {64, 1}, {64, 33}},
    {{1, 1}, {7, 1}, {7, 1}},
    {{2, 3, 4}, {2, 3, 4}, {2, 3, 4}},
    {{2, 1, 4}, {3, 1}, {2, 3, 4}},
    {{2, 1, 1}, {3, 4}, {2, 3, 4}},
    {{2, 3, 1, 5}, {1, 4, 1}, {2, 3, 4, 5}},
    {{2, 1, 4, 1}, {1, 3, 1, 5}, {2, 3, 4, 5}},
    {{1, 3, 4, 1}, {2, 1, 1, 5}, {2, 3, 4, 5}},
    {{4, 5}, {2, 3, 1, 1}, {2, 3, 4, 5}},
    {{1, 1, 1, 1}, {}, {1, 1, 1, 1}},
    {{0}, {1}, {0}},
    {{0, 3}, {3}, {0, 3}},
    {{2, 1}, {2, 0}, {2, 0}},
};

}  // namespace

TEST_CASE("arithmetic: two operands broadcast by numpy's rule", "[ndarray]") {
  Random random(1);
  for (const auto& [a_shape, b_shape, out_shape] : kBroadcasts) {
    const NdArray a = NdArray::uniform(a_shape, 0.1, 3, random);
    const NdArray b = NdArray::uniform(b_shape, 0.1, 3, random);
    for (const BinaryOp& op : kBinaries) {
      NdArray expected = NdArray::uninitialized(out_shape);
      for (Index i = 0; i < expected.size(); ++i) {
        expected.mutable_data()[i] = static_cast<Real>(
            op.value(broadcast_element(a, out_shape, i), broadcast_element(b, out_shape, i)));
      }
      INFO(name_of(op.op) << " of " << a_shape.text() << " and " << b_shape.text());
      CHECK(relative_error(op.apply(a, b), expected) <= 1e-6);
      CHECK(relative_error(binary(op.op, a, b), expected) <= 1e-6);
    }
  }
}

TEST_CASE("arithmetic: operands are not written to", "[ndarray]") {
  const NdArray a = NdArray::arange(3);
  const NdArray copy = a;
  const NdArray y = neg(a + a) * a / NdArray::scalar(2) - a;
  CHECK(values(y) == std::vector<Real>{0, -2, -6});
  CHECK(values(a) == std::vector<Real>{0, 1, 2});
  CHECK(copy.data() == a.data());
  CHECK(values(-a) == values(neg(a)));
}

TEST_CASE("arithmetic: functions of one operand", "[ndarray]") {
  CHECK(std::size(kUnaries) == std::size(kernels::kUnaryNames));
  Random random(2);
  for (const Shape& shape : {Shape{}, Shape{1}, Shape{0}, Shape{1000}, Shape{2, 3, 1, 5}}) {
    for (const UnaryOp& op : kUnaries) {
      const NdArray x = NdArray::uniform(shape, static_cast<Real>(op.low), 3, random);
      NdArray expected = NdArray::uninitialized(shape);
      for (Index i = 0; i < x.size(); ++i) {
        expected.mutable_data()[i] = static_cast<Real>(op.value(x.data()[i]));
      }
      INFO(name_of(op.op) << " of " << shape.text());
      CHECK(relative_error(op.apply(x), expected) <= 2e-6);
      CHECK(relative_error(unary(op.op, x), expected) <= 2e-6);
    }
  }
}

TEST_CASE("arithmetic: infinities and what is not a number", "[ndarray]") {
  const Real infinity = std::numeric_limits<Real>::infinity();
  const Real nan = std::numeric_limits<Real>::quiet_NaN();
  const auto s = [](Real value) { return NdArray::scalar(value); };
  CHECK(div(s(1), s(0)).item() == infinity);
  CHECK(std::isnan(div(s(0), s(0)).item()));
  CHECK(log(s(0)).item() == -infinity);
  CHECK(std::isnan(log(s(-1)).item()));
  CHECK(std::isnan(sqrt(s(-1)).item()));
  CHECK(exp(s(1000)).item() == infinity);
  CHECK(exp(s(-1000)).item() == 0);
  CHECK(sigmoid(s(-1000)).item() == 0);
  CHECK(sigmoid(s(1000)).item() == 1);
  CHECK(tanh(s(1000)).item() == 1);
  CHECK(std::isnan(maximum(s(nan), s(1)).item()));
  CHECK(std::isnan(maximum(s(1), s(nan)).item()));
  CHECK(maximum(s(-infinity), s(1)).item() == 1);
  CHECK(std::isnan(relu(s(nan)).item()));
  CHECK(relu(s(-infinity)).item() == 0);
}

TEST_CASE("arithmetic: shapes that do not broadcast", "[ndarray]") {
  const NdArray a = NdArray::zeros(Shape{2, 3});
  for (const BinaryOp& op : kBinaries) {
    const std::string name = name_of(op.op);
    const std::string rule =
        " do not broadcast, each pair of extents counted from the end must be equal or 1";
    CHECK(error_of([&] { op.apply(a, NdArray::zeros(Shape{4})); }) ==
          "ShapeMismatch: " + name + ": [2, 3] and [4]" + rule);
    CHECK(error_of([&] {
            op.apply(NdArray::zeros(Shape{3, 2}), a);
          }) == "ShapeMismatch: " + name + ": [3, 2] and [2, 3]" + rule);
    CHECK(error_of([&] { op.apply(NdArray::zeros(Shape{0}), a); }) ==
          "ShapeMismatch: " + name + ": [0] and [2, 3]" + rule);
  }
}

}  // namespace lanegrad::test
