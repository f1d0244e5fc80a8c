// Rows are counted as their bytes come; what the columns are is decided when all are there.
#include "engine/io/table.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "engine/core/error.h"
#include "engine/io/strangers.h"

namespace lanegrad {

namespace {

using View = std::string_view;

// The beginning of a file by which its delimiter is found.
constexpr std::size_t kBeginning = std::size_t{1} << 16;
// The part of it by which its codes are found.
constexpr std::size_t kSample = std::size_t{1} << 15;
// The most bytes of a row, which is looked through anew with each piece of the file that has come.
constexpr std::size_t kLongestRow = std::size_t{4} << 20;
constexpr View kByteOrderMark = "\xef\xbb\xbf";

// Whether the text is UTF-8; overlong forms and surrogates are let through, since they cannot be
// Windows-1252 that somebody meant.
bool is_utf8(View text) {
  std::size_t i = 0;
  while (i < text.size()) {
    // Mostly eight letters at once are ASCII.
    std::uint64_t eight = 0;
    if (i + sizeof eight <= text.size()) {
      std::memcpy(&eight, text.data() + i, sizeof eight);
      if ((eight & 0x8080808080808080u) == 0) {
        i += sizeof eight;
        continue;
      }
    }
    const auto lead = static_cast<std::uint8_t>(text[i++]);
    if (lead < 0x80) continue;
    const int more = lead >= 0xf0 && lead < 0xf5 ? 3 : lead >= 0xe0 ? 2 : 1;
    if (lead < 0xc2 || lead >= 0xf5) return false;
    for (int k = 0; k < more; ++k, ++i) {
      if (i >= text.size() || (static_cast<std::uint8_t>(text[i]) & 0xc0) != 0x80) return false;
    }
  }
  return true;
}

void append_utf8(std::uint32_t code, std::vector<std::uint8_t>& out) {
  const auto byte = [&](std::uint32_t value) { out.push_back(static_cast<std::uint8_t>(value)); };
  if (code < 0x80) return byte(code);
  if (code < 0x800) {
    byte(0xc0 | (code >> 6));
  } else {
    byte(0xe0 | (code >> 12));
    byte(0x80 | ((code >> 6) & 0x3f));
  }
  byte(0x80 | (code & 0x3f));
}

// The bytes, which are Windows-1252, as UTF-8.
void append_windows_1252(std::span<const std::uint8_t> bytes, std::vector<std::uint8_t>& out) {
  // What stands at 0x80 to 0x9f; the rest is as in Unicode.
  constexpr std::uint16_t kOthers[] = {
      0x20ac, 0x81,   0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
      0x2039, 0x0152, 0x8d,   0x017d, 0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
      0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,   0x017e, 0x0178};
  for (const std::uint8_t byte : bytes) {
    append_utf8(byte >= 0x80 && byte < 0xa0 ? kOthers[byte - 0x80] : byte, out);
  }
}

bool is_number(View text) {
  return std::any_of(std::begin(kReadings), std::end(kReadings),
                     [&](Reading reading) { return read_cell(text, reading).has_value(); });
}

}  // namespace

void Table::append(std::span<const std::uint8_t> bytes) {
  if (!packed_.empty()) {
    packed_.insert(packed_.end(), bytes.begin(), bytes.end());
    return;
  }
  take(bytes);
}

bool Table::unpack() {
  if (packed_.empty()) return true;
  if (!unpacking_) {
    unpacking_ = std::make_unique<GzipReader>(packed_, name_, kMostUnpacked);
  }
  const auto piece = unpacking_->next();
  take(piece);
  if (!piece.empty()) return false;
  unpacking_.reset();
  packed_ = {};
  return true;
}

void Table::take(std::span<const std::uint8_t> bytes) {
  if (windows_1252_) {
    append_windows_1252(bytes, bytes_);
  } else {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }
  if (!splitter_) {
    if (!unpacking_ && is_gzip(bytes_)) {
      packed_ = std::exchange(bytes_, {});
      return;
    }
    if (bytes_.size() < kBeginning) return;
    start(false);
  }
  count_rows(false);
}

void Table::start(bool whole) {
  const View beginning = text().substr(0, kBeginning);
  if (beginning.starts_with("\xff\xfe") || beginning.starts_with("\xfe\xff"))
    fail(ErrorCode::Unsupported, "table: ", name_,
         " is UTF-16, expected UTF-8: save it as \"CSV UTF-8\", or turn it with iconv -f UTF-16 -t "
         "UTF-8");
  refuse_stranger(std::span(bytes_).first(beginning.size()), name_, Wanted::Table, "a CSV file");
  if (is_gzip(bytes_) || beginning.starts_with("PK\x03\x04"))
    fail(ErrorCode::Unsupported, "table: ", name_,
         beginning[0] == 'P' ? " is a zip archive" : " is packed with gzip twice",
         ", expected a CSV file: unpack it, and bring what is in it");
  if (beginning.find('\0') != View::npos)
    fail(ErrorCode::Unsupported, "table: ", name_,
         " is no text, since it has bytes that are 0, expected a CSV file");
  if (beginning.starts_with(kByteOrderMark)) begin_ = kByteOrderMark.size();
  // Excel's line that says the delimiter.
  const View line = beginning.substr(begin_, beginning.find_first_of("\r\n", begin_) - begin_);
  if (line.size() == 5 && line.starts_with("sep=")) {
    splitter_.emplace(line.back());
    std::vector<csv::Cell> cells;
    begin_ = splitter_->split(text(), begin_, true, cells);
  } else {
    splitter_.emplace(
        csv::find_delimiter(beginning.substr(begin_), whole && bytes_.size() <= kBeginning));
  }
  next_ = begin_;
  blocks_.learn(beginning.substr(0, kSample));
}

void Table::count_rows(bool whole) {
  while (next_ < bytes_.size()) {
    const std::size_t begin = next_;
    const std::size_t next = splitter_->split(text(), begin, whole, cells_);
    if (next == csv::kMore) {
      if (bytes_.size() - begin > kLongestRow)
        fail(ErrorCode::Unsupported, "table: row ", file_rows_ + 1, " of ", name_,
             " has more than ", kLongestRow >> 20, " MB, expected lines that end");
      break;
    }
    if (!windows_1252_ && !is_utf8(text().substr(begin, next - begin))) {
      read_as_windows_1252();
      continue;
    }
    next_ = next;
    if (csv::is_blank(cells_)) {
      ++blank_;
      continue;
    }
    if (file_rows_ > 0 && file_rows_ % kBlock == 0) keep_block(begin);
    count_row(cells_);
    ++file_rows_;
  }
  if (whole) {
    keep_block(bytes_.size());
    blocks_.finish();
    bytes_ = {};
    return;
  }
  bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(begin_));
  next_ -= begin_;
  begin_ = 0;
}

