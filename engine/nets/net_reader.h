// Reads a net text from left to right and follows the shape of a sample through its layers, so that
// each error is about a word. The layers are made afterwards, from what has been read.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/error.h"
#include "engine/layers/init.h"
#include "engine/layers/layer.h"
#include "engine/nets/catalog.h"
#include "engine/nets/net_text.h"

namespace lanegrad::net_words {

struct Word {
  std::string_view text;  // "," stands for itself, "" for the end
  Index number = 1;       // commas are not counted
  // The place in the text in bytes. It is also the number of characters before the first word that
  // is refused, since all words before that are ASCII.
  std::size_t offset = 0;

  bool ends_layer() const { return text.empty() || text == ","; }
  std::string place() const { return str("at word ", number, " (column ", offset + 1, ")"); }
  // A word in quotes for messages; the text is joined only where there is a message.
  struct Quoted {
    const Word& word;
    std::string text() const { return str("'", word.text, "' ", word.place()); }
  };
  Quoted quoted() const { return {*this}; }
};

// The words of a text, with its end as the last one.
std::vector<Word> split(std::string_view text);

class Reader;

// What a layer means for a bias or for the weights before it. Shift layers pass on a constant that
// a bias adds, and Norm takes it away.
enum class Role { Product, Rectifier, Activation, Shift, Norm, Other };

struct Making {
  Random& weights;
  Init init;
  // The number of dropout layers made so far.
  std::uint64_t dropouts;
};

struct Planned;

struct LayerWord {
  std::string_view word;
  std::string_view example;
  std::string_view kind;
  Role role;
  // Reads the settings and fills in output, parameters and FLOPs.
  void (*read)(Reader& reader, Planned& layer);
  // The layer that comes after this one where it has a bias.
  const LayerWord* bias = nullptr;
};

struct Planned {
  const LayerWord* word;
  LayerDescription row = {};
  // Channels or numbers.
  Index inputs = 0;
  Index outputs = 0;
  Index size = 0;
  Index stride = 1;
  Index padding = 0;
  bool bias = false;
  double number = 0;
  // Whether the text says "classes" instead of a number of outputs.
  bool classes = false;
};

// Makes the layer, with weights drawn as `making` says.
std::unique_ptr<Layer> make_layer(const Planned& layer, Making& making);

// The layer of this word, in whatever spelling; null where there is none.
const LayerWord* find_word(std::string_view text);
// The layers that have a word, in the order in which messages list them.
std::span<const LayerWord> layer_words();
// The layer that comes after a dense one with a bias; it has no word of its own in texts.
extern const LayerWord kBias;
const LayerWord& flatten_word();

// Whether a batchnorm would take away what a bias adds: one that follows the layer, directly or
// after Shift layers alone. words[at] stands after the last setting of the layer.
bool is_normalized(std::span<const Word> words, std::size_t at);

// The net of the catalog whose name these words are; null where they are a text.
const CatalogEntry* find_entry(std::span<const Word> words);

class Reader {
 public:
  // With `any_outputs` the net may give other outputs than the input says.
  Reader(std::string_view text, const NetInput& input, bool any_outputs = false);
  std::vector<Planned> read();

  // The functions from here to options() and places() are for reading a layer's settings; shape()
  // is that of the layer's input.
  const Shape& shape() const { return shape_; }
  Index classes() const { return input_.outputs; }
  // Puts a flatten layer in where the input is an image.
  void flatten();
  void need_image() const;
  void append(Planned layer);

  bool more() const { return !words_[at_].ends_layer(); }
  const Word& word() const { return words_[at_]; }
  // Takes the next setting.
  Word take(std::string_view what);
  Index whole(const Word& word, std::string_view what, Index least) const;
  Index square(const Word& word, std::string_view what) const;
  double decimal(const Word& word, std::string_view what, double end) const;
  // Reads "stride 2", "pad 1" or "pad same" for filters of this size, and "bias" or "no bias" in
  // any order; only those whose pointer is not null are allowed. Where the text does not say, there
  // is a bias unless the result is normalized.
  void options(Index* stride, Index* padding, bool* bias, Index size = 0);
  void check_fit(const Word& word, std::string_view what, Index size, Index padding) const;
  // How many places a window of this size has down and across the image.
  std::pair<Index, Index> places(Index size, Index stride, Index padding) const;
  void check_count(double count, std::string_view what) const;

  template <class... Pieces>
  [[noreturn]] void refuse(const Pieces&... sentence) const {
    fail(ErrorCode::InvalidArgument, {.op = "net", .field = "net"}, name_, ": ", sentence...);
  }
  // Refuses a word: the error's details say where it is.
  template <class... Pieces>
  [[noreturn]] void refuse(const Word& word, const Pieces&... sentence) const {
    fail(ErrorCode::InvalidArgument, details(word), name_, ": ", sentence...);
  }
  Details details(const Word& word) const {
    Details about{.op = "net", .field = "net"};
    if (name_ == about.op) about.column = static_cast<Index>(word.offset) + 1;
    return about;
  }

 private:
  void read_layer();
  Index same_padding(const Word& word, Index size) const;
  const LayerWord& find_layer() const;

  const NetInput& input_;
  bool any_outputs_;
  std::string name_ = "net";
  std::string_view text_;
  std::vector<Word> words_;
  std::size_t at_ = 0;
  // The kind of the layer that is being read.
  const LayerWord* kind_ = nullptr;
  // The first word of that layer.
  Word layer_;
  Shape shape_;
  std::vector<Planned> layers_;
};

}  // namespace lanegrad::net_words
