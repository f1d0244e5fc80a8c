// The order of a training, piece by piece.
#include "engine/training/loop.h"

#include <iterator>

namespace lanegrad {

namespace {

// The sets that are evaluated, in this order.
constexpr EvaluationSet kSets[] = {EvaluationSet::Validation, EvaluationSet::Test};

}  // namespace

LoopEvent Loop::advance(Index epochs) {
  samples_ = 0;
  if (stage_ != Stage::Steps) return evaluate() ? LoopEvent::Evaluated : end_stage();
  if (finished(epochs)) {
    const bool over = stopped_early() || trainer_->state().ended >= epochs_;
    if (!over || restored_ || !trainer_->restore_best()) return LoopEvent::Finished;
    begin(Stage::BestWeights);
    return advance(epochs);
  }
  // An epoch without a step that is left is one whose last step has diverged, or one that was saved
  // before its evaluations.
  if (trainer_->epoch_ends()) {
    begin(Stage::EndOfEpoch);
    return advance(epochs);
  }
  step_ = trainer_->step();
  samples_ = step_.samples;
  restored_ = false;
  if (step_.epoch_done) begin(Stage::EndOfEpoch);
  return LoopEvent::Step;
}

void Loop::begin(Stage stage) {
  stage_ = stage;
  set_ = 0;
  begun_ = false;
  if (stage == Stage::BestWeights) restored_ = true;
}

bool Loop::evaluate() {
  const auto there = [this](EvaluationSet set) {
    return set == EvaluationSet::Test ? trainer_->test_loader() : trainer_->validation_loader();
  };
  while (set_ < std::size(kSets) && there(kSets[set_]) == nullptr) ++set_;
  if (set_ == std::size(kSets)) return false;
  const EvaluationSet set = kSets[set_];
  if (!begun_) trainer_->begin_evaluation(set);
  const Index before = trainer_->metrics(set).samples();
  const bool done = trainer_->evaluate_some();
  samples_ = trainer_->metrics(set).samples() - before;
  begun_ = !done;
  if (done) ++set_;
  return true;
}

LoopEvent Loop::end_stage() {
  const bool epoch = stage_ == Stage::EndOfEpoch;
  stage_ = Stage::Steps;
  if (!epoch) return LoopEvent::Restored;
  if (trainer_->end_epoch()) {
    goes_on_ = false;
    begin(Stage::BestWeights);
  }
  return LoopEvent::EpochEnded;
}

}  // namespace lanegrad
