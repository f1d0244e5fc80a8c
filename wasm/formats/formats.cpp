// The module of file formats: one function, whose question and answer are lists of byte strings.
// A list is the number of its strings, then each string's length and bytes; numbers are 32 bits,
// little-endian.
#include <cstdint>
#include <cstring>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.h"
#include "engine/io/formats.h"
#include "engine/io/zip.h"
#include "engine/nets/import_model.h"
#include "engine/nets/model_file.h"
#include "engine/nets/renormalize.h"

namespace lanegrad {

namespace {

using Bytes = std::vector<std::uint8_t>;
using Strings = std::vector<std::span<const std::uint8_t>>;

std::string_view text_of(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

template <class T>
std::span<const std::uint8_t> bytes_of(const std::vector<T>& values) {
  return {reinterpret_cast<const std::uint8_t*>(values.data()), values.size() * sizeof(T)};
}

Strings read_strings(std::span<const std::uint8_t> question) {
  const auto number = [&] {
    std::uint32_t value = 0;
    std::memcpy(&value, question.data(), sizeof value);
    question = question.subspan(sizeof value);
    return value;
  };
  Strings strings(number());
  for (auto& string : strings) {
    const std::uint32_t size = number();
    string = question.first(size);
    question = question.subspan(size);
  }
  return strings;
}

// An answer under way.
class Answer {
 public:
  Answer() { append_number(0); }
  void append(std::string_view text) {
    append(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
  }
  void append(std::span<const std::uint8_t> bytes) {
    append_number(static_cast<std::uint32_t>(bytes.size()));
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    ++count_;
  }
  Bytes finish() {
    std::memcpy(bytes_.data(), &count_, sizeof count_);
    return std::move(bytes_);
  }

 private:
  void append_number(std::uint32_t value) {
    const auto* begin = reinterpret_cast<const std::uint8_t*>(&value);
    bytes_.insert(bytes_.end(), begin, begin + sizeof value);
  }

  Bytes bytes_;
  std::uint32_t count_ = 0;
};

// "export", checkpoint, format, stem, "1" for normalization inside, "1" for softmax -> names and
// files by turns.
void export_files(const Strings& strings, Answer& answer) {
  const Model model = read_model(strings[1]);
  const ExportOptions options{.stem = std::string(text_of(strings[3])),
                              .normalization = text_of(strings[4]) == "1",
                              .softmax = text_of(strings[5]) == "1"};
  for (const ExportedFile& file : export_model(model, text_of(strings[2]), options)) {
    answer.append(file.name);
    answer.append(file.bytes);
  }
}

std::vector<std::uint32_t> extents_of(const Shape& shape) {
  std::vector<std::uint32_t> extents;
  for (const Index extent : shape.extents()) extents.push_back(static_cast<std::uint32_t>(extent));
  return extents;
}

// A mean or a deviation, as one number of 64 bits or three.
PerChannel per_channel(std::span<const std::uint8_t> bytes) {
  PerChannel result(static_cast<Index>(bytes.size() / sizeof(double)), 0);
  std::memcpy(result.values().data(), bytes.data(), bytes.size());
  return result;
}

// "import", file, its name, the net's text or "", the sample's extents as numbers of 32 bits, the
// mean and the deviation that inputs will be normalized by, or "" twice -> the net's text, its
// file, the sample's extents with the number of outputs behind them, mean, deviation, a class name
// per line, and each tensor's name, extents and numbers.
void import_net(const Strings& strings, Answer& answer) {
  std::vector<Index> extents;
  for (std::size_t at = 0; at + sizeof(std::uint32_t) <= strings[4].size();) {
    std::uint32_t extent = 0;
    std::memcpy(&extent, strings[4].data() + at, sizeof extent);
    extents.push_back(static_cast<Index>(extent));
    at += sizeof extent;
  }
  Model model = import_model(strings[1], text_of(strings[2]),
                             {.net = text_of(strings[3]), .sample = Shape(extents)});
  if (!strings[5].empty()) {
    const PerChannel mean = per_channel(strings[5]);
    const PerChannel deviation = per_channel(strings[6]);
    renormalize(model, mean, deviation);
    model.mean = mean;
    model.deviation = deviation;
  }
  answer.append(model.net);
  answer.append(write_model(model));
  std::vector<std::uint32_t> sizes = extents_of(model.sample);
  sizes.push_back(static_cast<std::uint32_t>(model.outputs));
  answer.append(bytes_of(sizes));
  for (const PerChannel& numbers : {model.mean, model.deviation}) {
    answer.append(bytes_of(std::vector<double>(numbers.values().begin(), numbers.values().end())));
  }
  answer.append(lines_of(model.class_names));
  for (const ModelTensor& tensor : model.tensors) {
    answer.append(tensor.name);
    answer.append(bytes_of(extents_of(tensor.shape)));
    answer.append(bytes_of(tensor.values));
  }
}

// "zip", then names and files by turns -> the archive.
void zip_files(const Strings& strings, Answer& answer) {
  std::vector<ZipEntry> entries;
  for (std::size_t i = 1; i + 1 < strings.size(); i += 2) {
    entries.push_back({std::string(text_of(strings[i])), strings[i + 1]});
  }
  answer.append(write_zip(entries));
}

// The first string of an answer is empty, or the code of an error, whose message and field follow.
Bytes answer_to(std::span<const std::uint8_t> question) {
  const auto refusal = [](std::string_view code, std::string_view message, std::string_view field) {
    Answer answer;
    for (const std::string_view text : {code, message, field}) answer.append(text);
    return answer.finish();
  };
  try {
    const Strings strings = read_strings(question);
    Answer answer;
    answer.append("");
    const std::string_view what = text_of(strings[0]);
    if (what == "zip") {
      zip_files(strings, answer);
    } else if (what == "import") {
      import_net(strings, answer);
    } else {
      export_files(strings, answer);
    }
    return answer.finish();
  } catch (const Error& error) {
    return refusal(to_string(error.code()), error.message(), error.details().field);
  } catch (const std::bad_alloc&) {
    return refusal("OutOfMemory", "formats: the memory is full, expected room for the net twice",
                   "");
  } catch (const std::exception& error) {
    return refusal("Internal", error.what(), "");
  }
}

}  // namespace

}  // namespace lanegrad

extern "C" {

// Memory for a question of this size.
[[clang::export_name("allocate")]] std::uint8_t* allocate(std::size_t size) {
  return new std::uint8_t[size];
}

// Answers a question, whose memory it frees. The answer is valid until the next call.
[[clang::export_name("ask")]] const std::uint8_t* ask(std::uint8_t* question, std::size_t size) {
  static lanegrad::Bytes answer;
  answer = lanegrad::answer_to({question, size});
  delete[] question;
  return answer.data();
}

}  // extern "C"
