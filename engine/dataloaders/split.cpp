// The size of each class's share is found by largest remainder, its members by a shuffle.
#include "engine/dataloaders/split.h"

#include <algorithm>

#include "engine/core/error.h"
#include "engine/core/random.h"

namespace lanegrad {

namespace {

// How many samples of each class make `count` altogether, in proportion to the sizes of the
// classes.
std::vector<Index> shares(const std::vector<std::vector<std::uint32_t>>& members, Index samples,
                          Index count) {
  std::vector<Index> share(members.size());
  std::vector<Index> remainder(members.size());
  Index left = count;
  for (std::size_t c = 0; c < members.size(); ++c) {
    const Index product = count * static_cast<Index>(members[c].size());
    share[c] = product / samples;
    remainder[c] = product % samples;
    left -= share[c];
  }
  for (; left > 0; --left) {
    const auto largest = std::max_element(remainder.begin(), remainder.end());
    *largest = -1;
    ++share[static_cast<std::size_t>(largest - remainder.begin())];
  }
  return share;
}

}  // namespace

Split stratified_split(std::span<const std::int32_t> labels, Index classes, Index count,
                       std::uint64_t seed) {
  const auto samples = static_cast<Index>(labels.size());
  if (classes < 1)
    fail(ErrorCode::InvalidArgument, "split: ", classes, " classes, expected at least 1");
  if (!(count >= 0 && count < samples))
    fail(ErrorCode::InvalidArgument, "split: ", count, " of ", samples,
         " samples for validation, expected 0 to ", std::max(Index{0}, samples - 1),
         ", so that some are left for training");
  std::vector<std::vector<std::uint32_t>> members(static_cast<std::size_t>(classes));
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (!(labels[i] >= 0 && labels[i] < classes))
      fail(ErrorCode::InvalidArgument, "split: label ", labels[i], " at position ", i,
           ", expected 0 to ", classes - 1);
    members[static_cast<std::size_t>(labels[i])].push_back(static_cast<std::uint32_t>(i));
  }
  const std::vector<Index> share = shares(members, samples, count);
  Random random(seed, streams::kSplit);
  std::vector<std::uint8_t> apart(labels.size());
  for (std::size_t c = 0; c < members.size(); ++c) {
    random.shuffle(members[c]);
    for (Index i = 0; i < share[c]; ++i) apart[members[c][static_cast<std::size_t>(i)]] = true;
  }
  Split split;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    (apart[i] ? split.validation : split.training).push_back(static_cast<std::uint32_t>(i));
  }
  return split;
}

Split stratified_split(const DataLoader& loader, Index count, std::uint64_t seed) {
  const bool has_labels = loader.target_kind() == TargetKind::Labels;
  std::vector<std::int32_t> labels(static_cast<std::size_t>(loader.stored()));
  if (has_labels) {
    for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = loader.label(static_cast<Index>(i));
  }
  return stratified_split(labels, has_labels ? loader.outputs() : 1, count, seed);
}

}  // namespace lanegrad
