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

// What a sample has as its target: a class label, or numbers to be approximated.
enum class TargetKind { Labels, Numbers };

struct Batch {
  // The inputs: [N, …].
  NdArray inputs;
  // The class labels: [N], with TargetKind::Labels.
  IndexArray labels;
  // The target numbers: [N, O], with TargetKind::Numbers.
  NdArray targets;
};

class DataLoader {
 public:
  DataLoader(const DataLoader&) = delete;
  DataLoader& operator=(const DataLoader&) = delete;
  virtual ~DataLoader() = default;

  // The samples per epoch, at least 1: all stored samples, unless some were selected.
  Index size() const { return selected_.empty() ? stored() : static_cast<Index>(selected_.size()); }
  // The number of all stored samples.
  virtual Index stored() const = 0;
  // The shape of one input, without the axis of the batch.
  virtual Shape sample_shape() const = 0;
  // The number of classes, or of numbers per target.
  virtual Index outputs() const = 0;
  virtual TargetKind target_kind() const = 0;
  // The checksum of all stored data, which tells data sets apart; see core/checksum.h. It is worked
  // out once: what is stored stays as it is.
  std::uint64_t checksum() const;
  // The class of a stored sample, where there are labels.
  virtual std::int32_t label(Index) const { return 0; }

  Index batch_size() const { return batch_size_; }
  // The batches of an epoch.
  Index batches() const { return batches_of(size(), batch_size_); }
  // The batches of an epoch over `samples` samples: 2 for 128 or 129 of them in batches of 64. Both
  // numbers are at least 1.
  static Index batches_of(Index samples, Index batch_size);

  // Starts an epoch: with a new order where the loader shuffles, else in the stored order.
  void start_epoch();
  // Fills `batch` with the next samples, reusing its memory where nobody shares it. Returns false
  // once the epoch has ended, until the next start_epoch(). The first call starts an epoch by
  // itself.
  bool next(Batch& batch);
  // The samples of this epoch that were given already.
  Index position() const { return position_; }
  // The samples of the next batch where `left` samples of an epoch are left.
  Index next_batch(Index left) const;

  // The epochs started so far.
  Index epoch() const { return epoch_; }

  // Makes epochs run over the stored samples with these numbers only, from now on; an epoch under
  // way ends. Throws InvalidArgument where there are no numbers, or one is out of range or given
  // twice.
  void select(std::vector<std::uint32_t> indices);

  // Writes the numbers of `most` samples of an epoch, or of all where there are fewer, into
  // `numbers`: the first ones in the stored order, or, where the loader shuffles, ones drawn by its
  // seed, the same each time. The epoch under way goes on as it was.
  void draw(Index most, std::vector<std::uint32_t>& numbers) const;

  // Fills `batch` with the stored samples with these numbers, in that order, as evaluation sees
  // them: never augmented. Throws InvalidArgument for a number out of range. The epoch under way
  // goes on as it was.
  void samples(std::span<const std::uint32_t> indices, Batch& batch) const;

  // The inputs of the stored samples with these numbers as training sees them in an epoch (from 1),
  // augmented and before normalization. Throws InvalidArgument for an epoch below 1 and for a
  // number out of range.
  NdArray preview(std::span<const std::uint32_t> indices, Index epoch) const;

  // Prepares inputs from outside for a prediction, as the loader does with its own: images come as
  // pixels from 0 to 1 and are normalized here. x: [N, …]
  virtual NdArray prepare(const NdArray& x) const { return x; }

  // What decides which batches come next, beside the data and the options.
  struct State {
    // The generator of the order, as it was at the start of the epoch under way, or as it is for
    // the next one.
    Random::State random{};
    Index epoch = 0;
    Index position = 0;
    // Whether an epoch is under way.
    bool started = false;
  };
  State state() const;
  // Goes on where a loader with the same data and options was. Throws InvalidArgument for a
  // position or an epoch that such a loader cannot have been at.
  void set_state(const State& state);

 protected:
  // Throws InvalidArgument unless batch_size > 0. Without a seed, samples come in their stored
  // order.
  DataLoader(Index batch_size, std::optional<std::uint64_t> shuffle_seed);

  // Works out the checksum of all stored data.
  virtual std::uint64_t compute_checksum() const = 0;

  // Writes the samples with these numbers (all in range) into `batch`, whose arrays already have
  // the right shapes.
  virtual void gather(std::span<const std::uint32_t> indices, Batch& batch) const = 0;
  // Writes the samples with these numbers into `batch` as training sees them in this epoch (from
  // 1), where they may look different each time.
  virtual void gather_for(Index epoch, std::span<const std::uint32_t> indices, Batch& batch) const;
  // Writes the inputs of the samples with these numbers as gather_for makes them, but before
  // normalization. inputs: [N, …]
  virtual void gather_preview(Index epoch, std::span<const std::uint32_t> indices,
                              NdArray& inputs) const;

  // Throws InvalidArgument where one of the numbers is out of range.
  void check_stored(std::span<const std::uint32_t> indices) const;

  // Fills `batch` with the next `count` samples of the epoch.
  virtual void take(Index count, Batch& batch);
  // Fills `batch` with all samples of another loader, in their order, as training sees them in an
  // epoch.
  static void take_all(DataLoader& from, Index epoch, Batch& batch);
  // Puts the samples of an epoch in order.
  virtual void order_samples();

 private:
  // Gives the batch's arrays the shapes of `count` samples.
  void fit_batch(Index count, Batch& batch) const;
  // Writes the numbers of the samples of an epoch into `numbers`, in the stored order.
  void list_samples(std::vector<std::uint32_t>& numbers) const;

  Index batch_size_;
  mutable std::optional<std::uint64_t> checksum_;
  std::optional<Random> random_;
  // The state of random_ when the epoch started.
  Random::State epoch_random_;
  // The numbers of the selected samples; empty where all are used.
  std::vector<std::uint32_t> selected_;
  std::vector<std::uint32_t> order_;
  Index epoch_ = 0;
  Index position_ = 0;
  bool started_ = false;
};

}  // namespace lanegrad
