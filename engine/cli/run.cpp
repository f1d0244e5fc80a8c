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

#include "engine/cli/answer.h"
#include "engine/cli/args.h"
#include "engine/cli/data_files.h"
#include "engine/cli/exports.h"
#include "engine/cli/files.h"
#include "engine/cli/report.h"
#include "engine/cli/tables.h"
#include "engine/core/error.h"
#include "engine/nets/import_model.h"
#include "engine/training/checkpoint.h"
#include "engine/training/memory.h"
#include "engine/training/weights.h"

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

void save(const Training& training, const std::string& path) {
  if (path.empty()) return;
  write_pieces(path, [&](ByteSink& file) { save_checkpoint(training, file); });
}

// A training that begins with the weights of a file, with that file's net where the arguments name
// none.
Training make_training_from_weights(const Args& args, const MnistFiles& files) {
  Recipe recipe = args.recipe;
  const ImageSet& images = *files.train;
  const Model model =
      import_model(read_file(args.weights, "a file with weights"), args.weights,
                   {.net = args.says_net ? std::string_view(recipe.net) : std::string_view(),
                    .sample = images.sample_shape(),
                    .outputs = images.classes});
  if (!args.says_net) recipe.net = model.net;
  if (!args.says_normalize && model.normalizes()) recipe.normalize = true;
  Training training = lanegrad::make_training(recipe, files.train, files.test);
  load_weights(training, model);
  training.class_names = lines_of(model.class_names);
  return training;
}

// A training on pictures, or one that goes on. What is to be said of the pictures is printed.
Training make_training(const Args& args, std::ostream& out) {
  const DataFiles data = read_data(args.data);
  for (const std::string& note : data.notes) {
    if (!args.json && args.losses == 0) out << note << std::endl;
  }
  const MnistFiles& files = data.pictures;
  if (!args.weights.empty()) return make_training_from_weights(args, files);
  if (!args.resume.empty())
    return load_checkpoint(read_file(args.resume, "a checkpoint"), files.train, files.test);
  Training training = lanegrad::make_training(args.recipe, files.train, files.test);
  training.class_names = lines_of(data.class_names);
  return training;
}

Training make_training(const Args& args, const TableFile* table, std::ostream& out) {
  Training training = table ? table->make_training(args) : make_training(args, out);
  if (!args.resume.empty() && training.loop->finished(training.recipe.epochs))
    fail(ErrorCode::InvalidArgument, "train: the training in ", args.resume,
         " has ended with epoch ", training.trainer->state().ended,
         ", expected one with epochs left");
  return training;
}

