#include "engine/cli/files.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#if __has_include(<sys/sysmacros.h>)
#include <sys/sysmacros.h>
#endif

#include <filesystem>
#include <fstream>

#include "tests/engine/catch.h"
#include "tests/engine/cli/temporary_folder.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

std::string writing(const std::string& path, const Bytes& bytes = {1, 2, 3}) {
  return error_of([&] { cli::write_file(path, bytes); });
}

std::string reading(const std::string& path) {
  return error_of([&] { cli::read_file(path, "bytes"); });
}

struct stat status_of(const std::string& path) {
  struct stat status = {};
  REQUIRE(lstat(path.c_str(), &status) == 0);
  return status;
}

mode_t mode_of(const std::string& path) { return status_of(path).st_mode & 07777; }

// Root may do all that is tried here; somebody else may not.
constexpr uid_t kSomebody = 65534;

class AsSomebody {
 public:
  AsSomebody() : root_(geteuid() == 0) {
    if (root_ && seteuid(kSomebody) != 0) std::abort();
  }
  ~AsSomebody() {
    if (root_ && seteuid(0) != 0) std::abort();
  }
  AsSomebody(const AsSomebody&) = delete;
  AsSomebody& operator=(const AsSomebody&) = delete;

 private:
  bool root_;
};

}  // namespace

