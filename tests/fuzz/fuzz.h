// What a fuzz target defines: inputs to begin with, and what is done with an input. main.cpp
// changes the inputs a short while for `npm test`; libFuzzer does it for as long as `npm run fuzz`
// is asked to.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace lanegrad::fuzz {

using Bytes = std::vector<std::uint8_t>;

inline Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }
inline std::string_view text_of(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Inputs that are taken, of every kind that the parser knows.
std::vector<Bytes> seeds();

// Parses an input, and uses what came out of it. Throws an Error where the input is refused.
void take(std::span<const std::uint8_t> input);

// Ends the program with this sentence unless that holds of what was taken.
void require(bool holds, std::string_view sentence);

}  // namespace lanegrad::fuzz
