// Unpacks gzip files (RFC 1952).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/io/inflate.h"

namespace lanegrad {

// The most bytes that a packed file of data may become.
inline constexpr std::uint64_t kMostUnpacked = std::uint64_t{1} << 30;

// Whether the bytes begin as a gzip file does.
bool is_gzip(std::span<const std::uint8_t> bytes);

// Unpacks a gzip file piece by piece: all members, one after the other. Zeros after the last one,
// as tapes have them, are passed over.
class GzipReader {
 public:
  // `bytes` is the whole file, which stays where it is as long as this lives; messages call it
  // `name`. It may hold at most `most` bytes.
  GzipReader(std::span<const std::uint8_t> bytes, std::string name, std::uint64_t most)
      : rest_(bytes), name_(std::move(name)), most_(most) {}

  // How many bytes the file seems to hold, as far as so few packed ones can hold them.
  std::size_t expected() const;
  // The next bytes, until the next call; none at the end. Throws CorruptData, naming the file,
  // where it is cut short, has other bytes behind its end, or where a member has another size or
  // checksum than it says; Unsupported for more than `most` bytes.
  std::span<const std::uint8_t> next();

 private:
  void begin_member();
  void end_member();
  template <class... Pieces>
  [[noreturn]] void refuse(const Pieces&... pieces) const;

  std::span<const std::uint8_t> rest_;
  std::string name_;
  std::uint64_t most_;
  // How many bytes were unpacked, all and of this member, whose checksum is `sum_`.
  std::uint64_t total_ = 0;
  std::uint64_t size_ = 0;
  std::uint32_t sum_ = 0;
  std::optional<Inflater> member_;
  // The last bytes of the member, to which later ones refer.
  std::vector<std::uint8_t> out_;
};

// All bytes of the file; throws as GzipReader does.
std::vector<std::uint8_t> gunzip(std::span<const std::uint8_t> bytes, std::string_view name,
                                 std::uint64_t most);

}  // namespace lanegrad
