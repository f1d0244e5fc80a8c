// Creation, views, copy-on-write and copies of arrays, and their error texts.
#include "engine/ndarray/ndarray.h"

#include "engine/core/context.h"
#include "engine/core/random.h"
#include "engine/ndarray/index_array.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

using Values = std::vector<Real>;

const NdArray kMatrix = NdArray::from(Shape{2, 3}, {1, 2, 3, 4, 5, 6});

}  // namespace

TEST_CASE("ndarray: creation", "[ndarray]") {
  CHECK(NdArray().shape() == Shape{0});
  CHECK(values(NdArray::zeros(Shape{2})) == Values{0, 0});
  CHECK(values(NdArray::ones(Shape{1, 2})) == Values{1, 1});
  CHECK(values(NdArray::full(Shape{2}, 2.5)) == Values{2.5, 2.5});
  CHECK(NdArray::scalar(7).shape() == Shape{});
  CHECK(NdArray::scalar(7).item() == 7);
  CHECK(values(NdArray::arange(4)) == Values{0, 1, 2, 3});
  CHECK(NdArray::arange(0).size() == 0);
  CHECK(kMatrix.rank() == 2);
  CHECK(kMatrix.size() == 6);
  CHECK(values(NdArray::zeros(Shape{2, 0, 3})).empty());
}

TEST_CASE("ndarray: random creation follows the generator", "[ndarray]") {
  Random first(7);
  Random second(7);
  const NdArray x = NdArray::uniform(Shape{1000}, -2, 3, first);
  CHECK(values(x) == values(NdArray::uniform(Shape{1000}, -2, 3, second)));
  CHECK(values(x) != values(NdArray::uniform(Shape{1000}, -2, 3, second)));
  double sum = 0;
  for (const Real value : x.values()) {
    CHECK((value >= -2 && value < 3));
    sum += value;
  }
  CHECK(sum / 1000 == Approx(0.5).margin(0.2));

  const NdArray y = NdArray::normal(Shape{10000}, 1, 2, first);
  double mean = 0;
  double square = 0;
  for (const Real value : y.values()) {
    mean += value / 1e4;
    square += (value - 1.0) * (value - 1.0) / 1e4;
  }
  CHECK(mean == Approx(1).margin(0.1));
  CHECK(square == Approx(4).margin(0.3));
}

TEST_CASE("ndarray: item and at", "[ndarray]") {
  CHECK(NdArray::full(Shape{1, 1, 1}, 3).item() == 3);
  CHECK(kMatrix.at({0, 0}) == 1);
  CHECK(kMatrix.at({1, 0}) == 4);
  CHECK(kMatrix.at({1, 2}) == 6);
  CHECK(NdArray::scalar(9).at({}) == 9);
  CHECK(kMatrix.rows(1, 2).at({0, 1}) == 5);
}

TEST_CASE("ndarray: views share the buffer", "[ndarray]") {
  const NdArray x = NdArray::arange(6);
  CHECK(x.reshape(Shape{2, 3}).data() == x.data());
  CHECK(x.reshape(Shape{2, 3}).rows(1, 2).data() == x.data() + 3);
  CHECK(values(x.reshape(Shape{3, 2}).rows(1, 3)) == Values{2, 3, 4, 5});
  CHECK(x.reshape(Shape{3, 2}).rows(1, 3).shape() == Shape{2, 2});
  CHECK(x.reshape(Shape{3, 2}).rows(1, 1).shape() == Shape{0, 2});
  CHECK(x.rows(6, 6).size() == 0);
  CHECK(values(x.rows(2, 6).rows(1, 3)) == Values{3, 4});
  CHECK(NdArray::scalar(5).reshape(Shape{1, 1}).shape() == Shape{1, 1});
}

TEST_CASE("ndarray: a write splits what is shared", "[ndarray]") {
  NdArray x = NdArray::arange(4);
  const Real* before = x.data();
  x.mutable_data()[0] = 10;
  CHECK(x.data() == before);  // nobody shares it: in place

  NdArray copy = x;
  NdArray rows = x.rows(2, 4);
  NdArray reshaped = x.reshape(Shape{2, 2});
  copy.mutable_data()[1] = 20;
  rows.mutable_data()[0] = 30;
  reshaped.mutable_data()[3] = 40;
  CHECK(values(x) == Values{10, 1, 2, 3});
  CHECK(values(copy) == Values{10, 20, 2, 3});
  CHECK(values(rows) == Values{30, 3});
  CHECK(values(reshaped) == Values{10, 1, 2, 40});
  CHECK(x.data() == before);
}

TEST_CASE("ndarray: a view that is alone is written in place", "[ndarray]") {
  NdArray rows = NdArray::arange(4).rows(2, 4);
  const Real* before = rows.data();
  rows.mutable_data()[1] = 9;
  CHECK(rows.data() == before);
  CHECK(values(rows) == Values{2, 9});
}

TEST_CASE("ndarray: buffers go back to the pool", "[ndarray]") {
  Context context;
  const ContextScope scope(context);
  {
    const NdArray x = NdArray::zeros(Shape{100, 100});
    CHECK(context.pool().live_bytes() >= 100 * 100 * sizeof(Real));
    const NdArray y = x.rows(0, 1);
    CHECK(context.pool().live_bytes() < 2 * 100 * 100 * sizeof(Real));
  }
  CHECK(context.pool().live_bytes() == 0);
}

