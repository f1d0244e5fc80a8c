#include "engine/io/safetensors.h"

#include <cstring>
#include <limits>

#include "engine/core/random.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

using Bytes = std::vector<std::uint8_t>;

// A file of this header and so many bytes of data, 0, 1, 2, …
Bytes file(std::string_view header, std::size_t data = 0) {
  Bytes bytes(8 + header.size() + data);
  const std::uint64_t length = header.size();
  std::memcpy(bytes.data(), &length, 8);
  std::memcpy(bytes.data() + 8, header.data(), header.size());
  for (std::size_t i = 0; i < data; ++i) {
    bytes[8 + header.size() + i] = static_cast<std::uint8_t>(i);
  }
  return bytes;
}

// The refusal of such a file, without "CorruptData: safetensors: ".
std::string refusal(std::string_view header, std::size_t data = 0) {
  const Bytes bytes = file(header, data);
  const std::string error = error_of([&] { parse_safetensors(bytes); });
  const std::string_view start = "CorruptData: safetensors: ";
  return error.starts_with(start) ? error.substr(start.size()) : error;
}

std::string header_of(const Bytes& bytes) {
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  return {bytes.begin() + 8, bytes.begin() + 8 + static_cast<std::ptrdiff_t>(length)};
}

template <class T>
std::span<const std::uint8_t> bytes_of(const std::vector<T>& values) {
  return {reinterpret_cast<const std::uint8_t*>(values.data()), values.size() * sizeof(T)};
}

// A file with tensors of several dtypes and ranks, and text that has to be escaped.
Bytes example() {
  static const std::vector<float> weight = {1, -2, 0.5f, std::numeric_limits<float>::infinity(),
                                            0, 6};
  static const std::vector<std::int64_t> steps = {1234567890123};
  static const std::vector<std::uint8_t> mask = {1, 0, 255};
  return write_safetensors(
      {.metadata = {{"version", "1"}, {"quote \" and \\", "line\nend\x01\x1f ü €"}},
       .tensors = {{"mask", "U8", {3}, bytes_of(mask)},
                   {"dense1.weight", "F32", {2, 3}, bytes_of(weight)},
                   {"empty", "F32", {0, 4}, {}},
                   {"steps", "I64", {}, bytes_of(steps)}}});
}

}  // namespace

TEST_CASE("safetensors come back as they were written", "[safetensors]") {
  const Bytes bytes = example();
  const Safetensors content = parse_safetensors(bytes);
  REQUIRE(content.metadata.size() == 2);
  CHECK(content.metadata[0] == std::pair<std::string, std::string>("version", "1"));
  CHECK(content.metadata[1].first == "quote \" and \\");
  CHECK(content.metadata[1].second == "line\nend\x01\x1f ü €");
  REQUIRE(content.tensors.size() == 4);
  CHECK(content.tensors[0].name == "steps");
  CHECK(content.tensors[0].shape == Shape{});
  CHECK(content.tensors[0].dtype == "I64");
  std::int64_t steps = 0;
  REQUIRE(content.tensors[0].bytes.size() == sizeof steps);
  std::memcpy(&steps, content.tensors[0].bytes.data(), sizeof steps);
  CHECK(steps == 1234567890123);
  CHECK(content.tensors[1].name == "dense1.weight");
  CHECK(content.tensors[1].shape == Shape{2, 3});
  float third = 0;
  std::memcpy(&third, content.tensors[1].bytes.data() + 8, sizeof third);
  CHECK(content.tensors[2].name == "empty");
  CHECK(content.tensors[2].shape == Shape{0, 4});
  CHECK(third == 0.5f);
  CHECK(content.tensors[3].bytes[2] == 255);
  CHECK(bytes == example());
}

