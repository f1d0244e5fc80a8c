#include "engine/optimizers/clip.h"

#include <cmath>
#include <limits>
#include <vector>

#include "engine/tensor/node.h"
#include "engine/tensor/reduce.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

// Two tensors with the gradients (3, 0) and 4, and one without.
std::vector<Tensor> with_gradients() {
  std::vector<Tensor> tensors = {Tensor(NdArray::zeros({2}), true),
                                 Tensor(NdArray::zeros({1}), true),
                                 Tensor(NdArray::zeros({7}), true)};
  tensors[0].backward(NdArray::from({2}, {3, 0}));
  tensors[1].backward(NdArray::from({1}, {4}));
  return tensors;
}

}  // namespace

TEST_CASE("clipping scales all gradients by one factor", "[optimizers]") {
  const std::vector<Tensor> tensors = with_gradients();
  CHECK(clip_gradients(tensors, 2.5) == 5);
  CHECK(values(*tensors[0].grad()) == std::vector<Real>{1.5f, 0});
  CHECK(values(*tensors[1].grad()) == std::vector<Real>{2});
  CHECK_FALSE(tensors[2].grad());
}

TEST_CASE("gradients within the norm stay, and so do those that are not finite", "[optimizers]") {
  for (const double norm : {5.0, 100.0}) {
    const std::vector<Tensor> tensors = with_gradients();
    CHECK(clip_gradients(tensors, norm) == 5);
    CHECK(values(*tensors[0].grad()) == std::vector<Real>{3, 0});
  }
  const std::vector<Tensor> tensors = with_gradients();
  const Real infinity = std::numeric_limits<Real>::infinity();
  tensors[1].backward(NdArray::from({1}, {infinity}));
  CHECK(std::isinf(clip_gradients(tensors, 1)));
  CHECK(values(*tensors[0].grad()) == std::vector<Real>{3, 0});
  tensors[1].backward(NdArray::from({1}, {-infinity}));
  CHECK(std::isnan(clip_gradients(tensors, 1)));
  CHECK(values(*tensors[0].grad()) == std::vector<Real>{3, 0});
}

TEST_CASE("gradients whose squares no float can hold are clipped", "[optimizers]") {
  const std::vector<Tensor> tensors = with_gradients();
  for (const double size : {1e25, 1e-30}) {
    tensors[0].node()->grad = NdArray::from({2}, {static_cast<Real>(3 * size), 0});
    tensors[1].node()->grad = NdArray::from({1}, {static_cast<Real>(-4 * size)});
    CHECK(clip_gradients(tensors, size) == Approx(5 * size));
    CHECK(tensors[0].grad()->data()[0] / size == Approx(0.6));
    CHECK(tensors[1].grad()->data()[0] / size == Approx(-0.8));
  }
  // PyTorch's way to ask for the norm alone.
  CHECK(clip_gradients(tensors, std::numeric_limits<double>::infinity()) == Approx(1e-30));
}

TEST_CASE("clipping leaves gradients alone that others hold", "[optimizers]") {
  const std::vector<Tensor> tensors = with_gradients();
  const NdArray held = *tensors[0].grad();
  clip_gradients(tensors, 1);
  CHECK(values(held) == std::vector<Real>{3, 0});
}

TEST_CASE("clipping refuses norms that make no sense", "[optimizers]") {
  CHECK(error_of([] { clip_gradients({}, 0); }) ==
        "InvalidArgument: clip gradients: norm 0, expected one above 0");
  CHECK(error_of([] { clip_gradients({}, std::nan("")); }) ==
        "InvalidArgument: clip gradients: norm nan, expected one above 0");
}

}  // namespace lanegrad::test
