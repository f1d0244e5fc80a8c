// The whole command on four small files in the format of MNIST.
#include "engine/cli/run.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <sstream>
#include <thread>
#include <vector>

#include "engine/cli/files.h"
#include "engine/cli/mnist_files.h"
#include "engine/core/error.h"
#include "engine/training/checkpoint.h"
#include "tests/engine/catch.h"
#include "tests/engine/cli/child_process.h"
#include "tests/engine/cli/temporary_folder.h"
#include "tests/engine/dataloaders/idx_bytes.h"

namespace lanegrad::test {

namespace {

namespace fs = std::filesystem;

// A folder with 40 training and 10 test images of 2 x 2 pixels; the brightest pixel is the label.
class DataFolder {
 public:
  DataFolder() {
    write("train", 40);
    write("t10k", 10);
  }

  std::string path() const { return folder_.path().string(); }

  void write(const std::string& name, const std::vector<std::uint8_t>& bytes) const {
    cli::write_file(folder_ / name, bytes);
  }

 private:
  void write(const std::string& set, Index count) const {
    std::vector<std::uint8_t> pixels;
    std::vector<std::uint8_t> labels;
    for (Index i = 0; i < count; ++i) {
      for (Index pixel = 0; pixel < 4; ++pixel) pixels.push_back(pixel == i % 4 ? 255 : 10);
      labels.push_back(static_cast<std::uint8_t>(i % 4));
    }
    write(set + "-images-idx3-ubyte", idx_bytes({count, 2, 2}, pixels));
    write(set + "-labels-idx1-ubyte", idx_bytes({count}, labels));
  }

  TemporaryFolder folder_;
};

struct Outcome {
  int code = 0;
  std::string out;
  std::string err;
};

Outcome run(std::vector<std::string> arguments, bool terminal = false) {
  std::ostringstream out;
  std::ostringstream err;
  const int code = cli::run(arguments, {out, err, terminal});
  return {code, out.str(), err.str()};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace

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
  REQUIRE(lines.size() == 11);
  CHECK(lines[0].starts_with("layer "));
  CHECK(lines[7].starts_with("all "));
  CHECK(lines[9].starts_with("epoch 2/2: training loss "));
  CHECK(lines[10].starts_with("trained 80 samples: 0.0 GFLOP in "));
}

TEST_CASE("train stops early and brings the best weights back", "[cli]") {
  const DataFolder data;
  // With a rate of 0 no epoch is better than the first one.
  const std::vector<std::string> arguments = {
      "--data", data.path(), "--epochs", "9", "--lr", "0", "--patience", "2", "--validation", "8"};
  const Outcome outcome = run(arguments);
  CHECK(outcome.code == 0);
  const std::vector<std::string> lines = lines_of(outcome.out);
  REQUIRE(lines.size() == 13);
  CHECK(lines[10].starts_with("epoch 3/9: training loss "));
  CHECK(lines[10].find(", validation accuracy ") != std::string::npos);
  CHECK(lines[11].starts_with("weights of epoch 1, with the smallest validation loss: test loss "));
  CHECK(lines[12].starts_with("trained 96 samples: "));
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

TEST_CASE("train goes on from its checkpoints as if it had never stopped", "[cli]") {
  const DataFolder data;
  const std::string whole = data.path() + "/whole.safetensors";
  const std::string half = data.path() + "/half.safetensors";
  const std::vector<std::string> usual = {"--data", data.path(), "--json"};
  const auto with = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), usual.begin(), usual.end());
    return run(arguments);
  };
  const Outcome first = with({"--epochs", "4", "--batch", "8", "--net",
                              "dropout 0.1, dense 5, relu, dense classes", "--save", whole});
  CHECK(first.code == 0);
  CHECK(first.err.empty());
  CHECK(lines_of(first.out).size() == 4);

  // This training is stopped in its third epoch.
  const cli::MnistFiles files = cli::read_mnist(data.path());
  const auto whole_bytes = cli::read_file(whole, "a checkpoint");
  const Training training = make_training(checkpoint_recipe(whole_bytes), files.train, files.test);
  for (int epoch = 0; epoch < 2; ++epoch) {
    training.trainer->epoch();
    training.trainer->end_epoch();
  }
  training.trainer->step();
  cli::write_file(half, save_checkpoint(training));
  const Outcome rest = with({"--resume", half, "--save", half});
  CHECK(rest.code == 0);
  const std::vector<std::string> lines = lines_of(rest.out);
  REQUIRE(lines.size() == 2);
  const auto up_to_speed = [](const std::string& line) {
    return line.substr(0, line.find(",\"samplesPerSecond"));
  };
  CHECK(up_to_speed(lines[0]) == up_to_speed(lines_of(first.out)[2]));
  CHECK(up_to_speed(lines[1]) == up_to_speed(lines_of(first.out)[3]));
  CHECK((cli::read_file(half, "a checkpoint") == whole_bytes));

  const std::string other = data.path() + "/other.safetensors";
  CHECK(with({"--epochs", "4", "--batch", "8", "--net", "dropout 0.1, dense 5, relu, dense classes",
              "--losses", "7", "--save", other})
            .code == 0);
  CHECK(with({"--resume", other, "--save", other}).code == 0);
  CHECK((cli::read_file(other, "a checkpoint") == whole_bytes));

