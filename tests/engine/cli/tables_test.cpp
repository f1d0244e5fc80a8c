// `train` on a table.
#include "tests/engine/cli/train_command.h"

namespace lanegrad::test {

namespace {

// A folder with a table of 200 rows, whose class and number follow from two of its columns.
class TableFolder {
 public:
  TableFolder() {
    std::string text = "id;x;colour;class;amount\n";
    Random random(3);
    for (int i = 0; i < 200; ++i) {
      const double x = random.uniform(-1, 1);
      const bool red = random.below(2) == 1;
      text += str(i, ";", x, ";", red ? "red" : "blue", ";", (x > 0) == red ? "yes" : "no", ";",
                  100 + 10 * x * x + (red ? 5 : 0), "\n");
    }
    cli::write_file(path(), std::vector<std::uint8_t>(text.begin(), text.end()));
  }
  std::string path() const { return folder_ / "a.csv"; }
  std::string file(const std::string& name) const { return folder_ / name; }

 private:
  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("train learns classes of a table", "[cli]") {
  const TableFolder data;
  const Outcome outcome = run({"--data", data.path(), "--target", "class", "--epochs", "30"});
  CHECK(outcome.code == 0);
  CHECK(outcome.err.empty());
  const std::vector<std::string> lines = lines_of(outcome.out);
  REQUIRE(lines.size() > 10);
  CHECK(lines[0] == "a.csv: 200 rows, 5 columns, 4 inputs");
  CHECK(lines[1] == "'id': row numbers");
  CHECK(lines[2] == "target 'class': 2 classes; 160 rows to learn from, 40 held back");
  const std::string ends = outcome.out.substr(outcome.out.find("40 held rows: "));
  CHECK(ends.starts_with("40 held rows: accuracy 9"));
  CHECK(ends.find("\na linear model: accuracy ") != std::string::npos);
  CHECK(ends.find("\nalways the commonest class: accuracy ") != std::string::npos);
}

TEST_CASE("train learns numbers of a table, says how far off they are, and goes on", "[cli]") {
  const TableFolder data;
  const std::vector<std::string> arguments = {"--data", data.path(), "--target",
                                              "amount", "--epochs",  "40",
                                              "--json", "--save",    data.file("a.safetensors")};
  const Outcome outcome = run(arguments);
  CHECK(outcome.err.empty());
  const std::vector<std::string> lines = lines_of(outcome.out);
  REQUIRE(lines.size() == 41);
  CHECK(lines[39].find(R"("testAccuracy":null)") != std::string::npos);
  CHECK(lines[40].starts_with(R"({"heldRows":40,"net":{"r2":0.9)"));
  CHECK(lines[40].find(R"(,"linear":{"r2":)") != std::string::npos);
  const Outcome text = run({"--data", data.path(), "--target", "amount", "--epochs", "2"});
  CHECK(text.out.find("accuracy") == std::string::npos);
  CHECK(text.out.find("\nalways the mean: R² ") != std::string::npos);
  const Outcome ended = run({"--data", data.path(), "--target", "amount", "--resume",
                             data.file("a.safetensors"), "--json"});
  CHECK(ended.code == 2);
  CHECK(ended.err.find("has ended with epoch 40") != std::string::npos);
}

TEST_CASE("a training on a table goes on with the rows of its seed", "[cli]") {
  const TableFolder data;
  const std::string half = data.file("half.safetensors");
  const std::vector<std::string> arguments = {"--data", data.path(), "--target", "class", "--seed",
                                              "5",      "--json",    "--epochs", "4"};
  const std::vector<std::string> whole = lines_of(run(arguments).out);
  std::vector<std::string> begun = arguments;
  for (const char* more : {"--losses", "7", "--save"}) begun.emplace_back(more);
  begun.push_back(half);
  CHECK(run(begun).code == 0);
  const Outcome outcome =
      run({"--data", data.path(), "--target", "class", "--resume", half, "--json"});
  CHECK(outcome.err.empty());
  REQUIRE(!whole.empty());
  CHECK(lines_of(outcome.out).back() == whole.back());
}

TEST_CASE("train refuses what does not fit a table", "[cli]") {
  const TableFolder data;
  const auto refusal = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--data", data.path()});
    const Outcome outcome = run(arguments);
    CHECK(outcome.code == 2);
    return outcome.err;
  };
  CHECK(refusal({"--target", "klass"}) ==
        "table: no column of a.csv is called 'klass', there are id, x, colour, class, amount\n");
  CHECK(refusal({"--target", "class", "--task", "number"}) ==
        "table: target 'class' as a number: it has texts, expected numbers\n");
  CHECK(refusal({"--target", "class", "--task", "regression"}) ==
        "train: --task 'regression', expected classes or number\n");
  CHECK(refusal({"--split", "order"}) ==
        "train: --split without --target, expected the column to predict\n");
  CHECK(refusal({"--header", "no"}) ==
        "train: --header without --target, expected the column to predict\n");
  CHECK(refusal({"--target", "class", "--header", "maybe"}) ==
        "train: --header 'maybe', expected yes or no\n");
  // What would be the names is a row then.
  CHECK(refusal({"--target", "class", "--header", "no"}) ==
        "table: no column of a.csv is called 'class', there are column 1, column 2, column 3, "
        "column 4, column 5\n");
  CHECK(refusal({"--target", "class", "--weights", "a.npz"}) ==
        "train: --target with --weights, expected one of them\n");
  CHECK(refusal({"--target", "class", "--shift", "1"}) ==
        "recipe: augmentation of data that are no images, expected none\n");
}

}  // namespace lanegrad::test
