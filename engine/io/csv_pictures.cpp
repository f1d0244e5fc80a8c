// Values are kept as bytes as long as all are whole numbers from 0 to 255, else as floats.
#include "engine/io/csv_pictures.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <span>
#include <utility>

namespace lanegrad {

namespace {

constexpr std::size_t kFewestPixels = 16;
constexpr std::string_view kDelimiters = ",;\t";
constexpr std::string_view kMark = "\xEF\xBB\xBF";

std::string_view trimmed(std::string_view text) {
  const auto is_dropped = [](char c) { return c == ' ' || c == '"' || c == '\''; };
  while (!text.empty() && is_dropped(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_dropped(text.back())) text.remove_suffix(1);
  return text;
}

// The lines of a text that are not empty, one after the other.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {
    if (text_.starts_with(kMark)) text_.remove_prefix(kMark.size());
  }

  bool next(std::string_view& line) {
    while (!text_.empty()) {
      const std::size_t end = std::min(text_.find('\n'), text_.size());
      line = text_.substr(0, end);
      text_.remove_prefix(std::min(end + 1, text_.size()));
      ++row_;
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (!trimmed(line).empty()) return true;
    }
    return false;
  }
  // The number of the last line, from 1.
  Index row() const { return row_; }

 private:
  std::string_view text_;
  Index row_ = 0;
};

// Calls `take` for each field of a line.
template <class Take>
void split(std::string_view line, char delimiter, Take&& take) {
  for (;;) {
    const std::size_t end = std::min(line.find(delimiter), line.size());
    take(line.substr(0, end));
    if (end == line.size()) return;
    line.remove_prefix(end + 1);
  }
}

std::vector<std::string_view> fields_of(std::string_view line, char delimiter) {
  std::vector<std::string_view> fields;
  split(line, delimiter, [&](std::string_view field) { fields.push_back(trimmed(field)); });
  return fields;
}

bool is_number(std::string_view field) { return parse_number(field).has_value(); }

std::string_view text_of(const PictureFile& file) {
  return {reinterpret_cast<const char*>(file.bytes.data()), file.bytes.size()};
}

char delimiter_of(std::string_view line) {
  return *std::max_element(kDelimiters.begin(), kDelimiters.end(), [&](char a, char b) {
    return std::count(line.begin(), line.end(), a) < std::count(line.begin(), line.end(), b);
  });
}

// Calls `take` for each text between blanks.
template <class Take>
void split_at_blanks(std::string_view text, Take&& take) {
  split(text, ' ', [&](std::string_view each) {
    if (!each.empty()) take(each);
  });
}

// How many numbers with blanks between them a field is, 0 where it is anything else.
std::size_t count_numbers(std::string_view field) {
  std::size_t count = 0;
  bool numbers = true;
  split_at_blanks(field, [&](std::string_view text) {
    numbers = numbers && is_number(text);
    ++count;
  });
  return numbers ? count : 0;
}

// The column with all pixels of a picture, as FER-2013 has it.
std::optional<std::size_t> packed_column(const std::vector<std::string_view>& fields) {
  const auto found = std::find_if(fields.begin(), fields.end(), [](std::string_view field) {
    return count_numbers(field) >= kFewestPixels;
  });
  if (found == fields.end()) return std::nullopt;
  return static_cast<std::size_t>(found - fields.begin());
}

struct Layout {
  char delimiter = ',';
  bool header = false;
  std::size_t columns = 0;
  // The column of the labels, where there is one.
  std::optional<std::size_t> label = std::nullopt;
  std::vector<bool> is_pixel = {};
};

// Whether the label is the last column of a file without names and not the first one, as the first
// one never changes and the last one does.
bool is_label_last(std::string_view text, const Layout& layout) {
  constexpr int kLookedAt = 1000;
  Lines lines(text);
  std::string_view line;
  std::string first;
  std::string last;
  bool changes = false;
  if (layout.header) lines.next(line);
  for (int i = 0; i < kLookedAt && lines.next(line); ++i) {
    const auto end = trimmed(line.substr(line.find_last_of(layout.delimiter) + 1));
    const auto begin = trimmed(line.substr(0, line.find(layout.delimiter)));
    if (i > 0 && begin != first) return false;
    changes = changes || (i > 0 && end != last);
    first = begin;
    last = end;
  }
  return changes;
}

constexpr std::string_view kLabels[] = {"label",  "labels", "class",  "y",
                                        "target", "digit",  "letter", "emotion"};
constexpr std::string_view kOthers[] = {"", "id", "imageid", "image_id", "index", "unnamed: 0"};

bool is_one_of(std::span<const std::string_view> words, std::string_view field) {
  return std::find(words.begin(), words.end(), lower(field)) != words.end();
}

Layout layout_of(const std::string& name, std::string_view text) {
  Lines lines(text);
  std::string_view line;
  lines.next(line);
  Layout layout{.delimiter = delimiter_of(line)};
  const std::vector<std::string_view> names = fields_of(line, layout.delimiter);
  layout.columns = names.size();
  layout.is_pixel.assign(names.size(), true);
  // A first line is names where most are no numbers, or where one is a usual name: columns may be
  // called 0 to 783. A single other text is a label.
  const auto texts =
      names.size() - static_cast<std::size_t>(std::count_if(names.begin(), names.end(), is_number));
  layout.header = 2 * texts > names.size() || std::any_of(names.begin(), names.end(), [](auto n) {
                    return !n.empty() && (is_one_of(kLabels, n) || is_one_of(kOthers, n));
                  });
  std::size_t pixels = names.size();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const bool label =
        layout.header ? is_one_of(kLabels, names[i]) : texts == 1 && !is_number(names[i]);
    if (label && !layout.label) layout.label = i;
    if (!label && !(layout.header && is_one_of(kOthers, names[i]))) continue;
    layout.is_pixel[i] = false;
    --pixels;
  }
  const auto fits = [](std::size_t count) { return square_side(static_cast<Index>(count)) > 0; };
  if (!layout.label && pixels == names.size() && !fits(pixels) && fits(pixels - 1)) {
    layout.label = is_label_last(text, layout) ? pixels - 1 : 0;
    layout.is_pixel[*layout.label] = false;
    --pixels;
  }
  if (!fits(pixels))
    refuse_pictures(name, "has ", pixels, " pixels in a row, expected those of square pictures, ",
                    "such as 784 for 28 × 28, with or without a label");
  return layout;
}

