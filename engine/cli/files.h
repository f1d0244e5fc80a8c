// Reading and writing whole files, for all that the terminal reads and writes.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/io/bytes.h"

namespace lanegrad::cli {

// The most bytes of a file that is read; a larger one is refused instead of filling the memory.
inline constexpr std::uint64_t kLargestFile = std::uint64_t{4} << 30;

// The bytes of the whole file. Throws NotFound with the system's reason, "train: a cannot be read
// (Permission denied), expected EXPECTED", InvalidArgument for what is not a plain file, as in
// "train: a is a folder, expected EXPECTED", and OutOfMemory for a file that is too large.
std::vector<std::uint8_t> read_file(const std::string& path, std::string_view expected);
// Reads the file in pieces of at most a megabyte and hands each to `take`, with the bytes that the
// whole file has. Throws what read_file throws.
void read_pieces(const std::string& path, std::string_view expected,
                 const std::function<void(std::span<const std::uint8_t>, std::size_t)>& take);

// Replaces the whole file, or makes it. At every moment and whatever fails, even with several
// writers, readers see the old bytes or all the new bytes of one writer. A replaced file keeps its
// permissions and, where the system allows it, its owner; a symbolic link stays, and the file that
// it leads to is replaced; other hard links keep the old bytes. The bytes are first written to
// "lanegrad-PROCESS-NUMBER.tmp" in the same folder. Only a process that is killed with SIGKILL
// leaves that file behind: other signals wait until the file is whole. Throws InvalidState with the
// path and the system's reason, and what check_writable throws.
void write_file(const std::string& path, std::span<const std::uint8_t> bytes);
// Writes what `write` puts into the sink, in the same way. Where it throws, the old bytes stay.
void write_pieces(const std::string& path, const std::function<void(ByteSink&)>& write);

// Throws InvalidArgument where something stands at `path` that is not a plain file (a folder, a
// pipe, a socket, a device), and InvalidState for a file that may not be written, even where its
// folder would allow it to be replaced.
void check_writable(const std::string& path);

}  // namespace lanegrad::cli
