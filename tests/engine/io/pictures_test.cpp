// Pictures from files of every format.
#include "engine/io/pictures.h"

#include "tests/engine/catch.h"
#include "tests/engine/io/picture_files.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

// The IDX files that all of the small files stand for.
Bytes images() { return idx_of({kPictures, 4, 4}, some_pixels()); }
Bytes labels() { return idx_of({kPictures}, some_labels()); }

std::string reading(std::vector<PictureFile> files) {
  return error_of([&] { read_pictures(std::move(files)); });
}

// Whether the files are read as the six pictures and their labels.
void check_six(std::vector<PictureFile> files, std::string_view format) {
  const Pictures pictures = read_pictures(std::move(files));
  CHECK(pictures.format == format);
  CHECK(pictures.train.count == kPictures);
  CHECK(pictures.train.images == images());
  CHECK(pictures.train.labels == labels());
  CHECK_FALSE(pictures.test);
  CHECK(class_counts(pictures.train, 2) == std::vector<Index>{3, 3});
}

// The bytes of floats, doubles or whole numbers of these values.
Bytes floats_of(const Bytes& values, bool big_endian) {
  Bytes bytes;
  for (const std::uint8_t value : values) {
    const float share = static_cast<float>(value) / 255;
    append(bytes, number_bytes(std::bit_cast<std::uint32_t>(share), 4, big_endian));
  }
  return bytes;
}
Bytes doubles_of(const Bytes& values, bool big_endian) {
  Bytes bytes;
  for (const std::uint8_t value : values) {
    append(bytes,
           number_bytes(std::bit_cast<std::uint64_t>(static_cast<double>(value)), 8, big_endian));
  }
  return bytes;
}
Bytes wholes_of(const Bytes& values, std::size_t size, bool big_endian) {
  Bytes bytes;
  for (const std::uint8_t value : values) append(bytes, number_bytes(value, size, big_endian));
  return bytes;
}

}  // namespace

TEST_CASE("IDX is read plain and packed, under any names", "[pictures]") {
  check_six({{"b", labels()}, {"a", images()}}, "IDX");
  check_six({{"train-images.idx3-ubyte.gz", gzip_of(images())}, {"labels", labels()}}, "IDX");
  // Several members, and zeros after the end.
  const Bytes whole = images();
  Bytes pieces = gzip_of({whole.begin(), whole.begin() + 50});
  append(pieces, gzip_of({whole.begin() + 50, whole.end()}));
  pieces.resize(pieces.size() + 20);
  check_six({{"a.gz", pieces}, {"b", labels()}}, "IDX");
  pieces.back() = 1;
  CHECK(reading({{"a.gz", pieces}, {"b", labels()}}) ==
        "CorruptData: gzip: a.gz has other bytes behind its end, expected another gzip file or "
        "none");
}

TEST_CASE("IDX of other numbers is read in either byte order", "[pictures]") {
  for (const bool big_endian : {true, false}) {
    CAPTURE(big_endian);
    const std::vector<Index> extents{kPictures, 4, 4};
    check_six({{"a", idx_of(extents, floats_of(some_pixels(), big_endian), 0x0D)},
               {"b", idx_of({kPictures}, wholes_of(some_labels(), 4, big_endian), 0x0C)}},
              "IDX");
    check_six({{"a", idx_of(extents, doubles_of(some_pixels(), big_endian), 0x0E)},
               {"b", idx_of({kPictures, 1}, wholes_of(some_labels(), 2, big_endian), 0x0B)}},
              "IDX");
  }
}

