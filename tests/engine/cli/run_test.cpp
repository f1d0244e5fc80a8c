// What the command prints and answers.
#include "tests/engine/cli/train_command.h"

namespace lanegrad::test {

TEST_CASE("there are as many classes as the training labels say", "[cli]") {
  const DataFolder data;
  CHECK(cli::read_mnist(data.path()).train->classes == 4);
  CHECK(cli::read_mnist(data.path()).test->classes == 4);
  const std::vector<std::uint8_t> pixels(3 * 4, 1);
  data.write("train-images-idx3-ubyte", idx_bytes({3, 2, 2}, pixels));
  data.write("train-labels-idx1-ubyte", idx_bytes({3}, {0, 255, 7}));
  CHECK(cli::read_mnist(data.path()).train->classes == 256);
  CHECK(cli::read_mnist(data.path()).test->classes == 256);
  data.write("train-labels-idx1-ubyte", idx_bytes({3}, {0, 2, 1}));
  const Outcome outcome = run({"--data", data.path()});
  CHECK(outcome.code == 2);
  CHECK(outcome.err.find("image set: test label 3 at position 3, expected 0 to 2") !=
        std::string::npos);
}

TEST_CASE("train prints one JSON object per epoch and learns", "[cli]") {
  const DataFolder data;
  const Outcome outcome = run({"--data", data.path(), "--json", "--epochs", "30", "--batch", "8",
                               "--hidden", "16", "--lr", "0.02"});
  CHECK(outcome.code == 0);
  CHECK(outcome.err.empty());
  const std::vector<std::string> lines = lines_of(outcome.out);
  REQUIRE(lines.size() == 30);
  CHECK(lines[0].starts_with(R"({"epoch":1,"trainLoss":)"));
  CHECK(lines[29].starts_with(R"({"epoch":30,"trainLoss":)"));
  CHECK(lines[29].find(R"("testAccuracy":1,"samplesPerSecond":)") != std::string::npos);
}

TEST_CASE("train prints a line per epoch where nobody watches", "[cli]") {
  const DataFolder data;
  const Outcome outcome = run({"--data", data.path(), "--epochs", "2"});
  CHECK(outcome.code == 0);
  CHECK(outcome.err.empty());
  const std::vector<std::string> lines = lines_of(outcome.out);
  REQUIRE(lines.size() == 12);
  CHECK(lines[0].starts_with("layer "));
  CHECK(lines[7].starts_with("all "));
  CHECK(lines[8] == "needs about 7 MB of memory");
  CHECK(lines[10].starts_with("epoch 2/2: training loss "));
  CHECK(lines[11].starts_with("trained 80 samples: 0.0 GFLOP in "));
}

TEST_CASE("train stops early and brings the best weights back", "[cli]") {
  const DataFolder data;
  // With a rate of 0 no epoch is better than the first one.
  const std::vector<std::string> arguments = {
      "--data", data.path(), "--epochs", "9", "--lr", "0", "--patience", "2", "--validation", "8"};
  const Outcome outcome = run(arguments);
  CHECK(outcome.code == 0);
  const std::vector<std::string> lines = lines_of(outcome.out);
  REQUIRE(lines.size() == 14);
  CHECK(lines[11].starts_with("epoch 3/9: training loss "));
  CHECK(lines[11].find(", validation accuracy ") != std::string::npos);
  CHECK(lines[12].starts_with("weights of epoch 1, with the smallest validation loss: test loss "));
  CHECK(lines[13].starts_with("trained 96 samples: "));
  std::vector<std::string> as_json = arguments;
  as_json.push_back("--json");
  const std::vector<std::string> objects = lines_of(run(as_json).out);
  REQUIRE(objects.size() == 4);
  CHECK(objects[2].find(R"("validationLoss":)") != std::string::npos);
  CHECK(objects[3].starts_with(R"({"bestEpoch":1,"testLoss":)"));
}

TEST_CASE("train runs a net of layers with everything on", "[cli]") {
  const DataFolder data;
  const Outcome outcome = run({"--data",
                               data.path(),
                               "--json",
                               "--net",
                               "conv 4 2x2, relu, dense classes",
                               "--epochs",
                               "40",
                               "--batch",
                               "8",
                               "--lr",
                               "0.02",
                               "--schedule",
                               "one-cycle",
                               "--optimizer",
                               "adamw",
                               "--label-smoothing",
                               "0.1",
                               "--clip-norm",
                               "1",
                               "--averaging",
                               "0.9",
                               "--normalize",
                               "--shift",
                               "0.1",
                               "--validation",
                               "8"});
  CHECK(outcome.err.empty());
  CHECK(outcome.code == 0);
  const std::vector<std::string> lines = lines_of(outcome.out);
  REQUIRE(lines.size() == 40);
  CHECK(lines[39].find(R"("testAccuracy":1,)") != std::string::npos);
}

TEST_CASE("train draws its bar on the terminal only", "[cli]") {
  const DataFolder data;
  const Outcome outcome = run({"--data", data.path(), "--epochs", "1", "--batch", "8"}, true);
  CHECK(outcome.code == 0);
  CHECK(outcome.err.find("epoch 1/1 [") != std::string::npos);
  CHECK(outcome.err.ends_with("\r\x1b[K"));
  CHECK(lines_of(outcome.out).back().starts_with("trained 40 samples: "));
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_CASE("train says where there is not enough memory", "[cli]") {
  const DataFolder data;
  const std::string large = data.path() + "/large";
  cli::write_file(large, {});
  fs::resize_file(large, std::uintmax_t{3} << 30);
  ChildProcess training([&] {
    struct rlimit limit = {};
    getrlimit(RLIMIT_AS, &limit);
    limit.rlim_cur = rlim_t{1} << 30;
    setrlimit(RLIMIT_AS, &limit);
    const Outcome outcome = run({"--data", data.path(), "--resume", large});
    return outcome.err == "train: there is not enough memory for this\n" ? outcome.code : 98;
  });
  CHECK(training.wait() == 1);
}
#endif

TEST_CASE("train repeats with its seed", "[cli]") {
  const DataFolder data;
  const auto losses = [&](const char* seed) {
    return run({"--data", data.path(), "--losses", "5", "--batch", "8", "--seed", seed}).out;
  };
  const std::string first = losses("1");
  CHECK(first.starts_with("["));
  CHECK(first.ends_with("]\n"));
  CHECK(std::count(first.begin(), first.end(), ',') == 4);
  CHECK(first == losses("1"));
  CHECK(first != losses("2"));
}

TEST_CASE("train says in one sentence what is wrong", "[cli]") {
  const DataFolder data;
  const auto with = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--data", data.path()});
    return run(arguments);
  };
  const auto refused = [&](const std::vector<std::string>& arguments, const std::string& message) {
    const Outcome outcome = with(arguments);
    CHECK(outcome.code == 2);
    CHECK(outcome.out.empty());
    CHECK(outcome.err == message + "\n");
  };
  refused({"--batch", "x"}, "recipe: batch-size 'x', expected a whole number of at least 1");
  CHECK(with({"--net", "mpl"}).err.starts_with("net: "));
  CHECK(with({"--net", "mpl"}).code == 2);
  refused({"--optimizer", "rms"},
          "optimizer: no optimizer is called 'rms', known are adam, adamw, sgd");
  refused({"--lr", "-1"}, "recipe: learning-rate '-1', expected a finite number of at least 0");
  refused({"--lr", "nan"}, "recipe: learning-rate 'nan', expected a finite number of at least 0");
  refused({"--optimizer", "sgd", "--momentum", "1"},
          "recipe: momentum '1', expected at least 0 and below 1");
  refused({"--patience", "1"}, "training: patience 1, expected none without validation data");
  refused({"--momentum", "0.9"}, "adam: momentum 0.9, expected none for this optimizer");

  data.write("t10k-labels-idx1-ubyte", {0, 0, 8});
  refused({}, "idx: test labels: 3 bytes, expected a header of at least 8");
  fs::remove(fs::path(data.path()) / "train-labels-idx1-ubyte");
  refused({},
          "train: " + data.path() +
              "/train-labels-idx1-ubyte cannot be read (No such file or directory), expected the "
              "four MNIST files in the folder of --data, or in node_modules after npm ci");
}

TEST_CASE("a run that diverges fails with code 1", "[cli]") {
  const DataFolder data;
  const Outcome outcome =
      run({"--data", data.path(), "--json", "--batch", "8", "--lr", "1e30"}, true);
  CHECK(outcome.code == 1);
  CHECK(outcome.out.empty());
  CHECK(lines_of(outcome.err).size() == 1);
  CHECK(outcome.err.find("training: the loss is ") != std::string::npos);
  CHECK(outcome.err.ends_with(", a smaller learning rate may help\n"));
}

TEST_CASE("train explains itself", "[cli]") {
  const Outcome outcome = run({"--help"});
  CHECK(outcome.code == 0);
  CHECK(outcome.err.empty());
  CHECK(outcome.out.starts_with("Trains a net on MNIST: npm run train -- [options]\n"));
}

}  // namespace lanegrad::test
