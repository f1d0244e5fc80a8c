// Batches of arrays that the caller has: any inputs with class labels or with target numbers.
#pragma once

#include <string_view>

#include "engine/dataloaders/data_loader.h"

namespace lanegrad {

class ArrayLoader : public DataLoader {
 public:
  // Batches with class labels. inputs: [S, …], labels: [S] in 0..classes-1. Throws InvalidArgument
  // for numbers that are not finite, which would make every weight NaN. Messages call the data
  // `name`: "training data".
  ArrayLoader(NdArray inputs, IndexArray labels, Index classes, Index batch_size,
              std::optional<std::uint64_t> shuffle_seed, std::string_view name = "array loader");
  // Batches with target numbers. inputs: [S, …], targets: [S, O], all of them finite.
  ArrayLoader(NdArray inputs, NdArray targets, Index batch_size,
              std::optional<std::uint64_t> shuffle_seed, std::string_view name = "array loader");

  Index stored() const override { return inputs_.shape()[0]; }
  Shape sample_shape() const override { return inputs_.shape().without(0, false); }
  Index outputs() const override { return outputs_; }
  TargetKind target_kind() const override { return kind_; }
  std::int32_t label(Index sample) const override { return labels_.data()[sample]; }

 private:
  std::uint64_t compute_checksum() const override;
  void gather(std::span<const std::uint32_t> indices, Batch& batch) const override;

  NdArray inputs_;
  IndexArray labels_;
  NdArray targets_;
  Index outputs_;
  TargetKind kind_;
};

}  // namespace lanegrad
