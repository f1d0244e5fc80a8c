// Tables as people have them: how rows are split, and what the columns are.
#include "engine/io/table.h"

#include "engine/io/zip.h"
#include "tests/engine/io/table_of.h"

namespace lanegrad::test {

namespace {

// The rows of a table without its header, with | between cells and / between rows.
std::string cells_of(const Table& table) {
  std::string out;
  for (const auto& row : table.texts(0, table.rows()))
    out += (out.empty() ? "" : "/") + joined(row, "|");
  return out;
}

// A gzip file of one stored block, which has less than 65,536 bytes.
std::string gzip_of(std::string_view text) {
  std::string out("\x1f\x8b\x08\0\0\0\0\0\0\xff\x01", 11);
  const auto append = [&](std::size_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
  };
  append(text.size(), 2);
  append(~text.size(), 2);
  out += text;
  append(crc32(bytes_of(text)), 4);
  append(text.size(), 4);
  return out;
}

std::string refusal(std::string_view text) {
  return error_of([&] { table_of(text); });
}

}  // namespace

TEST_CASE("cells may stand in quotes", "[table]") {
  CHECK(cells_of(table_of("a,b\n\"x, y\",1\n\"say \"\"no\"\"\",2\n\"two\nlines\",3\n\"\",4\n")) ==
        "x, y|1/say \"no\"|2/two\nlines|3/|4");
  // What follows a closing quote belongs to the cell, and a quote inside one is a letter.
  CHECK(cells_of(table_of("a,b\n\"x\"y,1\nz\"z\",2\n")) == "xy|1/z\"z\"|2");
  CHECK(cells_of(table_of("\"a\",\"b\"\r\n\"x\",\"1\"\r\n")) == "x|1");
  CHECK(refusal("a,b\n\"x,1\ny,2\n") ==
        "CorruptData: table: a quote opens a cell and is never closed, near '\"x,1', expected a "
        "second quote");
}

TEST_CASE("lines end in three ways, and the last one need not", "[table]") {
  for (const char* end : {"\n", "\r\n", "\r"}) {
    std::string text;
    for (const char* line : {"a,b", "x,1", "", "y,2"}) text += str(line, end);
    CHECK(cells_of(table_of(text)) == "x|1/y|2");
    CHECK(cells_of(table_of(text + "z,")) == "x|1/y|2/z|");
  }
}

TEST_CASE("the delimiter is found", "[table]") {
  const std::pair<const char*, char> rows[] = {
      {"a,b\n1,2\n", ','},          {"a;b\n1,5;2\n", ';'},
      {"1,5;2,5\n3,5;4,5\n", ';'},  {"a\tb\n1,5\t2\n", '\t'},
      {"a|b\n1|2\n", '|'},          {"text,n\n\"a;b;c\",1\n\"d\",2\n", ','},
      {"sep=|\na,x|b\n1|2\n", '|'}, {"name;note\nx;a, b, c\ny;d\n", ';'},
  };
  for (const auto& [text, wanted] : rows) {
    CAPTURE(text);
    const Table table = table_of(text);
    CHECK(table.delimiter() == wanted);
    CHECK(table.columns().size() == 2);
  }
}

TEST_CASE("a mark at the start belongs to no name", "[table]") {
  const Table table = table_of(
      "\xef\xbb\xbf"
      "a,b\n1,2\n");
  CHECK(table.columns()[0].name() == "a");
  CHECK(table.column("b") == 1);
  CHECK(error_of([&] { table.column("c"); }) ==
        "NotFound: table: no column of a.csv is called 'c', there are a, b");
}

TEST_CASE("short, long and blank rows are said", "[table]") {
  const Table table = table_of("a,b,c\n1,2\n\n3,4,5,6\n,,\n7,8,9,\n");
  CHECK(cells_of(table) == "1|2|/3|4|5/7|8|9");
  CHECK(joined(table.notes()) ==
        "1 row is short, such as row 2 with 2 of 3 cells: the others count as missing. | "
        "1 row is long, such as row 3 with 4 of 3 cells: what is too many was left out. | "
        "2 blank rows were passed over.");
  CHECK(table.columns()[2].missing() == 1);
}

TEST_CASE("columns are what all of their cells are", "[table]") {
  CHECK(kinds_of(table_of("n,c,d,m\n1,x,2020-01-01,NA\n2.5,y,2020-02-01,\n4,x,,3\n5,x,?,4\n")) ==
        "n number, c category, d date, m number");
  CHECK(kinds_of(table_of("a,b,c\n12 %,1,1\n5%,x,1\n7%,2,1\n")) ==
        "a number (percent), b category, c ignored (one value)");
  CHECK(kinds_of(table_of("a,b\n12 %,1\n5,x\n")) == "a category, b category");
  CHECK(kinds_of(table_of("a,b\n,1\nNA,5\n")) == "a ignored (no values), b number");
}

TEST_CASE("a few cells that are no numbers make no text of a column", "[table]") {
  std::string text = "a,b\n";
  for (int i = 0; i < 150; ++i) text += i == 70 ? "oops,1\n" : str(i * 7 % 113, ",", i % 3, "\n");
  const Table table = table_of(text);
  CHECK(kinds_of(table) == "a number (1 cell is none: 'oops'), b number");
  CHECK(table.columns()[0].missing() == 1);
  CHECK(table.columns()[0].min() == 0);
  CHECK(table.columns()[0].max() == 112);
}

TEST_CASE("row numbers and texts of their own are ignored", "[table]") {
  const auto numbered = [](int first, const char* header) {
    std::string text = header;
    for (int i = 0; i < 60; ++i) text += str(i + first, ",x", i, ",", i * i % 17, ",", i % 2, "\n");
    return kinds_of(table_of(text));
  };
  const char* rest = " ignored (row numbers), t ignored (too many categories), n number, m number";
  CHECK(numbered(0, "id,t,n,m\n") == str("id", rest));
  CHECK(numbered(1, "id,t,n,m\n") == str("id", rest));
  // As R writes it.
  CHECK(numbered(1, "t,n,m\n") == str("row", rest));
  CHECK(numbered(2, "id,t,n,m\n").starts_with("id number,"));
  CHECK(numbered(0, "") ==
        "column 1 ignored (row numbers), column 2 ignored (too many categories), column 3 number, "
        "column 4 number");
  // The only column beside another one may be what there is to learn from.
  CHECK(kinds_of(table_of("x,y\n0,1\n1,3\n2,5\n")) == "x number, y number");
}

TEST_CASE("a header has texts over numbers", "[table]") {
  const auto has_header = [](std::string_view text) { return table_of(text).has_header(); };
  CHECK(has_header("a,b\n1,x\n2,y\n"));
  CHECK_FALSE(has_header("5.1,3.5,setosa\n4.9,3.0,setosa\n"));
  CHECK_FALSE(has_header("5.1,3.5,setosa\n4.9,3.0,virginica\n"));
  CHECK(has_header("a,b\nx,y\nz,w\n"));
  CHECK_FALSE(has_header("x,y\nz,y\nx,w\n"));
  CHECK(has_header(",a,b\n0,1,2\n1,3,4\n2,5,7\n"));
  const Table table = table_of("1,2\n3,4\n");
  CHECK(table.rows() == 2);
  CHECK(kinds_of(table) == "column 1 number, column 2 number");
  CHECK(joined(table.notes()) == "The first row is no header, since it looks like the others.");
  CHECK(table.columns()[0].mean() == 2);
  CHECK(kinds_of(table_of("a,a,\n1,2,3\n3,4,5\n")) == "a number, a (2) number, column 3 number");
}

TEST_CASE("commas and points are told apart by the whole table", "[table]") {
  const Table comma = table_of("a;b\n1,5;1.234\n2,25;2.000\n");
  CHECK(comma.decimal() == Reading::Comma);
  CHECK(comma.columns()[0].max() == 2.25);
  CHECK(comma.columns()[1].min() == 1234);
  const Table point = table_of("a;b\n1.5;1,234\n2.25;2,000\n");
  CHECK(point.decimal() == Reading::Point);
  CHECK(point.columns()[1].min() == 1234);
  // A column with both is none of numbers.
  CHECK(kinds_of(table_of("a;b\n1.5;1\n2,5;2\n1.5;3\n2,5;7\n")) == "a category, b number");
}

TEST_CASE("days stand before months where one says so", "[table]") {
  const auto kinds = [](std::string_view dates) {
    return kinds_of(table_of(str("d,n\n", std::string(dates))));
  };
  CHECK(kinds("01/02/2020,1\n25/02/2020,2\n") == "d date (dates, the day first), n number");
  CHECK(kinds("01/02/2020,1\n02/25/2020,2\n") == "d date (dates, the month first), n number");
  CHECK(kinds("01/02/2020,1\n02/03/2020,2\n") == "d date (dates, the month first), n number");
  CHECK(kinds("1.2.2020,1\n2.3.2020,2\n") == "d date (dates, the day first), n number");
  CHECK(kinds("2020-13-01,1\n2020-14-01,2\n") == "d category, n number");
}

TEST_CASE("a column becomes what it can be", "[table]") {
  Table table = table_of("a,b,c\n1,x,\n2,y,\n1,x,\n4,1,\n");
  table.set_kind(0, ColumnKind::Category);
  CHECK(kinds_of(table) == "a category, b category, c ignored (no values)");
  std::string names;
  for (const auto& [name, count] : table.columns()[0].categories().list())
    names += str(name, ":", count, " ");
  CHECK(names == "1:2 2:1 4:1 ");
  table.set_kind(1, ColumnKind::Ignored);
  table.set_kind(1, ColumnKind::Category);
  CHECK(table.columns()[1].kind() == ColumnKind::Category);
  CHECK(error_of([&] { table.set_kind(1, ColumnKind::Number); }) ==
        "InvalidArgument: table: 'b' as number: 'x' is one of its cells, expected mostly numbers");
  CHECK(error_of([&] { table.set_kind(0, ColumnKind::Date); }) ==
        "InvalidArgument: table: 'a' as date: its cells are numbers, expected mostly dates");
  CHECK(error_of([&] { table.set_kind(2, ColumnKind::Category); }) ==
        "InvalidArgument: table: 'c' as category: it has no values, expected some");
  CHECK(error_of([&] { table.set_kind(3, ColumnKind::Category); }) ==
        "NotFound: table: column 3, expected 0 to 2");
}

TEST_CASE("categories are in order, and told apart up to a thousand", "[table]") {
  std::string text = "a,b\n";
  for (int i = 0; i < 1500; ++i) text += str(i % 12 + 1, ",t", i, "\n");
  Table table = table_of(text);
  CHECK(table.columns()[0].categories().size() == 12);
  CHECK(table.columns()[1].categories().size() == Categories::kMost + 1);
  const auto& list = table.columns()[0].categories().list();
  // By number, not by text.
  CHECK(list[1].name == "2");
  CHECK(list[11].name == "12");
  CHECK(table.columns()[0].categories().find("10") == 9);
  CHECK(table.columns()[0].categories().find("13") == -1);
  CHECK(error_of([&] { table.set_kind(1, ColumnKind::Category); }) ==
        "InvalidArgument: table: 'b' as category: it has more than 1000 different values, expected "
        "fewer");
}

TEST_CASE("text that is no UTF-8 is read as Windows-1252", "[table]") {
  const Table table = table_of(
      "Gr\xf6\xdf"
      "e;Preis\n1;2\n3;\x80\n",
      5);
  CHECK(table.columns()[0].name() == "Größe");
  CHECK(table.texts(1, 1)[0][1] == "€");
  CHECK(joined(table.notes()) == "The text is no UTF-8 and was read as Windows-1252.");
  CHECK(table_of("Größe;b\n1;2\n").notes().empty());
}

TEST_CASE("what is no table is refused in a sentence", "[table]") {
  CHECK(refusal("") == "CorruptData: table: a.csv is empty, expected rows of cells");
  CHECK(refusal("\n\n") == "CorruptData: table: a.csv is empty, expected rows of cells");
  CHECK(refusal("a,b\n") ==
        "CorruptData: table: a.csv has no rows but the names of its columns, expected some");
  CHECK(refusal("word\nother\n") ==
        "CorruptData: table: a.csv has one column, expected at least two, with commas, semicolons, "
        "tabs or | between them");
  CHECK(refusal(std::string_view("\xff\xfe"
                                 "a\0,\0",
                                 6))
            .starts_with("Unsupported: table: a.csv is UTF-16"));
  CHECK(refusal(std::string_view("a,b\n\0,1", 7))
            .starts_with("Unsupported: table: a.csv is no text"));
  CHECK(refusal("PK\x03\x04 xl/workbook.xml") ==
        "Unsupported: table: a.csv is an Excel workbook, expected a CSV file: in the spreadsheet's "
        "program, “Save as” or “Export” with the type CSV");
  CHECK(
      refusal("PK\x03\x04 a.csv") ==
      "Unsupported: table: a.csv is a zip archive, expected a CSV file: unpack it, and bring what "
      "is in it");
  CHECK(refusal("\x1f\x8b\x08") ==
        "CorruptData: gzip: a.csv is cut short in a header, expected the whole gzip file");
  std::string wide(Table::kMostColumns, ',');
  CHECK(refusal(wide + "1\n" + wide + "1\n") ==
        "Unsupported: table: a.csv has 4097 columns, expected at most 4096");
}

TEST_CASE("the first row is what somebody says it is", "[table]") {
  const auto read = [](std::string_view text, bool header) {
    Table table("a.csv", header);
    table.append(bytes_of(text));
    table.finish();
    return table;
  };
  const Table names = read("1,2\n3,4\n5,6\n", true);
  CHECK(names.has_header());
  CHECK(kinds_of(names) == "1 number, 2 number");
  CHECK(names.rows() == 2);
  const Table data = read("a,b\nc,d\nc,b\n", false);
  CHECK(!data.has_header());
  CHECK(kinds_of(data) == "column 1 category, column 2 category");
  CHECK(data.texts(0, 1) == std::vector<std::vector<std::string>>{{"a", "b"}});
  CHECK(data.notes().empty());
  // As R writes it, or a row that is short.
  CHECK(kinds_of(read("a,b\nx,1,2\ny,3,4\nx,5,7\n", true)) == "row category, a number, b number");
  const Table one_short = read("x,1\nx,1,2\ny,3,4\n", false);
  CHECK(one_short.rows() == 3);
  CHECK(one_short.columns().size() == 3);
  CHECK(one_short.columns()[2].missing() == 1);
  CHECK(error_of([&] { read("a,b\n", true); }) ==
        "CorruptData: table: a.csv has no rows but the names of its columns, expected some");
  CHECK(read("a,b\n", false).rows() == 1);
}

TEST_CASE("a table that is packed with gzip is unpacked", "[table]") {
  std::string text = "n,word\n";
  for (int i = 0; i < 30000; ++i) text += str(i % 977, ",word ", i % 7, "\n");
  // Stored blocks have at most 65,535 bytes, so there are several members.
  std::string packed;
  for (std::size_t i = 0; i < text.size(); i += 60000) packed += gzip_of(text.substr(i, 60000));
  for (const std::size_t piece : {std::size_t{1}, std::size_t{1000}, packed.size()}) {
    const Table table = table_of(packed, piece);
    CHECK(table.rows() == 30000);
    CHECK(kinds_of(table) == "n number, word category");
    CHECK(table.texts(29999, 1) == table_of(text).texts(29999, 1));
  }
  Table table("a.csv");
  table.append(bytes_of(packed));
  CHECK(!table.unpack());
  CHECK(refusal(std::string_view(packed).substr(0, packed.size() - 20))
            .starts_with("CorruptData: gzip: a.csv is broken (inflate: "));
  CHECK(refusal(gzip_of(gzip_of("a,b\n1,2")))
            .starts_with("Unsupported: table: a.csv is packed with gzip twice"));
}

TEST_CASE("pieces of any size give the same table", "[table]") {
  std::string text =
      "\xef\xbb\xbf"
      "id;t;n\r\n";
  for (int i = 0; i < 100; ++i) text += str(i, ";\"a \"\"", i % 3, "\"\";\r\n\";", i, ",5\r\n");
  const Table whole = table_of(text);
  CHECK(kinds_of(whole) == "id ignored (row numbers), t category, n number");
  for (const std::size_t piece : {1, 2, 3, 7, 64}) {
    const Table table = table_of(text, piece);
    CHECK(kinds_of(table) == kinds_of(whole));
    CHECK(cells_of(table) == cells_of(whole));
    CHECK(table.columns()[2].mean() == whole.columns()[2].mean());
  }
  // Rows come out the same wherever reading begins.
  for (const Index first : {0, 15, 16, 17, 50, 99, 100, 1000}) {
    const auto rows = whole.texts(first, 2);
    CHECK(rows.size() == static_cast<std::size_t>(std::clamp<Index>(100 - first, 0, 2)));
    if (!rows.empty()) CHECK(rows[0][0] == str(first));
  }
}

}  // namespace lanegrad::test
