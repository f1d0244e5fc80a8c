// The nets that the page, the terminal and JavaScript may ask for by name.
#pragma once

#include <span>
#include <string_view>

namespace lanegrad {

struct CatalogEntry {
  std::string_view name;  // "mlp"
  // A few words on what it is, and what it reaches on which data.
  std::string_view description;
  // The net as text, see net_text.h.
  std::string_view text;
};

std::span<const CatalogEntry> catalog();

}  // namespace lanegrad
