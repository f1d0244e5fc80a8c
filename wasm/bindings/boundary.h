// The border between C++ and JavaScript. The files beside this one bind everything of the engine
// that JavaScript can reach, by subject and under the names that it has there;
// wasm/src/module/raw.ts is the other side, name by name. A bound function only converts and calls;
// it computes nothing. Every bound function is called by a Caller, so no exception leaves the
// module: it is noted in Module.failure, where load.ts finds it after the call.
#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "engine/lanegrad.h"
#include "wasm/bindings/values.h"

namespace lanegrad::boundary {

// Notes the exception under way; to be called in a `catch (...)`.
void note_failure() noexcept;

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
// Whoever makes an object may leave it to the border to share it, so that there is one kind of
// shared pointer for all classes that derive from T.
template <class T>
struct Outgoing<std::unique_ptr<T>> : Outgoing<std::shared_ptr<T>> {};
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

}  // namespace lanegrad::boundary
