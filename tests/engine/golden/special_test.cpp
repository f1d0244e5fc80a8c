// Each op at special points, forward and backward, against PyTorch in float: zeros of both signs,
// ties, bounds, infinities, NaN, denormals, numbers far from 1 and near 0.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <string>
#include <string_view>

#include "engine/losses/mse.h"
#include "engine/losses/softmax_cross_entropy.h"
#include "tests/engine/catch.h"
#include "tests/engine/golden/golden.h"
#include "tests/engine/tensor/op_table.h"

namespace lanegrad::test {

namespace {

constexpr double kTolerance = 1e-5;

// One element of a result "y", or of a gradient "dx0".
struct Point {
  const golden::Record& record;
  std::string key;
  std::size_t index;
  double ours;
  double theirs;

  // The element at this place of another array of the same shape.
  double of(const char* array) const { return record[array].values()[index]; }
  // The channel of the element, in batch_norm's arrays [N, C], [N, C, H, W] and [C].
  std::size_t channel() const {
    const Shape& shape = record[key].shape();
    const Index size = shape.rank() == 4 ? shape[2] * shape[3] : 1;
    return index / static_cast<std::size_t>(size) % 3;
  }
  bool op_is(std::string_view name) const { return record.name == name; }
  bool op_begins(std::string_view name) const { return record.name.starts_with(name); }
  template <class Property>
  bool any(const char* array, Property property) const {
    for (const Real value : record[array].values()) {
      if (property(value)) return true;
    }
    return false;
  }
};

bool is_nan(Real x) { return std::isnan(x); }
bool is_infinite(Real x) { return std::isinf(x); }
bool is_far(Real x) { return std::abs(x) >= 16777216 && std::isfinite(x); }

// A place where our numbers differ from PyTorch's. docs/numbers.md lists them, too, in this order.
struct Difference {
  const char* reason;
  bool (*holds)(const Point& at);
};

const Difference kDifferences[] = {
    {"abs of NaN has the gradient NaN, PyTorch's is 0: what went wrong stays to be seen.",
     [](const Point& at) { return at.op_is("abs") && std::isnan(at.of("x0")); }},
    {"abs has the gradient 0 at 0 even where an infinite one comes back, as in sqrt(abs(0)); "
     "PyTorch's is NaN.",
     [](const Point& at) {
       return at.op_is("abs") && at.of("x0") == 0 && std::isinf(at.of("dy"));
     }},
    {"sigmoid below -88.7 keeps its digits, since it is e^x there; PyTorch's 1 / (1 + e^-x) is 0.",
     [](const Point& at) { return at.op_is("sigmoid") && at.of("x0") < -88.7; }},
    {"gelu keeps its digits in the tail; PyTorch's x * (1 + erf(x / sqrt 2)) / 2 loses them from "
     "-3 on and is 0 from -6 on.",
     [](const Point& at) { return at.op_is("gelu") && at.of("x0") <= -3; }},
    {"gelu has a limit at infinities, and that is its value and gradient; PyTorch's are NaN.",
     [](const Point& at) { return at.op_is("gelu") && std::isinf(at.of("x0")); }},
    {"softplus has the gradient dy * sigmoid(x); PyTorch's dy * e^x / (e^x + 1) is infinite where "
     "dy * e^x is.",
     [](const Point& at) {
       return at.op_is("softplus") && at.key == "dx0" && std::isinf(at.theirs);
     }},
    {"silu keeps its digits below -88.7, since it is x * e^x there; PyTorch's x / (1 + e^-x) is 0.",
     [](const Point& at) { return at.op_is("silu") && at.of("x0") < -88.7; }},
    {"silu has a limit at infinities, and that is its value and gradient; PyTorch's are NaN.",
     [](const Point& at) { return at.op_is("silu") && std::isinf(at.of("x0")); }},
    {"sum and mean add partial sums in double or with what rounding took from them: 3e38 + 3e38 - "
     "3e38 is 3e38, and 1 + 2^24 - 2^24 is 1.",
     [](const Point& at) {
       return (at.op_begins("sum") || at.op_begins("mean")) && at.any("x0", is_far);
     }},
    {"max over all elements gives its gradient to the first of the largest, as max over an axis "
     "does; PyTorch's spreads it over all of them.",
     [](const Point& at) { return at.op_is("max") && at.key == "dx0"; }},
    {"Pooling takes the first of several NaN, PyTorch the last.",
     [](const Point& at) {
       return (at.op_begins("max_pool2d") || at.op_begins("conv2d with max_pool2d")) &&
              at.key != "y" && at.any("x0", is_nan);
     }},
    {"A convolution with its pool multiplies only what a window chose: with an infinite filter "
     "PyTorch's gradients are 0 * infinity = NaN where nothing was chosen.",
     [](const Point& at) {
       return at.op_begins("conv2d with max_pool2d") && at.key != "y" && at.any("x1", is_infinite);
     }},
    {"The gradient of a convolution's input is a convolution whose padding is multiplied, too: "
     "with an infinite filter it is NaN at more places than PyTorch's.",
     [](const Point& at) {
       return at.op_begins("conv2d") && at.key == "dx0" && at.any("x1", is_infinite);
     }},
    {"batch_norm subtracts a mean before it squares: around 1e8 it is right in every digit, where "
     "PyTorch's is wrong in the first.",
     [](const Point& at) {
       return at.op_is("batch_norm") && at.any("x0", [](Real x) { return x == 1e8F; }) &&
              at.channel() == 0;
     }},
    {"batch_norm of equal numbers is the bias; PyTorch's mean of them is not always that number: "
     "six times 1e10 give 2048.",
     [](const Point& at) {
       return at.op_is("batch_norm") && at.key == "y" &&
              at.any("x0", [](Real x) { return x == 1e10F; });
     }},
    {"batch_norm of numbers whose variance no float can hold, beyond 1e19, is NaN, which a "
     "training reports; PyTorch's is the bias.",
     [](const Point& at) {
       return at.op_is("batch_norm") && std::isnan(at.ours) &&
              at.any("x0", [](Real x) { return std::abs(x) >= 1e30F && std::isfinite(x); });
     }},
    {"batch_norm with an infinite weight is infinite; PyTorch's is infinity - infinity = NaN.",
     [](const Point& at) {
       return at.op_begins("batch_norm") && at.key == "y" && at.any("x1", is_infinite) &&
              std::isnan(at.theirs);
     }},
    {"batch_norm's gradient multiplies by the weight before it adds: an infinite weight gives NaN, "
     "PyTorch's is infinite.",
     [](const Point& at) {
       return at.op_is("batch_norm") && at.key == "dx0" && at.any("x1", is_infinite) &&
              std::isnan(at.ours);
     }},
};

// The cross entropy where the right class is always kLabel.
template <int kLabel>
Tensor cross_entropy(Operands x, double smoothing) {
  IndexArray labels(Shape{x[0].shape()[0]});
  for (Index i = 0; i < labels.size(); ++i) labels.mutable_data()[i] = kLabel;
  return SoftmaxCrossEntropy(smoothing).forward(x[0], labels);
}

std::vector<Op> ops_and_losses() {
  std::vector<Op> all = op_table();
  // clang-format off
  const std::vector<Op> losses = {
      {"MSE", [](Operands x) { return MSE().forward(x[0], x[1]); }, {}},
      {"SoftmaxCrossEntropy of class 0", [](Operands x) { return cross_entropy<0>(x, 0); }, {}},
      {"SoftmaxCrossEntropy of class 1", [](Operands x) { return cross_entropy<1>(x, 0); }, {}},
      {"SoftmaxCrossEntropy of class 2", [](Operands x) { return cross_entropy<2>(x, 0); }, {}},
      {"SoftmaxCrossEntropy of class 0 with label smoothing", [](Operands x) { return cross_entropy<0>(x, 0.25); }, {}},
      {"SoftmaxCrossEntropy of class 1 with label smoothing", [](Operands x) { return cross_entropy<1>(x, 0.25); }, {}},
      {"SoftmaxCrossEntropy of class 2 with label smoothing", [](Operands x) { return cross_entropy<2>(x, 0.25); }, {}},
  };
  // clang-format on
  all.insert(all.end(), losses.begin(), losses.end());
  return all;
}

// Zeros of either sign are equal, and so are neighbours among the denormal numbers.
bool same(double a, double b) {
  if (a == b || (std::isnan(a) && std::isnan(b)) || std::abs(a - b) < 1.5e-45) return true;
  return std::isfinite(a) && std::isfinite(b) &&
         std::abs(a - b) <= kTolerance * std::max(std::abs(a), std::abs(b));
}

}  // namespace

TEST_CASE("ops at special points are PyTorch's, or the difference has a reason", "[golden]") {
  const std::vector<Op> ops = ops_and_losses();
  std::set<std::string> covered;
  std::set<const Difference*> met;
  const auto compare = [&](const golden::Record& record, const NdArray& ours, std::string key) {
    const NdArray& theirs = record[key];
    REQUIRE(ours.shape() == theirs.shape());
    for (std::size_t i = 0; i < theirs.values().size(); ++i) {
      const Point at{record, key, i, ours.values()[i], theirs.values()[i]};
      if (same(at.ours, at.theirs)) continue;
      const auto* known = std::find_if(std::begin(kDifferences), std::end(kDifferences),
                                       [&](const Difference& each) { return each.holds(at); });
      INFO(record.name << " of " << record["x0"].shape().text() << ", dy "
                       << record["dy"].values()[0] << ": " << key << "[" << i << "] is " << at.ours
                       << ", PyTorch's " << at.theirs);
      CHECK(known != std::end(kDifferences));
      met.insert(known);
    }
  };
  for (const golden::Record& record : golden::special()) {
    INFO(record.name);
    const auto op = std::find_if(ops.begin(), ops.end(),
                                 [&](const Op& each) { return each.name == record.name; });
    REQUIRE(op != ops.end());
    covered.insert(record.name);
    std::vector<Tensor> x;
    for (std::string key = "x0"; record.has(key); ++key.back()) x.emplace_back(record[key], true);
    const Tensor y = op->apply(x);
    compare(record, y.data(), "y");
    y.backward(record["dy"]);
    std::string key = "dx0";
    for (const Tensor& operand : x) {
      compare(record, operand.grad().value(), key);
      ++key.back();
    }
  }
  for (const Op& op : ops) {
    INFO(op.name << " has no special points: add some in make.py");
    CHECK(covered.contains(op.name));
  }
  for (const Difference& difference : kDifferences) {
    INFO(difference.reason);
    CHECK(met.contains(&difference));
  }
}

}  // namespace lanegrad::test
