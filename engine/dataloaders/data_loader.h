// The base class of data loaders: batches of (input, target), shuffled anew for each epoch by a
// seeded generator; the last batch of an epoch may be shorter.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/core/random.h"
#include "engine/ndarray/index_array.h"
#include "engine/ndarray/ndarray.h"

namespace lanegrad {

// What a batch asks for: class labels, or numbers to be approximated.
enum class TargetKind { Labels, Numbers };

struct Batch {
  NdArray inputs;     // [N, …]
  IndexArray labels;  // [N], with TargetKind::Labels
  NdArray targets;    // [N, O], with TargetKind::Numbers
};

class DataLoader {
 public:
  DataLoader(const DataLoader&) = delete;
  DataLoader& operator=(const DataLoader&) = delete;
  virtual ~DataLoader() = default;

  virtual Index size() const = 0;          // samples, at least 1
  virtual Shape sample_shape() const = 0;  // of one input, without N
  virtual Index outputs() const = 0;       // classes, or numbers per target
  virtual TargetKind target_kind() const = 0;

  Index batch_size() const { return batch_size_; }
  Index batches() const { return (size() - 1) / batch_size_ + 1; }  // per epoch

  // Starts an epoch: a new order where the loader shuffles, the stored order otherwise.
  void start_epoch();
  // Fills `batch` with the next samples, reusing its memory where nobody shares it; false once the
  // epoch has ended, until the next start_epoch(). The first call starts an epoch by itself.
  bool next(Batch& batch);
  Index position() const { return position_; }  // samples of this epoch already given

  // The samples with the given numbers, in that order; throws InvalidArgument out of range. Leaves
  // the epoch under way as it is.
  void samples(std::span<const std::uint32_t> indices, Batch& batch) const;

 protected:
  // batch_size > 0, else InvalidArgument. Without a seed samples come in their stored order.
  DataLoader(Index batch_size, std::optional<std::uint64_t> shuffle_seed);

  // Writes the samples with these numbers (all in range) into `batch`, whose arrays already have
  // the right shapes.
  virtual void gather(std::span<const std::uint32_t> indices, Batch& batch) const = 0;

 private:
  void fill(std::span<const std::uint32_t> indices, Batch& batch) const;

  Index batch_size_;
  std::optional<Random> random_;
  std::vector<std::uint32_t> order_;
  Index position_ = 0;
  bool started_ = false;
};

}  // namespace lanegrad