// What FER-2013's column Usage says of a picture.
constexpr std::string_view kUsages[] = {"training", "publictest", "privatetest"};
enum Usage : std::size_t { kTraining, kPublicTest, kPrivateTest, kUsageCount };
// What its labels stand for.
constexpr std::string_view kEmotions[] = {"angry", "disgust",  "fear",   "happy",
                                          "sad",   "surprise", "neutral"};

// Where what is in a row whose pixels stand in one field.
struct PackedLayout {
  char delimiter = ',';
  bool header = false;
  std::size_t columns = 0;
  std::size_t pixels = 0;
  std::optional<std::size_t> label = std::nullopt;
  std::optional<std::size_t> usage = std::nullopt;
  bool emotions = false;
};

// Nothing where pixels have fields of their own.
std::optional<PackedLayout> packed_layout_of(std::string_view text) {
  Lines lines(text);
  std::string_view line;
  lines.next(line);
  PackedLayout layout{.delimiter = delimiter_of(line)};
  const std::vector<std::string_view> first = fields_of(line, layout.delimiter);
  layout.columns = first.size();
  auto pixels = packed_column(first);
  layout.header = !pixels && lines.next(line);
  if (layout.header) pixels = packed_column(fields_of(line, layout.delimiter));
  if (!pixels) return std::nullopt;
  layout.pixels = *pixels;
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (i == *pixels) continue;
    const std::string word = lower(first[i]);
    if (layout.header ? word == "usage" : is_one_of(kUsages, word)) {
      layout.usage = i;
    } else if (!layout.label && (!layout.header || is_one_of(kLabels, word))) {
      layout.label = i;
      layout.emotions = word == "emotion";
    }
  }
  return layout;
}

// The whole number below 256 that a field is; -1 for all others.
int byte_of(std::string_view field) {
  if (field.empty() || field.size() > 3) return -1;
  int value = 0;
  for (const char c : field) {
    if (c < '0' || c > '9') return -1;
    value = 10 * value + (c - '0');
  }
  return value < 256 ? value : -1;
}

void append_float(std::vector<std::uint8_t>& bytes, double value) {
  const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(value));
  for (int i = 0; i < 4; ++i) bytes.push_back(static_cast<std::uint8_t>(bits >> (8 * i)));
}

// The numbers of labels, or those of their texts in the order in which they come.
class LabelColumn {
 public:
  void take(std::string_view field) {
    if (const auto number = parse_number(field);
        number && !has_texts_ && *number == std::floor(*number) && std::abs(*number) < 1e9) {
      labels_.values.push_back(static_cast<Index>(*number));
      return;
    }
    if (!has_texts_) {
      // What was a number up to here is a text like the others.
      has_texts_ = true;
      for (Index& value : labels_.values) value = place_of(str(value));
    }
    labels_.values.push_back(place_of(field));
  }
  Labels finish(std::string name, Side side) {
    labels_.name = std::move(name);
    labels_.side = side;
    return std::move(labels_);
  }

