// A parser for exactly the JSON that a header may hold: it never nests deeper than a list in a
// tensor in the header, so there is no recursion that a file could drive.
#include "engine/training/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "engine/core/error.h"

namespace lanegrad {

namespace {

static_assert(std::endian::native == std::endian::little, "files are little-endian");

constexpr std::size_t kLengthSize = 8;  // of the header's length, in front of it
constexpr std::size_t kMaxHeader = 10'000'000;
constexpr std::size_t kAlignment = 64;  // of the first number in a file of ours
constexpr std::string_view kMetadata = "__metadata__";

struct Dtype {
  std::string_view name;
  Index size;
};
constexpr Dtype kDtypes[] = {{"F64", 8},  {"I64", 8}, {"U64", 8}, {"F32", 4},     {"I32", 4},
                             {"U32", 4},  {"F16", 2}, {"I16", 2}, {"U16", 2},     {"BF16", 2},
                             {"BOOL", 1}, {"I8", 1},  {"U8", 1},  {"F8_E4M3", 1}, {"F8_E5M2", 1}};
constexpr std::string_view kFields[] = {"dtype", "shape", "data_offsets"};

template <class Describe>
void check(bool condition, Describe&& describe) {
  require(condition, ErrorCode::CorruptData, [&] { return str("safetensors: ", describe()); });
}

// Names come from files, and may be as long as these.
std::string quote(std::string_view name) {
  constexpr std::size_t kLongest = 80;
  if (name.size() <= kLongest) return str("'", name, "'");
  std::size_t end = kLongest;
  while (end > 0 && (name[end] & 0xC0) == 0x80) --end;  // not within a character
  return str("'", name.substr(0, end), "…'");
}

const Dtype* find_dtype(std::string_view name) {
  const Dtype* found = std::find_if(std::begin(kDtypes), std::end(kDtypes),
                                    [&](const Dtype& dtype) { return dtype.name == name; });
  return found == std::end(kDtypes) ? nullptr : found;
}

// The length of the UTF-8 character that `text` starts with; 0 where there is none (RFC 3629).
std::size_t character_size(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t size = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (size == 0 || first > 0xF4 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const bool overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
  const bool surrogate = first == 0xED && byte(1) > 0x9F;
  const bool too_large = first == 0xF4 && byte(1) > 0x8F;
  return overlong || surrogate || too_large ? 0 : size;
}

void append_utf8(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
    return;
  }
  const int rest = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;  // bytes after the first
  out += static_cast<char>((0xFF00 >> (rest + 1) & 0xFF) | code >> 6 * rest);
  for (int i = rest - 1; i >= 0; --i) out += static_cast<char>(0x80 | (code >> 6 * i & 0x3F));
}

// Reads the tokens of JSON one by one; messages name the byte of the header.
class Tokens {
 public:
  explicit Tokens(std::string_view text) : text_(text) {}

  std::string_view rest() const { return text_.substr(at_); }

  bool take(char token) {
    skip_space();
    if (at_ == text_.size() || text_[at_] != token) return false;
    ++at_;
    return true;
  }

  void expect(char token) {
    if (!take(token)) unexpected(str("'", std::string_view(&token, 1), "'"));
  }

  // {"key": value, …}: calls value(key) where the value begins.
  template <class Value>
  void object(Value&& value) {
    expect('{');
    if (take('}')) return;
    do {
      std::string key = string();
      expect(':');
      value(std::move(key));
    } while (take(','));
    if (!take('}')) unexpected("',' or '}'");
  }

  std::vector<Index> numbers() {
    std::vector<Index> out;
    expect('[');
    if (take(']')) return out;
    do {
      out.push_back(number());
    } while (take(','));
    if (!take(']')) unexpected("',' or ']'");
    return out;
  }

