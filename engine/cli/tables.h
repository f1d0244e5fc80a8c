// Training on a table: `npm run train -- --data FILE --target NAME`.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/cli/args.h"
#include "engine/cli/report.h"
#include "engine/io/prepared_table.h"
#include "engine/training/recipe.h"

namespace lanegrad::cli {

class TableFile {
 public:
  // Reads the file of args.data and prepares it for args.target. Throws what Table and
  // PreparedTable throw, and NotFound for a file that is not there.
  explicit TableFile(const Args& args);

  // What the table is and what is left out, in lines.
  std::string about() const;
  // Makes the training of args, or goes on with that of args.resume.
  Training make_training(const Args& args) const;
  // What the training has come to on the rows that are held back, beside a linear model, which is
  // trained now, and beside a guess.
  TableReport report(const Training& training) const;

 private:
  struct Part {
    NdArray inputs;
    IndexArray labels = {};
    NdArray targets = {};
  };

  Part part(const std::vector<std::uint32_t>& rows) const;
  std::shared_ptr<DataLoader> loader(const Part& part, Index batch_size,
                                     std::optional<std::uint64_t> seed) const;
  Loaders loaders(const Recipe& recipe) const;
  TableScore score(Trainer& trainer) const;
  TableScore score_of_guess() const;

  Table table_;
  std::unique_ptr<PreparedTable> prepared_;
  Part train_;
  Part held_;
};

// Refuses options that do not fit a table, and options of tables without one. Throws
// InvalidArgument.
void check_table(const Args& args);

}  // namespace lanegrad::cli