TEST_CASE("ndarray: transpose", "[ndarray]") {
  CHECK(values(kMatrix.transpose()) == Values{1, 4, 2, 5, 3, 6});
  CHECK(kMatrix.transpose().shape() == Shape{3, 2});
  CHECK(values(kMatrix.transpose(0, 0)) == values(kMatrix));
  CHECK(values(kMatrix.transpose(1, 0)) == values(kMatrix.transpose(-2, -1)));
  CHECK(NdArray::zeros(Shape{0, 3}).transpose().shape() == Shape{3, 0});

  // Every pair of axes, against the definition.
  const Shape shape{2, 3, 4, 5};
  const NdArray x = NdArray::arange(shape.size()).reshape(shape);
  for (int axis0 = 0; axis0 < 4; ++axis0) {
    for (int axis1 = 0; axis1 < 4; ++axis1) {
      INFO("axes " << axis0 << " and " << axis1);
      const NdArray y = x.transpose(axis0, axis1 - 4);
      Index extents[4] = {2, 3, 4, 5};
      std::swap(extents[axis0], extents[axis1]);
      REQUIRE(y.shape() == Shape(extents));
      Index wrong = 0;
      for (Index flat = 0; flat < y.size(); ++flat) {
        Index i[4] = {flat / (extents[1] * extents[2] * extents[3]),
                      flat / (extents[2] * extents[3]) % extents[1], flat / extents[3] % extents[2],
                      flat % extents[3]};
        const Real value = y.data()[flat];
        std::swap(i[axis0], i[axis1]);
        wrong += value != x.at({i[0], i[1], i[2], i[3]});
      }
      CHECK(wrong == 0);
    }
  }
}

TEST_CASE("ndarray: add_scaled", "[ndarray]") {
  NdArray x = NdArray::arange(3);
  const NdArray before = x;
  x.add_scaled(NdArray::from(Shape{3}, {10, 20, 30}), 0.5);
  CHECK(values(x) == Values{5, 11, 17});
  CHECK(values(before) == Values{0, 1, 2});
  x.add_scaled(x);
  CHECK(values(x) == Values{10, 22, 34});
}

TEST_CASE("ndarray: error texts", "[ndarray]") {
  const NdArray cube = NdArray::zeros(Shape{2, 3, 4});
  const NdArray scalar = NdArray::scalar(1);
  CHECK(error_of([] {
          NdArray::from(Shape{2, 2}, {1, 2, 3});
        }) == "ShapeMismatch: array: 3 values do not fill shape [2, 2], expected 4");
  CHECK(error_of([] { NdArray::arange(-1); }) ==
        "InvalidArgument: shape: [-1] has the negative extent -1");
  CHECK(error_of([] { kMatrix.item(); }) ==
        "InvalidArgument: item: shape [2, 3], expected an array with one element");
  CHECK(error_of([] { NdArray().item(); }) ==
        "InvalidArgument: item: shape [0], expected an array with one element");
  CHECK(error_of([] { kMatrix.at({1}); }) ==
        "InvalidArgument: at: index [1] into shape [2, 3], expected 2 numbers");
  CHECK(error_of([] {
          kMatrix.at({1, 3});
        }) == "InvalidArgument: at: index [1, 3] into shape [2, 3] is out of range at axis 1");
  CHECK(error_of([] {
          kMatrix.at({-1, 0});
        }) == "InvalidArgument: at: index [-1, 0] into shape [2, 3] is out of range at axis 0");
  CHECK(error_of([] { kMatrix.reshape(Shape{4}); }) ==
        "ShapeMismatch: reshape: [2, 3] has 6 elements and [4] has 4, expected the same number");
  CHECK(error_of([] { kMatrix.rows(1, 3); }) ==
        "InvalidArgument: rows: 1 to 3 of shape [2, 3], expected a range within 0 to 2");
  CHECK(error_of([] { kMatrix.rows(-1, 1); }) ==
        "InvalidArgument: rows: -1 to 1 of shape [2, 3], expected a range within 0 to 2");
  CHECK(error_of([] { kMatrix.rows(2, 1); }) ==
        "InvalidArgument: rows: 2 to 1 of shape [2, 3], expected a range within 0 to 2");
  CHECK(error_of([&] { scalar.rows(0, 1); }) ==
        "InvalidArgument: rows: a scalar has no rows, expected at least one axis");
  CHECK(error_of([] { NdArray::arange(3).transpose(); }) ==
        "InvalidArgument: transpose: shape [3] has 1 axes, expected at least 2");
  CHECK(error_of([&] { cube.transpose(0, 3); }) ==
        "InvalidArgument: transpose: axis 3 of shape [2, 3, 4], expected -3 to 2");
  CHECK(error_of([&] { cube.transpose(-4, 0); }) ==
        "InvalidArgument: transpose: axis -4 of shape [2, 3, 4], expected -3 to 2");
  CHECK(error_of([] { NdArray::zeros(Shape{2}).add_scaled(NdArray::zeros(Shape{3})); }) ==
        "ShapeMismatch: add_scaled: [3] cannot be added to [2], expected the same shape");
}

TEST_CASE("index array: values and copy-on-write", "[ndarray]") {
  IndexArray labels = IndexArray::from({3, 1, 2});
  CHECK(labels.shape() == Shape{3});
  const IndexArray copy = labels;
  CHECK(copy.data() == labels.data());
  labels.mutable_data()[0] = 9;
  CHECK(std::vector<std::int32_t>(labels.values().begin(), labels.values().end()) ==
        std::vector<std::int32_t>{9, 1, 2});
  CHECK(copy.values()[0] == 3);
  CHECK(IndexArray().size() == 0);
}

}  // namespace lanegrad::test
