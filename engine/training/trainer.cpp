// Training, one step at a time.
#include "engine/training/trainer.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "engine/core/error.h"
#include "engine/core/range.h"
#include "engine/losses/mse.h"
#include "engine/ndarray/reduce.h"
#include "engine/ndarray/softmax.h"
#include "engine/ndarray/update.h"
#include "engine/optimizers/clip.h"
#include "engine/training/trainer_checks.h"

namespace lanegrad {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Until the end of the scope, the optimizer has another learning rate.
class LearningRateScope {
 public:
  LearningRateScope(Optimizer& optimizer, double rate)
      : optimizer_(optimizer), previous_(optimizer.learning_rate()) {
    optimizer.set_learning_rate(rate);
  }
  ~LearningRateScope() { optimizer_.set_learning_rate(previous_); }
  LearningRateScope(const LearningRateScope&) = delete;
  LearningRateScope& operator=(const LearningRateScope&) = delete;

 private:
  Optimizer& optimizer_;
  double previous_;
};

Index classes_of(const DataLoader& loader) {
  return loader.target_kind() == TargetKind::Labels ? loader.outputs() : 0;
}

// The net's tensors and buffers, each once, even if layers share it.
std::vector<NamedTensor> variables_of(const Net& net) {
  std::vector<NamedTensor> all = net.named_tensors();
  for (NamedTensor& buffer : net.named_buffers()) all.push_back(std::move(buffer));
  std::vector<NamedTensor> once;
  for (NamedTensor& named : all) {
    const auto same = [&](const NamedTensor& other) { return other.tensor.is(named.tensor); };
    if (std::none_of(once.begin(), once.end(), same)) once.push_back(std::move(named));
  }
  return once;
}

}  // namespace

// At the end of the scope, the statistics are what they were at its beginning, unless the step was
// carried out. Only handles are swapped; meanwhile BatchNorm writes to copies.
class Trainer::Undo {
 public:
  explicit Undo(Trainer& trainer) : trainer_(trainer) {
    for (std::size_t i = 0; i < trainer.buffers_before_.size(); ++i) {
      trainer.buffers_before_[i] = buffer(i).data();
    }
  }
  ~Undo() {
    for (std::size_t i = 0; i < trainer_.buffers_before_.size(); ++i) {
      if (!done_) buffer(i).set_data(trainer_.buffers_before_[i]);
      trainer_.buffers_before_[i] = NdArray();
    }
  }
  Undo(const Undo&) = delete;
  Undo& operator=(const Undo&) = delete;

  void carried_out() { done_ = true; }

 private:
  Tensor& buffer(std::size_t i) { return trainer_.variables_[trainer_.first_buffer_ + i].tensor; }

  Trainer& trainer_;
  bool done_ = false;
};

std::vector<Setting> step_settings(TrainerOptions& options) {
  return {{.key = "label-smoothing",
           .title = "label smoothing",
           .placeholder = "SHARE",
           .help = "The share of each label that is spread over all classes.",
           .range = &kBelowOne,
           .value = &options.label_smoothing},
          {.key = "clip-norm",
           .title = "gradient clipping",
           .placeholder = "NORM",
           .help = "The largest norm that all gradients together may have before they are scaled "
                   "down; 0 is no limit.",
           .range = &kRate,
           .value = &options.clip_norm},
          {.key = "averaging",
           .title = "weight averaging",
           .placeholder = "DECAY",
           .help = "Where above 0, evaluations and predictions use a moving average of the "
                   "weights, which keeps this share of itself in each step, for example 0.999.",
           .range = &kExactlyBelowOne,
           .value = &options.averaging}};
}

