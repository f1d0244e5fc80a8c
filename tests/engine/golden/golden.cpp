#include "tests/engine/golden/golden.h"

#include <cstdlib>
#include <span>
#include <sstream>
#include <stdexcept>

namespace lanegrad::golden {

namespace {

constexpr const char* kOps[] = {
#include "tests/engine/golden/ops.inc"
};
constexpr const char* kLosses[] = {
#include "tests/engine/golden/losses.inc"
};
constexpr const char* kLayers[] = {
#include "tests/engine/golden/layers.inc"
};
constexpr const char* kOptimizers[] = {
#include "tests/engine/golden/optimizers.inc"
};
constexpr const char* kTraining[] = {
#include "tests/engine/golden/training.inc"
};
constexpr const char* kSpecial[] = {
#include "tests/engine/golden/special.inc"
};
constexpr const char* kSchedules[] = {
#include "tests/engine/golden/schedules.inc"
};

// "2,3" -> [2, 3]; "" -> []
Shape parse_shape(const std::string& text) {
  std::vector<Index> extents;
  std::istringstream in(text);
  for (std::string extent; std::getline(in, extent, ',');) extents.push_back(std::stoll(extent));
  return Shape(extents);
}

// "x0 2,3: 0.5 -1 …"
void parse_array(const std::string& line, Record& record) {
  const std::size_t space = line.find(' ');
  const std::size_t colon = line.find(':');
  std::vector<Real> values;
  std::istringstream in(line.substr(colon + 1));
  // A stream reads no infinity and no NaN.
  for (std::string text; in >> text;) {
    values.push_back(static_cast<Real>(std::strtod(text.c_str(), nullptr)));
  }
  const Shape shape = parse_shape(line.substr(space + 1, colon - space - 1));
  record.arrays.emplace(line.substr(0, space), NdArray::from(shape, values));
}

// The text comes in several literals, since compilers promise only 64 kB for one.
std::vector<Record> parse(std::span<const char* const> texts) {
  std::string text;
  for (const char* part : texts) text += part;
  std::vector<Record> records;
  std::istringstream in(text);
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (line.empty()) {
      inside = false;
    } else if (!inside) {
      records.push_back({line, {}});
      inside = true;
    } else {
      parse_array(line, records.back());
    }
  }
  return records;
}

}  // namespace

const NdArray& Record::operator[](const std::string& key) const {
  const auto found = arrays.find(key);
  if (found == arrays.end()) throw std::out_of_range(name + " has no " + key);
  return found->second;
}

IndexArray Record::indices(const std::string& key) const {
  const NdArray& numbers = (*this)[key];
  IndexArray out(numbers.shape());
  for (Index i = 0; i < out.size(); ++i) {
    out.mutable_data()[i] = static_cast<std::int32_t>(numbers.data()[i]);
  }
  return out;
}

std::vector<Record> ops() { return parse(kOps); }
std::vector<Record> losses() { return parse(kLosses); }
std::vector<Record> layers() { return parse(kLayers); }
std::vector<Record> optimizers() { return parse(kOptimizers); }
std::vector<Record> training() { return parse(kTraining); }
std::vector<Record> special() { return parse(kSpecial); }
std::vector<Record> schedules() { return parse(kSchedules); }

}  // namespace lanegrad::golden
