// The files have no header: their lengths and their labels tell.
#include "engine/io/cifar_pictures.h"

#include <algorithm>

namespace lanegrad {

namespace {

constexpr std::size_t kPixels = 3 * 32 * 32;

constexpr std::string_view kNames10 = "airplane automobile bird cat deer dog frog horse ship truck";
constexpr std::string_view kNames100 =
    "apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus "
    "butterfly camel can castle caterpillar cattle chair chimpanzee clock cloud cockroach couch "
    "crab crocodile cup dinosaur dolphin elephant flatfish forest fox girl hamster house kangaroo "
    "keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree motorcycle mountain mouse "
    "mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree plain plate poppy "
    "porcupine possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper "
    "snail snake spider squirrel streetcar sunflower sweet_pepper table tank telephone television "
    "tiger tractor train trout tulip turtle wardrobe whale willow_tree wolf woman worm";

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    std::string word(text.substr(0, end));
    std::replace(word.begin(), word.end(), '_', ' ');
    words.push_back(std::move(word));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

// Whether the file is records of so many labels, of which each is below its limit.
bool is_batch(const PictureFile& file, std::span<const std::uint8_t> limits) {
  const std::size_t record = limits.size() + kPixels;
  if (file.bytes.empty() || file.bytes.size() % record != 0) return false;
  for (std::size_t at = 0; at < file.bytes.size(); at += record) {
    for (std::size_t i = 0; i < limits.size(); ++i) {
      if (file.bytes[at + i] >= limits[i]) return false;
    }
  }
  return true;
}

// Moves the pixels together and takes the last label of each record.
void take(PictureFile file, std::size_t labels, std::string_view names, PictureParts& parts) {
  const std::size_t record = labels + kPixels;
  const std::size_t count = file.bytes.size() / record;
  const Side side = lower(base_name(file.name)).find("data_batch") != std::string::npos
                        ? Side::Train
                        : side_of(file.name);
  Labels found{.name = file.name, .side = side};
  std::vector<std::uint8_t>& bytes = file.bytes;
  for (std::size_t i = 0; i < count; ++i) {
    found.values.push_back(bytes[i * record + labels - 1]);
    const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(i * record + labels);
    std::copy(begin, begin + static_cast<std::ptrdiff_t>(kPixels),
              bytes.begin() + static_cast<std::ptrdiff_t>(i * kPixels));
  }
  bytes.resize(count * kPixels);
  Numbers images{.name = file.name,
                 .side = side,
                 .extents = {static_cast<Index>(count), 3, 32, 32},
                 .are_pixels = true,
                 .bytes = {}};
  images.bytes = std::move(bytes);
  parts.parts.push_back({.images = std::move(images), .labels = std::move(found)});
  parts.class_names = words_of(names);
}

constexpr std::uint8_t kLimits10[] = {10};
constexpr std::uint8_t kLimits100[] = {20, 100};

}  // namespace

bool is_cifar10(const PictureFile& file) { return is_batch(file, kLimits10); }
void read_cifar10_pictures(PictureFile file, PictureParts& parts) {
  take(std::move(file), 1, kNames10, parts);
}

bool is_cifar100(const PictureFile& file) { return is_batch(file, kLimits100); }
void read_cifar100_pictures(PictureFile file, PictureParts& parts) {
  take(std::move(file), 2, kNames100, parts);
}

}  // namespace lanegrad