  std::string string() {
    if (!take('"')) unexpected("'\"'");
    std::string out;
    while (true) {
      const char next = peek();
      if (next == '"') break;
      if (next == '\\') {
        escape(out);
        continue;
      }
      const std::size_t size = at_ < text_.size() ? character_size(rest()) : 0;
      if (size == 0 || static_cast<std::uint8_t>(next) < ' ') unexpected("text in UTF-8 or '\"'");
      out += text_.substr(at_, size);
      at_ += size;
    }
    ++at_;
    return out;
  }

 private:
  void skip_space() { at_ = std::min(text_.find_first_not_of(" \t\n\r", at_), text_.size()); }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  [[noreturn]] void unexpected(std::string_view expected) const {
    const auto found = static_cast<std::uint8_t>(peek());
    fail(ErrorCode::CorruptData,
         str("safetensors: ",
             at_ == text_.size()           ? "the end"
             : found > ' ' && found < 0x7F ? str("'", text_.substr(at_, 1), "'")
                                           : str("the byte ", found),
             " at byte ", at_, " of the header, expected ", expected));
  }

  Index number() {
    skip_space();
    Index value = 0;
    const auto is_digit = [&] { return peek() >= '0' && peek() <= '9'; };
    if (!is_digit()) unexpected("a whole number of at least 0");
    const bool zero = peek() == '0';
    do {
      const Index digit = text_[at_] - '0';
      check(value <= (std::numeric_limits<Index>::max() - digit) / 10, [&] {
        return str("a number of more than 63 bits at byte ", at_, " of the header, expected less");
      });
      value = 10 * value + digit;
      ++at_;
    } while (!zero && is_digit());  // JSON's numbers do not start with 0
    return value;
  }

  // The four digits of \uXXXX.
  std::uint32_t code_unit() {
    std::uint32_t code = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const char digit = peek();
      const char* found = digit != 0 ? std::strchr("0123456789abcdefABCDEF", digit) : nullptr;
      if (found == nullptr) unexpected("four hexadecimal digits");
      code = code << 4 | static_cast<std::uint32_t>(digit <= '9' ? digit - '0' : (digit & 7) + 9);
    }
    return code;
  }

