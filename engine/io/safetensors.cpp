// A header never nests deeper than a list in a tensor in the header, so there is no recursion that
// a file could drive.
#include "engine/io/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "engine/core/error.h"
#include "engine/io/json.h"

namespace lanegrad {

namespace {

static_assert(std::endian::native == std::endian::little, "files are little-endian");

constexpr std::size_t kLengthSize = 8;  // of the header's length, in front of it
constexpr std::size_t kMaxHeader = 10'000'000;
// There is a limit, since each name is compared with all others.
constexpr std::size_t kMaxNames = 10'000;
// The alignment of the first number in files that are written here.
constexpr std::size_t kAlignment = 64;
constexpr std::string_view kMetadata = "__metadata__";

struct Dtype {
  std::string_view name;
  Index size;
};
constexpr Dtype kDtypes[] = {{"F64", 8},  {"I64", 8}, {"U64", 8}, {"F32", 4},     {"I32", 4},
                             {"U32", 4},  {"F16", 2}, {"I16", 2}, {"U16", 2},     {"BF16", 2},
                             {"BOOL", 1}, {"I8", 1},  {"U8", 1},  {"F8_E4M3", 1}, {"F8_E5M2", 1}};
constexpr std::string_view kFields[] = {"dtype", "shape", "data_offsets"};

template <class... Pieces>
[[noreturn]] void refuse(const Pieces&... pieces) {
  fail(ErrorCode::CorruptData, "safetensors: ", pieces...);
}

// A name in quotes for a message. It is cut, since names come from files and may be of any length.
struct Quoted {
  std::string_view name;

