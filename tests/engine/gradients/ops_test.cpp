// The gradient of every op of the table, on each of its samples.
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

}  // namespace lanegrad::test
