// The one way in which the engine reports trouble: an Error with a code and one clear sentence
// that names the operation, the values involved and what was expected.
#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

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

class Error : public std::exception {
 public:
  Error(ErrorCode code, std::string message) : code_(code), message_(std::move(message)) {}
  ErrorCode code() const { return code_; }
  const std::string& message() const { return message_; }
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  ErrorCode code_;
  std::string message_;
};

// Throws Error{code, describe()} unless `condition` holds. The message is only built on failure,
// so a check costs a branch and allocates nothing.
template <class Describe>
void require(bool condition, ErrorCode code, Describe&& describe) {
  if (!condition) [[unlikely]] {
    throw Error(code, std::string(std::forward<Describe>(describe)()));
  }
}

// Joins its arguments (text, integers, floating-point numbers) into one string: str("got ", 3).
// Numbers read the same on every platform: 0.001, 1e+30, nan.
std::string number_text(double value);
std::string number_text(long long value);

namespace detail {
inline std::string piece(const std::string& text) { return text; }
inline std::string piece(std::string_view text) { return std::string(text); }
inline std::string piece(const char* text) { return text; }
template <class T>
requires std::is_integral_v<T> std::string piece(T value) {
  return number_text(static_cast<long long>(value));
}
template <class T>
requires std::is_floating_point_v<T> std::string piece(T value) {
  return number_text(static_cast<double>(value));
}
template <class T>
requires requires(const T& t) { t.text(); }
std::string piece(const T& value) { return value.text(); }
}  // namespace detail

template <class... Pieces>
std::string str(const Pieces&... pieces) {
  std::string out;
  (out.append(detail::piece(pieces)), ...);
  return out;
}

}  // namespace lanegrad
