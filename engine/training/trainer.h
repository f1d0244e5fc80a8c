// Trains a net: net + loss + optimizer + data loaders; one step, an epoch, evaluate, predict.
// The loss follows from the data: SoftmaxCrossEntropy for labels, MSE for numbers.
#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/dataloaders/data_loader.h"
#include "engine/losses/softmax_cross_entropy.h"
#include "engine/nets/net.h"
#include "engine/optimizers/optimizer.h"
#include "engine/optimizers/schedule.h"
#include "engine/training/metrics.h"

namespace lanegrad {

struct TrainerOptions {
  Schedule schedule = {};
  Index steps = 0;  // the schedule's length, which only a constant one may do without or outrun
  double label_smoothing = 0;  // of the training loss, see SoftmaxCrossEntropy
  double clip_norm = 0;        // the most that the gradients' norm may be; 0: anything
  // Above 0: after each step t = 1, 2, … a second set of weights and buffers moves towards the
  // net's, average = decay · average + (1 − decay) · w, and is what evaluations and predictions
  // use. It starts from the weights before the first step, and decay = min(averaging, (1 + t) /
  // (10 + t)), so that those are forgotten soon (as TensorFlow's ExponentialMovingAverage does it).
  double averaging = 0;
  // Above 0: end_epoch() says to stop after so many epochs without a smaller validation loss.
  Index patience = 0;
};

struct StepResult {
  Index step = 0;            // steps done since the start
  Index epoch = 0;           // the epoch that this step belongs to, from 1
  Index samples = 0;         // in this step's batch
  double loss = 0;           // of this batch, before the update, with label smoothing
  double accuracy = 0;       // of this batch, before the update; NaN where there are no labels
  double learning_rate = 0;  // of this update: the optimizer's times the schedule's factor
  double gradient_norm = 0;  // before clipping; NaN where nothing is clipped
  bool epoch_done = false;
};

// A learning rate that the optimizer gets once `after` steps have been done.
struct PlannedRate {
  Index after = 0;
  double learning_rate = 0;
};

// All that steps and epochs change besides the net, the optimizer and the loaders.
struct TrainerState {
  Index steps = 0;
  Index skipped = 0;  // batches whose steps have diverged
  Index epochs = 0;   // started so far
  bool in_epoch = false;
  Metrics train_metrics;         // of the current epoch so far
  std::vector<NdArray> average;  // of each of Trainer::variables(); none before the first step
  std::vector<NdArray> best;     // the same of the epoch with the smallest validation loss, or none
  double best_loss = std::numeric_limits<double>::infinity();
  Index best_epoch = 0;
  Index waited = 0;                  // epochs since the best one
  Index ended = 0;                   // epochs that end_epoch() was called for
  bool stopped = false;              // it has said to stop, and nothing was trained since
  std::vector<PlannedRate> planned;  // still to come, by their steps, each of which is there once
};

enum class EvaluationSet { Test, Validation };

class Trainer {
 public:
  // `test` and `validation` may be null. Throws ShapeMismatch where the net does not fit the data
  // or the data do not fit each other, InvalidArgument for options that make no sense, and where
  // BatchNorm would get a single value: a batch of one sample has no statistics.
  Trainer(std::shared_ptr<Net> net, std::shared_ptr<Optimizer> optimizer,
          std::shared_ptr<DataLoader> train, std::shared_ptr<DataLoader> test,
          std::shared_ptr<DataLoader> validation = nullptr, const TrainerOptions& options = {});

  // One batch forward and backward and one update; starts the next epoch where the last has ended.
  // The optimizer's learning rate times the schedule's factor is used. Throws InvalidArgument
  // beyond the end of the schedule, and Diverged, naming step and epoch, where the loss, a
  // statistic of BatchNorm or, where it is limited, the gradients' norm is not finite. Of a step
  // that throws nothing stays: weights, statistics, averages, metrics and counts are those from
  // before it, so that training can go on, for instance at a smaller rate. Only the loader and the
  // generators of Dropout have gone on: the next step takes the next batch.
  StepResult step();
  // Throws InvalidArgument where so many steps in all are more than the schedule has.
  void check_schedule(Index steps) const;

  // What the schedule multiplies from the next step on; forgets the changes that were planned.
  // Throws as Optimizer::set_learning_rate.
  void set_learning_rate(double rate);
  // The same from the moment on when `after` steps have been done, or at once where they have been:
  // other changes that are planned stay, but for one after the same step.
  void plan_learning_rate(double rate, Index after);

