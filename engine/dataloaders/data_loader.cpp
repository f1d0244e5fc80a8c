// The order of samples, and the memory of batches.
#include "engine/dataloaders/data_loader.h"

#include <algorithm>
#include <numeric>

#include "engine/core/error.h"

namespace lanegrad {

namespace {

// `sample` with N in front.
Shape batch_shape(Index count, const Shape& sample) {
  require(sample.rank() < Shape::kMaxRank, ErrorCode::InvalidArgument, [&] {
    return str("data loader: samples of shape ", sample, ", expected at most ", Shape::kMaxRank - 1,
               " axes");
  });
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
  require(batch_size >= 1, ErrorCode::InvalidArgument,
          [&] { return str("data loader: batch size ", batch_size, ", expected at least 1"); });
  if (shuffle_seed) random_.emplace(*shuffle_seed, streams::kOrder);
}

void DataLoader::start_epoch() {
  const auto count = static_cast<std::size_t>(size());
  // A shuffled order starts from the stored one, so that it depends on the generator alone.
  if (random_ || order_.size() != count) {
    order_.resize(count);
    std::iota(order_.begin(), order_.end(), std::uint32_t{0});
  }
  if (random_) random_->shuffle(order_);
  position_ = 0;
  started_ = true;
}

bool DataLoader::next(Batch& batch) {
  if (!started_) start_epoch();
  const Index count = std::min(batch_size_, size() - position_);
  if (count == 0) return false;
  fill({order_.data() + position_, static_cast<std::size_t>(count)}, batch);
  position_ += count;
  return true;
}

void DataLoader::samples(std::span<const std::uint32_t> indices, Batch& batch) const {
  for (const std::uint32_t index : indices) {
    require(static_cast<Index>(index) < size(), ErrorCode::InvalidArgument,
            [&] { return str("data loader: sample ", index, ", expected 0 to ", size() - 1); });
  }
  fill(indices, batch);
}

void DataLoader::fill(std::span<const std::uint32_t> indices, Batch& batch) const {
  const auto count = static_cast<Index>(indices.size());
  fit(batch.inputs, batch_shape(count, sample_shape()));
  if (target_kind() == TargetKind::Labels) {
    const Shape shape{count};
    if (batch.labels.shape() != shape) batch.labels = IndexArray(shape);
  } else {
    fit(batch.targets, {count, outputs()});
  }
  gather(indices, batch);
}

}  // namespace lanegrad
