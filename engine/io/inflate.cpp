// Short codes are looked up, all others are read bit by bit: for each length of codes there is a
// first code and a count, which is all that a canonical Huffman code needs.
#include "engine/io/inflate.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "engine/core/error.h"

namespace lanegrad {

namespace {

constexpr int kLongestCode = 15;
constexpr int kLookedUp = 9;           // codes of at most so many bits stand in a table
constexpr std::size_t kSymbols = 288;  // literals, the end, lengths

template <class... Pieces>
[[noreturn]] void refuse(const Pieces&... pieces) {
  fail(ErrorCode::CorruptData, "inflate: ", pieces...);
}

// A canonical Huffman code.
class Code {
 public:
  // lengths[s] is the number of bits of symbol s, 0 where it does not occur. A code of a single
  // symbol may leave others open, as RFC 1951 allows it for distances.
  explicit Code(std::span<const std::uint8_t> lengths) {
    for (const std::uint8_t length : lengths) ++counts_[length];
    const bool single = lengths.size() - counts_[0] <= 1;
    counts_[0] = 0;
    int open = 1;
    std::array<std::uint16_t, kLongestCode + 2> next{};
    for (std::size_t length = 1; length <= kLongestCode; ++length) {
      open = 2 * open - counts_[length];
      if (open < 0) refuse("more codes than their lengths allow, expected a Huffman code");
      next[length + 1] = static_cast<std::uint16_t>(next[length] + counts_[length]);
    }
    if (open > 0 && !single)
      refuse("fewer codes than their lengths allow, expected a Huffman code");
    for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol) {
      if (lengths[symbol] != 0)
        symbols_[next[lengths[symbol]]++] = static_cast<std::uint16_t>(symbol);
    }
    fill_table();
  }

  template <class Bits>
  std::size_t read(Bits& bits) const {
    if (const std::uint16_t entry = table_[bits.peek(kLookedUp)]; entry != 0) {
      bits.drop(entry & 15);
      return entry >> 4;
    }
    int code = 0;
    int first = 0;
    int index = 0;
    for (std::size_t length = 1; length <= kLongestCode; ++length) {
      code |= static_cast<int>(bits.take(1));
      const int count = counts_[length];
      if (code - first < count) return symbols_[static_cast<std::size_t>(index + code - first)];
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    refuse("a code that stands for nothing, expected one of the block's");
  }

 private:
  // Each entry is a symbol and the length of its code, or 0 for a longer code; codes come with
  // their first bit lowest.
  void fill_table() {
    unsigned code = 0;
    std::size_t index = 0;
    for (unsigned length = 1; length <= kLookedUp; ++length) {
      for (unsigned i = 0; i < counts_[length]; ++i, ++code, ++index) {
        unsigned reversed = 0;
        for (unsigned bit = 0; bit < length; ++bit)
          reversed |= (code >> bit & 1U) << (length - 1 - bit);
        for (unsigned at = reversed; at < table_.size(); at += 1U << length)
          table_[at] = static_cast<std::uint16_t>(symbols_[index] << 4 | length);
      }
      code <<= 1;
    }
  }

  std::array<std::uint16_t, kLongestCode + 1> counts_{};
  std::array<std::uint16_t, kSymbols> symbols_{};
  std::array<std::uint16_t, 1 << kLookedUp> table_{};
};

class Bits {
 public:
  explicit Bits(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  // The next `count` bits, the first one lowest, without taking them; zeros beyond the end.
  std::uint32_t peek(int count) {
    while (filled_ < count && at_ < bytes_.size()) {
      held_ |= std::uint32_t{bytes_[at_++]} << filled_;
      filled_ += 8;
    }
    return held_ & ((std::uint32_t{1} << count) - 1);
  }
  // Passes over bits that were looked at.
  void drop(int count) {
    if (count > filled_) refuse("the end of the data within a block, expected its rest");
    held_ >>= count;
    filled_ -= count;
  }
  std::uint32_t take(int count) {
    const std::uint32_t value = peek(count);
    drop(count);
    return value;
  }

  // The next `count` bytes; the bits up to their first one are passed over.
  std::span<const std::uint8_t> bytes(std::size_t count) {
    give_back();
    if (count > bytes_.size() - at_)
      refuse("a stored block of ", count, " bytes, expected at most ", bytes_.size() - at_);
    at_ += count;
    return bytes_.subspan(at_ - count, count);
  }

  // How many bytes have been begun.
  std::size_t used() {
    give_back();
    return at_;
  }

 private:
  // Whole bytes that were only looked at come again.
  void give_back() {
    at_ -= static_cast<std::size_t>(filled_ / 8);
    held_ = 0;
    filled_ = 0;
  }

  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
  std::uint32_t held_ = 0;
  int filled_ = 0;
};

}  // namespace

class Inflater::Stream {
 public:
  Stream(std::span<const std::uint8_t> packed, std::uint64_t most) : bits_(packed), left_(most) {}