  // Steps up to the end of the current epoch; the mean metrics of the whole epoch.
  const Metrics& epoch();

  // The mean metrics over the training batches of the current epoch so far.
  const Metrics& train_metrics() const { return state_.train_metrics; }

  // The whole test or validation set in eval mode without a graph and without label smoothing.
  // Throws InvalidState where there is no such set.
  const Metrics& evaluate(EvaluationSet set = EvaluationSet::Test);
  // The same in slices: begin, then call evaluate_some until it returns true.
  void begin_evaluation(EvaluationSet set = EvaluationSet::Test);
  bool evaluate_some();  // one batch
  const Metrics& test_metrics() const { return test_metrics_; }
  const Metrics& validation_metrics() const { return validation_metrics_; }

  // Whether an epoch has come to its last step, and end_epoch() was not called since.
  bool epoch_ends() const { return !state_.in_epoch && state_.epochs > state_.ended; }
  // Early stopping, to be called after the validation of each epoch: keeps what was validated where
  // it is the best so far, and returns true once training should stop; the best weights are back
  // then. Always false without patience. Throws InvalidState without a validation that was
  // finished since the last step.
  bool end_epoch();
  // Puts the best weights back, averaged where they were, also for a training that has run its full
  // length; false where no epoch has ended with patience.
  bool restore_best();

  // The net's outputs in eval mode without a graph. x: [N, …], raw: what the training data's loader
  // does to its samples is done to these -> [N, O].
  NdArray predict(const NdArray& x);
  // Softmax of the same; throws InvalidState unless the net is trained on labels.
  NdArray probabilities(const NdArray& x);

  // The same layer by layer: what goes into the net, called "x", and each layer's output by the
  // layer's name.
  std::vector<NamedTensor> activations(const NdArray& x);

  Net& net() { return *net_; }
  Optimizer& optimizer() { return *optimizer_; }
  DataLoader& train_loader() { return *train_; }
  DataLoader* test_loader() { return test_.get(); }
  DataLoader* validation_loader() { return validation_.get(); }
  const TrainerOptions& options() const { return options_; }

  // The net's tensors and buffers, each once: what is averaged, and kept as the best.
  const std::vector<NamedTensor>& variables() const { return variables_; }
  // The same by name as evaluations and predictions use them: averaged where they are.
  std::vector<NamedTensor> answering() const;
  // For checkpoints: whoever writes here keeps to the sizes of variables().
  TrainerState& state() { return state_; }

 private:
  class Evaluating;
  class Undo;

  // These throw Diverged at the step under way.
  void require_finite(std::string_view what, double value) const;
  void require_statistics() const;
  double learning_rate_factor() const;
  void update_average();
  const NdArray& evaluated(std::size_t variable) const;  // its averaged or only values
  // Output and mean loss of a batch go into `metrics`; returns the share of right answers.
  double measure(const Tensor& output, double loss, const Batch& batch, Metrics& metrics) const;
  Tensor loss_of(const Tensor& output, const Batch& batch, const SoftmaxCrossEntropy& loss) const;
  DataLoader* loader(EvaluationSet set) {
    return set == EvaluationSet::Test ? test_.get() : validation_.get();
  }
  Metrics& metrics(EvaluationSet set) {
    return set == EvaluationSet::Test ? test_metrics_ : validation_metrics_;
  }

  std::shared_ptr<Net> net_;
  std::shared_ptr<Optimizer> optimizer_;
  std::shared_ptr<DataLoader> train_;
  std::shared_ptr<DataLoader> test_;
  std::shared_ptr<DataLoader> validation_;
  TrainerOptions options_;
  SoftmaxCrossEntropy training_loss_;
  std::vector<NamedTensor> variables_;
  std::size_t first_buffer_ = 0;         // of the variables: statistics, which have no gradients
  std::vector<NdArray> buffers_before_;  // their values before the step under way
  TrainerState state_;
  Batch batch_;
  Batch evaluated_batch_;
  Metrics test_metrics_;
  Metrics validation_metrics_;
  Index validated_ = -1;  // steps done when the validation began whose metrics these are
  std::optional<EvaluationSet> evaluating_;
};

}  // namespace lanegrad
