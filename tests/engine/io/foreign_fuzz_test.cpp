// Files that are cut, changed or made to hurt.
#include "engine/io/inflate.h"
#include "engine/io/weights_file.h"
#include "engine/io/zip.h"
#include "engine/io/zip_reader.h"
#include "tests/engine/io/foreign_files.h"
#include "tests/engine/support/allocations.h"

namespace lanegrad::test {

namespace {

// Whether reading gives a model or one sentence, and not anything else.
bool is_one_sentence(const Bytes& bytes, const ForeignFile& file) {
  const std::string error =
      error_of([&] { import_model(bytes, file.name, {.net = file.net, .sample = file.sample}); });
  const bool known = error == "no error" || error.starts_with("CorruptData: ") ||
                     error.starts_with("Unsupported: ") || error.starts_with("ShapeMismatch: ") ||
                     error.starts_with("InvalidArgument: ") || error.starts_with("NotFound: ");
  if (!known) UNSCOPED_INFO(error);
  return known && error.size() < 5000;
}

}  // namespace

TEST_CASE("files that are cut anywhere are refused", "[import]") {
  for (const ForeignFile& file : foreign_files()) {
    CAPTURE(file.name);
    for (std::size_t size = 0; size < file.bytes.size(); ++size) {
      const Bytes cut(file.bytes.begin(), file.bytes.begin() + static_cast<std::ptrdiff_t>(size));
      CAPTURE(size);
      const std::string error =
          error_of([&] { import_model(cut, file.name, {.net = file.net, .sample = file.sample}); });
      // A graph may be whole before the texts and versions behind it.
      if (!file.name.ends_with(".onnx")) REQUIRE(error != "no error");
      REQUIRE(is_one_sentence(cut, file));
    }
  }
}

TEST_CASE("files with any byte changed give a net or one sentence", "[import]") {
  Random random(18);
  for (const ForeignFile& file : foreign_files()) {
    CAPTURE(file.name);
    for (std::size_t at = 0; at < file.bytes.size(); ++at) {
      Bytes broken = file.bytes;
      const auto bit = static_cast<std::uint8_t>(1U << random.below(8));
      broken[at] = at % 3 == 0   ? 0
                   : at % 3 == 1 ? 255
                                 : static_cast<std::uint8_t>(broken[at] ^ bit);
      CAPTURE(at, static_cast<int>(broken[at]));
      REQUIRE(is_one_sentence(broken, file));
    }
    // And several at once.
    for (int round = 0; round < 100; ++round) {
      Bytes broken = file.bytes;
      for (int i = 0; i < 4; ++i) {
        broken[random.below(static_cast<std::uint32_t>(broken.size()))] =
            static_cast<std::uint8_t>(random.below(256));
      }
      CAPTURE(round);
      REQUIRE(is_one_sentence(broken, file));
    }
  }
}

TEST_CASE("no file makes its reader allocate much more than it has bytes", "[import]") {
  if (!allocations_are_counted()) return;
  for (const ForeignFile& file : foreign_files()) {
    CAPTURE(file.name);
    // What deflated zeros unpack to, and what small files need.
    const std::size_t most = 1032 * file.bytes.size() + 65536;
    for (std::size_t at = 0; at < file.bytes.size(); ++at) {
      for (const std::uint8_t byte : {0x7F, 0x80, 0xFF}) {
        Bytes broken = file.bytes;
        broken[at] = byte;
        largest_allocation();
        is_one_sentence(broken, file);
        CAPTURE(at, static_cast<int>(byte));
        REQUIRE(largest_allocation() <= most);
      }
    }
  }
}

TEST_CASE("every byte of an archive's arrays is checked", "[import][zip]") {
  const ForeignFile& file = foreign_file("numpy-compressed.npz");
  const ZipReader archive(file.bytes);
  for (const ZipReader::Member& member : archive.members()) {
    const auto begin = static_cast<std::size_t>(member.packed.data() - file.bytes.data());
    // The last byte has bits that stand for nothing.
    for (std::size_t i = 0; i + 1 < member.packed.size(); ++i) {
      Bytes broken = file.bytes;
      broken[begin + i] ^= 0x10;
      CAPTURE(member.name, i);
      // The counts of batches are not read.
      if (member.name == "bn1.num_batches_tracked.npy") continue;
      REQUIRE(error_of([&] { read_weights(broken, "it"); }).starts_with("CorruptData: "));
    }
  }
}

namespace {

void put(Bytes& bytes, std::size_t at, std::size_t size, std::uint64_t value) {
  for (std::size_t i = 0; i < size; ++i) {
    bytes[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
  }
}

Bytes zip_of(const std::string& name, const Bytes& content) {
  const ZipEntry entries[] = {{name, content}, {"second.npy", content}};
  return write_zip(entries);
}

}  // namespace

TEST_CASE("archives that lie are refused", "[import][zip]") {
  const Bytes content(10, 7);
  const Bytes good = zip_of("first.npy", content);
  const auto error = [](const Bytes& bytes) { return error_of([&] { ZipReader{bytes}; }); };
  CHECK(error(good) == "no error");
  const std::size_t directory = good.size() - 22 - (46 + 9) - (46 + 10);
  const std::size_t second = directory + 46 + 9;

  Bytes bytes = good;
  put(bytes, second + 42, 4, 0);  // the second file is the first one
  CHECK(error(bytes) ==
        "CorruptData: zip: 'second.npy' has another name or method in its header than in the "
        "directory");
  bytes = good;
  put(bytes, second + 42, 4, 1 << 30);
  CHECK(error(bytes).starts_with("CorruptData: zip: the header of a file at byte 1073741824 of "));
  bytes = good;
  put(bytes, directory + 20, 4, 20);  // the first file reaches into the second
  put(bytes, directory + 24, 4, 20);
  CHECK(error(bytes) == "CorruptData: zip: files that share bytes, expected one after the other");
  bytes = good;
  put(bytes, directory + 10, 2, 8);
  put(bytes, 8, 2, 8);
  put(bytes, directory + 24, 4, 4'000'000'000);
  CHECK(error(bytes) ==
        "CorruptData: zip: 'first.npy' of 4000000000 bytes is packed in 10, expected at most 1032 "
        "for each");
  bytes = good;
  put(bytes, directory + 8, 2, 1);
  CHECK(error(bytes) ==
        "Unsupported: zip: 'first.npy' is encrypted, expected a file without password");
  bytes = good;
  put(bytes, directory + 10, 2, 93);
  CHECK(error(bytes) ==
        "Unsupported: zip: 'first.npy' is packed by method 93, expected stored or deflated");
  bytes = good;
  put(bytes, good.size() - 22 + 10, 2, 60000);
  CHECK(error(bytes) == "Unsupported: zip: 60000 files, expected at most 10000");
  bytes = good;
  put(bytes, good.size() - 22 + 10, 2, 3);
  CHECK(error(bytes) == "CorruptData: zip: the end of the file within the directory");
  bytes = good;
  bytes[31 + 9] ^= 1;
  CHECK(error_of([&] { ZipReader::read(ZipReader(bytes).members()[0]); }) ==
        "CorruptData: zip: 'first.npy' has another checksum than it should");
}

TEST_CASE("deflated data that lie are refused", "[import][inflate]") {
  const auto error = [](const Bytes& bytes, std::uint64_t size) {
    return error_of([&] { inflate(bytes, size); });
  };
  // A fixed block of "aaaaaaaaaa": the letter, and nine more of it.
  const Bytes good{0x4B, 0x84, 0x03, 0x00};
  CHECK(inflate(good, 10) == Bytes(10, 'a'));
  CHECK(error(good, 9) == "CorruptData: inflate: more bytes than 9, expected so many");
  CHECK(error(good, 11) == "CorruptData: inflate: 10 bytes, expected 11");
  CHECK(error(good, std::uint64_t{1} << 60)
            .starts_with("CorruptData: inflate: 1152921504606846976 bytes from 4, "));
  CHECK(error({0x4B, 0x84, 0x03, 0x00, 0x00}, 10) ==
        "CorruptData: inflate: bytes after the last block, expected its end");
  CHECK(error({0x4B, 0x84}, 10) ==
        "CorruptData: inflate: the end of the data within a block, expected its rest");
  CHECK(error({0x07}, 0) == "CorruptData: inflate: a block of kind 3, expected 0, 1 or 2");
  CHECK(error({0x01, 0x05, 0x00, 0x00, 0x00}, 5) ==
        "CorruptData: inflate: the length of a stored block and its complement differ");
  CHECK(inflate(Bytes{0x01, 0x01, 0x00, 0xFE, 0xFF, 0x41}, 1) == Bytes{0x41});
  // A distance before the first byte: a match of length 3 at once.
  CHECK(error({0x03, 0x02, 0x00}, 3) ==
        "CorruptData: inflate: a distance of 1 after 0 bytes, expected at most those");
}

}  // namespace lanegrad::test