  bool run(std::size_t some, std::vector<std::uint8_t>& out) {
    out_ = &out;
    begin_ = out.size();
    const std::size_t free = std::numeric_limits<std::size_t>::max() - begin_;
    pause_ = begin_ + std::min(some, free);
    while (literals_ || !last_) {
      if (literals_) {
        if (!read_block()) break;
        literals_.reset();
        distances_.reset();
      } else if (out.size() < pause_) {
        begin_block();
      } else {
        break;
      }
    }
    left_ -= out.size() - begin_;
    return last_ && !literals_;
  }

  std::size_t used() { return bits_.used(); }

 private:
  void need_room(std::size_t count) const {
    if (count > left_ - (out_->size() - begin_))
      refuse("more bytes than ", begin_ + left_, ", expected so many");
  }

  // Copies a stored block, or reads the codes of another one.
  void begin_block() {
    last_ = bits_.take(1) != 0;
    const std::uint32_t kind = bits_.take(2);
    if (kind == 0) {
      copy_stored();
    } else if (kind == 1) {
      read_fixed();
    } else if (kind == 2) {
      read_dynamic();
    } else {
      refuse("a block of kind 3, expected 0, 1 or 2");
    }
  }

  void copy_stored() {
    const auto header = bits_.bytes(4);
    const std::size_t count = header[0] | std::size_t{header[1]} << 8;
    if ((header[0] ^ header[2]) != 0xFF || (header[1] ^ header[3]) != 0xFF)
      refuse("the length of a stored block and its complement differ");
    need_room(count);
    const auto bytes = bits_.bytes(count);
    out_->insert(out_->end(), bytes.begin(), bytes.end());
  }

  void read_fixed() {
    std::array<std::uint8_t, kSymbols> lengths{};
    for (std::size_t i = 0; i < kSymbols; ++i) {
      lengths[i] = static_cast<std::uint8_t>(i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8);
    }
    std::array<std::uint8_t, 32> distances{};
    distances.fill(5);
    literals_.emplace(lengths);
    distances_.emplace(distances);
  }

  void read_dynamic() {
    constexpr std::size_t kMostDistances = 30;
    constexpr std::size_t kMostLiterals = 286;
    constexpr std::uint8_t kOrder[] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                       11, 4,  12, 3, 13, 2, 14, 1, 15};
    const std::size_t literals = 257 + bits_.take(5);
    const std::size_t distances = 1 + bits_.take(5);
    const std::size_t codes = 4 + bits_.take(4);
    if (literals > kMostLiterals || distances > kMostDistances)
      refuse(literals, " lengths of literals and ", distances, " of distances, expected at most ",
             kMostLiterals, " and ", kMostDistances);
    std::array<std::uint8_t, std::size(kOrder)> first{};
    for (std::size_t i = 0; i < codes; ++i) {
      first[kOrder[i]] = static_cast<std::uint8_t>(bits_.take(3));
    }
    const Code code(first);
    std::array<std::uint8_t, kMostLiterals + kMostDistances> lengths{};
    for (std::size_t at = 0; at < literals + distances;) {
      const std::size_t symbol = code.read(bits_);
      if (symbol < 16) {
        lengths[at++] = static_cast<std::uint8_t>(symbol);
        continue;
      }
      if (symbol == 16 && at == 0) refuse("a repeated length before the first one");
      const std::uint8_t value = symbol == 16 ? lengths[at - 1] : std::uint8_t{0};
      std::size_t count = symbol == 16   ? 3 + bits_.take(2)
                          : symbol == 17 ? 3 + bits_.take(3)
                                         : 11 + bits_.take(7);
      if (count > literals + distances - at)
        refuse("more lengths than ", literals + distances, ", expected so many");
      while (count-- > 0) lengths[at++] = value;
    }
    if (lengths[256] == 0) refuse("a block without a code for its end");
    const std::span<const std::uint8_t> all = lengths;
    literals_.emplace(all.first(literals));
    distances_.emplace(all.subspan(literals, distances));
  }

