// The border between C++ and JavaScript. Whatever is bound goes through Guarded, so no exception
// leaves the module: it is noted in Module.failure, where load.ts finds it after the call. Arrays
// are copied in both directions: growing memory would detach a view.
#pragma once

#include <emscripten/bind.h>
#include <emscripten/em_js.h>

#include <initializer_list>
#include <memory>
#include <new>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/lanegrad.h"

EM_JS_DEPS(lanegrad_boundary, "$UTF8ToString")
// clang-format off
EM_JS(void, lanegrad_note_failure, (const char* code, const char* message), {
  Module["failure"] = {code: UTF8ToString(code), message: UTF8ToString(message)};
})
// clang-format on

namespace lanegrad::boundary {

using emscripten::val;

// ---- Exceptions become values
// ---------------------------------------------------------------------

// To be called in a catch block: notes the exception under way.
inline void note_failure() noexcept {
  try {
    throw;
  } catch (const Error& error) {
    lanegrad_note_failure(to_string(error.code()).data(), error.what());
  } catch (const std::bad_alloc&) {
    lanegrad_note_failure("OutOfMemory", "engine: there is not enough memory for this");
  } catch (const std::length_error&) {
    lanegrad_note_failure("OutOfMemory", "engine: there is not enough memory for this");
  } catch (const std::exception& error) {
    lanegrad_note_failure("Internal", error.what());
  } catch (...) {
    lanegrad_note_failure("Internal", "engine: an unknown exception was thrown");
  }
}

// What a result becomes on its way out. Tensor and Batch travel as owned pointers, so that "none"
// is null; 64-bit numbers as doubles; views of text as text.
template <class T>
struct Outgoing {
  using Type = T;
  static T convert(T value) { return value; }
};
template <>
struct Outgoing<void> {
  using Type = void;
};
template <>
struct Outgoing<Index> {
  using Type = double;
  static double convert(Index value) { return static_cast<double>(value); }
};
template <>
struct Outgoing<float> {
  using Type = double;
  static double convert(float value) { return value; }
};
template <>
struct Outgoing<std::string_view> {
  using Type = std::string;
  static std::string convert(std::string_view value) { return std::string(value); }
};
template <>
struct Outgoing<Tensor> {
  using Type = Tensor*;
  static Tensor* convert(Tensor value) {
    return value.defined() ? new Tensor(std::move(value)) : nullptr;
  }
};

template <class R, class Call>
typename Outgoing<R>::Type guarded(const Call& call) noexcept {
  try {
    if constexpr (std::is_void_v<R>) {
      return call();
    } else {
      return Outgoing<R>::convert(call());
    }
  } catch (...) {
    note_failure();
  }
  if constexpr (!std::is_void_v<R>) return typename Outgoing<R>::Type{};
}

// Guarded<&f>::call is f with a result that can travel and without exceptions; a member function
// becomes a function of the object.
template <auto F>
struct Guarded;

template <class R, class... A, R (*F)(A...)>
struct Guarded<F> {
  static typename Outgoing<R>::Type call(A... args) {
    return guarded<R>([&]() -> R { return F(std::forward<A>(args)...); });
  }
};
template <class C, class R, class... A, R (C::*F)(A...)>
struct Guarded<F> {
  static typename Outgoing<R>::Type call(C& self, A... args) {
    return guarded<R>([&]() -> R { return (self.*F)(std::forward<A>(args)...); });
  }
};
template <class C, class R, class... A, R (C::*F)(A...) const>
struct Guarded<F> {
  static typename Outgoing<R>::Type call(const C& self, A... args) {
    return guarded<R>([&]() -> R { return (self.*F)(std::forward<A>(args)...); });
  }
};

// The only two ways in which bindings.cpp binds anything that runs.
template <auto F>
void function(const char* name) {
  emscripten::function(name, &Guarded<F>::call, emscripten::allow_raw_pointers());
}

template <class T>
class Handle {
 public:
  explicit Handle(const char* name) : class_(name) {}
  Handle& shared(const char* name) {  // lives in a std::shared_ptr
    class_.template smart_ptr<std::shared_ptr<T>>(name);
    return *this;
  }
  template <auto F>
  Handle& method(const char* name) {
    class_.function(name, &Guarded<F>::call, emscripten::allow_raw_pointers());
    return *this;
  }

 private:
  emscripten::class_<T> class_;
};

// ---- Values in
// -------------------------------------------------------------------------------------

// The caller has checked that these are typed arrays and arrays of whole numbers.

inline Index length_of(const val& array) {
  return static_cast<Index>(array["length"].as<double>());
}

template <class T>
void copy_in(const val& array, T* to) {
  val(emscripten::typed_memory_view(static_cast<std::size_t>(length_of(array)), to))
      .call<void>("set", array);
}

inline std::vector<Index> indices_in(const val& numbers) {
  const std::vector<double> values = emscripten::vecFromJSArray<double>(numbers);
  return {values.begin(), values.end()};
}

inline Shape shape_in(const val& extents) {
  return Shape(std::span<const Index>(indices_in(extents)));
}

inline NdArray array_in(const val& values, const val& extents) {
  const Shape shape = shape_in(extents);
  const Index count = length_of(values);
  require(count == shape.size(), ErrorCode::ShapeMismatch, [&] {
    return str("tensor: ", count, " numbers were given, the shape ", shape, " takes ",
               shape.size());
  });
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

inline std::vector<Tensor> tensors_in(const val& handles) {
  std::vector<Tensor> tensors;
  for (const val& handle : emscripten::vecFromJSArray<val>(handles)) {
    tensors.push_back(*handle.as<Tensor*>(emscripten::allow_raw_pointers()));
  }
  return tensors;
}

// The value that goes by `name`; throws NotFound "net: no activation is called 'x', known are …".
template <class T>
T choose(std::string_view op, std::string_view what, std::string_view name,
         std::initializer_list<std::pair<std::string_view, T>> known) {
  std::string names;
  for (const auto& [candidate, value] : known) {
    if (candidate == name) return value;
    names += str(names.empty() ? "" : ", ", candidate);
  }
  fail(ErrorCode::NotFound, str(op, ": no ", what, " is called '", name, "', known are ", names));
}

// ---- Values out
// ------------------------------------------------------------------------------------

template <class T>
val copy_out(std::span<const T> values) {
  return val(emscripten::typed_memory_view(values.size(), values.data()))
      .template call<val>("slice");
}

template <class T>
void append(val& list, const T& item) {
  list.call<void>("push", item);
}
template <class... T>
val tuple_out(const T&... items) {
  val list = val::array();
  (append(list, items), ...);
  return list;
}

inline val extents_out(const Shape& shape) {
  val extents = val::array();
  for (const Index extent : shape.extents()) append(extents, static_cast<double>(extent));
  return extents;
}

// [["weight", handle], …]
inline val named_out(const std::vector<NamedTensor>& tensors) {
  val list = val::array();
  for (const auto& [name, tensor] : tensors) append(list, tuple_out(name, tensor));
  return list;
}

}  // namespace lanegrad::boundary
