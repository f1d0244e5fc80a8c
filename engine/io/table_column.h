// A column of a table: what its cells are, which all of them decide together.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/real.h"
#include "engine/io/table_cells.h"

namespace lanegrad {

// Different texts and how often each is there.
class Categories {
 public:
  // Where there are more, none is told apart.
  static constexpr std::size_t kMost = 1000;

  struct Category {
    std::string name;
    Index count = 0;
  };

  void add(std::string_view text);
  // The number of different texts; kMost + 1 where there are more.
  std::size_t size() const { return overflown_ ? kMost + 1 : categories_.size(); }
  // Where there are not too many: in the order in which they came, until they are sorted.
  const std::vector<Category>& list() const { return categories_; }
  // The place of a text, -1 where it is not there.
  int find(std::string_view text) const;
  // Puts them into order: by number where all are numbers in this reading, else by their bytes.
  void sort(std::optional<Reading> reading);

 private:
  std::size_t slot_of(std::string_view text) const;
  void rehash(std::size_t slots);

  std::vector<Category> categories_;
  // Places in categories_ plus 1, by hash; 0 where nothing is. Their number is a power of two.
  std::vector<std::uint16_t> slots_;
  bool overflown_ = false;
};

enum class ColumnKind { Number, Category, Date, Ignored };
std::string_view to_string(ColumnKind kind);

class Column {
 public:
  // A text column with more categories than this is ignored unless somebody wants it.
  static constexpr std::size_t kManyCategories = 50;

  explicit Column(std::string name) : name_(std::move(name)) {}
  void set_name(std::string name) { name_ = std::move(name); }

  const std::string& name() const { return name_; }
  ColumnKind kind() const { return kind_; }
  // How its cells are read where they are numbers or dates, also where the column is ignored.
  std::optional<Reading> reading() const { return reading_; }
  // How many cells are missing, those included that cannot be read.
  Index missing() const;
  Index cells() const { return cells_; }
  const Categories& categories() const { return categories_; }
  double min() const { return of(*reading_).min; }
  double max() const { return of(*reading_).max; }
  double mean() const { return of(*reading_).sum / static_cast<double>(of(*reading_).count); }
  // Why the column is ignored, or how it was read; may be empty.
  const std::string& note() const { return note_; }
  // Whether each of its numbers is whole.
  bool is_whole() const { return of(*reading_).whole; }

  // Counts the trimmed text of a cell in a row, which is counted from the file's first one.
  void add(std::string_view text, Index row);
  // Whether all cells are numbers in this reading, and not all are in the other one.
  bool needs(Reading decimal) const;
  // Whether its cells are numbers or dates, but for one in a hundred.
  bool has_numbers() const;
  // Decides what the column is, once all cells are counted. Where its numbers can be read in two
  // ways, they are read like `decimal`. `others`: how many other columns there are.
  void decide(Reading decimal, std::size_t others);
  // Throws InvalidArgument where the column cannot be that.
  void set_kind(ColumnKind kind);

 private:
  struct Facts {
    Index count = 0;
    double min = std::numeric_limits<double>::infinity();
    double max = -std::numeric_limits<double>::infinity();
    double sum = 0;
    bool whole = true;  // whether each is a whole number
  };
  const Facts& of(Reading reading) const { return facts_[static_cast<std::size_t>(reading)]; }
  Index filled() const { return cells_ - missing_; }
  bool mixes_percent() const { return percents_ != 0 && percents_ != filled(); }
  void find_reading(Reading decimal);
  void find_kind(std::size_t others);
  std::string reading_note() const;

  std::string name_;
  ColumnKind kind_ = ColumnKind::Ignored;
  std::optional<Reading> reading_;
  std::string note_;
  std::array<Facts, std::size(kReadings)> facts_;
  Categories categories_;
  Index cells_ = 0;
  Index missing_ = 0;
  Index percents_ = 0;
  // What the numbers are more than their row's, while that is the same in all rows.
  std::optional<double> above_row_;
  bool row_numbers_ = true;
  // A cell that cannot be read as a number, the first one.
  std::string stranger_;
};

}  // namespace lanegrad
