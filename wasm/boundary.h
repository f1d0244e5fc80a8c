// The border between C++ and JavaScript. Every bound function is called by a Caller, so no
// exception leaves the module: it is noted in Module.failure, where load.ts finds it after the
// call. Arrays are copied in both directions, since a view would be detached when the memory grows.
#pragma once

#include <cxxabi.h>
#include <emscripten/bind.h>
#include <emscripten/em_js.h>

#include <concepts>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

#include "engine/lanegrad.h"

EM_JS_DEPS(lanegrad_boundary, "$UTF8ToString,$Emval")
// clang-format off
EM_JS(void, lanegrad_note_failure, (const char* code, const char* message), {
  Module["failure"] = {code: UTF8ToString(code), message: UTF8ToString(message)};
})
// These functions copy numbers between an array of JavaScript and the engine's memory: `size` bytes
// each, floating or whole.
EM_JS(double, lanegrad_length, (emscripten::EM_VAL list), { return Emval.toValue(list).length; })
EM_JS(void, lanegrad_copy_in, (emscripten::EM_VAL list, void* to, int size, bool whole), {
  (size > 4 ? HEAPF64 : size < 4 ? HEAPU8 : whole ? HEAP32 : HEAPF32).set(Emval.toValue(list), to / size);
})
EM_JS(emscripten::EM_VAL, lanegrad_copy_out, (const void* from, int count, int size, bool whole), {
  from /= size;
  return Emval.toHandle((size > 4 ? HEAPF64 : size < 4 ? HEAPU8 : whole ? HEAP32 : HEAPF32).slice(from, from + count));
})
EM_JS(void, lanegrad_push, (emscripten::EM_VAL list, emscripten::EM_VAL item), {
  Emval.toValue(list).push(Emval.toValue(item));
})
// clang-format on

namespace lanegrad::boundary {

using emscripten::val;

// ---- Exceptions become values -----------------------------------------------

// Notes the exception under way; to be called in a `catch (...)`. The exception is told by the name
// of its type: a single clause in the engine that catches a type would bring in tables and code of
// 2 kB.
inline void note_failure() noexcept {
  void* const thrown = abi::__cxa_current_primary_exception();
  const std::string_view type = abi::__cxa_current_exception_type()->name();
  if (type == "N8lanegrad5ErrorE") {
    const Error& error = *static_cast<const Error*>(thrown);
    lanegrad_note_failure(to_string(error.code()).data(), error.what());
  } else if (type == "St9bad_alloc" || type == "St12length_error") {
    lanegrad_note_failure("OutOfMemory", "engine: there is not enough memory for this");
  } else {
    lanegrad_note_failure("Internal", type.data());
  }
  abi::__cxa_decrement_exception_refcount(thrown);
}

// ---- Calls ------------------------------------------------------------------

using emscripten::internal::BindingType;
using emscripten::internal::GenericFunction;
using emscripten::internal::TYPEID;
using emscripten::internal::TypeID;

// Whether a handle of JavaScript shares the object with the engine, rather than owning it alone.
template <class T>
inline constexpr bool kShared = false;
template <class T>
using Held = std::conditional_t<kShared<T>, std::shared_ptr<T>, T>;
template <class T>
T& held(Held<T>* handle) {
  if constexpr (kShared<T>) {
    return **handle;
  } else {
    return *handle;
  }
}
template <class T>
constexpr TYPEID pointer_id() {
  return TypeID<emscripten::internal::AllowedRawPointer<Held<T>>>::get();
}

// How an argument of a bound function comes in: the type that JavaScript passes (`Wire`), and how
// the argument is made from that (`take`). Plain values use what Embind has; objects come as
// handles. An argument that is a pointer may be null.
template <class T>
struct Incoming {
  using Wire = typename BindingType<T>::WireType;
  static constexpr TYPEID id() { return TypeID<T>::get(); }
  static decltype(auto) take(Wire wire) { return BindingType<T>::fromWireType(wire); }
};
template <class T>
requires(std::is_class_v<T> && !std::same_as<std::remove_const_t<T>, val> &&
         !std::same_as<std::remove_const_t<T>, std::string>) struct Incoming<T&> {
  using Object = std::remove_const_t<T>;
  using Wire = Held<Object>*;
  static constexpr TYPEID id() { return TypeID<Held<Object>>::get(); }
  static T& take(Wire handle) { return held<Object>(handle); }
};
template <class T>
struct Incoming<const T*> {
  using Wire = Held<T>*;
  static constexpr TYPEID id() { return pointer_id<T>(); }
  static const T* take(Wire handle) { return handle ? &held<T>(handle) : nullptr; }
};
template <class T>
struct Incoming<std::shared_ptr<T>> {
  using Wire = std::shared_ptr<T>*;
  static constexpr TYPEID id() { return pointer_id<T>(); }
  static std::shared_ptr<T> take(Wire handle) { return handle ? *handle : nullptr; }
};

// How the result of a bound function goes out: the type that JavaScript gets (`Wire`), and how it
// is made from the result (`give`). Objects go as pointers that their handles will own, so null is
// possible; 64-bit numbers go as doubles, views of text as text.
template <class T>
struct Outgoing {
  using Wire = typename BindingType<T>::WireType;
  static constexpr TYPEID id() { return TypeID<T>::get(); }
  static Wire give(T value) { return BindingType<T>::toWireType(std::move(value), {}); }
  // The result after a failure, which nobody looks at.
  static Wire none() { return give({}); }
};
template <>
struct Outgoing<void> {
  using Wire = void;
  static constexpr TYPEID id() { return TypeID<void>::get(); }
};
template <class T>
requires(std::same_as<T, Index> || std::same_as<T, float>) struct Outgoing<T> : Outgoing<double> {
};
template <>
struct Outgoing<std::string_view> : Outgoing<std::string> {
  static Wire give(std::string_view value) {
    return Outgoing<std::string>::give(std::string(value));
  }
};
template <class T>
struct OutgoingPointer {
  using Wire = T*;
  static constexpr TYPEID id() { return TypeID<emscripten::internal::AllowedRawPointer<T>>::get(); }
  static Wire none() { return nullptr; }
};
template <>
struct Outgoing<Tensor> : OutgoingPointer<Tensor> {
  static Tensor* give(Tensor value) {
    return value.defined() ? new Tensor(std::move(value)) : nullptr;
  }
};
template <class T>
struct Outgoing<std::shared_ptr<T>> : OutgoingPointer<std::shared_ptr<T>> {
  static std::shared_ptr<T>* give(std::shared_ptr<T> value) {
    return value ? new std::shared_ptr<T>(std::move(value)) : nullptr;
  }
};
template <class T>
struct Outgoing<T*> : OutgoingPointer<T> {
  static T* give(T* value) { return value; }
};

struct Signature {
  unsigned count;
  const TYPEID* types;
  const char* code;
  GenericFunction caller;
};

// The letter by which Embind's glue knows a type.
template <class T>
inline constexpr char kCode = emscripten::internal::SignatureCode<
    typename emscripten::internal::SignatureTranslator<T>::type>::get();

// Calls functions of one signature for Embind, whose own invokers let exceptions out. All functions
// of a signature share one catch clause.
template <class R, class... A>
struct Caller {
  using Wire = typename Outgoing<R>::Wire;

