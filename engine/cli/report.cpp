// Numbers to text.
#include "engine/cli/report.h"

#include <charconv>
#include <cmath>
#include <ostream>

#include "engine/core/error.h"

namespace lanegrad::cli {

namespace {

constexpr int kBarWidth = 16;
constexpr std::chrono::milliseconds kInterval{100};

// With so many digits after the point.
std::string fixed(double value, int digits) {
  char buffer[64];
  const auto [end, error] =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed, digits);
  return error == std::errc() ? std::string(buffer, end) : number_text(value);
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
  return str("{\"epoch\":", report.epoch, ",\"trainLoss\":", json_number(report.train_loss),
             ",\"testLoss\":", json_number(report.test_loss),
             ",\"testAccuracy\":", json_number(report.test_accuracy),
             ",\"samplesPerSecond\":", json_number(report.samples_per_second),
             ",\"seconds\":", json_number(report.seconds), "}");
}

std::string to_json(std::span<const double> numbers) {
  std::string out = "[";
  for (const double number : numbers) out += str(out.size() > 1 ? "," : "", json_number(number));
  return out + "]";
}

std::string to_text(const EpochReport& report) {
  return str("epoch ", report.epoch, "/", report.epochs, ": training loss ",
             fixed(report.train_loss, 4), ", test loss ", fixed(report.test_loss, 4),
             ", test accuracy ", fixed(100 * report.test_accuracy, 2), " %, ",
             fixed(report.samples_per_second, 0), " samples/s, ", fixed(report.seconds, 1), " s");
}

std::string to_text(const Progress& progress) {
  const int filled = static_cast<int>(progress.share * kBarWidth);
  std::string bar(static_cast<std::size_t>(filled), '=');
  if (filled < kBarWidth) bar += '>';
  bar.resize(kBarWidth, ' ');
  const auto left = static_cast<Index>(std::ceil(progress.seconds_left));
  return str("epoch ", progress.epoch, "/", progress.epochs, " [", bar, "] ",
             fixed(100 * progress.share, 0), " %  loss ", fixed(progress.loss, 4), "  accuracy ",
             fixed(100 * progress.accuracy, 2), " %  ", fixed(progress.samples_per_second, 0),
             " samples/s  ", left / 60, left % 60 < 10 ? ":0" : ":", left % 60, " left");
}

bool ProgressBar::due() const { return std::chrono::steady_clock::now() - last_ >= kInterval; }

void ProgressBar::draw(const Progress& progress) {
  // Back to the start of the line, which is erased.
  terminal_ << "\r\x1b[K" << to_text(progress) << std::flush;
  last_ = std::chrono::steady_clock::now();
  visible_ = true;
}

void ProgressBar::clear() {
  if (visible_) terminal_ << "\r\x1b[K" << std::flush;
  visible_ = false;
}

}  // namespace lanegrad::cli
