// Settings of trainings, to and from objects of JavaScript, and the table of them all.
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

namespace {

bool is_name(const Setting& setting) { return setting.key == setting.group; }

// "learning-rate" -> "learningRate"
std::string camel(std::string_view key) {
  std::string name;
  for (std::size_t i = 0; i < key.size(); ++i) {
    name += key[i] == '-' ? static_cast<char>(std::toupper(key[++i])) : key[i];
  }
  return name;
}
std::string name_of(const Setting& setting) {
  return is_name(setting) ? "name" : camel(setting.key);
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

void set_text(val& object, const char* name, std::string_view text) {
  if (!text.empty()) object.set(std::string(name), std::string(text));
}
val bounds_out(const Range& range) {
  val bounds = val::object();
  const auto set = [&](const char* name, double bound) {
    if (!std::isinf(bound)) bounds.set(std::string(name), bound);
  };
  set(range.low_too ? "from" : "above", range.low);
  set(range.high_too ? "to" : "below", range.high);
  return bounds;
}

void set_default(val& row, const Setting& setting) {
  std::string first;
  val others = val::object();
  for (const std::string_view optimizer : optimizer_names()) {
    if (setting.group == "optimizer" && !setting.belongs_to(optimizer)) continue;
    Recipe recipe = usual_recipe(optimizer);
    const Setting usual = setting_of(recipe, setting.key);
    const std::string text = usual.read();
    if (row[std::string("default")].isUndefined()) {
      first = text;
      row.set(std::string("default"), value_out(usual));
    } else if (text != first) {
      others.set(std::string(optimizer), value_out(usual));
      row.set(std::string("defaults"), others);
    }
  }
}

val row_of(const Setting& setting) {
  val row = val::object();
  set_text(row, "key", setting.key);
  set_text(row, "name", name_of(setting));
  set_text(row, "id", setting.alias.empty() ? camel(setting.key) : setting.alias);
  set_text(row, "group", setting.group);
  set_text(row, "title", setting.title);
  set_text(row, "kind", to_string(setting.kind()));
  if (!setting.choices.empty()) {
    val choices = val::array();
    for (const std::string_view choice : setting.choices) append(choices, std::string(choice));
    row.set(std::string("choices"), choices);
  }
  if (setting.range) row.set(std::string("bounds"), bounds_out(*setting.range));
  if (!setting.of.empty()) {
    val of = val::array();
    Recipe recipe;
    for (const std::string_view choice : setting_of(recipe, setting.group).choices) {
      if (setting.belongs_to(choice)) append(of, std::string(choice));
    }
    row.set(std::string("of"), of);
  }
  if (setting.images_only) row.set(std::string("imagesOnly"), true);
  set_default(row, setting);
  set_text(row, "help", describe(setting));
  return row;
}
val table() {
  val list = val::array();
  for (const Setting& setting : lanegrad::settings()) append(list, row_of(setting));
  return list;
}

}  // namespace

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

EMSCRIPTEN_BINDINGS(settings) { function<&table>("settings"); }

}  // namespace lanegrad::boundary
