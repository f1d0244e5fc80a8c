// The order of samples, and the memory of batches.
#include "engine/dataloaders/data_loader.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "engine/core/error.h"

namespace lanegrad {

namespace {

// The shape of a batch: `sample` with the axis of the batch in front.
Shape batch_shape(Index count, const Shape& sample) {
  if (sample.rank() >= Shape::kMaxRank)
    fail(ErrorCode::InvalidArgument, "data loader: samples of shape ", sample,
         ", expected at most ", Shape::kMaxRank - 1, " axes");
  std::array<Index, Shape::kMaxRank> extents{count};
  std::copy(sample.extents().begin(), sample.extents().end(), extents.begin() + 1);
  return Shape(std::span<const Index>(extents.data(), static_cast<std::size_t>(sample.rank()) + 1));
}

void fit(NdArray& array, const Shape& shape) {
  if (array.shape() != shape) array = NdArray::uninitialized(shape);
}

}  // namespace

DataLoader::DataLoader(Index batch_size, std::optional<std::uint64_t> shuffle_seed)
    : batch_size_(batch_size) {
  if (batch_size < 1)
    fail(ErrorCode::InvalidArgument, "data loader: batch size ", batch_size,
         ", expected at least 1");
  if (shuffle_seed) random_.emplace(*shuffle_seed, streams::kOrder);
}

std::uint64_t DataLoader::checksum() const {
  if (!checksum_) checksum_ = compute_checksum();
  return *checksum_;
}

Index DataLoader::batches_of(Index samples, Index batch_size) {
  const bool joined = samples > batch_size && samples % batch_size == 1;
  return (samples - 1) / batch_size + (joined ? 0 : 1);
}

void DataLoader::start_epoch() {
  order_samples();
  ++epoch_;
  position_ = 0;
  started_ = true;
}

void DataLoader::order_samples() {
  // A shuffled order starts from the stored order, so that it depends on the generator alone.
  if (random_ || order_.empty()) list_samples(order_);
  if (!random_) return;
  epoch_random_ = random_->state();
  random_->shuffle(order_);
}

void DataLoader::list_samples(std::vector<std::uint32_t>& numbers) const {
  numbers.resize(static_cast<std::size_t>(size()));
  if (selected_.empty()) {
    std::iota(numbers.begin(), numbers.end(), std::uint32_t{0});
  } else {
    std::copy(selected_.begin(), selected_.end(), numbers.begin());
  }
}

void DataLoader::draw(Index most, std::vector<std::uint32_t>& numbers) const {
  list_samples(numbers);
  if (random_) {
    const Random::State& state = random_->state();
    Random(state.seed, state.stream).shuffle(numbers);
  }
  numbers.resize(static_cast<std::size_t>(std::min(most, size())));
}

void DataLoader::select(std::vector<std::uint32_t> indices) {
  if (indices.empty())
    fail(ErrorCode::InvalidArgument, "data loader: no samples are selected, expected at least one");
  check_stored(indices);
  std::vector<std::uint8_t> seen(static_cast<std::size_t>(stored()));
  for (const std::uint32_t index : indices) {
    if (seen[index])
      fail(ErrorCode::InvalidArgument, "data loader: sample ", index,
           " is selected twice, expected each once");
    seen[index] = true;
  }
  selected_ = std::move(indices);
  order_.clear();
  position_ = 0;
  started_ = false;
}

DataLoader::State DataLoader::state() const {
  State state{.epoch = epoch_, .position = position_, .started = started_};
  if (random_) state.random = started_ ? epoch_random_ : random_->state();
  return state;
}

void DataLoader::set_state(const State& state) {
  if (state.epoch < (state.started ? 1 : 0))
    fail(ErrorCode::InvalidArgument, "data loader: epoch ", state.epoch, ", expected at least ",
         state.started ? 1 : 0);
  const Index last = state.started ? size() : 0;
  if (!(state.position >= 0 && state.position <= last))
    fail(ErrorCode::InvalidArgument, "data loader: position ", state.position,
         " in an epoch, expected 0 to ", last);
  if (random_) random_ = Random::from_state(state.random);
  if (state.started) order_samples();
  epoch_ = state.epoch;
  position_ = state.position;
  started_ = state.started;
}

bool DataLoader::next(Batch& batch) {
  if (!started_) start_epoch();
  const Index left = size() - position_;
  if (left == 0) return false;
  const Index count = next_batch(left);
  take(count, batch);
  position_ += count;
  return true;
}

void DataLoader::take(Index count, Batch& batch) {
  fit_batch(count, batch);
  gather_for(epoch_, {order_.data() + position_, static_cast<std::size_t>(count)}, batch);
}

void DataLoader::take_all(DataLoader& from, Index epoch, Batch& batch) {
  from.list_samples(from.order_);
  from.fit_batch(from.size(), batch);
  from.gather_for(epoch, from.order_, batch);
}

Index DataLoader::next_batch(Index left) const {
  const bool joined = batch_size_ > 1 && left - 1 == batch_size_;
  return joined ? left : std::min(batch_size_, left);
}

void DataLoader::samples(std::span<const std::uint32_t> indices, Batch& batch) const {
  check_stored(indices);
  fit_batch(static_cast<Index>(indices.size()), batch);
  gather(indices, batch);
}

NdArray DataLoader::preview(std::span<const std::uint32_t> indices, Index epoch) const {
  if (epoch < 1)
    fail(ErrorCode::InvalidArgument, "data loader: epoch ", epoch, ", expected at least 1");
  check_stored(indices);
  NdArray inputs =
      NdArray::uninitialized(batch_shape(static_cast<Index>(indices.size()), sample_shape()));
  gather_preview(epoch, indices, inputs);
  return inputs;
}

void DataLoader::gather_preview(Index, std::span<const std::uint32_t> indices,
                                NdArray& inputs) const {
  Batch batch;
  fit_batch(static_cast<Index>(indices.size()), batch);
  gather(indices, batch);
  inputs = batch.inputs;
}

void DataLoader::gather_for(Index, std::span<const std::uint32_t> indices, Batch& batch) const {
  gather(indices, batch);
}

void DataLoader::check_stored(std::span<const std::uint32_t> indices) const {
  for (const std::uint32_t index : indices) {
    if (static_cast<Index>(index) >= stored())
      fail(ErrorCode::InvalidArgument, "data loader: sample ", index, ", expected 0 to ",
           stored() - 1);
  }
}

void DataLoader::fit_batch(Index count, Batch& batch) const {
  fit(batch.inputs, batch_shape(count, sample_shape()));
  if (target_kind() == TargetKind::Labels) {
    const Shape shape{count};
    if (batch.labels.shape() != shape) batch.labels = IndexArray(shape);
  } else {
    fit(batch.targets, {count, outputs()});
  }
}

}  // namespace lanegrad
