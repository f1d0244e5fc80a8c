#include "engine/cli/report.h"

#include <cmath>
#include <limits>
#include <sstream>

#include "engine/nets/net_text.h"
#include "tests/engine/catch.h"

namespace lanegrad::test {

namespace {

const cli::EpochReport kReport{.epoch = 2,
                               .epochs = 3,
                               .learning_rate = 0.001,
                               .train_loss = 0.25,
                               .test_loss = 0.123456789,
                               .test_accuracy = 0.9763,
                               .samples_per_second = 81234.5,
                               .seconds = 1.5};

}  // namespace

TEST_CASE("an epoch as JSON", "[cli]") {
  CHECK(cli::to_json(kReport) ==
        R"({"epoch":2,"trainLoss":0.25,"testLoss":0.123456789,"testAccuracy":0.9763,)"
        R"("samplesPerSecond":81234.5,"seconds":1.5,"learningRate":0.001})");
  cli::EpochReport broken = kReport;
  broken.test_loss = std::numeric_limits<double>::quiet_NaN();
  CHECK(cli::to_json(broken).find(R"("testLoss":null,)") != std::string::npos);
  cli::EpochReport validated = kReport;
  validated.validation_loss = 0.5;
  validated.validation_accuracy = 0.75;
  CHECK(cli::to_json(validated).find(
            R"("trainLoss":0.25,"validationLoss":0.5,"validationAccuracy":0.75,"testLoss":)") !=
        std::string::npos);
}

TEST_CASE("numbers as JSON", "[cli]") {
  const double numbers[] = {2.30258512, 1e-9, -1, std::numeric_limits<double>::infinity()};
  CHECK(cli::to_json(numbers) == "[2.30258512,1e-09,-1,null]");
  CHECK(cli::to_json(std::span<const double>()) == "[]");
}

TEST_CASE("an epoch as text", "[cli]") {
  CHECK(
      cli::to_text(kReport) ==
      "epoch 2/3: training loss 0.2500, test loss 0.1235, test accuracy 97.63 %, 81234 samples/s, "
      "1.5 s");
}

TEST_CASE("validation stands in an epoch's text where there is one", "[cli]") {
  cli::EpochReport report = kReport;
  report.validation_loss = 0.5;
  report.validation_accuracy = 0.75;
  CHECK(cli::to_text(report).find("training loss 0.2500, validation loss 0.5000, validation "
                                  "accuracy 75.00 %, test loss 0.1235,") != std::string::npos);
}

TEST_CASE("the best weights as text and JSON", "[cli]") {
  const cli::BestReport best{.epoch = 4, .test_loss = 0.25, .test_accuracy = 0.9912};
  CHECK(cli::to_text(best) ==
        "weights of epoch 4, with the smallest validation loss: test loss 0.2500, test accuracy "
        "99.12 %");
  CHECK(cli::to_json(best) == R"({"bestEpoch":4,"testLoss":0.25,"testAccuracy":0.9912})");
}

TEST_CASE("a net as a table, and its work", "[cli]") {
  const NetDescription net =
      describe("conv 8 5x5, relu, dense classes", {.sample = {1, 28, 28}, .outputs = 10});
  CHECK(cli::to_text(net) ==
        "layer     is             gives        parameters  kFLOP\n"
        "conv1     conv 8 5x5     [8, 24, 24]         208  460.8\n"
        "relu1     relu           [8, 24, 24]           0    0.0\n"
        "flatten1  Flatten        [4608]                0    0.0\n"
        "dense1    dense classes  [10]              46080  276.5\n"
        "bias1     Bias           [10]                 10    0.0\n"
        "all                                        46298  737.3\n");
  CHECK(cli::work_text(60000, net, 2.06) == "trained 60000 samples: 44.2 GFLOP in 2.1 s");
}

TEST_CASE("progress as text", "[cli]") {
  cli::Progress progress{.epoch = 1,
                         .epochs = 3,
                         .share = 0.5,
                         .loss = 0.25,
                         .accuracy = 0.921,
                         .samples_per_second = 81000,
                         .seconds_left = 64.2};
  CHECK(cli::to_text(progress) ==
        "epoch 1/3 [========>       ] 50 %  loss 0.2500  accuracy 92.10 %  81000 samples/s  1:05 "
        "left");
  progress.share = 1;
  progress.seconds_left = 0;
  CHECK(cli::to_text(progress).find("[================] 100 %") != std::string::npos);
  CHECK(cli::to_text(progress).ends_with("  0:00 left"));
}

TEST_CASE("the progress bar draws over itself and not too often", "[cli]") {
  std::ostringstream terminal;
  {
    cli::ProgressBar bar(terminal);
    CHECK(bar.due());
    bar.clear();
    CHECK(terminal.str().empty());
    bar.draw({.epoch = 1, .epochs = 1});
    CHECK_FALSE(bar.due());
    CHECK(terminal.str().starts_with("\r\x1b[Kepoch 1/1 [>               ] 0 %"));
    CHECK(terminal.str().find('\n') == std::string::npos);
  }
  CHECK(terminal.str().ends_with("left\r\x1b[K"));
}

}  // namespace lanegrad::test