TEST_CASE("the class of QMNIST's labels is their first column", "[pictures]") {
  Bytes columns;
  for (const std::uint8_t label : some_labels()) {
    append(columns, number_bytes(label, 4));
    for (std::uint32_t column = 1; column < 8; ++column)
      append(columns, number_bytes(100'000 * column, 4));
  }
  check_six({{"a", images()}, {"b", idx_of({kPictures, 8}, columns, 0x0C)}}, "IDX");
}

TEST_CASE("rows without a column have no labels", "[pictures]") {
  const std::string expected =
      "CorruptData: pictures: b has the shape [6, 0], expected a label in each row";
  CHECK(reading({{"a", images()}, {"b", idx_of({kPictures, 0}, {})}}) == expected);
  CHECK(reading({{"a", images()}, {"b", npy_of("|u1", "(6, 0)", {})}}) == expected);
}

TEST_CASE("EMNIST's letters are 26 classes that stand upright", "[pictures]") {
  Bytes letters;
  for (std::uint8_t i = 1; i <= 26; ++i) letters.push_back(i);
  const Bytes lying = some_pixels(26 * kArea);
  const std::vector<PictureFile> files{
      {"emnist-letters-train-images-idx3-ubyte", idx_of({26, 4, 4}, lying)},
      {"emnist-letters-train-labels-idx1-ubyte", idx_of({26}, letters)}};
  const Pictures pictures = read_pictures(files);
  REQUIRE(pictures.class_names.size() == 26);
  CHECK(pictures.class_names[0] == "A");
  CHECK(pictures.class_names[25] == "Z");
  CHECK(pictures.turned);
  CHECK(pictures.train.labels[8] == 0);
  CHECK(pictures.train.images[16 + 1] == lying[4]);
  CHECK(pictures.train.images[16 + 4] == lying[1]);
  CHECK(read_pictures(files, {.turn = false}).train.images == idx_of({26, 4, 4}, lying));
}

TEST_CASE("labels that are far from 0 are numbered in their order", "[pictures]") {
  const Pictures pictures =
      read_pictures({{"a", images()}, {"b", idx_of({kPictures}, {3, 7, 3, 7, 9, 3})}});
  CHECK(pictures.class_names == std::vector<std::string>{"3", "7", "9"});
  CHECK(pictures.train.labels == idx_of({kPictures}, {0, 1, 0, 1, 2, 0}));
  CHECK(reading({{"a", images()}, {"b", idx_of({kPictures}, Bytes(6, 4))}}) ==
        "CorruptData: pictures: b has one class alone, expected at least two: every label is the "
        "same");
}

TEST_CASE("arrays of numpy are read in every order and type", "[pictures]") {
  const Bytes pixels = some_pixels();
  // The first axis is the fastest one.
  Bytes fortran;
  for (Index column = 0; column < 4; ++column) {
    for (Index row = 0; row < 4; ++row) {
      for (Index i = 0; i < kPictures; ++i)
        fortran.push_back(pixels[static_cast<std::size_t>(i * kArea + row * 4 + column)]);
    }
  }
  const Bytes y = npy_of("|u1", "(6,)", some_labels());
  for (const auto& [type, shape, values, in_fortran] :
       {std::tuple("|u1", "(6, 4, 4)", pixels, false),
        {"|u1", "(6, 4, 4)", fortran, true},
        {"|u1", "(6, 16)", pixels, false},
        {"|u1", "(6, 4, 4, 1)", pixels, false},
        {"|u1", "(6, 1, 4, 4)", pixels, false},
        {"<i4", "(6, 4, 4)", wholes_of(pixels, 4, false), false},
        {">i8", "(6, 4, 4)", wholes_of(pixels, 8, true), false},
        {"<f4", "(6, 4, 4)", floats_of(pixels, false), false},
        {">f4", "(6, 4, 4)", floats_of(pixels, true), false},
        {">f8", "(6, 4, 4)", doubles_of(pixels, true), false}}) {
    CAPTURE(type, shape);
    const Bytes x = npy_of(type, shape, values, in_fortran);
    check_six({{"x.npy", x}, {"y.npy", y}}, "npy");
    for (const auto& [images_key, labels_key] : {std::pair("x_train.npy", "y_train.npy"),
                                                 {"train_images.npy", "train_labels.npy"},
                                                 {"X.npy", "y.npy"},
                                                 {"data.npy", "targets.npy"},
                                                 {"arr_0.npy", "arr_1.npy"}}) {
      const ZipEntry entries[] = {{labels_key, y}, {images_key, x}};
      check_six({{"a.npz", write_zip(entries)}}, "npz");
    }
  }
}

TEST_CASE("colours before and behind are the same pictures", "[pictures]") {
  const Bytes planar = some_pixels(kPictures * 3 * kArea);
  Bytes behind;
  for (Index i = 0; i < kPictures; ++i) {
    for (Index p = 0; p < kArea; ++p) {
      for (Index c = 0; c < 3; ++c)
        behind.push_back(planar[static_cast<std::size_t>((i * 3 + c) * kArea + p)]);
    }
  }
  const Bytes y = npy_of("<i8", "(6, 1)", wholes_of(some_labels(), 8, false));
  for (const Bytes& x :
       {npy_of("|u1", "(6, 4, 4, 3)", behind), npy_of("|u1", "(6, 3, 4, 4)", planar)}) {
    const ZipEntry entries[] = {{"x_train.npy", x}, {"y_train.npy", y}};
    const Bytes file = write_zip(entries);
    CHECK(read_pictures({{"a.npz", file}}).train.images == idx_of({kPictures, 3, 4, 4}, planar));
    const Pictures grey = read_pictures({{"a.npz", file}}, {.channels = 1});
    CHECK(grey.train.images.size() == 16 + kPictures * kArea);
    CHECK(grey.notes == std::vector<std::string>{"Colours became grey."});
  }
}

TEST_CASE("CSV has its label first, last or named, and a header or none", "[pictures]") {
  check_six({{"a.csv", csv_of("")}}, "CSV of pixels");
  check_six({{"a.csv", csv_of("", ";")}}, "CSV of pixels");
  std::string names = "label";
  for (Index i = 0; i < kArea; ++i) names += ",pixel" + std::to_string(i);
  check_six({{"a.csv", csv_of("\xEF\xBB\xBF" + names + "\r\n")}}, "CSV of pixels");
  // The rest of a competition: the same columns without the label.
  std::string test = names.substr(6) + "\n";
  for (Index i = 0; i < kArea; ++i) test += (i > 0 ? "," : "") + std::to_string(i);
  const Pictures pictures =
      read_pictures({{"test.csv", bytes_of(test + "\n")}, {"train.csv", csv_of(names + "\n")}});
  CHECK(pictures.train.images == images());
  REQUIRE(pictures.unlabeled);
  CHECK(pictures.unlabeled->images ==
        idx_of({1, 4, 4}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}));
  CHECK(pictures.unlabeled->labels.empty());
  // Shares of 255, the label behind them and in words.
  std::string last = "0";
  for (Index i = 1; i < kArea; ++i) last += ",0.5";
  const Pictures words = read_pictures(
      {{"a.csv", bytes_of(last + ",no\n" + last + ",yes\n1" + last.substr(1) + ",no")}});
  CHECK(words.class_names == std::vector<std::string>{"no", "yes"});
  CHECK(words.train.labels == idx_of({3}, {0, 1, 0}));
  CHECK(words.train.images[16 + 1] == 128);
  CHECK(words.train.images[16 + 32] == 255);
  CHECK(reading({{"a.csv", bytes_of("1," + last + "\n1,2\n")}})
            .starts_with("CorruptData: pictures: a.csv has 2 fields in row 2, expected 17"));
}

TEST_CASE("FER-2013 has its pixels in one column, and says what is for tests", "[pictures]") {
  const auto images_of = [](Index first, Index count) {
    const Bytes all = some_pixels();
    const auto begin = all.begin() + first * kArea;
    return idx_of({count, 4, 4}, {begin, begin + count * kArea});
  };
  const std::vector<std::string> emotions{"angry", "disgust",  "fear",   "happy",
                                          "sad",   "surprise", "neutral"};
  const Pictures pictures = read_pictures({{"fer.csv", fer_of()}});
  CHECK(pictures.format == "CSV of pixels");
  CHECK(pictures.class_names == emotions);
  CHECK(pictures.train.images == images_of(0, 5));
  CHECK(pictures.train.labels == idx_of({5}, {0, 1, 0, 1, 0}));
  REQUIRE(pictures.test);
  CHECK(pictures.test->images == images_of(5, 1));
  CHECK(pictures.test->labels == idx_of({1}, {1}));
  CHECK(pictures.notes ==
        std::vector<std::string>{"Of the column Usage, PrivateTest is the test (1), and PublicTest "
                                 "(1) is learned with the others."});
  // Without a private set, the public one is the test; names and their places are not needed.
  const Pictures open = read_pictures({{"a.csv", fer_of("", "PublicTest")}});
  CHECK(open.class_names == std::vector<std::string>{"0", "1"});
  REQUIRE(open.test);
  CHECK(open.test->images == images_of(4, 2));
  CHECK(open.notes.empty());
  // As competitions give it: columns in another order, or pixels alone.
  std::string other = " Usage, pixels, emotion\n";
  std::string alone = "pixels\n";
  for (int i = 0; i < 3; ++i) {
    const std::string row = str(i, " 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16");
    other += str("Training,", row, ",", i, "\n");
    alone += str(row, "\n");
  }
  const Pictures two =
      read_pictures({{"train.csv", bytes_of(other)}, {"test.csv", bytes_of(alone)}});
  CHECK(two.train.labels == idx_of({3}, {0, 1, 2}));
  REQUIRE(two.unlabeled);
  CHECK(two.unlabeled->images == two.train.images);

  CHECK(reading({{"a.csv", fer_of("emotion,pixels,Usage\n", "Else")}}) ==
        "CorruptData: pictures: a.csv has the usage 'Else' in row 7, expected Training, PublicTest "
        "or PrivateTest");
  CHECK(reading({{"a.csv", bytes_of(alone + "1 2 3\n")}}) ==
        "CorruptData: pictures: a.csv has 3 pixels in row 5, expected 16 as in the rows before");
  CHECK(reading({{"a.csv", bytes_of(alone + "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 x\n")}}) ==
        "CorruptData: pictures: a.csv has 'x' in row 5, column 1, expected a number");
  CHECK(reading({{"a.csv", bytes_of("p\n1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17\n")}}) ==
        "CorruptData: pictures: a.csv has 17 pixels in row 2, expected those of a square picture, "
        "such as 2304 for 48 × 48");
}

TEST_CASE("CIFAR's batches are in colour and have names", "[pictures]") {
  const Pictures pictures = read_pictures({{"data_batch_1.bin", cifar_of(3)},
                                           {"data_batch_2.bin", cifar_of(2)},
                                           {"test_batch.bin", cifar_of(1)}});
  CHECK(pictures.format == "CIFAR-10");
  CHECK(pictures.channels == 3);
  CHECK(pictures.train.count == 5);
  CHECK(pictures.train.labels == idx_of({5}, {0, 1, 2, 0, 1}));
  CHECK(pictures.class_names.at(9) == "truck");
  REQUIRE(pictures.test);
  CHECK(pictures.test->images == idx_of({1, 3, 32, 32}, some_pixels(3072)));
  const Pictures hundred = read_pictures(
      {{"cifar.tar", tar_of({{"c/train.bin", cifar_of(4, 2)}, {"c/readme.html", {1}}})}});
  CHECK(hundred.format == "CIFAR-100");
  CHECK(hundred.class_names.size() == 100);
  CHECK(hundred.class_names.at(99) == "worm");
  CHECK(hundred.train.count == 4);
}

TEST_CASE("which files belong together is found by counts, then by names", "[pictures]") {
  const Bytes more_images = idx_of({7, 4, 4}, some_pixels(7 * kArea));
  const Bytes more_labels = idx_of({7}, some_labels(7));
  const Pictures pictures =
      read_pictures({{"1", labels()}, {"2", more_images}, {"3", images()}, {"4", more_labels}});
  CHECK(pictures.train.images == more_images);
  REQUIRE(pictures.test);
  CHECK(pictures.test->images == images());
  const Pictures named = read_pictures({{"t10k-labels", labels()},
                                        {"train-labels", labels()},
                                        {"t10k-images", idx_of({6, 4, 4}, Bytes(96, 1))},
                                        {"train-images", images()}});
  CHECK(named.train.images == images());
  CHECK(reading({{"1", labels()}, {"2", images()}, {"3", images()}, {"4", labels()}})
            .ends_with("expected “train” and “test” in the names of all files, to tell them "
                       "apart"));
  CHECK(reading({{"a", images()}}) ==
        "CorruptData: pictures: a has pictures without labels, expected labels in another file, "
        "column or array");
  CHECK(reading({{"a", images()}, {"b", more_labels}}) ==
        "CorruptData: pictures: b has 7 labels for the 6 pictures of a, expected one for each");
  CHECK(reading({{"train-a", images()},
                 {"train-b", labels()},
                 {"test-a", idx_of({2, 2, 2}, Bytes(8))},
                 {"test-b", idx_of({2}, {0, 1})}})
            .ends_with("test-a has pictures of 2 × 2, train-a of 4 × 4, expected one size"));
}

TEST_CASE("a fifth of each class is held back, the same each time", "[pictures]") {
  const auto read = [] {
    Pictures pictures = read_pictures(
        {{"a", idx_of({50, 4, 4}, some_pixels(50 * kArea))}, {"b", idx_of({50}, some_labels(50))}});
    hold_back_test(pictures);
    return pictures;
  };
  const Pictures pictures = read();
  REQUIRE(pictures.test);
  CHECK(class_counts(*pictures.test, 2) == std::vector<Index>{5, 5});
  CHECK(class_counts(pictures.train, 2) == std::vector<Index>{20, 20});
  CHECK(pictures.test->images.size() == 16 + 10 * kArea);
  CHECK(read().test->images == pictures.test->images);
  // tests/package/held_back.test.mjs expects the same of JavaScript.
  Bytes pixels(60 * kArea);
  Bytes classes(60);
  for (std::size_t i = 0; i < pixels.size(); ++i)
    pixels[i] = static_cast<std::uint8_t>(i / static_cast<std::size_t>(kArea));
  for (std::size_t i = 0; i < classes.size(); ++i)
    classes[i] = i * i % 3 == 0 ? 0 : i % 7 == 1 ? 2 : 1;
  Pictures other = read_pictures({{"a", idx_of({60, 4, 4}, pixels)}, {"b", idx_of({60}, classes)}});
  hold_back_test(other);
  const Bytes expected{3, 19, 22, 31, 33, 34, 36, 38, 46, 57, 58, 59};
  REQUIRE(other.test->images.size() == 16 + 12 * kArea);
  for (std::size_t i = 0; i < expected.size(); ++i)
    CHECK(other.test->images[16 + i * static_cast<std::size_t>(kArea)] == expected[i]);
  Pictures few =
      read_pictures({{"a", idx_of({2, 4, 4}, some_pixels(32))}, {"b", idx_of({2}, {0, 1})}});
  CHECK(error_of([&] { hold_back_test(few); }).starts_with("CorruptData: pictures: 1 picture of "));
}

}  // namespace lanegrad::test
