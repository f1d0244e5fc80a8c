#include "engine/cli/files.h"

#include <unistd.h>

#include <filesystem>

#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

TEST_CASE("files come back as they were written, and nothing stays beside them", "[cli]") {
  namespace fs = std::filesystem;
  const fs::path folder =
      fs::temp_directory_path() / ("lanegrad-files-test-" + std::to_string(getpid()));
  fs::create_directories(folder);
  const auto files = [&] { return std::distance(fs::directory_iterator(folder), {}); };
  const std::string path = (folder / "a").string();
  for (const std::size_t size : {std::size_t{3}, std::size_t{100'000}, std::size_t{0}}) {
    const std::vector<std::uint8_t> bytes(size, 7);
    cli::write_file(path, bytes);
    CHECK(cli::read_file(path, "bytes") == bytes);
    CHECK(files() == 1);
  }
  CHECK(error_of([&] { cli::read_file((folder / "b").string(), "bytes"); }) ==
        str("NotFound: train: ", (folder / "b").string(), " cannot be read, expected bytes"));

  // A folder stands where the file should go.
  fs::create_directories(folder / "c" / "d");
  CHECK(error_of([&] { cli::write_file((folder / "c").string(), {}); })
            .starts_with(
                str("InvalidState: train: ", (folder / "c").string(), " cannot be written (")));
  CHECK(files() == 2);
  CHECK(error_of([&] { cli::write_file((folder / "e" / "f").string(), {}); }) ==
        str("InvalidState: train: ", (folder / "e" / "f").string(),
            " cannot be written (No such file or directory), expected a file in a folder where "
            "there is room"));
  fs::remove_all(folder);
}

}  // namespace lanegrad::test
