// The safetensors format (https://github.com/huggingface/safetensors): named arrays of numbers and
// some text in one file, which Python, Rust and JavaScript read, too.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/real.h"

namespace lanegrad {

struct Safetensors {
  struct Entry {
    std::string name;
    std::string_view dtype;               // "F32"; refers to text that stays
    std::vector<Index> shape;             // any rank; no extents for a single number
    std::span<const std::uint8_t> bytes;  // row-major, little-endian, not necessarily aligned
  };
  std::vector<std::pair<std::string, std::string>> metadata;
  std::vector<Entry> tensors;
};

// The bytes of one number: 4 for "F32"; 0 for a dtype that is not known.
Index dtype_size(std::string_view dtype);

// Checks every rule of the format before anything is allocated by what the header says. Tensors
// come in the order of their bytes, which `bytes` keeps. Throws CorruptData naming the first rule
// that is broken, Unsupported for an unknown dtype. Numbers may be NaN or infinite.
Safetensors parse_safetensors(std::span<const std::uint8_t> bytes);

// A file of these, the widest numbers first, so that each is aligned in memory that is. Throws as
// parse_safetensors would for the result: what could not be read is not written.
std::vector<std::uint8_t> write_safetensors(const Safetensors& content);

}  // namespace lanegrad
