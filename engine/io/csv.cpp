// Splitting of rows, character by character.
#include "engine/io/csv.h"

#include <algorithm>
#include <utility>

#include "engine/core/error.h"

namespace lanegrad::csv {

namespace {

constexpr char kQuote = '"';

// How well a delimiter splits the beginning of a file: the share of the rows that have as many
// cells as most have, 0 where that is one.
double fit_of(char delimiter, std::string_view text, bool whole) {
  constexpr std::size_t kMostRows = 1000;
  const Splitter splitter(delimiter);
  std::vector<Cell> cells;
  // Numbers of cells, and how many rows have them.
  std::vector<std::pair<std::size_t, std::size_t>> counts;
  std::size_t rows = 0;
  try {
    for (std::size_t at = 0; at < text.size() && rows < kMostRows;) {
      at = splitter.split(text, at, whole, cells);
      if (at == kMore) break;
      if (is_blank(cells)) continue;
      ++rows;
      const auto known = std::find_if(counts.begin(), counts.end(),
                                      [&](const auto& one) { return one.first == cells.size(); });
      if (known == counts.end()) {
        counts.emplace_back(cells.size(), 1);
      } else {
        ++known->second;
      }
    }
  } catch (const Error&) {
    return 0;  // quotes that do not close with this delimiter
  }
  const auto most =
      std::max_element(counts.begin(), counts.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  if (most == counts.end() || most->first < 2) return 0;
  return static_cast<double>(most->second) / static_cast<double>(rows);
}

}  // namespace

std::string plain_text(const Cell& cell) {
  if (!cell.mixed) return std::string(cell.text);
  std::string out;
  bool inside = true;
  for (std::size_t i = 1; i < cell.text.size(); ++i) {
    const char letter = cell.text[i];
    if (!inside || letter != kQuote) {
      out += letter;
    } else if (i + 1 < cell.text.size() && cell.text[i + 1] == kQuote) {
      out += kQuote;
      ++i;
    } else {
      inside = false;
    }
  }
  return out;
}

std::string_view plain_text(const Cell& cell, std::string& copy) {
  if (!cell.mixed) return cell.text;
  copy = plain_text(cell);
  return copy;
}

Splitter::Splitter(char delimiter) : delimiter_(delimiter) {
  for (const char end : {delimiter, '\n', '\r'}) ends_[static_cast<std::uint8_t>(end)] = true;
}

std::size_t Splitter::quoted(std::string_view text, std::size_t at, bool whole, Cell& cell) const {
  const std::size_t begin = at;
  cell = {.text = {}, .quoted = true, .mixed = false};
  for (++at;;) {
    at = text.find(kQuote, at);
    if (at == std::string_view::npos || at - begin > kLongestCell) {
      const bool may_close = at == std::string_view::npos && text.size() - begin <= kLongestCell;
      if (may_close && !whole) return kMore;
      fail(ErrorCode::CorruptData, "table: a quote opens a cell and is never closed, near '",
           text.substr(begin, std::min<std::size_t>(20, text.find_first_of("\r\n", begin) - begin)),
           "', expected a second quote");
    }
    if (at + 1 == text.size() && !whole) return kMore;
    if (at + 1 == text.size() || text[at + 1] != kQuote) break;
    cell.mixed = true;
    at += 2;
  }
  std::size_t end = at + 1;
  while (end < text.size() && !ends_[static_cast<std::uint8_t>(text[end])]) ++end;
  if (end == text.size() && !whole) return kMore;
  if (end > at + 1) cell.mixed = true;
  cell.text = cell.mixed ? text.substr(begin, end - begin) : text.substr(begin + 1, at - begin - 1);
  return end;
}

std::size_t Splitter::split(std::string_view text, std::size_t begin, bool whole,
                            std::vector<Cell>& cells) const {
  cells.clear();
  for (std::size_t at = begin;; ++at) {
    Cell& cell = cells.emplace_back();
    if (at < text.size() && text[at] == kQuote) {
      at = quoted(text, at, whole, cell);
      if (at == kMore) return kMore;
    } else {
      const std::size_t from = at;
      while (at < text.size() && !ends_[static_cast<std::uint8_t>(text[at])]) ++at;
      cell.text = text.substr(from, at - from);
    }
    if (at >= text.size()) return whole ? text.size() : kMore;
    if (text[at] == delimiter_) continue;
    if (text[at] == '\n') return at + 1;
    // A CR: the LF that may follow it belongs to it.
    if (at + 1 == text.size()) return whole ? at + 1 : kMore;
    return text[at + 1] == '\n' ? at + 2 : at + 1;
  }
}

bool is_blank(const std::vector<Cell>& cells) {
  return std::all_of(cells.begin(), cells.end(), [](const Cell& cell) {
    return cell.text.find_first_not_of(" \t\v\f\r\n") == std::string_view::npos;
  });
}

char find_delimiter(std::string_view beginning, bool whole) {
  // A comma also stands in numbers and in texts, so that it comes last where several fit as well.
  char best = ',';
  double share = 0;
  for (const char delimiter : {'\t', ';', '|', ','}) {
    const double fit = fit_of(delimiter, beginning, whole);
    if (fit > share) {
      best = delimiter;
      share = fit;
    }
  }
  return best;
}

}  // namespace lanegrad::csv
