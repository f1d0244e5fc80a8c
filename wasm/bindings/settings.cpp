// Settings of trainings, to and from objects of JavaScript.
#include "wasm/bindings/settings.h"

#include <cctype>
#include <cmath>

#include "wasm/bindings/boundary.h"

extern "C" {
// These are in library.js.
emscripten::EM_VAL lanegrad_text(emscripten::EM_VAL object, const char* group, const char* name);
emscripten::EM_VAL lanegrad_seed(const char* digits);
}

namespace lanegrad::boundary {

std::string camel(std::string_view key) {
  std::string name;
  for (std::size_t i = 0; i < key.size(); ++i) {
    name += key[i] == '-' ? static_cast<char>(std::toupper(key[++i])) : key[i];
  }
  return name;
}

std::string name_of(const Setting& setting) {
  return setting.key == setting.group ? "name" : camel(setting.key);
}

val value_out(const Setting& setting) {
  switch (setting.kind()) {
    case SettingKind::Text:
    case SettingKind::Choice:
      return val(setting.read());
    case SettingKind::Flag:
      return val(setting.number() == 1);
    case SettingKind::Seed:
      return val::take_ownership(lanegrad_seed(setting.read().c_str()));
    default:
      return val(setting.number());
  }
}

Recipe recipe_in(const val& settings, bool images) {
  std::vector<std::pair<std::string_view, std::string>> given;
  for (const Setting& setting : lanegrad::settings()) {
    const std::string group(setting.group);
    const auto text = lanegrad_text(settings.as_handle(), group.empty() ? nullptr : group.c_str(),
                                    name_of(setting).c_str());
    if (text) given.emplace_back(setting.key, val::take_ownership(text).as<std::string>());
  }
  const std::vector<std::pair<std::string_view, std::string_view>> entries(given.begin(),
                                                                           given.end());
  return recipe_with(entries, images);
}

val recipe_out(Recipe recipe) {
  val out = val::object();
  for (const Setting& setting : settings_of(recipe)) {
    if (setting.read().empty()) continue;
    val place = out;
    if (!setting.group.empty()) {
      const std::string group(setting.group);
      place = out[group];
      if (place.isUndefined()) {
        place = val::object();
        out.set(group, place);
      }
    }
    place.set(name_of(setting), value_out(setting));
  }
  return out;
}

void numbers_in(std::vector<Setting> settings, const val& numbers) {
  for (Setting& setting : settings) {
    if (!setting.is_number()) continue;
    const double number = number_in(numbers, name_of(setting).c_str(), NAN);
    if (!std::isnan(number)) setting.assign(number);
  }
}

val numbers_of(const std::vector<Setting>& settings, std::string_view choice) {
  val out = val::object();
  for (const Setting& setting : settings) {
    if (setting.is_number() && setting.belongs_to(choice))
      out.set(name_of(setting), value_out(setting));
  }
  return out;
}

}  // namespace lanegrad::boundary
