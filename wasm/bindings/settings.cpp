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

val value_out(const Setting& setting, const Recipe& recipe) {
  switch (setting.kind) {
    case SettingKind::Text:
    case SettingKind::Choice:
      return val(setting.read(recipe));
    case SettingKind::Flag:
      return val(setting.number(recipe) == 1);
    case SettingKind::Seed:
      return val::take_ownership(lanegrad_seed(setting.read(recipe).c_str()));
    default:
      return val(setting.number(recipe));
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

// The choices of a group's name: the names of all optimizers or schedules.
std::span<const std::string_view> choices_of(std::string_view group) {
  for (const Setting& setting : lanegrad::settings()) {
    if (setting.key == group) return setting.choices();
  }
  return {};
}

void set_default(val& row, const Setting& setting) {
  std::string first;
  val others = val::object();
  for (const std::string_view optimizer : optimizer_names()) {
    if (setting.group == "optimizer" && !setting.belongs_to(optimizer)) continue;
    const Recipe usual = usual_recipe(optimizer);
    const std::string text = setting.read(usual);
    if (row[std::string("default")].isUndefined()) {
      first = text;
      row.set(std::string("default"), value_out(setting, usual));
    } else if (text != first) {
      others.set(std::string(optimizer), value_out(setting, usual));
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
  set_text(row, "kind", to_string(setting.kind));
  if (setting.choices) {
    val choices = val::array();
    for (const std::string_view choice : setting.choices()) append(choices, std::string(choice));
    row.set(std::string("choices"), choices);
  }
  if (setting.range) row.set(std::string("bounds"), bounds_out(*setting.range));
  if (!setting.of.empty()) {
    val of = val::array();
    for (const std::string_view choice : choices_of(setting.group)) {
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

val recipe_out(const Recipe& recipe) {
  val out = val::object();
  for (const Setting& setting : lanegrad::settings()) {
    if (setting.read(recipe).empty()) continue;
    val place = out;
    if (!setting.group.empty()) {
      const std::string group(setting.group);
      place = out[group];
      if (place.isUndefined()) {
        place = val::object();
        out.set(group, place);
      }
    }
    place.set(name_of(setting), value_out(setting, recipe));
  }
  return out;
}

Recipe group_in(std::string_view group, const val& numbers) {
  Recipe recipe;
  for (const Setting& setting : lanegrad::settings()) {
    if (setting.group != group || !setting.assign) continue;
    const double number = number_in(numbers, name_of(setting).c_str(), NAN);
    if (!std::isnan(number)) setting.assign(recipe, number);
  }
  return recipe;
}

val group_out(std::string_view group, const Recipe& recipe, std::string_view choice) {
  val out = val::object();
  for (const Setting& setting : lanegrad::settings()) {
    if (setting.group == group && setting.number && setting.belongs_to(choice))
      out.set(name_of(setting), value_out(setting, recipe));
  }
  return out;
}

EMSCRIPTEN_BINDINGS(settings) { function<&table>("settings"); }

}  // namespace lanegrad::boundary