  // Returns whether the block is at its end.
  bool read_block() {
    constexpr std::uint16_t kLengths[] = {3,  4,  5,  6,   7,   8,   9,   10,  11, 13,
                                          15, 17, 19, 23,  27,  31,  35,  43,  51, 59,
                                          67, 83, 99, 115, 131, 163, 195, 227, 258};
    constexpr std::uint16_t kDistances[] = {
        1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
        193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
    const Code& literals = *literals_;
    const Code& distances = *distances_;
    std::vector<std::uint8_t>& out = *out_;
    while (out.size() < pause_) {
      const std::size_t symbol = literals.read(bits_);
      if (symbol == 256) return true;
      if (symbol < 256) {
        need_room(1);
        out.push_back(static_cast<std::uint8_t>(symbol));
        continue;
      }
      const std::size_t l = symbol - 257;
      if (l >= std::size(kLengths)) refuse("the length code ", symbol, ", expected at most 285");
      const int length_bits = l < 8 || l == 28 ? 0 : static_cast<int>(l / 4) - 1;
      const std::size_t length = kLengths[l] + bits_.take(length_bits);
      const std::size_t d = distances.read(bits_);
      if (d >= std::size(kDistances)) refuse("the distance code ", d, ", expected at most 29");
      const std::size_t distance =
          kDistances[d] + bits_.take(d < 2 ? 0 : static_cast<int>(d / 2) - 1);
      if (distance > out.size())
        refuse("a distance of ", distance, " after ", out.size(), " bytes, expected at most those");
      need_room(length);
      const std::size_t end = out.size();
      out.resize(end + length);
      std::uint8_t* const to = out.data() + end;
      for (std::size_t i = 0; i < length; ++i) to[i] = *(to + i - distance);
    }
    return false;
  }

  Bits bits_;
  // How many bytes there may still be, and, in a call, where these begin and where it pauses.
  std::uint64_t left_;
  std::size_t begin_ = 0;
  std::size_t pause_ = 0;
  std::vector<std::uint8_t>* out_ = nullptr;
  // Whether the block is the last one, and its codes where it is not at its end.
  bool last_ = false;
  std::optional<Code> literals_;
  std::optional<Code> distances_;
};

Inflater::Inflater(std::span<const std::uint8_t> packed, std::uint64_t most)
    : stream_(std::make_unique<Stream>(packed, most)) {}
Inflater::~Inflater() = default;

bool Inflater::run(std::size_t some, std::vector<std::uint8_t>& out) {
  return stream_->run(some, out);
}

std::size_t Inflater::used() { return stream_->used(); }

std::vector<std::uint8_t> inflate(std::span<const std::uint8_t> packed, std::uint64_t size) {
  if (size / kMostInflation > packed.size())
    refuse(size, " bytes from ", packed.size(), ", expected at most ", kMostInflation, " for each");
  std::vector<std::uint8_t> out;
  out.reserve(static_cast<std::size_t>(size));
  Inflater inflater(packed, size);
  inflater.run(std::numeric_limits<std::size_t>::max(), out);
  if (inflater.used() != packed.size()) refuse("bytes after the last block, expected its end");
  if (out.size() != size) refuse(out.size(), " bytes, expected ", size);
  return out;
}

}  // namespace lanegrad
