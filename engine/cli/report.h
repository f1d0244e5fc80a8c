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
  Index epoch = 0;           // from 1
  Index epochs = 0;          // of the whole run
  double learning_rate = 0;  // of the last step
  double train_loss = 0;
  std::optional<double> validation_loss = {};  // where there is a validation set
  std::optional<double> validation_accuracy = {};
  double test_loss = 0;
  double test_accuracy = 0;       // 0 to 1
  double samples_per_second = 0;  // of training alone
  double seconds = 0;             // of the epoch, evaluation included
};

// {"epoch":1,"trainLoss":0.25,…}; what is not finite becomes null.
std::string to_json(const EpochReport& report);
std::string to_json(std::span<const double> numbers);  // [2.3,2.2]
// "epoch 1/3: training loss 0.25, …"
std::string to_text(const EpochReport& report);

// The net as a table: each layer's name, what it is, what it gives for a sample, its parameters,
// and the work of a training step per sample.
std::string to_text(const NetDescription& net);

// What early stopping brought back, and what it reaches.
struct BestReport {
  Index epoch = 0;
  double test_loss = 0;
  double test_accuracy = 0;
};
std::string to_json(const BestReport& report);  // {"bestEpoch":4,…}
std::string to_text(const BestReport& report);  // "weights of epoch 4, with the smallest …"

// "trained 600000 samples: 118.2 GFLOP in 21.3 s"
std::string work_text(Index samples, const NetDescription& net, double seconds);

struct Progress {
  Index epoch = 0;  // from 1
  Index epochs = 0;
  double share = 0;  // of this epoch, 0 to 1
  double loss = 0;
  double accuracy = 0;
  double samples_per_second = 0;
  double seconds_left = 0;  // of the whole run
};

// "epoch 1/3 [=====>    ] 45 %  loss 0.2513  accuracy 92.10 %  81000 samples/s  0:12 left"
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
