// Batches of samples that come from outside, one batch after the other, since no memory holds them
// all. Their order is that in which they come.
#pragma once

#include <memory>

#include "engine/dataloaders/data_loader.h"

namespace lanegrad {

class StreamLoader final : public DataLoader {
 public:
  // Epochs of `samples` samples, at least 1. They are like those of `like`, whose first ones stand
  // for all others where a sample is asked for by its number.
  StreamLoader(std::shared_ptr<DataLoader> like, Index samples, Index batch_size);

  // Gives the samples of the next batch, which are all that this loader has, in their order. It
  // augments them, where it does, by the epoch under way.
  void give(std::shared_ptr<DataLoader> batch);

  Index stored() const override { return samples_; }
  Shape sample_shape() const override { return given_->sample_shape(); }
  Index outputs() const override { return given_->outputs(); }
  TargetKind target_kind() const override { return given_->target_kind(); }
  NdArray prepare(const NdArray& x) const override { return given_->prepare(x); }

 private:
  // What is to come cannot be known.
  std::uint64_t compute_checksum() const override { return 0; }
  void gather(std::span<const std::uint32_t> indices, Batch& batch) const override;
  // Throws InvalidState unless as many samples were given.
  void take(Index count, Batch& batch) override;
  void order_samples() override {}

  std::shared_ptr<DataLoader> given_;
  Index samples_;
  bool fresh_ = false;
};

}  // namespace lanegrad
