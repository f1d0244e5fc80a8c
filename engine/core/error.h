// The one way in which the engine reports trouble: an Error with a code and one clear sentence
// that names the operation, the values involved and what was expected.
#pragma once

#include <cstddef>
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

// Throws Error{code, message}, whose text it takes.
[[noreturn]] void fail(ErrorCode code, std::string&& message);

// The number as text that is the same on every platform: "0.001", "1e+30", "nan". It has at most
// six significant digits.
std::string number_text(double value);
// The number with at most `digits` significant digits, 1 to 15.
std::string number_text(double value, int digits);
std::string number_text(long long value);

namespace detail {

// One argument of str() in the form in which join() takes it: a number, or a pointer to something
// else.
union Slot {
  const void* object;
  long long integer;
  double number;
};

inline Slot slot(const void* object) { return {.object = object}; }
inline Slot slot(long long integer) { return {.integer = integer}; }
inline Slot slot(double number) { return {.number = number}; }

inline std::string_view text_of(const char* text) { return text; }
inline std::string_view text_of(const std::string_view* text) { return *text; }
inline std::string_view text_of(const std::string* text) { return *text; }
template <class T>
std::string text_of(const T* object) {
  return object->text();
}

// Appends the argument in a slot to the text; there is one such function for each type of argument.
using Append = void (*)(std::string& out, const Slot& slot);
template <class T>
inline constexpr Append kAppend =
    [](std::string& out, const Slot& slot) { out += text_of(static_cast<T>(slot.object)); };
template <>
inline constexpr Append kAppend<long long> =
    [](std::string& out, const Slot& slot) { out += number_text(slot.integer); };
template <>
inline constexpr Append kAppend<double> =
    [](std::string& out, const Slot& slot) { out += number_text(slot.number); };

std::string join(const Append* append, const Slot* slots, std::size_t count);

// Joins the pieces. The compiler makes one such function for each sequence of types, not one for
// each message: there are hundreds of messages in rarely taken branches, and a call of this is
// little code.
template <class... T>
[[gnu::noinline]] std::string join_as(T... pieces) {
  static constexpr Append kAppends[sizeof...(T) + 1] = {kAppend<T>...};
  const Slot slots[sizeof...(T) + 1] = {slot(pieces)...};
  return join(kAppends, slots, sizeof...(T));
}

// Throws an Error whose message is the joined pieces. It exists once for each sequence of types, so
// that each place that throws is one short call.
template <class... T>
[[noreturn, gnu::noinline]] void fail_as(ErrorCode code, T... pieces) {
  fail(code, join_as(pieces...));
}

inline const char* piece(const char* text) { return text; }
template <class T>
requires std::is_integral_v<T>
long long piece(T value) { return static_cast<long long>(value); }
template <class T>
requires std::is_floating_point_v<T>
double piece(T value) { return static_cast<double>(value); }
template <class T>
requires std::is_class_v<T>
const T* piece(const T& value) { return &value; }

}  // namespace detail

// Throws Error{code, str(pieces…)}. The message is made inside, which is less code at every call.
template <class... Pieces>
[[noreturn]] void fail(ErrorCode code, const Pieces&... pieces) {
  detail::fail_as(code, detail::piece(pieces)...);
}

// Joins its arguments (text, integers, floating-point numbers, whatever has text()) into one
// string: str("got ", 3).
template <class... Pieces>
std::string str(const Pieces&... pieces) {
  return detail::join_as(detail::piece(pieces)...);
}

}  // namespace lanegrad
