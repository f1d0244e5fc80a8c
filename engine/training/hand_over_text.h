// The PyTorch programs of a hand-over, as templates.
#pragma once

#include <string_view>

namespace lanegrad::hand_over {

extern const std::string_view kTrain;
extern const std::string_view kNet;
extern const std::string_view kData;
extern const std::string_view kCheckpoint;

}  // namespace lanegrad::hand_over
