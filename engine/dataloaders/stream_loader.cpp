// Hands on what it is given.
#include "engine/dataloaders/stream_loader.h"

#include <utility>

#include "engine/core/error.h"

namespace lanegrad {

StreamLoader::StreamLoader(std::shared_ptr<DataLoader> like, Index samples, Index batch_size)
    : DataLoader(batch_size, std::nullopt), given_(std::move(like)), samples_(samples) {
  if (samples < 1)
    fail(ErrorCode::InvalidArgument, "data loader: ", samples, " samples, expected at least 1");
}

void StreamLoader::give(std::shared_ptr<DataLoader> batch) {
  given_ = std::move(batch);
  fresh_ = true;
}

void StreamLoader::gather(std::span<const std::uint32_t> indices, Batch& batch) const {
  given_->samples(indices, batch);
}

void StreamLoader::take(Index count, Batch& batch) {
  const Index there = fresh_ ? given_->size() : 0;
  if (there != count)
    fail(ErrorCode::InvalidState, "data loader: ", there, " samples for the next batch, expected ",
         count);
  fresh_ = false;
  take_all(*given_, epoch(), batch);
}

}  // namespace lanegrad
