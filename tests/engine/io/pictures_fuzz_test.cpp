// Files of pictures that are cut, changed or made to hurt.
#include "engine/core/random.h"
#include "tests/engine/catch.h"
#include "tests/engine/io/picture_files.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

struct Fuzzed {
  const char* what;
  PictureFile file;
  // A file that stays whole, beside it; none where its name is empty.
  PictureFile beside;
};

std::vector<Fuzzed> fuzzed_files() {
  const Bytes x = npy_of("<f4", "(6, 4, 4)", Bytes(6 * 16 * 4, 0x3E));
  const Bytes y = npy_of("<i4", "(6,)", [] {
    Bytes values(24);
    values[4] = 1;
    return values;
  }());
  const Bytes images = idx_of({kPictures, 4, 4}, some_pixels());
  const Bytes labels = idx_of({kPictures}, some_labels());
  const ZipEntry arrays[] = {{"x_train.npy", x}, {"y_train.npy", y}};
  const ZipEntry files[] = {{"a/images.idx", images}, {"a/labels.idx", labels}};
  return {
      {"idx of images", {"a", images}, {"b", labels}},
      {"idx of labels", {"a", labels}, {"b", images}},
      {"idx of floats", {"a", idx_of({1, 4, 4}, Bytes(64, 0x3E), 0x0D)}, {"b", idx_of({1}, {1})}},
      {"gzip", {"a.gz", gzip_of(images)}, {"b", labels}},
      {"npy", {"x.npy", x}, {"y.npy", y}},
      {"npz", {"a.npz", write_zip(arrays)}, {}},
      {"zip", {"a.zip", write_zip(files)}, {}},
      {"csv", {"a.csv", csv_of("")}, {}},
      {"fer", {"a.csv", fer_of()}, {}},
      {"tar", {"a.tar", tar_of({{"a", images}, {"b", labels}})}, {}},
  };
}

// Whether reading gives pictures or one sentence, and not anything else.
bool is_one_sentence(const Fuzzed& fuzzed, const Bytes& bytes) {
  std::vector<PictureFile> files{{fuzzed.file.name, bytes}};
  if (!fuzzed.beside.name.empty()) files.push_back(fuzzed.beside);
  const std::string error = error_of([&] {
    const Pictures pictures = read_pictures(std::move(files));
    // What is given away is what the engine takes.
    const auto size =
        static_cast<std::size_t>(pictures.channels * pictures.height * pictures.width);
    const std::size_t header = pictures.channels == 1 ? 16 : 20;
    if (pictures.train.images.size() !=
        header + size * static_cast<std::size_t>(pictures.train.count))
      fail(ErrorCode::Internal, "another number of pixels");
    for (std::size_t i = 8; i < pictures.train.labels.size(); ++i) {
      if (pictures.train.labels[i] >= pictures.class_names.size())
        fail(ErrorCode::Internal, "a label without a class");
    }
  });
  const bool known = error == "no error" || error.starts_with("CorruptData: ") ||
                     error.starts_with("Unsupported: ") || error.starts_with("OutOfMemory: ");
  if (!known) UNSCOPED_INFO(error);
  return known && error.size() < 2000;
}

}  // namespace

TEST_CASE("files of pictures that are cut anywhere give pictures or one sentence", "[pictures]") {
  for (const Fuzzed& fuzzed : fuzzed_files()) {
    CAPTURE(fuzzed.what);
    const Bytes& bytes = fuzzed.file.bytes;
    REQUIRE(is_one_sentence(fuzzed, bytes));
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      CAPTURE(size);
      REQUIRE(is_one_sentence(fuzzed,
                              {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)}));
    }
  }
}

TEST_CASE("files of pictures with any byte changed give pictures or one sentence", "[pictures]") {
  Random random(19);
  for (const Fuzzed& fuzzed : fuzzed_files()) {
    CAPTURE(fuzzed.what);
    for (std::size_t at = 0; at < fuzzed.file.bytes.size(); ++at) {
      Bytes broken = fuzzed.file.bytes;
      const auto bit = static_cast<std::uint8_t>(1U << random.below(8));
      broken[at] = at % 3 == 0   ? 0
                   : at % 3 == 1 ? 255
                                 : static_cast<std::uint8_t>(broken[at] ^ bit);
      CAPTURE(at, static_cast<int>(broken[at]));
      REQUIRE(is_one_sentence(fuzzed, broken));
    }
    for (int round = 0; round < 100; ++round) {
      Bytes broken = fuzzed.file.bytes;
      for (int i = 0; i < 4; ++i) {
        broken[random.below(static_cast<std::uint32_t>(broken.size()))] =
            static_cast<std::uint8_t>(random.below(256));
      }
      CAPTURE(round);
      REQUIRE(is_one_sentence(fuzzed, broken));
    }
  }
}

TEST_CASE("a batch of CIFAR's that is cut is no batch", "[pictures]") {
  const Fuzzed cifar{"cifar", {"data_batch_1.bin", cifar_of(3)}, {}};
  const Bytes& bytes = cifar.file.bytes;
  for (std::size_t size = 0; size < bytes.size(); size += 101) {
    CAPTURE(size);
    REQUIRE(
        is_one_sentence(cifar, {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)}));
  }
  Bytes broken = bytes;
  broken[0] = 11;
  CHECK(error_of([&] {
          read_pictures({{"data_batch_1.bin", broken}});
        }).starts_with("CorruptData: pictures: data_batch_1.bin starts with the bytes 11 "));
}

}  // namespace lanegrad::test
