// Names, shapes and labels, which all formats have.
#include "engine/io/picture_parts.h"

#include <algorithm>
#include <cmath>

namespace lanegrad {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string_view base_name(std::string_view path) {
  return path.substr(path.find_last_of('/') + 1);
}

Side side_of(std::string_view name) {
  const std::string word = lower(base_name(name));
  const auto has = [&](const char* part) { return word.find(part) != std::string::npos; };
  if (has("t10k") || has("test")) return Side::Test;
  return has("train") ? Side::Train : Side::Unknown;
}

std::string extents_text(const std::vector<Index>& extents) {
  std::string out;
  for (const Index extent : extents) out += str(out.empty() ? "[" : ", ", extent);
  return out + "]";
}

Index square_side(Index numbers) {
  for (const Index channels : {1, 3}) {
    for (Index side = 4; channels * side * side <= numbers; ++side) {
      if (channels * side * side == numbers) return side;
    }
  }
  return 0;
}

bool has_extents_of_labels(const std::vector<Index>& extents) {
  return extents.size() == 1 || (extents.size() == 2 && square_side(extents[1]) == 0);
}

Labels labels_of(const Numbers& numbers) {
  const auto rows = static_cast<std::size_t>(numbers.count());
  const std::vector<Real> values =
      to_reals(std::span<const std::uint8_t>(numbers.bytes).subspan(numbers.begin), numbers.type,
               numbers.big_endian, numbers.name);
  const std::size_t columns = rows == 0 ? 1 : values.size() / rows;
  if (columns == 0)
    refuse_pictures(numbers.name, "has the shape ", std::string_view(extents_text(numbers.extents)),
                    ", expected a label in each row");
  const auto at = [&](std::size_t row, std::size_t column) {
    return numbers.fortran ? values[column * rows + row] : values[row * columns + column];
  };
  // Where every row is zeros with a single 1, its place is the class.
  bool places = columns > 1;
  for (std::size_t row = 0; places && row < rows; ++row) {
    Index ones = 0;
    for (std::size_t column = 0; column < columns; ++column) {
      places = places && (at(row, column) == 0 || at(row, column) == 1);
      ones += at(row, column) == 1 ? 1 : 0;
    }
    places = places && ones == 1;
  }
  Labels labels{.name = numbers.name, .side = numbers.side};
  labels.values.reserve(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    std::size_t place = 0;
    while (places && at(row, place) != 1) ++place;
    const Real value = places ? static_cast<Real>(place) : at(row, 0);
    // What is not finite differs, too.
    if (!(value == std::floor(value) && std::abs(value) < Real{1e9}))
      refuse_pictures(numbers.name, "has the label ", static_cast<double>(value),
                      ", expected whole numbers");
    labels.values.push_back(static_cast<Index>(value));
  }
  return labels;
}

}  // namespace lanegrad
