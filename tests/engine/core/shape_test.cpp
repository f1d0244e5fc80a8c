// Extents, broadcasting and axes, and what is said where they are wrong.
#include "engine/core/shape.h"

#include <optional>
#include <string>
#include <vector>

#include "engine/core/error.h"
#include "tests/engine/catch.h"

namespace lanegrad {
namespace {

// "Code: message" of the error that `action` throws, or "nothing was thrown".
template <class Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return str(to_string(error.code()), ": ", error.message());
  }
  return "nothing was thrown";
}

TEST_CASE("a shape knows its rank, extents and size", "[core][shape]") {
  const Shape scalar;
  CHECK(scalar.rank() == 0);
  CHECK(scalar.size() == 1);
  CHECK(scalar.extents().empty());

  const Shape shape{2, 3, 4, 5};
  CHECK(shape.rank() == 4);
  CHECK(shape.size() == 120);
  CHECK(shape[0] == 2);
  CHECK(shape[3] == 5);
  CHECK(Shape{3, 0, 5}.size() == 0);
  CHECK(Shape{1 << 30}.size() == Index{1} << 30);
  const std::vector<Index> extents{7, 8};
  CHECK(Shape(std::span<const Index>(extents)) == Shape{7, 8});
}

TEST_CASE("shapes are equal where rank and extents are", "[core][shape]") {
  CHECK(Shape{2, 3} == Shape{2, 3});
  CHECK(Shape{2, 3} != Shape{3, 2});
  CHECK(Shape{2} != Shape{2, 1});
  CHECK(Shape{} != Shape{1});
  CHECK(Shape{} == Shape{});
}

TEST_CASE("a shape reads like a list", "[core][shape]") {
  CHECK(Shape{}.text() == "[]");
  CHECK(Shape{5}.text() == "[5]");
  CHECK(Shape{64, 784}.text() == "[64, 784]");
}

TEST_CASE("wrong extents are refused", "[core][shape]") {
  CHECK(error_of([] {
          Shape{1, 2, 3, 4, 5};
        }) == "InvalidArgument: shape: [1, 2, 3, 4, 5] has 5 axes, at most 4 are supported");
  CHECK(error_of([] {
          Shape{2, -3};
        }) == "InvalidArgument: shape: [2, -3] has the negative extent -3");
  CHECK(error_of([] {
          Shape{1 << 15, (1 << 15) + 1};
        }) ==
        "InvalidArgument: shape: [32768, 32769] has more than 1073741824 elements, the most an "
        "array may have");
  // A product that would overflow 64 bits on its way.
  CHECK(error_of([] {
          Shape{Index{1} << 40, Index{1} << 40};
        }) ==
        "InvalidArgument: shape: [1099511627776, 1099511627776] has more than 1073741824 elements, "
        "the most an array may have");
}

TEST_CASE("an axis can be removed or kept as 1", "[core][shape]") {
  const Shape shape{2, 3, 4};
  CHECK(shape.without(0, false) == Shape{3, 4});
  CHECK(shape.without(1, false) == Shape{2, 4});
  CHECK(shape.without(2, false) == Shape{2, 3});
  CHECK(shape.without(0, true) == Shape{1, 3, 4});
  CHECK(shape.without(1, true) == Shape{2, 1, 4});
  CHECK(shape.without(2, true) == Shape{2, 3, 1});
  CHECK(Shape{5}.without(0, false) == Shape{});
}

TEST_CASE("shapes broadcast as in numpy", "[core][shape]") {
  struct Case {
    Shape a, b;
    std::optional<Shape> result;
  };
  const std::vector<Case> cases = {
      {{}, {}, Shape{}},
      {{}, {3}, Shape{3}},
      {{3}, {3}, Shape{3}},
      {{1}, {3}, Shape{3}},
      {{2, 3}, {3}, Shape{2, 3}},
      {{2, 3}, {1}, Shape{2, 3}},
      {{2, 3}, {2, 1}, Shape{2, 3}},
      {{2, 1}, {1, 3}, Shape{2, 3}},
      {{2, 1}, {3}, Shape{2, 3}},
      {{4, 1, 3, 1}, {5, 1, 2}, Shape{4, 5, 3, 2}},
      {{0}, {1}, Shape{0}},
      {{0, 3}, {3}, Shape{0, 3}},
      {{2, 1}, {0}, Shape{2, 0}},
      {{2, 3}, {2}, std::nullopt},
      {{2, 3}, {4}, std::nullopt},
      {{2, 3}, {3, 3}, std::nullopt},
      {{0}, {2}, std::nullopt},
      {{3, 1, 2}, {2, 1, 4, 1}, Shape{2, 3, 4, 2}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.a.text(), c.b.text());
    if (c.result) {
      CHECK(broadcast("add", c.b, c.a) == *c.result);
      CHECK(broadcast("add", c.a, c.b) == *c.result);
    } else {
      CHECK_THROWS_AS(broadcast("add", c.a, c.b), Error);
      CHECK_THROWS_AS(broadcast("add", c.b, c.a), Error);
    }
  }
}

TEST_CASE("shapes that do not broadcast are named", "[core][shape]") {
  CHECK(
      error_of([] {
        broadcast("add", Shape{2, 3}, Shape{4});
      }) ==
      "ShapeMismatch: add: [2, 3] and [4] do not broadcast, each pair of extents counted from the "
      "end must be equal or 1");
  CHECK(error_of([] {
          broadcast("add", Shape{1 << 20, 1}, Shape{1 << 20});
        }) ==
        "InvalidArgument: shape: [1048576, 1048576] has more than 1073741824 elements, the most an "
        "array may have");
}

TEST_CASE("axes count from either end", "[core][shape]") {
  const Shape shape{2, 3, 4};
  for (int axis = 0; axis < 3; ++axis) {
    CHECK(normalize_axis("sum", axis, shape) == axis);
    CHECK(normalize_axis("sum", axis - 3, shape) == axis);
  }
  CHECK(error_of([&] { normalize_axis("sum", 3, shape); }) ==
        "InvalidArgument: sum: axis 3 of shape [2, 3, 4], expected -3 to 2");
  CHECK(error_of([&] { normalize_axis("max", -4, shape); }) ==
        "InvalidArgument: max: axis -4 of shape [2, 3, 4], expected -3 to 2");
  CHECK(error_of([] { normalize_axis("sum", 0, Shape{}); }) ==
        "InvalidArgument: sum: axis 0 of a scalar, which has no axes");
}

}  // namespace
}  // namespace lanegrad
