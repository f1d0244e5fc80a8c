// The one way in which the engine reports trouble: an Error with a code and one clear sentence
// that names the operation, the values involved and what was expected.
#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/core/text.h"

namespace lanegrad {

enum class ErrorCode {
  InvalidArgument,
  ShapeMismatch,
  CorruptData,
  InvalidState,
  NotFound,
  OutOfMemory,
  Unsupported,
  Diverged,
  Internal,
};

// The code's name as JavaScript and the page see it, for example "ShapeMismatch".
std::string_view to_string(ErrorCode code);

// What an error is about, for programs: they choose what to do by these, never by the sentence.
// What is not known, or does not apply, is empty.
struct Details {
  std::string op = {};                              // what refused: "training", "net"
  std::string field = {};                           // the setting or part of the data that is wrong
  std::string quantity = {};                        // what was computed: "loss"
  std::optional<double> value = std::nullopt;       // the number that was refused
  std::optional<std::int64_t> step = std::nullopt;  // the step of a training, counted from 1
  std::optional<std::int64_t> column = std::nullopt;  // the place in a text, counted from 1
};

class Error : public std::exception {
 public:
  Error(ErrorCode code, std::string message, Details details = {})
      : code_(code), message_(std::move(message)), details_(std::move(details)) {}
  ErrorCode code() const { return code_; }
  const std::string& message() const { return message_; }
  const Details& details() const { return details_; }
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  ErrorCode code_;
  std::string message_;
  Details details_;
};

namespace detail {

// Throws an Error. These are functions of their own, so that each place that throws is short.
[[noreturn]] void raise(ErrorCode code, std::string message);
[[noreturn]] void raise(ErrorCode code, std::string message, Details details);

// Throws an Error. It exists once for each sequence of types.
template <class... T>
[[noreturn, gnu::noinline]] void fail(ErrorCode code, T... pieces) {
  raise(code, join(pieces...));
}

}  // namespace detail

// Throws Error{code, str(pieces…)}.
template <class... Pieces>
[[noreturn]] void fail(ErrorCode code, const Pieces&... pieces) {
  detail::fail(code, detail::piece(pieces)...);
}

// Throws Error{code, str(pieces…), details}.
template <class... Pieces>
[[noreturn]] void fail(ErrorCode code, Details details, const Pieces&... pieces) {
  detail::raise(code, str(pieces...), std::move(details));
}

}  // namespace lanegrad
