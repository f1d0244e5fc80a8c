// Tables of texts that a test writes down.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/io/prepared_table.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

inline std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// The table of this text, whose bytes come so many at a time.
inline Table table_of(std::string_view text, std::size_t piece = 1 << 20) {
  Table table("a.csv");
  for (std::size_t i = 0; i < text.size(); i += piece)
    table.append(bytes_of(text.substr(i, piece)));
  table.finish();
  return table;
}

// "age number, sex category", and notes of columns in brackets.
inline std::string kinds_of(const Table& table) {
  std::string out;
  for (const Column& column : table.columns()) {
    out += str(out.empty() ? "" : ", ", column.name(), " ", to_string(column.kind()));
    if (!column.note().empty()) out += str(" (", column.note(), ")");
  }
  return out;
}

inline std::string joined(const std::vector<std::string>& texts, std::string_view between = " | ") {
  std::string out;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i > 0) out += between;
    out += texts[i];
  }
  return out;
}

inline std::unique_ptr<PreparedTable> prepare(const Table& table, const PrepareOptions& options) {
  auto prepared = std::make_unique<PreparedTable>(table, options);
  while (!prepared->advance(7)) continue;
  return prepared;
}

inline std::vector<float> encoded(const PreparedTable& prepared,
                                  const std::vector<std::uint32_t>& rows) {
  std::vector<float> inputs(rows.size() * prepared.inputs().size());
  prepared.encode(rows, inputs.data());
  return inputs;
}

}  // namespace lanegrad::test
