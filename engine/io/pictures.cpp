// A format is a row of the table here and a file of its own; archives are opened, and what is in
// them is read the same way.
#include "engine/io/pictures.h"

#include <algorithm>
#include <new>
#include <utility>

#include "engine/io/cifar_pictures.h"
#include "engine/io/csv_pictures.h"
#include "engine/io/gzip.h"
#include "engine/io/idx_pictures.h"
#include "engine/io/numpy_pictures.h"
#include "engine/io/picture_classes.h"
#include "engine/io/picture_pairs.h"
#include "engine/io/picture_pixels.h"
#include "engine/io/strangers.h"
#include "engine/io/tar.h"
#include "engine/io/zip_reader.h"

namespace lanegrad {

namespace {

struct PictureFormat {
  std::string_view name;
  bool (*is)(const PictureFile& file);
  void (*read)(PictureFile file, PictureParts& parts);
};

constexpr PictureFormat kFormats[] = {
    {"IDX", is_idx, read_idx_pictures},
    {"npy", is_npy, read_npy_pictures},
    {"CIFAR-10", is_cifar10, read_cifar10_pictures},
    {"CIFAR-100", is_cifar100, read_cifar100_pictures},
    {"CSV of pixels", is_csv_of_pixels, read_csv_pictures},
};
constexpr std::string_view kNpz = "npz";
constexpr std::string_view kExpected =
    "IDX (plain or .gz), .npz, .npy, CSV of pixels, CIFAR's binary batches, or PNG, JPEG and WebP "
    "in one folder per class";

constexpr int kDeepest = 3;  // a .gz of a .tar of .gz files

class Reader {
 public:
  // Takes a file; `depth` says in how many archives it stands.
  void take(PictureFile file, int depth) {
    if (file.bytes.empty()) refuse_pictures(file.name, "has 0 bytes, expected ", kExpected);
    if (depth < kDeepest && open(file, depth)) return;
    for (const PictureFormat& row : kFormats) {
      if (!row.is(file)) continue;
      found(row.name);
      row.read(std::move(file), parts);
      return;
    }
    refuse_stranger(file.bytes, file.name, Wanted::Pictures, kExpected);
    std::string start;
    for (std::size_t i = 0; i < std::min<std::size_t>(file.bytes.size(), 4); ++i) {
      start += str(i > 0 ? " " : "", file.bytes[i]);
    }
    refuse_pictures(file.name, "starts with the bytes ", std::string_view(start), ", expected ",
                    kExpected);
  }

  // Whether a file of this name is something that archives and folders have beside the pictures.
  static bool is_beside(const std::string& path) {
    const std::string name = lower(base_name(path));
    return name.empty() || name.starts_with(".") || name.starts_with("readme") ||
           name.ends_with(".txt") || name.ends_with(".html") || name.ends_with(".md") ||
           path.find("__MACOSX") != std::string::npos;
  }

  PictureParts parts;
  std::string format;

 private:
  void found(std::string_view name) {
    if (!format.empty() && format.find(name) == std::string::npos) format += " and ";
    if (format.find(name) == std::string::npos) format += name;
  }

  // Whether the file was an archive, whose files have been taken.
  bool open(PictureFile& file, int depth) {
    const auto is_zip = [](const std::vector<std::uint8_t>& bytes) {
      return bytes.size() > 3 && bytes[0] == 'P' && bytes[1] == 'K' && bytes[2] == 3;
    };
    if (is_gzip(file.bytes)) {
      PictureFile inner{.name = file.name, .bytes = gunzip(file.bytes, file.name, kMostUnpacked)};
      for (const std::string_view ending : {".gz", ".gzip"}) {
        if (inner.name.ends_with(ending)) inner.name.erase(inner.name.size() - ending.size());
      }
      file.bytes = {};
      take(std::move(inner), depth + 1);
      return true;
    }
    if (is_tar(file.bytes)) {
      for (const TarMember& member : read_tar(file.bytes, file.name)) {
        if (is_beside(member.name)) continue;
        take({.name = member.name, .bytes = {member.bytes.begin(), member.bytes.end()}}, depth + 1);
      }
      return true;
    }
    if (!is_zip(file.bytes)) return false;
    refuse_stranger(file.bytes, file.name, Wanted::Pictures, kExpected);
    open_zip(file, depth);
    return true;
  }

