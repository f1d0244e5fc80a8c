// Reads a table and says what a training has come to.
#include "engine/cli/tables.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <numeric>
#include <optional>
#include <tuple>
#include <utility>

#include "engine/cli/files.h"
#include "engine/core/error.h"
#include "engine/dataloaders/array_loader.h"
#include "engine/io/model.h"
#include "engine/training/checkpoint.h"

namespace lanegrad::cli {

namespace {

// The numbers that answers and targets of some rows make: how good they are as classes, or as
// numbers in the target's own units.
TableScore score_of(std::span<const double> answers, std::span<const double> right, bool classes) {
  TableScore score;
  const auto count = static_cast<double>(right.size());
  const double mean = std::accumulate(right.begin(), right.end(), 0.0) / count;
  double squares = 0;
  double all_squares = 0;
  for (std::size_t i = 0; i < right.size(); ++i) {
    const double error = answers[i] - right[i];
    if (classes && error == 0) score.accuracy += 1 / count;
    score.mean_absolute_error += std::abs(error) / count;
    squares += error * error;
    all_squares += (right[i] - mean) * (right[i] - mean);
  }
  score.r2 = all_squares > 0 ? 1 - squares / all_squares : NAN;
  return score;
}

}  // namespace

TableFile::TableFile(const Args& args)
    : table_(std::filesystem::path(args.data).filename().string(),
             args.header.empty() ? std::nullopt : std::optional(args.header == "yes")) {
  read_pieces(args.data, "a table as a CSV file",
              [&](std::span<const std::uint8_t> piece, std::size_t) { table_.append(piece); });
  table_.finish();
  // A training that goes on needs the rows that it had.
  const std::uint64_t seed = args.resume.empty()
                                 ? args.recipe.seed
                                 : checkpoint_recipe(read_file(args.resume, "a checkpoint")).seed;
  PrepareOptions options{
      .target = table_.column(args.target), .by_order = args.split == "order", .seed = seed};
  if (!args.task.empty()) options.classes = args.task == "classes";
  prepared_ = std::make_unique<PreparedTable>(table_, options);
  while (!prepared_->advance(std::numeric_limits<Index>::max())) continue;
  train_ = part(prepared_->train_rows());
  held_ = part(prepared_->held_rows());
}

TableFile::Part TableFile::part(const std::vector<std::uint32_t>& rows) const {
  const auto count = static_cast<Index>(rows.size());
  const auto width = static_cast<Index>(prepared_->inputs().size());
  Part part{.inputs = NdArray::uninitialized(Shape{count, width})};
  std::vector<float> floats(rows.size() * prepared_->inputs().size());
  prepared_->encode(rows, floats.data());
  std::copy(floats.begin(), floats.end(), part.inputs.mutable_data());
  if (prepared_->has_classes()) {
    part.labels = IndexArray(Shape{count});
    prepared_->labels(rows, part.labels.mutable_data());
  } else {
    floats.resize(rows.size());
    prepared_->targets(rows, floats.data());
    part.targets = NdArray::uninitialized(Shape{count, 1});
    std::copy(floats.begin(), floats.end(), part.targets.mutable_data());
  }
  return part;
}

std::string TableFile::about() const {
  std::string out = str(table_.name(), ": ", table_.rows(), " rows, ", table_.columns().size(),
                        " columns, ", prepared_->inputs().size(), " inputs\n");
  for (const Column& column : table_.columns()) {
    if (!column.note().empty()) out += str("'", column.name(), "': ", column.note(), "\n");
  }
  for (const auto& notes : {table_.notes(), prepared_->notes()}) {
    for (const std::string& note : notes) out += str(note, "\n");
  }
  const std::string& target = table_.columns()[prepared_->target()].name();
  out += str("target '", target, "': ");
  if (prepared_->has_classes()) {
    out += str(prepared_->class_names().size(), " classes");
  } else {
    out += str("mean ", prepared_->target_mean(), ", standard deviation ",
               prepared_->target_deviation());
  }
  return str(out, "; ", prepared_->train_rows().size(), " rows to learn from, ",
             prepared_->held_rows().size(), " held back\n");
}

std::shared_ptr<DataLoader> TableFile::loader(const Part& part, Index batch_size,
                                              std::optional<std::uint64_t> seed) const {
  if (prepared_->has_classes())
    return std::make_shared<ArrayLoader>(part.inputs, part.labels,
                                         static_cast<Index>(prepared_->class_names().size()),
                                         batch_size, seed, table_.name());
  return std::make_shared<ArrayLoader>(part.inputs, part.targets, batch_size, seed, table_.name());
}

Loaders TableFile::loaders(const Recipe& recipe) const {
  Loaders loaders{.train = loader(train_, recipe.batch_size, recipe.seed),
                  .test = loader(held_, kEvaluationBatch, std::nullopt)};
  if (recipe.validation > 0) loaders.validation = loader(train_, kEvaluationBatch, std::nullopt);
  return loaders;
}

Training TableFile::make_training(const Args& args) const {
  if (!args.resume.empty()) {
    const auto file = read_file(args.resume, "a checkpoint");
    return load_checkpoint(file, loaders(checkpoint_recipe(file)));
  }
  Training training = lanegrad::make_training(args.recipe, loaders(args.recipe));
  training.class_names = lines_of(prepared_->class_names());
  return training;
}

TableScore TableFile::score(Trainer& trainer) const {
  const NdArray answers = trainer.predict(held_.inputs);
  const Index outputs = answers.shape()[1];
  std::vector<double> given;
  std::vector<double> right;
  for (Index i = 0; i < answers.shape()[0]; ++i) {
    const Real* row = answers.data() + i * outputs;
    if (prepared_->has_classes()) {
      given.push_back(static_cast<double>(std::max_element(row, row + outputs) - row));
      right.push_back(held_.labels.data()[i]);
    } else {
      const auto in_units = [&](Real value) {
        return static_cast<double>(value) * prepared_->target_deviation() +
               prepared_->target_mean();
      };
      given.push_back(in_units(*row));
      right.push_back(in_units(held_.targets.data()[i]));
    }
  }
  return score_of(given, right, prepared_->has_classes());
}

// The class that is the commonest among the rows to learn from, or their mean.
TableScore TableFile::score_of_guess() const {
  std::vector<double> right;
  double guess = prepared_->target_mean();
  if (prepared_->has_classes()) {
    std::vector<Index> counts(prepared_->class_names().size());
    for (const std::int32_t label : train_.labels.values())
      ++counts[static_cast<std::size_t>(label)];
    guess = static_cast<double>(std::max_element(counts.begin(), counts.end()) - counts.begin());
    for (const std::int32_t label : held_.labels.values()) right.push_back(label);
  } else {
    for (const Real target : held_.targets.values())
      right.push_back(static_cast<double>(target) * prepared_->target_deviation() +
                      prepared_->target_mean());
  }
  return score_of(std::vector<double>(right.size(), guess), right, prepared_->has_classes());
}

TableReport TableFile::report(const Training& training) const {
  // However short the net's training is, the linear model learns all that it can.
  constexpr Index kSteps = 4000;
  Recipe recipe;
  recipe.net = "dense classes";
  recipe.optimizer_options.learning_rate = 0.03;
  recipe.schedule.kind = ScheduleKind::OneCycle;
  recipe.seed = training.recipe.seed;
  const Index batches = DataLoader::batches_of(train_.inputs.shape()[0], recipe.batch_size);
  recipe.epochs = (kSteps + batches - 1) / batches;
  const Training linear = lanegrad::make_training(recipe, loaders(recipe));
  while (linear.loop->advance(recipe.epochs) != LoopEvent::Finished) continue;
  return {.rows = held_.inputs.shape()[0],
          .has_classes = prepared_->has_classes(),
          .net = score(*training.trainer),
          .linear = score(*linear.trainer),
          .guess = score_of_guess()};
}

void check_table(const Args& args) {
  if (args.target.empty()) {
    const std::string_view other = !args.task.empty()     ? "--task"
                                   : !args.split.empty()  ? "--split"
                                   : !args.header.empty() ? "--header"
                                                          : "";
    if (!other.empty())
      fail(ErrorCode::InvalidArgument, "train: ", other,
           " without --target, expected the column to predict");
    return;
  }
  const std::string_view other = !args.weights.empty()  ? "--weights"
                                 : !args.answer.empty() ? "--answer"
                                                        : "";
  if (!other.empty())
    fail(ErrorCode::InvalidArgument, "train: --target with ", other, ", expected one of them");
  for (const auto& [option, text, first, second] :
       {std::tuple("--task", args.task, "classes", "number"),
        std::tuple("--split", args.split, "random", "order"),
        std::tuple("--header", args.header, "yes", "no")}) {
    if (!text.empty() && text != first && text != second)
      fail(ErrorCode::InvalidArgument, "train: ", option, " '", text, "', expected ", first, " or ",
           second);
  }
}

}  // namespace lanegrad::cli
