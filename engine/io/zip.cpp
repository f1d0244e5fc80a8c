// Writes zip archives.
#include "engine/io/zip.h"

#include <array>

#include "engine/core/error.h"

namespace lanegrad {

namespace {

using Bytes = std::vector<std::uint8_t>;

void append(Bytes& out, int size, std::uint64_t value) {
  for (int i = 0; i < size; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

// What the header before a file and the directory at the end both say of it.
void append_facts(Bytes& out, const ZipEntry& entry, std::uint32_t sum) {
  constexpr std::uint64_t kVersion = 20;
  constexpr std::uint64_t kNameIsUtf8 = 1 << 11;
  constexpr std::uint64_t kFirstOfJanuary1980 = 0x0021;
  append(out, 2, kVersion);
  append(out, 2, kNameIsUtf8);
  append(out, 2, 0);  // stored
  append(out, 2, 0);  // midnight
  append(out, 2, kFirstOfJanuary1980);
  append(out, 4, sum);
  append(out, 4, entry.bytes.size());
  append(out, 4, entry.bytes.size());
  append(out, 2, entry.name.size());
  append(out, 2, 0);  // no extra field
}

}  // namespace

std::uint32_t crc32(std::span<const std::uint8_t> bytes, std::uint32_t before) {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t c = i;
    for (int bit = 0; bit < 8; ++bit) c = (c >> 1) ^ (c & 1 ? 0xEDB88320 : 0);
    table[i] = c;
  }
  std::uint32_t sum = ~before;
  for (const std::uint8_t byte : bytes) sum = (sum >> 8) ^ table[(sum ^ byte) & 0xFF];
  return ~sum;
}

std::vector<std::uint8_t> write_zip(std::span<const ZipEntry> entries) {
  constexpr std::uint64_t kMostBytes = 0xFFFFFFFF;
  constexpr std::size_t kMostFiles = 0xFFFF;
  constexpr std::uint64_t kHeaders = 128;
  std::uint64_t size = 0;
  for (const ZipEntry& entry : entries) {
    size += kHeaders + 2 * entry.name.size() + entry.bytes.size();
  }
  if (size >= kMostBytes || entries.size() >= kMostFiles)
    fail(ErrorCode::Unsupported, "zip: ", entries.size(), " files in ", size,
         " bytes, expected less than 65535 files and 4 GiB");
  Bytes out;
  Bytes directory;
  for (const ZipEntry& entry : entries) {
    const std::uint32_t sum = crc32(entry.bytes);
    append(directory, 4, 0x02014B50);
    append(directory, 2, 20);  // made by the same version
    append_facts(directory, entry, sum);
    append(directory, 2, 0);  // no comment
    append(directory, 2, 0);  // the first disk
    append(directory, 2, 0);  // no attributes
    append(directory, 4, 0);
    append(directory, 4, out.size());  // where the file's header stands
    directory.insert(directory.end(), entry.name.begin(), entry.name.end());
    append(out, 4, 0x04034B50);
    append_facts(out, entry, sum);
    out.insert(out.end(), entry.name.begin(), entry.name.end());
    out.insert(out.end(), entry.bytes.begin(), entry.bytes.end());
  }
  const std::size_t begin = out.size();
  out.insert(out.end(), directory.begin(), directory.end());
  append(out, 4, 0x06054B50);
  append(out, 2, 0);
  append(out, 2, 0);
  append(out, 2, entries.size());
  append(out, 2, entries.size());
  append(out, 4, directory.size());
  append(out, 4, begin);
  append(out, 2, 0);
  return out;
}

}  // namespace lanegrad
