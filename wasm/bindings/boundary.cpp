// Exceptions become values.
#include "wasm/bindings/boundary.h"

#include <exception>
#include <new>
#include <stdexcept>
#include <string>

// It is in library.js.
extern "C" void lanegrad_note_failure(emscripten::EM_VAL failure);

namespace lanegrad::boundary {

namespace {

// The text is copied into JavaScript without memory of the engine's, of which there may be none.
void set(const val& object, const char* key, const char* text) {
  lanegrad_set(object.as_handle(), key, val::u8string(text).as_handle());
}

val details_out(const Details& details) {
  const val object = val::object();
  const auto text = [&](const char* key, const std::string& value) {
    if (!value.empty()) set(object, key, value.c_str());
  };
  const auto number = [&](const char* key, const auto& value) {
    if (value) lanegrad_set(object.as_handle(), key, val(static_cast<double>(*value)).as_handle());
  };
  text("op", details.op);
  text("field", details.field);
  text("quantity", details.quantity);
  number("value", details.value);
  number("step", details.step);
  number("column", details.column);
  return object;
}

void note(const char* code, const char* message, const Details& details = {}) {
  const val failure = val::object();
  set(failure, "code", code);
  set(failure, "message", message);
  lanegrad_set(failure.as_handle(), "details", details_out(details).as_handle());
  lanegrad_note_failure(failure.as_handle());
}

void note_full_memory() { note("OutOfMemory", "engine: there is not enough memory for this"); }

}  // namespace

void note_failure() noexcept {
  try {
    throw;
  } catch (const Error& error) {
    note(to_string(error.code()).data(), error.what(), error.details());
  } catch (const std::bad_alloc&) {
    note_full_memory();
  } catch (const std::length_error&) {
    note_full_memory();
  } catch (const std::exception& error) {
    note("Internal", error.what());
  }
}

}  // namespace lanegrad::boundary
