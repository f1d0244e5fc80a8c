// Trainings that go on from checkpoints.
#include "tests/engine/training/checkpoints.h"

namespace lanegrad::test {

TEST_CASE("a training goes on from a checkpoint as if it had never stopped", "[checkpoint]") {
  const Settings all_settings[] = {
      {},
      {{"optimizer", "adamw"}, {"clip-norm", "0.5"}, {"label-smoothing", "0.1"}},
      {{"optimizer", "sgd"}, {"learning-rate", "0.1"}},
      {{"optimizer", "sgd"}, {"momentum", "0.9"}, {"nesterov", "true"}, {"weight-decay", "0.01"}},
      {{"schedule", "one-cycle"}, {"epochs", "4"}, {"seed", "18446744073709551615"}},
      {{"schedule", "step"}, {"epochs", "4"}, {"learning-rate", "0.123456789012345"}},
      {{"averaging", "0.99"}},
      {{"net", "dropout 0.2, dense 5, relu, dropout 0.5, dense classes"}},
      {{"net", "conv 4 3x3, relu, pool 2, dense classes"}, {"optimizer", "sgd"}},
      {{"validation", "9"}, {"patience", "1"}, {"learning-rate", "5"}},
      {{"validation", "9"}, {"patience", "2"}, {"averaging", "0.5"}, {"learning-rate", "5"}},
      {{"net", "conv 4 3x3, batchnorm, relu, dense 5, batchnorm, relu, dense classes"}},
      {{"net", "dense 4, batchnorm, relu, dense classes"},
       {"validation", "9"},
       {"patience", "3"},
       {"averaging", "0.9"}},
      {{"validation", "6"}, {"normalize", "true"}},
      {{"shift", "1"}, {"rotation", "20"}, {"scale", "0.1"}, {"shear", "5"}},
  };
  int stopped = 0;
  for (const Settings& settings : all_settings) stopped += check_goes_on(settings) ? 0 : 1;
  CHECK(stopped == 2);  // early
}

TEST_CASE("every optimizer goes on under every schedule, with rates that were planned",
          "[checkpoint]") {
  const Settings optimizers[] = {
      {{"optimizer", "sgd"}, {"learning-rate", "0.1"}},
      {{"optimizer", "sgd"}, {"momentum", "0.9"}},
      {{"optimizer", "sgd"}, {"momentum", "0.9"}, {"nesterov", "true"}, {"weight-decay", "0.01"}},
      {{"optimizer", "adam"}, {"weight-decay", "0.01"}},
      {{"optimizer", "adamw"}, {"beta2", "0.99"}},
  };
  const Settings others[] = {
      {{"net", "dropout 0.2, dense 4, batchnorm, relu, dropout 0.5, dense classes"}},
      {{"net", "conv 2 3x3, batchnorm, relu, pool 2, dense classes"},
       {"validation", "9"},
       {"patience", "4"},
       {"averaging", "0.9"},
       {"clip-norm", "0.5"},
       {"label-smoothing", "0.1"},
       {"normalize", "true"},
       {"shift", "1"},
       {"rotation", "20"},
       {"scale", "0.1"}},
  };
  for (const Settings& optimizer : optimizers) {
    for (const char* schedule : {"constant", "step", "cosine", "one-cycle"}) {
      for (const Settings& other : others) {
        Settings settings = optimizer;
        settings.insert(settings.end(), {{"schedule", schedule}, {"epochs", "8"}});
        settings.insert(settings.end(), other.begin(), other.end());
        CHECK(check_goes_on(settings, [](Trainer& trainer) {
          trainer.plan_learning_rate(0.02, 4);
          trainer.plan_learning_rate(0.1 / 3, 7);
          trainer.plan_learning_rate(0.005, 1000);
        }));
      }
    }
  }
}

TEST_CASE("a checkpoint goes on with any number of threads", "[checkpoint]") {
  if (!kHasThreads) return;
  const Settings settings = {
      {"net", "conv 6 3x3, relu, dropout 0.3, dense 70, relu, dense classes"}};
  const auto run = [&](int threads, const Bytes* from, int steps) {
    Context context;
    context.set_thread_count(threads);
    const ContextScope scope(context);
    Training training = from ? load(*from) : training_of(settings);
    std::vector<double> log;
    for (int i = 0; i < steps; ++i) advance(training, log);
    return save_checkpoint(training);
  };
  const Bytes end = run(1, nullptr, 7);
  for (const int threads : {1, 2, 3}) {
    const Bytes middle = run(threads, nullptr, 4);
    CHECK((run(4 - threads, &middle, 3) == end));
  }
}

TEST_CASE("a training of which steps have diverged goes on from its checkpoint", "[checkpoint]") {
  Training training = training_of({});
  std::vector<double> log;
  advance(training, log);
  training.trainer->set_learning_rate(1e30);
  training.trainer->step();
  CHECK(error_of([&] { training.trainer->step(); }).starts_with("Diverged"));
  CHECK(training.trainer->state().skipped == 1);
  CHECK(training.trainer->state().steps == 2);
  // Somebody mends the weights.
  for (const NamedTensor& named : training.trainer->net().named_tensors()) {
    std::fill_n(Tensor(named.tensor).mutable_data(), named.tensor.size(), Real{0.01F});
  }
  const Bytes bytes = save_checkpoint(training);
  CHECK((save_checkpoint(load(bytes)) == bytes));
}

TEST_CASE("a learning rate that was changed stays changed", "[checkpoint]") {
  Training training = training_of({});
  training.trainer->optimizer().set_learning_rate(0.1 / 3);
  const Training rest = load(save_checkpoint(training));
  CHECK(rest.trainer->optimizer().learning_rate() == 0.1 / 3);
}

}  // namespace lanegrad::test
