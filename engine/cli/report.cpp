// Turns reports into text.
#include "engine/cli/report.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <ostream>
#include <vector>

#include "engine/core/error.h"

namespace lanegrad::cli {

namespace {

constexpr int kBarWidth = 16;
constexpr std::chrono::milliseconds kInterval{100};

// The value with this many digits after the point.
std::string fixed(double value, int digits) {
  char buffer[64];
  const auto [end, error] =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed, digits);
  return error == std::errc() ? std::string(buffer, end) : number_text(value);
}

std::string percent(double share) { return fixed(100 * share, 2) + " %"; }

// What follows a loss; nothing where numbers are predicted.
std::string accuracy(const char* word, double share) {
  return std::isnan(share) ? "" : word + percent(share);
}

// Nine significant digits tell any two floats apart.
std::string json_number(double value) {
  if (!std::isfinite(value)) return "null";
  char buffer[64];
  const auto [end, error] =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::general, 9);
  return std::string(buffer, end);
}

}  // namespace

std::string to_json(const EpochReport& report) {
  std::string validation;
  if (report.validation_loss) {
    validation =
        str(",\"validationLoss\":", json_number(*report.validation_loss),
            ",\"validationAccuracy\":", json_number(report.validation_accuracy.value_or(NAN)));
  }
  return str("{\"epoch\":", report.epoch, ",\"trainLoss\":", json_number(report.train_loss),
             validation, ",\"testLoss\":", json_number(report.test_loss),
             ",\"testAccuracy\":", json_number(report.test_accuracy),
             ",\"samplesPerSecond\":", json_number(report.samples_per_second),
             ",\"seconds\":", json_number(report.seconds),
             ",\"learningRate\":", json_number(report.learning_rate), "}");
}

std::string to_json(const BestReport& report) {
  return str("{\"bestEpoch\":", report.epoch, ",\"testLoss\":", json_number(report.test_loss),
             ",\"testAccuracy\":", json_number(report.test_accuracy), "}");
}

std::string to_json(const AnswerReport& report) {
  return str("{\"samples\":", report.samples, ",\"testLoss\":", json_number(report.test_loss),
             ",\"testAccuracy\":", json_number(report.test_accuracy),
             ",\"samplesPerSecond\":", json_number(report.samples_per_second), "}");
}

std::string to_json(const TableReport& report) {
  const auto score = [&](const TableScore& one) {
    if (report.has_classes) return str("{\"accuracy\":", json_number(one.accuracy), "}");
    return str("{\"r2\":", json_number(one.r2),
               ",\"meanAbsoluteError\":", json_number(one.mean_absolute_error), "}");
  };
  return str("{\"heldRows\":", report.rows, ",\"net\":", score(report.net),
             ",\"linear\":", score(report.linear), ",\"guess\":", score(report.guess), "}");
}

std::string to_text(const TableReport& report) {
  const auto score = [&](const TableScore& one) {
    if (report.has_classes) return str("accuracy ", percent(one.accuracy));
    return str("R² ", fixed(one.r2, 4), ", off by ", number_text(one.mean_absolute_error, 4),
               " on average");
  };
  return str(report.rows, report.rows == 1 ? " held row: " : " held rows: ", score(report.net),
             "\na linear model: ", score(report.linear), "\nalways the ",
             report.has_classes ? "commonest class: " : "mean: ", score(report.guess));
}

std::string to_text(const AnswerReport& report) {
  return str(report.samples, " test images: loss ", fixed(report.test_loss, 4), ", accuracy ",
             percent(report.test_accuracy), ", ", fixed(report.samples_per_second, 0), " images/s");
}

std::string to_json(std::span<const double> numbers) {
  std::string out = "[";
  for (const double number : numbers) out += str(out.size() > 1 ? "," : "", json_number(number));
  return out + "]";
}

std::string to_text(const EpochReport& report) {
  std::string validation;
  if (report.validation_loss) {
    validation = str(", validation loss ", fixed(*report.validation_loss, 4),
                     accuracy(", validation accuracy ", report.validation_accuracy.value_or(NAN)));
  }
  return str("epoch ", report.epoch, "/", report.epochs, ": training loss ",
             fixed(report.train_loss, 4), validation, ", test loss ", fixed(report.test_loss, 4),
             accuracy(", test accuracy ", report.test_accuracy), ", ",
             fixed(report.samples_per_second, 0), " samples/s, ", fixed(report.seconds, 1), " s");
}

std::string to_text(const BestReport& report) {
  return str("weights of epoch ", report.epoch, ", with the smallest validation loss: test loss ",
             fixed(report.test_loss, 4), accuracy(", test accuracy ", report.test_accuracy));
}

std::string to_text(const NetDescription& net) {
  std::vector<std::vector<std::string>> rows = {{"layer", "is", "gives", "parameters", "kFLOP"}};
  const auto kilo = [](double flops) { return fixed(flops / 1e3, 1); };
  for (const LayerDescription& layer : net.layers) {
    rows.push_back({layer.name, layer.text.empty() ? layer.kind : layer.text, layer.output.text(),
                    str(layer.parameters), kilo(layer.step_flops)});
  }
  rows.push_back({"all", "", "", str(net.parameters), kilo(net.step_flops)});
  std::string out;
  for (const std::vector<std::string>& row : rows) {
    for (std::size_t column = 0; column < row.size(); ++column) {
      std::size_t width = 0;
      for (const auto& other : rows) width = std::max(width, other[column].size());
      const std::string gap(width - row[column].size(), ' ');
      const bool number = column >= 3;
      out += str(column > 0 ? "  " : "", number ? gap : "", row[column], number ? "" : gap);
    }
    out += "\n";
  }
  return out;
}

std::string work_text(Index samples, const NetDescription& net, double seconds) {
  return str("trained ", samples,
             " samples: ", fixed(net.step_flops * static_cast<double>(samples) / 1e9, 1),
             " GFLOP in ", fixed(seconds, 1), " s");
}

std::string to_text(const Progress& progress) {
  const int filled = static_cast<int>(progress.share * kBarWidth);
  std::string bar(static_cast<std::size_t>(filled), '=');
  if (filled < kBarWidth) bar += '>';
  bar.resize(kBarWidth, ' ');
  const auto left = static_cast<Index>(std::ceil(progress.seconds_left));
  return str("epoch ", progress.epoch, "/", progress.epochs, " [", bar, "] ",
             fixed(100 * progress.share, 0), " %  loss ", fixed(progress.loss, 4),
             accuracy("  accuracy ", progress.accuracy), "  ",
             fixed(progress.samples_per_second, 0), " samples/s  ", left / 60,
             left % 60 < 10 ? ":0" : ":", left % 60, " left");
}

bool ProgressBar::due() const { return std::chrono::steady_clock::now() - last_ >= kInterval; }

void ProgressBar::draw(const Progress& progress) {
  // The cursor goes back to the start of the line, which is erased.
  terminal_ << "\r\x1b[K" << to_text(progress) << std::flush;
  last_ = std::chrono::steady_clock::now();
  visible_ = true;
}

void ProgressBar::clear() {
  if (visible_) terminal_ << "\r\x1b[K" << std::flush;
  visible_ = false;
}

}  // namespace lanegrad::cli
