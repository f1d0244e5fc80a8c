// Names of the error codes, and how errors are thrown.
#include "engine/core/error.h"

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

[[gnu::noinline]] void detail::raise(ErrorCode code, std::string message) {
  throw Error(code, std::move(message));
}

[[gnu::noinline]] void detail::raise(ErrorCode code, std::string message, Details details) {
  throw Error(code, std::move(message), std::move(details));
}

}  // namespace lanegrad
