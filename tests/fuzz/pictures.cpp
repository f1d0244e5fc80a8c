// Sets of pictures in one file or two, which an input holds one after the other: the length of the
// first in two bytes, then the number of its name.
#include "engine/io/pictures.h"

#include "engine/io/zip.h"
#include "tests/engine/io/picture_files.h"
#include "tests/fuzz/fuzz.h"

namespace lanegrad::fuzz {

namespace {

constexpr const char* kNames[] = {"a",     "train-images-idx3-ubyte",
                                  "a.npz", "x_train.npy",
                                  "a.csv", "data_batch_1.bin",
                                  "a.zip", "a.tar",
                                  "a.gz",  "emnist-letters-train-images-idx3-ubyte.gz"};

Bytes seed_of(std::size_t name, const Bytes& first, const Bytes& second = {}) {
  Bytes seed = test::number_bytes(first.size(), 2);
  seed.push_back(static_cast<std::uint8_t>(name));
  test::append(seed, first);
  test::append(seed, second);
  return seed;
}

}  // namespace

std::vector<Bytes> seeds() {
  using namespace test;
  const Bytes images = idx_of({kPictures, 4, 4}, some_pixels());
  const Bytes labels = idx_of({kPictures}, some_labels());
  const Bytes x = npy_of("|u1", "(6, 4, 4)", some_pixels());
  const Bytes y = npy_of("|u1", "(6,)", some_labels());
  const ZipEntry arrays[] = {{"x_train.npy", x}, {"y_train.npy", y}};
  const ZipEntry files[] = {{"images", images}, {"labels", labels}};
  return {
      seed_of(0, images, labels),
      seed_of(1, images, labels),
      seed_of(2, write_zip(arrays)),
      seed_of(3, x, y),
      seed_of(4, csv_of("")),
      seed_of(5, cifar_of(2)),
      seed_of(6, write_zip(files)),
      seed_of(7, tar_of({{"images", images}, {"labels", labels}})),
      seed_of(8, gzip_of(images), labels),
      seed_of(9, gzip_of(images), labels),
  };
}

void take(std::span<const std::uint8_t> input) {
  if (input.size() < 3) return;
  const std::size_t length = std::min<std::size_t>(256 * input[0] + input[1], input.size() - 3);
  const auto first = input.subspan(3, length);
  const auto second = input.subspan(3 + length);
  std::vector<PictureFile> files{
      {kNames[input[2] % std::size(kNames)], {first.begin(), first.end()}}};
  if (!second.empty()) files.push_back({"b", {second.begin(), second.end()}});
  const Pictures pictures = read_pictures(std::move(files));

  const auto area = static_cast<std::size_t>(pictures.channels * pictures.height * pictures.width);
  const std::size_t header = pictures.channels == 1 ? 16 : 20;
  for (const auto& [set, labeled] :
       {std::pair(&pictures.train, true),
        std::pair(pictures.test ? &*pictures.test : nullptr, true),
        std::pair(pictures.unlabeled ? &*pictures.unlabeled : nullptr, false)}) {
    if (set == nullptr) continue;
    const auto count = static_cast<std::size_t>(set->count);
    require(set->images.size() == header + area * count, "its pixels are not its pictures'");
    if (labeled) require(set->labels.size() == 8 + count, "a picture has no label");
    for (std::size_t i = 8; i < set->labels.size(); ++i)
      require(set->labels[i] < pictures.class_names.size(), "a label has no class");
  }
}

}  // namespace lanegrad::fuzz
