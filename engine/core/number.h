// Reads numbers that people write. Small, since std::strtod would weigh kilobytes on the web.
#pragma once

#include <optional>
#include <string_view>

namespace lanegrad {

// "0.1", "-2", "1e-3": digits with at most one point and an exponent; nothing for any other text.
// Rounded correctly for up to 15 digits with exponents of -22 to 22, else within a few last places.
std::optional<double> parse_number(std::string_view text);

}  // namespace lanegrad
