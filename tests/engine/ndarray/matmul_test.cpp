// The matrix product with its transpose flags against the definition; error texts.
#include "engine/ndarray/matmul.h"

#include "engine/core/random.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

TEST_CASE("matmul: all transposes of awkward shapes", "[ndarray]") {
  Random random(5);
  struct Sizes {
    Index m, k, n;
  };
  for (const auto [m, k, n] :
       {Sizes{1, 1, 1}, Sizes{2, 3, 4}, Sizes{1, 100, 1}, Sizes{7, 1, 9}, Sizes{17, 33, 5},
        Sizes{64, 65, 10}, Sizes{3, 0, 2}, Sizes{0, 3, 2}, Sizes{2, 3, 0}}) {
    const NdArray a = NdArray::uniform(Shape{m, k}, -1, 1, random);
    const NdArray b = NdArray::uniform(Shape{k, n}, -1, 1, random);
    NdArray expected = NdArray::uninitialized(Shape{m, n});
    for (Index i = 0; i < expected.size(); ++i) {
      double sum = 0;
      for (Index l = 0; l < k; ++l) sum += double{a.at({i / n, l})} * double{b.at({l, i % n})};
      expected.mutable_data()[i] = static_cast<Real>(sum);
    }
    const NdArray at = a.transpose();
    const NdArray bt = b.transpose();
    INFO(a.shape().text() << " by " << b.shape().text());
    CHECK(relative_error(matmul(a, b), expected, 1) <= 1e-6);
    CHECK(relative_error(matmul(at, b, {.a = true}), expected, 1) <= 1e-6);
    CHECK(relative_error(matmul(a, bt, {.b = true}), expected, 1) <= 1e-6);
    CHECK(relative_error(matmul(at, bt, {.a = true, .b = true}), expected, 1) <= 1e-6);
  }
}

TEST_CASE("matmul: views are multiplied where they stand", "[ndarray]") {
  const NdArray x = NdArray::arange(8).reshape(Shape{4, 2});
  CHECK(values(matmul(x.rows(1, 3), x.rows(2, 4))) == std::vector<Real>{26, 31, 46, 55});
}

TEST_CASE("matmul: error texts", "[ndarray]") {
  const NdArray a = NdArray::zeros(Shape{64, 784});
  const NdArray b = NdArray::zeros(Shape{128, 10});
  CHECK(error_of([&] { matmul(a, b); }) ==
        "ShapeMismatch: matmul: lhs [64, 784] and rhs [128, 10] do not multiply, "
        "expected equal inner extents");
  CHECK(error_of([&] { matmul(a, b, {.a = true}); }) ==
        "ShapeMismatch: matmul: lhs [64, 784] transposed and rhs [128, 10] do not multiply, "
        "expected equal inner extents");
  CHECK(error_of([&] { matmul(a, b, {.b = true}); }) ==
        "ShapeMismatch: matmul: lhs [64, 784] and rhs [128, 10] transposed do not multiply, "
        "expected equal inner extents");
  CHECK(error_of([&] { matmul(a, NdArray::zeros(Shape{784})); }) ==
        "ShapeMismatch: matmul: lhs [64, 784] and rhs [784] do not multiply, "
        "expected two matrices");
}

}  // namespace lanegrad::test
