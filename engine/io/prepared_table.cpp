// Two passes over the rows: their targets, by which they are split, and what the inputs are like in
// those for training.
#include "engine/io/prepared_table.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/core/error.h"
#include "engine/core/random.h"

namespace lanegrad {

namespace {

// A target of at most so many different whole numbers is one of classes, unless somebody says
// otherwise.
constexpr std::size_t kFewNumbers = 10;

// Which of `count` positions are held back when `held` of them are, evenly spread.
std::size_t spread(std::size_t i, std::size_t count, std::size_t held) {
  return (2 * i + 1) * count / (2 * held);
}

// The middle one of the values, or the mean of the two in the middle. There is at least one.
double median_of(std::vector<float>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return static_cast<double>(*middle);
  const float below = *std::max_element(values.begin(), middle);
  return (static_cast<double>(below) + static_cast<double>(*middle)) / 2;
}

}  // namespace

PreparedTable::PreparedTable(const Table& table, const PrepareOptions& options)
    : table_(table), options_(options), rows_(table) {
  const std::size_t columns = table.columns().size();
  for (const std::size_t left_out : options_.leave_out) {
    if (left_out >= columns)
      fail(ErrorCode::InvalidArgument, "table: column ", left_out, " left out, expected 0 to ",
           columns - 1);
  }
  if (options_.target >= columns)
    fail(ErrorCode::InvalidArgument, "table: target ", options_.target, ", expected 0 to ",
         columns - 1);
  if (!(options_.held >= 0 && options_.held < 1))
    fail(ErrorCode::InvalidArgument, "table: held ", options_.held,
         ", expected a share of at least 0 and below 1");
  choose_task();
  choose_inputs();
}

void PreparedTable::choose_task() {
  const Column& target = table_.columns()[options_.target];
  const bool numbers = target.has_numbers();
  const std::size_t distinct = target.categories().size();
  const bool few = distinct <= kFewNumbers && target.reading() && !is_date(*target.reading()) &&
                   target.is_whole();
  classes_ = options_.classes.value_or(target.kind() == ColumnKind::Category || !numbers || few);
  const auto refuse = [&](auto... why) {
    fail(ErrorCode::InvalidArgument, "table: target '", target.name(), "' ", why...);
  };
  if (distinct < 2)
    refuse("has ", distinct == 0 ? "no values" : "one value", ", expected at least two");
  if (!classes_) {
    if (!numbers) refuse("as a number: it has texts, expected numbers");
    return;
  }
  if (distinct > Categories::kMost)
    refuse("has more than ", Categories::kMost, " different values, expected classes or numbers");
  for (const auto& category : target.categories().list()) class_names_.push_back(category.name);
}

void PreparedTable::choose_inputs() {
  for (std::size_t i = 0; i < table_.columns().size(); ++i) {
    const Column& column = table_.columns()[i];
    const auto& out = options_.leave_out;
    if (i == options_.target || column.kind() == ColumnKind::Ignored ||
        std::find(out.begin(), out.end(), i) != out.end())
      continue;
    Seen seen;
    seen.column = i;
    seen.first = inputs_.size();
    if (column.kind() == ColumnKind::Category) {
      for (const auto& category : column.categories().list())
        inputs_.push_back({str(column.name(), " = ", category.name), i});
    } else {
      seen.reading = column.reading();
      inputs_.push_back({column.name(), i});
    }
    if (column.missing() > 0) {
      seen.missing = static_cast<int>(inputs_.size());
      inputs_.push_back({str(column.name(), " missing"), i});
    }
    seen_.push_back(std::move(seen));
  }
  if (seen_.empty())
    fail(ErrorCode::InvalidArgument, "table: no column of ", table_.name(),
         " is left beside the target '", table_.columns()[options_.target].name(),
         "', expected at least one to predict it from");
}

bool PreparedTable::advance(Index rows) {
  if (stage_ == Stage::Targets && next_ == 0) {
    known_.reserve(static_cast<std::size_t>(table_.rows()));
    values_.reserve(known_.capacity());
  }
  for (; rows > 0 && stage_ == Stage::Targets; --rows) {
    if (next_ < table_.rows()) {
      read_target(next_++);
    } else {
      split_rows();
      stage_ = Stage::Statistics;
      next_ = 0;
    }
  }
  for (; rows > 0 && stage_ == Stage::Statistics; --rows) {
    if (next_ < static_cast<Index>(train_.size())) {
      measure(train_[static_cast<std::size_t>(next_++)]);
    } else {
      stage_ = Stage::Medians;
      next_ = 0;
    }
  }
  for (; rows > 0 && stage_ == Stage::Medians; --rows) {
    if (next_ < static_cast<Index>(seen_.size())) {
      Seen& seen = seen_[static_cast<std::size_t>(next_++)];
      // A median is found in about as long as a quarter of its rows are read in.
      rows -= static_cast<Index>(seen.values.size() / 4);
      end_measuring(seen);
    } else {
      stage_ = Stage::Done;
    }
  }
  return stage_ == Stage::Done;
}

void PreparedTable::read_target(Index row) {
  const Column& target = table_.columns()[options_.target];
  rows_.read(row);
  const std::string_view text = rows_.text(options_.target);
  if (is_missing(text)) return;
  std::optional<double> value;
  if (classes_) {
    value = target.categories().find(text);
  } else {
    value = read_cell(text, *target.reading());
  }
  if (!value) return;
  known_.push_back(static_cast<std::uint32_t>(row));
  values_.push_back(*value);
}

void PreparedTable::split_rows() {
  const std::size_t count = known_.size();
  if (const Index unknown = table_.rows() - static_cast<Index>(count); unknown > 0)
    notes_.push_back(str(unknown, unknown == 1 ? " row was" : " rows were",
                         " left out, since the target is missing."));
  auto held = static_cast<std::size_t>(std::nearbyint(options_.held * static_cast<double>(count)));
  if (options_.held > 0) held = std::max<std::size_t>(held, 1);
  if (count < 2 || held >= count)
    fail(ErrorCode::InvalidArgument, "table: ", count, " rows with a target, of which ", held,
         " are held back, expected some to learn from");
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0u);
  std::vector<std::uint8_t> is_held(count);
  if (options_.by_order) {
    std::fill(is_held.end() - static_cast<std::ptrdiff_t>(held), is_held.end(), std::uint8_t{1});
  } else {
    Random(options_.seed, streams::kSplit).shuffle(order);
    // Evenly spread over rows that are sorted by class, each class has its share among the held.
    if (classes_)
      std::stable_sort(order.begin(), order.end(),
                       [&](std::uint32_t a, std::uint32_t b) { return values_[a] < values_[b]; });
    for (std::size_t i = 0; i < held; ++i) is_held[order[spread(i, count, held)]] = 1;
  }
  train_.reserve(count - held);
  held_.reserve(held);
  for (std::size_t i = 0; i < count; ++i) (is_held[i] ? held_ : train_).push_back(known_[i]);
  if (!classes_) standardise_target(is_held);
  answers_.assign(static_cast<std::size_t>(table_.rows()), classes_ ? -1.0f : 0.0f);
  for (std::size_t i = 0; i < count; ++i)
    answers_[known_[i]] = static_cast<float>((values_[i] - target_mean_) / target_deviation_);
  known_ = {};
  values_ = {};
}

