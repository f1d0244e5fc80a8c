#include "engine/cli/report.h"

#include <cmath>
#include <limits>
#include <sstream>

#include "tests/engine/catch.h"

namespace lanegrad::test {

namespace {

const cli::EpochReport kReport{.epoch = 2,
                               .epochs = 3,
                               .train_loss = 0.25,
                               .test_loss = 0.123456789,
                               .test_accuracy = 0.9763,
                               .samples_per_second = 81234.5,
                               .seconds = 1.5};

}  // namespace

TEST_CASE("an epoch as JSON", "[cli]") {
  CHECK(cli::to_json(kReport) ==
        R"({"epoch":2,"trainLoss":0.25,"testLoss":0.123456789,"testAccuracy":0.9763,)"
        R"("samplesPerSecond":81234.5,"seconds":1.5})");
  cli::EpochReport broken = kReport;
  broken.test_loss = std::numeric_limits<double>::quiet_NaN();
  CHECK(cli::to_json(broken).find(R"("testLoss":null,)") != std::string::npos);
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
