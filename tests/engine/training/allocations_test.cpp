// What a step of a training takes of the memory.
#include "tests/engine/training/rings.h"

namespace lanegrad::test {

TEST_CASE("a warm step allocates nothing", "[training]") {
  // 203 samples in batches of 16 end with a short one of 11, 193 with a long one of 17, as do 101
  // in batches of 50 with one of 51.
  const bool all = GENERATE(false, true);
  const Index samples = GENERATE(203, 193);
  const TrainerOptions options{.schedule = {.kind = ScheduleKind::OneCycle},
                               .label_smoothing = 0.1,
                               .clip_norm = 0.05,
                               .averaging = 0.9,
                               .patience = 100};
  Trainer trainer =
      all ? ring_trainer(1, samples, 16, 0.01, options, rings(60, 50, std::nullopt), 1000)
          : ring_trainer(1, samples);
  const auto two_epochs = [&] {
    for (int epoch = 0; epoch < 2; ++epoch) {
      trainer.epoch();
      trainer.evaluate();
      if (all) trainer.evaluate(EvaluationSet::Validation);
      trainer.end_epoch();
    }
  };
  two_epochs();
  BufferPool& pool = Context::current().pool();
  const std::uint64_t misses = pool.misses();
  const std::size_t live = pool.live_bytes();
  const std::size_t before = allocations();
  two_epochs();
  const std::size_t during = allocations() - before;
  CHECK(during == 0);
  CHECK(pool.misses() == misses);
  CHECK(pool.live_bytes() == live);
}

TEST_CASE("a step needs little memory beside weights, optimizer, activations and data",
          "[training]") {
  Context context;
  const ContextScope scope(context);
  constexpr Index kBatch = 128;
  auto images = std::make_shared<ImageSet>();
  images->count = 2 * kBatch;
  images->height = images->width = 28;
  images->classes = 10;
  images->pixels.assign(2 * kBatch * 784, 100);
  images->labels.assign(2 * kBatch, 3);
  Random random(1, streams::kWeights);
  auto net = make_net("dense 512, relu, dense 512, relu, dense classes",
                      {.sample = {1, 28, 28}, .outputs = 10}, random);
  const auto parameters = static_cast<std::size_t>(net->parameter_count());
  auto adam = std::make_unique<Adam>(net->tensors(), OptimizerOptions{});
  Trainer trainer(std::move(net), std::move(adam), std::make_unique<ImageLoader>(images, kBatch, 1),
                  std::make_unique<ImageLoader>(images, 256, std::nullopt));
  trainer.epoch();
  trainer.evaluate();
  context.pool().reset_peak();
  trainer.epoch();
  trainer.evaluate();
  const std::size_t expected =
      sizeof(Real) * (3 * parameters + static_cast<std::size_t>(kBatch) * (784 + 512 + 512 + 10));
  const std::size_t peak = context.pool().peak_bytes();
  CAPTURE(peak, expected);
  CHECK(peak > expected);
  CHECK(peak - expected <= std::size_t{16} << 20);
}

TEST_CASE("the counter of allocations counts", "[training]") {
  Context context;  // in whose pool no block waits
  const ContextScope scope(context);
  const std::size_t before = allocations();
  const NdArray fresh = NdArray::zeros({12345, 67});
  const auto other = std::make_unique<std::vector<int>>(100);
  const std::size_t during = allocations() - before;
  CHECK(during == (allocations_are_counted() ? 3 : 0));
}

}  // namespace lanegrad::test
