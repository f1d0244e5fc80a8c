// Unpacks gzip files (RFC 1952).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace lanegrad {

// Whether the bytes begin as a gzip file does.
bool is_gzip(std::span<const std::uint8_t> bytes);

// The bytes of all members, one after the other; zeros after the last one, as tapes have them, are
// passed over. Throws CorruptData, naming the file, where it is cut short, has other bytes behind
// its end, or where a member has another size or checksum than it says; Unsupported for more than
// `most` bytes.
std::vector<std::uint8_t> gunzip(std::span<const std::uint8_t> bytes, std::string_view name,
                                 std::uint64_t most);

}  // namespace lanegrad
