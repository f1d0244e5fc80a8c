// What a trainer does with its net between steps: evaluation, early stopping, prediction.
#include <algorithm>
#include <span>
#include <utility>

#include "engine/core/error.h"
#include "engine/ndarray/softmax.h"
#include "engine/training/trainer.h"

namespace lanegrad {

namespace {

const char* text(TargetKind kind) {
  return kind == TargetKind::Labels ? "class labels" : "numbers";
}

void copy_values(const NdArray& from, Real* to) {
  std::copy(from.values().begin(), from.values().end(), to);
}

}  // namespace

std::vector<Setting> stopping_settings(TrainerOptions& options) {
  return {{.key = "patience",
           .title = "patience",
           .placeholder = "EPOCHS",
           .help = "Where above 0, training stops after this many epochs without a smaller "
                   "validation loss, and the best weights are put back.",
           .range = &kCountOrNone,
           .value = &options.patience}};
}

// Until the end of the scope, the net is in evaluation mode, has its averaged weights and records
// no graph. Only handles are swapped, no numbers are copied.
class Trainer::Evaluating {
 public:
  explicit Evaluating(Trainer& trainer) : trainer_(trainer) { exchange(); }
  ~Evaluating() { exchange(); }
  Evaluating(const Evaluating&) = delete;
  Evaluating& operator=(const Evaluating&) = delete;

 private:
  void exchange() {
    for (std::size_t i = 0; i < trainer_.state_.average.size(); ++i) {
      Tensor& tensor = trainer_.variables_[i].tensor;
      NdArray& average = trainer_.state_.average[i];
      NdArray values = tensor.data();
      tensor.set_data(std::move(average));
      average = std::move(values);
    }
  }

  NoGrad no_grad_;
  EvaluationMode evaluation_;
  Trainer& trainer_;
};

const Metrics& Trainer::evaluate(EvaluationSet set, Index most) {
  begin_evaluation(set, most);
  while (!evaluate_some()) {
  }
  return metrics(set);
}

void Trainer::begin_evaluation(EvaluationSet set, Index most) {
  const DataLoader* const data = loader(set);
  if (data == nullptr)
    fail(ErrorCode::InvalidState,
         set == EvaluationSet::Test
             ? "training: evaluation without test data, expected a test set"
             : "training: evaluation without validation data, expected a validation set");
  data->draw(most, evaluated_);
  position_ = 0;
  Metrics& metrics = evaluated_metrics_[static_cast<std::size_t>(set)];
  metrics.reset(metrics.classes());
  evaluating_ = set;
  if (set == EvaluationSet::Validation) validated_ = state_.steps;
}

bool Trainer::evaluate_some() {
  if (!evaluating_.has_value())
    fail(ErrorCode::InvalidState,
         "training: no evaluation is under way, expected one to begin first");
  const auto left = std::span(evaluated_).subspan(position_);
  if (!left.empty()) {
    const DataLoader& data = *loader(*evaluating_);
    const auto count = static_cast<std::size_t>(data.next_batch(std::ssize(left)));
    data.samples(left.first(count), evaluated_batch_);
    const Evaluating evaluating(*this);
    const Tensor output = net_->forward(Tensor(evaluated_batch_.inputs));
    measure(output, plain_loss(output, evaluated_batch_), evaluated_batch_,
            evaluated_metrics_[static_cast<std::size_t>(*evaluating_)]);
    position_ += count;
  }
  if (position_ < evaluated_.size()) return false;
  evaluating_.reset();
  return true;
}

bool Trainer::end_epoch() {
  if (options_.patience == 0) {
    state_.ended = state_.epochs;
    return false;
  }
  const Index validated = validated_ == state_.steps ? validation_metrics().samples() : 0;
  if (validated != validation_->size())
    fail(ErrorCode::InvalidState, "training: the end of an epoch with ", validated, " of ",
         validation_->size(), " validation samples evaluated, expected all");
  state_.ended = state_.epochs;
  if (validation_metrics().loss() < state_.best_loss) {
    state_.best.resize(variables_.size());
    for (std::size_t i = 0; i < variables_.size(); ++i) {
      const NdArray& values = evaluated(i);
      NdArray& best = state_.best[i];
      if (best.shape() != values.shape()) best = NdArray::uninitialized(values.shape());
      copy_values(values, best.mutable_data());
    }
    state_.best_loss = validation_metrics().loss();
    state_.best_epoch = state_.epochs;
    state_.waited = 0;
    return false;
  }
  if (++state_.waited < options_.patience) return false;
  restore_best();
  // A training that goes on after it was stopped has its patience back.
  state_.waited = 0;
  state_.stopped = true;
  return true;
}

bool Trainer::restore_best() {
  for (std::size_t i = 0; i < state_.best.size(); ++i) {
    copy_values(state_.best[i], variables_[i].tensor.mutable_data());
    if (!state_.average.empty()) copy_values(state_.best[i], state_.average[i].mutable_data());
  }
  return !state_.best.empty();
}

const NdArray& Trainer::evaluated(std::size_t variable) const {
  return state_.average.empty() ? variables_[variable].tensor.data() : state_.average[variable];
}

std::vector<NamedTensor> Trainer::answering() const {
  std::vector<NamedTensor> all;
  for (std::size_t i = 0; i < variables_.size(); ++i) {
    all.push_back({variables_[i].name, Tensor(evaluated(i))});
  }
  return all;
}

NdArray Trainer::predict(const NdArray& x) {
  const Evaluating evaluating(*this);
  return net_->forward(Tensor(train_->prepare(x))).data();
}

NdArray Trainer::probabilities(const NdArray& x) {
  if (train_->target_kind() != TargetKind::Labels)
    fail(ErrorCode::InvalidState, "training: probabilities of a net that is trained on ",
         text(train_->target_kind()), ", expected ", text(TargetKind::Labels));
  return softmax(predict(x));
}

std::vector<NamedTensor> Trainer::activations(const NdArray& x) {
  const Evaluating evaluating(*this);
  std::vector<NamedTensor> all{{"x", Tensor(train_->prepare(x))}};
  for (const auto& [name, layer] : net_->parameters()) {
    all.push_back({name, layer->compute(all.back().tensor)});
  }
  return all;
}

}  // namespace lanegrad
