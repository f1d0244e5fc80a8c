// Answers from a file alone, against the trainer that wrote it.
#include "engine/nets/predictor.h"

#include <algorithm>

#include "engine/core/random.h"
#include "engine/io/half.h"
#include "engine/nets/catalog.h"
#include "engine/nets/model_file.h"
#include "engine/training/recipe.h"
#include "tests/engine/training/checkpoints.h"

namespace lanegrad::test {

namespace {

// Pictures that are mostly black, as digits are.
std::shared_ptr<const ImageSet> pictures(Index count) {
  auto set = std::make_shared<ImageSet>();
  set->count = count;
  set->height = set->width = 28;
  set->classes = 10;
  Random random(7);
  for (Index i = 0; i < count; ++i) {
    for (std::uint32_t pixel = 0; pixel < 784; ++pixel) {
      const bool stroke = pixel % 28 > 8 && pixel % 28 < 14;
      set->pixels.push_back(static_cast<std::uint8_t>(stroke ? random.below(256) : 0));
    }
    set->labels.push_back(static_cast<std::uint8_t>(random.below(10)));
  }
  return set;
}

const std::shared_ptr<const ImageSet> kPictures = pictures(300);

NdArray numbers_of(Index count) {
  NdArray x = NdArray::uninitialized({count, 1, 28, 28});
  std::transform(kPictures->pixels.begin(), kPictures->pixels.begin() + count * 784,
                 x.mutable_data(),
                 [](std::uint8_t pixel) { return static_cast<Real>(pixel) / Real{255}; });
  return x;
}

std::vector<Real> values_of(const NdArray& x) { return {x.values().begin(), x.values().end()}; }

Training trained(const Settings& settings) {
  Recipe recipe;
  for (const auto& [key, value] : settings) set(recipe, key, value);
  Training training = make_training(recipe, kPictures, kPictures);
  for (int i = 0; i < 3; ++i) training.trainer->step();
  return training;
}

// Whether a file's answers have the bits of its trainer's.
void check_same(const Training& training, std::initializer_list<Index> batches) {
  const Predictor net(read_model(save_checkpoint(training)));
  for (const Index count : batches) {
    CAPTURE(count);
    const NdArray x = numbers_of(count);
    const NdArray expected = training.trainer->predict(x);
    const NdArray answers = net.predict(x);
    CHECK(answers.shape() == expected.shape());
    CHECK_THAT(values_of(answers), Catch::Equals(values_of(expected)));
  }
}

}  // namespace

TEST_CASE("a file answers with the bits of its trainer", "[predictor]") {
  for (const CatalogEntry& entry : catalog()) {
    CAPTURE(entry.name);
    const std::string name(entry.name);
    for (const char* averaging : {"0", "0.9"}) {
      check_same(trained({{"net", name.c_str()}, {"averaging", averaging}, {"batch-size", "32"}}),
                 {0, 1, 2, 17, 300});
    }
  }
}

TEST_CASE("a file answers with the bits of its trainer for every layer there is", "[predictor]") {
  for (const char* net : {
           "conv 3 3x3 stride 2 pad 1, relu, pool 2 stride 1, dropout 0.5, dense classes",
           "conv 3 3x3, relu, pool 3 stride 2, batchnorm, leakyrelu 0.2, dense classes no bias",
           "conv 4 1x1 no bias, batchnorm, gelu, avgpool 2, silu, dense 8, batchnorm, tanh, dense "
           "classes",
           "pool 2, conv 10 3x3, softplus, globalpool, softmax",
           "flatten, relu, dense 64, sigmoid, dense 32 no bias, relu, dense classes, softmax",
       }) {
    CAPTURE(net);
    check_same(trained({{"net", net}, {"normalize", "true"}, {"batch-size", "16"}}), {1, 40});
  }
}

TEST_CASE("the number of threads changes no bit of an answer", "[predictor]") {
  const Training training = trained({{"net", "convnet"}});
  const Predictor net(read_model(save_checkpoint(training)));
  const std::vector<Real> expected = values_of(net.predict(numbers_of(300)));
  Context& context = Context::current();
  for (const int threads : {2, 3}) {
    if (!kHasThreads) break;
    context.set_thread_count(threads);
    const std::vector<Real> answers = values_of(net.predict(numbers_of(300)));
    context.set_thread_count(1);
    CHECK_THAT(answers, Catch::Equals(expected));
  }
}

TEST_CASE("pixels are answered as an evaluation answers them", "[predictor]") {
  for (const char* name : {"mlp", "convnet"}) {
    const Training training = trained({{"net", name}, {"normalize", "true"}});
    const Predictor net(read_model(save_checkpoint(training)));
    const NdArray answers = net.predict(std::span(kPictures->pixels));
    Metrics metrics(10);
    IndexArray labels(Shape{300});
    std::copy(kPictures->labels.begin(), kPictures->labels.end(), labels.mutable_data());
    metrics.add_predictions(answers, labels);
    CHECK(metrics.accuracy() == training.trainer->evaluate().accuracy());
    const std::vector<Real> numbers = values_of(net.predict(numbers_of(300)));
    for (std::size_t i = 0; i < numbers.size(); ++i)
      CHECK(answers.values()[i] == Approx(numbers[i]).margin(1e-5));
  }
}

TEST_CASE("inputs of another shape are refused", "[predictor]") {
  const Predictor net(read_model(save_checkpoint(training_of({}))));
  CHECK(error_of([&] {
          net.predict(NdArray::zeros({2, 36}));
        }) ==
        "ShapeMismatch: predict: inputs [2, 36] for samples of shape [1, 6, 6], expected them "
        "behind the axis of the batch");
  const Bytes pixels(37);
  CHECK(error_of([&] { net.predict(std::span(pixels)); }) ==
        "ShapeMismatch: predict: 37 pixels, expected a multiple of 36 for samples of shape "
        "[1, 6, 6]");
}

TEST_CASE("numbers of 16 bits are the nearest ones", "[half]") {
  // From the tables of IEEE 754.
  CHECK(to_half(1.0F) == 0x3C00);
  CHECK(to_half(-2.0F) == 0xC000);
  CHECK(to_half(65504.0F) == 0x7BFF);
  CHECK(to_half(65520.0F) == 0x7C00);
  CHECK(to_half(0x1p-14F) == 0x0400);
  CHECK(to_half(0x1p-24F) == 0x0001);
  CHECK(to_half(0x1p-25F) == 0x0000);
  CHECK(to_half(0x1.8p-25F) == 0x0001);
  CHECK(to_half(-0.0F) == 0x8000);
  for (std::uint32_t half = 0; half < 65536; ++half) {
    const float value = from_half(static_cast<std::uint16_t>(half));
    if (std::isnan(value)) continue;
    if (to_half(value) != half) FAIL("half " << half << " is " << value);
    // Half way to the next one, the even one of the two is taken.
    const float next = from_half(static_cast<std::uint16_t>(half + 1));
    if ((half & 0x7FFF) >= 0x7BFF) continue;
    if (to_half((value + next) / 2) != half + (half & 1)) FAIL("half way from " << half);
  }
}

TEST_CASE("a compact file is half as large and answers nearly the same", "[predictor]") {
  Training training = trained({{"net", "fast"}});
  training.class_names = "0\n1\n2\n3\n4\n5\n6\n7\n8\n9";
  const Model model = read_model(save_checkpoint(training));
  const Bytes whole = write_model(model, false);
  const Bytes half = write_model(model, true);
  CHECK(half.size() < whole.size() * 52 / 100);
  const Model same = read_model(whole);
  const Model compact = read_model(half);
  CHECK(same.net == model.net);
  CHECK((same.mean == model.mean && same.deviation == model.deviation && same.has_classes));
  CHECK(same.class_names == model.class_names);
  const NdArray x = numbers_of(100);
  const NdArray expected = Predictor(model).predict(x);
  CHECK_THAT(values_of(Predictor(same).predict(x)), Catch::Equals(values_of(expected)));
  const NdArray answers = Predictor(compact).predict(x);
  for (Index i = 0; i < expected.size(); ++i)
    CHECK(answers.data()[i] == Approx(expected.data()[i]).margin(5e-3));
  Model large = model;
  large.tensors[0].values[0] = 70000;
  CHECK(error_of([&] {
          write_model(large, true);
        }).starts_with("Unsupported: compact: tensor 'conv1.weight' holds 70000, expected"));
}

TEST_CASE("a damaged file is refused in one sentence or answers", "[predictor]") {
  const Bytes good = save_checkpoint(trained({{"net", "conv 2 3x3, pool 2, relu, dense classes"}}));
  Random random(3);
  for (int i = 0; i < 3000; ++i) {
    Bytes bytes = good;
    const std::size_t header = 3000;
    if (i % 3 == 0) {
      bytes.resize(random.below(static_cast<std::uint32_t>(bytes.size())));
    } else {
      for (std::uint32_t edits = 1 + random.below(3); edits > 0; --edits)
        bytes[random.below(header)] = static_cast<std::uint8_t>(random.below(256));
    }
    try {
      const Predictor net(read_model(bytes));
      if (net.inputs() < 100'000) net.predict(NdArray::zeros({1, 1, 28, 28}));
    } catch (const Error& error) {
      const std::string& sentence = error.message();
      CHECK(sentence.find('\n') == std::string::npos);
      CHECK(sentence.size() < 600);
    }
  }
}

}  // namespace lanegrad::test
