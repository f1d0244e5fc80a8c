// Settings have their texts. The module for the web is linked with wasm/no_setting_texts.cpp
// instead.
#include "engine/core/setting.h"

namespace lanegrad {

const bool kSettingTexts = true;

}  // namespace lanegrad
