#include "engine/optimizers/catalog.h"

#include "engine/tensor/reduce.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

// The weight after two steps with gradients 1, from 0.
double two_steps(std::string_view name, const OptimizerOptions& options) {
  const Tensor w(NdArray::zeros({1}), true);
  const auto optimizer = make_optimizer(name, {w}, options);
  for (int i = 0; i < 2; ++i) {
    optimizer->zero_grad();
    sum(w).backward();
    optimizer->step();
  }
  return w.item();
}

}  // namespace

TEST_CASE("optimizers have names and usual settings", "[optimizers]") {
  const Tensor w(NdArray::zeros({1}), true);
  for (const std::string_view name : optimizer_names()) {
    CHECK(make_optimizer(name, {w}, {})->tensors().size() == 1);
  }
  CHECK(make_optimizer("adam", {w}, {})->kind() == "Adam");
  CHECK(make_optimizer("adam", {w}, {})->learning_rate() == 0.001);
  CHECK(make_optimizer("adamw", {w}, {})->kind() == "AdamW");
  CHECK(make_optimizer("sgd", {w}, {})->kind() == "SGD");
  CHECK(make_optimizer("sgd", {w}, {})->learning_rate() == 0.01);
}

TEST_CASE("optimizers by name get their settings", "[optimizers]") {
  CHECK(two_steps("sgd", {.learning_rate = 1}) == Approx(-2));
  CHECK(two_steps("sgd", {.learning_rate = 1, .momentum = 0.5}) == Approx(-2.5));
  CHECK(two_steps("sgd", {.learning_rate = 1, .weight_decay = 0.5}) == Approx(-1.5));
  CHECK(two_steps("sgd", {.learning_rate = 1, .momentum = 0.5, .nesterov = true}) == Approx(-3.25));
  CHECK(two_steps("adam", {.learning_rate = 0.5}) == Approx(-1));
  CHECK(two_steps("adamw", {.learning_rate = 0.5, .weight_decay = 1}) == Approx(-0.75));
  CHECK(two_steps("adam", {.learning_rate = 0.5, .epsilon = 1}) == Approx(-0.5));
  CHECK(two_steps("adam", {.learning_rate = 0.5, .weight_decay = 1, .beta1 = 0, .beta2 = 0}) ==
        Approx(-1));
}

TEST_CASE("optimizers tell their settings", "[optimizers]") {
  const auto of = [](std::string_view name, const OptimizerOptions& given) {
    return make_optimizer(name, {}, given)->options();
  };
  CHECK(of("sgd", {.momentum = 0.5, .nesterov = true}) ==
        OptimizerOptions{
            .learning_rate = 0.01, .weight_decay = 0, .momentum = 0.5, .nesterov = true});
  CHECK(of("adam", {.learning_rate = 1}) ==
        OptimizerOptions{
            .learning_rate = 1, .weight_decay = 0, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8});
  CHECK(of("adamw", {.beta1 = 0.5}).weight_decay == 0.01);
}

TEST_CASE("unknown optimizers and settings are refused", "[optimizers]") {
  const Tensor w(NdArray::zeros({1}), true);
  const auto make = [&](std::string_view name, const OptimizerOptions& options) {
    return error_of([&] { make_optimizer(name, {w}, options); });
  };
  CHECK(make("rms", {}) ==
        "NotFound: optimizer: no optimizer is called 'rms', known are adam, adamw, sgd");
  CHECK(make("adam", {.momentum = 0.9}) ==
        "InvalidArgument: adam: momentum 0.9, expected none for this optimizer");
  CHECK(make("adamw", {.nesterov = true}) ==
        "InvalidArgument: adamw: nesterov 1, expected none for this optimizer");
  CHECK(make("sgd", {.nesterov = true}) ==
        "InvalidArgument: sgd: Nesterov's momentum of 0, expected a momentum above 0");
  CHECK(make("sgd", {.beta1 = 0.9}) ==
        "InvalidArgument: sgd: beta1 0.9, expected none for this optimizer");
  CHECK(make("sgd", {.momentum = 2}) ==
        "InvalidArgument: sgd: momentum 2, expected at least 0 and below 1");
}

}  // namespace lanegrad::test