 private:
  Index place_of(std::string_view text) {
    auto& texts = labels_.texts;
    const auto found = std::find(texts.begin(), texts.end(), text);
    if (found == texts.end() && texts.size() > 256)
      fail(ErrorCode::CorruptData, "pictures: more than 256 different labels, such as '",
           text.substr(0, 40), "', expected at most 256 classes");
    const Index place = found - texts.begin();
    if (found == texts.end()) texts.emplace_back(text);
    return place;
  }

  Labels labels_;
  bool has_texts_ = false;
};

// Pictures of one side as they are read.
class Sheet {
 public:
  Sheet() = default;
  Sheet(const std::string& file, std::string name, Side side, bool as_bytes)
      : file_(file),
        numbers_{.name = std::move(name),
                 .side = side,
                 .extents = {0, 0},
                 .type = as_bytes ? NumberType::U8 : NumberType::F32},
        as_bytes_(as_bytes) {}

  void take_label(std::string_view field) { labels_.take(trimmed(field)); }
  // Returns false where the pixel is no byte, and bytes were asked for.
  bool take_pixel(std::string_view field, Index row, std::size_t column) {
    int byte = byte_of(field);
    if (byte < 0) {
      field = trimmed(field);
      byte = byte_of(field);
    }
    if (as_bytes_) {
      if (byte >= 0) numbers_.bytes.push_back(static_cast<std::uint8_t>(byte));
      // What is no number is told when the floats are read.
      return byte >= 0;
    }
    const std::optional<double> value = byte >= 0 ? byte : parse_number(field);
    if (!value)
      refuse_pictures(file_, "has '", field.substr(0, 40), "' in row ", row, ", column ",
                      column + 1, ", expected a number");
    append_float(numbers_.bytes, *value);
    return true;
  }
  void end_picture() { ++numbers_.extents[0]; }
  Index count() const { return numbers_.extents.empty() ? 0 : numbers_.extents[0]; }

  PicturePart finish(Index pixels, bool has_labels, Side side) {
    numbers_.extents[1] = pixels;
    numbers_.side = side;
    PicturePart part{.images = std::move(numbers_)};
    if (has_labels) part.labels = labels_.finish(part.images->name, side);
    return part;
  }

 private:
  std::string file_;
  Numbers numbers_;
  LabelColumn labels_;
  bool as_bytes_ = true;
};

class Reader {
 public:
  Reader(const std::string& name, std::string_view text)
      : name_(name), text_(text), layout_(layout_of(name, text)) {}

  // Returns false where the values are no bytes, and `as_bytes` was asked for.
  bool run(bool as_bytes) {
    sheet_ = Sheet(name_, name_, side_of(name_), as_bytes);
    Lines lines(text_);
    std::string_view line;
    if (layout_.header) lines.next(line);
    while (lines.next(line)) {
      if (!take(line, lines.row())) return false;
    }
    if (sheet_.count() == 0) refuse_pictures(name_, "has no rows, expected a picture in each");
    return true;
  }

  void finish(PictureParts& parts) {
    const auto pixels = std::count(layout_.is_pixel.begin(), layout_.is_pixel.end(), true);
    parts.parts.push_back(
        sheet_.finish(static_cast<Index>(pixels), layout_.label.has_value(), side_of(name_)));
  }

 private:
  bool take(std::string_view line, Index row) {
    std::size_t column = 0;
    bool fits = true;
    split(line, layout_.delimiter, [&](std::string_view field) {
      const std::size_t at = column++;
      if (at >= layout_.columns || !fits) return;
      if (at == layout_.label) {
        sheet_.take_label(field);
      } else if (layout_.is_pixel[at]) {
        fits = sheet_.take_pixel(field, row, at);
      }
    });
    if (fits && column != layout_.columns)
      refuse_pictures(name_, "has ", column, " fields in row ", row, ", expected ",
                      layout_.columns);
    if (fits) sheet_.end_picture();
    return fits;
  }

  const std::string& name_;
  std::string_view text_;
  Layout layout_;
  Sheet sheet_;
};

// Rows with all pixels in one field, and where it is said what for.
class PackedReader {
 public:
  PackedReader(const std::string& name, std::string_view text, const PackedLayout& layout)
      : name_(name), text_(text), layout_(layout) {}

