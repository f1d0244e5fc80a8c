// The directory at an archive's end says where members are; the header before each of them says
// the same once more, but for sizes that were not known when it was written.
#include "engine/io/zip_reader.h"

#include <algorithm>

#include "engine/core/error.h"
#include "engine/io/inflate.h"
#include "engine/io/zip.h"

namespace lanegrad {

namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint64_t kIn64Bits = 0xFFFFFFFF;  // stands for a size that zip64's field has

template <class... Pieces>
[[noreturn]] void refuse(const Pieces&... pieces) {
  fail(ErrorCode::CorruptData, "zip: ", pieces...);
}

// Numbers and texts in order.
class Fields {
 public:
  Fields(Bytes bytes, std::uint64_t begin, std::string_view what) : bytes_(bytes), what_(what) {
    if (begin > bytes.size()) refuse(what, " at byte ", begin, " of ", bytes.size());
    at_ = static_cast<std::size_t>(begin);
  }

  std::uint64_t number(std::size_t size) {
    const Bytes bytes = take(size);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value |= std::uint64_t{bytes[i]} << (8 * i);
    return value;
  }
  Bytes take(std::uint64_t size) {
    if (size > left()) refuse("the end of the file within ", what_);
    at_ += static_cast<std::size_t>(size);
    return bytes_.subspan(at_ - static_cast<std::size_t>(size), static_cast<std::size_t>(size));
  }
  void skip(std::uint64_t size) { take(size); }
  std::size_t at() const { return at_; }
  std::size_t left() const { return bytes_.size() - at_; }

