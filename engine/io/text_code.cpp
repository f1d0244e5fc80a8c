// Writing and reading of codes, which each byte of a table goes through.
#include "engine/io/text_code.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace lanegrad {

namespace {

static_assert(std::endian::native == std::endian::little);

// The bytes that codes are put into at a time, at least and at most.
constexpr std::size_t kLeastMemory = 4096;
constexpr std::size_t kMostMemory = std::size_t{1} << 18;

std::uint64_t load(const char* text, const char* end) {
  std::uint64_t bytes = 0;
  const auto left = static_cast<std::size_t>(end - text);
  if (left >= sizeof bytes) {
    std::memcpy(&bytes, text, sizeof bytes);
  } else {
    std::memcpy(&bytes, text, left);
  }
  return bytes;
}

}  // namespace

std::size_t TextCode::longest(const char* text, const char* end) const {
  const auto left = static_cast<std::size_t>(end - text);
  const std::uint64_t bytes = load(text, end);
  const std::size_t first = longer_.empty() ? 0 : longer_[bytes & 0xffff];
  for (std::size_t code = first - 1; first != 0 && code < kMost; ++code) {
    const std::uint64_t other = bytes ^ bytes_[code];
    if ((other & masks_[code]) == 0 && sizes_[code] > 1 && sizes_[code] <= left) return code;
    if ((other & 0xffff) != 0 || sizes_[code] < 2) break;
  }
  const std::size_t single = single_[bytes & 0xff];
  return single != 0 ? single - 1 : kMost + (bytes & 0xff);
}

std::size_t TextCode::write(std::string_view text, std::uint8_t* codes) const {
  const std::uint8_t* const begin = codes;
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at < end;) {
    const std::size_t code = longest(at, end);
    if (code < kMost) {
      *codes++ = static_cast<std::uint8_t>(code);
      at += sizes_[code];
    } else {
      *codes++ = kEscape;
      *codes++ = static_cast<std::uint8_t>(*at++);
    }
  }
  return static_cast<std::size_t>(codes - begin);
}

void TextCode::read(std::span<const std::uint8_t> codes, char* text) const {
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const std::uint8_t code = codes[i];
    if (code == kEscape) {
      *text++ = static_cast<char>(codes[++i]);
    } else {
      std::memcpy(text, &bytes_[code], sizeof bytes_[code]);
      text += sizes_[code];
    }
  }
}

void TextBlocks::add(std::string_view text) {
  written_.resize(std::max(written_.size(), 2 * text.size()));
  const std::size_t written = code_.write(text, written_.data());
  const bool shorter = written < text.size();
  const std::size_t coded = shorter ? written : text.size();
  if (coded > free_) {
    free_ = std::max(coded, std::clamp(total_, kLeastMemory, kMostMemory));
    memory_.push_back(std::make_unique_for_overwrite<std::uint8_t[]>(free_));
    next_ = memory_.back().get();
  }
  if (coded > 0)
    std::memcpy(next_, shorter ? reinterpret_cast<const char*>(written_.data()) : text.data(),
                coded);
  blocks_.push_back(
      {next_, static_cast<std::uint32_t>(coded), static_cast<std::uint32_t>(text.size())});
  next_ += coded;
  free_ -= coded;
  total_ += coded;
}

std::string_view TextBlocks::read(std::size_t block, std::string& memory) const {
  const auto& [codes, coded, size] = blocks_[block];
  if (coded == size) return {reinterpret_cast<const char*>(codes), size};
  if (memory.size() < size + TextCode::kRoom) memory.resize(size + TextCode::kRoom);
  code_.read({codes, coded}, memory.data());
  return {memory.data(), size};
}

}  // namespace lanegrad