  const Outcome more = with({"--resume", half});
  CHECK(more.code == 2);
  CHECK(more.err == "train: the training in " + half +
                        " has ended with epoch 4, expected one with epochs left\n");
  CHECK(with({"--resume", half, "--lr", "1"}).err ==
        "train: --resume with --learning-rate, expected the settings of the checkpoint alone\n");
  CHECK(with({"--resume", half, "--hidden", "1"}).err ==
        "train: --resume with --hidden, expected the settings of the checkpoint alone\n");
  CHECK(
      with({"--resume", data.path() + "/t10k-labels-idx1-ubyte"}).err.starts_with("safetensors: "));
  CHECK(with({"--resume", "nothing"}).err ==
        "train: nothing cannot be read (No such file or directory), expected a checkpoint\n");
  const Outcome unwritable = with({"--save", data.path() + "/none/x"});
  CHECK(unwritable.code == 2);
  CHECK(unwritable.err.starts_with("train: " + data.path() + "/none/x cannot be written ("));
}

TEST_CASE("train saves the best weights when it stops early", "[cli]") {
  const DataFolder data;
  const std::string file = data.path() + "/best.safetensors";
  const std::vector<std::string> arguments = {
      "--data", data.path(),    "--epochs", "9",      "--lr", "0.5",   "--patience",
      "1",      "--validation", "8",        "--save", file,   "--json"};
  const Outcome outcome = run(arguments);
  CHECK(outcome.code == 0);
  const cli::MnistFiles files = cli::read_mnist(data.path());
  const Training training =
      load_checkpoint(cli::read_file(file, "a checkpoint"), files.train, files.test);
  CHECK(training.trainer->evaluate(EvaluationSet::Validation).loss() ==
        training.trainer->state().best_loss);
  CHECK(run({"--data", data.path(), "--resume", file}).err.find(" has ended with epoch ") !=
        std::string::npos);
}

TEST_CASE("train saves when a signal asks it to end", "[cli]") {
  const DataFolder data;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const std::string file = str(data.path(), "/", signal, ".safetensors");
    std::thread impatient([&] {
      while (!fs::exists(file)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      kill(getpid(), signal);
    });
    const Outcome outcome = run({"--data", data.path(), "--epochs", "1000000", "--save", file});
    impatient.join();
    CHECK(outcome.code == 128 + signal);
    CHECK(outcome.err == "interrupted, go on with --resume " + file + "\n");
    CHECK(run({"--data", data.path(), "--resume", file, "--losses", "1"}).code == 0);
  }
}

TEST_CASE("a second signal ends train at once, but never within a write", "[cli]") {
  const DataFolder data;
  const std::string file = data.path() + "/net.safetensors";
  const auto entries = [&] { return std::distance(fs::directory_iterator(data.path()), {}); };
  const auto before = entries();
  for (int round = 0; round < 6; ++round) {
    fs::remove(file);
    ChildProcess training([&] {
      return run({"--data", data.path(), "--epochs", "1000000", "--save", file}).code;
    });
    while (!fs::exists(file)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    training.kill(SIGTERM);
    std::this_thread::sleep_for(std::chrono::microseconds(200 * round));
    training.kill(SIGTERM);
    CHECK(training.wait() == 128 + SIGTERM);
    CHECK(run({"--data", data.path(), "--resume", file, "--losses", "1"}).code == 0);
    CHECK(entries() == before + 1);
  }
}

TEST_CASE("signals that are ignored, as by nohup, stay ignored", "[cli]") {
  const DataFolder data;
  const std::string file = data.path() + "/net.safetensors";
  ChildProcess training([&] {
    signal(SIGHUP, SIG_IGN);
    return run({"--data", data.path(), "--epochs", "1000000", "--save", file}).code;
  });
  while (!fs::exists(file)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  training.kill(SIGHUP);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  CHECK(training.runs());
  training.kill(SIGTERM);
  CHECK(training.wait() == 128 + SIGTERM);
}

TEST_CASE("train saves and ends when nobody reads what it prints", "[cli]") {
  const DataFolder data;
  const std::string file = data.path() + "/net.safetensors";
  int pipe_ends[2];
  REQUIRE(pipe(pipe_ends) == 0);
  ChildProcess training([&] {
    close(pipe_ends[0]);
    dup2(pipe_ends[1], STDOUT_FILENO);
    std::ostringstream err;
    const std::vector<std::string> arguments = {"--data",  data.path(), "--epochs",
                                                "1000000", "--save",    file};
    return cli::run(arguments, {std::cout, err, false});
  });
  close(pipe_ends[1]);
  char first = 0;
  REQUIRE(read(pipe_ends[0], &first, 1) == 1);
  close(pipe_ends[0]);
  CHECK(training.wait() == 128 + SIGPIPE);
  CHECK(run({"--data", data.path(), "--resume", file, "--losses", "1"}).code == 0);
}

TEST_CASE("train fails where what it prints is lost", "[cli]") {
  const DataFolder data;
  std::ostringstream out;
  out.setstate(std::ios::badbit);
  for (std::vector<std::string> arguments :
       {std::vector<std::string>{"--epochs", "3"}, {"--losses", "1"}}) {
    arguments.insert(arguments.end(), {"--data", data.path()});
    std::ostringstream err;
    CHECK(cli::run(arguments, {out, err, false}) == 1);
    CHECK(err.str() ==
          "train: the results cannot be printed, expected an output that takes them\n");
  }
}

TEST_CASE("what --save cannot write is refused before anything is read", "[cli]") {
  const DataFolder data;
  const std::string pipe = data.path() + "/pipe";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  for (const auto& [path, kind] : {std::pair{data.path(), "folder"}, std::pair{pipe, "pipe"}}) {
    const Outcome outcome = run({"--data", "nowhere", "--save", path});
    CHECK(outcome.code == 2);
    CHECK(outcome.err ==
          str("train: ", path, " is a ", kind, ", expected a plain file or a name that is free\n"));
  }
  const Outcome resumed = run({"--data", data.path(), "--resume", data.path()});
  CHECK(resumed.code == 2);
  CHECK(resumed.err == "train: " + data.path() + " is a folder, expected a checkpoint\n");
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
