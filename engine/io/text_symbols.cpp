// Symbols are chosen in rounds: what the last round's symbols make of the sample says which pairs
// of them come often, and are symbols of the next round.
#include <algorithm>
#include <utility>

#include "engine/io/text_code.h"

namespace lanegrad {

namespace {

constexpr int kRounds = 5;
constexpr std::size_t kLongest = 8;
// Single bytes save little, but without them two bytes stand for one.
constexpr std::uint64_t kSingleGain = 8;

// One for every order: each would be some kilobytes.
template <typename Symbol>
void sort(std::vector<Symbol>& symbols, bool (*before)(const Symbol&, const Symbol&)) {
  std::sort(symbols.begin(), symbols.end(), before);
}

}  // namespace

TextCode::TextCode(std::string_view sample) {
  std::vector<std::uint32_t> pairs;
  for (int round = 0; round < kRounds; ++round) {
    std::array<std::uint64_t, kMost + 256> counts = {};
    pairs.clear();
    const char* const end = sample.data() + sample.size();
    std::size_t last = counts.size();
    for (const char* at = sample.data(); at < end;) {
      const std::size_t code = longest(at, end);
      const std::size_t size = symbol_of(code).size;
      ++counts[code];
      if (last < counts.size() && symbol_of(last).size + size <= kLongest)
        pairs.push_back(static_cast<std::uint32_t>(last << 16 | code));
      last = code;
      at += size;
    }
    std::vector<Symbol> found;
    for (std::size_t code = 0; code < counts.size(); ++code) {
      Symbol symbol = symbol_of(code);
      if (counts[code] == 0) continue;
      symbol.gain = counts[code] * (symbol.size == 1 ? kSingleGain : symbol.size);
      found.push_back(symbol);
    }
    std::sort(pairs.begin(), pairs.end());
    for (std::size_t i = 0; i < pairs.size();) {
      std::size_t next = i;
      while (next < pairs.size() && pairs[next] == pairs[i]) ++next;
      const Symbol a = symbol_of(pairs[i] >> 16);
      const Symbol b = symbol_of(pairs[i] & 0xffff);
      const std::uint32_t size = a.size + b.size;
      // A pair that came once has no reason to come again.
      if (next - i > 1)
        found.push_back({a.bytes | b.bytes << (8 * a.size), size, (next - i) * size});
      i = next;
    }
    take(std::move(found));
  }
}

void TextCode::take(std::vector<Symbol> symbols) {
  // The same bytes may have come of several pairs.
  sort<Symbol>(symbols, [](const Symbol& a, const Symbol& b) {
    return a.size != b.size ? a.size < b.size : a.bytes < b.bytes;
  });
  std::size_t kept = 0;
  for (const Symbol& symbol : symbols) {
    Symbol* const last = kept > 0 ? &symbols[kept - 1] : nullptr;
    if (last && last->size == symbol.size && last->bytes == symbol.bytes) {
      last->gain += symbol.gain;
    } else {
      symbols[kept++] = symbol;
    }
  }
  symbols.resize(kept);
  sort<Symbol>(symbols, [](const Symbol& a, const Symbol& b) {
    if (a.gain != b.gain) return a.gain > b.gain;
    return a.size != b.size ? a.size > b.size : a.bytes < b.bytes;
  });
  if (symbols.size() > kMost) symbols.resize(kMost);
  sort<Symbol>(symbols, [](const Symbol& a, const Symbol& b) {
    if (a.beginning() != b.beginning()) return a.beginning() < b.beginning();
    return a.size != b.size ? a.size > b.size : a.bytes < b.bytes;
  });

  bytes_.fill(0);
  sizes_.fill(0);
  single_.fill(0);
  longer_.assign(std::size_t{1} << 16, 0);
  for (std::size_t code = 0; code < symbols.size(); ++code) {
    const Symbol& symbol = symbols[code];
    bytes_[code] = symbol.bytes;
    sizes_[code] = static_cast<std::uint8_t>(symbol.size);
    masks_[code] = ~std::uint64_t{0} >> (64 - 8 * symbol.size);
    std::uint8_t& first = symbol.size == 1 ? single_[symbol.bytes] : longer_[symbol.beginning()];
    if (first == 0) first = static_cast<std::uint8_t>(code + 1);
  }
}

TextCode::Symbol TextCode::symbol_of(std::size_t code) const {
  if (code >= kMost) return {code - kMost, 1};
  return {bytes_[code], sizes_[code]};
}

}  // namespace lanegrad
