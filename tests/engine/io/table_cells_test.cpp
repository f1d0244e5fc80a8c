// What a cell of a table says.
#include "engine/io/table_cells.h"

#include <string>

#include "engine/core/text.h"
#include "tests/engine/catch.h"

namespace lanegrad::test {

namespace {

std::string reading(std::string_view text, Reading as) {
  const auto value = read_cell(trimmed(text), as);
  return value ? number_text(*value, 12) : "text";
}

std::string point(std::string_view text) { return reading(text, Reading::Point); }
std::string comma(std::string_view text) { return reading(text, Reading::Comma); }

}  // namespace

TEST_CASE("numbers are read as people write them", "[table]") {
  const std::pair<const char*, const char*> rows[] = {{"0", "0"},
                                                      {"-3", "-3"},
                                                      {"+5", "5"},
                                                      {"01", "1"},
                                                      {".5", "0.5"},
                                                      {"5.", "5"},
                                                      {" 12\t", "12"},
                                                      {"1e5", "100000"},
                                                      {"-1.5E-3", "-0.0015"},
                                                      {"−3", "-3"},
                                                      {"1,234", "1234"},
                                                      {"1,234,567.5", "1.2345675e+06"},
                                                      {"1 234", "1234"},
                                                      {"1\xc2\xa0"
                                                       "234,000",
                                                       "text"},
                                                      {"1'234", "1234"},
                                                      {"12 %", "12"},
                                                      {"12.5%", "12.5"},
                                                      {"\xc2\xa0"
                                                       "7 ",
                                                       "7"},
                                                      {"9007199254740993", "9.00719925474e+15"}};
  for (const auto& [text, wanted] : rows) {
    CAPTURE(text);
    CHECK(point(text) == wanted);
  }
  for (const char* text : {"",
                           "x",
                           "1x",
                           "0x10",
                           "1_000",
                           "Infinity",
                           "1e400",
                           "NaN",
                           "1,5",
                           "0,123",
                           "12,34,567",
                           "1234,567",
                           "1,234 567",
                           "1.2.3",
                           "--1",
                           "1e",
                           "%",
                           "$5",
                           "- 3",
                           ",",
                           ".",
                           "1,",
                           "1,234,",
                           "1,2345",
                           "123456789012345678901234567890123456789012345678901234567890"}) {
    CAPTURE(text);
    CHECK(point(text) == "text");
  }
}

TEST_CASE("decimals may stand behind commas", "[table]") {
  CHECK(comma("1,5") == "1.5");
  CHECK(comma("-0,25") == "-0.25");
  CHECK(comma("1.234,5") == "1234.5");
  CHECK(comma("1 234,5") == "1234.5");
  CHECK(comma("7") == "7");
  CHECK(comma("2,5e-3") == "0.0025");
  CHECK(comma("1.5") == "text");
  CHECK(comma("1.234") == "1234");
  CHECK(comma("1,234,567") == "text");
}

TEST_CASE("missing cells have many names", "[table]") {
  for (const char* text :
       {"", "NA", "na", "N/A", "#N/A", "NaN", "nan", "null", "NULL", "None", "?", "-"})
    CHECK(is_missing(text));
  for (const char* text : {"0", "nothing", "N", "--", "no", "Nano"}) CHECK_FALSE(is_missing(text));
}

TEST_CASE("dates become days", "[table]") {
  const auto year_first = [](std::string_view text) { return reading(text, Reading::YearFirst); };
  CHECK(year_first("1970-01-01") == "0");
  CHECK(year_first("2020-01-01") == "18262");
  CHECK(year_first("2020-02-29") == "18321");
  CHECK(year_first("1969-12-31") == "-1");
  CHECK(year_first("2000/3/1") == "11017");
  CHECK(year_first("2020-01-01T12:00:00Z") == "18262.5");
  CHECK(year_first("2020-01-01 06:00") == "18262.25");
  CHECK(year_first("2020-01-01T12:00:00.000+06:00") == "18262.25");
  CHECK(year_first("2020-01-01T00:00:21.6") == "18262.00025");
  for (const char* text :
       {"2020-13-01", "2020-02-30", "2019-02-29", "1900-02-29", "2020-1", "2020-01-01x",
        "2020-01-01 25:00", "2020-01/01", "20-01-01", "2020-01-01T", "2020-00-10"}) {
    CAPTURE(text);
    CHECK(year_first(text) == "text");
  }
  CHECK(reading("1.2.2020", Reading::DayFirst) == "18293");
  CHECK(reading("01/02/2020", Reading::DayFirst) == "18293");
  CHECK(reading("01/02/2020", Reading::MonthFirst) == "18263");
  CHECK(reading("01.02.2020", Reading::MonthFirst) == "text");
  CHECK(reading("31/01/2020", Reading::MonthFirst) == "text");
  CHECK(reading("31 Jan 2020", Reading::DayFirst) == "18292");
  CHECK(reading("31-jan-2020", Reading::DayFirst) == "18292");
  CHECK(reading("January 31, 2020", Reading::MonthFirst) == "18292");
  CHECK(reading("Jan 32, 2020", Reading::MonthFirst) == "text");
  CHECK(reading("Jam 31, 2020", Reading::MonthFirst) == "text");
}

}  // namespace lanegrad::test
