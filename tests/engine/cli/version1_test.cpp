// Files that were saved before checkpoints had version 2, by the program of then (`npm run train`
// at ef05e1d with the arguments below, on the pictures of `pictures`): they open, with what they
// lack at its usual value, and go on.
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/cli/files.h"
#include "engine/training/checkpoint.h"
#include "tests/engine/catch.h"

namespace lanegrad::test {

namespace {

// 2 x 2 pixels; the brightest one is the label.
std::shared_ptr<const ImageSet> pictures(Index count) {
  auto set = std::make_shared<ImageSet>();
  set->count = count;
  set->height = set->width = 2;
  set->classes = 4;
  for (Index i = 0; i < count; ++i) {
    for (Index pixel = 0; pixel < 4; ++pixel) set->pixels.push_back(pixel == i % 4 ? 255 : 10);
    set->labels.push_back(static_cast<std::uint8_t>(i % 4));
  }
  return set;
}

Training open(const std::string& name) {
  const std::filesystem::path folder = LANEGRAD_VERSION1_FOLDER;
  return load_checkpoint(
      cli::read_file((folder / (name + ".safetensors")).string(), "a checkpoint"), pictures(40),
      pictures(10));
}

void check_losses(const Training& training, const std::vector<double>& losses) {
  for (const double loss : losses)
    CHECK(training.trainer->step().loss == Approx(loss).epsilon(1e-4));
}

}  // namespace

TEST_CASE("a file of version 1 goes on as the program of then did", "[checkpoint][cli]") {
  // --net "dense 4, relu, dense classes" --batch 8 --epochs 2 --losses 7
  const Training adam = open("adam");
  CHECK(adam.recipe.net == "dense 4, relu, dense classes");
  CHECK(adam.trainer->state().steps == 7);
  CHECK(adam.trainer->state().planned.empty());
  CHECK(adam.normalization.deviation == 1);
  CHECK(adam.class_names.empty());
  check_losses(adam, {1.32583427, 1.43568265, 1.33048046, 1.42913079, 1.44504201, 1.56033146});

  // --optimizer sgd --momentum 0.9 --lr 0.05 --batch 8 --epochs 4 --averaging 0.9 --losses 7
  // --net "conv 2 1x1, batchnorm, relu, dense 3, batchnorm, tanh, dense classes"
  const Training batchnorm = open("batchnorm");
  CHECK(batchnorm.recipe.net ==
        "conv 2 1x1 bias, batchnorm, relu, dense 3 bias, batchnorm, tanh, dense classes");
  check_losses(batchnorm,
               {0.801007867, 0.747262657, 0.701568425, 0.638898134, 0.619699359, 0.596837342});
  const Training again = load_checkpoint(save_checkpoint(batchnorm), pictures(40), nullptr);
  CHECK((save_checkpoint(again) == save_checkpoint(batchnorm)));
  CHECK(again.recipe == batchnorm.recipe);
}

TEST_CASE("a file of version 1 whose training has ended has its best weights",
          "[checkpoint][cli]") {
  // --net "dense 2, batchnorm, dense classes" --lr 0.05 --batch 8 --epochs 2 --validation 8
  // --patience 3
  const Training best = open("best");
  CHECK(best.trainer->state().ended == 2);
  CHECK(best.trainer->evaluate().loss() == Approx(1.07827353).epsilon(1e-4));
  CHECK(best.trainer->evaluate(EvaluationSet::Validation).loss() ==
        Approx(best.trainer->state().best_loss).epsilon(1e-4));
}

TEST_CASE("a file of version 1 goes on at the rates of today's schedules", "[checkpoint][cli]") {
  // --net "dropout 0.2, dense 4, relu, dense classes" --optimizer adamw --schedule one-cycle
  // --batch 8 --epochs 3 --losses 7
  const Training training = open("one_cycle");
  for (Index step = 7; step < 15; ++step) {
    CHECK(training.trainer->step().learning_rate ==
          Approx(0.001 * learning_rate_factor(training.recipe.schedule, step, 15)));
  }
  CHECK_THROWS(training.trainer->step());

  // --net "dense 3, relu, dense classes" --optimizer sgd --schedule cosine --batch 8 --epochs 2
  // --normalize --shift 0.5
  const Training ended = open("ended");
  CHECK(ended.trainer->state().ended == 2);
  CHECK(ended.trainer->evaluate().loss() == Approx(1.15675676).epsilon(1e-4));
}

TEST_CASE("a file of version 1 counts its steps anew where a single sample was a batch",
          "[checkpoint][cli]") {
  // --net "dense 4, relu, dense classes" --schedule cosine --batch 13 --epochs 4 --losses 5
  const Training training = open("single_sample");
  Trainer& trainer = *training.trainer;
  CHECK(trainer.train_loader().batches() == 3);
  CHECK(trainer.state().steps == 4);
  CHECK(trainer.step().learning_rate ==
        Approx(0.001 * learning_rate_factor(training.recipe.schedule, 4, 12)));
  const Training again = load_checkpoint(save_checkpoint(training), pictures(40), nullptr);
  CHECK(again.trainer->state().steps == 5);
  while (trainer.state().steps < 12) trainer.step();
  CHECK(trainer.state().epochs == 4);
  CHECK_FALSE(trainer.state().in_epoch);
}

}  // namespace lanegrad::test
