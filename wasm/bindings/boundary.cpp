// Exceptions become values.
#include "wasm/bindings/boundary.h"

#include <cxxabi.h>

#include <string_view>
#include <typeinfo>

extern "C" void lanegrad_note_failure(const char* code, const char* message);

namespace lanegrad::boundary {

// The exception is told by the name of its type: a single clause in the engine that catches a type
// would bring in tables and code of 2 kB.
void note_failure() noexcept {
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

}  // namespace lanegrad::boundary
