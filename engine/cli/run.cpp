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
#include "engine/training/trainer.h"

namespace lanegrad::cli {

namespace {

constexpr Index kTestBatch = 1000;
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

Trainer make_trainer(const Args& args) {
  const MnistFiles files = read_mnist(args.data);
  NetOptions net_options = args.net_options;
  net_options.inputs = files.train->height * files.train->width;
  net_options.outputs = files.train->classes;
  Random weights(args.seed, streams::kWeights);
  std::unique_ptr<Net> net = make_net(args.net, net_options, weights);
  std::unique_ptr<Optimizer> optimizer =
      make_optimizer(args.optimizer, net->tensors(), args.optimizer_options);
  return Trainer(std::move(net), std::move(optimizer),
                 std::make_unique<Mnist>(files.train, args.batch_size, args.seed),
                 std::make_unique<Mnist>(files.test, kTestBatch, std::nullopt));
}

void print_losses(Trainer& trainer, Index count, std::ostream& out) {
  std::vector<double> losses;
  for (Index i = 0; i < count; ++i) losses.push_back(trainer.step().loss);
  out << to_json(losses) << std::endl;
}

EpochReport train_epoch(Trainer& trainer, Index epoch, Index epochs, ProgressBar* bar) {
  const auto size = static_cast<double>(trainer.train_loader().size());
  const Stopwatch watch;
  while (!trainer.step().epoch_done) {
    if (!bar || !bar->due()) continue;
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
  const Metrics& test = trainer.evaluate();
  if (bar) bar->clear();
  return {.epoch = epoch,
          .epochs = epochs,
          .train_loss = trainer.train_metrics().loss(),
          .test_loss = test.loss(),
          .test_accuracy = test.accuracy(),
          .samples_per_second = size / training_seconds,
          .seconds = watch.seconds()};
}

int fail(const Error& error, int exit_code, const Streams& streams) {
  streams.err << error.message() << std::endl;
  return exit_code;
}

}  // namespace

int run(std::span<const std::string> arguments, const Streams& streams) {
  Args args;
  std::optional<Trainer> trainer;
  try {
    args = parse_args(arguments);
    if (args.help) {
      streams.out << help_text() << std::flush;
      return 0;
    }
    trainer.emplace(make_trainer(args));
  } catch (const Error& error) {
    return fail(error, kUnusable, streams);
  }
  std::optional<ProgressBar> bar;
  if (streams.err_is_terminal) bar.emplace(streams.err);
  try {
    if (args.losses > 0) {
      print_losses(*trainer, args.losses, streams.out);
      return 0;
    }
    for (Index epoch = 1; epoch <= args.epochs; ++epoch) {
      const EpochReport report = train_epoch(*trainer, epoch, args.epochs, bar ? &*bar : nullptr);
      streams.out << (args.json ? to_json(report) : to_text(report)) << std::endl;
    }
  } catch (const Error& error) {
    bar.reset();
    return fail(error, kRunFailed, streams);
  }
  return 0;
}

}  // namespace lanegrad::cli
