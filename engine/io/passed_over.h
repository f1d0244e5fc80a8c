// What a state_dict has beside what makes a net's answers.
#pragma once

#include <string_view>

namespace lanegrad {

// Whether an array of this name is a count that only a training needs: how many batches BatchNorm
// has seen, and how many steps torch.optim.swa_utils.AveragedModel has averaged.
constexpr bool is_passed_over(std::string_view name) {
  return name.ends_with("num_batches_tracked") || name == "n_averaged";
}

}  // namespace lanegrad