TEST_CASE("safetensors are written as others read them", "[safetensors]") {
  const Bytes bytes = example();
  const std::string header = header_of(bytes);
  CHECK(
      header.substr(0, header.find_last_not_of(' ') + 1) ==
      R"({"__metadata__":{"version":"1","quote \u0022 and \u005c":"line\u000aend\u0001\u001f ü €"},)"
      R"("steps":{"dtype":"I64","shape":[],"data_offsets":[0,8]},)"
      R"("dense1.weight":{"dtype":"F32","shape":[2, 3],"data_offsets":[8,32]},)"
      R"("empty":{"dtype":"F32","shape":[0, 4],"data_offsets":[32,32]},)"
      R"("mask":{"dtype":"U8","shape":[3],"data_offsets":[32,35]}})");
  CHECK((8 + header.size()) % 64 == 0);
  CHECK(bytes.size() == 8 + header.size() + 35);
  CHECK(header_of(write_safetensors({})) == "{}" + std::string(54, ' '));
  CHECK(parse_safetensors(write_safetensors({})).tensors.empty());
}

TEST_CASE("safetensors that could not be read are not written", "[safetensors]") {
  const Bytes four(4);
  const auto writing = [&](std::vector<Safetensors::Entry> tensors) {
    return error_of([&] { write_safetensors({.metadata = {}, .tensors = std::move(tensors)}); });
  };
  CHECK(writing({{"w", "F31", {1}, four}}) ==
        "Unsupported: safetensors: tensor 'w' of the unknown dtype 'F31', expected one like F32");
  CHECK(writing({{"w", "F32", {2}, four}}) ==
        "CorruptData: safetensors: tensor 'w' has 4 bytes, expected 8 for its shape and dtype");
  CHECK(writing({{"w", "F32", {1}, four}, {"w", "U8", {4}, four}}) ==
        "CorruptData: safetensors: 'w' twice, expected names that differ");
  CHECK(writing({{"__metadata__", "F32", {1}, four}}) ==
        "CorruptData: safetensors: '[' at byte 39 of the header, expected '\"'");
  CHECK(writing({{"\xff", "F32", {1}, four}}) ==
        "CorruptData: safetensors: the byte 255 at byte 2 of the header, expected text in UTF-8 or "
        "'\"'");
}

TEST_CASE("safetensors of others are read", "[safetensors]") {
  // In any order, with white space, escapes and every dtype.
  const std::string header =
      "{ \"b\" :\t{\"shape\":[ 2 , 1 ],\n\"data_offsets\":[4,8], \"dtype\":\"I16\"},\r"
      R"("a\u0041\n\ud83d\ude00\"\/é":{"dtype":"F32","shape":[],"data_offsets":[0,4]}} )";
  const Bytes bytes = file(header, 8);
  const Safetensors content = parse_safetensors(bytes);
  REQUIRE(content.tensors.size() == 2);
  CHECK(content.tensors[0].name == "aA\n😀\"/é");
  CHECK(content.tensors[1].name == "b");
  CHECK(content.tensors[1].shape == Shape{2, 1});
  CHECK(content.tensors[1].bytes[0] == 4);
  CHECK(refusal("{}") == "no error");
  CHECK(refusal("{}   ") == "no error");
  CHECK(refusal(R"({"__metadata__":{}})") == "no error");
  CHECK(refusal(R"({"":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}})") == "no error");
  CHECK(refusal(R"({"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},)"
                R"("b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                R"("c":{"dtype":"F32","shape":[7,0],"data_offsets":[4,4]}})",
                4) == "no error");
  const std::pair<const char*, int> dtypes[] = {
      {"BOOL", 1}, {"U8", 1},  {"I8", 1},  {"F8_E5M2", 1}, {"F8_E4M3", 1},
      {"I16", 2},  {"U16", 2}, {"F16", 2}, {"BF16", 2},    {"I32", 4},
      {"U32", 4},  {"F32", 4}, {"I64", 8}, {"U64", 8},     {"F64", 8}};
  for (const auto& [dtype, size] : dtypes) {
    INFO(dtype);
    CHECK(dtype_size(dtype) == size);
    CHECK(refusal(str(R"({"x":{"dtype":")", dtype, R"(","shape":[3],"data_offsets":[0,)", 3 * size,
                      "]}}"),
                  static_cast<std::size_t>(3 * size)) == "no error");
  }
  CHECK(dtype_size("F4") == 0);
}

