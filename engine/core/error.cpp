// Names of the error codes.
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

}  // namespace lanegrad
