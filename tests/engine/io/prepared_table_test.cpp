// Tables as numbers for a net.
#include "engine/io/prepared_table.h"

#include <cmath>
#include <set>

#include "tests/engine/io/table_of.h"

namespace lanegrad::test {

namespace {

std::string inputs_of(const PreparedTable& prepared) {
  std::string out;
  for (const auto& [name, column] : prepared.inputs())
    out += str(out.empty() ? "" : ", ", name, "@", column);
  return out;
}

std::string refusal(const Table& table, const PrepareOptions& options) {
  return error_of([&] { prepare(table, options); });
}

// A table of 100 rows: a number, a category with missing cells, a number with some, a class.
std::string hundred_rows() {
  std::string text = "x,colour,y,class\n";
  for (int i = 0; i < 100; ++i)
    text +=
        str(1000000 + i, ",",
            i % 7 == 0 ? ""
            : i % 2    ? "red"
                       : "blue",
            ",", i % 5 == 0 ? std::string("NA") : str(i % 10), ",", i < 80 ? "no" : "yes", "\n");
  return text;
}

}  // namespace

TEST_CASE("inputs are measured on the rows for training alone", "[table]") {
  const Table table = table_of(hundred_rows());
  const auto prepared = prepare(table, {.target = 3});
  CHECK(inputs_of(*prepared) ==
        "x@0, colour = blue@1, colour = red@1, colour missing@1, y@2, y missing@2");
  CHECK(prepared->has_classes());
  CHECK(joined(prepared->class_names()) == "no | yes");
  REQUIRE(prepared->train_rows().size() == 80);
  REQUIRE(prepared->held_rows().size() == 20);
  const std::vector<float> inputs = encoded(*prepared, prepared->train_rows());
  double sum = 0;
  double squares = 0;
  std::vector<double> ys;
  for (std::size_t i = 0; i < 80; ++i) {
    const float* row = &inputs[6 * i];
    const std::uint32_t number = prepared->train_rows()[i];
    sum += row[0];
    squares += row[0] * row[0];
    CHECK(row[1] == (number % 7 != 0 && number % 2 == 0 ? 1 : 0));
    CHECK(row[2] == (number % 7 != 0 && number % 2 == 1 ? 1 : 0));
    CHECK(row[3] == (number % 7 == 0 ? 1 : 0));
    CHECK(row[5] == (number % 5 == 0 ? 1 : 0));
    if (number % 5 != 0) ys.push_back(number % 10);
  }
  CHECK(std::abs(sum / 80) < 1e-6);
  CHECK(squares / 80 == Approx(1).epsilon(1e-5));
  // Missing cells have the median of those that are there.
  std::sort(ys.begin(), ys.end());
  const double median = (ys[ys.size() / 2] + ys[(ys.size() - 1) / 2]) / 2;
  double mean = 0;
  for (const double y : ys) mean += y / static_cast<double>(ys.size());
  double variance = 0;
  for (const double y : ys) variance += (y - mean) * (y - mean) / static_cast<double>(ys.size());
  for (std::size_t i = 0; i < 80; ++i) {
    const std::uint32_t number = prepared->train_rows()[i];
    const double y = number % 5 == 0 ? median : number % 10;
    CHECK(inputs[6 * i + 4] == Approx((y - mean) / std::sqrt(variance)).margin(1e-6));
  }
}

TEST_CASE("each class has its share of the held rows", "[table]") {
  const Table table = table_of(hundred_rows());
  for (const std::uint64_t seed : {1, 2, 3}) {
    const auto prepared = prepare(table, {.target = 3, .seed = seed});
    std::vector<std::int32_t> labels(20);
    prepared->labels(prepared->held_rows(), labels.data());
    CHECK(std::count(labels.begin(), labels.end(), 1) == 4);
    CHECK(std::is_sorted(prepared->held_rows().begin(), prepared->held_rows().end()));
    std::set<std::uint32_t> all(prepared->held_rows().begin(), prepared->held_rows().end());
    all.insert(prepared->train_rows().begin(), prepared->train_rows().end());
    CHECK(all.size() == 100);
  }
  CHECK(prepare(table, {.target = 3})->held_rows() == prepare(table, {.target = 3})->held_rows());
  CHECK(prepare(table, {.target = 3})->held_rows() !=
        prepare(table, {.target = 3, .seed = 2})->held_rows());
  const auto ordered = prepare(table, {.target = 0, .held = 0.05, .by_order = true});
  CHECK(ordered->held_rows() == std::vector<std::uint32_t>{95, 96, 97, 98, 99});
  const auto all = prepare(table, {.target = 0, .held = 0});
  CHECK(all->held_rows().empty());
  CHECK(all->train_rows().size() == 100);
}

TEST_CASE("numbers to predict are standardised, and rows without one left out", "[table]") {
  const Table table = table_of(hundred_rows());
  const auto prepared = prepare(table, {.target = 2, .classes = false, .leave_out = {1}});
  CHECK(inputs_of(*prepared) == "x@0, class = no@3, class = yes@3");
  CHECK_FALSE(prepared->has_classes());
  CHECK(prepared->train_rows().size() + prepared->held_rows().size() == 80);
  CHECK(joined(prepared->notes()) == "20 rows were left out, since the target is missing.");
  std::vector<float> targets(prepared->train_rows().size());
  prepared->targets(prepared->train_rows(), targets.data());
  double sum = 0;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    sum += targets[i];
    CHECK(targets[i] * prepared->target_deviation() + prepared->target_mean() ==
          Approx(prepared->train_rows()[i] % 10));
  }
  CHECK(std::abs(sum) < 1e-4);
}

