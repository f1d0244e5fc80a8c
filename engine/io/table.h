// A table in a text file: rows of cells under the names of columns. The text is kept in codes,
// which are about half of its bytes, and rows are split again whenever they are asked for; what is
// kept beside them is little.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/io/csv.h"
#include "engine/io/gzip.h"
#include "engine/io/table_column.h"
#include "engine/io/text_code.h"

namespace lanegrad {

class Table {
 public:
  static constexpr std::size_t kMostColumns = 4096;

  // Messages call the table `name`. Whether its first row has the names of the columns is found out
  // unless `header` says it.
  explicit Table(std::string name, std::optional<bool> header = std::nullopt)
      : name_(std::move(name)), said_header_(header) {}

  // Takes the next bytes and counts the rows that are complete; those of a gzip file are kept until
  // all are there. Throws CorruptData or Unsupported for what is no table.
  void append(std::span<const std::uint8_t> bytes);
  // Unpacks a piece of a gzip file, after the last bytes; returns whether nothing is left. Throws
  // as append and GzipReader do.
  bool unpack();
  // Unpacks what is left and decides what the columns are; comes once, after the last bytes. Throws
  // CorruptData where there are no rows, or just one column.
  void finish();

  const std::string& name() const { return name_; }
  Index rows() const { return file_rows_ - (header_ ? 1 : 0); }
  const std::vector<Column>& columns() const { return columns_; }
  // The column of that name, or of that place counted from 0. Throws NotFound.
  std::size_t column(std::string_view name) const;
  char delimiter() const { return splitter_ ? splitter_->delimiter() : ','; }
  Reading decimal() const { return decimal_; }
  bool has_header() const { return header_; }
  // What was found and left out, in sentences.
  const std::vector<std::string>& notes() const { return notes_; }

  // The cells of the rows from `first` on, as they stand in the file.
  std::vector<std::vector<std::string>> texts(Index first, Index count) const;
  // Says what a column is. Throws InvalidArgument where it cannot be that.
  void set_kind(std::size_t column, ColumnKind kind);

 private:
  friend class TableRows;

  std::string_view text() const {
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
  }
  // Takes bytes that are not packed, or no longer.
  void take(std::span<const std::uint8_t> bytes);
  void start(bool whole);
  // Counts rows as far as they are complete.
  void count_rows(bool whole);
  // Puts the text before `end` into a block of its own.
  void keep_block(std::size_t end);
  void count_row(const std::vector<csv::Cell>& cells);
  void make_columns(std::size_t count);
  // Begins anew with the bytes as Windows-1252, since they are no UTF-8.
  void read_as_windows_1252();
  void decide_columns();
  bool looks_like_header() const;
  void name_columns();
  void write_notes();

  // The rows of a block, which is read at once.
  static constexpr Index kBlock = 16;

  std::string name_;
  std::optional<bool> said_header_;
  // The text that is in no block yet.
  std::vector<std::uint8_t> bytes_;
  // A gzip file, and how far it is unpacked.
  std::vector<std::uint8_t> packed_;
  std::unique_ptr<GzipReader> unpacking_;
  bool windows_1252_ = false;
  std::optional<csv::Splitter> splitter_;
  TextBlocks blocks_;
  // Where in bytes_ the next block and the next row begin.
  std::size_t begin_ = 0;
  std::size_t next_ = 0;
  Index file_rows_ = 0;
  // The first row, which may be the header, trimmed.
  std::vector<std::string> first_row_;
  std::vector<Column> columns_;
  // Whether the first column of all rows but the first has no name.
  bool names_rows_ = false;
  bool header_ = false;
  Reading decimal_ = Reading::Point;
  std::vector<std::string> notes_;
  // How many rows are short, long or blank, and the number of the first one, from 1.
  struct Odd {
    Index count = 0;
    Index first = 0;
    std::size_t cells = 0;
  };
  Odd short_;
  Odd long_;
  Index blank_ = 0;
  std::vector<csv::Cell> cells_;
};

// Reads rows of a table, which are best asked for in ascending order.
class TableRows {
 public:
  explicit TableRows(const Table& table) : table_(table) {}
  // Splits a row.
  void read(Index row);
  // The trimmed text of a cell of that row, until the next call; "" where the row is short.
  std::string_view text(std::size_t column);
  const std::vector<csv::Cell>& cells() const { return cells_; }

 private:
  const Table& table_;
  std::vector<csv::Cell> cells_;
  // The text of a block, and the number of the row in the file that begins at `at_` there; -1
  // before the first one.
  std::string memory_;
  std::string_view text_;
  Index next_ = -1;
  std::size_t at_ = 0;
  std::string copy_;
};

}  // namespace lanegrad
