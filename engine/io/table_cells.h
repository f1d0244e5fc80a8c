// What the cell of a table says: nothing, a number, a day, or a text.
#pragma once

#include <optional>
#include <string_view>

namespace lanegrad {

// The ways in which a cell may be read as a number. Days count from 1970-01-01, and the time of day
// is a part of one. A column is read in one way.
enum class Reading { Point, Comma, YearFirst, DayFirst, MonthFirst };
inline constexpr Reading kReadings[] = {Reading::Point, Reading::Comma, Reading::YearFirst,
                                        Reading::DayFirst, Reading::MonthFirst};

inline bool is_date(Reading reading) {
  return reading != Reading::Point && reading != Reading::Comma;
}

// The text without the blanks around it, no-break spaces included.
std::string_view trimmed(std::string_view text);

// Whether the trimmed text stands for a missing cell: nothing, NA, N/A, #N/A, NaN, null, None, ?
// or -, in capitals or not.
bool is_missing(std::string_view text);

// What the trimmed text is, read in this way; nothing where it is not finite or no such thing.
//
// Point: "1234.5", "1,234.5", "1 234.5", ".5", "1e-3", "+5", "−3" with a minus sign. Comma:
// "1234,5", "1.234,5". Marks of thousands stand between groups of three digits. A percent sign at
// the end is passed over; "0x10", "1_000" and "Infinity" are texts.
//
// YearFirst: 2020-01-31, 2020/1/31, 2020-01-31T12:30:05.25Z, with an offset such as +02:00, which
// is subtracted. DayFirst: 31.1.2020, 31/01/2020, 31-01-2020 12:30, 31 Jan 2020. MonthFirst:
// 01/31/2020, Jan 31, 2020.
std::optional<double> read_cell(std::string_view text, Reading reading);

// Whether the trimmed text ends with a percent sign.
bool is_percent(std::string_view text);

}  // namespace lanegrad
