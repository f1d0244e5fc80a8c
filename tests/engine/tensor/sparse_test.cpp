// Products whose left operand is mostly one number, which run by lists: the numbers, bits and
// gradients of dense products.
#include "engine/ndarray/sparse.h"

#include <cmath>
#include <cstring>
#include <limits>

#include "engine/core/random.h"
#include "engine/ndarray/arithmetic.h"
#include "engine/optimizers/adam.h"
#include "engine/tensor/arithmetic.h"
#include "engine/tensor/functions.h"
#include "engine/tensor/matmul.h"
#include "engine/tensor/reduce.h"
#include "tests/engine/catch.h"
#include "tests/engine/support/compare.h"

namespace lanegrad {
namespace {

using test::difference;

constexpr Index kRows = 48;
constexpr Index kInputs = 300;
constexpr Index kOutputs = 100;

// Numbers of which one in twenty is not `background`.
NdArray mostly(Real background) {
  Random random(7);
  NdArray x = NdArray::normal({kRows, kInputs}, 0, 1, random);
  Real* value = x.mutable_data();
  for (Index i = 0; i < x.size(); ++i) {
    if (random.uniform(0, 1) > 0.05) value[i] = background;
  }
  return x;
}

Tensor weights() {
  Random random(8);
  return Tensor(NdArray::normal({kInputs, kOutputs}, 0, 1, random), true);
}

NdArray gradient() {
  Random random(9);
  return NdArray::normal({kRows, kOutputs}, 0, 1, random);
}

bool same_bits(const NdArray& a, const NdArray& b) {
  return a.shape() == b.shape() &&
         std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(Real)) == 0;
}

TEST_CASE("lists are made where they pay, by the numbers alone", "[tensor][sparse]") {
  CHECK(SparseMatrix::of(mostly(0), kOutputs));
  CHECK(SparseMatrix::of(mostly(-0.4242f), kOutputs));
  CHECK(SparseMatrix::of(mostly(-0.4242f), kOutputs).lists().background == -0.4242f);
  CHECK_FALSE(SparseMatrix::of(gradient(), 1000));            // hardly two numbers are the same
  CHECK_FALSE(SparseMatrix::of(mostly(0), 31));               // few columns
  CHECK_FALSE(SparseMatrix::of(mostly(0).rows(0, 15), 300));  // few rows
  CHECK_FALSE(SparseMatrix::of(NdArray::zeros({16, 16}), 100));
  CHECK_FALSE(SparseMatrix::of(NdArray::zeros({300000}), 100));
  // The first rows are no sample of the others.
  NdArray x = mostly(0);
  const NdArray dense = gradient();
  for (Index i = kInputs * kRows / 2; i < x.size(); ++i) {
    x.mutable_data()[i] = dense.data()[i % dense.size()];
  }
  CHECK_FALSE(SparseMatrix::of(x, kOutputs));
}

TEST_CASE("a product by lists has the dense product's values and gradients", "[tensor][sparse]") {
  const Real background = GENERATE(Real{0}, Real(-0.4242), Real{1});
  CAPTURE(background);
  const NdArray x = mostly(background);
  const Tensor input(x, true);
  const Tensor weight = weights();
  const NdArray dy = gradient();
  const Tensor y = matmul(input, weight);
  y.backward(dy);
  const test::Tolerance close{.absolute = 2e-4};
  CHECK(difference(y.data().values(), matmul(x, weight.data()).values(), close) == "");
  CHECK(difference(weight.grad()->values(), matmul(x, dy, {.a = true}).values(), close) == "");
  CHECK(difference(input.grad()->values(), matmul(dy, weight.data(), {.b = true}).values()) == "");
}

TEST_CASE("a dense layer by lists has the bits of its parts", "[tensor][sparse]") {
  const Tensor x(mostly(0));
  Random random(3);
  const Tensor bias(NdArray::normal({kOutputs}, 0, 1, random), true);
  const Tensor weight = weights();
  const Tensor fused = dense(x, weight, bias, true);
  fused.backward(gradient());
  const Tensor again = weights();
  const Tensor plain = relu(matmul(x, again) + bias);
  plain.backward(gradient());
  CHECK(same_bits(fused.data(), plain.data()));
  CHECK(same_bits(*weight.grad(), *again.grad()));
}

TEST_CASE("a weight that is not finite does not hide behind what is left out", "[tensor][sparse]") {
  const Real broken =
      GENERATE(std::numeric_limits<Real>::infinity(), std::numeric_limits<Real>::quiet_NaN());
  NdArray x = mostly(0);
  for (Index row = 0; row < kRows; ++row) x.mutable_data()[row * kInputs + 5] = 0;
  Tensor weight = weights();
  weight.mutable_data()[5 * kOutputs + 3] = broken;
  REQUIRE(SparseMatrix::of(x, kOutputs));
  const NdArray y = matmul(Tensor(x), weight).data();
  for (Index row = 0; row < kRows; ++row) {
    CHECK(std::isnan(y.data()[row * kOutputs + 3]));
    CHECK(std::isfinite(y.data()[row * kOutputs + 4]));
  }
}

TEST_CASE("gradients by lists add up over passes and over uses", "[tensor][sparse]") {
  const Tensor x(mostly(0));
  const Tensor once = weights();
  matmul(x, once).backward(gradient());
  const NdArray one = *once.grad();
  const Tensor twice = weights();
  matmul(x, twice).backward(gradient());
  matmul(x, twice).backward(gradient());
  CHECK(difference(twice.grad()->values(), (one + one).values()) == "");
  const Tensor shared = weights();
  (matmul(x, shared) + matmul(x, shared)).backward(gradient());
  CHECK(difference(shared.grad()->values(), (one + one).values()) == "");
  Tensor cleared = weights();
  matmul(x, cleared).backward(gradient());
  CHECK(cleared.grad_product() != nullptr);
  cleared.zero_grad();
  CHECK(cleared.grad_product() == nullptr);
  CHECK_FALSE(cleared.grad());
  matmul(x, cleared).backward(gradient());
  cleared.scale_grad(2);
  CHECK(difference(cleared.grad()->values(), (one + one).values()) == "");
}

TEST_CASE("Adam's steps have the same bits whether the gradient is asked for or not",
          "[tensor][sparse]") {
  const Real background = GENERATE(Real{0}, Real(-0.4242));
  const Tensor x(mostly(background));
  const OptimizerOptions options{.learning_rate = 0.01, .weight_decay = 0.1};
  const auto trained = [&](bool asked, bool decoupled) {
    const Tensor weight = weights();
    std::unique_ptr<Optimizer> adam;
    if (decoupled) {
      adam = std::make_unique<AdamW>(std::vector<Tensor>{weight}, options);
    } else {
      adam = std::make_unique<Adam>(std::vector<Tensor>{weight}, options);
    }
    for (int step = 0; step < 3; ++step) {
      adam->zero_grad();
      const Tensor y = matmul(x, weight);
      y.backward(y.data());
      CHECK((weight.grad_product() != nullptr));
      if (asked) CHECK(weight.grad()->size() == weight.size());
      CHECK((weight.grad_product() == nullptr) == asked);
      adam->step();
    }
    return weight.data();
  };
  CHECK(same_bits(trained(true, false), trained(false, false)));
  CHECK(same_bits(trained(true, true), trained(false, true)));
}

TEST_CASE("a product by lists has the same bits for any number of threads", "[tensor][sparse]") {
  if (!kHasThreads) return;
  const Tensor x(mostly(Real(-0.4242)));
  const auto result = [&](int threads) {
    Context::current().set_thread_count(threads);
    const Tensor weight = weights();
    Adam adam({weight});
    const Tensor y = matmul(x, weight);
    y.backward(gradient());
    adam.step();
    Context::current().set_thread_count(1);
    return std::pair(y.data(), weight.data());
  };
  const auto one = result(1);
  for (const int threads : {2, 3}) {
    const auto more = result(threads);
    CHECK(same_bits(one.first, more.first));
    CHECK(same_bits(one.second, more.second));
  }
}

}  // namespace
}  // namespace lanegrad
