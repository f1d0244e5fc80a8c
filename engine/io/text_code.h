// Text in about half of its bytes, of which any piece is read alone: a code stands for up to eight
// bytes that come often (Boncz, Neumann, Leis: FSST, 2020).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lanegrad {

class TextCode {
 public:
  // Knows no bytes that come often.
  TextCode() = default;
  // Finds what comes often in a text like those that are to be written.
  explicit TextCode(std::string_view sample);

  // Writes the codes of a text to where there is room for two per byte; returns how many they are.
  std::size_t write(std::string_view text, std::uint8_t* codes) const;
  // Reads codes to where there is room for the text and kRoom bytes more.
  void read(std::span<const std::uint8_t> codes, char* text) const;
  // Frees what only writing needs.
  void end_writing() { longer_ = {}; }

  static constexpr std::size_t kRoom = 8;

 private:
  static constexpr std::size_t kMost = 255;
  // Stands before a byte that has no code.
  static constexpr std::uint8_t kEscape = 255;

  // Up to eight bytes, the first one lowest.
  struct Symbol {
    std::uint64_t bytes = 0;
    std::uint32_t size = 0;
    std::uint64_t gain = 0;

    std::size_t beginning() const { return bytes & 0xffff; }
  };

  void take(std::vector<Symbol> symbols);
  // The code of the longest symbol that the text begins with, or kMost plus the byte where there is
  // none.
  std::size_t longest(const char* text, const char* end) const;
  Symbol symbol_of(std::size_t code) const;

  std::array<std::uint64_t, kMost> bytes_ = {};
  std::array<std::uint8_t, kMost> sizes_ = {};
  // The codes of single bytes, and by two bytes the first code of what begins with them, which have
  // their codes by length, the longest first; each plus 1.
  std::array<std::uint8_t, 256> single_ = {};
  std::vector<std::uint8_t> longer_;
  // The bits of as many bytes as a code has.
  std::array<std::uint64_t, kMost> masks_ = {};
};

// Blocks of text, in the order in which they were added.
class TextBlocks {
 public:
  // Has the blocks that follow coded by what comes often in this text.
  void learn(std::string_view sample) { code_ = TextCode(sample); }
  void add(std::string_view text);
  // No block follows.
  void finish() {
    code_.end_writing();
    written_ = {};
  }

  std::size_t count() const { return blocks_.size(); }
  // The text of a block, which `memory` has.
  std::string_view read(std::size_t block, std::string& memory) const;

 private:
  struct Block {
    const std::uint8_t* codes = nullptr;
    // The bytes of the codes, as many as the text has where it stands as it is.
    std::uint32_t coded = 0;
    std::uint32_t size = 0;
  };

  TextCode code_;
  std::vector<Block> blocks_;
  // The codes, which stay where they are.
  std::vector<std::unique_ptr<std::uint8_t[]>> memory_;
  std::size_t free_ = 0;
  std::uint8_t* next_ = nullptr;
  std::size_t total_ = 0;
  std::vector<std::uint8_t> written_;
};

}  // namespace lanegrad