TEST_CASE("files come back as they were written, and nothing stays beside them", "[cli]") {
  const TemporaryFolder folder;
  const std::string path = folder / "a";
  for (const std::size_t size : {std::size_t{3}, std::size_t{100'000}, std::size_t{0}}) {
    const Bytes bytes(size, 7);
    cli::write_file(path, bytes);
    CHECK(cli::read_file(path, "bytes") == bytes);
    CHECK(folder.count() == 1);
  }
  CHECK(writing(folder / "e/f") == str("InvalidState: train: ", folder / "e/f",
                                       " cannot be written (No such file or directory), expected "
                                       "a file in a folder where there is room"));
  CHECK(writing(folder / "a/f").find(" cannot be written (Not a directory), ") !=
        std::string::npos);
  const std::string longest = folder / std::string(255, 'n');
  CHECK(writing(longest) == "no error");
  CHECK(writing(longest + "n").find(" cannot be written (File name too long), ") !=
        std::string::npos);
}

TEST_CASE("what is no plain file is neither read nor replaced", "[cli]") {
  const TemporaryFolder folder;
  fs::create_directory(folder / "folder");
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  const int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  (folder / "socket").copy(address.sun_path, sizeof(address.sun_path) - 1);
  REQUIRE(bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
  // A node of its own for the same device as /dev/null; only root may make one.
  const bool has_device = mknod((folder / "device").c_str(), S_IFCHR | 0600, makedev(1, 3)) == 0;

  std::vector<std::string> names = {"folder", "pipe", "socket"};
  if (has_device) names.push_back("device");
  for (const std::string& name : names) {
    fs::create_symlink(folder / name, folder / ("link to " + name));
  }
  const auto entries = folder.count();
  for (const std::string& name : names) {
    const mode_t mode = status_of(folder / name).st_mode;
    for (const std::string& path : {folder / name, folder / ("link to " + name)}) {
      const std::string refused = str("InvalidArgument: train: ", path, " is a ", name,
                                      ", expected a plain file or a name that is free");
      CHECK(writing(path) == refused);
      CHECK(error_of([&] { cli::check_writable(path); }) == refused);
      if (name == "socket") {
        CHECK(reading(path).starts_with(str("NotFound: train: ", path, " cannot be read (")));
      } else {
        CHECK(reading(path) ==
              str("InvalidArgument: train: ", path, " is a ", name, ", expected bytes"));
      }
    }
    CHECK(status_of(folder / name).st_mode == mode);
  }
  CHECK(folder.count() == entries);
  close(listener);
}

TEST_CASE("what cannot be read is said with the system's reason", "[cli]") {
  const TemporaryFolder folder;
  CHECK(reading(folder / "b") ==
        str("NotFound: train: ", folder / "b",
            " cannot be read (No such file or directory), expected bytes"));
  cli::write_file(folder / "secret", Bytes{1});
  fs::permissions(folder / "secret", fs::perms::none);
  {
    const AsSomebody somebody;
    CHECK(reading(folder / "secret").find(" cannot be read (Permission denied), ") !=
          std::string::npos);
  }
  // It has no blocks on the disk, and is not read.
  cli::write_file(folder / "large", {});
  fs::resize_file(folder / "large", std::uintmax_t{1} << 40);
  CHECK(reading(folder / "large") ==
        str("OutOfMemory: train: ", folder / "large",
            " has 1099511627776 bytes, expected bytes of at most 4294967296"));
}

TEST_CASE("a file that is replaced keeps its permissions and its owner", "[cli]") {
  const TemporaryFolder folder;
  const std::string path = folder / "a";
  const mode_t mask = umask(022);
  cli::write_file(path, Bytes{1});
  CHECK(mode_of(path) == 0644);
  umask(077);
  cli::write_file(folder / "private", Bytes{1});
  umask(mask);
  CHECK(mode_of(folder / "private") == 0600);
  for (const mode_t mode : {0600, 0640, 0664, 0755}) {
    REQUIRE(chmod(path.c_str(), mode) == 0);
    cli::write_file(path, Bytes{2});
    CHECK(mode_of(path) == mode);
  }
  if (geteuid() != 0) return;
  REQUIRE(chown(path.c_str(), kSomebody, kSomebody) == 0);
  cli::write_file(path, Bytes{3});
  CHECK(status_of(path).st_uid == kSomebody);
  CHECK(status_of(path).st_gid == kSomebody);
  CHECK(mode_of(path) == 0755);
}

TEST_CASE("somebody else's file keeps its permissions where its owner cannot be kept", "[cli]") {
  if (geteuid() != 0) return;
  const TemporaryFolder folder;
  REQUIRE(chmod(folder.path().c_str(), 0777) == 0);
  cli::write_file(folder / "a", Bytes{1});
  REQUIRE(chmod((folder / "a").c_str(), 0666) == 0);
  {
    const AsSomebody somebody;
    CHECK(writing(folder / "a", {2}) == "no error");
  }
  CHECK(mode_of(folder / "a") == 0666);
  CHECK(status_of(folder / "a").st_uid == kSomebody);
  CHECK(cli::read_file(folder / "a", "bytes") == Bytes{2});
}

TEST_CASE("a file that may not be written is not replaced", "[cli]") {
  const TemporaryFolder folder;
  REQUIRE(chmod(folder.path().c_str(), 0777) == 0);
  cli::write_file(folder / "a", Bytes{1});
  REQUIRE(chmod((folder / "a").c_str(), 0444) == 0);
  const std::string refused =
      str("InvalidState: train: ", folder / "a",
          " cannot be written (Permission denied), expected a file in a folder where there is "
          "room");
  {
    const AsSomebody somebody;
    CHECK(writing(folder / "a", {2}) == refused);
    CHECK(error_of([&] { cli::check_writable(folder / "a"); }) == refused);
  }
  // A file in a folder where no other file can be made is refused, too.
  REQUIRE(chmod((folder / "a").c_str(), 0666) == 0);
  REQUIRE(chmod(folder.path().c_str(), 0555) == 0);
  {
    const AsSomebody somebody;
    CHECK(writing(folder / "a", {2}) == refused);
  }
  REQUIRE(chmod(folder.path().c_str(), 0755) == 0);
  CHECK(cli::read_file(folder / "a", "bytes") == Bytes{1});
  CHECK(folder.count() == 1);
}

TEST_CASE("a symbolic link stays, and what it leads to is replaced", "[cli]") {
  const TemporaryFolder folder;
  fs::create_directory(folder / "inner");
  cli::write_file(folder / "inner/target", Bytes{1});
  REQUIRE(chmod((folder / "inner/target").c_str(), 0640) == 0);
  fs::create_symlink("inner/target", folder / "relative");
  fs::create_symlink(folder / "relative", folder / "absolute");
  fs::create_symlink("inner/free", folder / "dangling");
  cli::write_file(folder / "absolute", Bytes{2});
  CHECK(cli::read_file(folder / "inner/target", "bytes") == Bytes{2});
  CHECK(mode_of(folder / "inner/target") == 0640);
  cli::write_file(folder / "dangling", Bytes{3});
  CHECK(cli::read_file(folder / "inner/free", "bytes") == Bytes{3});
  for (const char* link : {"relative", "absolute", "dangling"}) {
    CHECK(fs::is_symlink(folder / link));
  }
  CHECK(folder.count() == 4);

  fs::create_symlink("endless", folder / "endless");
  CHECK(writing(folder / "endless").find(" (Too many levels of symbolic links), ") !=
        std::string::npos);
}

TEST_CASE("where the file does not fit, the old one stays and nothing beside it", "[cli]") {
  const TemporaryFolder folder;
  const std::string path = folder / "a";
  cli::write_file(path, Bytes{1});
  struct rlimit usual = {};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &usual) == 0);
  struct rlimit small = usual;
  small.rlim_cur = 4096;
  REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
  const std::string refused = writing(path, Bytes(100'000, 2));
  REQUIRE(setrlimit(RLIMIT_FSIZE, &usual) == 0);
  CHECK(refused == str("InvalidState: train: ", path,
                       " cannot be written (File too large), expected a file in a folder where "
                       "there is room"));
  CHECK(cli::read_file(path, "bytes") == Bytes{1});
  CHECK(folder.count() == 1);
}

}  // namespace lanegrad::test
