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
#include "engine/core/state.h"

namespace lanegrad {

struct Safetensors {
  using Entry = StateView;
  std::vector<std::pair<std::string, std::string>> metadata;
  std::vector<Entry> tensors;

  // The text of this name; null where there is none.
  const std::string* text(std::string_view name) const;
  const Entry* tensor(std::string_view name) const;
};

// The bytes of one number: 4 for "F32"; 0 for a dtype that is not known.
Index dtype_size(std::string_view dtype);

// Parses a file. Every rule of the format is checked before anything is allocated because of the
// header. Tensors come in the order of their bytes and are views of `bytes`. Throws CorruptData
// with the first rule that is broken; Unsupported for an unknown dtype, more axes or numbers than
// an array may have and more than 10000 names. Numbers may be NaN or infinite.
Safetensors parse_safetensors(std::span<const std::uint8_t> bytes);

// The bytes of a file with this content. Tensors with the widest numbers come first, so that each
// is aligned where the file is. Throws what parse_safetensors would throw for the result: what
// could not be read is not written.
std::vector<std::uint8_t> write_safetensors(const Safetensors& content);

}  // namespace lanegrad
