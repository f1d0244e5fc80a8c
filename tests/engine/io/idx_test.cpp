#include "engine/io/idx.h"

#include <string>

#include "engine/core/random.h"
#include "engine/dataloaders/image_loader.h"
#include "tests/engine/catch.h"
#include "tests/engine/dataloaders/idx_bytes.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

std::string parsing(const std::vector<std::uint8_t>& bytes) {
  return error_of([&] { parse_idx(bytes, "images"); });
}

}  // namespace

TEST_CASE("idx gives extents and values", "[dataloaders]") {
  const std::vector<std::uint8_t> bytes = idx_bytes({2, 1, 3}, {1, 2, 3, 4, 5, 255});
  const Idx idx = parse_idx(bytes, "images");
  CHECK(idx.extents == std::vector<Index>{2, 1, 3});
  REQUIRE(idx.values.size() == 6);
  CHECK(idx.values.data() == bytes.data() + 16);
  CHECK(idx.values[5] == 255);
  CHECK(parse_idx(idx_bytes({0}, {}), "images").values.empty());
  CHECK(parse_idx(idx_bytes({1, 1, 1, 1}, {7}), "images").extents.size() == 4);
}

TEST_CASE("idx extents are big-endian", "[dataloaders]") {
  const std::vector<std::uint8_t> bytes = idx_bytes({0x0102}, std::vector<std::uint8_t>(0x0102));
  CHECK(bytes[6] == 1);
  CHECK(bytes[7] == 2);
  CHECK(parse_idx(bytes, "labels").extents == std::vector<Index>{0x0102});
}

TEST_CASE("idx refuses broken headers", "[dataloaders]") {
  CHECK(parsing({}) == "CorruptData: idx: images: no bytes, expected an IDX file");
  CHECK(parsing({0}) == "CorruptData: idx: images: 1 byte, expected a header of at least 8");
  CHECK(parsing({0, 0, 8}) == "CorruptData: idx: images: 3 bytes, expected a header of at least 8");
  CHECK(parsing({31, 139, 8, 8, 0, 0, 0, 0}) ==
        "CorruptData: idx: images: starts with the bytes 31 139, expected 0 0");
  CHECK(parsing({0, 0, 13, 1, 0, 0, 0, 0}) ==
        "Unsupported: idx: images: values of type 13, expected 8 (unsigned bytes)");
  CHECK(parsing({0, 0, 8, 0, 0, 0, 0, 0}) == "CorruptData: idx: images: 0 axes, expected 1 to 4");
  CHECK(parsing({0, 0, 8, 5, 0, 0, 0, 0}) == "CorruptData: idx: images: 5 axes, expected 1 to 4");
  CHECK(parsing({0, 0, 8, 3, 0, 0, 0, 1, 0, 0}) ==
        "CorruptData: idx: images: 10 bytes, expected a header of 16 for 3 axes");
  CHECK(parsing({0, 0, 8, 1}) ==
        "CorruptData: idx: images: 4 bytes, expected a header of 8 for 1 axis");
}

TEST_CASE("idx refuses extents that disagree with the size", "[dataloaders]") {
  CHECK(parsing(idx_bytes({2, 3}, {1, 2, 3, 4, 5})) ==
        "CorruptData: idx: images: truncated, 5 values, expected 6 for the extents [2, 3]");
  CHECK(parsing(idx_bytes({2, 3}, {1, 2, 3, 4, 5, 6, 7})) ==
        "CorruptData: idx: images: too long, 7 values, expected 6 for the extents [2, 3]");
  CHECK(parsing(idx_bytes({0}, {1})) ==
        "CorruptData: idx: images: too long, 1 values, expected 0 for the extents [0]");
  CHECK(parsing(idx_bytes({4000000000}, {1})) ==
        "CorruptData: idx: images: truncated, 1 values, expected 4000000000 for the extents "
        "[4000000000]");
}

TEST_CASE("idx refuses extents that overflow", "[dataloaders]") {
  const Index most = 0xFFFFFFFF;
  CHECK(parsing(idx_bytes({most, most, most}, {1})) ==
        "CorruptData: idx: images: extents [4294967295, 4294967295, 4294967295] give more values "
        "than can be counted");
  // 2^32 · 2^32 is 0 in 64 bits, and so would agree with no values at all.
  CHECK(parsing(idx_bytes({Index{1} << 31, Index{1} << 31, 4}, {})) ==
        "CorruptData: idx: images: extents [2147483648, 2147483648, 4] give more values than can "
        "be counted");
}

TEST_CASE("no bytes crash the parser", "[dataloaders]") {
  // Valid files with bytes changed, cut off, inserted or repeated: each parses or is refused.
  Random random(2024);
  const std::vector<std::uint8_t> images = idx_bytes({3, 2, 2}, std::vector<std::uint8_t>(12, 9));
  const std::vector<std::uint8_t> labels = idx_bytes({3}, {0, 5, 9});
  const auto pick = [&](std::size_t end) {
    return static_cast<std::size_t>(random.below(static_cast<std::uint32_t>(end)));
  };
  const auto mutate = [&](std::vector<std::uint8_t> bytes) {
    for (std::size_t changes = pick(4); changes > 0 && !bytes.empty(); --changes) {
      const auto at = bytes.begin() + static_cast<std::ptrdiff_t>(pick(bytes.size()));
      switch (pick(5)) {
        case 0:
          *at = static_cast<std::uint8_t>(random.bits());
          break;
        case 1:  // values near the edges of a byte are the interesting ones
          *at = static_cast<std::uint8_t>(pick(2) == 0 ? pick(6) : 255 - pick(2));
          break;
        case 2:
          bytes.erase(at, bytes.end());
          break;
        case 3:
          bytes.erase(at);
          break;
        default:
          bytes.insert(at, static_cast<std::uint8_t>(random.bits()));
      }
    }
    bytes.shrink_to_fit();  // so that the sanitizer sees a read past the end
    return bytes;
  };
  int parsed = 0;
  int refused = 0;
  int sets = 0;
  for (int i = 0; i < 20000; ++i) {
    const std::vector<std::uint8_t> broken_images = mutate(images);
    const std::vector<std::uint8_t> broken_labels = mutate(labels);
    try {
      const Idx idx = parse_idx(broken_images, "images");
      std::uint64_t sum = 0;
      for (const std::uint8_t value : idx.values) sum += value;
      Index product = 1;
      for (const Index extent : idx.extents) product *= extent;
      REQUIRE(product == static_cast<Index>(idx.values.size()));
      REQUIRE(sum <= 255 * idx.values.size());
      ++parsed;
    } catch (const Error& error) {
      REQUIRE(error.message().starts_with("idx: images: "));
      ++refused;
    }
    try {
      const auto set = parse_idx_images(broken_images, broken_labels, "test");
      REQUIRE(set->pixels.size() ==
              static_cast<std::size_t>(set->count * set->sample_shape().size()));
      REQUIRE(set->labels.size() == static_cast<std::size_t>(set->count));
      ++sets;
    } catch (const Error& error) {
      REQUIRE_FALSE(error.message().empty());
    }
  }
  CHECK(parsed > 1000);
  CHECK(refused > 1000);
  CHECK(sets > 1000);
}

}  // namespace lanegrad::test