Trainer::Trainer(std::shared_ptr<Net> net, std::shared_ptr<Optimizer> optimizer,
                 std::shared_ptr<DataLoader> train, std::shared_ptr<DataLoader> test,
                 std::shared_ptr<DataLoader> validation, const TrainerOptions& options, Index steps)
    : net_(std::move(net)),
      optimizer_(std::move(optimizer)),
      train_(std::move(train)),
      test_(std::move(test)),
      validation_(std::move(validation)),
      options_(options),
      schedule_steps_(steps),
      training_loss_(options.label_smoothing) {
  if (!net_ || !optimizer_ || !train_)
    fail(ErrorCode::InvalidArgument, "training: no ",
         !net_         ? "net"
         : !optimizer_ ? "optimizer"
                       : "training data",
         ", expected a net, an optimizer and training data");
  if (test_) check_same_kind(*train_, *test_, "test");
  if (validation_) check_same_kind(*train_, *validation_, "validation");
  check_options(options_, steps, *train_, validation_ != nullptr);
  const std::uint32_t first[] = {0};
  train_->samples(first, batch_);
  const Shape output = [&] {
    const NoGrad no_grad;
    const EvaluationMode evaluation;
    return net_->forward(Tensor(batch_.inputs)).shape();
  }();
  const Shape expected{1, train_->outputs()};
  if (output != expected)
    fail(ErrorCode::ShapeMismatch, "training: the net gives ", output, " for one sample, expected ",
         expected, " for data with ", train_->outputs(), " ",
         train_->target_kind() == TargetKind::Labels ? "classes" : "targets");
  check_batches(*net_, *train_);
  state_.train_metrics.reset(classes_of(*train_));
  for (Metrics& metrics : evaluated_metrics_) metrics.reset(classes_of(*train_));
  variables_ = variables_of(*net_);
  first_buffer_ = net_->tensors().size();
  buffers_before_.resize(variables_.size() - first_buffer_);
}

void Trainer::check_schedule(Index steps) const {
  if (options_.schedule.kind == ScheduleKind::Constant || steps <= schedule_steps_) return;
  const auto epoch = [&](Index step) { return (step - 1) / train_->batches() + 1; };
  fail(ErrorCode::InvalidArgument, "training: epoch ", epoch(steps), " (step ", steps,
       ") with the schedule ", to_string(options_.schedule.kind), ", expected at most epoch ",
       epoch(schedule_steps_), " (step ", schedule_steps_,
       "): its length is the setting epochs, given at creation or to reset");
}

void Trainer::set_learning_rate(double rate) {
  optimizer_->set_learning_rate(rate);
  state_.planned.clear();
}

void Trainer::plan_learning_rate(double rate, Index after) {
  if (after <= state_.steps) return optimizer_->set_learning_rate(rate);
  Optimizer::check_learning_rate(rate);
  std::vector<PlannedRate>& planned = state_.planned;
  const auto at =
      std::lower_bound(planned.begin(), planned.end(), after,
                       [](const PlannedRate& change, Index steps) { return change.after < steps; });
  if (at != planned.end() && at->after == after) {
    at->learning_rate = rate;
  } else {
    planned.insert(at, {after, rate});
  }
}

StepResult Trainer::step() {
  check_schedule(state_.steps + 1);
  if (!state_.in_epoch) {
    train_->start_epoch();
    state_.train_metrics.reset(classes_of(*train_));
    state_.in_epoch = true;
    ++state_.epochs;
    state_.stopped = false;
  }
  StepResult result{.step = state_.steps + 1,
                    .epoch = state_.epochs,
                    .learning_rate = learning_rate(),
                    .gradient_norm = kNaN};
  const bool found = train_->next(batch_);
  state_.in_epoch = train_->position() < train_->size();
  if (!found)
    fail(ErrorCode::InvalidState,
         "training: the data ended early, expected that nobody else reads batches from their "
         "loader");
  result.samples = batch_.inputs.shape()[0];
  Undo undo(*this);
  // The count goes back where the step goes through.
  ++state_.skipped;
  {
    const Tensor output = net_->forward(Tensor(batch_.inputs));
    const Tensor objective = loss_of(output, batch_, training_loss_);
    result.objective = static_cast<double>(objective.item());
    require_finite("loss", result.objective);
    require_statistics();
    optimizer_->zero_grad();
    objective.backward();
    if (options_.clip_norm > 0) {
      result.gradient_norm = clip_gradients(optimizer_->tensors(), options_.clip_norm);
      require_finite("gradients' norm", result.gradient_norm);
    }
    result.loss = options_.label_smoothing > 0 ? plain_loss(output, batch_) : result.objective;
    result.accuracy = measure(output, result.loss, batch_, state_.train_metrics);
  }  // The graph ends here and lets go of the weights, so that the update happens in place.
  if (options_.averaging > 0 && state_.average.empty()) {
    // Going forward has moved the statistics already.
    for (std::size_t i = 0; i < variables_.size(); ++i) {
      state_.average.push_back(i < first_buffer_ ? variables_[i].tensor.data()
                                                 : buffers_before_[i - first_buffer_]);
    }
  }
  {
    const LearningRateScope scheduled(*optimizer_, result.learning_rate);
    optimizer_->step();
  }
  undo.carried_out();
  ++state_.steps;
  --state_.skipped;
  if (!state_.planned.empty() && state_.planned.front().after == state_.steps) {
    optimizer_->set_learning_rate(state_.planned.front().learning_rate);
    state_.planned.erase(state_.planned.begin());
  }
  update_average();
  result.epoch_done = !state_.in_epoch;
  return result;
}

