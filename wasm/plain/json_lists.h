// Lists as the small modules tell JavaScript of them, in JSON.
#pragma once

#include <string>
#include <vector>

#include "engine/io/json.h"

namespace lanegrad {

// Appends what `append` appends for each item, in brackets with commas between.
template <class Items, class Append>
void append_list(std::string& out, const Items& items, Append append) {
  out += '[';
  const char* separator = "";
  for (const auto& item : items) {
    out += separator;
    append(item);
    separator = ",";
  }
  out += ']';
}

inline void append_texts(std::string& out, const std::vector<std::string>& texts) {
  append_list(out, texts, [&](const std::string& text) { append_json(out, text); });
}

}  // namespace lanegrad
