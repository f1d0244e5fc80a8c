// Small trainings for tests.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "engine/dataloaders/array_loader.h"
#include "engine/dataloaders/image_loader.h"
#include "engine/dataloaders/math_func.h"
#include "engine/layers/batch_norm.h"
#include "engine/layers/bias.h"
#include "engine/layers/dense.h"
#include "engine/layers/sequential.h"
#include "engine/ndarray/reduce.h"
#include "engine/nets/net_text.h"
#include "engine/optimizers/adam.h"
#include "engine/optimizers/sgd.h"
#include "engine/training/trainer.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"
#include "tests/engine/support/allocations.h"

namespace lanegrad::test {

// Points of two interleaved rings, which no linear model can tell apart. Class 1 is the outer one.
inline std::unique_ptr<DataLoader> rings(Index samples, Index batch_size,
                                         std::optional<std::uint64_t> seed) {
  NdArray points = NdArray::uninitialized({samples, 2});
  IndexArray labels(Shape{samples});
  Random random(11, streams::kInputs);
  for (Index i = 0; i < samples; ++i) {
    const double angle = random.uniform(0, 2 * std::numbers::pi);
    const double radius = i % 2 + random.uniform(0.5, 0.9);
    points.mutable_data()[2 * i] = static_cast<Real>(radius * std::cos(angle));
    points.mutable_data()[2 * i + 1] = static_cast<Real>(radius * std::sin(angle));
    labels.mutable_data()[i] = static_cast<std::int32_t>(i % 2);
  }
  return std::make_unique<ArrayLoader>(points, labels, 2, batch_size, seed);
}

inline Trainer ring_trainer(std::uint64_t seed, Index samples = 203, Index batch_size = 16,
                            double rate = 0.01, const TrainerOptions& options = {},
                            std::unique_ptr<DataLoader> validation = nullptr, Index steps = 0) {
  Random weights(seed, streams::kWeights);
  auto net = make_net("dense 16, relu, dense classes", {.sample = {2}, .outputs = 2}, weights);
  auto adam = std::make_unique<Adam>(net->tensors(), OptimizerOptions{.learning_rate = rate});
  return Trainer(std::move(net), std::move(adam), rings(samples, batch_size, seed),
                 rings(101, 50, std::nullopt), std::move(validation), options, steps);
}

template <class F>
Trainer function_trainer(F f, std::string_view net_text, double rate, MathFuncOptions options) {
  Random weights(1, streams::kWeights);
  auto net = make_net(net_text, {.sample = {1}, .outputs = 1}, weights);
  auto adam = std::make_unique<Adam>(net->tensors(), OptimizerOptions{.learning_rate = rate});
  auto train = std::make_unique<MathFunc>(f, options);
  options.seed = 99;
  options.noise = 0;
  return Trainer(std::move(net), std::move(adam), std::move(train),
                 std::make_unique<MathFunc>(f, options));
}

inline std::vector<Real> weights_of(Trainer& trainer) {
  std::vector<Real> all;
  for (const Tensor& tensor : trainer.net().tensors()) {
    all.insert(all.end(), tensor.data().values().begin(), tensor.data().values().end());
  }
  return all;
}

}  // namespace lanegrad::test
