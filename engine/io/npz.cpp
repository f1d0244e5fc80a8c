// Writes .npy files into an archive, and reads them.
#include "engine/io/npz.h"

#include <bit>
#include <cstring>

#include "engine/core/error.h"
#include "engine/io/npy.h"
#include "engine/io/passed_over.h"
#include "engine/io/state_dict.h"
#include "engine/io/zip.h"
#include "engine/io/zip_reader.h"

namespace lanegrad {

namespace {

static_assert(std::endian::native == std::endian::little);

// "(3, 4)"; with one axis "(3,)".
std::string tuple_text(const Shape& shape) {
  std::string text = "(";
  for (const Index extent : shape.extents()) text += str(text.size() > 1 ? ", " : "", extent);
  return text + (shape.rank() == 1 ? ",)" : ")");
}

std::vector<std::uint8_t> npy_of(const ModelTensor& tensor) {
  constexpr std::size_t kAlignment = 64;
  constexpr std::size_t kBeforeHeader = 10;
  std::string header =
      str("{'descr': '<f4', 'fortran_order': False, 'shape': ", tuple_text(tensor.shape), ", }");
  header.append(kAlignment - (kBeforeHeader + header.size() + 1) % kAlignment, ' ');
  header += '\n';
  std::string start("\x93NUMPY\x01\x00", 8);
  start += static_cast<char>(header.size() & 255);
  start += static_cast<char>(header.size() >> 8);
  start += header;
  std::vector<std::uint8_t> bytes(start.begin(), start.end());
  bytes.resize(start.size() + tensor.values.size() * sizeof(Real));
  if (!tensor.values.empty())
    std::memcpy(bytes.data() + start.size(), tensor.values.data(),
                tensor.values.size() * sizeof(Real));
  return bytes;
}

}  // namespace

std::vector<ExportedFile> write_npz(const Model& model, const ExportOptions& options) {
  std::vector<std::vector<std::uint8_t>> files;
  std::vector<ZipEntry> entries;
  const std::vector<ModelTensor> tensors = state_dict(model);
  files.reserve(tensors.size());
  for (const ModelTensor& tensor : tensors) {
    files.push_back(npy_of(tensor));
    entries.push_back({tensor.name + ".npy", files.back()});
  }
  return {{options.stem + ".npz", write_zip(entries)}};
}

std::vector<ModelTensor> read_npz(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view kEnding = ".npy";
  std::vector<ModelTensor> arrays;
  const ZipReader archive(bytes);
  for (const ZipReader::Member& member : archive.members()) {
    std::string_view name = member.name;
    if (!name.ends_with(kEnding)) continue;
    name.remove_suffix(kEnding.size());
    if (is_passed_over(name)) continue;
    for (const ModelTensor& other : arrays) {
      if (other.name == name)
        fail(ErrorCode::CorruptData, "npz: two arrays '", name.substr(0, 80),
             "', expected names that differ");
    }
    arrays.push_back(read_npy(ZipReader::read(member), std::string(name)));
  }
  return arrays;
}

}  // namespace lanegrad
