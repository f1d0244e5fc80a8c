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
#include "engine/io/bytes.h"

namespace lanegrad {

// Texts by name.
using Metadata = std::vector<std::pair<std::string, std::string>>;

// A tensor in a file.
struct StoredTensor {
  std::string name;
  std::string_view dtype;
  Shape shape;
  // Where its bytes begin in the file, and how many they are.
  std::size_t begin = 0;
  std::size_t size = 0;
};

// The content of a file. An Entry is where a tensor's bytes are: in memory or in the file.
template <class Entry_>
struct SafetensorsOf {
  using Entry = Entry_;
  Metadata metadata;
  std::vector<Entry> tensors;

  // The text of this name; null where there is none.
  const std::string* text(std::string_view name) const {
    for (const auto& [key, value] : metadata) {
      if (key == name) return &value;
    }
    return nullptr;
  }
  const Entry* tensor(std::string_view name) const {
    for (const Entry& entry : tensors) {
      if (entry.name == name) return &entry;
    }
    return nullptr;
  }
};
using SafetensorsHeader = SafetensorsOf<StoredTensor>;
using Safetensors = SafetensorsOf<StateView>;

// The bytes of one number: 4 for "F32"; 0 for a dtype that is not known.
Index dtype_size(std::string_view dtype);

// Parses a file. Every rule of the format is checked before anything is allocated because of the
// header. Tensors come in the order of their bytes and are views of `bytes`. Throws CorruptData
// with the first rule that is broken; Unsupported for an unknown dtype, more axes or numbers than
// an array may have and more than 10000 names. Numbers may be NaN or infinite.
Safetensors parse_safetensors(std::span<const std::uint8_t> bytes);
// Parses the header of a file, and reads nothing else of it. Throws what parse_safetensors throws.
SafetensorsHeader read_safetensors(const ByteSource& file);

// The bytes of a file with this content. Tensors with the widest numbers come first, so that each
// is aligned where the file is. Throws what parse_safetensors would throw for the result: what
// could not be read is not written.
std::vector<std::uint8_t> write_safetensors(const Safetensors& content);
// Writes those bytes, tensor by tensor. Where it throws, nothing has been written.
void write_safetensors(const Metadata& metadata, std::span<const StateView* const> tensors,
                       ByteSink& file);

}  // namespace lanegrad
