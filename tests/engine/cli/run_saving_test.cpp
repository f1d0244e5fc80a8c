// What the command saves, also when it is interrupted.
#include <random>

#include "tests/engine/cli/train_command.h"

namespace lanegrad::test {

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

TEST_CASE("a training that is killed thirty times ends with the bits of one that was not",
          "[cli]") {
  const DataFolder data;
  const std::string whole = data.path() + "/whole.safetensors";
  const std::string file = data.path() + "/net.safetensors";
  const std::vector<std::string> usual = {"--data", data.path(), "--json", "--save"};
  const auto with = [&](const std::string& saved, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), usual.begin(), usual.end());
    arguments.insert(arguments.begin() + static_cast<std::ptrdiff_t>(usual.size()), saved);
    return run(arguments);
  };
  const std::vector<std::string> begin = {
      "--epochs", "250", "--batch", "8", "--net", "dropout 0.1, dense 5, relu, dense classes"};
  REQUIRE(with(whole, begin).code == 0);

  std::minstd_rand random(3);
  int kills = 0;
  for (int round = 0; round < 30; ++round) {
    const bool resumes = fs::exists(file);
    const auto saved = [&] {
      return fs::exists(file) ? fs::last_write_time(file) : fs::file_time_type();
    };
    auto last = saved();
    ChildProcess training([&] {
      return with(file, resumes ? std::vector<std::string>{"--resume", file} : begin).code;
    });
    // It is killed at some moment after some of its epochs, so that it gets on, and never at their
    // end.
    for (int epochs = static_cast<int>(random() % 4); epochs > 0 && training.runs();) {
      if (saved() == last) continue;
      last = saved();
      --epochs;
    }
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 1000));
    training.kill(SIGKILL);
    if (training.wait() == 128 + SIGKILL) ++kills;
    if (fs::exists(file)) {
      CHECK_NOTHROW(checkpoint_recipe(cli::read_file(file, "a checkpoint")));
    }
  }
  CHECK(kills == 30);
  REQUIRE(with(file, {"--resume", file}).code == 0);
  CHECK((cli::read_file(file, "a checkpoint") == cli::read_file(whole, "a checkpoint")));
}

TEST_CASE("two trainings that save into one file leave one whole checkpoint", "[cli]") {
  const DataFolder data;
  const std::string file = data.path() + "/net.safetensors";
  const auto train = [&](const std::string& seed) {
    return run({"--data", data.path(), "--epochs", "60", "--seed", seed, "--save", file}).code;
  };
  ChildProcess first([&] { return train("1"); });
  ChildProcess second([&] { return train("2"); });
  int looks = 0;
  while (first.runs() | second.runs()) {
    if (!fs::exists(file)) continue;
    ++looks;
    REQUIRE_NOTHROW(checkpoint_recipe(cli::read_file(file, "a checkpoint")));
  }
  CHECK(first.wait() == 0);
  CHECK(second.wait() == 0);
  CHECK(looks > 0);
  const Outcome more = run({"--data", data.path(), "--resume", file});
  CHECK(more.err.find(" has ended with epoch 60") != std::string::npos);
}

TEST_CASE("where a checkpoint does not fit any more, train says so and the last one stays",
          "[cli]") {
  const DataFolder data;
  const std::string file = data.path() + "/net.safetensors";
  REQUIRE(run({"--data", data.path(), "--epochs", "1", "--save", file}).code == 0);
  const auto before = cli::read_file(file, "a checkpoint");
  struct rlimit usual = {};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &usual) == 0);
  struct rlimit small = usual;
  small.rlim_cur = 2048;
  REQUIRE(before.size() > small.rlim_cur);
  REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
  const Outcome outcome = run({"--data", data.path(), "--epochs", "3", "--save", file});
  REQUIRE(setrlimit(RLIMIT_FSIZE, &usual) == 0);
  CHECK(outcome.code == 2);
  CHECK(outcome.err.find(str(file,
                             " cannot be written (File too large), expected a file in a folder "
                             "where there is room")) != std::string::npos);
  CHECK((cli::read_file(file, "a checkpoint") == before));
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

}  // namespace lanegrad::test
