// Tells files apart by their first bytes.
#include "engine/io/weights_file.h"

#include <algorithm>
#include <optional>

#include "engine/core/error.h"
#include "engine/io/npz.h"
#include "engine/io/number_types.h"
#include "engine/io/onnx_reader.h"
#include "engine/io/passed_over.h"
#include "engine/io/safetensors.h"
#include "engine/io/zip_reader.h"

namespace lanegrad {

namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::string_view kRead = "expected safetensors, npz or ONNX";

// Whether these bytes stand at `at`.
bool stands(Bytes bytes, std::size_t at, std::string_view text) {
  return bytes.size() >= at + text.size() &&
         std::equal(text.begin(), text.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at),
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

[[noreturn]] void refuse_pickle(std::string_view name) {
  fail(ErrorCode::Unsupported, "import: ", name,
       " is pickled, which can run programs when it is opened, ", kRead,
       ": in Python, `import torch, safetensors.torch` and "
       "`safetensors.torch.save_file(torch.load('",
       name,
       "', map_location='cpu'), 'net.safetensors')`, or `import torch, numpy` and "
       "`numpy.savez('net.npz', **{k: v.numpy() for k, v in torch.load('",
       name, "', map_location='cpu').items()})`");
}

// Refuses what is known and not read.
void refuse_others(Bytes bytes, std::string_view name) {
  constexpr struct {
    std::size_t at;
    std::string_view magic;
    std::string_view kind;
  } kOthers[] = {
      {0, "\x89HDF\r\n\x1a\n", "an HDF5 file, as Keras saves"},
      {4, "TFL3", "a TensorFlow Lite file"},
      {0, "GGUF", "a GGUF file"},
      {4, "ORTM", "a file in ONNX Runtime's own format"},
      {0, "\x93NUMPY", "a single array"},
      {0, "\x1f\x8b", "packed with gzip"},
      {0, "{", "a JSON file"},
  };
  for (const auto& other : kOthers) {
    if (stands(bytes, other.at, other.magic))
      fail(ErrorCode::Unsupported, "import: ", name, " is ", other.kind, ", ", kRead);
  }
  // A pickle of protocol 2 or later; torch.save wrote such ones before it wrote zip archives.
  if (bytes.size() > 2 && bytes[0] == 0x80 && bytes[1] >= 2 && bytes[1] <= 5) refuse_pickle(name);
}

// The number type of safetensors' dtype.
std::optional<NumberType> type_of(std::string_view dtype) {
  constexpr std::pair<std::string_view, NumberType> kTypes[] = {
      {"F16", NumberType::F16}, {"BF16", NumberType::BF16}, {"F32", NumberType::F32},
      {"F64", NumberType::F64}, {"BOOL", NumberType::Bool}, {"I8", NumberType::I8},
      {"U8", NumberType::U8},   {"I16", NumberType::I16},   {"U16", NumberType::U16},
      {"I32", NumberType::I32}, {"U32", NumberType::U32},   {"I64", NumberType::I64},
      {"U64", NumberType::U64}};
  for (const auto& [known, type] : kTypes) {
    if (known == dtype) return type;
  }
  return std::nullopt;
}

WeightsFile read_safetensors_file(Bytes bytes) {
  WeightsFile file;
  for (const StateView& entry : parse_safetensors(bytes).tensors) {
    if (is_passed_over(entry.name)) continue;
    const std::optional<NumberType> type = type_of(entry.dtype);
    if (!type)
      fail(ErrorCode::Unsupported, "import: array '", entry.name.substr(0, 80), "' of ",
           entry.dtype, ", expected floats");
    file.tensors.push_back({.name = entry.name,
                            .shape = entry.shape,
                            .values = to_reals(entry.bytes, *type, false, entry.name)});
  }
  return file;
}

WeightsFile read_archive(Bytes bytes, std::string_view name) {
  bool arrays = false;
  const ZipReader archive(bytes);
  for (const ZipReader::Member& member : archive.members()) {
    if (member.name == "data.pkl" || member.name.ends_with("/data.pkl")) refuse_pickle(name);
    if (member.name == "model.weights.h5")
      fail(ErrorCode::Unsupported, "import: ", name, " is a Keras file, ", kRead);
    arrays = arrays || member.name.ends_with(".npy");
  }
  if (!arrays)
    fail(ErrorCode::Unsupported, "import: ", name, " is a zip archive without arrays, ", kRead);
  return {.tensors = read_npz(bytes), .ordered = true};
}

}  // namespace

WeightsFile read_weights(Bytes bytes, std::string_view name, const Shape& sample) {
  constexpr std::size_t kHeaderLength = 8;  // the bytes in front of a safetensors header
  const std::string called(name.empty() ? "the file" : name.substr(0, 200));
  if (stands(bytes, 0, "PK\x03\x04") || stands(bytes, 0, "PK\x05\x06"))
    return read_archive(bytes, called);
  if (stands(bytes, kHeaderLength, "{")) return read_safetensors_file(bytes);
  refuse_others(bytes, called);
  // The field of the version, with which writers begin.
  if (name.ends_with(".onnx") || stands(bytes, 0, "\x08")) return read_onnx(bytes, sample);
  fail(ErrorCode::CorruptData, "import: ", called, " is no file of a net, ", kRead,
       " or a checkpoint");
}

}  // namespace lanegrad
