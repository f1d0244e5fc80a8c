// The module for the web shows no texts of settings: those of the package come from
// settings_table.cpp.
#include "engine/core/setting.h"

namespace lanegrad {

const bool kSettingTexts = false;

}  // namespace lanegrad
