// Holds a test set back by the rule of the page and the package, wasm/src/data/held_back.ts: the
// same files give the same test in all.
#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/core/error.h"
#include "engine/io/pictures.h"

namespace lanegrad {

namespace {

constexpr std::size_t kLabelHeader = 8;
constexpr double kShare = 5;  // one of so many is held back

// mulberry32 by Tommy Ettinger: numbers of at least 0 and below 1.
class Chance {
 public:
  double next() {
    state_ += 0x6D2B79F5;
    std::uint32_t t = (state_ ^ (state_ >> 15)) * (state_ | 1);
    t = (t + (t ^ (t >> 7)) * (t | 61)) ^ t;
    return static_cast<double>(t ^ (t >> 14)) / 4294967296.0;
  }

 private:
  std::uint32_t state_ = 1;
};

// The pictures of the set whose place in `held` is `which`.
PictureSet part_of(const PictureSet& set, const std::vector<bool>& held, bool which) {
  const auto all = static_cast<std::size_t>(set.count);
  const std::size_t header = 4 + 4 * std::size_t{set.images[3]};
  const std::size_t size = (set.images.size() - header) / all;
  PictureSet part{.count = std::count(held.begin(), held.end(), which)};
  part.images.reserve(header + static_cast<std::size_t>(part.count) * size);
  part.images.assign(set.images.begin(), set.images.begin() + static_cast<std::ptrdiff_t>(header));
  part.labels.assign(set.labels.begin(), set.labels.begin() + kLabelHeader);
  for (std::size_t k = 0; k < 4; ++k) {
    const auto byte = static_cast<std::uint8_t>(part.count >> (24 - 8 * k));
    part.images[4 + k] = byte;
    part.labels[4 + k] = byte;
  }
  for (std::size_t i = 0; i < all; ++i) {
    if (held[i] != which) continue;
    const auto begin = set.images.begin() + static_cast<std::ptrdiff_t>(header + i * size);
    part.images.insert(part.images.end(), begin, begin + static_cast<std::ptrdiff_t>(size));
    part.labels.push_back(set.labels[kLabelHeader + i]);
  }
  return part;
}

}  // namespace

void hold_back_test(Pictures& pictures) {
  if (pictures.test) return;
  const PictureSet& all = pictures.train;
  std::vector<std::vector<std::size_t>> by_class(pictures.class_names.size());
  for (std::size_t i = 0; i < static_cast<std::size_t>(all.count); ++i) {
    by_class[all.labels[kLabelHeader + i]].push_back(i);
  }
  Chance chance;
  std::vector<bool> held(static_cast<std::size_t>(all.count));
  bool any = false;
  for (std::vector<std::size_t>& members : by_class) {
    const auto count = static_cast<double>(members.size());
    const double wanted = std::min(std::max(std::floor(count / kShare + 0.5), 1.0), count - 1);
    for (std::size_t i = 0; static_cast<double>(i) < wanted; ++i) {
      const double rest = count - static_cast<double>(i);
      const std::size_t chosen = i + static_cast<std::size_t>(chance.next() * rest);
      std::swap(members[i], members[chosen]);
      held[members[i]] = true;
      any = true;
    }
  }
  if (!any)
    fail(ErrorCode::CorruptData,
         "pictures: 1 picture of each class, expected more, to hold some back for the test");
  PictureSet test = part_of(all, held, true);
  pictures.train = part_of(all, held, false);
  pictures.test = std::move(test);
}

}  // namespace lanegrad
