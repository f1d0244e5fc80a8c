// A tour of lanegrad, from numbers in an array to a net that has learned. Read this first; each
// stop uses only what the stops before it have shown.
#include <cmath>
#include <memory>
#include <span>
#include <vector>

#include "engine/lanegrad.h"
#include "tests/engine/catch.h"

using namespace lanegrad;

TEST_CASE("tour 1: an array is a shape and numbers", "[tour]") {
  const NdArray x = NdArray::from(Shape{2, 3}, {1, 2, 3, 4, 5, 6});
  const NdArray row = NdArray::from(Shape{3}, {10, 20, 30});

  const NdArray y = x + row;  // the row is added to both rows of x, as in numpy
  CHECK(y.shape() == Shape{2, 3});
  CHECK(y.at({1, 2}) == 36);
  CHECK(sum(x).item() == 21);
  CHECK(matmul(x, row.reshape(Shape{3, 1})).at({0, 0}) == 140);
}

TEST_CASE("tour 2: a mistake is one sentence", "[tour]") {
  try {
    matmul(NdArray::zeros(Shape{64, 784}), NdArray::zeros(Shape{128, 10}));
    FAIL("two matrices that do not fit were multiplied");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::ShapeMismatch);
    CHECK(error.message() ==
          "matmul: lhs [64, 784] and rhs [128, 10] do not multiply, expected equal inner extents");
  }
}

TEST_CASE("tour 3: a tensor remembers how it was computed", "[tour]") {
  const Tensor a(NdArray::scalar(3), /*requires_grad=*/true);
  const Tensor b(NdArray::scalar(4), /*requires_grad=*/true);
  const Tensor c = a * b + a;
  CHECK(c.item() == 15);
  CHECK(c.grad_fn() == "add");
  CHECK(c.sources()[0].grad_fn() == "mul");
  CHECK(c.sources()[1].is(a));

  c.backward();
  CHECK(a.grad()->item() == 5);  // dc/da = b + 1
  CHECK(b.grad()->item() == 3);  // dc/db = a
}

TEST_CASE("tour 4: gradients lead downhill", "[tour]") {
  Tensor x(NdArray::scalar(0), true);
  for (int step = 0; step < 50; ++step) {
    x.zero_grad();
    pow(x - 2, 2).backward();
    x.mutable_data()[0] -= Real{0.2} * x.grad()->item();
  }
  CHECK(x.item() == Approx(2));  // where (x − 2)² is smallest
}

TEST_CASE("tour 5: a layer is a function with weights, a loss says how wrong it is", "[tour]") {
  Random random(/*seed=*/1);
  Dense dense(2, 1, random);  // x · weight
  Bias bias(1);               // x + bias
  SGD optimizer({dense.weight(), bias.bias()}, {.learning_rate = 0.5});

  // y = 3a − 2b + 1, from four examples.
  const Tensor inputs(NdArray::from(Shape{4, 2}, {0, 0, 0, 1, 1, 0, 1, 1}));
  const Tensor targets(NdArray::from(Shape{4, 1}, {1, -1, 4, 2}));
  for (int step = 0; step < 200; ++step) {
    const Tensor loss = MSE().forward(bias.forward(dense.forward(inputs)), targets);
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
  }
  CHECK(dense.weight().data().at({0, 0}) == Approx(3).epsilon(0.01));
  CHECK(dense.weight().data().at({1, 0}) == Approx(-2).epsilon(0.01));
  CHECK(bias.bias().data().at({0}) == Approx(1).epsilon(0.01));
}

TEST_CASE("tour 6: a net is an ordered dictionary of layers", "[tour]") {
  Random random(1);
  const auto net = make_net("dense 16, relu, dense classes", {.sample = {2}, .outputs = 3}, random);
  std::vector<std::string> names;
  for (const auto& [name, layer] : net->parameters()) names.push_back(name);
  CHECK(names == std::vector<std::string>{"dense1", "bias1", "relu1", "dense2", "bias2"});
  CHECK(net->named_tensors()[0].name == "dense1.weight");
  CHECK(net->parameter_count() == 2 * 16 + 16 + 16 * 3 + 3);

  const NoGrad no_grad;  // from here on nothing is remembered
  const Tensor y = net->forward(Tensor(NdArray::zeros(Shape{5, 2})));
  CHECK(y.shape() == Shape{5, 3});
  CHECK(y.sources().empty());
}

TEST_CASE("tour 7: a trainer runs it all: a curve from samples", "[tour]") {
  Random random(1);
  auto net = make_net("dense 32, tanh, dense classes", {.sample = {1}, .outputs = 1}, random);
  auto optimizer = std::make_unique<Adam>(net->tensors(), OptimizerOptions{.learning_rate = 0.03});
  const auto wave = [](std::span<const Real> x) { return std::sin(3 * x[0]); };
  auto data = std::make_unique<MathFunc>(wave, MathFuncOptions{.samples = 256, .seed = 1});
  Trainer trainer(std::move(net), std::move(optimizer), std::move(data), /*test=*/nullptr);

  const double first_loss = trainer.step().loss;
  for (int epoch = 0; epoch < 100; ++epoch) trainer.epoch();
  CHECK(trainer.train_metrics().loss() < first_loss / 100);
  CHECK(trainer.predict(NdArray::full(Shape{1, 1}, 0.5)).item() ==
        Approx(std::sin(1.5)).margin(0.1));
}

TEST_CASE("tour 8: and classes, with a test set", "[tour]") {
  // Is a point inside the circle? Class 1 where x² + y² < 0.5.
  const auto points = [](std::uint64_t seed, Index count) {
    Random random(seed);
    const NdArray inputs = NdArray::uniform(Shape{count, 2}, -1, 1, random);
    const NdArray squares = sum(inputs * inputs, /*axis=*/1);
    IndexArray labels(Shape{count});
    for (Index i = 0; i < count; ++i) labels.mutable_data()[i] = squares.at({i}) < 0.5;
    return std::make_unique<ArrayLoader>(inputs, labels, /*classes=*/2, /*batch_size=*/32,
                                         /*shuffle_seed=*/seed);
  };
  Random random(1);
  auto net = make_net("dense 16, relu, dense classes", {.sample = {2}, .outputs = 2}, random);
  auto optimizer = std::make_unique<Adam>(net->tensors(), OptimizerOptions{.learning_rate = 0.02});
  Trainer trainer(std::move(net), std::move(optimizer), points(1, 512), points(2, 256));

  for (int epoch = 0; epoch < 20; ++epoch) trainer.epoch();
  CHECK(trainer.evaluate().accuracy() > 0.95);
  const NdArray p = trainer.probabilities(NdArray::zeros(Shape{1, 2}));  // of the centre
  CHECK(p.at({0, 1}) > 0.9);
}
