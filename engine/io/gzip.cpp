// A member is a header, deflated data, a checksum and the size of what was packed.
#include "engine/io/gzip.h"

#include <algorithm>

#include "engine/core/error.h"
#include "engine/io/inflate.h"
#include "engine/io/zip.h"

namespace lanegrad {

namespace {

using Bytes = std::span<const std::uint8_t>;

std::uint32_t number_at(Bytes bytes, std::size_t at) {
  return bytes[at] | std::uint32_t{bytes[at + 1]} << 8 | std::uint32_t{bytes[at + 2]} << 16 |
         std::uint32_t{bytes[at + 3]} << 24;
}

// The bytes of a member's header; more than there are where it is cut short.
std::size_t header_size(Bytes bytes) {
  constexpr std::size_t kFixed = 10;
  constexpr std::uint8_t kChecksum = 2;
  constexpr std::uint8_t kExtra = 4;
  constexpr std::uint8_t kTexts[] = {8, 16};  // its name, a comment
  if (bytes.size() < kFixed) return kFixed;
  const std::uint8_t flags = bytes[3];
  std::size_t size = kFixed;
  if ((flags & kExtra) != 0) {
    if (bytes.size() < size + 2) return size + 2;
    size += 2 + bytes[size] + (std::size_t{bytes[size + 1]} << 8);
  }
  for (const std::uint8_t text : kTexts) {
    if ((flags & text) == 0) continue;
    while (size < bytes.size() && bytes[size] != 0) ++size;
    ++size;
  }
  return (flags & kChecksum) != 0 ? size + 2 : size;
}

}  // namespace

bool is_gzip(Bytes bytes) { return bytes.size() > 1 && bytes[0] == 0x1F && bytes[1] == 0x8B; }

std::vector<std::uint8_t> gunzip(Bytes bytes, std::string_view name, std::uint64_t most) {
  constexpr std::size_t kTrailer = 8;
  const auto refuse = [&](const auto&... pieces) {
    fail(ErrorCode::CorruptData, "gzip: ", name, " ", pieces...);
  };
  std::vector<std::uint8_t> out;
  // What a file says of its size is a hint, and reserved as far as its bytes can make it.
  if (bytes.size() >= kTrailer) {
    const std::uint64_t said = number_at(bytes, bytes.size() - 4);
    if (said <= most && said / kMostInflation <= bytes.size())
      out.reserve(static_cast<std::size_t>(said));
  }
  Bytes rest = bytes;
  while (is_gzip(rest)) {
    const std::size_t header = header_size(rest);
    if (header >= rest.size()) refuse("is cut short in a header, expected the whole gzip file");
    if (rest[2] != 8) refuse("is packed by method ", rest[2], ", expected 8, which is deflate");
    rest = rest.subspan(header);
    const std::size_t begin = out.size();
    // A file of gigabytes that is packed into megabytes is no mistake of the file.
    std::size_t used = 0;
    try {
      used = inflate_some(rest, most - begin, out);
    } catch (const Error& error) {
      if (out.size() + 258 > most)
        fail(ErrorCode::Unsupported, "gzip: ", name, " holds more than ", most,
             " bytes, expected at most so many");
      refuse("is broken (", std::string_view(error.message()), "), expected a whole gzip file");
    }
    rest = rest.subspan(used);
    if (rest.size() < kTrailer) refuse("is cut short at its end, expected the whole gzip file");
    const Bytes member = Bytes(out).subspan(begin);
    if (number_at(rest, 4) != (member.size() & 0xFFFFFFFF) || number_at(rest, 0) != crc32(member))
      refuse("has another size or checksum than it says, expected an undamaged gzip file");
    rest = rest.subspan(kTrailer);
  }
  if (std::any_of(rest.begin(), rest.end(), [](std::uint8_t byte) { return byte != 0; }))
    refuse("has other bytes behind its end, expected another gzip file or none");
  return out;
}

}  // namespace lanegrad
