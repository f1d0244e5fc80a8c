// Each op forward and backward against PyTorch.
#include <set>

#include "tests/engine/catch.h"
#include "tests/engine/golden/golden.h"
#include "tests/engine/ndarray/expect.h"
#include "tests/engine/tensor/op_table.h"

namespace lanegrad::test {

namespace {

constexpr double kTolerance = 1e-5;

const Op* find_op(const std::string& name) {
  for (const Op& op : op_table()) {
    if (op.name == name) return &op;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("ops agree with PyTorch", "[golden]") {
  std::set<std::string> covered;
  for (const golden::Record& record : golden::ops()) {
    const Op* op = find_op(record.name);
    INFO(record.name << " of " << record["x0"].shape().text() << ", ...");
    REQUIRE(op != nullptr);
    covered.insert(record.name);

    std::vector<Tensor> x;
    for (std::string key = "x0"; record.has(key); ++key.back()) x.emplace_back(record[key], true);
    const Tensor y = op->apply(x);
    CHECK(relative_error(y.data(), record["y"]) <= kTolerance);
    y.backward(record["dy"]);
    std::string key = "dx0";
    for (const Tensor& operand : x) {
      INFO(key);
      REQUIRE(operand.grad().has_value());
      CHECK(relative_error(*operand.grad(), record[key]) <= kTolerance);
      ++key.back();
    }
  }
  for (const Op& op : op_table()) {
    INFO(op.name << " has no numbers from PyTorch: add a line to make.py");
    CHECK(covered.contains(op.name));
  }
}

}  // namespace lanegrad::test
