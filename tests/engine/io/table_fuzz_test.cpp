// Tables that are cut or changed anywhere.
#include "engine/core/random.h"
#include "tests/engine/io/table_of.h"

namespace lanegrad::test {

namespace {

constexpr std::string_view kTables[] = {
    "\xef\xbb\xbf"
    "id,name,when,share,n\n1,\"a \"\"b\"\", c\",2020-01-31 12:30,5 %,\"1,234.5\"\n"
    "2,x,2020-02-29T01:02:03.5Z,7%,?\n3,\"two\nlines\",31 Jan "
    "2020,8%,NA\n\n4,x,2020-03-01,9%,-1e-3\n",
    "a;b;c\r\n1.234,5;31.01.2020;Gr\xf6\xdf"
    "e\r\n2,5;1.2.2021 7:15;\r\n0,5;02/03/2020;y\r\n",
    "sep=|\nx|y\n1|2\n3|4\n",
    "\"\",\"b\"\n\"1\",4,5\n\"2\",6,7\n\"3\",8\n",
};

// Whether reading a text, and making numbers of all that it may predict, gives those or a sentence.
bool is_table_or_sentence(std::string_view text) {
  const std::string error = error_of([&] {
    const Table table = table_of(text, 16);
    table.texts(0, table.rows());
    for (std::size_t target = 0; target < table.columns().size(); ++target) {
      error_of([&] {
        const auto prepared = prepare(table, {.target = target});
        encoded(*prepared, prepared->held_rows());
        const Table same = table_of(text);
        PreparedTable::Stranger stranger(*prepared, same);
        std::vector<float> inputs(static_cast<std::size_t>(same.rows()) *
                                  prepared->inputs().size());
        stranger.encode(0, same.rows(), inputs.data());
      });
    }
  });
  return error == "no error" || error.starts_with("CorruptData: table: ") ||
         error.starts_with("Unsupported: ");
}

}  // namespace

TEST_CASE("tables that are cut anywhere give a table or a sentence", "[table]") {
  for (const std::string_view text : kTables) {
    for (std::size_t size = 0; size <= text.size(); ++size) {
      CAPTURE(size);
      REQUIRE(is_table_or_sentence(text.substr(0, size)));
    }
  }
}

TEST_CASE("tables with any byte changed give a table or a sentence", "[table]") {
  Random random(19);
  constexpr std::string_view kOften = ",;\t|\"\r\n\0\xff -.%e";
  for (const std::string_view text : kTables) {
    for (std::size_t at = 0; at < text.size(); ++at) {
      std::string changed(text);
      changed[at] = kOften[random.below(static_cast<std::uint32_t>(kOften.size()))];
      CAPTURE(at, changed);
      REQUIRE(is_table_or_sentence(changed));
      for (int i = 0; i < 3; ++i)
        changed[random.below(static_cast<std::uint32_t>(changed.size()))] =
            static_cast<char>(random.below(256));
      REQUIRE(is_table_or_sentence(changed));
    }
  }
}

TEST_CASE("a quote that is never closed is found before it swallows a large file", "[table]") {
  std::string text = "a,b\n\"x,1\n";
  while (text.size() < 3 * csv::kLongestCell) text += "some,text\n";
  CHECK(
      error_of([&] { table_of(text, 1 << 16); }).starts_with("CorruptData: table: a quote opens"));
}

TEST_CASE("a line that never ends is refused before it fills the memory", "[table]") {
  CHECK(error_of([] { table_of("a,b\n1," + std::string(std::size_t{5} << 20, 'x'), 1 << 18); }) ==
        "Unsupported: table: row 2 of a.csv has more than 4 MB, expected lines that end");
}

}  // namespace lanegrad::test
