// Texts with places for values, from which programs in other languages are made.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace lanegrad {

struct TemplateValue {
  std::string_view name;
  std::string text;
};

// The template with its values: "@name@" becomes the text of that name. A line that begins with
// "?name|" stands, without that, where the text is not empty; one that begins with "?!name|" where
// it is. Throws Internal for a name that has no value.
std::string fill_template(std::string_view text, std::span<const TemplateValue> values);

}  // namespace lanegrad
