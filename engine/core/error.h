// The one way in which the engine reports trouble: an Error with a code and one clear sentence
// that names the operation, the values involved and what was expected.
#pragma once

#include <exception>
#include <initializer_list>
#include <new>
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

// Throws Error{code, message}, whose text it takes. Not inlined: there are hundreds of checks.
[[noreturn]] void fail(ErrorCode code, std::string&& message);

// Throws Error{code, describe()} unless `condition` holds. The message is only built on failure,
// so a check costs a branch and allocates nothing.
template <class Describe>
void require(bool condition, ErrorCode code, Describe&& describe) {
  if (!condition) [[unlikely]] {
    // Never destroyed, since `fail` leaves nothing of it: each check would have code for that.
    union Text {
      std::string text;
      Text() {}
      ~Text() {}
    } message;
    new (&message.text) std::string(std::forward<Describe>(describe)());
    fail(code, std::move(message.text));
  }
}

// Numbers read the same on every platform: 0.001, 1e+30, nan.
std::string number_text(double value);
std::string number_text(double value, int digits);  // at most so many significant ones, 1 to 15
std::string number_text(long long value);

namespace detail {

// One argument of str(). Joining happens in one place and not at each call, so that a message in a
// rarely taken branch is little code.
class Piece {
 public:
  Piece(std::string_view text) : kind_(Kind::Text), text_(text) {}
  Piece(const std::string& text) : Piece(std::string_view(text)) {}
  Piece(const char* text) : Piece(std::string_view(text)) {}
  template <class T>
  requires std::is_integral_v<T> Piece(T value)
      : kind_(Kind::Integer), integer_(static_cast<long long>(value)) {}
  template <class T>
  requires std::is_floating_point_v<T> Piece(T value)
      : kind_(Kind::Number), number_(static_cast<double>(value)) {}
  template <class T>
  requires requires(const T& t) { t.text(); }
  Piece(const T& value)
      : kind_(Kind::Object), object_{&value, [](const void* object) {
                                       return static_cast<const T*>(object)->text();
                                     }} {}

  void append_to(std::string& out) const;

 private:
  enum class Kind { Text, Integer, Number, Object };
  struct Object {
    const void* value;
    std::string (*text)(const void*);
  };
  Kind kind_;
  union {
    std::string_view text_;
    long long integer_;
    double number_;
    Object object_;
  };
};

std::string join(std::initializer_list<Piece> pieces);

}  // namespace detail

// Joins its arguments (text, integers, floating-point numbers, whatever has text()) into one
// string: str("got ", 3).
template <class... Pieces>
std::string str(const Pieces&... pieces) {
  return detail::join({detail::Piece(pieces)...});
}

}  // namespace lanegrad
