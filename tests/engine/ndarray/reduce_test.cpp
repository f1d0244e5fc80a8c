// Reductions and softmax against their definitions; axes; error texts.
#include "engine/ndarray/reduce.h"

#include "engine/core/random.h"
#include "engine/ndarray/arithmetic.h"
#include "engine/ndarray/softmax.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

using Values = std::vector<Real>;

const Real kInfinity = std::numeric_limits<Real>::infinity();
const Real kNaN = std::numeric_limits<Real>::quiet_NaN();

struct Reduction {
  const char* name;
  NdArray (*of_axis)(const NdArray& x, int axis, bool keepdims);
  NdArray (*of_all)(const NdArray& x);
  double (*of_values)(const std::vector<double>& x);
};

double sum_of(const std::vector<double>& x) {
  double sum = 0;
  for (const double value : x) sum += value;
  return sum;
}

const Reduction kReductions[] = {
    {"sum", sum, sum, sum_of},
    {"mean", mean, mean,
     [](const std::vector<double>& x) { return sum_of(x) / static_cast<double>(x.size()); }},
    {"max", max, max,
     [](const std::vector<double>& x) { return *std::max_element(x.begin(), x.end()); }},
};

const Shape kShapes[] = {{1},          {17},      {2, 3},    {1, 5},
                         {5, 1},       {2, 3, 4}, {3, 1, 2}, {2, 3, 4, 5},
                         {1, 1, 1, 1}, {64, 100}, {100, 64}, {3, 33, 2, 2}};

}  // namespace

TEST_CASE("reductions follow their definitions along every axis", "[ndarray]") {
  Random random(3);
  for (const Shape& shape : kShapes) {
    const NdArray x = NdArray::uniform(shape, -1, 2, random);
    for (const Reduction& reduction : kReductions) {
      INFO(reduction.name << " of " << shape.text());
      const std::vector<double> all(x.values().begin(), x.values().end());
      CHECK(reduction.of_all(x).shape() == Shape{});
      CHECK(reduction.of_all(x).item() == Approx(reduction.of_values(all)).epsilon(1e-5));
      for (int axis = 0; axis < shape.rank(); ++axis) {
        INFO("axis " << axis);
        // Seen as [outer, extent, inner], one result for each outer and inner.
        Index inner = 1;
        for (int i = axis + 1; i < shape.rank(); ++i) inner *= shape[i];
        NdArray expected = NdArray::uninitialized(shape.without(axis, false));
        for (Index i = 0; i < expected.size(); ++i) {
          std::vector<double> column;
          for (Index a = 0; a < shape[axis]; ++a) {
            column.push_back(x.data()[(i / inner * shape[axis] + a) * inner + i % inner]);
          }
          expected.mutable_data()[i] = static_cast<Real>(reduction.of_values(column));
        }
        CHECK(relative_error(reduction.of_axis(x, axis, false), expected) <= 1e-5);
        CHECK(values(reduction.of_axis(x, axis - shape.rank(), false)) ==
              values(reduction.of_axis(x, axis, false)));
        const NdArray kept = reduction.of_axis(x, axis, true);
        CHECK(kept.shape() == shape.without(axis, true));
        CHECK(values(kept) == values(reduction.of_axis(x, axis, false)));
      }
    }
  }
}

TEST_CASE("reductions of nothing", "[ndarray]") {
  const NdArray empty = NdArray::zeros(Shape{2, 0, 3});
  CHECK(sum(empty).item() == 0);
  CHECK(std::isnan(mean(empty).item()));
  CHECK(values(sum(empty, 1)) == Values{0, 0, 0, 0, 0, 0});
  CHECK(sum(empty, 0).shape() == Shape{0, 3});
  CHECK(max(empty, 0).shape() == Shape{0, 3});
  CHECK(std::isnan(mean(empty, 1).data()[0]));
}

TEST_CASE("reductions of what is not a number", "[ndarray]") {
  const NdArray x = NdArray::from(Shape{2, 3}, {1, kNaN, 3, -kInfinity, -kInfinity, -kInfinity});
  CHECK(std::isnan(max(x, 1).data()[0]));
  CHECK(max(x, 1).data()[1] == -kInfinity);
  CHECK(argmax(x, 1).values()[0] == 1);
  CHECK(argmax(x, 1).values()[1] == 0);
  CHECK(std::isnan(sum(x).item()));
}

TEST_CASE("norms and whether all is finite", "[ndarray]") {
  CHECK(norm(NdArray::from({2, 2}, {1, -2, 2, 4})) == Approx(5));
  CHECK(norm(NdArray::zeros({0})) == 0);
  CHECK(std::isnan(norm(NdArray::from({2}, {1, kNaN}))));
  CHECK(all_finite(NdArray::from({2}, {std::numeric_limits<Real>::max(), -1})));
  for (const Real bad : {kNaN, kInfinity, -kInfinity}) {
    NdArray x = NdArray::zeros({37});
    x.mutable_data()[36] = bad;
    CHECK_FALSE(all_finite(x));
  }
}

