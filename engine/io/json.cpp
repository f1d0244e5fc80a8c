// Bytes of text, escapes and numbers, as RFC 8259 has them.
#include "engine/io/json.h"

#include <algorithm>
#include <bit>

#include "engine/core/error.h"

namespace lanegrad {

namespace {

constexpr Index kMaxNumber = Index{1} << 53;

void append_utf8(std::string& out, std::uint32_t code) {
  const int rest = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  const std::uint32_t mark = rest > 0 ? 0xFF00U >> (rest + 1) : 0;
  out += static_cast<char>(mark | code >> 6 * rest);
  for (int i = rest - 1; i >= 0; --i) out += static_cast<char>(0x80 | (code >> 6 * i & 0x3F));
}

}  // namespace

bool JsonReader::next(const char* brackets, std::size_t i) {
  if (i == 0) {
    expect(brackets[0]);
    return !take(brackets[1]);
  }
  if (take(',')) return true;
  if (take(brackets[1])) return false;
  unexpected(str("',' or '", std::string_view(brackets + 1, 1), "'"));
}

std::string JsonReader::key() {
  std::string name = string();
  expect(':');
  return name;
}

std::string JsonReader::string() {
  expect('"');
  std::string out;
  while (peek() != '"') {
    const std::size_t size = out.size();
    if (peek() == '\\') {
      append_utf8(out, escaped());
      continue;
    }
    // UTF-8 is valid only if a character is written in as few bytes as possible and is no
    // surrogate.
    const std::uint32_t code = character();
    append_utf8(out, code);
    const std::string_view written = std::string_view(out).substr(size);
    if (code < ' ' || code > 0x10FFFF || code >> 11 == 0xD800 >> 11 ||
        !text_.substr(at_).starts_with(written)) {
      unexpected("text in UTF-8 or '\"'");
    }
    at_ += written.size();
  }
  ++at_;
  return out;
}

Index JsonReader::number() {
  skip(" \t\r\n");
  const auto is_digit = [&] { return peek() >= '0' && peek() <= '9'; };
  if (!is_digit()) unexpected("a whole number of at least 0");
  Index value = 0;
  do {
    value = 10 * value + (peek() - '0');
    if (value > kMaxNumber) unexpected("a number of at most 2^53");
    ++at_;
  } while (value > 0 && is_digit());  // JSON's numbers do not start with 0
  return value;
}

void JsonReader::expect_end() {
  skip(" ");
  if (at_ < text_.size()) unexpected("nothing but spaces after the last '}'");
}

void JsonReader::skip(const char* spaces) {
  at_ = std::min(text_.find_first_not_of(spaces, at_), text_.size());
}

char JsonReader::peek(std::size_t ahead) const {
  return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
}

bool JsonReader::take(char token) {
  skip(" \t\r\n");
  const bool found = peek() == token;
  if (found) ++at_;
  return found;
}

void JsonReader::expect(char token) {
  if (!take(token)) unexpected(str("'", std::string_view(&token, 1), "'"));
}

void JsonReader::unexpected(std::string_view expected) const {
  const auto found = static_cast<std::uint8_t>(peek());
  fail(ErrorCode::CorruptData, op_, ": ",
       at_ == text_.size()           ? "the end"
       : found > ' ' && found < 0x7F ? str("'", text_.substr(at_, 1), "'")
                                     : str("the byte ", found),
       " at byte ", at_, " of the header, expected ", expected);
}

// The code of the next character; not a valid one where the bytes are not UTF-8.
std::uint32_t JsonReader::character() const {
  const auto first = static_cast<std::uint8_t>(peek());
  if (first < 0x80) return first;
  const auto size = static_cast<std::size_t>(std::countl_one(first));
  std::uint32_t code = first & 0x7FU >> size;
  for (std::size_t i = 1; i < size; ++i) code = code << 6 | (peek(i) & 0x3F);
  return code;
}

// The value of the four digits of \uXXXX.
std::uint32_t JsonReader::code_unit() {
  constexpr std::string_view kDigits = "0123456789abcdefABCDEF";
  std::uint32_t code = 0;
  for (int i = 0; i < 4; ++i, ++at_) {
    const auto digit = static_cast<std::uint32_t>(kDigits.find(peek()));
    if (digit >= kDigits.size()) unexpected("four hexadecimal digits");
    code = code << 4 | (digit < 16 ? digit : digit - 6);
  }
  return code;
}

// The code of an escape such as \n, \u00e9 or \ud83d\ude00.
std::uint32_t JsonReader::escaped() {
  constexpr std::string_view kLetters = "\"\\/bfnrtu";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  ++at_;
  const std::size_t letter = kLetters.find(peek());
  if (letter >= kLetters.size()) unexpected("one of \"\\/bfnrtu after '\\'");
  ++at_;
  if (letter < kMeanings.size()) return static_cast<std::uint32_t>(kMeanings[letter]);
  const std::uint32_t code = code_unit();
  if (code >> 11 != 0xD800 >> 11) return code;
  const bool high = code < 0xDC00 && text_.substr(at_).starts_with("\\u");
  if (high) at_ += 2;
  const std::uint32_t low = high ? code_unit() : 0;
  if (low >> 10 != 0xDC00 >> 10) unexpected("both halves of a surrogate pair before it");
  return 0x10000 + ((code & 0x3FF) << 10 | (low & 0x3FF));
}

void append_json(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    if (static_cast<std::uint8_t>(c) < ' ' || c == '"' || c == '\\') {
      out += "\\u00";
      out += kHex[static_cast<std::size_t>(c >> 4)];
      out += kHex[static_cast<std::size_t>(c & 15)];
    } else {
      out += c;
    }
  }
  out += '"';
}

}  // namespace lanegrad
