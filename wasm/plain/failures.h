// What goes wrong in a small module is kept as text until JavaScript asks for it: no exception
// leaves the module. wasm/src/module/plain.ts is the other side.
#pragma once

#include <new>
#include <stdexcept>
#include <string>
#include <utility>

#include "engine/core/error.h"

namespace lanegrad {

class Failures {
 public:
  // "CODE\nMESSAGE" where memory is full, which needs no memory itself, and for exceptions that
  // nobody expected.
  Failures(const char* full, const char* unexpected) : full_(full), unexpected_(unexpected) {}

  // The result of `call`; 0 where it throws.
  template <class Call>
  auto caught(Call call) noexcept -> decltype(call()) {
    try {
      return call();
    } catch (const Error& error) {
      try {
        text_ = str(to_string(error.code()), "\n", error.message());
        last_ = text_.c_str();
      } catch (...) {
        last_ = full_;
      }
    } catch (const std::bad_alloc&) {
      last_ = full_;
    } catch (const std::length_error&) {
      last_ = full_;
    } catch (...) {
      last_ = unexpected_;
    }
    return {};
  }

  // The failure of the last call as "CODE\nMESSAGE", which is forgotten then; null for none.
  const char* take() { return std::exchange(last_, nullptr); }

 private:
  const char* full_;
  const char* unexpected_;
  std::string text_;
  const char* last_ = nullptr;
};

}  // namespace lanegrad
