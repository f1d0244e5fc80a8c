// The base class of data loaders: batches of (input, target), of all samples or of some, shuffled
// anew for each epoch by a seeded generator. The last batch of an epoch may be shorter, but a
// single sample that is left over joins the batch before it: one sample has no statistics (see
// BatchNorm).
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

  // Samples per epoch, at least 1: all that are stored, unless some were selected.
  Index size() const { return selected_.empty() ? stored() : static_cast<Index>(selected_.size()); }
  virtual Index stored() const = 0;        // samples altogether
  virtual Shape sample_shape() const = 0;  // of one input, without N
  virtual Index outputs() const = 0;       // classes, or numbers per target
  virtual TargetKind target_kind() const = 0;
  // Of all that is stored, to tell data apart; see core/checksum.h.
  virtual std::uint64_t checksum() const = 0;
  // The class of a stored sample, with TargetKind::Labels.
  virtual std::int32_t label(Index) const { return 0; }

  Index batch_size() const { return batch_size_; }
  Index batches() const { return batches_of(size(), batch_size_); }  // per epoch
  // The batches of an epoch over so many samples: 2 for 128 or 129 of them in batches of 64. Both
  // numbers are at least 1.
  static Index batches_of(Index samples, Index batch_size);

  // Starts an epoch: a new order where the loader shuffles, the stored order otherwise.
  void start_epoch();
  // Fills `batch` with the next samples, reusing its memory where nobody shares it; false once the
  // epoch has ended, until the next start_epoch(). The first call starts an epoch by itself.
  bool next(Batch& batch);
  Index position() const { return position_; }  // samples of this epoch already given

  Index epoch() const { return epoch_; }  // epochs started so far

  // From now on epochs run over the stored samples with these numbers only. Ends an epoch under
  // way. Throws InvalidArgument where there are none, or one is out of range or given twice.
  void select(std::vector<std::uint32_t> indices);

  // The stored samples with the given numbers, in that order, as evaluation sees them: never
  // augmented. Throws InvalidArgument out of range. Leaves the epoch under way as it is.
  void samples(std::span<const std::uint32_t> indices, Batch& batch) const;

  // The same samples' inputs as training sees them in an epoch (from 1), before normalization.
  // Throws InvalidArgument for an epoch below 1 and out of range.
  NdArray preview(std::span<const std::uint32_t> indices, Index epoch) const;

  // Inputs from outside, for a prediction, made like those of the data: images come as pixels from
  // 0 to 1 and are normalized here. x: [N, …]
  virtual NdArray prepare(const NdArray& x) const { return x; }

  // All that decides which batches come next, beside the data and the options.
  struct State {
    Random::State
        random{};  // of the order: at the start of the epoch under way, or of the next one
    Index epoch = 0;
    Index position = 0;
    bool started = false;  // an epoch is under way
  };
  State state() const;
  // Goes on where a loader with the same data and options was. Throws InvalidArgument for a
  // position or an epoch that it cannot have been at.
  void set_state(const State& state);

 protected:
  // batch_size > 0, else InvalidArgument. Without a seed samples come in their stored order.
  DataLoader(Index batch_size, std::optional<std::uint64_t> shuffle_seed);

  // Writes the samples with these numbers (all in range) into `batch`, whose arrays already have
  // the right shapes.
  virtual void gather(std::span<const std::uint32_t> indices, Batch& batch) const = 0;
  // The same for training in this epoch (from 1), where samples may look different each time.
  virtual void gather_for(Index epoch, std::span<const std::uint32_t> indices, Batch& batch) const;
  // The inputs of gather_for before normalization. inputs: [N, …]
  virtual void gather_preview(Index epoch, std::span<const std::uint32_t> indices,
                              NdArray& inputs) const;

  // Throws InvalidArgument where one of the numbers is out of range.
  void check_stored(std::span<const std::uint32_t> indices) const;

 private:
  // Gives the batch's arrays the shapes of so many samples.
  void fit_batch(Index count, Batch& batch) const;
  void order_samples();

  Index batch_size_;
  std::optional<Random> random_;
  Random::State epoch_random_;           // of random_, when the epoch started
  std::vector<std::uint32_t> selected_;  // none: all
  std::vector<std::uint32_t> order_;
  Index epoch_ = 0;
  Index position_ = 0;
  bool started_ = false;
};

}  // namespace lanegrad
