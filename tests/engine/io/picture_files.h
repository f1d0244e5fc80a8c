// Small files of pictures in every format that is read, made by hand.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/error.h"
#include "engine/io/pictures.h"
#include "engine/io/zip.h"

namespace lanegrad::test {

using Bytes = std::vector<std::uint8_t>;

// Six pictures of 4 × 4 pixels, of which no two are the same, and their labels.
inline constexpr Index kPictures = 6;
inline constexpr Index kArea = 16;

inline Bytes some_pixels(Index count = kPictures * kArea) {
  Bytes pixels;
  for (Index i = 0; i < count; ++i) pixels.push_back(static_cast<std::uint8_t>(i * 7 + 40));
  return pixels;
}
inline Bytes some_labels(Index count = kPictures) {
  Bytes labels;
  for (Index i = 0; i < count; ++i) labels.push_back(static_cast<std::uint8_t>(i % 2));
  return labels;
}

inline void append(Bytes& out, const Bytes& more) {
  out.insert(out.end(), more.begin(), more.end());
}
inline Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

// The number's lowest bytes, in either order.
inline Bytes number_bytes(std::uint64_t value, std::size_t size, bool big_endian = true) {
  Bytes bytes;
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t place = big_endian ? size - 1 - i : i;
    bytes.push_back(static_cast<std::uint8_t>(value >> (8 * place)));
  }
  return bytes;
}

inline Bytes idx_of(const std::vector<Index>& extents, const Bytes& values, std::uint8_t type = 8) {
  Bytes bytes{0, 0, type, static_cast<std::uint8_t>(extents.size())};
  for (const Index extent : extents)
    append(bytes, number_bytes(static_cast<std::uint64_t>(extent), 4));
  append(bytes, values);
  return bytes;
}

// `shape` is a tuple of Python: "(6, 4, 4)".
inline Bytes npy_of(const std::string& type, const std::string& shape, const Bytes& values,
                    bool fortran = false) {
  std::string header = "{'descr': '" + type +
                       "', 'fortran_order': " + (fortran ? "True" : "False") +
                       ", 'shape': " + shape + ", }";
  header.append(64 - (10 + header.size() + 1) % 64, ' ');
  header += '\n';
  Bytes bytes = bytes_of("\x93NUMPY");
  append(bytes, {1, 0, static_cast<std::uint8_t>(header.size() & 255),
                 static_cast<std::uint8_t>(header.size() >> 8)});
  append(bytes, bytes_of(header));
  append(bytes, values);
  return bytes;
}

// A gzip file whose data are stored as they are.
inline Bytes gzip_of(const Bytes& content) {
  Bytes bytes{0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 1};
  append(bytes, number_bytes(content.size(), 2, false));
  append(bytes, number_bytes(~content.size(), 2, false));
  append(bytes, content);
  append(bytes, number_bytes(crc32(content), 4, false));
  append(bytes, number_bytes(content.size(), 4, false));
  return bytes;
}

inline Bytes tar_of(const std::vector<PictureFile>& files) {
  Bytes bytes;
  for (const PictureFile& file : files) {
    Bytes header(512);
    std::copy(file.name.begin(), file.name.end(), header.begin());
    for (std::size_t i = 0; i < 11; ++i) {
      header[124 + i] = static_cast<std::uint8_t>('0' + (file.bytes.size() >> (3 * (10 - i)) & 7));
    }
    header[156] = '0';
    const Bytes magic = bytes_of("ustar");
    std::copy(magic.begin(), magic.end(), header.begin() + 257);
    append(bytes, header);
    append(bytes, file.bytes);
    bytes.resize((bytes.size() + 511) / 512 * 512);
  }
  bytes.resize(bytes.size() + 1024);
  return bytes;
}

inline Bytes csv_of(const std::string& header, const std::string& delimiter = ",") {
  std::string text = header;
  const Bytes pixels = some_pixels();
  for (Index i = 0; i < kPictures; ++i) {
    text += std::to_string(i % 2);
    for (Index p = 0; p < kArea; ++p)
      text += delimiter + std::to_string(pixels[static_cast<std::size_t>(i * kArea + p)]);
    text += "\r\n";
  }
  return bytes_of(text);
}

// FER-2013's CSV, whose pixels stand in one column: the four first pictures are for training, one
// is public and one private.
inline Bytes fer_of(const std::string& header = "emotion,pixels,Usage\n",
                    const char* last_usage = "PrivateTest") {
  std::string text = header;
  const Bytes pixels = some_pixels();
  for (Index i = 0; i < kPictures; ++i) {
    text += std::to_string(i % 2) + ",\"";
    for (Index p = 0; p < kArea; ++p)
      text += (p > 0 ? " " : "") + std::to_string(pixels[static_cast<std::size_t>(i * kArea + p)]);
    text += std::string("\",") + (i < 4 ? "Training" : i == 4 ? "PublicTest" : last_usage) + "\n";
  }
  return bytes_of(text);
}

// A batch of CIFAR-10 whose record i has the label i and the pixels that begin i further on.
inline Bytes cifar_of(Index count, std::size_t labels = 1) {
  Bytes bytes;
  for (Index i = 0; i < count; ++i) {
    bytes.resize(bytes.size() + labels, static_cast<std::uint8_t>(i));
    const Bytes pixels = some_pixels(3072 + i);
    bytes.insert(bytes.end(), pixels.begin() + i, pixels.end());
  }
  return bytes;
}

}  // namespace lanegrad::test
