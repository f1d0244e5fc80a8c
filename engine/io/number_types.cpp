// Each number is put together from its bytes, so that neither alignment nor order matters.
#include "engine/io/number_types.h"

#include <bit>
#include <cmath>
#include <limits>

#include "engine/core/error.h"
#include "engine/io/half.h"

namespace lanegrad {

namespace {

Real from_double(double value) {
  // Beyond the largest float, a cast means nothing.
  const double largest = std::numeric_limits<Real>::max();
  if (std::isnan(value) || std::abs(value) <= largest) return static_cast<Real>(value);
  const auto infinity = std::numeric_limits<Real>::infinity();
  return value > 0 ? infinity : -infinity;
}

Real from_whole(std::uint64_t magnitude, bool negative, std::string_view name) {
  const auto value = static_cast<Real>(magnitude);
  constexpr std::uint64_t kExact = std::uint64_t{1} << std::numeric_limits<Real>::digits;
  if (magnitude > kExact) {
    fail(ErrorCode::Unsupported, "import: array '", name.substr(0, 80), "' holds ",
         negative ? "-" : "", whole_text(magnitude), ", expected whole numbers of at most ",
         whole_text(kExact), ", which floats hold");
  }
  return negative ? -value : value;
}

Real from_signed(std::int64_t value, std::string_view name) {
  const auto bits = static_cast<std::uint64_t>(value);
  return from_whole(value < 0 ? std::uint64_t{0} - bits : bits, value < 0, name);
}

Real to_real(std::uint64_t bits, NumberType type, std::string_view name) {
  switch (type) {
    case NumberType::F16:
      return from_half(static_cast<std::uint16_t>(bits));
    case NumberType::BF16:
      return std::bit_cast<float>(static_cast<std::uint32_t>(bits << 16));
    case NumberType::F32:
      return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    case NumberType::F64:
      return from_double(std::bit_cast<double>(bits));
    case NumberType::Bool:
      return bits != 0 ? Real{1} : Real{0};
    case NumberType::I8:
      return from_signed(static_cast<std::int8_t>(bits), name);
    case NumberType::I16:
      return from_signed(static_cast<std::int16_t>(bits), name);
    case NumberType::I32:
      return from_signed(static_cast<std::int32_t>(bits), name);
    case NumberType::I64:
      return from_signed(static_cast<std::int64_t>(bits), name);
    default:
      return from_whole(bits, false, name);
  }
}

}  // namespace

std::size_t size_of(NumberType type) {
  switch (type) {
    case NumberType::Bool:
    case NumberType::I8:
    case NumberType::U8:
      return 1;
    case NumberType::F16:
    case NumberType::BF16:
    case NumberType::I16:
    case NumberType::U16:
      return 2;
    case NumberType::F64:
    case NumberType::I64:
    case NumberType::U64:
      return 8;
    default:
      return 4;
  }
}

std::vector<Real> to_reals(std::span<const std::uint8_t> bytes, NumberType type, bool big_endian,
                           std::string_view name) {
  const std::size_t size = size_of(type);
  std::vector<Real> values(bytes.size() / size);
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::uint64_t bits = 0;
    for (std::size_t k = 0; k < size; ++k) {
      const std::size_t place = big_endian ? size - 1 - k : k;
      bits |= std::uint64_t{bytes[i * size + k]} << (8 * place);
    }
    values[i] = to_real(bits, type, name);
  }
  return values;
}

}  // namespace lanegrad
