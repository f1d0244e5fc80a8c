// A member is a header, deflated data, a checksum and the size of what was packed.
#include "engine/io/gzip.h"

#include <algorithm>

#include "engine/core/error.h"
#include "engine/io/zip.h"

namespace lanegrad {

namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t kTrailer = 8;

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

template <class... Pieces>
void GzipReader::refuse(const Pieces&... pieces) const {
  fail(ErrorCode::CorruptData, "gzip: ", name_, " ", pieces...);
}

std::size_t GzipReader::expected() const {
  if (rest_.size() < kTrailer) return 0;
  const std::uint64_t said = number_at(rest_, rest_.size() - 4);
  return said <= most_ && said / kMostInflation <= rest_.size() ? static_cast<std::size_t>(said)
                                                                : 0;
}

void GzipReader::begin_member() {
  const std::size_t header = header_size(rest_);
  if (header >= rest_.size()) refuse("is cut short in a header, expected the whole gzip file");
  if (rest_[2] != 8) refuse("is packed by method ", rest_[2], ", expected 8, which is deflate");
  rest_ = rest_.subspan(header);
  out_.clear();
  size_ = 0;
  sum_ = 0;
  member_.emplace(rest_, most_ - total_);
}

void GzipReader::end_member() {
  rest_ = rest_.subspan(member_->used());
  member_.reset();
  if (rest_.size() < kTrailer) refuse("is cut short at its end, expected the whole gzip file");
  if (number_at(rest_, 4) != (size_ & 0xFFFFFFFF) || number_at(rest_, 0) != sum_)
    refuse("has another size or checksum than it says, expected an undamaged gzip file");
  rest_ = rest_.subspan(kTrailer);
}

Bytes GzipReader::next() {
  constexpr std::size_t kPiece = std::size_t{1} << 18;
  constexpr std::size_t kWindow = std::size_t{1} << 15;
  constexpr std::size_t kLongestMatch = 258;
  for (;;) {
    if (!member_) {
      if (!is_gzip(rest_)) break;
      begin_member();
    }
    if (out_.size() > kWindow)
      out_.erase(out_.begin(), out_.end() - static_cast<std::ptrdiff_t>(kWindow));
    const std::size_t begin = out_.size();
    bool ends = false;
    try {
      ends = member_->run(kPiece, out_);
    } catch (const Error& error) {
      // A file of gigabytes that is packed into megabytes is no mistake of the file.
      if (total_ + (out_.size() - begin) + kLongestMatch > most_)
        fail(ErrorCode::Unsupported, "gzip: ", name_, " holds more than ", most_,
             " bytes, expected at most so many");
      refuse("is broken (", std::string_view(error.message()), "), expected a whole gzip file");
    }
    const Bytes piece = Bytes(out_).subspan(begin);
    sum_ = crc32(piece, sum_);
    size_ += piece.size();
    total_ += piece.size();
    if (ends) end_member();
    if (!piece.empty()) return piece;
  }
  if (std::any_of(rest_.begin(), rest_.end(), [](std::uint8_t byte) { return byte != 0; }))
    refuse("has other bytes behind its end, expected another gzip file or none");
  return {};
}

std::vector<std::uint8_t> gunzip(Bytes bytes, std::string_view name, std::uint64_t most) {
  GzipReader reader(bytes, std::string(name), most);
  std::vector<std::uint8_t> out;
  out.reserve(reader.expected());
  for (Bytes piece = reader.next(); !piece.empty(); piece = reader.next()) {
    out.insert(out.end(), piece.begin(), piece.end());
  }
  return out;
}

}  // namespace lanegrad
