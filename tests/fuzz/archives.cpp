// Zip, gzip and tar, told apart by how an input begins.
#include "engine/io/gzip.h"
#include "engine/io/tar.h"
#include "engine/io/zip.h"
#include "engine/io/zip_reader.h"
#include "tests/engine/io/foreign_files.h"
#include "tests/engine/io/picture_files.h"
#include "tests/fuzz/fuzz.h"

namespace lanegrad::fuzz {

std::vector<Bytes> seeds() {
  const Bytes first = bytes_of("some text"), second = test::some_pixels();
  const ZipEntry entries[] = {{"a.npy", first}, {"folder/b.npy", second}};
  Bytes twice = test::gzip_of(first);
  test::append(twice, test::gzip_of(second));
  std::vector<Bytes> all{
      write_zip(entries),
      test::gzip_of(second),
      twice,
      test::tar_of({{"a", first}, {"folder/b", second}}),
  };
  for (const test::ForeignFile& file : test::foreign_files()) {
    if (file.name.ends_with(".npz") && !file.x.empty()) all.push_back(file.bytes);
  }
  return all;
}

void take(std::span<const std::uint8_t> input) {
  constexpr std::uint64_t kMost = 1 << 24;
  if (is_gzip(input)) {
    require(gunzip(input, "a file", kMost).size() <= kMost, "it unpacks to more than is allowed");
  } else if (is_tar(input)) {
    std::size_t sum = 0;
    for (const TarMember& member : read_tar(input, "a file")) sum += member.bytes.size();
    require(sum <= input.size(), "its files are larger than it is");
  } else {
    const ZipReader archive(input);
    for (const ZipReader::Member& member : archive.members()) {
      if (member.size > kMost) continue;
      const Bytes bytes = ZipReader::read(member);
      require(bytes.size() == member.size && crc32(bytes) == member.checksum,
              "a file is not what its header says");
    }
  }
}

}  // namespace lanegrad::fuzz