  void open_zip(const PictureFile& file, int depth) {
    constexpr std::string_view kArray = ".npy";
    const ZipReader archive(file.bytes);
    for (const ZipReader::Member& member : archive.members()) {
      if (is_beside(member.name)) continue;
      if (!member.name.ends_with(kArray)) {
        take({.name = member.name, .bytes = ZipReader::read(member)}, depth + 1);
        continue;
      }
      found(kNpz);
      const std::string_view name = member.name;
      read_npz_pictures(file.name, name.substr(0, name.size() - kArray.size()),
                        ZipReader::read(member), parts);
    }
    if (parts.parts.empty())
      refuse_pictures(file.name, "is a zip archive without pictures, expected ", kExpected);
  }
};

void append_number(std::vector<std::uint8_t>& bytes, Index value) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<std::uint8_t>(value >> shift));
  }
}

void append_header(std::vector<std::uint8_t>& bytes, std::initializer_list<Index> extents) {
  bytes.insert(bytes.end(), {0, 0, 8, static_cast<std::uint8_t>(extents.size())});
  for (const Index extent : extents) append_number(bytes, extent);
}

// Whether the bytes are what an IDX file of grey pictures has, so that nothing is to be done.
bool is_ready(const std::vector<Numbers*>& arrays, const Pictures& pictures,
              const PixelScale& scale) {
  constexpr std::size_t kHeader = 16;
  return arrays.size() == 1 && scale.as_they_are && !pictures.turned && pictures.channels == 1 &&
         arrays[0]->are_pixels && arrays[0]->begin == kHeader && arrays[0]->extents.size() == 3;
}

// The IDX bytes of all these pictures, which are used up.
void fill_images(const std::vector<Numbers*>& arrays, const Pictures& pictures,
                 const PixelScale& scale, PictureSet& set) {
  for (const Numbers* array : arrays) set.count += array->count();
  if (is_ready(arrays, pictures, scale)) {
    set.images = std::move(arrays[0]->bytes);
    return;
  }
  constexpr std::size_t kLongestHeader = 20;
  const auto size =
      static_cast<std::size_t>(set.count * pictures.channels * pictures.height * pictures.width);
  try {
    set.images.reserve(kLongestHeader + size);
  } catch (const std::bad_alloc&) {
    fail(ErrorCode::OutOfMemory, "pictures: ", set.count, " pictures of ", pictures.height, " × ",
         pictures.width, " need ", size >> 20, " MB beside their files, expected memory for both");
  }
  if (pictures.channels == 1) {
    append_header(set.images, {set.count, pictures.height, pictures.width});
  } else {
    append_header(set.images, {set.count, pictures.channels, pictures.height, pictures.width});
  }
  for (Numbers* array : arrays) {
    append_pixels(*array, scale, pictures.turned, pictures.channels, set.images);
    array->bytes = {};
  }
}

void fill_labels(const std::vector<PicturePair>& pairs, PictureSet& set) {
  Index count = 0;
  for (const PicturePair& pair : pairs) count += static_cast<Index>(pair.labels.values.size());
  append_header(set.labels, {count});
  for (const PicturePair& pair : pairs) {
    for (const Index value : pair.labels.values) {
      set.labels.push_back(static_cast<std::uint8_t>(value));
    }
  }
}

std::string size_text(const PictureLayout& layout) {
  return str(layout.height, " × ", layout.width, layout.channels >= 3 ? " in colour" : "");
}

