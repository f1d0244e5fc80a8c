// What --export and --export-pytorch write.
#include "tests/engine/cli/train_command.h"

namespace lanegrad::test {

TEST_CASE("train exports at its end, and a training that has ended without its data", "[cli]") {
  const DataFolder data;
  const std::string checkpoint = data.path() + "/run.safetensors";
  const std::string net = data.path() + "/net.safetensors";
  const Outcome first =
      run({"--data", data.path(), "--epochs", "1", "--save", checkpoint, "--export", net});
  CHECK(first.code == 0);
  CHECK(lines_of(first.out).back() == "wrote " + net + ", " + data.path() + "/net.py");
  const auto bytes = cli::read_file(net, "a file");

  const std::string again = data.path() + "/again.safetensors";
  const Outcome second =
      run({"--data", "nowhere", "--resume", checkpoint, "--export", again, "--json"});
  CHECK(second.err.empty());
  CHECK(second.out.empty());
  CHECK((cli::read_file(again, "a file") == bytes));
  CHECK(fs::exists(data.path() + "/again.py"));
  CHECK(run({"--resume", checkpoint, "--export", data.path() + "/net.npz"}).code == 0);
  CHECK(fs::exists(data.path() + "/net.npz"));

  const Outcome unknown = run({"--resume", checkpoint, "--export", "net.doc"});
  CHECK(unknown.code == 2);
  CHECK(
      unknown.err.starts_with("train: --export 'net.doc', expected a file that ends with one of "));
  const Outcome same = run({"--resume", checkpoint, "--export", checkpoint});
  CHECK(same.code == 2);
  CHECK(same.err ==
        "train: --export " + checkpoint + ", expected another file than the checkpoint\n");
}

TEST_CASE("train hands a training over where it stands", "[cli]") {
  const DataFolder data;
  const std::string checkpoint = data.path() + "/run.safetensors";
  const std::string folder = data.path() + "/a/b";
  CHECK(run({"--data", data.path(), "--batch", "8", "--losses", "3", "--save", checkpoint}).code ==
        0);
  const Outcome outcome =
      run({"--data", data.path(), "--resume", checkpoint, "--export-pytorch", folder});
  CHECK(outcome.code == 0);
  CHECK(outcome.out.starts_with("wrote " + folder + "/train.py, "));
  CHECK((cli::read_file(folder + "/checkpoint.safetensors", "a file") ==
         cli::read_file(checkpoint, "a file")));
  const auto program = cli::read_file(folder + "/train.py", "a file");
  CHECK(std::string(program.begin(), program.end()).find("DATA = \"" + data.path() + "\"") !=
        std::string::npos);
  const Outcome refused = run({"--resume", checkpoint, "--export-pytorch", checkpoint + "/a"});
  CHECK(refused.code == 2);
  CHECK(refused.err.starts_with("train: the folder " + checkpoint + "/a cannot be made ("));
  // After training, too.
  CHECK(
      run({"--data", data.path(), "--epochs", "1", "--export-pytorch", data.path() + "/c"}).code ==
      0);
  CHECK(fs::exists(data.path() + "/c/data.py"));
}

}  // namespace lanegrad::test
