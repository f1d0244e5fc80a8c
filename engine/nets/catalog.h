// The nets that the page, the terminal and JavaScript may ask for by name.
#pragma once

#include <span>
#include <string_view>

namespace lanegrad {

struct CatalogEntry {
  std::string_view name;         // "mlp"
  std::string_view description;  // a few words: what it is, costs and reaches
  std::string_view text;         // a net text, see net_text.h
};

std::span<const CatalogEntry> catalog();

}  // namespace lanegrad
