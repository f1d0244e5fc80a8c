// Puts a training together from the arguments and reports on it.
#include "engine/cli/run.h"

#include <signal.h>

#include <chrono>
#include <csignal>
#include <iterator>
#include <new>
#include <optional>
#include <ostream>
#include <vector>

#include "engine/cli/args.h"
#include "engine/cli/files.h"
#include "engine/cli/mnist_files.h"
#include "engine/cli/report.h"
#include "engine/core/error.h"
#include "engine/training/checkpoint.h"

namespace lanegrad::cli {

namespace {

constexpr int kRunFailed = 1;
constexpr int kUnusable = 2;
// The exit code of a run that a signal ended is this plus the signal's number, as in shells.
constexpr int kInterrupted = 128;

class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// While an object of this class lives, a signal that asks the program to end is only remembered; a
// second one of the same kind ends it. Signals that were ignored before stay ignored, as nohup
// needs it.
class Interrupts {
 public:
  Interrupts() {
    struct sigaction action = {};
    action.sa_handler = [](int signal) { signal_ = signal; };
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    for (std::size_t i = 0; i < std::size(kSignals); ++i) {
      sigaction(kSignals[i], nullptr, &previous_[i]);
      if (previous_[i].sa_handler != SIG_IGN) sigaction(kSignals[i], &action, nullptr);
    }
  }
  ~Interrupts() {
    for (std::size_t i = 0; i < std::size(kSignals); ++i) {
      sigaction(kSignals[i], &previous_[i], nullptr);
    }
    signal_ = 0;
  }
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  // The last signal that came; 0 where none has.
  static int signal() { return signal_; }

 private:
  // In this order: Ctrl-C, the end of a service or a job, a closed terminal, a closed reader of the
  // results.
  static constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
  static inline volatile std::sig_atomic_t signal_ = 0;

  struct sigaction previous_[std::size(kSignals)] = {};
};

bool has_ended(const Training& training) {
  Trainer& trainer = *training.trainer;
  return trainer.state().stopped ||
         (trainer.state().ended >= training.recipe.epochs && !trainer.state().in_epoch);
}

void save(const Training& training, const std::string& path) {
  if (!path.empty()) write_file(path, save_checkpoint(training));
}

Training make_training(const Args& args) {
  const MnistFiles files = read_mnist(args.data);
  if (args.resume.empty()) return lanegrad::make_training(args.recipe, files.train, files.test);
  Training training =
      load_checkpoint(read_file(args.resume, "a checkpoint"), files.train, files.test);
  if (has_ended(training))
    fail(ErrorCode::InvalidArgument, "train: the training in ", args.resume,
         " has ended with epoch ", training.trainer->state().ended,
         ", expected one with epochs left");
  return training;
}

void check_printed(const std::ostream& out) {
  if (!out)
    fail(ErrorCode::InvalidState,
         "train: the results cannot be printed, expected an output that takes them");
}

void print_losses(Trainer& trainer, Index count, std::ostream& out) {
  std::vector<double> losses;
  for (Index i = 0; i < count; ++i) losses.push_back(trainer.step().loss);
  out << to_json(losses) << std::endl;
}

// What was done in this run of the program, without the runs that it goes on from.
struct Work {
  Index samples = 0;
  // The time of training alone, without evaluation.
  double seconds = 0;
};

// Trains one epoch, or the rest of one, and evaluates; returns nothing where it was interrupted.
std::optional<EpochReport> train_epoch(Trainer& trainer, Index epochs, ProgressBar* bar,
                                       Work& work) {
  const TrainerState& state = trainer.state();
  const bool under_way = state.in_epoch || trainer.epoch_ends();
  const Index epoch = state.epochs + (under_way ? 0 : 1);
  const auto size = static_cast<double>(trainer.train_loader().size());
  const Stopwatch watch;
  EpochReport report{.epoch = epoch, .epochs = epochs};
  Index samples = 0;
  for (bool done = trainer.epoch_ends(); !done;) {
    const StepResult step = trainer.step();
    report.learning_rate = step.learning_rate;
    samples += step.samples;
    done = step.epoch_done;
    if (!done && Interrupts::signal() != 0) return std::nullopt;
    if (done || !bar || !bar->due()) continue;
    const Metrics& metrics = trainer.train_metrics();
    const double rate = static_cast<double>(samples) / watch.seconds();
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
  work.samples += samples;
  work.seconds += training_seconds;
  report.train_loss = trainer.train_metrics().loss();
  report.samples_per_second = static_cast<double>(samples) / training_seconds;
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

// Trains to the end of the recipe, or until early stopping, and reports. Returns false where it was
// interrupted before.
bool train(const Training& training, const Args& args, ProgressBar* bar, std::ostream& out) {
  Trainer& trainer = *training.trainer;
  const auto say = [&](const auto& report) {
    out << (args.json ? to_json(report) : to_text(report)) << std::endl;
  };
  if (!args.json) out << to_text(training.net) << std::flush;
  Work work;
  while (!has_ended(training)) {
    const std::optional<EpochReport> report =
        train_epoch(trainer, training.recipe.epochs, bar, work);
    if (report) {
      say(*report);
      trainer.end_epoch();
    }
    save(training, args.save);
    if (!report || (Interrupts::signal() != 0 && !has_ended(training))) return false;
    check_printed(out);
  }
  if (trainer.restore_best()) {
    // The file gets the best weights, which are back now.
    save(training, args.save);
    const Metrics& test = trainer.evaluate();
    say(BestReport{.epoch = trainer.state().best_epoch,
                   .test_loss = test.loss(),
                   .test_accuracy = test.accuracy()});
  }
  if (!args.json) out << work_text(work.samples, training.net, work.seconds) << std::endl;
  return true;
}

int fail(const Error& error, int exit_code, const Streams& streams) {
  streams.err << error.message() << std::endl;
  return exit_code;
}

int run_where_memory_suffices(std::span<const std::string> arguments, const Streams& streams) {
  Args args;
  Training training;
  std::optional<Interrupts> interrupts;
  try {
    args = parse_args(arguments);
    if (args.help) {
      streams.out << help_text() << std::flush;
      return 0;
    }
    if (!args.save.empty()) check_writable(args.save);
    training = make_training(args);
    if (!args.save.empty() && args.losses == 0) interrupts.emplace();
    // A file that cannot be written fails here rather than after an epoch.
    save(training, args.save);
  } catch (const Error& error) {
    return fail(error, kUnusable, streams);
  }
  std::optional<ProgressBar> bar;
  if (streams.err_is_terminal) bar.emplace(streams.err);
  try {
    if (args.losses > 0) {
      print_losses(*training.trainer, args.losses, streams.out);
      save(training, args.save);
    } else if (!train(training, args, bar ? &*bar : nullptr, streams.out)) {
      bar.reset();
      streams.err << "interrupted, go on with --resume " << args.save << std::endl;
      return kInterrupted + Interrupts::signal();
    }
    check_printed(streams.out);
  } catch (const Error& error) {
    bar.reset();
    return fail(error, kRunFailed, streams);
  }
  return 0;
}

}  // namespace

int run(std::span<const std::string> arguments, const Streams& streams) {
  try {
    return run_where_memory_suffices(arguments, streams);
  } catch (const std::bad_alloc&) {
    streams.err << "train: there is not enough memory for this" << std::endl;
    return kRunFailed;
  }
}

}  // namespace lanegrad::cli