// By the rows for training alone.
void PreparedTable::standardise_target(const std::vector<std::uint8_t>& is_held) {
  double sum = 0;
  for (std::size_t i = 0; i < values_.size(); ++i) sum += is_held[i] ? 0 : values_[i];
  const auto count = static_cast<double>(train_.size());
  target_mean_ = sum / count;
  double squares = 0;
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const double error = is_held[i] ? 0 : values_[i] - target_mean_;
    squares += error * error;
  }
  target_deviation_ = squares > 0 ? std::sqrt(squares / count) : 1;
}

// Welford's update of mean and squares.
void PreparedTable::measure(std::uint32_t row) {
  rows_.read(row);
  for (Seen& seen : seen_) {
    if (!seen.reading) continue;
    const auto value = read_cell(rows_.text(seen.column), *seen.reading);
    if (!value) continue;
    const double before = *value - seen.mean;
    seen.mean += before / static_cast<double>(++seen.count);
    seen.squares += before * (*value - seen.mean);
    // Less the smallest one, a float keeps what matters of large numbers that differ little.
    if (seen.missing < 0) continue;
    if (seen.values.empty()) seen.values.reserve(train_.size());
    seen.values.push_back(static_cast<float>(*value - column_of(seen).min()));
  }
}

void PreparedTable::end_measuring(Seen& seen) {
  if (!seen.reading) return;
  if (seen.count == 0) {
    notes_.push_back(str("'", column_of(seen).name(), "' has no value in the rows to learn from."));
    return;
  }
  const double variance = seen.squares / static_cast<double>(seen.count);
  seen.deviation = variance > 0 ? std::sqrt(variance) : 1;
  seen.median = seen.mean;
  if (!seen.values.empty()) seen.median = median_of(seen.values) + column_of(seen).min();
  seen.values = {};
}

PreparedTable::Found PreparedTable::write(const Seen& seen, std::string_view text, float* inputs,
                                          std::optional<Reading> otherwise) const {
  if (!is_missing(text)) {
    if (seen.reading) {
      std::optional<double> value = read_cell(text, *seen.reading);
      if (!value && otherwise && is_date(*otherwise) == is_date(*seen.reading))
        value = read_cell(text, *otherwise);
      if (value) {
        inputs[seen.first] = static_cast<float>((*value - seen.mean) / seen.deviation);
        return Found::Value;
      }
    } else if (const int category = column_of(seen).categories().find(text); category >= 0) {
      inputs[seen.first + static_cast<std::size_t>(category)] = 1;
      return Found::Value;
    }
  }
  write_missing(seen, inputs);
  return is_missing(text) ? Found::Missing : Found::Unknown;
}