  static Wire call(R (*f)(A...), typename Incoming<A>::Wire... args) {
    try {
      if constexpr (std::is_void_v<R>) {
        return f(Incoming<A>::take(args)...);
      } else {
        return Outgoing<R>::give(f(Incoming<A>::take(args)...));
      }
    } catch (...) {
      note_failure();
    }
    if constexpr (!std::is_void_v<R>) return Outgoing<R>::none();
  }

  static constexpr TYPEID types[] = {Outgoing<R>::id(), Incoming<A>::id()...};
  // Embind's getSignature() is not constexpr, so it would make each signature when the module
  // starts.
  static constexpr char code[] = {kCode<Wire>, 'p', kCode<typename Incoming<A>::Wire>..., 0};
  static inline const Signature signature{1 + sizeof...(A), types, code,
                                          reinterpret_cast<GenericFunction>(&call)};
};

// Plain<&f>::function is f; a member function becomes a function that takes the object first.
template <auto F>
struct Plain;
template <class R, class... A, R (*F)(A...)>
struct Plain<F> : Caller<R, A...> {
  static constexpr auto function = F;
};
template <class C, class R, class... A, R (C::*F)(A...)>
struct Plain<F> : Caller<R, C&, A...> {
  static R function(C& self, A... args) { return (self.*F)(std::forward<A>(args)...); }
};
template <class C, class R, class... A, R (C::*F)(A...) const>
struct Plain<F> : Caller<R, const C&, A...> {
  static R function(const C& self, A... args) { return (self.*F)(std::forward<A>(args)...); }
};

// Everything that runs is bound by bind() or by bind_method().
inline void bind(const char* name, const Signature& signature, GenericFunction function) {
  emscripten::internal::_embind_register_function(name, signature.count, signature.types,
                                                  signature.code, signature.caller, function, false,
                                                  false);
}
inline void bind_method(TYPEID of, const char* name, const Signature& signature,
                        GenericFunction function) {
  emscripten::internal::_embind_register_class_function(
      of, name, signature.count, signature.types, signature.code, signature.caller,
      reinterpret_cast<void*>(function), false, false, false);
}
template <auto F>
void function(const char* name) {
  bind(name, Plain<F>::signature, reinterpret_cast<GenericFunction>(+Plain<F>::function));
}

template <class T>
class Handle {
 public:
  explicit Handle(const char* name) : class_(name) {}
  template <auto F>
  Handle& method(const char* name) {
    bind_method(TypeID<Held<T>>::get(), name, Plain<F>::signature,
                reinterpret_cast<GenericFunction>(+Plain<F>::function));
    return *this;
  }

 private:
  emscripten::class_<Held<T>> class_;
};

// ---- Values in --------------------------------------------------------------

// The functions here rely on the caller's checks: the values are typed arrays, and arrays of whole
// numbers where those are needed.

inline Index length_of(const val& array) {
  return static_cast<Index>(lanegrad_length(array.as_handle()));
}

template <class T>
void copy_in(const val& array, T* to) {
  lanegrad_copy_in(array.as_handle(), to, sizeof(T), std::is_integral_v<T>);
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

// ---- Values out -------------------------------------------------------------

template <class T>
val copy_out(std::span<const T> values) {
  return val::take_ownership(lanegrad_copy_out(values.data(), static_cast<int>(values.size()),
                                               sizeof(T), std::is_integral_v<T>));
}
inline val numbers_out(std::initializer_list<double> numbers) {
  return copy_out(std::span<const double>(numbers));
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
