// The loop of training, one step at a time.
#include "engine/training/trainer.h"

#include <cmath>
#include <limits>
#include <utility>

#include "engine/core/error.h"
#include "engine/losses/mse.h"
#include "engine/losses/softmax_cross_entropy.h"
#include "engine/ndarray/softmax.h"

namespace lanegrad {

namespace {

// Until the end of the scope the net is in evaluation mode and remembers no graph.
class Evaluating {
 public:
  explicit Evaluating(Net& net) : net_(net), previous_(net.training()) { net.set_training(false); }
  ~Evaluating() { net_.set_training(previous_); }
  Evaluating(const Evaluating&) = delete;
  Evaluating& operator=(const Evaluating&) = delete;

 private:
  NoGrad no_grad_;
  Net& net_;
  bool previous_;
};

Index classes_of(const DataLoader& loader) {
  return loader.target_kind() == TargetKind::Labels ? loader.outputs() : 0;
}

const char* text(TargetKind kind) {
  return kind == TargetKind::Labels ? "class labels" : "numbers";
}

void check_same_kind(const DataLoader& train, const DataLoader& test) {
  require(test.sample_shape() == train.sample_shape() && test.outputs() == train.outputs() &&
              test.target_kind() == train.target_kind(),
          ErrorCode::ShapeMismatch, [&] {
            const auto describe = [](const DataLoader& loader) {
              return str("samples ", loader.sample_shape(), " with ", loader.outputs(),
                         loader.target_kind() == TargetKind::Labels ? " classes" : " targets");
            };
            return str("training: training data of ", describe(train), " and test data of ",
                       describe(test), ", expected the same");
          });
}

}  // namespace

Trainer::Trainer(std::shared_ptr<Net> net, std::shared_ptr<Optimizer> optimizer,
                 std::shared_ptr<DataLoader> train, std::shared_ptr<DataLoader> test)
    : net_(std::move(net)),
      optimizer_(std::move(optimizer)),
      train_(std::move(train)),
      test_(std::move(test)) {
  require(net_ && optimizer_ && train_, ErrorCode::InvalidArgument, [&] {
    return str("training: no ",
               !net_         ? "net"
               : !optimizer_ ? "optimizer"
                             : "training data",
               ", expected a net, an optimizer and training data");
  });
  if (test_) check_same_kind(*train_, *test_);
  const std::uint32_t first[] = {0};
  train_->samples(first, batch_);
  const Shape output = predict(batch_.inputs).shape();
  const Shape expected{1, train_->outputs()};
  require(output == expected, ErrorCode::ShapeMismatch, [&] {
    return str("training: the net gives ", output, " for one sample, expected ", expected,
               " for data with ", train_->outputs(), " ",
               train_->target_kind() == TargetKind::Labels ? "classes" : "targets");
  });
  train_metrics_.reset(classes_of(*train_));
  test_metrics_.reset(classes_of(*train_));
}

StepResult Trainer::step() {
  if (!in_epoch_) {
    train_->start_epoch();
    train_metrics_.reset(classes_of(*train_));
    in_epoch_ = true;
    ++epochs_;
  }
  StepResult result{.step = steps_ + 1, .epoch = epochs_};
  const bool found = train_->next(batch_);
  in_epoch_ = train_->position() < train_->size();
  require(found, ErrorCode::InvalidState, [] {
    return "training: the data ended early, expected that nobody else reads batches from their "
           "loader";
  });
  result.samples = batch_.inputs.shape()[0];
  {
    const Tensor output = net_->forward(Tensor(batch_.inputs));
    const Tensor loss = loss_of(output, batch_);
    result.loss = static_cast<double>(loss.item());
    require(std::isfinite(result.loss), ErrorCode::Diverged, [&] {
      return str("training: the loss is ", result.loss, " at step ", result.step, " of epoch ",
                 result.epoch, ", expected a finite number, a smaller learning rate may help");
    });
    optimizer_->zero_grad();
    loss.backward();
    result.accuracy = measure(output, result.loss, batch_, train_metrics_);
  }  // The graph ends here and lets go of the weights, so that the update happens in place.
  optimizer_->step();
  ++steps_;
  result.epoch_done = !in_epoch_;
  return result;
}

const Metrics& Trainer::epoch() {
  while (!step().epoch_done) {
  }
  return train_metrics_;
}

const Metrics& Trainer::evaluate() {
  begin_evaluation();
  while (!evaluate_some()) {
  }
  return test_metrics_;
}

void Trainer::begin_evaluation() {
  require(test_ != nullptr, ErrorCode::InvalidState,
          [] { return "training: evaluation without test data, expected a test set"; });
  test_->start_epoch();
  test_metrics_.reset(classes_of(*test_));
  evaluating_ = true;
}

bool Trainer::evaluate_some() {
  require(evaluating_, ErrorCode::InvalidState,
          [] { return "training: no evaluation is under way, expected one to begin first"; });
  if (test_->next(test_batch_)) {
    const Evaluating evaluating(*net_);
    const Tensor output = net_->forward(Tensor(test_batch_.inputs));
    const auto loss = static_cast<double>(loss_of(output, test_batch_).item());
    measure(output, loss, test_batch_, test_metrics_);
  }
  evaluating_ = test_->position() < test_->size();
  return !evaluating_;
}

NdArray Trainer::predict(const NdArray& x) {
  const Evaluating evaluating(*net_);
  return net_->forward(Tensor(x)).data();
}

NdArray Trainer::probabilities(const NdArray& x) {
  require(train_->target_kind() == TargetKind::Labels, ErrorCode::InvalidState, [&] {
    return str("training: probabilities of a net that is trained on ", text(train_->target_kind()),
               ", expected ", text(TargetKind::Labels));
  });
  return softmax(predict(x));
}

Tensor Trainer::loss_of(const Tensor& output, const Batch& batch) const {
  if (train_->target_kind() == TargetKind::Labels) {
    return SoftmaxCrossEntropy().forward(output, batch.labels);
  }
  return MSE().forward(output, Tensor(batch.targets));
}

double Trainer::measure(const Tensor& output, double loss, const Batch& batch,
                        Metrics& metrics) const {
  const Index samples = batch.inputs.shape()[0];
  metrics.add_loss(loss, samples);
  if (metrics.classes() == 0) return std::numeric_limits<double>::quiet_NaN();
  const Index right = metrics.add_predictions(output.data(), batch.labels);
  return static_cast<double>(right) / static_cast<double>(samples);
}

}  // namespace lanegrad
