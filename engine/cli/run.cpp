// Puts a training together from the arguments and reports on it.
#include "engine/cli/run.h"

#include <chrono>
#include <optional>
#include <ostream>
#include <vector>

#include "engine/cli/args.h"
#include "engine/cli/mnist_files.h"
#include "engine/cli/report.h"
#include "engine/core/error.h"
#include "engine/training/recipe.h"

namespace lanegrad::cli {

namespace {

constexpr int kRunFailed = 1;
constexpr int kUnusable = 2;

class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

Training make_training(const Args& args) {
  const MnistFiles files = read_mnist(args.data);
  return lanegrad::make_training(args.recipe, files.train, files.test);
}

void print_losses(Trainer& trainer, Index count, std::ostream& out) {
  std::vector<double> losses;
  for (Index i = 0; i < count; ++i) losses.push_back(trainer.step().loss);
  out << to_json(losses) << std::endl;
}

// One epoch and its evaluations; `seconds` grows by the time of training alone.
EpochReport train_epoch(Trainer& trainer, Index epoch, Index epochs, ProgressBar* bar,
                        double& seconds) {
  const auto size = static_cast<double>(trainer.train_loader().size());
  const Stopwatch watch;
  EpochReport report{.epoch = epoch, .epochs = epochs};
  for (bool done = false; !done;) {
    const StepResult step = trainer.step();
    report.learning_rate = step.learning_rate;
    done = step.epoch_done;
    if (done || !bar || !bar->due()) continue;
    const Metrics& metrics = trainer.train_metrics();
    const double rate = static_cast<double>(metrics.samples()) / watch.seconds();
    const double share = static_cast<double>(metrics.samples()) / size;
    bar->draw({.epoch = epoch,
               .epochs = epochs,
               .share = share,
               .loss = metrics.loss(),
               .accuracy = metrics.accuracy(),
               .samples_per_second = rate,
               .seconds_left = (static_cast<double>(epochs - epoch + 1) - share) * size / rate});
  }
  const double training_seconds = watch.seconds();
  seconds += training_seconds;
  report.train_loss = trainer.train_metrics().loss();
  report.samples_per_second = size / training_seconds;
  if (trainer.validation_loader()) {
    const Metrics& validation = trainer.evaluate(EvaluationSet::Validation);
    report.validation_loss = validation.loss();
    report.validation_accuracy = validation.accuracy();
  }
  const Metrics& test = trainer.evaluate();
  report.test_loss = test.loss();
  report.test_accuracy = test.accuracy();
  report.seconds = watch.seconds();
  if (bar) bar->clear();
  return report;
}

// Trains to the end of the recipe, or until it gets no better, and says so.
void train(const Training& training, bool json, ProgressBar* bar, std::ostream& out) {
  Trainer& trainer = *training.trainer;
  const auto say = [&](const auto& report) {
    out << (json ? to_json(report) : to_text(report)) << std::endl;
  };
  if (!json) out << to_text(training.net) << std::flush;
  const Index epochs = training.recipe.epochs;
  Index samples = 0;
  double seconds = 0;
  bool stop = false;
  for (Index epoch = 1; epoch <= epochs && !stop; ++epoch) {
    say(train_epoch(trainer, epoch, epochs, bar, seconds));
    samples += trainer.train_loader().size();
    stop = trainer.end_epoch();
  }
  if (trainer.restore_best()) {
    const Metrics& test = trainer.evaluate();
    say(BestReport{.epoch = trainer.state().best_epoch,
                   .test_loss = test.loss(),
                   .test_accuracy = test.accuracy()});
  }
  if (!json) out << work_text(samples, training.net, seconds) << std::endl;
}

int fail(const Error& error, int exit_code, const Streams& streams) {
  streams.err << error.message() << std::endl;
  return exit_code;
}

}  // namespace

int run(std::span<const std::string> arguments, const Streams& streams) {
  Args args;
  Training training;
  try {
    args = parse_args(arguments);
    if (args.help) {
      streams.out << help_text() << std::flush;
      return 0;
    }
    training = make_training(args);
  } catch (const Error& error) {
    return fail(error, kUnusable, streams);
  }
  std::optional<ProgressBar> bar;
  if (streams.err_is_terminal) bar.emplace(streams.err);
  try {
    if (args.losses > 0) {
      print_losses(*training.trainer, args.losses, streams.out);
    } else {
      train(training, args.json, bar ? &*bar : nullptr, streams.out);
    }
  } catch (const Error& error) {
    bar.reset();
    return fail(error, kRunFailed, streams);
  }
  return 0;
}

}  // namespace lanegrad::cli
