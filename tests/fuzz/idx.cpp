#include "engine/io/idx.h"

#include "tests/engine/io/picture_files.h"
#include "tests/fuzz/fuzz.h"

namespace lanegrad::fuzz {

std::vector<Bytes> seeds() {
  using namespace test;
  return {
      idx_of({kPictures, 4, 4}, some_pixels()),
      idx_of({kPictures}, some_labels()),
      idx_of({2, 3, 4, 4}, some_pixels(96)),
      idx_of({1, 1}, {7}),
  };
}

void take(std::span<const std::uint8_t> input) {
  const Idx idx = parse_idx(input, "a file");
  std::size_t size = 1;
  for (const Index extent : idx.extents) size *= static_cast<std::size_t>(extent);
  require(!idx.extents.empty() && size == idx.values.size(), "its extents are not its values");
}

}  // namespace lanegrad::fuzz
