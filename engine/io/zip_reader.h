// Reads zip archives, as numpy and PyTorch write them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lanegrad {

class ZipReader {
 public:
  struct Member {
    std::string name = {};
    bool deflated = false;
    std::uint32_t checksum = 0;
    std::uint64_t size = 0;
    std::span<const std::uint8_t> packed = {};
  };

  // Reads the directory of an archive (PKWARE's APPNOTE 6.3.10), zip64 included; members are views
  // of `bytes`. Throws CorruptData where the directory and the headers before the members do not
  // say the same, where members overlap or one says that it is larger than its bytes can make it;
  // Unsupported for members that are encrypted or packed otherwise than by deflate, for more than
  // 10000 of them and for more than 1 GiB in all.
  explicit ZipReader(std::span<const std::uint8_t> bytes);

  const std::vector<Member>& members() const { return members_; }
  // The member's bytes, unpacked. Throws CorruptData where they do not have the member's size and
  // checksum.
  static std::vector<std::uint8_t> read(const Member& member);

 private:
  std::vector<Member> members_;
};

}  // namespace lanegrad
