// Trains a net: net, loss, optimizer and data loaders; one step, an epoch, evaluation, prediction.
// The loss follows from the data: SoftmaxCrossEntropy for labels, MSE for numbers.
#pragma once

#include <array>
#include <cstdint>
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
  // The label smoothing of the training loss, see SoftmaxCrossEntropy.
  double label_smoothing = 0;
  double clip_norm = 0;  // the most that the gradients' norm may be; 0: anything
  // Where above 0, a second set of weights and buffers moves towards the net's after each step t =
  // 1, 2, …: average = decay · average + (1 − decay) · w. Evaluations and predictions use that set.
  // It starts from those before the first step, which are forgotten soon, since decay =
  // min(averaging, (1 + t) / (10 + t)), as in TensorFlow's ExponentialMovingAverage.
  double averaging = 0;
  // Where above 0, end_epoch() says to stop after this many epochs without a smaller validation
  // loss.
  Index patience = 0;

  bool operator==(const TrainerOptions&) const = default;
};
// The settings of steps and that of early stopping, as rows.
std::vector<Setting> step_settings(TrainerOptions& options);
std::vector<Setting> stopping_settings(TrainerOptions& options);

struct StepResult {
  // The steps done since the start.
  Index step = 0;
  // The epoch that this step belongs to, from 1.
  Index epoch = 0;
  Index samples = 0;  // in this step's batch
  // The loss of this batch before the update, as evaluations measure it: without label smoothing.
  double loss = 0;
  // What the update makes smaller: the loss with label smoothing.
  double objective = 0;
  // The accuracy on this batch before the update; NaN where there are no labels.
  double accuracy = 0;
  // The learning rate of this update: the optimizer's times the schedule's factor.
  double learning_rate = 0;
  // The norm of all gradients before clipping; NaN where nothing is clipped.
  double gradient_norm = 0;
  bool epoch_done = false;
};

// A learning rate that the optimizer gets once `after` steps have been done.
struct PlannedRate {
  Index after = 0;
  double learning_rate = 0;
};

// All that steps and epochs change, besides the net, the optimizer and the loaders.
struct TrainerState {
  Index steps = 0;
  // The batches whose steps have diverged.
  Index skipped = 0;
  // The epochs started so far.
  Index epochs = 0;
  bool in_epoch = false;
  // The metrics of the current epoch so far.
  Metrics train_metrics;
  // The average of each of Trainer::variables(); empty before the first step.
  std::vector<NdArray> average;
  // The values of each of Trainer::variables() (averaged where there are averages) after the epoch
  // with the smallest validation loss; empty before the first such epoch.
  std::vector<NdArray> best;
  double best_loss = std::numeric_limits<double>::infinity();
  Index best_epoch = 0;
  // The epochs since the best one.
  Index waited = 0;
  // The epochs that end_epoch() was called for.
  Index ended = 0;
  // Whether early stopping has said to stop, and nothing was trained since.
  bool stopped = false;
  // The changes that are still to come, in the order of their steps, at most one for each step.
  std::vector<PlannedRate> planned;
};

// The samples that an evaluation is about.
enum class EvaluationSet { Test, Validation, Training };

class Trainer {
 public:
  static constexpr Index kAll = std::numeric_limits<Index>::max();

  // `test` and `validation` may be null. `steps` is the schedule's length, which only a constant
  // one may do without or outrun. Throws ShapeMismatch where the net does not fit the data or the
  // data do not fit each other, InvalidArgument for options that make no sense, and where BatchNorm
  // would get one value per channel, since a batch of one sample has no statistics.
  Trainer(std::shared_ptr<Net> net, std::shared_ptr<Optimizer> optimizer,
          std::shared_ptr<DataLoader> train, std::shared_ptr<DataLoader> test,
          std::shared_ptr<DataLoader> validation = nullptr, const TrainerOptions& options = {},
          Index steps = 0);

  // Runs one batch forward and backward and updates the weights; starts the next epoch where the
  // last one has ended. The learning rate is the optimizer's times the schedule's factor. Throws
  // InvalidArgument beyond the end of the schedule, and Diverged, naming step and epoch, where the
  // loss, a statistic of BatchNorm or, with clipping, the gradients' norm is not finite. A step
  // that diverges changes no weights, statistics, averages or metrics and does not count as a step,
  // so that training can go on, for instance at a smaller rate. Only the loader, the generators of
  // Dropout and TrainerState::skipped have gone on: the next step takes the next batch.
  StepResult step();
  // Throws InvalidArgument where a training of `steps` steps in all would be longer than the
  // schedule.
  void check_schedule(Index steps) const;

  // Sets the rate that the schedule multiplies from the next step on, and forgets the changes that
  // were planned. Throws what Optimizer::set_learning_rate throws.
  void set_learning_rate(double rate);
  // Plans a rate that the schedule multiplies once `after` steps have been done, or sets it now
  // where they have been. Other planned changes stay, except for one after the same step. Throws
  // what Optimizer::set_learning_rate throws.
  void plan_learning_rate(double rate, Index after);

  // The learning rate of the next step: the optimizer's times the schedule's factor. Where the
  // schedule is over, the rate that it has come to.
  double learning_rate() const;

