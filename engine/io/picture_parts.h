// What the readers of pictures find in files, before it is known what belongs to what.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.h"
#include "engine/core/real.h"
#include "engine/io/number_types.h"
#include "engine/io/pictures.h"

namespace lanegrad {

enum class Side { Unknown, Train, Test };

// An array of numbers as its file has it, which has at most four axes.
struct Numbers {
  std::string name;  // "train.npz: x_train"
  Side side = Side::Unknown;
  std::vector<Index> extents = {};
  NumberType type = NumberType::U8;
  bool big_endian = false;
  // Whether the first axis is the fastest one, instead of the last.
  bool fortran = false;
  // Whether they are pixels from 0 to 255 whatever their values, as bytes of IDX are.
  bool are_pixels = false;
  // The numbers stand from `begin` on.
  std::vector<std::uint8_t> bytes = {};
  std::size_t begin = 0;

  Index count() const { return extents.empty() ? 0 : extents[0]; }
};

struct Labels {
  std::string name;
  Side side = Side::Unknown;
  std::vector<Index> values = {};
  // Where the labels are texts, those that the values stand for; empty otherwise.
  std::vector<std::string> texts = {};
};

// Pictures, their labels, or both.
struct PicturePart {
  std::optional<Numbers> images = std::nullopt;
  std::optional<Labels> labels = std::nullopt;
};

struct PictureParts {
  std::vector<PicturePart> parts = {};
  // What the files say of the names of all classes; empty where they say nothing.
  std::vector<std::string> class_names = {};
  std::vector<std::string> notes = {};
};

// Throws CorruptData with the file's name: "pictures: a.npz: …".
template <class... Pieces>
[[noreturn]] void refuse_pictures(std::string_view name, const Pieces&... pieces) {
  fail(ErrorCode::CorruptData, "pictures: ", name, " ", pieces...);
}

std::string lower(std::string_view text);
// The file's name without the folders before it.
std::string_view base_name(std::string_view path);
// What a usual name says: "t10k-labels-idx1-ubyte" is for the test.
Side side_of(std::string_view name);
// What a list of extents looks like: "[60000, 28, 28]".
std::string extents_text(const std::vector<Index>& extents);
// The height of square pictures of so many numbers, grey or in three colours, of at least 4 × 4; 0
// where there is none.
Index square_side(Index numbers);

// The numbers of an array of labels, in their order: one for each picture, of several columns the
// class, or the place of the 1 in a row of zeros. Throws CorruptData for what is no whole number.
Labels labels_of(const Numbers& numbers);
// Whether an array of these extents holds labels, as far as that tells.
bool has_extents_of_labels(const std::vector<Index>& extents);

}  // namespace lanegrad