TEST_CASE("few whole numbers are classes, unless somebody says otherwise", "[table]") {
  std::string text = "grade,price,wide,x\n";
  for (int i = 0; i < 60; ++i)
    text += str(3 + i % 4, ",", 0.5 + i % 3, ",", i % 12, ",", i * 37 % 41, "\n");
  const Table table = table_of(text);
  const auto grade = prepare(table, {.target = 0});
  CHECK(grade->has_classes());
  CHECK(joined(grade->class_names()) == "3 | 4 | 5 | 6");
  CHECK_FALSE(prepare(table, {.target = 0, .classes = false})->has_classes());
  CHECK_FALSE(prepare(table, {.target = 1})->has_classes());
  CHECK_FALSE(prepare(table, {.target = 2})->has_classes());
  CHECK(prepare(table, {.target = 2, .classes = true})->class_names().size() == 12);
}

TEST_CASE("a row is encoded as the table's rows are", "[table]") {
  const Table table = table_of(hundred_rows());
  const auto prepared = prepare(table, {.target = 3});
  using Cells = std::vector<std::pair<std::string_view, std::string_view>>;
  std::vector<float> inputs(6);
  const auto encode = [&](const Cells& cells) {
    return error_of([&] { prepared->encode_row(cells, inputs.data()); });
  };
  CHECK(encode({{"x", "1000011"}, {"colour", " red "}, {"y", "1"}, {"other", "?"}}) == "no error");
  CHECK(inputs == encoded(*prepared, {11}));
  CHECK(encode({{"x", "1,000,035"}, {"colour", ""}, {"y", "?"}}) == "no error");
  CHECK(inputs == encoded(*prepared, {35}));
  CHECK(encode({{"x", "1"}, {"colour", "red"}}) ==
        "NotFound: table: the row has no 'y', expected a cell for each column that the net sees");
  CHECK(encode({{"x", "one"}, {"colour", "red"}, {"y", "1"}}) ==
        "InvalidArgument: table: 'x' is 'one', expected a number");
  CHECK(encode({{"x", ""}, {"colour", "red"}, {"y", "1"}}) ==
        "InvalidArgument: table: 'x' is missing, which it never was before, expected a number");
  CHECK(encode({{"x", "1"}, {"colour", "green"}, {"y", "1"}}) ==
        "InvalidArgument: table: 'colour' is 'green', expected blue, red");
}

TEST_CASE("another table is encoded by the same rules", "[table]") {
  const Table table = table_of(hundred_rows());
  const auto prepared = prepare(table, {.target = 3});
  // Other columns, in another order, with another delimiter and commas before decimals.
  const Table other = table_of("z;y;colour;x\n1;1;red;1000011\n2;2,5;green;\n3;0,5;blue;oops\n");
  PreparedTable::Stranger stranger(*prepared, other);
  std::vector<float> inputs(3 * 6);
  stranger.encode(0, 3, inputs.data());
  CHECK(std::vector<float>(inputs.begin(), inputs.begin() + 6) == encoded(*prepared, {11}));
  CHECK(inputs[6 + 0] == Approx(0).margin(1e-6));
  CHECK(inputs[6 + 3] == 1);
  CHECK(joined(stranger.notes()) ==
        "'x': 2 cells could not be read, such as '' in row 2, and count as the mean. | "
        "'colour': 1 cell could not be read, such as 'green' in row 2, and counts as missing.");
  CHECK(error_of([&] { PreparedTable::Stranger(*prepared, table_of("x,y\n1,2\n")); }) ==
        "NotFound: table: no column of a.csv is called 'colour', there are x, y");
}

TEST_CASE("what cannot be learned is refused", "[table]") {
  const Table table = table_of("a,b,c,d\n1,x,k,\n2,y,k,\n3,z,k,\n7,x,k,\n");
  CHECK(refusal(table, {.target = 4}) == "InvalidArgument: table: target 4, expected 0 to 3");
  CHECK(refusal(table, {.target = 0, .leave_out = {9}}) ==
        "InvalidArgument: table: column 9 left out, expected 0 to 3");
  CHECK(refusal(table, {.target = 0, .held = 1}) ==
        "InvalidArgument: table: held 1, expected a share of at least 0 and below 1");
  CHECK(refusal(table, {.target = 2}) ==
        "InvalidArgument: table: target 'c' has one value, expected at least two");
  CHECK(refusal(table, {.target = 3}) ==
        "InvalidArgument: table: target 'd' has no values, expected at least two");
  CHECK(refusal(table, {.target = 1, .classes = false}) ==
        "InvalidArgument: table: target 'b' as a number: it has texts, expected numbers");
  CHECK(
      refusal(table, {.target = 1, .leave_out = {0}}) ==
      "InvalidArgument: table: no column of a.csv is left beside the target 'b', expected at least "
      "one to predict it from");
  CHECK(refusal(table, {.target = 0, .held = 0.99})
            .starts_with("InvalidArgument: table: 4 rows with"));
}

TEST_CASE("large numbers that differ little keep their differences", "[table]") {
  std::string text = "time,y\n";
  for (int i = 0; i < 30; ++i)
    text += i == 4 ? ",1\n" : str("17000000", i + 10, ".5,", i * i, "\n");
  const Table table = table_of(text);
  const auto prepared = prepare(table, {.target = 1, .held = 0});
  CHECK(table.columns()[0].min() == 1700000010.5);
  const std::vector<float> inputs = encoded(*prepared, {3, 4, 5, 15, 16});
  // The median of the 29 others is the one of row 15.
  CHECK(inputs[2] == inputs[6]);
  CHECK(inputs[3] == 1);
  CHECK(inputs[8] - inputs[6] == Approx((inputs[4] - inputs[0]) / 2).epsilon(1e-4));
}

}  // namespace lanegrad::test
