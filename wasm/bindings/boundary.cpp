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

val details_out(const Details& details) {
  ObjectOut out;
  const auto text = [&](const char* key, const std::string& value) {
    if (!value.empty()) out.add(key, value.c_str());
  };
  const auto number = [&](const char* key, const auto& value) {
    if (value) out.add(key, static_cast<double>(*value));
  };
  text("op", details.op);
  text("field", details.field);
  text("quantity", details.quantity);
  number("value", details.value);
  number("step", details.step);
  number("column", details.column);
  return out.object;
}

void note(const char* code, const char* message, const Details& details = {}) {
  ObjectOut failure;
  failure.add("code", code).add("message", message).add("details", details_out(details));
  lanegrad_note_failure(failure.object.as_handle());
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
