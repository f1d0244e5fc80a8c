// Conversions between values of JavaScript and those of the engine. Arrays are copied in both
// directions, since a view would be detached when the memory grows.
#pragma once

#include <emscripten/bind.h>

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/lanegrad.h"

extern "C" {
// These are in library.js. They copy numbers between an array of JavaScript and the engine's
// memory: `size` bytes each, floating or whole.
double lanegrad_length(emscripten::EM_VAL list);
void lanegrad_copy_in(emscripten::EM_VAL list, void* to, int size, bool whole);
// The same for `count` bytes of an array of bytes, from its byte `at` on: into memory, and out of
// it.
void lanegrad_read(emscripten::EM_VAL bytes, double at, void* to, double count);
void lanegrad_write(emscripten::EM_VAL bytes, double at, const void* from, double count);
emscripten::EM_VAL lanegrad_bytes(double count);
emscripten::EM_VAL lanegrad_copy_out(const void* from, int count, int size, bool whole);
void lanegrad_push(emscripten::EM_VAL list, emscripten::EM_VAL item);
double lanegrad_number(emscripten::EM_VAL object, const char* name, double usual);
void lanegrad_set(emscripten::EM_VAL object, const char* name, emscripten::EM_VAL value);
}

namespace lanegrad::boundary {

using emscripten::val;

// ---- In ---------------------------------------------------------------------

// The functions here rely on the caller's checks: the values are typed arrays, and arrays of whole
// numbers where those are needed.

inline Index length_of(const val& array) {
  return static_cast<Index>(lanegrad_length(array.as_handle()));
}

template <class T>
void copy_in(const val& array, T* to) {
  lanegrad_copy_in(array.as_handle(), to, sizeof(T), std::is_integral_v<T>);
}

// The number of this name in an object, or `usual` where there is none; true is 1.
inline double number_in(const val& object, const char* name, double usual) {
  return lanegrad_number(object.as_handle(), name, usual);
}

inline std::vector<double> numbers_in(const val& array) {
  std::vector<double> numbers(static_cast<std::size_t>(length_of(array)));
  copy_in(array, numbers.data());
  return numbers;
}

inline std::vector<Index> indices_in(const val& array) {
  const std::vector<double> numbers = numbers_in(array);
  return {numbers.begin(), numbers.end()};
}

inline Shape shape_in(const val& extents) {
  return Shape(std::span<const Index>(indices_in(extents)));
}

inline NdArray array_in(const val& values, const Shape& shape) {
  const Index count = length_of(values);
  if (count != shape.size())
    fail(ErrorCode::ShapeMismatch, "tensor: ", count, " numbers were given, the shape ", shape,
         " takes ", shape.size());
  NdArray array = NdArray::uninitialized(shape);
  copy_in(values, array.mutable_data());
  return array;
}

inline IndexArray labels_in(const val& values) {
  IndexArray labels(Shape{length_of(values)});
  copy_in(values, labels.mutable_data());
  return labels;
}

inline std::vector<std::uint8_t> bytes_in(const val& values) {
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(length_of(values)));
  copy_in(values, bytes.data());
  return bytes;
}

inline std::vector<std::string> texts_in(const val& list) {
  std::vector<std::string> texts;
  const Index count = length_of(list);
  for (Index i = 0; i < count; ++i) texts.push_back(list[static_cast<int>(i)].as<std::string>());
  return texts;
}

template <class T>
std::vector<T> handles_in(const val& list) {
  std::vector<T> handles;
  const Index count = length_of(list);
  for (Index i = 0; i < count; ++i) {
    handles.push_back(*list[static_cast<int>(i)].as<T*>(emscripten::allow_raw_pointers()));
  }
  return handles;
}

// The value of this name among the choices; throws NotFound "net: no activation is called 'x',
// known are …".
template <class T>
T choose(std::string_view op, std::string_view what, std::string_view name,
         std::initializer_list<std::pair<std::string_view, T>> known) {
  std::string names;
  for (const auto& [candidate, value] : known) {
    if (candidate == name) return value;
    names += str(names.empty() ? "" : ", ", candidate);
  }
  fail(ErrorCode::NotFound, op, ": no ", what, " is called '", name, "', known are ", names);
}

// ---- Out --------------------------------------------------------------------

template <class T>
val copy_out(std::span<const T> values) {
  return val::take_ownership(lanegrad_copy_out(values.data(), static_cast<int>(values.size()),
                                               sizeof(T), std::is_integral_v<T>));
}

template <class T>
void append(val& list, const T& item) {
  lanegrad_push(list.as_handle(), val(item).as_handle());
}
template <class... T>
val tuple_out(const T&... items) {
  val list = val::array();
  (append(list, items), ...);
  return list;
}

// Makes an object, member by member: ObjectOut().add("loss", 0.5).object.
struct ObjectOut {
  ObjectOut& add(const char* name, const val& value) {
    lanegrad_set(object.as_handle(), name, value.as_handle());
    return *this;
  }
  ObjectOut& add(const char* name, double value) { return add(name, val(value)); }
  ObjectOut& add(const char* name, const std::string& text) { return add(name, val(text)); }
  // This text is copied into JavaScript without memory of the engine's, of which there may be none.
  ObjectOut& add(const char* name, const char* text) { return add(name, val::u8string(text)); }

  val object = val::object();
};

inline val extents_out(const Shape& shape) {
  val extents = val::array();
  for (const Index extent : shape.extents()) append(extents, static_cast<double>(extent));
  return extents;
}

// The tensors by name: [["weight", handle], …].
inline val named_out(const std::vector<NamedTensor>& tensors) {
  val list = val::array();
  for (const auto& [name, tensor] : tensors) append(list, tuple_out(name, tensor));
  return list;
}

}  // namespace lanegrad::boundary
