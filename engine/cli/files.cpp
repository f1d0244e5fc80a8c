// Reads whole files. A file is written under another name in the same folder, then takes the place
// of the old one.
#include "engine/cli/files.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>
#include <utility>

#include "engine/core/error.h"

namespace lanegrad::cli {

namespace {

namespace fs = std::filesystem;

// The most that is handed to the system at once; macOS takes no more than 2 GB.
constexpr std::size_t kChunk = std::size_t{1} << 30;

// The most that is read at once.
constexpr std::size_t kPiece = std::size_t{1} << 20;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }
  // Closes the file. Some file systems report only here that there is no room.
  bool close() { return ::close(std::exchange(number_, -1)) == 0; }

 private:
  int number_;
};

// While an object of this class lives, signals wait, and a file that grows beyond the process's
// limit gives an error as a full disk does; otherwise that would end the program.
class SignalsWait {
 public:
  SignalsWait() {
    sigset_t waiting;
    sigfillset(&waiting);
    // SIGXFSZ has to be ignored, and a signal that waits would not be.
    sigdelset(&waiting, SIGXFSZ);
    pthread_sigmask(SIG_SETMASK, &waiting, &mask_);
    struct sigaction ignore = {};
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGXFSZ, &ignore, &at_the_limit_);
  }
  ~SignalsWait() {
    sigaction(SIGXFSZ, &at_the_limit_, nullptr);
    pthread_sigmask(SIG_SETMASK, &mask_, nullptr);
  }
  SignalsWait(const SignalsWait&) = delete;
  SignalsWait& operator=(const SignalsWait&) = delete;

 private:
  sigset_t mask_ = {};
  struct sigaction at_the_limit_ = {};
};

const char* kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

[[noreturn]] void fail_writing(const std::string& path, int reason) {
  fail(ErrorCode::InvalidState, "train: ", path, " cannot be written (", std::strerror(reason),
       "), expected a file in a folder where there is room");
}

// The file that would be replaced; nothing where no file has this name.
std::optional<struct stat> find_target(const std::string& path) {
  struct stat found = {};
  if (stat(path.c_str(), &found) != 0) {
    if (errno != ENOENT) fail_writing(path, errno);
    return std::nullopt;
  }
  if (!S_ISREG(found.st_mode))
    fail(ErrorCode::InvalidArgument, "train: ", path, " is ", kind_of(found.st_mode),
         ", expected a plain file or a name that is free");
  if (faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) != 0) fail_writing(path, errno);
  return found;
}

// The path that symbolic links lead to; the last link may lead to a name that is free.
fs::path follow_links(fs::path path) {
  // Linux has this limit, too.
  constexpr int kMostLinks = 40;
  std::error_code none;
  for (int i = 0; i < kMostLinks && fs::is_symlink(path, none); ++i) {
    path = path.parent_path() / fs::read_symlink(path, none);
  }
  return path;
}

// Opens a new file in the folder for writing and stores its name in `path`.
int open_new(const fs::path& folder, mode_t mode, std::string& path) {
  for (int number = 0;; ++number) {
    path = (folder / str("lanegrad-", getpid(), "-", number, ".tmp")).string();
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    // A process that had the same number and was killed may have left a file behind.
    if (file >= 0 || errno != EEXIST) return file;
  }
}

bool write_all(int file, std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), std::min(bytes.size(), kChunk));
    if (written < 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

class FileSink final : public ByteSink {
 public:
  explicit FileSink(int file) : file_(file) {}
  void begin(std::size_t) override {}
  void write(std::span<const std::uint8_t> bytes) override {
    if (reason_ == 0 && !write_all(file_, bytes)) reason_ = errno;
  }
  // Whether all was written; else errno says why not.
  bool whole() const {
    if (reason_ != 0) errno = reason_;
    return reason_ == 0;
  }

 private:
  int file_;
  int reason_ = 0;
};

// Gives the file the owner and the permissions of the file that it replaces.
bool take_over(int file, const struct stat& target) {
  // Only root may give files away; others can at least keep the group where they belong to it.
  constexpr auto kSame = static_cast<uid_t>(-1);
  [[maybe_unused]] const bool kept =
      fchown(file, target.st_uid, target.st_gid) == 0 || fchown(file, kSame, target.st_gid) == 0;
  return fchmod(file, target.st_mode & 0777) == 0;
}

}  // namespace

std::vector<std::uint8_t> read_file(const std::string& path, std::string_view expected) {
  std::vector<std::uint8_t> bytes;
  read_pieces(path, expected, [&](std::span<const std::uint8_t> piece, std::size_t size) {
    bytes.reserve(size);
    bytes.insert(bytes.end(), piece.begin(), piece.end());
  });
  return bytes;
}

void read_pieces(const std::string& path, std::string_view expected,
                 const std::function<void(std::span<const std::uint8_t>, std::size_t)>& take) {
  const auto fail_reading = [&](int reason) {
    fail(ErrorCode::NotFound, "train: ", path, " cannot be read (", std::strerror(reason),
         "), expected ", expected);
  };
  // An ordinary open() of a pipe that nobody writes to would wait for ever.
  Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat found = {};
  if (!file.is_open() || fstat(file.number(), &found) != 0) fail_reading(errno);
  if (!S_ISREG(found.st_mode))
    fail(ErrorCode::InvalidArgument, "train: ", path, " is ", kind_of(found.st_mode), ", expected ",
         expected);
  const auto size = static_cast<std::uint64_t>(found.st_size);
  if (size > kLargestFile)
    fail(ErrorCode::OutOfMemory, "train: ", path, " has ", size, " bytes, expected ", expected,
         " of at most ", kLargestFile);
  std::vector<std::uint8_t> piece(std::min<std::size_t>(static_cast<std::size_t>(size), kPiece));
  for (std::uint64_t done = 0; done < size;) {
    const ssize_t count = read(file.number(), piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail_reading(errno);
    // The file has just been made shorter.
    if (count == 0) return;
    // One that was made longer is read as far as it went.
    const auto most = std::min(static_cast<std::uint64_t>(count), size - done);
    take({piece.data(), static_cast<std::size_t>(most)}, static_cast<std::size_t>(size));
    done += most;
  }
}

void check_writable(const std::string& path) { find_target(path); }

void write_file(const std::string& path, std::span<const std::uint8_t> bytes) {
  write_pieces(path, [&](ByteSink& file) { file.write(bytes); });
}

void write_pieces(const std::string& path, const std::function<void(ByteSink&)>& write) {
  const SignalsWait signals_wait;
  const std::optional<struct stat> target = find_target(path);
  const fs::path place = follow_links(path);
  std::string beside;
  // Nobody else may read the file until it has the target's permissions.
  Descriptor file(open_new(place.parent_path(), target ? 0600 : 0666, beside));
  if (!file.is_open()) fail_writing(path, errno);
  FileSink sink(file.number());
  try {
    write(sink);
  } catch (...) {
    std::remove(beside.c_str());
    throw;
  }
  // The bytes are on the disk before the file takes the old one's place.
  const bool done = sink.whole() && (!target || take_over(file.number(), *target)) &&
                    fsync(file.number()) == 0 && file.close() &&
                    std::rename(beside.c_str(), place.c_str()) == 0;
  if (done) return;
  const int reason = errno;
  std::remove(beside.c_str());
  fail_writing(path, reason);
}

}  // namespace lanegrad::cli