TEST_CASE("safetensors with a wrong length are refused", "[safetensors]") {
  const auto parsing = [](Bytes bytes) { return error_of([&] { parse_safetensors(bytes); }); };
  CHECK(parsing({}) == "CorruptData: safetensors: 0 bytes, expected at least 8");
  CHECK(parsing(Bytes(7)) == "CorruptData: safetensors: 7 bytes, expected at least 8");
  CHECK(parsing(Bytes(8)) == "CorruptData: safetensors: the header does not start with '{'");
  Bytes bytes = file("{}");
  bytes[0] = 3;
  CHECK(parsing(bytes) ==
        "CorruptData: safetensors: a header of more bytes than fit into a file of 10, expected at "
        "most 2");
  bytes[7] = 255;
  CHECK(parsing(bytes) ==
        "CorruptData: safetensors: a header of more bytes than fit into a file of 10, expected at "
        "most 2");
  bytes = file("{}" + std::string(9'999'998, ' '));
  CHECK(parsing(bytes) == "no error");
  bytes = file("{}" + std::string(9'999'999, ' '));
  CHECK(
      parsing(bytes) ==
      "CorruptData: safetensors: a header of more bytes than fit into a file of 10000009, expected "
      "at most 10000000");
}

TEST_CASE("safetensors whose header is not JSON are refused", "[safetensors]") {
  CHECK(refusal(" {}") == "the header does not start with '{'");
  CHECK(refusal("[]") == "the header does not start with '{'");
  CHECK(refusal("\xEF\xBB\xBF{}") == "the header does not start with '{'");
  CHECK(refusal("{") == "the end at byte 1 of the header, expected '\"'");
  CHECK(refusal("{}x") ==
        "'x' at byte 2 of the header, expected nothing but spaces after the last '}'");
  CHECK(refusal("{} \n") ==
        "the byte 10 at byte 3 of the header, expected nothing but spaces after the last '}'");
  CHECK(refusal("{}{}") ==
        "'{' at byte 2 of the header, expected nothing but spaces after the last '}'");
  CHECK(refusal(R"({,})") == "',' at byte 1 of the header, expected '\"'");
  CHECK(refusal(R"({"a)") == "the end at byte 3 of the header, expected text in UTF-8 or '\"'");
  CHECK(refusal("{\"a\nb\":1}") ==
        "the byte 10 at byte 3 of the header, expected text in UTF-8 or '\"'");
  CHECK(refusal(std::string("{\"a\0\":1}", 8)) ==
        "the byte 0 at byte 3 of the header, expected text in UTF-8 or '\"'");
  CHECK(refusal(R"({"a"})") == "'}' at byte 4 of the header, expected ':'");
  CHECK(refusal(R"({"a":1})") == "'1' at byte 5 of the header, expected '{'");
  CHECK(refusal(R"({"a":null})") == "'n' at byte 5 of the header, expected '{'");
  CHECK(refusal(R"({"a":{"shape":[[1]]}})") ==
        "'[' at byte 15 of the header, expected a whole number of at least 0");
  CHECK(refusal(R"({"a":{"shape":[1 2]}})") == "'2' at byte 17 of the header, expected ',' or ']'");
  CHECK(refusal(R"({"a":{"shape":[1,]}})") ==
        "']' at byte 17 of the header, expected a whole number of at least 0");
  CHECK(refusal(R"({"a":{"shape":[-1]}})") ==
        "'-' at byte 15 of the header, expected a whole number of at least 0");
  CHECK(refusal(R"({"a":{"shape":[1.5]}})") == "'.' at byte 16 of the header, expected ',' or ']'");
  CHECK(refusal(R"({"a":{"shape":[1e3]}})") == "'e' at byte 16 of the header, expected ',' or ']'");
  CHECK(refusal(R"({"a":{"shape":[01]}})") == "'1' at byte 16 of the header, expected ',' or ']'");
  CHECK(refusal(R"({"a":{"shape":["1"]}})") ==
        "'\"' at byte 15 of the header, expected a whole number of at least 0");
  CHECK(refusal(R"({"a":{"shape":[9007199254740993]}})") ==
        "'3' at byte 30 of the header, expected a number of at most 2^53");
  CHECK(refusal(R"({"a":{"shape":{}}})") == "'{' at byte 14 of the header, expected '['");
  CHECK(refusal(R"({"a":{"dtype":1}})") == "'1' at byte 14 of the header, expected '\"'");
  CHECK(refusal(R"({"a":{"dtype":"F32"]})") == "']' at byte 19 of the header, expected ',' or '}'");
  CHECK(refusal("{\"a\":" + std::string(100'000, '{')) ==
        "'{' at byte 6 of the header, expected '\"'");
}

TEST_CASE("safetensors with broken text are refused", "[safetensors]") {
  const auto text = [](std::string_view name) {
    return refusal(
        str("{\"", name, "\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}"));
  };
  const std::string not_text = " of the header, expected text in UTF-8 or '\"'";
  CHECK(text("ü€😀\x7f\\u00e9\\uD83D\\uDE00\\uffff\\b\\f\\r\\t") == "no error");
  CHECK(text("\xF4\x8F\xBF\xBF\xED\x9F\xBF\xEE\x80\x80") == "no error");
  CHECK(text("a\x80") == "the byte 128 at byte 3" + not_text);             // no first byte
  CHECK(text("\xC3") == "the byte 195 at byte 2" + not_text);              // half a character
  CHECK(text("\xC0\xAF") == "the byte 192 at byte 2" + not_text);          // overlong
  CHECK(text("\xE0\x9F\xBF") == "the byte 224 at byte 2" + not_text);      // overlong
  CHECK(text("\xF0\x8F\xBF\xBF") == "the byte 240 at byte 2" + not_text);  // overlong
  CHECK(text("\xED\xA0\x80") == "the byte 237 at byte 2" + not_text);      // a surrogate
  CHECK(text("\xF4\x90\x80\x80") == "the byte 244 at byte 2" + not_text);  // above U+10FFFF
  CHECK(text("\xF5\x80\x80\x80") == "the byte 245 at byte 2" + not_text);
  CHECK(text("\\x") == "'x' at byte 3 of the header, expected one of \"\\/bfnrtu after '\\'");
  CHECK(text("\\u12") == "'\"' at byte 6 of the header, expected four hexadecimal digits");
  CHECK(text("\\u12G4") == "'G' at byte 6 of the header, expected four hexadecimal digits");
  const std::string half = " of the header, expected both halves of a surrogate pair before it";
  CHECK(text("\\ud83d") == "'\"' at byte 8" + half);
  CHECK(text("\\ude00") == "'\"' at byte 8" + half);
  CHECK(text("\\ud83d\\u0041") == "'\"' at byte 14" + half);
  CHECK(refusal("{\"a\\") ==
        "the end at byte 4 of the header, expected one of \"\\/bfnrtu after '\\'");
}

TEST_CASE("safetensors whose entries are wrong are refused", "[safetensors]") {
  const auto entry = [](std::string_view fields, std::size_t data = 4) {
    return refusal(str("{\"w\":{", fields, "}}"), data);
  };
  const std::string fields = ", expected dtype, shape and data_offsets, each once";
  const std::string once = ", expected it once";
  CHECK(entry(R"("dtype":"F32","shape":[1],"data_offsets":[0,4])") == "no error");
  CHECK(entry("") == "tensor 'w' without dtype" + once);
  CHECK(entry(R"("dtype":"F32","data_offsets":[0,4])") == "tensor 'w' without shape" + once);
  CHECK(entry(R"("dtype":"F32","shape":[1])") == "tensor 'w' without data_offsets" + once);
  CHECK(entry(R"("dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4])") ==
        "tensor 'w' has 'shape'" + fields);
  CHECK(entry(R"("dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1)") ==
        "tensor 'w' has 'x'" + fields);
  CHECK(entry(R"("dtype":"F31","shape":[1],"data_offsets":[0,4])") ==
        "Unsupported: safetensors: tensor 'w' of the unknown dtype 'F31', expected one like F32");
  CHECK(entry(R"("dtype":"f32","shape":[1],"data_offsets":[0,4])") ==
        "Unsupported: safetensors: tensor 'w' of the unknown dtype 'f32', expected one like F32");
  for (const char* offsets : {"", "0", "0, 4, 4", "4, 0", "0, 5", "5, 5"}) {
    CHECK(entry(str(R"("dtype":"F32","shape":[1],"data_offsets":[)", offsets, "]")) ==
          "tensor 'w' has other data_offsets than a begin and an end within the 4 bytes of data");
  }
  CHECK(entry(R"("dtype":"F32","shape":[1,1,1,1],"data_offsets":[0,4])") == "no error");
  CHECK(entry(R"("dtype":"F32","shape":[1,1,1,1,1],"data_offsets":[0,4])") ==
        "Unsupported: safetensors: tensor 'w' has more than 4 numbers in its shape, expected at "
        "most so many");
  CHECK(entry(R"("dtype":"F32","shape":[2],"data_offsets":[0,4])") ==
        "tensor 'w' has 4 bytes, expected 8 for its shape and dtype");
  CHECK(entry(R"("dtype":"F64","shape":[],"data_offsets":[0,4])") ==
        "tensor 'w' has 4 bytes, expected 8 for its shape and dtype");
  CHECK(entry(R"("dtype":"F32","shape":[0],"data_offsets":[0,4])") ==
        "tensor 'w' has 4 bytes, expected 0 for its shape and dtype");
  // 2^32 · 2^32 numbers are 0 bytes in 64 bits.
  for (const char* shape : {"1073741825", "4294967296,4294967296", "9007199254740992"}) {
    CHECK(
        entry(str(R"("dtype":"F32","shape":[)", shape, R"(],"data_offsets":[0,0])")) ==
        "Unsupported: safetensors: tensor 'w' has more than 1073741824 numbers, the most an array "
        "may have");
  }
  CHECK(refusal(str("{\"", std::string(100, 'n'), "\":{}}")) ==
        str("tensor '", std::string(80, 'n'), "…' without dtype", once));
  CHECK(refusal(str("{\"", std::string(79, 'n'), "€€\":{}}")) ==
        str("tensor '", std::string(79, 'n'), "…' without dtype", once));
}

TEST_CASE("safetensors with the same name twice are refused", "[safetensors]") {
  const std::string empty = R"(:{"dtype":"F32","shape":[0],"data_offsets":[0,0]})";
  CHECK(refusal(str(R"({"w")", empty, R"(,"v")", empty, R"(,"\u0077")", empty, "}")) ==
        "'w' twice, expected names that differ");
  CHECK(refusal(R"({"__metadata__":{"a":"1","b":"2","a":"1"}})") ==
        "'a' twice, expected names that differ");
  const auto names = [](int count) {
    std::string header = R"({"__metadata__":{)";
    for (int i = 0; i < count; ++i) header += str(i == 0 ? "" : ",", "\"", i, R"(":"")");
    return refusal(header + "}}");
  };
  CHECK(names(10'000) == "no error");
  CHECK(names(10'001) == "Unsupported: safetensors: more than 10000 names");
  CHECK(refusal(R"({"__metadata__":{"a":"1"},"__metadata__":{"b":"1"}})") ==
        "'__metadata__' twice, expected names that differ");
}

TEST_CASE("safetensors whose metadata is not text are refused", "[safetensors]") {
  CHECK(refusal(R"({"__metadata__":{"a":1}})") == "'1' at byte 21 of the header, expected '\"'");
  CHECK(refusal(R"({"__metadata__":{"a":{"b":"c"}}})") ==
        "'{' at byte 21 of the header, expected '\"'");
  CHECK(refusal(R"({"__metadata__":"a"})") == "'\"' at byte 16 of the header, expected '{'");
}

TEST_CASE("safetensors with holes, overlaps or a rest are refused", "[safetensors]") {
  const auto two = [](const char* first, const char* second, std::size_t data) {
    return refusal(str(R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[)", first,
                       R"(]},"b":{"dtype":"U8","shape":[4],"data_offsets":[)", second, "]}}"),
                   data);
  };
  CHECK(two("0,4", "4,8", 8) == "no error");
  CHECK(two("4,8", "0,4", 8) == "no error");
  CHECK(two("0,4", "5,9", 9) ==
        "tensor 'b' begins at byte 5 of the data, expected 4, where the one before ends");
  CHECK(two("0,4", "3,7", 7) ==
        "tensor 'b' begins at byte 3 of the data, expected 4, where the one before ends");
  CHECK(refusal(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})", 2) ==
        "tensor 'a' begins at byte 1 of the data, expected 0, where the one before ends");
  CHECK(two("0,4", "0,4", 4)
            .ends_with("begins at byte 0 of the data, expected 4, where the one before ends"));
  CHECK(two("0,4", "4,8", 9) == "9 bytes of data, expected 8, where the last tensor ends");
  CHECK(refusal("{}", 1) == "1 bytes of data, expected 0, where the last tensor ends");
}

TEST_CASE("no bytes crash the reader of safetensors", "[safetensors]") {
  // A valid file with bytes changed, cut off, inserted or copied: it is read or refused.
  Random random(2026);
  const auto pick = [&](std::size_t end) {
    return static_cast<std::size_t>(random.below(static_cast<std::uint32_t>(end)));
  };
  const Bytes valid = example();
  const std::string header = header_of(valid);
  constexpr std::string_view kBytes = "{}[]\",:\\u0123456789 \xff\x80ntEF-";
  int read = 0;
  int refused = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text = header.substr(0, header.find_last_not_of(' ') + 1);
    Bytes data(valid.begin() + 8 + static_cast<std::ptrdiff_t>(header.size()), valid.end());
    for (std::size_t changes = pick(4); changes > 0 && !text.empty(); --changes) {
      const std::size_t at = pick(text.size());
      switch (pick(6)) {
        case 0:
          text[at] = static_cast<char>(text[at] ^ 1 << pick(8));
          break;
        case 1:
          text[at] = kBytes[pick(kBytes.size())];
          break;
        case 2:
          text.erase(at, 1 + pick(8));
          break;
        case 3:
          text.insert(at, 1, kBytes[pick(kBytes.size())]);
          break;
        case 4:
          text.insert(at, text.substr(pick(text.size()), pick(60)));
          break;
        default:
          if (!data.empty()) data.resize(pick(2 * data.size()));
      }
    }
    Bytes bytes = file(text, 0);
    bytes.insert(bytes.end(), data.begin(), data.end());
    if (pick(8) == 0) bytes[pick(8)] = static_cast<std::uint8_t>(random.bits());
    if (pick(8) == 0) bytes.resize(pick(bytes.size()));
    bytes.shrink_to_fit();  // so that the sanitizer sees a read past the end
    try {
      const Safetensors content = parse_safetensors(bytes);
      // Every byte of the data belongs to one tensor, whose shape it fits.
      std::size_t size = 0;
      std::uint64_t sum = 0;
      for (const Safetensors::Entry& entry : content.tensors) {
        Index expected = dtype_size(entry.dtype);
        expected *= entry.shape.size();
        REQUIRE(expected == static_cast<Index>(entry.bytes.size()));
        for (const std::uint8_t byte : entry.bytes) sum += byte;
        size += entry.bytes.size();
      }
      REQUIRE(sum <= 255 * size);
      REQUIRE(size == bytes.size() - 8 - header_of(bytes).size());
      const Bytes again = write_safetensors(content);
      REQUIRE(parse_safetensors(again).tensors.size() == content.tensors.size());
      REQUIRE((write_safetensors(parse_safetensors(again)) == again));
      ++read;
    } catch (const Error& error) {
      REQUIRE(error.message().starts_with("safetensors: "));
      REQUIRE(error.message().size() < 400);
      ++refused;
    }
  }
  CHECK(read > 2000);
  CHECK(refused > 10000);
}

}  // namespace lanegrad::test
