// A table as numbers for a net: which rows are for training and which are held back, and what each
// input is. Everything is measured on the rows for training alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/io/table.h"

namespace lanegrad {

struct PrepareOptions {
  // The place of the column to predict.
  std::size_t target = 0;
  // Whether classes are learned; where nothing is said, the target decides.
  std::optional<bool> classes = std::nullopt;
  double held = 0.2;  // the share of the rows that is held back
  // Whether the last rows are held back, instead of ones that the seed chooses.
  bool by_order = false;
  std::uint64_t seed = 1;
  std::vector<std::size_t> leave_out = {};
};

class PreparedTable {
 public:
  // What a net gets as one of its inputs: the number in a column, or 1 where a cell is missing, or
  // is of a category, and else 0.
  struct Input {
    std::string name;
    std::size_t column = 0;
  };

  // The table stays where it is as long as this lives. Throws NotFound, InvalidArgument or
  // CorruptData where there is nothing to be learned.
  PreparedTable(const Table& table, const PrepareOptions& options);

  // Goes on with about so many rows; returns whether all is done. What follows is known then.
  bool advance(Index rows);

  const std::vector<Input>& inputs() const { return inputs_; }
  std::size_t target() const { return options_.target; }
  // Whether classes are learned, and their names by label.
  bool has_classes() const { return classes_; }
  const std::vector<std::string>& class_names() const { return class_names_; }
  // What is subtracted from the target and what it is divided by, where it is a number.
  double target_mean() const { return target_mean_; }
  double target_deviation() const { return target_deviation_; }
  const std::vector<std::string>& notes() const { return notes_; }
  // The numbers of the rows, ascending.
  const std::vector<std::uint32_t>& train_rows() const { return train_; }
  const std::vector<std::uint32_t>& held_rows() const { return held_; }

  // The inputs of these rows: [N, D].
  void encode(std::span<const std::uint32_t> rows, float* inputs) const;
  // The targets of these rows: classes, or standardised numbers.
  void labels(std::span<const std::uint32_t> rows, std::int32_t* labels) const;
  void targets(std::span<const std::uint32_t> rows, float* targets) const;

  // The inputs of a row whose cells are given by the names of their columns. Throws NotFound for a
  // column that is not given, InvalidArgument for a cell that is missing where none was in
  // training, or is no number or category that is known.
  void encode_row(std::span<const std::pair<std::string_view, std::string_view>> cells,
                  float* inputs) const;

  // Encodes the rows of another table, whose columns are found by name.
  class Stranger {
   public:
    // Throws NotFound where the other table lacks a column.
    Stranger(const PreparedTable& prepared, const Table& other);
    // The inputs of `count` rows from `first` on: [N, D]. Cells that cannot be read count as
    // missing.
    void encode(Index first, Index count, float* inputs);
    // What could not be read so far, in sentences.
    std::vector<std::string> notes() const;

   private:
    const PreparedTable& prepared_;
    const Table& other_;
    TableRows rows_;
    // For each of the prepared columns, where it stands in the other table, and how that reads it.
    std::vector<std::size_t> places_;
    std::vector<std::optional<Reading>> readings_;
    struct Unread {
      Index count = 0;
      Index row = 0;
      std::string text;
    };
    std::vector<Unread> unread_;
  };

 private:
  enum class Stage { Targets, Statistics, Medians, Done };
  // What a cell is: written, missing, or nothing that the column knows.
  enum class Found { Value, Missing, Unknown };

  // A column that the net sees.
  struct Seen {
    std::size_t column = 0;
    // Where its inputs begin, and which of them says that a cell is missing; -1 where none does.
    std::size_t first = 0;
    int missing = -1;
    // Nothing where it is one of categories.
    std::optional<Reading> reading;
    double mean = 0;
    double deviation = 1;
    // What a missing cell counts as.
    double median = 0;
    // While measuring: the number of values, the sum of squared differences from the mean, and,
    // where some are missing, the values, less the smallest one.
    Index count = 0;
    double squares = 0;
    std::vector<float> values;
  };

  const Column& column_of(const Seen& seen) const { return table_.columns()[seen.column]; }
  void choose_task();
  void choose_inputs();
  void read_target(Index row);
  void split_rows();
  void standardise_target(const std::vector<std::uint8_t>& is_held);
  void measure(std::uint32_t row);
  void end_measuring(Seen& seen);
  // Writes the inputs of a cell. A number that the column's reading does not know is read in
  // `otherwise`, if that is of the same kind.
  Found write(const Seen& seen, std::string_view text, float* inputs,
              std::optional<Reading> otherwise = std::nullopt) const;
  void write_missing(const Seen& seen, float* inputs) const;

  const Table& table_;
  PrepareOptions options_;
  Stage stage_ = Stage::Targets;
  // The row that is next in this stage, its place among those for training, or a column's place.
  Index next_ = 0;
  mutable TableRows rows_;
  bool classes_ = false;
  std::vector<std::string> class_names_;
  double target_mean_ = 0;
  double target_deviation_ = 1;
  std::vector<Seen> seen_;
  std::vector<Input> inputs_;
  // The rows whose target is there, and what it is.
  std::vector<std::uint32_t> known_;
  std::vector<double> values_;
  // The class or the standardised number of each row, -1 or 0 where the target is missing.
  std::vector<float> answers_;
  std::vector<std::uint32_t> train_;
  std::vector<std::uint32_t> held_;
  std::vector<std::string> notes_;
};

}  // namespace lanegrad
