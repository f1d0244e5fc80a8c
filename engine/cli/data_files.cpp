// Files are read whole, and what they become goes to the engine as IDX bytes.
#include "engine/cli/data_files.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include "engine/cli/files.h"
#include "engine/core/error.h"
#include "engine/io/pictures.h"

namespace lanegrad::cli {

namespace {

namespace fs = std::filesystem;

std::vector<std::string> paths_of(const std::string& data) {
  std::error_code ignored;
  if (fs::exists(data, ignored)) return {data};
  std::vector<std::string> paths;
  for (std::size_t begin = 0; begin <= data.size();) {
    const std::size_t end = std::min(data.find(',', begin), data.size());
    if (end > begin) paths.push_back(data.substr(begin, end - begin));
    begin = end + 1;
  }
  return paths;
}

bool is_folder(const std::string& data) {
  std::error_code ignored;
  // What is missing is told by the reader of the four files.
  return fs::is_directory(data, ignored) ||
         (!fs::exists(data, ignored) && paths_of(data).size() < 2 &&
          !fs::path(data).has_extension());
}

Pictures read_files(const std::string& data) {
  std::vector<PictureFile> files;
  for (const std::string& path : paths_of(data)) {
    files.push_back({.name = path,
                     .bytes = read_file(path,
                                        "a folder with MNIST's four files, or "
                                        "files of pictures")});
  }
  Pictures pictures = read_pictures(std::move(files));
  if (!pictures.test) {
    hold_back_test(pictures);
    pictures.notes.push_back(str(pictures.test->count, " of ",
                                 pictures.test->count + pictures.train.count,
                                 " pictures, a fifth of each class, are held back for the test."));
  }
  return pictures;
}

std::shared_ptr<const ImageSet> images_of(const PictureSet& set, std::string_view name,
                                          Index classes) {
  return parse_idx_images(set.images, set.labels, name, classes);
}

}  // namespace

DataFiles read_data(const std::string& data) {
  if (is_folder(data)) return {.pictures = read_mnist(data)};
  Pictures pictures = read_files(data);
  const auto classes = static_cast<Index>(pictures.class_names.size());
  DataFiles files{.pictures = {images_of(pictures.train, "training", classes),
                               images_of(*pictures.test, "test", classes)},
                  .notes = std::move(pictures.notes)};
  for (Index i = 0; i < classes; ++i) {
    if (pictures.class_names[static_cast<std::size_t>(i)] == str(i)) continue;
    files.class_names = std::move(pictures.class_names);
    break;
  }
  return files;
}

std::shared_ptr<const ImageSet> read_test_data(const std::string& data, Index classes) {
  if (is_folder(data)) return read_mnist_test(data, classes);
  return images_of(*read_files(data).test, "test", classes);
}

}  // namespace lanegrad::cli