  bool run(bool as_bytes) {
    pixels_ = 0;
    for (std::size_t i = 0; i < kUsageCount; ++i) {
      constexpr std::string_view kNames[] = {"Training", "PublicTest", "PrivateTest"};
      const std::string name = layout_.usage ? str(name_, ": ", kNames[i]) : name_;
      sheets_[i] = Sheet(name_, name, Side::Unknown, as_bytes);
    }
    Lines lines(text_);
    std::string_view line;
    if (layout_.header) lines.next(line);
    while (lines.next(line)) {
      if (!take(line, lines.row())) return false;
    }
    return true;
  }

  void finish(PictureParts& parts) {
    // Where two sets are for tests, the public one is for choosing among nets, and learned here.
    const bool has_test = sheets_[kPrivateTest].count() > 0;
    const Side sides[] = {Side::Train, has_test ? Side::Train : Side::Test, Side::Test};
    if (has_test && sheets_[kPublicTest].count() > 0)
      parts.notes.push_back(str("Of the column Usage, PrivateTest is the test (",
                                sheets_[kPrivateTest].count(), "), and PublicTest (",
                                sheets_[kPublicTest].count(), ") is learned with the others."));
    for (std::size_t i = 0; i < kUsageCount; ++i) {
      if (sheets_[i].count() == 0) continue;
      parts.parts.push_back(sheets_[i].finish(static_cast<Index>(pixels_),
                                              layout_.label.has_value(),
                                              layout_.usage ? sides[i] : side_of(name_)));
    }
    if (layout_.emotions) parts.class_names.assign(std::begin(kEmotions), std::end(kEmotions));
  }

 private:
  bool take(std::string_view line, Index row) {
    const std::vector<std::string_view> fields = fields_of(line, layout_.delimiter);
    if (fields.size() != layout_.columns)
      refuse_pictures(name_, "has ", fields.size(), " fields in row ", row, ", expected ",
                      layout_.columns);
    std::size_t usage = kTraining;
    if (layout_.usage) {
      const std::string_view word = fields[*layout_.usage];
      usage = static_cast<std::size_t>(
          std::find(std::begin(kUsages), std::end(kUsages), lower(word)) - std::begin(kUsages));
      if (usage == kUsageCount)
        refuse_pictures(name_, "has the usage '", word.substr(0, 40), "' in row ", row,
                        ", expected Training, PublicTest or PrivateTest");
    }
    Sheet& sheet = sheets_[usage];
    std::size_t count = 0;
    bool fits = true;
    split_at_blanks(fields[layout_.pixels], [&](std::string_view field) {
      fits = fits && sheet.take_pixel(field, row, layout_.pixels);
      ++count;
    });
    if (!fits) return false;
    if (pixels_ == 0) pixels_ = count;
    if (count != pixels_ || square_side(static_cast<Index>(count)) == 0)
      refuse_pictures(name_, "has ", count, " pixels in row ", row, ", expected ",
                      count == pixels_ ? "those of a square picture, such as 2304 for 48 × 48"
                                       : str(pixels_, " as in the rows before"));
    if (layout_.label) sheet.take_label(fields[*layout_.label]);
    sheet.end_picture();
    return true;
  }

  const std::string& name_;
  std::string_view text_;
  PackedLayout layout_;
  std::size_t pixels_ = 0;
  std::array<Sheet, kUsageCount> sheets_;
};

template <class Rows>
void read_rows(Rows rows, PictureParts& parts) {
  if (!rows.run(/*as_bytes=*/true)) rows.run(/*as_bytes=*/false);
  rows.finish(parts);
}

}  // namespace

bool is_csv_of_pixels(const PictureFile& file) {
  constexpr std::size_t kLookedAt = std::size_t{1} << 17;
  const std::string_view text = text_of(file);
  const std::string_view start = text.substr(0, kLookedAt);
  if (start.find('\0') != std::string_view::npos) return false;
  // The first line may be names, and the second one cut short.
  Lines lines(start);
  std::string_view line;
  for (int i = 0; i < 2 && lines.next(line); ++i) {
    const auto fields = fields_of(line, delimiter_of(line));
    const auto numbers = std::count_if(fields.begin(), fields.end(), is_number);
    if (fields.size() >= kFewestPixels && 2 * static_cast<std::size_t>(numbers) > fields.size())
      return true;
    if (packed_column(fields)) return true;
  }
  return false;
}

void read_csv_pictures(PictureFile file, PictureParts& parts) {
  const std::string_view text = text_of(file);
  if (const auto packed = packed_layout_of(text)) {
    read_rows(PackedReader(file.name, text, *packed), parts);
  } else {
    read_rows(Reader(file.name, text), parts);
  }
}

}  // namespace lanegrad