void PreparedTable::write_missing(const Seen& seen, float* inputs) const {
  if (seen.reading)
    inputs[seen.first] = static_cast<float>((seen.median - seen.mean) / seen.deviation);
  if (seen.missing >= 0) inputs[seen.missing] = 1;
}

void PreparedTable::encode(std::span<const std::uint32_t> rows, float* inputs) const {
  std::fill_n(inputs, rows.size() * inputs_.size(), 0.0f);
  for (const std::uint32_t row : rows) {
    rows_.read(row);
    for (const Seen& seen : seen_) write(seen, rows_.text(seen.column), inputs);
    inputs += inputs_.size();
  }
}

void PreparedTable::labels(std::span<const std::uint32_t> rows, std::int32_t* labels) const {
  for (const std::uint32_t row : rows) *labels++ = static_cast<std::int32_t>(answers_[row]);
}

void PreparedTable::targets(std::span<const std::uint32_t> rows, float* targets) const {
  for (const std::uint32_t row : rows) *targets++ = answers_[row];
}

void PreparedTable::encode_row(std::span<const std::pair<std::string_view, std::string_view>> cells,
                               float* inputs) const {
  std::fill_n(inputs, inputs_.size(), 0.0f);
  for (const Seen& seen : seen_) {
    const Column& column = column_of(seen);
    const auto cell = std::find_if(cells.begin(), cells.end(),
                                   [&](const auto& one) { return one.first == column.name(); });
    if (cell == cells.end())
      fail(ErrorCode::NotFound, "table: the row has no '", column.name(),
           "', expected a cell for each column that the net sees");
    const std::string_view text = trimmed(cell->second);
    const Found found = write(seen, text, inputs);
    if (found == Found::Value || (found == Found::Missing && seen.missing >= 0)) continue;
    std::string expected = seen.reading && is_date(*seen.reading) ? "a date" : "a number";
    if (!seen.reading) {
      expected.clear();
      for (const auto& category : column.categories().list()) {
        if (expected.size() > 200) {
          expected += ", …";
          break;
        }
        expected += str(expected.empty() ? "" : ", ", category.name);
      }
    }
    if (found == Found::Missing)
      fail(ErrorCode::InvalidArgument, "table: '", column.name(),
           "' is missing, which it never was before, expected ", expected);
    fail(ErrorCode::InvalidArgument, "table: '", column.name(), "' is '", text, "', expected ",
         expected);
  }
}

PreparedTable::Stranger::Stranger(const PreparedTable& prepared, const Table& other)
    : prepared_(prepared), other_(other), rows_(other), unread_(prepared.seen_.size()) {
  for (const Seen& seen : prepared.seen_) {
    places_.push_back(other.column(prepared.column_of(seen).name()));
    readings_.push_back(other.columns()[places_.back()].reading());
  }
}

void PreparedTable::Stranger::encode(Index first, Index count, float* inputs) {
  const std::size_t size = prepared_.inputs_.size();
  std::fill_n(inputs, static_cast<std::size_t>(count) * size, 0.0f);
  for (Index row = first; row < first + count; ++row, inputs += size) {
    rows_.read(row);
    for (std::size_t i = 0; i < places_.size(); ++i) {
      const Seen& seen = prepared_.seen_[i];
      const std::string_view text = rows_.text(places_[i]);
      const Found found = prepared_.write(seen, text, inputs, readings_[i]);
      if (found == Found::Value || (found == Found::Missing && seen.missing >= 0)) continue;
      if (unread_[i].count++ == 0) unread_[i] = {.count = 1, .row = row, .text = std::string(text)};
    }
  }
}

std::vector<std::string> PreparedTable::Stranger::notes() const {
  std::vector<std::string> notes;
  for (std::size_t i = 0; i < unread_.size(); ++i) {
    const auto& [count, row, text] = unread_[i];
    if (count == 0) continue;
    const Seen& seen = prepared_.seen_[i];
    const std::string_view otherwise = seen.missing >= 0 ? "missing"
                                       : seen.reading    ? "the mean"
                                                         : "none of the categories";
    notes.push_back(str("'", other_.columns()[places_[i]].name(), "': ", count,
                        count == 1 ? " cell" : " cells", " could not be read, such as '", text,
                        "' in row ", row + 1, ", and ", count == 1 ? "counts" : "count", " as ",
                        otherwise, "."));
  }
  return notes;
}

}  // namespace lanegrad