  void escape(std::string& out) {
    constexpr std::string_view kLetters = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    ++at_;
    if (peek() != 'u') {
      const std::size_t letter = kLetters.find(peek());
      if (letter == std::string_view::npos) unexpected("one of \"\\/bfnrtu after '\\'");
      out += kMeanings[letter];
      ++at_;
      return;
    }
    ++at_;
    std::uint32_t code = code_unit();
    if (code >= 0xD800 && code < 0xE000) {
      const bool high = code < 0xDC00 && rest().starts_with("\\u");
      if (high) at_ += 2;
      const std::uint32_t low = high ? code_unit() : 0;
      check(low >= 0xDC00 && low < 0xE000, [&] {
        return str("half a surrogate pair before byte ", at_,
                   " of the header, expected both halves");
      });
      code = 0x10000 + ((code & 0x3FF) << 10 | (low & 0x3FF));
    }
    append_utf8(out, code);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

void check_different(std::vector<std::string_view> names, const char* what) {
  std::make_heap(names.begin(), names.end());
  std::sort_heap(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  check(twice == names.end(),
        [&] { return str(what, " ", quote(*twice), " twice, expected names that differ"); });
}

// The value of a tensor's key.
Safetensors::Entry parse_entry(Tokens& tokens, std::string key,
                               std::span<const std::uint8_t> data) {
  Safetensors::Entry entry{.name = std::move(key), .dtype = {}, .shape = {}, .bytes = {}};
  const std::string tensor = str("tensor ", quote(entry.name));
  const Dtype* dtype = nullptr;
  std::vector<Index> offsets;
  bool seen[std::size(kFields)] = {};
  tokens.object([&](const std::string& name) {
    const auto field = static_cast<std::size_t>(
        std::find(std::begin(kFields), std::end(kFields), name) - std::begin(kFields));
    check(field < std::size(kFields) && !seen[field], [&] {
      return str(tensor, " has ", quote(name), field < std::size(kFields) ? " twice" : "",
                 ", expected dtype, shape and data_offsets");
    });
    seen[field] = true;
    if (field == 0) {
      const std::string text = tokens.string();
      dtype = find_dtype(text);
      require(dtype != nullptr, ErrorCode::Unsupported, [&] {
        return str("safetensors: ", tensor, " of the unknown dtype ", quote(text),
                   ", expected one like F32");
      });
    } else {
      (field == 1 ? entry.shape : offsets) = tokens.numbers();
    }
  });
  for (std::size_t field = 0; field < std::size(kFields); ++field) {
    check(seen[field], [&] {
      return str(tensor, " without ", kFields[field], ", expected dtype, shape and data_offsets");
    });
  }
  entry.dtype = dtype->name;
  const auto size = static_cast<Index>(data.size());
  check(offsets.size() == 2 && offsets[0] <= offsets[1] && offsets[1] <= size, [&] {
    std::string list;
    for (const Index offset : offsets) list += str(list.empty() ? "" : ", ", offset);
    return str(tensor, " has the data_offsets [", list.substr(0, 80),
               "], expected a begin and an end within the ", size, " bytes of data");
  });
  Index bytes = dtype->size;
  for (const Index extent : entry.shape) {
    check(extent == 0 || bytes <= std::numeric_limits<Index>::max() / extent,
          [&] { return str(tensor, " has a shape of more numbers than can be counted"); });
    bytes *= extent;
  }
  check(bytes == offsets[1] - offsets[0], [&] {
    return str(tensor, " has ", offsets[1] - offsets[0], " bytes, expected ", bytes,
               " for its shape and dtype");
  });
  entry.bytes = data.subspan(static_cast<std::size_t>(offsets[0]), static_cast<std::size_t>(bytes));
  return entry;
}

// Bytes of no tensor could hide another file, and shared ones make a small file a large one.
void check_contiguous(std::vector<Safetensors::Entry>& tensors,
                      std::span<const std::uint8_t> data) {
  const auto before = [](const Safetensors::Entry& a, const Safetensors::Entry& b) {
    if (a.bytes.data() != b.bytes.data()) return a.bytes.data() < b.bytes.data();
    if (a.bytes.size() != b.bytes.size()) return a.bytes.size() < b.bytes.size();
    return a.name < b.name;  // of those without bytes
  };
  std::make_heap(tensors.begin(), tensors.end(), before);
  std::sort_heap(tensors.begin(), tensors.end(), before);
  std::size_t end = 0;
  for (const Safetensors::Entry& entry : tensors) {
    const auto begin = static_cast<std::size_t>(entry.bytes.data() - data.data());
    check(begin == end, [&] {
      return str("tensor ", quote(entry.name), " begins at byte ", begin, " of the data, expected ",
                 end, ", where the one before ends");
    });
    end += entry.bytes.size();
  }
  check(end == data.size(), [&] {
    return str(data.size(), " bytes of data, expected ", end, ", where the last tensor ends");
  });
}

void append_json(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    if (static_cast<std::uint8_t>(c) < ' ') {
      out += str("\\u00", c < 16 ? "0" : "1", kHex.substr(c & 15, 1));
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  out += '"';
}

}  // namespace

Index dtype_size(std::string_view dtype) {
  const Dtype* found = find_dtype(dtype);
  return found != nullptr ? found->size : 0;
}

Safetensors parse_safetensors(std::span<const std::uint8_t> bytes) {
  check(bytes.size() >= kLengthSize,
        [&] { return str(bytes.size(), " bytes, expected at least ", kLengthSize); });
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), kLengthSize);
  check(length <= kMaxHeader && length <= bytes.size() - kLengthSize, [&] {
    return str("a header of ", length > kMaxHeader ? str("more than ", kMaxHeader) : str(length),
               " bytes in a file of ", bytes.size(), ", expected at most ",
               std::min(kMaxHeader, bytes.size() - kLengthSize));
  });
  const auto header_size = static_cast<std::size_t>(length);
  const std::string_view header(reinterpret_cast<const char*>(bytes.data()) + kLengthSize,
                                header_size);
  check(header.starts_with('{'), [] { return "the header does not start with '{'"; });
  const std::span<const std::uint8_t> data = bytes.subspan(kLengthSize + header_size);

  Safetensors content;
  bool has_metadata = false;
  Tokens tokens(header);
  tokens.object([&](std::string key) {
    if (key != kMetadata) {
      content.tensors.push_back(parse_entry(tokens, std::move(key), data));
      return;
    }
    check(!has_metadata, [] { return str(kMetadata, " twice, expected it once"); });
    has_metadata = true;
    tokens.object(
        [&](std::string name) { content.metadata.emplace_back(std::move(name), tokens.string()); });
  });
  const std::size_t padding = tokens.rest().find_first_not_of(' ');
  check(padding == std::string_view::npos, [&] {
    return str("more than spaces after the header's last '}', from byte ",
               header_size - tokens.rest().size() + padding, " on");
  });

  std::vector<std::string_view> names;
  for (const auto& [key, value] : content.metadata) names.push_back(key);
  check_different(std::move(names), "metadata");
  names.clear();
  for (const Safetensors::Entry& entry : content.tensors) names.push_back(entry.name);
  check_different(std::move(names), "tensor");
  check_contiguous(content.tensors, data);
  return content;
}

std::vector<std::uint8_t> write_safetensors(const Safetensors& content) {
  std::string header = "{";
  if (!content.metadata.empty()) {
    append_json(header, kMetadata);
    header += ':';
    char separator = '{';
    for (const auto& [key, value] : content.metadata) {
      header += separator;
      append_json(header, key);
      header += ':';
      append_json(header, value);
      separator = ',';
    }
    header += '}';
  }
  for (const Safetensors::Entry& entry : content.tensors) {
    require(dtype_size(entry.dtype) > 0, ErrorCode::Unsupported, [&] {
      return str("safetensors: tensor ", quote(entry.name), " of the unknown dtype ",
                 quote(entry.dtype), ", expected one like F32");
    });
  }
  std::vector<std::span<const std::uint8_t>> parts;
  std::size_t end = 0;
  for (const Index size : {8, 4, 2, 1}) {
    for (const Safetensors::Entry& entry : content.tensors) {
      if (dtype_size(entry.dtype) != size) continue;
      if (header.size() > 1) header += ',';
      append_json(header, entry.name);
      header += str(":{\"dtype\":\"", entry.dtype, "\",\"shape\":[");
      for (std::size_t axis = 0; axis < entry.shape.size(); ++axis) {
        header += str(axis == 0 ? "" : ",", entry.shape[axis]);
      }
      header += str("],\"data_offsets\":[", end, ",", end + entry.bytes.size(), "]}");
      parts.push_back(entry.bytes);
      end += entry.bytes.size();
    }
  }
  header += '}';
  const std::size_t unaligned = (kLengthSize + header.size()) % kAlignment;
  header.append((kAlignment - unaligned) % kAlignment, ' ');

  const std::uint64_t length = header.size();
  std::vector<std::uint8_t> bytes(kLengthSize + header.size() + end);
  std::uint8_t* out = bytes.data();
  const auto append = [&](const void* from, std::size_t size) {
    if (size > 0) std::memcpy(out, from, size);
    out += size;
  };
  append(&length, kLengthSize);
  append(header.data(), header.size());
  for (const std::span<const std::uint8_t> part : parts) append(part.data(), part.size());
  parse_safetensors(bytes);
  return bytes;
}

}  // namespace lanegrad