void Trainer::require_finite(std::string_view quantity, double value, std::string_view of) const {
  if (std::isfinite(value)) return;
  fail(ErrorCode::Diverged,
       {.op = "training",
        .field = std::string(of),
        .quantity = std::string(quantity),
        .value = value,
        .step = state_.steps + 1},
       "training: the ", quantity, of.empty() ? "" : " ", of, " is ", value, " at step ",
       state_.steps + 1, " of epoch ", state_.epochs, ", expected a finite number, ",
       // Before the first update, no learning rate can be the cause.
       state_.steps == 0 ? "smaller numbers in the data or the first weights may help"
                         : "a smaller learning rate may help");
}

void Trainer::require_statistics() const {
  for (std::size_t i = first_buffer_; i < variables_.size(); ++i) {
    const auto& [name, tensor] = variables_[i];
    if (all_finite(tensor.data())) continue;
    const auto values = tensor.data().values();
    require_finite("statistic",
                   *std::find_if_not(values.begin(), values.end(),
                                     [](Real value) { return std::isfinite(value); }),
                   name);
  }
}

double Trainer::learning_rate() const {
  const Schedule& schedule = options_.schedule;
  const Index steps = schedule_steps_;
  const double rate = optimizer_->learning_rate();
  if (schedule.kind == ScheduleKind::Constant) return rate;
  // Steps stay at the last rate, the other schedules reach their end after the last step.
  if (state_.steps >= steps && schedule.kind != ScheduleKind::Step) return rate * schedule.end;
  return rate * learning_rate_factor(schedule, std::min(state_.steps, steps - 1), steps);
}

void Trainer::update_average() {
  const auto t = static_cast<double>(state_.steps);
  const auto share = static_cast<Real>(1 - std::min(options_.averaging, (1 + t) / (10 + t)));
  for (std::size_t i = 0; i < state_.average.size(); ++i) {
    average_update(share, variables_[i].tensor.data(), state_.average[i]);
  }
}

const Metrics& Trainer::epoch() {
  while (!step().epoch_done) {
  }
  return state_.train_metrics;
}

Tensor Trainer::loss_of(const Tensor& output, const Batch& batch,
                        const SoftmaxCrossEntropy& loss) const {
  if (train_->target_kind() == TargetKind::Labels) return loss.forward(output, batch.labels);
  return MSE().forward(output, Tensor(batch.targets));
}

double Trainer::plain_loss(const Tensor& output, const Batch& batch) const {
  const NoGrad no_grad;
  return static_cast<double>(loss_of(output, batch, SoftmaxCrossEntropy()).item());
}

double Trainer::measure(const Tensor& output, double loss, const Batch& batch,
                        Metrics& metrics) const {
  const Index samples = batch.inputs.shape()[0];
  metrics.add_loss(loss, samples);
  if (metrics.classes() == 0) return kNaN;
  const Index right = metrics.add_predictions(output.data(), batch.labels);
  return static_cast<double>(right) / static_cast<double>(samples);
}

}  // namespace lanegrad
