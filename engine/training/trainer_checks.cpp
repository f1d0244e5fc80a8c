// The checks of what a training is put together from.
#include "engine/training/trainer_checks.h"

#include <algorithm>

#include "engine/core/error.h"

namespace lanegrad {

void check_same_kind(const DataLoader& train, const DataLoader& other, const char* name) {
  if (other.sample_shape() == train.sample_shape() && other.outputs() == train.outputs() &&
      other.target_kind() == train.target_kind())
    return;
  const auto describe = [](const DataLoader& loader) {
    return str("samples ", loader.sample_shape(), " with ", loader.outputs(),
               loader.target_kind() == TargetKind::Labels ? " classes" : " targets");
  };
  fail(ErrorCode::ShapeMismatch, "training: training data of ", describe(train), " and ", name,
       " data of ", describe(other), ", expected the same");
}

void check_options(const TrainerOptions& options, Index steps, const DataLoader& train,
                   bool has_validation) {
  const auto check = [](bool right, const char* what, double value, const char* expected) {
    if (!right)
      fail(ErrorCode::InvalidArgument, "training: ", what, " ", value, ", expected ", expected);
  };
  check(steps >= 0, "steps of the schedule", static_cast<double>(steps), "at least 0");
  if (steps <= 0 && options.schedule.kind != ScheduleKind::Constant)
    fail(ErrorCode::InvalidArgument, "training: the schedule ", to_string(options.schedule.kind),
         " over 0 steps, expected at least 1");
  learning_rate_factor(options.schedule, 0, std::max<Index>(steps, 1));
  check(options.label_smoothing == 0 || train.target_kind() == TargetKind::Labels,
        "label smoothing", options.label_smoothing, "none where targets are numbers");
  check_number("training", "clipping at a norm of", options.clip_norm,
               options.clip_norm > 0 ? kPositive : kRate);
  check_number("training", "averaging with the decay", options.averaging, kExactlyBelowOne);
  const auto patience = static_cast<double>(options.patience);
  check(options.patience >= 0, "patience", patience, "at least 0");
  check(options.patience == 0 || has_validation, "patience", patience,
        "none without validation data");
}

void check_batches(Net& net, const DataLoader& train) {
  if ((train.batch_size() > 1 && train.size() > 1) || net.named_buffers().empty()) return;
  for (const LayerDescription& layer : net.describe(train.sample_shape()).layers) {
    if (layer.kind != "BatchNorm" || layer.output.size() > layer.output[0]) continue;
    fail(ErrorCode::InvalidArgument, "training: a batch size of ", train.batch_size(), " and ",
         train.size(), train.size() == 1 ? " training sample" : " training samples", " give ",
         layer.name, " batches of one sample, expected at least 2, which BatchNorm needs");
  }
}

}  // namespace lanegrad
