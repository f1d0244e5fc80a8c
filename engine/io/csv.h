// Text between delimiters: rows of cells, which may stand in quotes and then hold delimiters, line
// breaks and doubled quotes. What a cell means is table_cells.h's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lanegrad::csv {

// A cell as it stands in the file.
struct Cell {
  // The text: of a quoted cell what stands between its quotes, unless it is mixed.
  std::string_view text;
  bool quoted = false;
  // Whether the text still has its quotes: some of them are doubled, or something follows them.
  bool mixed = false;
};

// The text that a cell holds: doubled quotes are one.
std::string plain_text(const Cell& cell);
// The same without a copy, where the text is in the file as it is; else it is put into `copy`.
std::string_view plain_text(const Cell& cell, std::string& copy);

// What stands for "the row goes on beyond this text".
inline constexpr std::size_t kMore = static_cast<std::size_t>(-1);

// The most bytes of a quoted cell: a quote that is never closed is found before it has swallowed
// the file.
inline constexpr std::size_t kLongestCell = std::size_t{1} << 20;

class Splitter {
 public:
  explicit Splitter(char delimiter);
  char delimiter() const { return delimiter_; }

  // Puts the cells of the row that begins at `begin` into `cells`, and returns where the next row
  // begins. Rows end with LF, CR LF or CR. Returns kMore where the row may go on beyond the text,
  // unless that is `whole`. Throws CorruptData for a quote that is never closed.
  std::size_t split(std::string_view text, std::size_t begin, bool whole,
                    std::vector<Cell>& cells) const;

 private:
  // Reads the quoted cell whose quote stands at `at`; returns where it ends, or kMore.
  std::size_t quoted(std::string_view text, std::size_t at, bool whole, Cell& cell) const;

  char delimiter_;
  // Whether a character ends a cell without quotes.
  bool ends_[256] = {};
};

// Whether nothing but blanks stands in all of these cells.
bool is_blank(const std::vector<Cell>& cells);

// The delimiter of the file that begins like this, among comma, semicolon, tab and |: the one with
// which most rows have as many cells. `whole`: whether this is all of the file.
char find_delimiter(std::string_view beginning, bool whole);

}  // namespace lanegrad::csv
