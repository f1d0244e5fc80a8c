// Joins text and values into one string, for messages.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>

#include "engine/core/number.h"

namespace lanegrad {

namespace detail {

inline void append(std::string& out, const char* text) { out += text; }
inline void append(std::string& out, const std::string_view* text) { out += *text; }
inline void append(std::string& out, const std::string* text) { out += *text; }
inline void append(std::string& out, long long value) { out += number_text(value); }
inline void append(std::string& out, double value) { out += number_text(value); }
template <class T>
void append(std::string& out, const T* object) {
  out += object->text();
}

// A piece in one of the few forms that append() takes, so that messages with pieces of the same
// kinds share their code.
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

template <class... T>
[[gnu::noinline]] std::string join(T... pieces) {
  std::string out;
  (append(out, pieces), ...);
  return out;
}

}  // namespace detail

// Joins its arguments (text, integers, floating-point numbers, whatever has text()) into one
// string: str("got ", 3).
template <class... Pieces>
std::string str(const Pieces&... pieces) {
  return detail::join(detail::piece(pieces)...);
}

}  // namespace lanegrad
