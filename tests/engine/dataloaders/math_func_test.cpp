#include "engine/dataloaders/math_func.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

Batch all_of(DataLoader& loader) {
  Batch batch;
  REQUIRE(loader.next(batch));
  REQUIRE(batch.inputs.shape()[0] == loader.size());
  return batch;
}

double square(std::span<const Real> x) { return static_cast<double>(x[0]) * x[0]; }

}  // namespace

TEST_CASE("a function is sampled over its range", "[dataloaders]") {
  MathFunc loader([](std::span<const Real> x) { return x[0] + 10 * x[1]; },
                  {.low = 2, .high = 4, .dimension = 2, .samples = 500, .batch_size = 500});
  CHECK(loader.size() == 500);
  CHECK(loader.sample_shape() == Shape{2});
  CHECK(loader.outputs() == 1);
  CHECK(loader.target_kind() == TargetKind::Numbers);
  const Batch batch = all_of(loader);
  const auto inputs = batch.inputs.values();
  for (std::size_t i = 0; i < 500; ++i) {
    CHECK(batch.targets.values()[i] == inputs[2 * i] + 10 * inputs[2 * i + 1]);
  }
  const auto [least, most] = std::minmax_element(inputs.begin(), inputs.end());
  CHECK(*least >= 2);
  CHECK(*least < 2.02);
  CHECK(*most < 4);
  CHECK(*most > 3.98);
}

TEST_CASE("the function is called once per sample", "[dataloaders]") {
  int calls = 0;
  MathFunc loader(
      [&](std::span<const Real>) {
        ++calls;
        return 1.0;
      },
      {.samples = 30, .batch_size = 10});
  Batch batch;
  for (int epoch = 0; epoch < 2; ++epoch) {
    loader.start_epoch();
    while (loader.next(batch)) {
    }
  }
  CHECK(calls == 30);
}

TEST_CASE("the seed decides inputs, noise and order", "[dataloaders]") {
  const auto batch_of = [](std::uint64_t seed, double noise) {
    MathFunc loader(square, {.samples = 64, .noise = noise, .batch_size = 64, .seed = seed});
    return all_of(loader);
  };
  const Batch a = batch_of(1, 0.1);
  const Batch b = batch_of(1, 0.1);
  const Batch c = batch_of(2, 0.1);
  const Batch quiet = batch_of(1, 0);
  CHECK(values(a.inputs) == values(b.inputs));
  CHECK(values(a.targets) == values(b.targets));
  CHECK(values(a.inputs) != values(c.inputs));
  CHECK(values(a.inputs) == values(quiet.inputs));  // noise changes nothing but the targets
  CHECK(values(a.targets) != values(quiet.targets));
}

TEST_CASE("noise has the deviation that was asked for", "[dataloaders]") {
  MathFunc loader([](std::span<const Real>) { return 3.0; },
                  {.samples = 20000, .noise = 0.5, .batch_size = 20000});
  const Batch batch = all_of(loader);
  double sum = 0;
  double squares = 0;
  for (const Real target : batch.targets.values()) {
    sum += target - 3.0;
    squares += (target - 3.0) * (target - 3.0);
  }
  CHECK(std::abs(sum / 20000) < 4 * 0.5 / std::sqrt(20000.0));
  CHECK(std::sqrt(squares / 20000) == Approx(0.5).epsilon(0.02));
}

TEST_CASE("values computed by the caller give the same loader", "[dataloaders]") {
  const MathFuncOptions options{.samples = 40, .noise = 0.1, .batch_size = 40, .seed = 6};
  const NdArray inputs = MathFunc::inputs(options);
  CHECK(inputs.shape() == Shape{40, 1});
  NdArray computed = NdArray::uninitialized({40});
  for (Index i = 0; i < 40; ++i) {
    computed.mutable_data()[i] =
        static_cast<Real>(square(inputs.values().subspan(static_cast<std::size_t>(i), 1)));
  }
  const NdArray before = NdArray::from({40}, computed.values());
  MathFunc from_values(computed, options);
  MathFunc from_function(square, options);
  const Batch a = all_of(from_values);
  const Batch b = all_of(from_function);
  CHECK(values(a.inputs) == values(b.inputs));
  CHECK(values(a.targets) == values(b.targets));
  CHECK(values(computed) == values(before));  // noise went into a copy
}

TEST_CASE("functions and options that make no sense are refused", "[dataloaders]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  const auto with = [](const MathFuncOptions& options) {
    return error_of([&] { MathFunc(square, options); });
  };
  const std::string range = ", expected two finite numbers, the smaller one first";
  CHECK(with({.low = 1, .high = 1}) == "InvalidArgument: math function: range from 1 to 1" + range);
  CHECK(with({.low = 2, .high = -2}) ==
        "InvalidArgument: math function: range from 2 to -2" + range);
  CHECK(with({.low = nan}) == "InvalidArgument: math function: range from nan to 1" + range);
  CHECK(with({.high = infinity}) ==
        "InvalidArgument: math function: range from -1 to infinity" + range);
  CHECK(with({.low = -3e38, .high = 3e38}) ==
        "InvalidArgument: math function: range from -3e+38 to 3e+38" + range);
  CHECK(with({.dimension = 0}) ==
        "InvalidArgument: math function: dimension 0, expected at least 1");
  CHECK(with({.samples = 0}) == "InvalidArgument: math function: 0 samples, expected at least 1");
  CHECK(with({.noise = -0.1}) ==
        "InvalidArgument: math function: noise -0.1, expected a finite number of at least 0");
  CHECK(with({.noise = infinity}) ==
        "InvalidArgument: math function: noise infinity, expected a finite number of at least 0");
  CHECK(with({.batch_size = 0}) ==
        "InvalidArgument: data loader: batch size 0, expected at least 1");
  CHECK(with({.dimension = 1 << 20, .samples = 1 << 20})
            .starts_with("InvalidArgument: shape: [1048576, 1048576] has more than"));

  CHECK(error_of([&] {
          MathFunc([](auto) { return NAN; },
                   {.low = 3, .high = 3.0000002, .dimension = 2, .samples = 1});
        }) ==
        "InvalidArgument: math function: the value at (3, 3) is nan, expected a finite number");
  CHECK(error_of([&] {
          MathFunc([](auto) { return 1e300; }, {.samples = 1});
        }).ends_with(" is infinity, expected a finite number"));
  CHECK(error_of([&] { MathFunc(NdArray::zeros({3}), {.samples = 4}); }) ==
        "ShapeMismatch: math function: values [3] for 4 samples, expected [4]");
}

}  // namespace lanegrad::test
