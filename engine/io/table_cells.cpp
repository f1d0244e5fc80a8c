// Numbers and dates as people and spreadsheets write them.
#include "engine/io/table_cells.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "engine/core/number.h"

namespace lanegrad {

namespace {

using View = std::string_view;

// Spaces that stand between thousands or around a cell: no-break, narrow no-break and thin space.
constexpr View kSpaces[] = {" ", "\xc2\xa0", "\xe2\x80\xaf", "\xe2\x80\x89"};
constexpr View kMinusSign = "\xe2\x88\x92";

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

bool is_blank(char letter) { return letter == ' ' || (letter >= '\t' && letter <= '\r'); }

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

bool same_word(View text, View word) {
  return text.size() == word.size() &&
         std::equal(text.begin(), text.end(), word.begin(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

// How many bytes at the beginning of the text are a mark between thousands.
std::size_t thousands_mark(View text, char decimal) {
  if (text.starts_with(decimal == '.' ? ',' : '.') || text.starts_with('\'')) return 1;
  for (const View space : kSpaces) {
    if (text.starts_with(space)) return space.size();
  }
  return 0;
}

// The number without its marks between thousands and with a point for decimals; an empty text where
// the marks stand in wrong places.
std::string without_marks(View text, char decimal) {
  std::string out;
  if (text.starts_with(kMinusSign)) {
    out = '-';
    text.remove_prefix(kMinusSign.size());
  } else if (text.starts_with('-') || text.starts_with('+')) {
    out = text.front();
    text.remove_prefix(1);
  }
  bool marked = false;
  View mark;
  std::size_t group = 0;  // the digits since the last mark
  while (!text.empty() && text.front() != decimal && lower(text.front()) != 'e') {
    if (is_digit(text.front())) {
      out += text.front();
      text.remove_prefix(1);
      ++group;
      continue;
    }
    const std::size_t size = thousands_mark(text, decimal);
    const bool fits = marked ? group == 3 && text.starts_with(mark) : group >= 1 && group <= 3;
    const bool begins_with_zero = !marked && group == 1 && out.ends_with('0');
    if (size == 0 || !fits || begins_with_zero) return {};
    marked = true;
    mark = text.substr(0, size);
    group = 0;
    text.remove_prefix(size);
  }
  if (marked && group != 3) return {};
  if (!text.empty() && text.front() == decimal) {
    out += '.';
    text.remove_prefix(1);
  }
  return out.append(text);
}

// What most numbers are: up to 15 digits with at most one sign and one mark before decimals. The
// value is what parse_number would give: two whole numbers that doubles hold, divided once.
std::optional<double> read_plain_number(View text, char decimal) {
  constexpr double kPowers[] = {1,   1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty() || text.size() > 15) return std::nullopt;
  std::uint64_t digits = 0;
  std::size_t decimals = text.size();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_digit(text[i])) {
      digits = 10 * digits + static_cast<std::uint64_t>(text[i] - '0');
    } else if (text[i] == decimal && decimals == text.size() && text.size() > 1) {
      decimals = i + 1;
    } else {
      return std::nullopt;
    }
  }
  const double value = static_cast<double>(digits) / kPowers[text.size() - decimals];
  return negative ? -value : value;
}

// Whether the mark that would stand between thousands is there without three digits behind it.
bool has_wrong_mark(View text, char mark) {
  const std::size_t at = text.find(mark);
  if (at == View::npos) return false;
  const View rest = text.substr(at + 1);
  return rest.size() < 3 || !is_digit(rest[0]) || !is_digit(rest[1]) || !is_digit(rest[2]) ||
         (rest.size() > 3 && is_digit(rest[3]));
}

std::optional<double> read_number(View text, char decimal) {
  if (is_percent(text)) text = trimmed(text.substr(0, text.size() - 1));
  if (const auto value = read_plain_number(text, decimal)) return value;
  if (has_wrong_mark(text, decimal == '.' ? ',' : '.')) return std::nullopt;
  const std::optional<double> value = parse_number(without_marks(text, decimal));
  return value && std::isfinite(*value) ? value : std::nullopt;
}

constexpr View kMonths[] = {"january", "february", "march",     "april",   "may",      "june",
                            "july",    "august",   "september", "october", "november", "december"};

// Takes what it reads off the beginning of a text.
class Scanner {
 public:
  explicit Scanner(View text) : text_(text) {}

  bool done() const { return text_.empty(); }
  bool take(char letter) {
    if (!text_.starts_with(letter)) return false;
    text_.remove_prefix(1);
    return true;
  }
  void skip_blanks() {
    while (!text_.empty() && is_blank(text_.front())) text_.remove_prefix(1);
  }
  // A whole number of `least` to `most` digits; -1 where there is none.
  int number(std::size_t least, std::size_t most) {
    std::size_t size = 0;
    int value = 0;
    for (; size < text_.size() && size < most && is_digit(text_[size]); ++size)
      value = 10 * value + (text_[size] - '0');
    if (size < least || (size < text_.size() && is_digit(text_[size]))) return -1;
    text_.remove_prefix(size);
    return value;
  }
  // The next digit; -1 where there is none.
  int digit() {
    if (text_.empty() || !is_digit(text_.front())) return -1;
    const int value = text_.front() - '0';
    text_.remove_prefix(1);
    return value;
  }
  // The month whose English name, or at least three letters of it, stands here; -1 where none does.
  int month() {
    std::size_t size = 0;
    while (size < text_.size() && lower(text_[size]) >= 'a' && lower(text_[size]) <= 'z') ++size;
    for (int i = 0; size >= 3 && i < 12; ++i) {
      if (!same_word(text_.substr(0, size), kMonths[i].substr(0, size))) continue;
      text_.remove_prefix(size);
      return i + 1;
    }
    return -1;
  }
  // What separates the parts of a date; 0 where nothing does.
  char separator() {
    const char letter = text_.empty() ? '\0' : text_.front();
    if (letter != '-' && letter != '/' && letter != '.' && letter != ' ') return '\0';
    text_.remove_prefix(1);
    return letter;
  }

 private:
  View text_;
};

// The days from 1970-01-01 to a day of the Gregorian calendar; nothing where there is no such day.
// The count is that of Fliegel and Van Flandern (1968), with the year beginning in March.
std::optional<double> days_to(int year, int month, int day) {
  constexpr int kLengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (year < 1 || month < 1 || month > 12 || day < 1) return std::nullopt;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  if (day > kLengths[month - 1] + (month == 2 && leap ? 1 : 0)) return std::nullopt;
  const int y = month > 2 ? year : year - 1;
  const int m = month > 2 ? month - 3 : month + 9;
  const int days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1;
  return days - 719468;
}

// The time of day that follows a date, as a part of a day: " 12:30", "T12:30:05.25+02:00".
std::optional<double> read_time(Scanner& scanner) {
  if (scanner.done()) return 0;
  if (!scanner.take('T')) scanner.skip_blanks();
  const int hours = scanner.number(1, 2);
  if (hours < 0 || hours > 24 || !scanner.take(':')) return std::nullopt;
  const int minutes = scanner.number(2, 2);
  if (minutes < 0 || minutes > 59) return std::nullopt;
  double seconds = 0;
  if (scanner.take(':')) {
    seconds = scanner.number(2, 2);
    if (seconds < 0 || seconds > 60) return std::nullopt;
    if (scanner.take('.')) {
      double scale = 0.1;
      int digit = scanner.digit();
      if (digit < 0) return std::nullopt;
      for (; digit >= 0; digit = scanner.digit(), scale /= 10) seconds += scale * digit;
    }
  }
  double offset = 0;  // in minutes
  scanner.skip_blanks();
  if (!scanner.take('Z')) {
    const bool east = scanner.take('+');
    if (east || scanner.take('-')) {
      const int of_hours = scanner.number(2, 2);
      scanner.take(':');
      const int of_minutes = scanner.done() ? 0 : scanner.number(2, 2);
      if (of_hours < 0 || of_minutes < 0) return std::nullopt;
      offset = (east ? 1 : -1) * (60 * of_hours + of_minutes);
    }
  }
  if (!scanner.done()) return std::nullopt;
  return (hours * 60 + minutes - offset) / 1440 + seconds / 86400;
}

std::optional<double> read_date(View text, Reading reading) {
  Scanner scanner(text);
  int year = 0;
  int month = 0;
  int day = 0;
  if (reading == Reading::YearFirst) {
    year = scanner.number(4, 4);
    const char separator = scanner.separator();
    month = scanner.number(1, 2);
    if (separator == '\0' || separator == ' ' || !scanner.take(separator)) return std::nullopt;
    day = scanner.number(1, 2);
  } else if (const int named = scanner.month(); named > 0) {  // Jan 31, 2020
    if (reading != Reading::MonthFirst) return std::nullopt;
    month = named;
    scanner.take('.');
    scanner.skip_blanks();
    day = scanner.number(1, 2);
    scanner.take(',');
    scanner.skip_blanks();
    year = scanner.number(4, 4);
  } else {
    const int first = scanner.number(1, 2);
    const char separator = scanner.separator();
    if (first < 0 || separator == '\0') return std::nullopt;
    scanner.skip_blanks();
    if (const int middle = scanner.month(); middle > 0) {  // 31 Jan 2020, 31-Jan-2020
      if (reading != Reading::DayFirst) return std::nullopt;
      day = first;
      month = middle;
      if (scanner.separator() == '\0') return std::nullopt;
    } else {
      // Days stand first where points separate.
      if (separator == ' ' || (separator == '.' && reading != Reading::DayFirst))
        return std::nullopt;
      const int second = scanner.number(1, 2);
      if (!scanner.take(separator)) return std::nullopt;
      day = reading == Reading::DayFirst ? first : second;
      month = reading == Reading::DayFirst ? second : first;
    }
    year = scanner.number(4, 4);
  }
  const std::optional<double> days = days_to(year, month, day);
  if (!days) return std::nullopt;
  const std::optional<double> time = read_time(scanner);
  return time ? std::optional(*days + *time) : std::nullopt;
}

}  // namespace

std::string_view trimmed(View text) {
  for (bool changed = true; changed;) {
    changed = false;
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    if (const View space = kSpaces[1]; text.size() >= 2 && text.starts_with(space)) {
      text.remove_prefix(space.size());
      changed = true;
    } else if (text.size() >= 2 && text.ends_with(space)) {
      text.remove_suffix(space.size());
      changed = true;
    }
  }
  return text;
}

bool is_missing(View text) {
  constexpr View kWords[] = {"NA", "N/A", "#N/A", "NaN", "null", "None", "?", "-"};
  constexpr std::size_t kLongest = 4;
  if (text.size() > kLongest) return false;
  return text.empty() || std::any_of(std::begin(kWords), std::end(kWords),
                                     [&](View word) { return same_word(text, word); });
}

bool is_percent(View text) { return text.size() > 1 && text.ends_with('%'); }

std::optional<double> read_cell(View text, Reading reading) {
  // Nothing that is read is longer, and most texts are known by their first character.
  constexpr std::size_t kLongest = 48;
  if (text.empty() || text.size() > kLongest) return std::nullopt;
  if (reading == Reading::Point) return read_number(text, '.');
  if (reading == Reading::Comma) return read_number(text, ',');
  return text.size() < 8 ? std::nullopt : read_date(text, reading);
}

}  // namespace lanegrad
