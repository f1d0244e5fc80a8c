// However many threads share the work, training ends with the same bits.
#include <array>
#include <cstring>
#include <memory>
#include <vector>

#include "engine/core/context.h"
#include "engine/dataloaders/array_loader.h"
#include "engine/dataloaders/image_loader.h"
#include "engine/ndarray/batch_norm.h"
#include "engine/ndarray/matmul.h"
#include "engine/nets/net_text.h"
#include "engine/optimizers/adam.h"
#include "engine/training/trainer.h"
#include "tests/engine/catch.h"
#include "tests/engine/support/allocations.h"
#include "tests/engine/support/each_target.h"

// A wasm build without threads has none to compare with.
#if !defined(__EMSCRIPTEN__) || defined(__EMSCRIPTEN_PTHREADS__)

namespace lanegrad::test {

namespace {

struct Outcome {
  std::vector<Real> numbers;
  std::uint64_t helped_tiles = 0;
};

// What `body` returns in a context of so many threads, of which helpers must not allocate: in a
// browser nothing locks the heap. On a busy machine the work may be over before any helper has
// woken up: then once more.
template <class Body>
Outcome with_threads(int threads, const Body& body) {
  Context context;
  const ContextScope scope(context);
  context.set_thread_count(threads);
  const std::size_t before = helper_allocations();
  Outcome outcome;
  for (int attempt = 0; attempt < 200; ++attempt) {
    outcome.numbers = body();
    if (threads > 1) outcome.helped_tiles = context.threads()->helped_tiles();
    if (threads == 1 || outcome.helped_tiles > 0) break;
  }
  CHECK(helper_allocations() == before);
  return outcome;
}

bool same_bits(const std::vector<Real>& a, const std::vector<Real>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(Real)) == 0;
}

std::vector<Real> all_of(const NdArray& x) { return {x.values().begin(), x.values().end()}; }

// The weights after some steps, and the net's answers.
std::vector<Real> train(const char* text, const Shape& inputs_shape, const Shape& sample) {
  Random random(5);
  const NdArray inputs = NdArray::uniform(inputs_shape, 0, 1, random);
  IndexArray labels(Shape{130});
  for (Index i = 0; i < 130; ++i) labels.mutable_data()[i] = static_cast<std::int32_t>(i % 10);
  auto net = make_net(text, {.sample = sample, .outputs = 10}, random);
  auto adam = std::make_unique<Adam>(net->tensors(), OptimizerOptions{.learning_rate = 0.01});
  Trainer trainer(std::move(net), std::move(adam),
                  std::make_unique<ArrayLoader>(inputs, labels, 10, 50, 3), nullptr, nullptr,
                  {.schedule = {.kind = ScheduleKind::OneCycle},
                   .label_smoothing = 0.1,
                   .clip_norm = 0.5,
                   .averaging = 0.9},
                  12);
  for (int step = 0; step < 12; ++step) trainer.step();
  std::vector<Real> numbers = all_of(trainer.predict(inputs));
  for (const Tensor& tensor : trainer.net().tensors()) {
    const std::vector<Real> values = all_of(tensor.data());
    numbers.insert(numbers.end(), values.begin(), values.end());
  }
  return numbers;
}

}  // namespace

TEST_CASE("the weights have the same bits for any number of threads", "[training][threads]") {
  // The nets are as wide as those that people train, and have every kind of layer.
  const bool flat = GENERATE(true, false);
  const auto run = [flat] {
    return flat ? train("dense 200, relu, dense 70, relu, dense classes", {130, 300}, {300})
                : train(
                      "conv 8 5x5 pad 2, batchnorm, gelu, avgpool 2, conv 12 3x3, pool 2, relu, "
                      "conv 8 2x2, leakyrelu, pool 3 stride 1, dropout 0.1, dense classes",
                      {130, 1, 20, 20}, {1, 20, 20});
  };
  each_target([&] {
    const Outcome alone = with_threads(1, run);
    for (const int threads : {2, 3, 4}) {
      const Outcome shared = with_threads(threads, run);
      INFO(threads << " threads, " << shared.helped_tiles << " tiles by helpers");
      CHECK(same_bits(shared.numbers, alone.numbers));
      CHECK(shared.helped_tiles > 0);
    }
  });
}

TEST_CASE("augmented images have the same bits for any number of threads",
          "[dataloaders][threads]") {
  auto set = std::make_shared<ImageSet>();
  set->count = 65;
  set->height = set->width = 28;
  set->labels.resize(65);
  Random random(4);
  for (int i = 0; i < 65 * 28 * 28; ++i) {
    set->pixels.push_back(static_cast<std::uint8_t>(random.below(256)));
  }
  const ImageLoaderOptions options{
      .batch_size = 65, .augmentation = {.shift = 2, .rotation = 15, .scale = 0.1, .shear = 5}};
  const auto first_batch = [&] {
    ImageLoader loader(set, options);
    Batch batch;
    loader.next(batch);
    return all_of(batch.inputs);
  };
  const std::vector<Real> alone = with_threads(1, first_batch).numbers;
  for (const int threads : {2, 3}) {
    const Outcome shared = with_threads(threads, first_batch);
    CHECK(same_bits(shared.numbers, alone));
    CHECK(shared.helped_tiles > 0);
  }
}

TEST_CASE("products have the same bits for any number of threads", "[ndarray][threads]") {
  Random random(6);
  const Transposed transposed{.a = GENERATE(false, true), .b = GENERATE(false, true)};
  // Tall, wide, and deep enough for several blocks of the inner extent.
  for (const auto& [m, n, k] : {std::array<Index, 3>{500, 30, 70}, {40, 600, 33}, {70, 90, 1500}}) {
    const NdArray a = NdArray::uniform(transposed.a ? Shape{k, m} : Shape{m, k}, -1, 1, random);
    const NdArray b = NdArray::uniform(transposed.b ? Shape{n, k} : Shape{k, n}, -1, 1, random);
    const auto product = [&] { return all_of(matmul(a, b, transposed)); };
    const std::vector<Real> alone = with_threads(1, product).numbers;
    for (const int threads : {2, 3, 4}) {
      CHECK(same_bits(with_threads(threads, product).numbers, alone));
    }
  }
}

TEST_CASE("batch normalisation has the same bits for any number of threads", "[ndarray][threads]") {
  Random random(7);
  for (const Shape& shape : {Shape{40, 12, 20, 19}, Shape{500, 300}}) {
    const NdArray x = NdArray::uniform(shape, -1, 3, random);
    const NdArray dy = NdArray::uniform(shape, -1, 1, random);
    const NdArray weight = NdArray::uniform({shape[1]}, 1, 2, random);
    const auto normalize = [&] {
      NdArray statistics;
      const NdArray y = batch_norm_training(x, weight, weight, 1e-5, statistics);
      const auto gradients = batch_norm_backward(x, weight, statistics, 1e-5, true, dy, true);
      std::vector<Real> numbers;
      for (const NdArray& array :
           {y, statistics, gradients.dx, gradients.dweight, gradients.dbias}) {
        numbers.insert(numbers.end(), array.values().begin(), array.values().end());
      }
      return numbers;
    };
    const std::vector<Real> alone = with_threads(1, normalize).numbers;
    for (const int threads : {2, 3, 4}) {
      const Outcome shared = with_threads(threads, normalize);
      CHECK(same_bits(shared.numbers, alone));
      CHECK(shared.helped_tiles > 0);
    }
  }
}

}  // namespace lanegrad::test

#endif
