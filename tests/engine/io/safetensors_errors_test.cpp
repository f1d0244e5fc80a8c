// Files that are refused.
#include "tests/engine/io/safetensors_files.h"

namespace lanegrad::test {

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

}  // namespace lanegrad::test
