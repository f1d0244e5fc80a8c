// Trainings that begin with the weights of a file.
#include "engine/io/formats.h"
#include "engine/nets/import_model.h"
#include "engine/nets/model_file.h"
#include "tests/engine/cli/train_command.h"

namespace lanegrad::test {

namespace {

// A checkpoint of a short training, and its weights as other programs have them.
class WeightsFolder : public DataFolder {
 public:
  WeightsFolder() {
    const Outcome outcome = run({"--data", path(), "--save", checkpoint(), "--net", kNet,
                                 "--normalize", "--epochs", "9", "--lr", "0.02", "--batch", "8"});
    REQUIRE(outcome.code == 0);
    const Model model = import_model(cli::read_file(checkpoint(), ""), "");
    cli::write_file(npz(), export_model(model, "npz")[0].bytes);
    cli::write_file(alone(), write_model(model));
  }

  static constexpr const char* kNet = "conv 4 2x2, relu, dense classes";
  std::string checkpoint() const { return path() + "/net.safetensors"; }
  std::string npz() const { return path() + "/net.npz"; }
  std::string alone() const { return path() + "/alone.safetensors"; }
};

// The first loss of a training with these arguments.
double first_loss(const WeightsFolder& data, std::vector<std::string> arguments) {
  for (const char* more : {"--losses", "1", "--batch", "40"}) arguments.emplace_back(more);
  arguments.insert(arguments.begin(), {"--data", data.path()});
  const Outcome outcome = run(arguments);
  CAPTURE(outcome.err);
  REQUIRE(outcome.code == 0);
  return std::stod(outcome.out.substr(1));
}

}  // namespace

TEST_CASE("train begins with the weights of a file", "[cli][import]") {
  const WeightsFolder data;
  const double learned = first_loss(data, {"--weights", data.checkpoint()});
  CHECK(learned < 0.7 * first_loss(data, {"--net", WeightsFolder::kNet, "--normalize"}));
  CHECK(first_loss(data, {"--weights", data.alone()}) == Approx(learned).epsilon(1e-5));
  CHECK(first_loss(data, {"--weights", data.npz(), "--net", WeightsFolder::kNet, "--normalize"}) ==
        Approx(learned).epsilon(1e-5));
  // The first layer takes another normalization in.
  CHECK(first_loss(data, {"--weights", data.alone(), "--normalize=false"}) ==
        Approx(learned).epsilon(1e-4));
}

TEST_CASE("train refuses weights that do not fit", "[cli][import]") {
  const WeightsFolder data;
  const auto error = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--data", data.path()});
    const Outcome outcome = run(arguments);
    CHECK(outcome.code == 2);
    return outcome.err;
  };
  CHECK(error({"--weights", data.npz()}).find("expected the net's text") != std::string::npos);
  CHECK(error({"--weights", data.npz(), "--net", "conv 5 2x2, relu, dense classes"})
            .ends_with("'conv1.weight' of [4, 1, 2, 2], expected [5, 1, 2, 2] for conv1.weight; "
                       "'conv1.bias' of [4], expected [5] for conv1.bias; 'dense1.weight' of [4, "
                       "4], expected [4, 5] for dense1.weight\n"));
  CHECK(error({"--weights", data.path() + "/none"}).find("cannot be read") != std::string::npos);
  CHECK(error({"--weights", data.npz(), "--resume", data.checkpoint()}) ==
        "train: --resume with --weights, expected the settings of the checkpoint alone\n");
}

}  // namespace lanegrad::test
