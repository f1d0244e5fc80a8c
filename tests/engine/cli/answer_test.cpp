// A net answers from its file alone.
#include "tests/engine/cli/train_command.h"

namespace lanegrad::test {

TEST_CASE("a file answers the test images as its training did at the end", "[cli]") {
  const DataFolder data;
  const TemporaryFolder folder;
  const std::string file = folder / "net.safetensors";
  const Outcome trained =
      run({"--data", data.path(), "--json", "--epochs", "3", "--normalize", "--save", file});
  REQUIRE(trained.code == 0);
  // Nothing of the training images is needed.
  fs::remove(fs::path(data.path()) / "train-images-idx3-ubyte");
  fs::remove(fs::path(data.path()) / "train-labels-idx1-ubyte");
  const Outcome answered = run({"--answer", file, "--data", data.path(), "--json"});
  CHECK(answered.err == "");
  REQUIRE(answered.code == 0);
  const std::string last = lines_of(trained.out).back();
  const auto part = [](const std::string& line) {
    const std::size_t begin = line.find("\"testLoss\"");
    return line.substr(begin, line.find(",\"samplesPerSecond\"") - begin);
  };
  CHECK(part(answered.out) == part(last));
  CHECK(answered.out.starts_with(R"({"samples":10,"testLoss":)"));
  const Outcome text = run({"--answer", file, "--data", data.path()});
  CHECK(text.out.starts_with("10 test images: loss "));
}

TEST_CASE("what cannot answer is refused in one sentence", "[cli]") {
  const DataFolder data;
  const TemporaryFolder folder;
  const std::string file = folder / "net.safetensors";
  const auto refusal = [&](std::vector<std::string> arguments) {
    const Outcome outcome = run(std::move(arguments));
    CHECK(outcome.code == 2);
    CHECK(outcome.out == "");
    return outcome.err;
  };
  CHECK(refusal({"--answer", file, "--data", data.path()})
            .starts_with("train: " + file + " cannot be read"));
  data.write("net", {1, 2, 3});
  CHECK(refusal({"--answer", data.path() + "/net", "--data", data.path()}) ==
        "safetensors: 3 bytes, expected at least 8\n");
  CHECK(refusal({"--answer", file, "--epochs", "2"}) ==
        "train: --answer with --epochs, expected the settings of the checkpoint alone\n");
  CHECK(run({"--data", data.path(), "--epochs", "1", "--save", file}).code == 0);
  data.write("t10k-images-idx3-ubyte", idx_bytes({10, 1, 2}, std::vector<std::uint8_t>(20, 1)));
  CHECK(refusal({"--answer", file, "--data", data.path()}) ==
        "train: --answer with a net for [1, 2, 2], expected one for the test images, which are "
        "[1, 1, 2]\n");
}

}  // namespace lanegrad::test
