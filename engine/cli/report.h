// What training says on the terminal: a progress bar, a line or a JSON object per epoch.
#pragma once

#include <chrono>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>

#include "engine/core/real.h"
#include "engine/nets/net.h"

namespace lanegrad::cli {

struct EpochReport {
  // The number of the epoch, from 1.
  Index epoch = 0;
  // The epochs of the whole run.
  Index epochs = 0;
  // The learning rate of the last step.
  double learning_rate = 0;
  double train_loss = 0;
  // The mean loss over the validation set, where there is one.
  std::optional<double> validation_loss = {};
  std::optional<double> validation_accuracy = {};
  double test_loss = 0;
  double test_accuracy = 0;  // 0 to 1
  // The speed of training alone, without evaluation.
  double samples_per_second = 0;
  // The time of the epoch, evaluation included.
  double seconds = 0;
};

// The report as JSON, {"epoch":1,"trainLoss":0.25,…}; a number that is not finite becomes null.
std::string to_json(const EpochReport& report);
std::string to_json(std::span<const double> numbers);  // [2.3,2.2]
// The report as a line, "epoch 1/3: training loss 0.25, …".
std::string to_text(const EpochReport& report);

// The net as a table: each layer's name, what it is, the shape of what it gives for a sample, its
// number of parameters, and the FLOPs of a training step per sample.
std::string to_text(const NetDescription& net);

// The epoch whose weights early stopping brought back, and what they reach.
struct BestReport {
  Index epoch = 0;
  double test_loss = 0;
  double test_accuracy = 0;
};
std::string to_json(const BestReport& report);  // {"bestEpoch":4,…}
std::string to_text(const BestReport& report);  // "weights of epoch 4, with the smallest …"

// What a net without its data answers to test images.
struct AnswerReport {
  Index samples = 0;
  double test_loss = 0;
  double test_accuracy = 0;
  double samples_per_second = 0;
};
std::string to_json(const AnswerReport& report);  // {"samples":10000,"testLoss":0.06,…}
std::string to_text(const AnswerReport& report);  // "10000 test images: loss 0.0612, …"

// How good answers are: as classes, or as numbers in the target's own units.
struct TableScore {
  double accuracy = 0;  // 0 to 1
  double r2 = 0;        // NaN where all numbers are the same
  double mean_absolute_error = 0;
};

// What a training on a table has come to on the rows that are held back.
struct TableReport {
  Index rows = 0;
  bool has_classes = false;
  TableScore net;
  // A linear model on the same rows, and always the commonest class, or the mean.
  TableScore linear;
  TableScore guess;
};
std::string to_json(const TableReport& report);  // {"heldRows":69,"net":{"accuracy":0.99},…}
std::string to_text(const TableReport& report);  // "69 held rows: accuracy 98.55 %, …"

// The work of a run as a line, "trained 600000 samples: 118.2 GFLOP in 21.3 s".
std::string work_text(Index samples, const NetDescription& net, double seconds);

struct Progress {
  // The number of the epoch, from 1.
  Index epoch = 0;
  Index epochs = 0;
  // The share of this epoch that is done, 0 to 1.
  double share = 0;
  double loss = 0;
  double accuracy = 0;
  double samples_per_second = 0;
  // The time until the end of the whole run.
  double seconds_left = 0;
};

// Progress as a line, "epoch 1/3 [=====>    ] 45 %  loss 0.2513  accuracy 92.10 %  81000 samples/s
// 0:12 left".
std::string to_text(const Progress& progress);

// Draws progress over itself in one line of a terminal, at most ten times a second.
class ProgressBar {
 public:
  explicit ProgressBar(std::ostream& terminal) : terminal_(terminal) {}
  ~ProgressBar() { clear(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  bool due() const;
  void draw(const Progress& progress);
  void clear();

 private:
  std::ostream& terminal_;
  std::chrono::steady_clock::time_point last_{};
  bool visible_ = false;
};

}  // namespace lanegrad::cli