  // Runs steps up to the end of the current epoch; returns the mean metrics of the whole epoch.
  const Metrics& epoch();

  // The mean metrics over the training batches of the current epoch so far.
  const Metrics& train_metrics() const { return state_.train_metrics; }

  // Evaluates the samples of a set, at most `most` of them, which DataLoader::draw chooses: in
  // evaluation mode, without a graph, augmentation and label smoothing. Nothing of the training
  // changes. Throws InvalidState where there is no such set.
  const Metrics& evaluate(EvaluationSet set = EvaluationSet::Test, Index most = kAll);
  // Begins an evaluation in slices: evaluate_some(), which evaluates one batch, is then called
  // until it returns true. Throws InvalidState where there is no such set.
  void begin_evaluation(EvaluationSet set = EvaluationSet::Test, Index most = kAll);
  bool evaluate_some();
  // The metrics of the last evaluation of a set, as far as it has come.
  const Metrics& metrics(EvaluationSet set) const {
    return evaluated_metrics_[static_cast<std::size_t>(set)];
  }
  const Metrics& test_metrics() const { return metrics(EvaluationSet::Test); }
  const Metrics& validation_metrics() const { return metrics(EvaluationSet::Validation); }

  // Whether an epoch has come to its last step, and end_epoch() was not called since.
  bool epoch_ends() const { return !state_.in_epoch && state_.epochs > state_.ended; }
  // Early stopping, to be called after the validation of each epoch. Keeps the validated weights
  // where they are the best so far. Returns true once training should stop, with the best weights
  // put back. Without patience it always returns false; with patience, it throws InvalidState
  // unless a validation was finished since the last step.
  bool end_epoch();
  // Puts the best weights back (averaged ones where there are averages), also in a training that
  // has run its full length. Returns false where no epoch has ended with patience.
  bool restore_best();

  // The net's outputs [N, O] in evaluation mode and without a graph. x: [N, …] is raw: it is
  // prepared as the loader of the training data does with its samples.
  NdArray predict(const NdArray& x);
  // The softmax of predict(x): [N, C]. Throws InvalidState unless the net is trained on labels.
  NdArray probabilities(const NdArray& x);

  // What predict(x) computes, layer by layer: the prepared input, called "x", and each layer's
  // output by the layer's name.
  std::vector<NamedTensor> activations(const NdArray& x);

  Net& net() { return *net_; }
  Optimizer& optimizer() { return *optimizer_; }
  DataLoader& train_loader() { return *train_; }
  DataLoader* test_loader() { return test_.get(); }
  DataLoader* validation_loader() { return validation_.get(); }
  const TrainerOptions& options() const { return options_; }
  Index schedule_steps() const { return schedule_steps_; }

  // The net's tensors and buffers, each once. These are averaged, and kept as the best.
  const std::vector<NamedTensor>& variables() const { return variables_; }
  // The values of variables() by name that evaluations and predictions use: the averages where
  // there are some.
  std::vector<NamedTensor> answering() const;
  // The state, for checkpoints. Whoever writes to it keeps the sizes of variables().
  TrainerState& state() { return state_; }

 private:
  class Evaluating;
  class Undo;

  // The two checks throw Diverged with the number of the step under way.
  void require_finite(std::string_view quantity, double value, std::string_view of = {}) const;
  void require_statistics() const;
  void update_average();
  // The variable's averaged value, or its only one.
  const NdArray& evaluated(std::size_t variable) const;
  // Adds the output and the mean loss of a batch to `metrics`; returns the share of right answers.
  double measure(const Tensor& output, double loss, const Batch& batch, Metrics& metrics) const;
  Tensor loss_of(const Tensor& output, const Batch& batch, const SoftmaxCrossEntropy& loss) const;
  // The loss without label smoothing.
  double plain_loss(const Tensor& output, const Batch& batch) const;
  const DataLoader* loader(EvaluationSet set) const {
    return set == EvaluationSet::Test         ? test_.get()
           : set == EvaluationSet::Validation ? validation_.get()
                                              : train_.get();
  }

  std::shared_ptr<Net> net_;
  std::shared_ptr<Optimizer> optimizer_;
  std::shared_ptr<DataLoader> train_;
  std::shared_ptr<DataLoader> test_;
  std::shared_ptr<DataLoader> validation_;
  TrainerOptions options_;
  Index schedule_steps_;
  SoftmaxCrossEntropy training_loss_;
  std::vector<NamedTensor> variables_;
  // Where the buffers (statistics, which have no gradients) begin among the variables.
  std::size_t first_buffer_ = 0;
  // The values of the buffers before the step under way.
  std::vector<NdArray> buffers_before_;
  TrainerState state_;
  Batch batch_;
  Batch evaluated_batch_;
  // The metrics of the last evaluation of each EvaluationSet.
  std::array<Metrics, 3> evaluated_metrics_;
  // The steps that were done when the last validation began.
  Index validated_ = -1;
  // The set that is being evaluated, the numbers of its samples, and how many are done.
  std::optional<EvaluationSet> evaluating_;
  std::vector<std::uint32_t> evaluated_;
  std::size_t position_ = 0;
};

}  // namespace lanegrad
