// Bytes of files: all that the terminal reads and writes goes through here.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lanegrad::cli {

// A file with more bytes is refused instead of filling the memory.
inline constexpr std::uint64_t kLargestFile = std::uint64_t{4} << 30;

// The whole file. Throws NotFound naming what the system says, "train: a cannot be read (Permission
// denied), expected EXPECTED", InvalidArgument for what is no plain file, as in "train: a is a
// folder, expected EXPECTED", and OutOfMemory for a file that is too large.
std::vector<std::uint8_t> read_file(const std::string& path, std::string_view expected);

// Whoever looks, at whatever moment, and whatever breaks meanwhile, several writers included: the
// file has its old bytes or all the new ones of one writer. What is replaced keeps its permissions
// and, where the system allows it, its owner; a symbolic link stays, and what it leads to is
// replaced; other hard links keep the old bytes. The bytes are first written to
// "lanegrad-PROCESS-NUMBER.tmp" in the same folder, which only a process that is killed with
// SIGKILL leaves behind: other signals wait until the file is whole. Throws InvalidState naming the
// path and what the system says, and what check_writable throws.
void write_file(const std::string& path, std::span<const std::uint8_t> bytes);

// Throws InvalidArgument where something stands at `path` that is no plain file (a folder, a pipe,
// a socket, a device), and InvalidState for a file that may not be written, even where its folder
// would allow it to be replaced.
void check_writable(const std::string& path);

}  // namespace lanegrad::cli
