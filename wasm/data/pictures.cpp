// The module of pictures from files: it takes the files of one set into its memory, and says in
// JSON what they hold and where their pictures stand.
#include <cstdint>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.h"
#include "engine/io/pictures.h"
#include "wasm/plain/json_lists.h"

namespace lanegrad {

namespace {

// The files as they arrive: a name is made once its bytes are there.
struct Incoming {
  std::vector<char> name;
  std::vector<std::uint8_t> bytes;
};
std::vector<Incoming> incoming;
Pictures pictures;
std::string said;

void append_place(std::string& out, const std::vector<std::uint8_t>& bytes) {
  out += str("[", static_cast<Index>(reinterpret_cast<std::uintptr_t>(bytes.data())), ",",
             whole_text(bytes.size()), "]");
}

void append_set(std::string& out, std::string_view name, const PictureSet& set) {
  out += str(",\"", name, "\":{\"count\":", whole_text(static_cast<std::uint64_t>(set.count)),
             ",\"images\":");
  append_place(out, set.images);
  if (!set.labels.empty()) {
    out += ",\"labels\":";
    append_place(out, set.labels);
  }
  out += "}";
}

void append_counts(std::string& out, std::string_view name, const PictureSet& set) {
  out += str("\"", name, "\":");
  const auto classes = static_cast<Index>(pictures.class_names.size());
  append_list(out, class_counts(set, classes),
              [&](Index count) { out += whole_text(static_cast<std::uint64_t>(count)); });
}

std::string describe() {
  std::string out = "{\"format\":";
  append_json(out, pictures.format);
  out +=
      str(",\"height\":", pictures.height, ",\"width\":", pictures.width,
          ",\"channels\":", pictures.channels, ",\"turned\":", pictures.turned ? "true" : "false");
  out += ",\"classNames\":";
  append_texts(out, pictures.class_names);
  out += ",\"notes\":";
  append_texts(out, pictures.notes);
  append_set(out, "train", pictures.train);
  if (pictures.test) append_set(out, "test", *pictures.test);
  if (pictures.unlabeled) append_set(out, "unlabeled", *pictures.unlabeled);
  out += ",\"counts\":{";
  append_counts(out, "train", pictures.train);
  if (pictures.test) {
    out += ",";
    append_counts(out, "test", *pictures.test);
  }
  return out + "}}";
}

std::string refusal(std::string_view code, std::string_view message) {
  std::string out = "{\"error\":{\"code\":";
  append_json(out, code);
  out += ",\"message\":";
  append_json(out, message);
  return out + ",\"details\":{}}}";
}

std::string answer(const PicturesOptions& options) {
  std::uint64_t bytes = 0;
  try {
    std::vector<PictureFile> files;
    for (Incoming& file : incoming) {
      bytes += file.bytes.size();
      files.push_back({.name = {file.name.begin(), file.name.end()}, .bytes = {}});
      files.back().bytes = std::move(file.bytes);
    }
    incoming.clear();
    pictures = read_pictures(std::move(files), options);
    return describe();
  } catch (const Error& error) {
    return refusal(to_string(error.code()), error.message());
  } catch (const std::bad_alloc&) {
    return refusal("OutOfMemory",
                   str("pictures: the memory is full with the files' ", whole_text(bytes >> 20),
                       " MB and what they become, expected room for both"));
  } catch (const std::exception& error) {
    return refusal("Internal", error.what());
  }
}

}  // namespace

}  // namespace lanegrad

extern "C" {

// Makes room for a file and returns where its name of so many bytes goes; 0 where there is no room.
[[clang::export_name("add")]] char* add(std::size_t name_size, std::size_t size) {
  using lanegrad::incoming;
  try {
    incoming.emplace_back();
    incoming.back().name.resize(name_size + 1);
    incoming.back().name.pop_back();
    incoming.back().bytes.resize(size);
    return incoming.back().name.data();
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

// Where the bytes of the last file go.
[[clang::export_name("place")]] std::uint8_t* place() {
  return lanegrad::incoming.back().bytes.data();
}

// Reads the files: `turn` is 1 or 0, or -1 for what their names say; `channels` 1, 3, or 0 for what
// they have. The text that is returned ends with a zero.
[[clang::export_name("read")]] const char* read(int turn, int channels) {
  lanegrad::PicturesOptions options{.channels = channels};
  if (turn >= 0) options.turn = turn == 1;
  lanegrad::said = lanegrad::answer(options);
  return lanegrad::said.c_str();
}

}  // extern "C"
