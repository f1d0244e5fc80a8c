// The types of plain values that pass the border, and what replaces Embind's own list of
// them.
#include "wasm/bindings/values.h"

#include <climits>
#include <string>

namespace lanegrad::boundary {

namespace {

// Registers the types that pass the border under Embind's names for them.
void register_values() {
  using namespace emscripten::internal;
  _embind_register_void(TypeID<void>::get(), "void");
  _embind_register_bool(TypeID<bool>::get(), "bool", true, false);
  _embind_register_integer(TypeID<int>::get(), "int", sizeof(int), INT_MIN, INT_MAX);
  _embind_register_float(TypeID<double>::get(), "double", sizeof(double));
  _embind_register_std_string(TypeID<std::string>::get(), "std::string");
  _embind_register_emval(TypeID<val>::get());
}

}  // namespace

EMSCRIPTEN_BINDINGS(values) { register_values(); }

}  // namespace lanegrad::boundary

// These replace Embind's own functions, which would register 40 types that nothing here uses, for
// each thread, and whose names of types would bring printf along: 1 kB.
extern "C" {
// Helper threads call no bindings.
[[gnu::weak]] void _embind_initialize_bindings() {}
[[gnu::weak]] char* __getTypeName(emscripten::internal::TYPEID) {
  return nullptr;  // see getTypeName in glue.js
}
}
namespace emscripten::internal {
extern "C" [[gnu::weak]] void _embind_register_bindings(InitFunc*) {}
}  // namespace emscripten::internal
