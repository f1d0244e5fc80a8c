// Blocks of 512 bytes: a header, then the file, padded; two blocks of zeros are the end.
#include "engine/io/tar.h"

#include <algorithm>
#include <string_view>

#include "engine/core/error.h"

namespace lanegrad {

namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t kBlock = 512;

std::string_view text_at(Bytes header, std::size_t at, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(header.data()) + at, size);
  return text.substr(0, std::min(text.find('\0'), text.size()));
}

}  // namespace

bool is_tar(Bytes bytes) {
  constexpr std::size_t kMagic = 257;
  return bytes.size() >= kBlock && text_at(bytes, kMagic, 5) == "ustar";
}

std::vector<TarMember> read_tar(Bytes bytes, std::string_view name) {
  constexpr std::size_t kSize = 124;
  constexpr std::size_t kKind = 156;
  constexpr std::size_t kPrefix = 345;
  const auto refuse = [&](const auto&... pieces) {
    fail(ErrorCode::CorruptData, "tar: ", name, " ", pieces...);
  };
  std::vector<TarMember> members;
  while (!bytes.empty() && bytes[0] != 0) {
    if (!is_tar(bytes)) refuse("has no header where a file should begin");
    std::size_t size = 0;
    for (const char digit : text_at(bytes, kSize, 12)) {
      if (digit == ' ') continue;
      if (digit < '0' || digit > '7') refuse("has a size that is no octal number");
      size = size * 8 + static_cast<std::size_t>(digit - '0');
    }
    const std::uint8_t kind = bytes[kKind];
    std::string member(text_at(bytes, kPrefix, 155));
    if (!member.empty()) member += '/';
    member += text_at(bytes, 0, 100);
    bytes = bytes.subspan(kBlock);
    if (size > bytes.size())
      refuse("is cut short within ", std::string_view(member), ", expected the whole archive");
    if (kind == '0' || kind == 0)
      members.push_back({.name = std::move(member), .bytes = bytes.first(size)});
    const std::size_t padded = size + (kBlock - size % kBlock) % kBlock;
    bytes = bytes.subspan(std::min(padded, bytes.size()));
  }
  return members;
}

}  // namespace lanegrad