  std::string text() const {
    constexpr std::size_t kLongest = 80;
    if (name.size() <= kLongest) return str("'", name, "'");
    std::size_t end = kLongest;
    // The cut is not within a character.
    while (end > 0 && (name[end] & 0xC0) == 0x80) --end;
    return str("'", name.substr(0, end), "…'");
  }
};

const Dtype* find_dtype(std::string_view name) {
  for (const Dtype& dtype : kDtypes) {
    if (dtype.name == name) return &dtype;
  }
  return nullptr;
}

// Parses the value of a tensor's key.
StoredTensor parse_entry(JsonReader& header, std::string key, std::size_t data_size) {
  const Quoted tensor{key};
  const Dtype* dtype = nullptr;
  // The lists shape and data_offsets.
  Index lists[2][Shape::kMaxRank] = {};
  std::size_t counts[2] = {};
  unsigned seen = 0;  // a bit for each field
  for (std::size_t i = 0; header.next("{}", i); ++i) {
    const std::string name = header.key();
    const auto field =
        static_cast<std::size_t>(std::find(kFields, std::end(kFields), name) - kFields);
    if (field == std::size(kFields) || (seen >> field & 1) != 0) {
      refuse("tensor ", tensor, " has ", Quoted{name},
             ", expected dtype, shape and data_offsets, each once");
    }
    seen |= 1U << field;
    if (field == 0) {
      const std::string text = header.string();
      dtype = find_dtype(text);
      if (!dtype) {
        fail(ErrorCode::Unsupported, "safetensors: tensor ", tensor, " of the unknown dtype ",
             Quoted{text}, ", expected one like F32");
      }
      continue;
    }
    std::size_t& count = counts[field - 1];
    while (header.next("[]", count)) {
      const Index number = header.number();
      if (count == Shape::kMaxRank) {
        fail(ErrorCode::Unsupported, "safetensors: tensor ", tensor, " has more than ",
             Shape::kMaxRank, " numbers in its ", name, ", expected at most so many");
      }
      lists[field - 1][count++] = number;
    }
  }
  const auto field = static_cast<std::size_t>(std::countr_one(seen));
  if (field < std::size(kFields)) {
    refuse("tensor ", tensor, " without ", kFields[field], ", expected it once");
  }

  const Index begin = lists[1][0];
  const Index end = lists[1][1];
  if (counts[1] != 2 || begin > end || end > static_cast<Index>(data_size)) {
    refuse("tensor ", tensor, " has other data_offsets than a begin and an end within the ",
           data_size, " bytes of data");
  }
  const std::span<const Index> extents(lists[0], counts[0]);
  Index count = 1;
  for (const Index extent : extents) {
    if (extent > 0 && count > Shape::kMaxElements / extent) {
      fail(ErrorCode::Unsupported, "safetensors: tensor ", tensor, " has more than ",
           Shape::kMaxElements, " numbers, the most an array may have");
    }
    count *= extent;
  }
  if (count * dtype->size != end - begin) {
    refuse("tensor ", tensor, " has ", end - begin, " bytes, expected ", count * dtype->size,
           " for its shape and dtype");
  }
  return {std::move(key), dtype->name, Shape(extents), static_cast<std::size_t>(begin),
          static_cast<std::size_t>(end - begin)};
}

// Moves the last tensor to its place in the order of bytes; in most files that is the last place
// already.
void sort_in(std::vector<StoredTensor>& tensors) {
  const auto begin = [&](std::size_t i) { return tensors[i].begin; };
  for (std::size_t i = tensors.size() - 1; i > 0; --i) {
    if (begin(i - 1) < begin(i)) return;
    if (begin(i - 1) == begin(i) && tensors[i - 1].size <= tensors[i].size) return;
    std::swap(tensors[i - 1], tensors[i]);
  }
}

// Throws where tensors leave bytes between them, which could hide another file, or share bytes,
// which would make a small file a large one.
void check_contiguous(const std::vector<StoredTensor>& tensors, std::size_t data_size) {
  std::size_t end = 0;
  for (const StoredTensor& entry : tensors) {
    if (entry.begin != end) {
      refuse("tensor ", Quoted{entry.name}, " begins at byte ", entry.begin,
             " of the data, expected ", end, ", where the one before ends");
    }
    end += entry.size;
  }
  if (end != data_size) {
    refuse(data_size, " bytes of data, expected ", end, ", where the last tensor ends");
  }
}

// Parses a header; `start` bytes of the file are in front of the data, data_size bytes behind it.
SafetensorsHeader parse_header(std::string_view text, std::size_t start, std::size_t data_size) {
  SafetensorsHeader content;
  bool has_metadata = false;
  JsonReader header("safetensors", text);
  const auto check_new = [&](bool is_new, std::string_view name) {
    if (!is_new) refuse(Quoted{name}, " twice, expected names that differ");
    if (content.tensors.size() + content.metadata.size() == kMaxNames) {
      fail(ErrorCode::Unsupported, "safetensors: more than ", kMaxNames, " names");
    }
  };
  for (std::size_t i = 0; header.next("{}", i); ++i) {
    std::string key = header.key();
    if (key != kMetadata) {
      check_new(!content.tensor(key), key);
      content.tensors.push_back(parse_entry(header, std::move(key), data_size));
      sort_in(content.tensors);
      continue;
    }
    check_new(!std::exchange(has_metadata, true), key);
    for (std::size_t j = 0; header.next("{}", j); ++j) {
      std::string name = header.key();
      check_new(!content.text(name), name);
      content.metadata.emplace_back(std::move(name), header.string());
    }
  }
  header.expect_end();
  check_contiguous(content.tensors, data_size);
  for (StoredTensor& entry : content.tensors) entry.begin += start;
  return content;
}

}  // namespace

Index dtype_size(std::string_view dtype) {
  const Dtype* found = find_dtype(dtype);
  return found != nullptr ? found->size : 0;
}

SafetensorsHeader read_safetensors(const ByteSource& file) {
  std::uint64_t length = 0;
  if (file.size() < kLengthSize) {
    refuse(file.size(), " bytes, expected at least ", kLengthSize);
  }
  file.read(0, {reinterpret_cast<std::uint8_t*>(&length), kLengthSize});
  const std::size_t most = std::min(kMaxHeader, file.size() - kLengthSize);
  if (length > most) {
    refuse("a header of more bytes than fit into a file of ", file.size(), ", expected at most ",
           most);
  }
  std::string text(static_cast<std::size_t>(length), '\0');
  file.read(kLengthSize, {reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  if (!text.starts_with('{')) refuse("the header does not start with '{'");
  const std::size_t start = kLengthSize + text.size();
  return parse_header(text, start, file.size() - start);
}

Safetensors parse_safetensors(std::span<const std::uint8_t> bytes) {
  SafetensorsHeader header = read_safetensors(SpanSource(bytes));
  Safetensors content{.metadata = std::move(header.metadata), .tensors = {}};
  for (StoredTensor& entry : header.tensors) {
    content.tensors.push_back(
        {std::move(entry.name), entry.dtype, entry.shape, bytes.subspan(entry.begin, entry.size)});
  }
  return content;
}

std::vector<std::uint8_t> write_safetensors(const Safetensors& content) {
  std::vector<const StateView*> tensors;
  for (const StateView& entry : content.tensors) tensors.push_back(&entry);
  VectorSink file;
  write_safetensors(content.metadata, tensors, file);
  return std::move(file.bytes);
}

void write_safetensors(const Metadata& metadata, std::span<const StateView* const> tensors,
                       ByteSink& file) {
  std::string header = "{";
  if (!metadata.empty()) {
    append_json(header, kMetadata);
    char separator = '{';
    header += ':';
    for (const auto& [key, value] : metadata) {
      header += separator;
      append_json(header, key);
      header += ':';
      append_json(header, value);
      separator = ',';
    }
    header += '}';
  }
  std::vector<const StateView*> order;
  std::size_t end = 0;
  // The size 0 stands for an unknown dtype, which parsing refuses.
  for (const Index size : {8, 4, 2, 1, 0}) {
    for (const StateView* entry : tensors) {
      if (dtype_size(entry->dtype) != size) continue;
      const std::size_t begin = std::exchange(end, end + entry->bytes.size());
      if (header.size() > 1) header += ',';
      append_json(header, entry->name);
      header += str(":{\"dtype\":\"", entry->dtype, "\",\"shape\":", entry->shape,
                    ",\"data_offsets\":[", begin, ",", end, "]}");
      order.push_back(entry);
    }
  }
  header += '}';
  while ((kLengthSize + header.size()) % kAlignment != 0) header += ' ';

  parse_header(header, 0, end);

  const std::uint64_t length = header.size();
  file.begin(kLengthSize + header.size() + end);
  const auto write = [&](const void* bytes, std::size_t size) {
    file.write({static_cast<const std::uint8_t*>(bytes), size});
  };
  write(&length, kLengthSize);
  write(header.data(), header.size());
  for (const StateView* entry : order) file.write(entry->bytes);
}

}  // namespace lanegrad
