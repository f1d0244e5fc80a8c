// Trains a net: net + loss + optimizer + data loaders; one step, an epoch, evaluate, predict.
// The loss follows from the data: SoftmaxCrossEntropy for labels, MSE for numbers.
#pragma once

#include <memory>

#include "engine/dataloaders/data_loader.h"
#include "engine/nets/net.h"
#include "engine/optimizers/optimizer.h"
#include "engine/training/metrics.h"

namespace lanegrad {

struct StepResult {
  Index step = 0;       // steps done since the start
  Index epoch = 0;      // the epoch that this step belongs to, from 1
  Index samples = 0;    // in this step's batch
  double loss = 0;      // of this batch, before the update
  double accuracy = 0;  // of this batch, before the update; NaN where there are no labels
  bool epoch_done = false;
};

class Trainer {
 public:
  // `test` may be null. Throws ShapeMismatch where the net does not fit the data, or the test data
  // do not fit the training data.
  Trainer(std::shared_ptr<Net> net, std::shared_ptr<Optimizer> optimizer,
          std::shared_ptr<DataLoader> train, std::shared_ptr<DataLoader> test);

  // One batch forward and backward and one update; starts the next epoch where the last has ended.
  // Throws Diverged where the loss is not finite, before weights change, naming step and epoch.
  StepResult step();
  // Steps up to the end of the current epoch; the mean metrics of the whole epoch.
  const Metrics& epoch();

  // The mean metrics over the training batches of the current epoch so far.
  const Metrics& train_metrics() const { return train_metrics_; }

  // The whole test set in eval mode without a graph. Throws InvalidState without a test set.
  const Metrics& evaluate();
  // The same in slices: begin, then call evaluate_some until it returns true.
  void begin_evaluation();
  bool evaluate_some();  // one batch of the test loader
  const Metrics& test_metrics() const { return test_metrics_; }

  // The net's outputs in eval mode without a graph; x: [N, …] as the net takes it -> [N, O].
  NdArray predict(const NdArray& x);
  // Softmax of the same; throws InvalidState unless the net is trained on labels.
  NdArray probabilities(const NdArray& x);

  Net& net() { return *net_; }
  Optimizer& optimizer() { return *optimizer_; }
  DataLoader& train_loader() { return *train_; }
  DataLoader* test_loader() { return test_.get(); }

 private:
  Tensor loss_of(const Tensor& output, const Batch& batch) const;
  // Output and mean loss of a batch go into `metrics`; returns the share of right answers.
  double measure(const Tensor& output, double loss, const Batch& batch, Metrics& metrics) const;

  std::shared_ptr<Net> net_;
  std::shared_ptr<Optimizer> optimizer_;
  std::shared_ptr<DataLoader> train_;
  std::shared_ptr<DataLoader> test_;
  Batch batch_;
  Batch test_batch_;
  Metrics train_metrics_;
  Metrics test_metrics_;
  Index steps_ = 0;
  Index epochs_ = 0;  // started so far
  bool in_epoch_ = false;
  bool evaluating_ = false;
};

}  // namespace lanegrad
