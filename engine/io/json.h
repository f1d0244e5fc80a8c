// JSON, as much as headers of files hold: objects, lists, texts and whole numbers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/core/real.h"

namespace lanegrad {

// Reads the parts of a JSON text one by one. What is not as asked for throws CorruptData with the
// byte: "safetensors: ']' at byte 9 of the header, expected ':'".
class JsonReader {
 public:
  // `op` is what messages begin with. `text` has to outlive the reader.
  JsonReader(std::string_view op, std::string_view text) : op_(op), text_(text) {}

  // Takes what stands before element i of an object, "{}", or of a list, "[]"; returns false at its
  // end.
  bool next(const char* brackets, std::size_t i);
  // Takes the key of an element of an object, with the ':' behind it.
  std::string key();
  // Takes a text, which has to be valid UTF-8.
  std::string string();
  // Takes a whole number of 0 to 2^53.
  Index number();
  // Checks that only spaces follow the last '}'.
  void expect_end();

 private:
  void skip(const char* spaces);
  char peek(std::size_t ahead = 0) const;
  bool take(char token);
  void expect(char token);
  [[noreturn]] void unexpected(std::string_view expected) const;
  std::uint32_t character() const;
  std::uint32_t code_unit();
  std::uint32_t escaped();

  std::string_view op_;
  std::string_view text_;
  std::size_t at_ = 0;
};

// Appends the text in quotes and with its escapes.
void append_json(std::string& out, std::string_view text);

}  // namespace lanegrad