void Table::keep_block(std::size_t end) {
  blocks_.add(text().substr(begin_, end - begin_));
  begin_ = end;
}

void Table::read_as_windows_1252() {
  windows_1252_ = true;
  std::vector<std::uint8_t> converted;
  std::string memory;
  for (std::size_t i = 0; i < blocks_.count(); ++i) {
    const View block = blocks_.read(i, memory);
    append_windows_1252({reinterpret_cast<const std::uint8_t*>(block.data()), block.size()},
                        converted);
  }
  append_windows_1252(std::span(bytes_).subspan(begin_), converted);
  bytes_ = std::move(converted);
  blocks_ = {};
  blocks_.learn(text().substr(0, kSample));
  begin_ = 0;
  next_ = 0;
  columns_.clear();
  file_rows_ = 0;
  blank_ = 0;
  short_ = {};
  long_ = {};
  names_rows_ = false;
}

void Table::make_columns(std::size_t count) {
  if (count > kMostColumns)
    fail(ErrorCode::Unsupported, "table: ", name_, " has ", count, " columns, expected at most ",
         kMostColumns);
  // What is no header may be a short row.
  if (said_header_ == false && count > first_row_.size()) first_row_.resize(count);
  // As R writes it: the column of row names has none itself.
  names_rows_ = count == first_row_.size() + 1 &&
                std::none_of(first_row_.begin(), first_row_.end(), is_number);
  if (names_rows_) first_row_.insert(first_row_.begin(), "row");
  for (std::size_t i = 0; i < first_row_.size(); ++i) columns_.emplace_back(str("column ", i + 1));
}

void Table::count_row(const std::vector<csv::Cell>& cells) {
  std::string copy;
  if (file_rows_ == 0) {
    first_row_.clear();
    for (const csv::Cell& cell : cells)
      first_row_.emplace_back(trimmed(csv::plain_text(cell, copy)));
    return;
  }
  if (file_rows_ == 1) make_columns(cells.size());
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const View text = i < cells.size() ? trimmed(csv::plain_text(cells[i], copy)) : View();
    columns_[i].add(text, file_rows_);
  }
  const auto note = [&](Odd& odd) {
    if (odd.count++ == 0) odd = {1, file_rows_ + 1, cells.size()};
  };
  if (cells.size() < columns_.size()) note(short_);
  const bool surplus =
      cells.size() > columns_.size() &&
      !std::all_of(cells.begin() + static_cast<std::ptrdiff_t>(columns_.size()), cells.end(),
                   [](const auto& cell) { return cell.text.empty(); });
  if (surplus) note(long_);
}

void Table::finish() {
  while (!unpack()) continue;
  if (!splitter_) start(true);
  count_rows(true);
  if (file_rows_ == 0)
    fail(ErrorCode::CorruptData, "table: ", name_, " is empty, expected rows of cells");
  if (file_rows_ == 1) make_columns(first_row_.size());
  if (first_row_.size() < 2)
    fail(ErrorCode::CorruptData, "table: ", name_,
         " has one column, expected at least two, with commas, semicolons, tabs or | between them");
  decide_columns();
  header_ = said_header_.value_or(names_rows_ || looks_like_header());
  if (!header_) {
    for (std::size_t i = 0; i < columns_.size(); ++i) columns_[i].add(first_row_[i], 0);
    decide_columns();
  }
  if (rows() == 0)
    fail(ErrorCode::CorruptData, "table: ", name_,
         " has no rows but the names of its columns, expected some");
  name_columns();
  write_notes();
  first_row_ = {};
}

