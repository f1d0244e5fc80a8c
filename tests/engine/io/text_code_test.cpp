// Text in codes is the same text again, whatever it is, and that of tables takes half of its bytes.
#include "engine/io/text_code.h"

#include <string>
#include <vector>

#include "tests/engine/io/table_of.h"

namespace lanegrad::test {

namespace {

std::string numbers(int rows) {
  std::string out;
  std::uint32_t state = 1;
  for (int i = 0; i < rows; ++i) {
    for (int j = 0; j < 6; ++j) {
      state = state * 1664525 + 1013904223;
      out += str(state >> 22, ".", (state >> 12) % 1000, ",");
    }
    out += str(i % 3 == 0 ? "yellow" : "blue", "\r\n");
  }
  return out;
}

// The text that its codes say, and how many of them there are.
std::string again(const TextCode& code, std::string_view text, std::size_t& count) {
  std::vector<std::uint8_t> codes(2 * text.size());
  count = code.write(text, codes.data());
  std::string read(text.size() + TextCode::kRoom, '?');
  code.read(std::span(codes).first(count), read.data());
  return read.substr(0, text.size());
}

}  // namespace

TEST_CASE("codes say the text that they were written for", "[table]") {
  const std::string text = numbers(300);
  std::string bytes;
  for (int i = 0; i < 1024; ++i) bytes += static_cast<char>(i * 167);
  const TextCode codes[] = {TextCode(), TextCode(""), TextCode(text), TextCode(bytes),
                            TextCode(std::string(100, '\0'))};
  std::size_t count = 0;
  for (const TextCode& code : codes) {
    for (const std::string& each : {text, bytes, std::string(), std::string(21, '\0')}) {
      CHECK(again(code, each, count) == each);
      CHECK(count <= 2 * each.size());
    }
  }
  CHECK(again(codes[2], numbers(2000).substr(7), count) == numbers(2000).substr(7));
  CHECK(2 * count < numbers(2000).size() - 7);
}

TEST_CASE("blocks are read in any order, also those that codes do not shorten", "[table]") {
  TextBlocks blocks;
  blocks.learn(numbers(300));
  std::vector<std::string> texts;
  for (int i = 0; i < 600; ++i)
    texts.push_back(i % 7 == 0 ? std::string(static_cast<std::size_t>(i), 'Q')
                               : numbers(i % 50).substr(static_cast<std::size_t>(i % 2)));
  texts.push_back(std::string(std::size_t{1} << 20, 'Q'));
  for (const std::string& text : texts) blocks.add(text);
  blocks.finish();
  REQUIRE(blocks.count() == texts.size());
  std::string memory;
  for (std::size_t i = texts.size(); i-- > 0;) CHECK(blocks.read(i, memory) == texts[i]);
  for (std::size_t i = 0; i < texts.size(); i += 3) CHECK(blocks.read(i, memory) == texts[i]);
}

TEST_CASE("rows of a table are the same wherever its pieces and blocks end", "[table]") {
  std::string text = "a,b\n";
  for (int i = 0; i < 100; ++i) {
    if (i % 16 == 3) text += "\n,\n";
    text += str("\"x", i, "\n\"\"y\"\"\",", i, i % 2 == 0 ? "\r\n" : "\n");
  }
  // The last row alone says that all of it is Windows-1252.
  for (const std::string_view last : {"z,1\n\n", "z\xe9,1"}) {
    const std::string all = str(text, last);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{37}, all.size()}) {
      const Table table = table_of(all, piece);
      REQUIRE(table.rows() == 101);
      for (const Index first : {Index{0}, Index{14}, Index{15}, Index{16}, Index{60}}) {
        const auto rows = table.texts(first, 20);
        for (std::size_t i = 0; i < rows.size(); ++i) {
          const Index row = first + static_cast<Index>(i);
          CHECK(rows[i] == std::vector<std::string>{str("x", row, "\n\"y\""), str(row)});
        }
      }
      CHECK(table.texts(100, 5).back().front() == (last.starts_with("z,") ? "z" : "z\u00e9"));
    }
  }
}

}  // namespace lanegrad::test