 private:
  Bytes bytes_;
  std::string_view what_;
  std::size_t at_ = 0;
};

struct Directory {
  std::uint64_t count = 0;
  std::uint64_t size = 0;
  std::uint64_t begin = 0;
};

// Where the record stands with which every archive ends, before a comment.
std::size_t find_end(Bytes bytes) {
  constexpr std::size_t kEnd = 22;
  constexpr std::size_t kLongestComment = 0xFFFF;
  for (std::size_t comment = 0; comment <= kLongestComment; ++comment) {
    if (comment + kEnd > bytes.size()) break;
    const std::size_t at = bytes.size() - kEnd - comment;
    if (bytes[at] != 'P' || bytes[at + 1] != 'K' || bytes[at + 2] != 5 || bytes[at + 3] != 6)
      continue;
    if ((bytes[at + 20] | std::size_t{bytes[at + 21]} << 8) == comment) return at;
  }
  refuse("no directory at the end, expected the whole archive");
}

Directory find_directory(Bytes bytes) {
  const std::size_t end = find_end(bytes);
  Fields fields(bytes, end + 4, "the end of the directory");
  const std::uint64_t disk = fields.number(2);
  fields.skip(4);
  Directory directory{.count = fields.number(2), .size = fields.number(4)};
  directory.begin = fields.number(4);
  constexpr std::size_t kLocator = 20;
  if (end >= kLocator) {
    Fields locator(bytes, end - kLocator, "zip64's locator");
    if (locator.number(4) == 0x07064B50) {
      locator.skip(4);
      Fields record(bytes, locator.number(8), "zip64's end of the directory");
      if (record.number(4) != 0x06064B50)
        refuse("no end of the directory where zip64's locator says");
      record.skip(28);
      directory = {.count = record.number(8), .size = record.number(8)};
      directory.begin = record.number(8);
    }
  } else if (disk != 0) {
    fail(ErrorCode::Unsupported, "zip: a part of an archive in several files, expected all in one");
  }
  if (directory.begin > bytes.size() || directory.size > bytes.size() - directory.begin)
    refuse("a directory beyond the end of the file");
  return directory;
}

// Takes what zip64's extra field has for the numbers that say so.
void read_zip64(Bytes extra, std::uint64_t& size, std::uint64_t& packed, std::uint64_t* begin) {
  Fields fields(extra, 0, "an extra field");
  // Some writers pad with bytes that are too few for a field.
  while (fields.left() >= 4) {
    const std::uint64_t kind = fields.number(2);
    Fields field(fields.take(fields.number(2)), 0, "zip64's extra field");
    if (kind != 1) continue;
    if (size == kIn64Bits) size = field.number(8);
    if (packed == kIn64Bits) packed = field.number(8);
    if (begin && *begin == kIn64Bits) *begin = field.number(8);
  }
}

std::string text_of(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

// Reads the next entry of the directory; stores where the member's header begins and its bytes end.
ZipReader::Member read_member(Fields& directory, Bytes bytes, std::uint64_t& begin,
                              std::uint64_t& end) {
  if (directory.number(4) != 0x02014B50) refuse("an entry of the directory without its mark");
  directory.skip(4);
  const std::uint64_t flags = directory.number(2);
  const std::uint64_t method = directory.number(2);
  directory.skip(4);
  ZipReader::Member member{.checksum = static_cast<std::uint32_t>(directory.number(4))};
  std::uint64_t packed = directory.number(4);
  member.size = directory.number(4);
  const std::uint64_t name_size = directory.number(2);
  const std::uint64_t extra_size = directory.number(2);
  const std::uint64_t comment_size = directory.number(2);
  directory.skip(8);
  begin = directory.number(4);
  member.name = text_of(directory.take(name_size));
  read_zip64(directory.take(extra_size), member.size, packed, &begin);
  directory.skip(comment_size);
  const std::string_view name = std::string_view(member.name).substr(0, 80);
  if ((flags & 1) != 0)
    fail(ErrorCode::Unsupported, "zip: '", name,
         "' is encrypted, expected a file without password");
  if (method != 0 && method != 8)
    fail(ErrorCode::Unsupported, "zip: '", name, "' is packed by method ", method,
         ", expected stored or deflated");
  member.deflated = method == 8;

  Fields header(bytes, begin, "the header of a file");
  if (header.number(4) != 0x04034B50) refuse("no header where '", name, "' should begin");
  header.skip(4);
  const std::uint64_t own_method = header.number(2);
  header.skip(16);
  const std::uint64_t own_name_size = header.number(2);
  const std::uint64_t own_extra_size = header.number(2);
  const std::string own_name = text_of(header.take(own_name_size));
  header.skip(own_extra_size);
  if (own_method != method || own_name != member.name)
    refuse("'", name, "' has another name or method in its header than in the directory");
  member.packed = header.take(packed);
  end = header.at();
  if (!member.deflated && member.size != packed)
    refuse("'", name, "' of ", member.size, " bytes is stored in ", packed);
  if (member.size / kMostInflation > packed)
    refuse("'", name, "' of ", member.size, " bytes is packed in ", packed, ", expected at most ",
           kMostInflation, " for each");
  return member;
}

}  // namespace

ZipReader::ZipReader(Bytes bytes) {
  constexpr std::uint64_t kMostMembers = 10'000;
  constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30;
  const Directory directory = find_directory(bytes);
  if (directory.count > kMostMembers)
    fail(ErrorCode::Unsupported, "zip: ", whole_text(directory.count), " files, expected at most ",
         kMostMembers);
  Fields entries(bytes.first(static_cast<std::size_t>(directory.begin + directory.size)),
                 directory.begin, "the directory");
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
  std::uint64_t total = 0;
  for (std::uint64_t i = 0; i < directory.count; ++i) {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    members_.push_back(read_member(entries, bytes, begin, end));
    ranges.emplace_back(begin, end);
    total += members_.back().size;
    if (total > kMostBytes)
      fail(ErrorCode::Unsupported, "zip: files of more than ", kMostBytes,
           " bytes in all, expected at most so many");
  }
  ranges.emplace_back(directory.begin, directory.begin);
  std::sort(ranges.begin(), ranges.end());
  for (std::size_t i = 1; i < ranges.size(); ++i) {
    if (ranges[i].first < ranges[i - 1].second)
      refuse("files that share bytes, expected one after the other");
  }
}

std::vector<std::uint8_t> ZipReader::read(const Member& member) {
  std::vector<std::uint8_t> bytes =
      member.deflated ? inflate(member.packed, member.size)
                      : std::vector<std::uint8_t>(member.packed.begin(), member.packed.end());
  if (crc32(bytes) != member.checksum)
    refuse("'", member.name.substr(0, 80), "' has another checksum than it should");
  return bytes;
}

}  // namespace lanegrad
