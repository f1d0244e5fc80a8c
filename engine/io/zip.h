// Zip archives of files that are stored as they are.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace lanegrad {

// The checksum of zip: the polynomial 0xEDB88320, which is 0x04C11DB7 with its bits reversed;
// `before` is that of the bytes before these.
std::uint32_t crc32(std::span<const std::uint8_t> bytes, std::uint32_t before = 0);

struct ZipEntry {
  std::string name;
  std::span<const std::uint8_t> bytes;
};

// The bytes of an archive (PKWARE's APPNOTE 6.3.10, method 0). Every file is dated 1 January 1980,
// so that the same content gives the same bytes. Throws Unsupported where the archive would have
// 4 GiB or 65,535 files or more, which needs zip64.
std::vector<std::uint8_t> write_zip(std::span<const ZipEntry> entries);

}  // namespace lanegrad