void Table::decide_columns() {
  const auto count = [&](Reading decimal) {
    return std::count_if(columns_.begin(), columns_.end(),
                         [&](const Column& column) { return column.needs(decimal); });
  };
  decimal_ = count(Reading::Comma) > count(Reading::Point) ? Reading::Comma : Reading::Point;
  for (Column& column : columns_) column.decide(decimal_, columns_.size() - 1);
}

// A header has texts over numbers; where no column tells, it is a row without numbers, whose texts
// come up nowhere else.
bool Table::looks_like_header() const {
  if (file_rows_ == 1) return std::none_of(first_row_.begin(), first_row_.end(), is_number);
  int votes = 0;
  bool numbers = false;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const View first = first_row_[i];
    const bool number = is_number(first);
    numbers = numbers || number;
    if (is_missing(first)) continue;
    if (columns_[i].has_numbers()) {
      votes += number ? -1 : 1;
    } else if (columns_[i].categories().find(first) >= 0) {
      --votes;
    }
  }
  return votes > 0 || (votes == 0 && !numbers);
}

void Table::name_columns() {
  std::vector<std::string> names;
  bool renamed = false;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::string name = header_ ? first_row_[i] : "";
    if (name.empty()) name = str("column ", i + 1);
    const std::string given = name;
    for (int n = 2; std::find(names.begin(), names.end(), name) != names.end(); ++n) {
      name = str(given, " (", n, ")");
      renamed = true;
    }
    names.push_back(name);
    columns_[i].set_name(name);
  }
  if (renamed) notes_.push_back("Columns of one name got numbers.");
}

void Table::write_notes() {
  if (!header_ && !said_header_)
    notes_.push_back("The first row is no header, since it looks like the others.");
  if (windows_1252_) notes_.push_back("The text is no UTF-8 and was read as Windows-1252.");
  if (decimal_ == Reading::Comma) notes_.push_back("Decimals stand behind commas.");
  const auto say = [&](const Odd& odd, View one, View many, View what) {
    if (odd.count == 0) return;
    notes_.push_back(str(odd.count, odd.count == 1 ? one : many, ", such as row ", odd.first,
                         " with ", odd.cells, " of ", columns_.size(), " cells: ", what, "."));
  };
  say(short_, " row is short", " rows are short", "the others count as missing");
  say(long_, " row is long", " rows are long", "what is too many was left out");
  if (blank_ > 0)
    notes_.push_back(
        str(blank_, blank_ == 1 ? " blank row was" : " blank rows were", " passed over."));
}

std::size_t Table::column(View name) const {
  const auto found = std::find_if(columns_.begin(), columns_.end(),
                                  [&](const Column& column) { return column.name() == name; });
  if (found != columns_.end()) return static_cast<std::size_t>(found - columns_.begin());
  std::string names;
  for (const Column& column : columns_) {
    if (names.size() > 300) {
      names += ", …";
      break;
    }
    names += str(names.empty() ? "" : ", ", column.name());
  }
  fail(ErrorCode::NotFound, "table: no column of ", name_, " is called '", name, "', there are ",
       names);
}

std::vector<std::vector<std::string>> Table::texts(Index first, Index count) const {
  if (first < 0 || count < 0)
    fail(ErrorCode::InvalidArgument, "table: ", count, " rows from ", first,
         ", expected numbers of at least 0");
  std::vector<std::vector<std::string>> out;
  TableRows reader(*this);
  const Index end = first + std::min(count, std::max(rows() - first, Index{0}));
  for (Index row = first; row < end; ++row) {
    reader.read(row);
    auto& texts = out.emplace_back(columns_.size());
    for (std::size_t i = 0; i < std::min(texts.size(), reader.cells().size()); ++i)
      texts[i] = csv::plain_text(reader.cells()[i]);
  }
  return out;
}

void Table::set_kind(std::size_t column, ColumnKind kind) {
  if (column >= columns_.size())
    fail(ErrorCode::NotFound, "table: column ", column, ", expected 0 to ", columns_.size() - 1);
  columns_[column].set_kind(kind);
}

void TableRows::read(Index row) {
  const Index wanted = row + (table_.header_ ? 1 : 0);
  if (next_ < 0 || wanted < next_ || wanted / Table::kBlock != (next_ - 1) / Table::kBlock) {
    const Index block = wanted / Table::kBlock;
    next_ = block * Table::kBlock;
    at_ = 0;
    text_ = table_.blocks_.read(static_cast<std::size_t>(block), memory_);
  }
  do {
    at_ = table_.splitter_->split(text_, at_, true, cells_);
    if (!csv::is_blank(cells_)) ++next_;
  } while (next_ <= wanted);
}

std::string_view TableRows::text(std::size_t column) {
  return column < cells_.size() ? trimmed(csv::plain_text(cells_[column], copy_)) : View();
}

}  // namespace lanegrad
