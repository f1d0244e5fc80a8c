// The gradient of every op of the table, on each of its samples.
#include <algorithm>

#include "tests/engine/catch.h"
#include "tests/engine/gradients/check_gradients.h"
#include "tests/engine/tensor/op_table.h"

namespace lanegrad::test {

TEST_CASE("gradients of the ops", "[gradients]") {
  for (const Op& op : op_table()) {
    std::uint64_t seed = 1;
    for (const Shapes& shapes : op.samples) {
      const std::vector<Tensor> x = make_operands(shapes, op.range, seed++);
      const GradientCheck check = check_gradients([&] { return op.apply(x); }, x);
      INFO(op.name << " of " << text_of(shapes) << ": " << check.where);
      CHECK(check.error <= kGradientTolerance);
    }
  }
}

TEST_CASE("the table of ops has every function of one number", "[gradients]") {
  const auto& ops = op_table();
  for (const char* const name : kernels::kUnaryNames) {
    INFO(name << " is in engine/kernels/unary.h: add a line to tests/engine/tensor/op_table.h");
    CHECK(std::any_of(ops.begin(), ops.end(),
                      [&](const Op& op) { return op.name == std::string(name); }));
  }
}

TEST_CASE("gradients of pow where the base is 0", "[gradients]") {
  const Tensor a(NdArray::from({4}, {0, 0, 0, 2}), true);
  const Tensor b(NdArray::from({4}, {1, 2, 3, 0}), true);
  const GradientCheck check = check_gradients([&] { return pow(a, b); }, {a, b});
  INFO(check.where);
  CHECK(check.error <= kGradientTolerance);
}

}  // namespace lanegrad::test