TEST_CASE("argmax: the first largest element", "[ndarray]") {
  const NdArray x = NdArray::from(Shape{2, 4}, {1, 5, 5, 0, -1, -3, -1, -2});
  const IndexArray last = argmax(x, -1);
  CHECK(last.shape() == Shape{2});
  CHECK((last.values()[0] == 1 && last.values()[1] == 0));
  const IndexArray first = argmax(x, 0);
  CHECK(first.shape() == Shape{4});
  CHECK((first.values()[0] == 0 && first.values()[3] == 0));
}

TEST_CASE("sum_to undoes broadcasting", "[ndarray]") {
  const NdArray ones = NdArray::ones(Shape{2, 3, 4});
  for (const Shape& shape : {Shape{2, 3, 4}, Shape{3, 4}, Shape{4}, Shape{}, Shape{1}, Shape{3, 1},
                             Shape{2, 1, 4}, Shape{2, 1, 1}, Shape{1, 1, 1}, Shape{1, 3, 1}}) {
    INFO(shape.text());
    const Real share = static_cast<Real>(24 / shape.size());
    CHECK(sum_to(ones, shape).shape() == shape);
    CHECK(values(sum_to(ones, shape)) == values(NdArray::full(shape, share)));
  }
}

TEST_CASE("softmax and log_softmax follow their definitions", "[ndarray]") {
  Random random(4);
  for (const Shape& shape : {Shape{1}, Shape{10}, Shape{3, 1}, Shape{64, 10}, Shape{2, 3, 17}}) {
    INFO(shape.text());
    const NdArray x = NdArray::uniform(shape, -5, 5, random);
    const Index classes = shape[shape.rank() - 1];
    NdArray p = NdArray::uninitialized(shape);
    for (Index row = 0; row < x.size() / classes; ++row) {
      double total = 0;
      for (Index c = 0; c < classes; ++c) total += std::exp(double{x.data()[row * classes + c]});
      for (Index c = 0; c < classes; ++c) {
        const Index i = row * classes + c;
        p.mutable_data()[i] = static_cast<Real>(std::exp(double{x.data()[i]}) / total);
      }
    }
    CHECK(relative_error(softmax(x), p) <= 1e-5);
    CHECK(relative_error(exp(log_softmax(x)), p) <= 1e-5);
  }
}

TEST_CASE("softmax does not overflow", "[ndarray]") {
  const NdArray x = NdArray::from(Shape{2, 2}, {1000, 1000, -1000, 1000});
  CHECK(relative_error(softmax(x), NdArray::from(Shape{2, 2}, {0.5, 0.5, 0, 1})) <= 1e-6);
  const NdArray y = log_softmax(x);
  CHECK(y.data()[0] == Approx(-0.6931472));
  CHECK(y.data()[2] == Approx(-2000));
  CHECK(y.data()[3] == Approx(0).margin(1e-6));
}

TEST_CASE("reductions: error texts", "[ndarray]") {
  const NdArray x = NdArray::zeros(Shape{2, 3});
  const NdArray empty = NdArray::zeros(Shape{2, 0});
  const NdArray scalar = NdArray::scalar(1);
  for (const Reduction& reduction : kReductions) {
    const std::string name = reduction.name;
    CHECK(error_of([&] { reduction.of_axis(x, 2, false); }) ==
          "InvalidArgument: " + name + ": axis 2 of shape [2, 3], expected -2 to 1");
    CHECK(error_of([&] { reduction.of_axis(x, -3, true); }) ==
          "InvalidArgument: " + name + ": axis -3 of shape [2, 3], expected -2 to 1");
    CHECK(error_of([&] { reduction.of_axis(scalar, 0, false); }) ==
          "InvalidArgument: " + name + ": axis 0 of a scalar, which has no axes");
  }
  CHECK(error_of([&] { argmax(x, 2); }) ==
        "InvalidArgument: argmax: axis 2 of shape [2, 3], expected -2 to 1");
  CHECK(error_of([&] { max(empty); }) ==
        "InvalidArgument: max: shape [2, 0] has no elements to choose from, expected at least one");
  CHECK(error_of([&] { max(empty, 1); }) ==
        "InvalidArgument: max: shape [2, 0] has no elements to choose from, expected at least one");
  CHECK(error_of([&] { argmax(empty, 1); }) ==
        "InvalidArgument: argmax: shape [2, 0] has no elements to choose from, "
        "expected at least one");
  CHECK(error_of([&] { softmax(scalar); }) ==
        "InvalidArgument: softmax: shape [], expected a last axis with at least one class");
  CHECK(error_of([&] { log_softmax(empty); }) ==
        "InvalidArgument: log_softmax: shape [2, 0], expected a last axis with at least one class");
}

}  // namespace lanegrad::test