// Finds the size of all pictures. Throws CorruptData where they differ.
void settle_size(const std::vector<Numbers*>& arrays, const PicturesOptions& options,
                 Pictures& pictures) {
  const PictureLayout first = layout_of(*arrays[0]);
  for (const Numbers* array : arrays) {
    const PictureLayout layout = layout_of(*array);
    if (layout.height != first.height || layout.width != first.width ||
        (layout.channels >= 3) != (first.channels >= 3))
      refuse_pictures(array->name, "has pictures of ", std::string_view(size_text(layout)), ", ",
                      arrays[0]->name, " of ", std::string_view(size_text(first)),
                      ", expected one size");
  }
  pictures.height = pictures.turned ? first.width : first.height;
  pictures.width = pictures.turned ? first.height : first.width;
  const Index own = first.channels >= 3 ? 3 : 1;
  pictures.channels = options.channels == 0 ? own : options.channels;
  if (first.channels == 2 || first.channels == 4)
    pictures.notes.emplace_back("How opaque pixels are, the last channel, was left out.");
  if (own == 3 && pictures.channels == 1) pictures.notes.emplace_back("Colours became grey.");
}

Pictures assemble(Reader reader, bool sideways, const PicturesOptions& options) {
  Pictures pictures{.format = std::move(reader.format)};
  pictures.notes = std::move(reader.parts.notes);
  PicturePairs pairs = pair_pictures(std::move(reader.parts.parts), pictures.notes);
  std::vector<Numbers*> train;
  std::vector<Numbers*> test;
  std::vector<Numbers*> unlabeled;
  std::vector<Labels*> labels;
  for (PicturePair& pair : pairs.train) {
    train.push_back(&pair.images);
    labels.push_back(&pair.labels);
  }
  for (PicturePair& pair : pairs.test) {
    test.push_back(&pair.images);
    labels.push_back(&pair.labels);
  }
  for (Numbers& numbers : pairs.unlabeled) unlabeled.push_back(&numbers);
  std::vector<Numbers*> all = train;
  all.insert(all.end(), test.begin(), test.end());
  all.insert(all.end(), unlabeled.begin(), unlabeled.end());
  pictures.turned = options.turn.value_or(sideways);
  settle_size(all, options, pictures);
  pictures.class_names = make_classes(labels, std::move(reader.parts.class_names), pictures.notes);
  const PixelScale scale = scale_of({all.begin(), all.end()}, pictures.notes);
  if (pictures.turned)
    pictures.notes.emplace_back(
        "Rows and columns were swapped, which sets pictures upright that lie on their side.");
  fill_images(train, pictures, scale, pictures.train);
  fill_labels(pairs.train, pictures.train);
  if (!test.empty()) {
    fill_images(test, pictures, scale, pictures.test.emplace());
    fill_labels(pairs.test, *pictures.test);
  }
  if (!unlabeled.empty()) {
    fill_images(unlabeled, pictures, scale, pictures.unlabeled.emplace());
    pictures.notes.push_back(
        str(pictures.unlabeled->count, " pictures have no labels: they are to be answered."));
  }
  return pictures;
}

}  // namespace

Pictures read_pictures(std::vector<PictureFile> files, const PicturesOptions& options) {
  Reader reader;
  bool sideways = false;
  for (PictureFile& file : files) {
    if (files.size() > 1 && Reader::is_beside(file.name)) {
      reader.parts.notes.push_back(str(file.name, " was left out."));
      continue;
    }
    sideways = sideways || lower(file.name).find("emnist") != std::string::npos;
    reader.take(std::move(file), 0);
  }
  return assemble(std::move(reader), sideways, options);
}

std::vector<Index> class_counts(const PictureSet& set, Index classes) {
  constexpr std::size_t kHeader = 8;
  std::vector<Index> counts(static_cast<std::size_t>(classes));
  for (std::size_t i = kHeader; i < set.labels.size(); ++i) ++counts[set.labels[i]];
  return counts;
}

}  // namespace lanegrad
