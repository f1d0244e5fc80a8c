// The table of settings with all that people read of it, as an array of JavaScript. It is in a
// module of its own, from which wasm/settings.mjs makes types, docs and the package's table: the
// engine's module holds no texts that it never shows.
#include <cmath>

#include "wasm/bindings/boundary.h"
#include "wasm/bindings/settings.h"

namespace lanegrad::boundary {

namespace {

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

EMSCRIPTEN_BINDINGS(settings) { function<&table>("settings"); }

}  // namespace lanegrad::boundary
