// The backward pass of joined, deep and wide graphs, and the memory that graphs take.
#include "engine/core/context.h"
#include "engine/tensor/arithmetic.h"
#include "engine/tensor/functions.h"
#include "engine/tensor/matmul.h"
#include "engine/tensor/reduce.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

Tensor leaf(std::initializer_list<Real> values) {
  return Tensor(NdArray::from(Shape{static_cast<Index>(values.size())}, values), true);
}

Tensor chain(Tensor x, int operations) {
  for (int i = 0; i < operations; ++i) x = x + 1;
  return x;
}

}  // namespace

TEST_CASE("backward: a diamond, with arms of different length", "[tensor]") {
  const Tensor x = leaf({2});
  const Tensor y = x * x;
  const Tensor left = exp(y * 0);
  const Tensor right = chain(y, 3) * 2;
  (left * right * y).backward();  // 2 (x² + 3) x²
  CHECK(y.grad().value().item() == Approx(2 * 4 + 2 * 7));
  CHECK(x.grad().value().item() == Approx(8 * 8 + 12 * 2));
}

TEST_CASE("backward: deep graphs", "[tensor]") {
  const Tensor x(NdArray::scalar(0), true);
  {
    const Tensor y = chain(x, 10'000);
    CHECK(y.item() == 10'000);
    y.backward();
    CHECK(x.grad().value().item() == 1);
  }

  // Release alone: one stack frame for each of these would not fit into 8 MB.
  Tensor y = x;
  for (int i = 0; i < 150'000; ++i) y = neg(y);
  CHECK(y.item() == 0);
}

TEST_CASE("backward: wide graphs", "[tensor]") {
  const Tensor x(NdArray::scalar(1), true);
  Tensor total = scalar(0);
  for (int i = 0; i < 1000; ++i) total = total + x * static_cast<Real>(i);
  total.backward();
  CHECK(x.grad().value().item() == 499'500);
}

TEST_CASE("backward: a released graph gives all its memory back", "[tensor]") {
  Context context;
  const ContextScope scope(context);
  Tensor x(NdArray::ones(Shape{100}), true);
  x.backward(NdArray::ones(Shape{100}));
  const std::size_t before = context.pool().live_bytes();
  {
    const Tensor loss = sum(tanh(chain(x * x, 10)) / max(x));
    loss.backward();
    CHECK(context.pool().live_bytes() > before + 1000 * sizeof(Real));
  }
  CHECK(context.pool().live_bytes() == before);
  x = Tensor();
  CHECK(context.pool().live_bytes() == 0);
}

TEST_CASE("backward: without a graph, intermediate memory goes back at once", "[tensor]") {
  Context context;
  const ContextScope scope(context);
  const NoGrad no_grad;
  const Tensor x(NdArray::ones(Shape{1000}), true);
  const std::size_t before = context.pool().live_bytes();
  context.pool().reset_peak();
  const Tensor y = chain(x, 100);
  CHECK(context.pool().live_bytes() <= 2 * before);
  CHECK(context.pool().peak_bytes() <= 4 * before);
}

TEST_CASE("backward: a repeated step takes nothing new from the system", "[tensor]") {
  Context context;
  const ContextScope scope(context);
  Tensor x(NdArray::ones(Shape{8, 8}), true);
  const auto step = [&] {
    x.zero_grad();
    sum(tanh(matmul(x, x) / 8 + x)).backward();
  };
  step();
  step();
  const std::uint64_t misses = context.pool().misses();
  for (int i = 0; i < 10; ++i) step();
  CHECK(context.pool().misses() == misses);
}

}  // namespace lanegrad::test
