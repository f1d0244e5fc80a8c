// Cells are counted in every reading that fits; the readings that fit all of them remain.
#include "engine/io/table_column.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/core/error.h"
#include "engine/core/text.h"

namespace lanegrad {

namespace {

// Where fewer than one of so many cells is none, a column is still one of numbers.
constexpr Index kStrangersOneOf = 100;

// What may stand in a number besides digits, signs and exponents.
constexpr std::string_view kMarks = ".,' \xc2\xe2";

constexpr std::string_view kKinds[] = {"number", "category", "date", "ignored"};

std::string_view words_of(Reading reading) {
  switch (reading) {
    case Reading::YearFirst:
      return "dates";
    case Reading::DayFirst:
      return "dates, the day first";
    case Reading::MonthFirst:
      return "dates, the month first";
    default:
      return "numbers";
  }
}

}  // namespace

std::size_t Categories::slot_of(std::string_view text) const {
  std::uint32_t hash = 2166136261u;  // FNV-1a
  for (const char letter : text) hash = (hash ^ static_cast<std::uint8_t>(letter)) * 16777619u;
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = (hash ^ (hash >> 15)) & mask;
  while (slots_[slot] != 0 && categories_[slots_[slot] - 1u].name != text) slot = (slot + 1) & mask;
  return slot;
}

void Categories::rehash(std::size_t slots) {
  slots_.assign(slots, 0);
  for (std::size_t i = 0; i < categories_.size(); ++i)
    slots_[slot_of(categories_[i].name)] = static_cast<std::uint16_t>(i + 1);
}

void Categories::add(std::string_view text) {
  if (overflown_) return;
  if (2 * (categories_.size() + 1) > slots_.size())
    rehash(std::max<std::size_t>(2 * slots_.size(), 16));
  const std::size_t slot = slot_of(text);
  if (slots_[slot] != 0) {
    ++categories_[slots_[slot] - 1u].count;
  } else if (categories_.size() == kMost) {
    overflown_ = true;
    categories_ = {};
    slots_ = {};
  } else {
    categories_.push_back({std::string(text), 1});
    slots_[slot] = static_cast<std::uint16_t>(categories_.size());
  }
}

int Categories::find(std::string_view text) const {
  return slots_.empty() ? -1 : static_cast<int>(slots_[slot_of(text)]) - 1;
}

void Categories::sort(std::optional<Reading> reading) {
  const auto before = [&](const Category& a, const Category& b) {
    if (reading) {
      const auto x = read_cell(a.name, *reading);
      const auto y = read_cell(b.name, *reading);
      // What is no number comes last.
      if (x.has_value() != y.has_value()) return x.has_value();
      if (x && *x != *y) return *x < *y;
    }
    return a.name < b.name;
  };
  std::sort(categories_.begin(), categories_.end(), before);
  if (!slots_.empty()) rehash(slots_.size());
}

std::string_view to_string(ColumnKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

Index Column::missing() const {
  const bool numbers = reading_ && (kind_ == ColumnKind::Number || kind_ == ColumnKind::Date);
  return numbers ? cells_ - of(*reading_).count : missing_;
}

void Column::add(std::string_view text, Index row) {
  ++cells_;
  if (is_missing(text)) {
    ++missing_;
    row_numbers_ = false;
    return;
  }
  categories_.add(text);
  if (is_percent(text)) ++percents_;
  bool number = false;
  bool any = false;
  std::optional<double> value;
  for (const Reading reading : kReadings) {
    // What is a number is no date.
    if (number && is_date(reading)) break;
    // Without a mark, both readings of numbers are the same.
    if (reading != Reading::Comma || !number || text.find_first_of(kMarks) != text.npos)
      value = read_cell(text, reading);
    if (!value) continue;
    any = true;
    number = number || !is_date(reading);
    Facts& facts = facts_[static_cast<std::size_t>(reading)];
    ++facts.count;
    facts.min = std::min(facts.min, *value);
    facts.max = std::max(facts.max, *value);
    facts.sum += *value;
    facts.whole = facts.whole && *value == std::floor(*value);
    if (reading != Reading::Point || !row_numbers_) continue;
    const double above = *value - static_cast<double>(row);
    row_numbers_ = above == above_row_.value_or(above);
    above_row_ = above;
  }
  if (!any) {
    row_numbers_ = false;
    if (stranger_.empty()) stranger_ = text;
  }
}

bool Column::needs(Reading decimal) const {
  const Reading other = decimal == Reading::Point ? Reading::Comma : Reading::Point;
  return filled() > 0 && of(decimal).count == filled() && of(other).count < filled();
}

bool Column::has_numbers() const {
  return reading_ && (filled() - of(*reading_).count) * kStrangersOneOf <= filled();
}

void Column::find_reading(Reading decimal) {
  // Days are written first where a comma stands before decimals.
  const bool comma = decimal == Reading::Comma;
  const Reading order[] = {decimal, comma ? Reading::Point : Reading::Comma, Reading::YearFirst,
                           comma ? Reading::DayFirst : Reading::MonthFirst,
                           comma ? Reading::MonthFirst : Reading::DayFirst};
  Index most = 0;
  reading_.reset();
  for (const Reading reading : order) {
    if (of(reading).count <= most) continue;
    most = of(reading).count;
    reading_ = reading;
  }
  if (mixes_percent()) reading_.reset();
}

std::string Column::reading_note() const {
  std::string note;
  const auto add = [&](const std::string& more) { note += str(note.empty() ? "" : ", ", more); };
  if (percents_ > 0) add("percent");
  if (reading_ == Reading::DayFirst || reading_ == Reading::MonthFirst)
    add(std::string(words_of(*reading_)));
  if (const Index strangers = filled() - of(*reading_).count; strangers > 0)
    add(str(strangers, strangers == 1 ? " cell is none: '" : " cells are none, such as '",
            stranger_, "'"));
  return note;
}

void Column::find_kind(std::size_t others) {
  kind_ = ColumnKind::Ignored;
  const std::size_t distinct = categories_.size();
  if (filled() == 0) {
    note_ = "no values";
  } else if (distinct == 1) {
    note_ = "one value";
  } else if (has_numbers()) {
    constexpr Index kFewestRows = 3;
    const bool counts = above_row_ && row_numbers_ && cells_ >= kFewestRows && others > 1 &&
                        (min() == 0 || min() == 1);
    kind_ = counts               ? ColumnKind::Ignored
            : is_date(*reading_) ? ColumnKind::Date
                                 : ColumnKind::Number;
    note_ = counts ? "row numbers" : reading_note();
  } else if (distinct > kManyCategories ||
             (distinct > 10 && 2 * static_cast<Index>(distinct) > filled())) {
    note_ = "too many categories";
  } else {
    kind_ = ColumnKind::Category;
  }
}

void Column::decide(Reading decimal, std::size_t others) {
  note_.clear();
  find_reading(decimal);
  find_kind(others);
  categories_.sort(reading_ && of(*reading_).count == filled() ? reading_ : std::nullopt);
}

void Column::set_kind(ColumnKind kind) {
  const auto refuse = [&](auto... why) {
    fail(ErrorCode::InvalidArgument, "table: '", name_, "' as ", to_string(kind), ": ", why...);
  };
  if (kind == ColumnKind::Category) {
    if (filled() == 0) refuse("it has no values, expected some");
    if (categories_.size() > Categories::kMost)
      refuse("it has more than ", Categories::kMost, " different values, expected fewer");
  } else if (kind != ColumnKind::Ignored) {
    const bool dates = kind == ColumnKind::Date;
    if (!reading_ || is_date(*reading_) != dates || 2 * of(*reading_).count < filled())
      refuse(stranger_.empty() ? std::string("its cells are ") +
                                     std::string(reading_ ? words_of(*reading_) : "mixed")
                               : str("'", stranger_, "' is one of its cells"),
             ", expected mostly ", dates ? "dates" : "numbers");
  }
  kind_ = kind;
  note_ =
      reading_ && (kind == ColumnKind::Number || kind == ColumnKind::Date) ? reading_note() : "";
}

}  // namespace lanegrad
