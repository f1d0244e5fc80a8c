// Names of the error codes and the text of numbers in messages.
#include "engine/core/error.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace lanegrad {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::InvalidArgument:
      return "InvalidArgument";
    case ErrorCode::ShapeMismatch:
      return "ShapeMismatch";
    case ErrorCode::CorruptData:
      return "CorruptData";
    case ErrorCode::InvalidState:
      return "InvalidState";
    case ErrorCode::NotFound:
      return "NotFound";
    case ErrorCode::OutOfMemory:
      return "OutOfMemory";
    case ErrorCode::Unsupported:
      return "Unsupported";
    case ErrorCode::Diverged:
      return "Diverged";
    case ErrorCode::Internal:
      return "Internal";
  }
  return "Internal";
}

std::string number_text(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "infinity" : "-infinity";
  // Not std::to_chars, which brings 110 kB of tables into the WebAssembly module.
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.6g", value);
  std::string text = buffer;
  std::replace(text.begin(), text.end(), ',', '.');  // some locales have a decimal comma
  return text;
}

std::string number_text(long long value) {
  char buffer[24];
  return std::string(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
}

}  // namespace lanegrad
