// The module behind readTable of lanegrad/data: tables, and what becomes of them for a net.
// JavaScript calls these functions as they are, and wasm/src/data/table_module.ts is the other
// side.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.h"
#include "engine/io/prepared_table.h"
#include "engine/io/table.h"
#include "wasm/plain/failures.h"
#include "wasm/plain/json_lists.h"

namespace lanegrad {

namespace {

using Stranger = PreparedTable::Stranger;

Failures failures("OutOfMemory\ntable: there is not enough memory for this",
                  "Internal\ntable: an exception that nobody expected");
// What was answered last, as JSON or as numbers.
std::string said;
std::vector<float> numbers;
std::vector<std::int32_t> labels;

void append_number(std::string& out, std::string_view name, double value) {
  // Sums of numbers that are nearly too large may be.
  if (std::isfinite(value)) out += str(",\"", name, "\":", number_text(value, 15));
}

void append_column(std::string& out, const Column& column) {
  out += "{\"name\":";
  append_json(out, column.name());
  out += str(",\"kind\":\"", to_string(column.kind()), "\",\"missing\":", column.missing(),
             ",\"distinct\":", column.categories().size());
  if (column.kind() == ColumnKind::Category) {
    out += ",\"categories\":";
    append_list(out, column.categories().list(), [&](const Categories::Category& category) {
      out += "{\"name\":";
      append_json(out, category.name);
      out += str(",\"count\":", category.count, "}");
    });
  } else if (column.has_numbers() && column.missing() < column.cells()) {
    append_number(out, "min", column.min());
    append_number(out, "max", column.max());
    append_number(out, "mean", column.mean());
  }
  if (!column.note().empty()) {
    out += ",\"note\":";
    append_json(out, column.note());
  }
  out += '}';
}

void describe(const Table& table) {
  said = str("{\"rows\":", table.rows(), ",\"delimiter\":");
  append_json(said, std::string(1, table.delimiter()));
  said += str(",\"decimal\":\"", table.decimal() == Reading::Comma ? "," : ".",
              "\",\"header\":", table.has_header() ? "true" : "false", ",\"notes\":");
  append_texts(said, table.notes());
  said += ",\"columns\":";
  append_list(said, table.columns(), [](const Column& column) { append_column(said, column); });
  said += '}';
}

void describe(const PreparedTable& prepared) {
  said = "{\"inputs\":";
  append_list(said, prepared.inputs(), [](const PreparedTable::Input& input) {
    said += "{\"name\":";
    append_json(said, input.name);
    said += str(",\"column\":", input.column, "}");
  });
  said +=
      str(",\"task\":\"", prepared.has_classes() ? "classes" : "number",
          "\",\"train\":", prepared.train_rows().size(), ",\"held\":", prepared.held_rows().size(),
          ",\"target\":", prepared.target(), ",\"classNames\":");
  append_texts(said, prepared.class_names());
  said += ",\"notes\":";
  append_texts(said, prepared.notes());
  said += '}';
}

std::span<const std::uint32_t> rows_of(const PreparedTable& prepared, bool held) {
  return held ? prepared.held_rows() : prepared.train_rows();
}

}  // namespace

extern "C" {

// The failure of the last call, which is forgotten then; null where there was none.
[[clang::export_name("failure")]] const char* tables_failure() { return failures.take(); }

// Memory for bytes; null where there is none.
[[clang::export_name("allocate")]] void* tables_allocate(std::size_t size) {
  return std::malloc(size);
}

[[clang::export_name("release")]] void tables_release(void* memory) { std::free(memory); }

// A new table. `header`: 1 where the first row has the names of the columns, 0 where it has not, 2
// where that is to be found out.
[[clang::export_name("open")]] Table* tables_open(const char* name, std::size_t size,
                                                  std::uint32_t header) {
  return failures.caught([=] {
    return new Table(std::string(name, size),
                     header < 2 ? std::optional(header == 1) : std::nullopt);
  });
}

[[clang::export_name("close")]] void tables_close(Table* table) { delete table; }

[[clang::export_name("append")]] bool tables_append(Table* table, const std::uint8_t* bytes,
                                                    std::size_t size) {
  return failures.caught([=] {
    table->append({bytes, size});
    return true;
  });
}

// 1 where there is more to unpack, 2 where nothing is left.
[[clang::export_name("unpack")]] std::uint32_t tables_unpack(Table* table) {
  return failures.caught([=]() -> std::uint32_t { return table->unpack() ? 2 : 1; });
}

[[clang::export_name("finish")]] bool tables_finish(Table* table) {
  return failures.caught([=] {
    table->finish();
    return true;
  });
}

// What the table is, as JSON.
[[clang::export_name("describe")]] const char* tables_describe(const Table* table) {
  return failures.caught([=] {
    describe(*table);
    return said.c_str();
  });
}

[[clang::export_name("set_kind")]] bool tables_set_kind(Table* table, std::size_t column,
                                                        std::uint32_t kind) {
  return failures.caught([=] {
    table->set_kind(column, static_cast<ColumnKind>(kind));
    return true;
  });
}

// The cells of rows, as JSON.
[[clang::export_name("texts")]] const char* tables_texts(const Table* table, std::uint32_t first,
                                                         std::uint32_t count) {
  return failures.caught([=] {
    said.clear();
    append_list(said, table->texts(first, count),
                [](const std::vector<std::string>& row) { append_texts(said, row); });
    return said.c_str();
  });
}

// A preparation, which advance() then goes on with. `task`: 0 for a number, 1 for classes, 2 where
// the target decides.
[[clang::export_name("prepare")]] PreparedTable* tables_prepare(
    const Table* table, std::size_t target, std::uint32_t task, double held, bool by_order,
    double seed, const std::uint32_t* leave_out, std::size_t left_out) {
  return failures.caught([=] {
    PrepareOptions options{.target = target,
                           .held = held,
                           .by_order = by_order,
                           .seed = static_cast<std::uint64_t>(seed),
                           .leave_out = {leave_out, leave_out + left_out}};
    if (task < 2) options.classes = task == 1;
    return new PreparedTable(*table, options);
  });
}

[[clang::export_name("discard")]] void tables_discard(PreparedTable* prepared) { delete prepared; }

// 1 where there is more to do, 2 where all is done.
[[clang::export_name("advance")]] std::uint32_t tables_advance(PreparedTable* prepared,
                                                               std::uint32_t rows) {
  return failures.caught([=]() -> std::uint32_t { return prepared->advance(rows) ? 2 : 1; });
}

// What was prepared, as JSON.
[[clang::export_name("about")]] const char* tables_about(const PreparedTable* prepared) {
  return failures.caught([=] {
    describe(*prepared);
    return said.c_str();
  });
}

[[clang::export_name("target_mean")]] double tables_target_mean(const PreparedTable* prepared) {
  return prepared->target_mean();
}

[[clang::export_name("target_deviation")]] double tables_target_deviation(
    const PreparedTable* prepared) {
  return prepared->target_deviation();
}

// The numbers of the rows of a part.
[[clang::export_name("rows")]] const std::uint32_t* tables_rows(const PreparedTable* prepared,
                                                                bool held) {
  return rows_of(*prepared, held).data();
}

// The inputs of some rows of a part, and their classes or targets.
[[clang::export_name("encode")]] const float* tables_encode(const PreparedTable* prepared,
                                                            bool held, std::size_t first,
                                                            std::size_t count) {
  return failures.caught([=] {
    numbers.resize(count * prepared->inputs().size());
    prepared->encode(rows_of(*prepared, held).subspan(first, count), numbers.data());
    return numbers.data();
  });
}

// The inputs of rows by their numbers, which are below those of the table.
[[clang::export_name("encode_rows")]] const float* tables_encode_rows(const PreparedTable* prepared,
                                                                      const std::uint32_t* rows,
                                                                      std::size_t count) {
  return failures.caught([=] {
    numbers.resize(count * prepared->inputs().size());
    prepared->encode({rows, count}, numbers.data());
    return numbers.data();
  });
}

[[clang::export_name("labels")]] const std::int32_t* tables_labels(const PreparedTable* prepared,
                                                                   bool held, std::size_t first,
                                                                   std::size_t count) {
  return failures.caught([=] {
    labels.resize(count);
    prepared->labels(rows_of(*prepared, held).subspan(first, count), labels.data());
    return labels.data();
  });
}

[[clang::export_name("targets")]] const float* tables_targets(const PreparedTable* prepared,
                                                              bool held, std::size_t first,
                                                              std::size_t count) {
  return failures.caught([=] {
    numbers.resize(count);
    prepared->targets(rows_of(*prepared, held).subspan(first, count), numbers.data());
    return numbers.data();
  });
}

// The inputs of a row: names and cells by turns, as a list of byte strings
// (wasm/src/formats/strings.ts).
[[clang::export_name("encode_row")]] const float* tables_encode_row(const PreparedTable* prepared,
                                                                    const std::uint8_t* list) {
  return failures.caught([=]() -> const float* {
    const std::uint8_t* at = list;
    const auto number = [&] {
      std::uint32_t value = 0;
      std::memcpy(&value, at, sizeof value);
      at += sizeof value;
      return value;
    };
    const auto text = [&] {
      const std::uint32_t size = number();
      at += size;
      return std::string_view(reinterpret_cast<const char*>(at - size), size);
    };
    std::vector<std::pair<std::string_view, std::string_view>> cells(number() / 2);
    for (auto& [name, cell] : cells) {
      name = text();
      cell = text();
    }
    numbers.resize(prepared->inputs().size());
    prepared->encode_row(cells, numbers.data());
    return numbers.data();
  });
}

// The encoding of another table.
[[clang::export_name("stranger")]] Stranger* tables_stranger(const PreparedTable* prepared,
                                                             const Table* other) {
  return failures.caught([=] { return new Stranger(*prepared, *other); });
}

[[clang::export_name("stranger_close")]] void tables_stranger_close(Stranger* stranger) {
  delete stranger;
}

[[clang::export_name("stranger_encode")]] const float* tables_stranger_encode(Stranger* stranger,
                                                                              std::size_t first,
                                                                              std::size_t count,
                                                                              std::size_t inputs) {
  return failures.caught([=] {
    numbers.resize(count * inputs);
    stranger->encode(static_cast<Index>(first), static_cast<Index>(count), numbers.data());
    return numbers.data();
  });
}

// What could not be read of the other table, as JSON.
[[clang::export_name("stranger_notes")]] const char* tables_stranger_notes(
    const Stranger* stranger) {
  return failures.caught([=] {
    said.clear();
    append_texts(said, stranger->notes());
    return said.c_str();
  });
}

}  // extern "C"

}  // namespace lanegrad
