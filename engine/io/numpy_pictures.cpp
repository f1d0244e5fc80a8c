// What an array is, its name says: x_train, train_images, X, data; y_train, train_labels, y,
// targets. Where the name says nothing, its shape does.
#include "engine/io/numpy_pictures.h"

#include <algorithm>

#include "engine/io/npy.h"

namespace lanegrad {

namespace {

enum class Role { Unknown, Images, Labels };

// "X_train" -> Images; `key` has small letters.
Role role_of(std::string_view key) {
  const auto has = [&](std::string_view word) { return key.find(word) != std::string_view::npos; };
  if (has("label") || has("target") || has("class") || key.starts_with("y") || key.ends_with("_y"))
    return Role::Labels;
  if (has("image") || has("data") || has("pixel") || has("img") || key.starts_with("x") ||
      key.ends_with("_x"))
    return Role::Images;
  return Role::Unknown;
}

void take(std::string name, std::string_view key, Side side, std::vector<std::uint8_t> bytes,
          PictureParts& parts) {
  const NpyView view = parse_npy(bytes, name);
  const auto extents = view.shape.extents();
  Numbers numbers{.name = std::move(name),
                  .side = side,
                  .extents = {extents.begin(), extents.end()},
                  .type = view.type,
                  .big_endian = view.big_endian,
                  .fortran = view.fortran,
                  .bytes = {},
                  .begin = static_cast<std::size_t>(view.data.data() - bytes.data())};
  if (view.data.empty()) numbers.begin = bytes.size();
  numbers.bytes = std::move(bytes);
  if (numbers.extents.empty()) {
    parts.notes.push_back(str(numbers.name, " is a single number and was left out."));
    return;
  }
  const Role role = role_of(lower(key));
  const bool labels =
      numbers.extents.size() == 1 ||
      (numbers.extents.size() == 2 &&
       (role == Role::Labels || (role == Role::Unknown && has_extents_of_labels(numbers.extents))));
  if (labels) {
    parts.parts.push_back({.images = std::nullopt, .labels = labels_of(numbers)});
  } else {
    parts.parts.push_back({.images = std::move(numbers)});
  }
}

Side side_or(std::string_view name, std::string_view file) {
  const Side side = side_of(name);
  return side == Side::Unknown ? side_of(file) : side;
}

}  // namespace

bool is_npy(const PictureFile& file) {
  constexpr std::string_view kMagic = "\x93NUMPY";
  return file.bytes.size() >= kMagic.size() &&
         std::equal(kMagic.begin(), kMagic.end(), file.bytes.begin(),
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

void read_npy_pictures(PictureFile file, PictureParts& parts) {
  const std::string name = file.name;
  take(name, base_name(name), side_of(name), std::move(file.bytes), parts);
}

void read_npz_pictures(const std::string& file, std::string_view key,
                       std::vector<std::uint8_t> bytes, PictureParts& parts) {
  try {
    take(str(file, ": ", key), key, side_or(key, file), std::move(bytes), parts);
  } catch (const Error& error) {
    // Names of classes and the like stand beside the pictures in many archives.
    if (error.code() != ErrorCode::Unsupported || role_of(lower(key)) != Role::Unknown) throw;
    parts.notes.push_back(
        str("The array ", key, " of ", file, " was left out, as it holds no numbers."));
  }
}

}  // namespace lanegrad
