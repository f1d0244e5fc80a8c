// Fills templates line by line.
#include "engine/io/template.h"

#include <algorithm>

#include "engine/core/error.h"

namespace lanegrad {

namespace {

const std::string& value_of(std::string_view name, std::span<const TemplateValue> values) {
  for (const TemplateValue& value : values) {
    if (value.name == name) return value.text;
  }
  fail(ErrorCode::Internal, "template: nothing is called '", name, "'");
}

void append_line(std::string& out, std::string_view line, std::span<const TemplateValue> values) {
  for (;;) {
    const std::size_t begin = line.find('@');
    const std::size_t end = begin == std::string_view::npos ? begin : line.find('@', begin + 1);
    const std::string_view name =
        end == std::string_view::npos ? "" : line.substr(begin + 1, end - begin - 1);
    // The at sign of a Python decorator has no other in its line.
    if (name.empty()) break;
    out += str(line.substr(0, begin), value_of(name, values));
    line.remove_prefix(end + 1);
  }
  out += line;
}

}  // namespace

std::string fill_template(std::string_view text, std::span<const TemplateValue> values) {
  std::string out;
  while (!text.empty()) {
    const std::size_t size = std::min(text.find('\n'), text.size() - 1) + 1;
    std::string_view line = text.substr(0, size);
    text.remove_prefix(size);
    bool stands = true;
    while (stands && line.starts_with('?')) {
      const std::size_t bar = line.find('|');
      std::string_view name = line.substr(1, bar - 1);
      const bool empty = name.starts_with('!');
      if (empty) name.remove_prefix(1);
      stands = value_of(name, values).empty() == empty;
      line.remove_prefix(bar + 1);
    }
    if (stands) append_line(out, line, values);
  }
  return out;
}

}  // namespace lanegrad
