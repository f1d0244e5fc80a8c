// Files that are written and read.
#include "tests/engine/io/safetensors_files.h"

namespace lanegrad::test {

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