// What the training needs of the memory, as a line.
std::string memory_text(const Training& training) {
  Trainer& trainer = *training.trainer;
  const DataLoader& train = trainer.train_loader();
  const Shape sample = train.sample_shape();
  const Index stored =
      train.stored() + (trainer.test_loader() ? trainer.test_loader()->stored() : 0);
  // A pixel is a byte, and so is a label; the numbers of a table are floats.
  const Index bytes = sample.rank() == 1 ? sizeof(Real) : 1;
  const double data = static_cast<double>(stored * (sample.size() + 1) * bytes);
  const TrainingMemory memory =
      training_memory(training.recipe, {sample, train.outputs()}, train.stored(), data);
  return str("needs about ", megabytes(memory.about), " MB of memory\n");
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

// The epoch under way, as far as this run of the program has trained it.
struct EpochUnderWay {
  Stopwatch watch = {};
  Work work = {};
};

void draw(ProgressBar& bar, Trainer& trainer, Index epochs, const Work& work) {
  const Index epoch = trainer.state().epochs;
  const Metrics& metrics = trainer.train_metrics();
  const auto size = static_cast<double>(trainer.train_loader().size());
  const double rate = static_cast<double>(work.samples) / work.seconds;
  const double share = static_cast<double>(metrics.samples()) / size;
  bar.draw({.epoch = epoch,
            .epochs = epochs,
            .share = share,
            .loss = metrics.loss(),
            .accuracy = metrics.accuracy(),
            .samples_per_second = rate,
            .seconds_left = (static_cast<double>(epochs - epoch + 1) - share) * size / rate});
}

EpochReport report_of(const Training& training, const EpochUnderWay& epoch) {
  Trainer& trainer = *training.trainer;
  const Metrics& test = trainer.test_metrics();
  EpochReport report{
      .epoch = trainer.state().epochs,
      .epochs = training.recipe.epochs,
      .learning_rate = training.loop->step().learning_rate,
      .train_loss = trainer.train_metrics().loss(),
      .test_loss = test.loss(),
      .test_accuracy = test.accuracy(),
      .samples_per_second = static_cast<double>(epoch.work.samples) / epoch.work.seconds,
      .seconds = epoch.watch.seconds()};
  if (training.recipe.validation > 0) {
    report.validation_loss = trainer.validation_metrics().loss();
    report.validation_accuracy = trainer.validation_metrics().accuracy();
  }
  return report;
}

// Trains to the end of the recipe, or until early stopping, and reports. Returns false where it was
// interrupted before.
bool train(const Training& training, const Args& args, ProgressBar* bar, std::ostream& out) {
  Trainer& trainer = *training.trainer;
  Loop& loop = *training.loop;
  const Index epochs = training.recipe.epochs;
  const auto say = [&](const auto& report) {
    out << (args.json ? to_json(report) : to_text(report)) << std::endl;
  };
  if (!args.json) out << to_text(training.net) << memory_text(training) << std::flush;
  Work work;
  EpochUnderWay epoch;
  for (;;) {
    switch (loop.advance(epochs)) {
      case LoopEvent::Step:
        epoch.work.samples += loop.samples();
        epoch.work.seconds = epoch.watch.seconds();
        if (loop.evaluating()) break;
        if (Interrupts::signal() != 0) {
          save(training, args.save);
          return false;
        }
        if (bar && bar->due()) draw(*bar, trainer, epochs, epoch.work);
        break;
      case LoopEvent::Evaluated:
        break;
      case LoopEvent::EpochEnded:
        if (bar) bar->clear();
        say(report_of(training, epoch));
        work.samples += epoch.work.samples;
        work.seconds += epoch.work.seconds;
        epoch = {};
        save(training, args.save);
        if (Interrupts::signal() != 0 && !loop.finished(epochs)) return false;
        check_printed(out);
        break;
      case LoopEvent::Restored:
        save(training, args.save);
        say(BestReport{.epoch = trainer.state().best_epoch,
                       .test_loss = trainer.test_metrics().loss(),
                       .test_accuracy = trainer.test_metrics().accuracy()});
        break;
      case LoopEvent::Finished:
        if (!args.json) out << work_text(work.samples, training.net, work.seconds) << std::endl;
        return true;
    }
  }
}

int fail(const Error& error, int exit_code, const Streams& streams) {
  streams.err << error.message() << std::endl;
  return exit_code;
}

int run_where_memory_suffices(std::span<const std::string> arguments, const Streams& streams) {
  Args args;
  Training training;
  std::optional<TableFile> table;
  std::optional<Interrupts> interrupts;
  try {
    args = parse_args(arguments);
    if (args.help) {
      streams.out << help_text() << std::flush;
      return 0;
    }
    if (!args.answer.empty()) {
      answer(args, streams.out);
      return 0;
    }
    if (!args.save.empty()) check_writable(args.save);
    check_exports(args);
    if (export_resumed(args, streams.out)) return 0;
    if (!args.target.empty()) table.emplace(args);
    training = make_training(args, table ? &*table : nullptr, streams.out);
    if (table && !args.json && args.losses == 0) streams.out << table->about() << std::flush;
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
    if (table && args.losses == 0) {
      const TableReport report = table->report(training);
      streams.out << (args.json ? to_json(report) : to_text(report)) << std::endl;
    }
    if (has_exports(args)) write_exports(save_checkpoint(training), args, streams.out);
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
