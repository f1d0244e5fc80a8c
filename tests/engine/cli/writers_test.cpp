// Writers of one file at the same time, and writers that are ended while they write.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "engine/cli/files.h"
#include "tests/engine/catch.h"
#include "tests/engine/cli/child_process.h"
#include "tests/engine/cli/temporary_folder.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

// The bytes that the writers write: their own value again and again, and no other one.
bool is_whole(const Bytes& bytes) {
  return !bytes.empty() && bytes.size() == 100'000u * bytes[0] &&
         std::all_of(bytes.begin(), bytes.end(), [&](auto byte) { return byte == bytes[0]; });
}

int write_often(const std::string& path, std::uint8_t value, int times) {
  const Bytes bytes(100'000u * value, value);
  for (int i = 0; i < times; ++i) cli::write_file(path, bytes);
  return 0;
}

}  // namespace

TEST_CASE("two writers of one file leave one whole file", "[cli]") {
  const TemporaryFolder folder;
  const std::string path = folder / "a";
  write_often(path, 1, 1);
  ChildProcess first([&] { return write_often(path, 2, 150); });
  ChildProcess second([&] { return write_often(path, 3, 150); });
  int looks = 0;
  int broken = 0;
  while (first.runs() | second.runs()) {
    ++looks;
    if (!is_whole(cli::read_file(path, "bytes"))) ++broken;
  }
  CHECK(first.wait() == 0);
  CHECK(second.wait() == 0);
  CHECK(looks > 0);
  CHECK(broken == 0);
  CHECK(folder.count() == 1);
}

TEST_CASE("a writer that is killed leaves the old file or the new one", "[cli]") {
  const TemporaryFolder folder;
  const std::string path = folder / "a";
  write_often(path, 1, 1);
  std::minstd_rand random(1);
  for (int round = 0; round < 12; ++round) {
    const auto value = static_cast<std::uint8_t>(2 + round);
    ChildProcess writer([&] { return write_often(path, value, 1'000'000); });
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 40));
    writer.kill(SIGKILL);
    CHECK(writer.wait() == 128 + SIGKILL);
    CHECK(is_whole(cli::read_file(path, "bytes")));
  }
  // The files that they left are never in the way, not even of a process with the same number.
  for (const fs::directory_entry& entry : fs::directory_iterator(folder.path())) {
    const std::string name = entry.path().filename().string();
    CHECK((name == "a" || (name.starts_with("lanegrad-") && name.ends_with(".tmp"))));
  }
}

TEST_CASE("a signal that ends a writer leaves nothing beside the file", "[cli]") {
  const TemporaryFolder folder;
  const std::string path = folder / "a";
  write_often(path, 1, 1);
  std::minstd_rand random(2);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGTERM, SIGHUP, SIGTERM}) {
    ChildProcess writer([&] { return write_often(path, 20, 1'000'000); });
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 40));
    writer.kill(signal);
    CHECK(writer.wait() == 128 + signal);
    CHECK(is_whole(cli::read_file(path, "bytes")));
    CHECK(folder.count() == 1);
  }
}

TEST_CASE("a name that a killed process left is passed over", "[cli]") {
  const TemporaryFolder folder;
  const std::string left = folder / str("lanegrad-", getpid(), "-0.tmp");
  std::ofstream(left) << "half a file";
  cli::write_file(folder / "a", Bytes{1});
  CHECK(folder.count() == 2);
  CHECK(cli::read_file(left, "bytes").size() == 11);
}

}  // namespace lanegrad::test
