// Whether the parts of a training fit each other.
#pragma once

#include "engine/training/trainer.h"

namespace lanegrad {

// Throws ShapeMismatch where the samples or targets of `other`, which messages call `name`, are not
// those of the training data.
void check_same_kind(const DataLoader& train, const DataLoader& other, const char* name);

// Throws InvalidArgument for options, and a schedule of `steps` steps, that make no sense.
void check_options(const TrainerOptions& options, Index steps, const DataLoader& train,
                   bool has_validation);

// Throws InvalidArgument where batches of one sample would give a BatchNorm one value per channel;
// the message names that layer.
void check_batches(Net& net, const DataLoader& train);

}  // namespace lanegrad
