// The order of a training: the steps of an epoch, the evaluations that end it, early stopping, and
// the best weights put back at the end. It comes in pieces, so that whoever drives it can pause,
// save or do anything else in between.
#pragma once

#include <memory>

#include "engine/training/trainer.h"

namespace lanegrad {

// What Loop::advance() has done. (wasm/bindings/library.js has their names.)
enum class LoopEvent {
  Step,        // a training step, see Loop::step()
  Evaluated,   // a batch of an evaluation
  EpochEnded,  // the end of an epoch: the trainer's metrics are those of the whole epoch
  Restored,    // the best weights have been put back and evaluated: the metrics are theirs
  Finished,    // nothing, since all is done
};

class Loop {
 public:
  // `epochs` is the length of the training, at whose end the best weights are put back. A training
  // from a checkpoint goes on where it was, whatever it was doing.
  Loop(std::shared_ptr<Trainer> trainer, Index epochs)
      : trainer_(std::move(trainer)), epochs_(epochs) {}

  // Does the next piece of a training of `epochs` epochs in all, the ones before included: a step,
  // or a batch of an evaluation. Evaluations that have begun come first. Throws what
  // Trainer::step() throws; the next call then goes on with the next batch, or with the evaluations
  // where that was the epoch's last one.
  LoopEvent advance(Index epochs);

  // The last step.
  const StepResult& step() const { return step_; }
  // The samples of the last piece, which it trained on or evaluated.
  Index samples() const { return samples_; }

  // Whether evaluations are under way, which `advance` ends before the next step.
  bool evaluating() const { return stage_ != Stage::Steps; }
  // Whether a training of `epochs` epochs has no step left, since they are done or early stopping
  // has ended it. Its last evaluations may still have to come.
  bool finished(Index epochs) const { return stopped_early() || trainer_->state().ended >= epochs; }
  // Whether early stopping has ended the training, and nobody has said since that it shall go on.
  bool stopped_early() const { return trainer_->state().stopped && !goes_on_; }
  // Makes the training go on after early stopping.
  void go_on() { goes_on_ = true; }

 private:
  enum class Stage {
    Steps,
    EndOfEpoch,   // the evaluations of an epoch
    BestWeights,  // the evaluations of the best weights, which are back
  };

  void begin(Stage stage);
  // Evaluates a batch for the current stage; returns false where all its sets are done.
  bool evaluate();
  LoopEvent end_stage();

  std::shared_ptr<Trainer> trainer_;
  Index epochs_;
  StepResult step_;
  Index samples_ = 0;
  Stage stage_ = Stage::Steps;
  // The set that the stage evaluates, by its place in the order, and whether that has begun.
  std::size_t set_ = 0;
  bool begun_ = false;
  // Whether the best weights have been put back, and nothing was trained since.
  bool restored_ = false;
  bool goes_on_ = false;
};

}  // namespace lanegrad
