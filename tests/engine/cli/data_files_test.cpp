// What --data takes beside a folder of MNIST's four files.
#include "engine/cli/data_files.h"

#include <list>
#include <string>

#include "tests/engine/cli/train_command.h"
#include "tests/engine/io/picture_files.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

// A folder with 20 pictures of two classes, whose first pixel is the class.
class PictureFolder {
 public:
  PictureFolder() {
    Bytes pixels = some_pixels(20 * kArea);
    const Bytes labels = some_labels(20);
    for (std::size_t i = 0; i < labels.size(); ++i) pixels[i * 16] = labels[i] == 1 ? 255 : 0;
    write("some-images", idx_of({20, 4, 4}, pixels));
    write("some-labels", idx_of({20}, labels));
    const ZipEntry arrays[] = {{"x_train.npy", write("x.npy", npy_of("|u1", "(20, 4, 4)", pixels))},
                               {"y_train.npy", write("y.npy", npy_of("|u1", "(20,)", labels))}};
    write("set.npz", write_zip(arrays));
    std::string text;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      text += labels[i] == 1 ? "yes" : "no";
      for (std::size_t p = 0; p < 16; ++p) text += "," + std::to_string(pixels[i * 16 + p]);
      text += "\n";
    }
    write("set.csv", bytes_of(text));
    for (const char* name : {"data_batch_1.bin", "test_batch.bin"}) write(name, cifar_of(10));
    write("net.h5", bytes_of("\x89HDF\r\n\x1a\n"));
  }

  std::string operator/(const std::string& name) const { return folder_ / name; }

 private:
  const Bytes& write(const std::string& name, Bytes bytes) {
    cli::write_file(folder_ / name, bytes);
    return kept_.emplace_back(std::move(bytes));
  }

  TemporaryFolder folder_;
  std::list<Bytes> kept_;
};

}  // namespace

TEST_CASE("files of pictures are data for a training, in every format the same", "[cli]") {
  const PictureFolder folder;
  const std::vector<std::string> options{"--losses", "6", "--batch", "4", "--hidden", "8"};
  const auto losses_of = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), options.begin(), options.end());
    const Outcome outcome = run(arguments);
    CAPTURE(outcome.err);
    CHECK(outcome.code == 0);
    return outcome.out;
  };
  const std::string losses = losses_of({"--data", folder / "set.npz"});
  CHECK(losses.starts_with("["));
  CHECK(losses_of({"--data", folder / "set.csv"}) == losses);
  CHECK(losses_of({"--data", (folder / "some-images") + "," + (folder / "some-labels")}) == losses);
  CHECK(losses_of({"--data", folder / "y.npy", "--data", folder / "x.npy"}) == losses);
}

TEST_CASE("what was done to the pictures is said, and a fifth is held back", "[cli]") {
  const PictureFolder folder;
  const Outcome outcome = run({"--data", folder / "set.csv", "--epochs", "1", "--batch", "4",
                               "--save", folder / "net.safetensors"});
  CHECK(outcome.code == 0);
  CHECK(lines_of(outcome.out).at(0) ==
        "4 of 20 pictures, a fifth of each class, are held back for the test.");
  const std::vector<std::uint8_t> saved = cli::read_file(folder / "net.safetensors", "");
  CHECK(std::string(saved.begin(), saved.end()).find(R"("class-names":"no\u000ayes")") !=
        std::string::npos);
  const Outcome answered =
      run({"--data", folder / "set.csv", "--answer", folder / "net.safetensors", "--json"});
  CHECK(answered.out.starts_with(R"({"samples":4,)"));
}

TEST_CASE("pictures in colour are trained in the terminal", "[cli]") {
  const PictureFolder folder;
  const cli::DataFiles data =
      cli::read_data((folder / "data_batch_1.bin") + "," + (folder / "test_batch.bin"));
  CHECK(data.pictures.train->sample_shape() == Shape{3, 32, 32});
  CHECK(data.class_names.at(0) == "airplane");
}

TEST_CASE("files that are no pictures are refused in one sentence", "[cli]") {
  const PictureFolder folder;
  const auto error = [&](const std::string& data) {
    const Outcome outcome = run({"--data", data});
    CHECK(outcome.code == 2);
    CHECK(outcome.out.empty());
    return outcome.err;
  };
  CHECK(error(folder / "net.h5").find(" is an HDF5 file, expected ") != std::string::npos);
  CHECK(error(folder / "none.npz").find("none.npz cannot be read (No such file or directory)") !=
        std::string::npos);
  CHECK(error(folder / "some-images").find("has pictures without labels") != std::string::npos);
}

}  // namespace lanegrad::test
