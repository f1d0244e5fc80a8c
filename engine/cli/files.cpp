// Reads whole files; writes beside a file and then takes its place.
#include "engine/cli/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "engine/core/error.h"

namespace lanegrad::cli {

std::vector<std::uint8_t> read_file(const std::string& path, std::string_view expected) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  std::ifstream file(path, std::ios::binary);
  std::vector<std::uint8_t> bytes(error ? 0 : size);
  if (!(!error && file &&
        file.read(reinterpret_cast<char*>(bytes.data()),
                  static_cast<std::streamsize>(bytes.size()))))
    fail(ErrorCode::NotFound, "train: ", path, " cannot be read, expected ", expected);
  return bytes;
}

void write_file(const std::string& path, std::span<const std::uint8_t> bytes) {
  const std::string beside = path + ".new";
  const int file = open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  bool done = file >= 0;
  while (done && !bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written >= 0) bytes = bytes.subspan(static_cast<std::size_t>(written));
    done = written >= 0 || errno == EINTR;
  }
  // On the disk before it takes the old one's place.
  done = done && fsync(file) == 0;
  int reason = errno;
  if (file >= 0 && close(file) != 0 && done) {
    done = false;
    reason = errno;
  }
  if (done && std::rename(beside.c_str(), path.c_str()) != 0) {
    done = false;
    reason = errno;
  }
  if (done) return;
  if (file >= 0) std::remove(beside.c_str());
  fail(ErrorCode::InvalidState, "train: ", path, " cannot be written (", std::strerror(reason),
       "), expected a file in a folder where there is room");
}

}  // namespace lanegrad::cli
