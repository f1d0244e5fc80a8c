// Reads a net text from left to right and follows the shape of a sample through its layers, so that
// each error is about a word. The layers are made afterwards, from what has been read.
#include "engine/nets/net_text.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/error.h"
#include "engine/core/number.h"
#include "engine/layers/activations.h"
#include "engine/layers/batch_norm.h"
#include "engine/layers/bias.h"
#include "engine/layers/conv2d.h"
#include "engine/layers/dense.h"
#include "engine/layers/dropout.h"
#include "engine/layers/flatten.h"
#include "engine/layers/pool2d.h"
#include "engine/nets/catalog.h"

namespace lanegrad {

namespace {

// ---- Words ------------------------------------------------------------------

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
std::vector<Word> split(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r\n";
  std::vector<Word> words;
  Index number = 1;
  for (std::size_t i = 0; i < text.size();) {
    if (kSpaces.find(text[i]) != std::string_view::npos) {
      ++i;
      continue;
    }
    const bool comma = text[i] == ',';
    const std::size_t end =
        comma ? i + 1 : std::min(text.find_first_of(" \t\r\n,", i), text.size());
    words.push_back({text.substr(i, end - i), number, i});
    if (!comma) ++number;
    i = end;
  }
  words.push_back({{}, number, text.size()});
  return words;
}

bool parse_extent(std::string_view text, Index least, Index* value) {
  const std::optional<std::uint64_t> number = parse_whole(text);
  if (!number || *number > std::uint64_t{Shape::kMaxElements}) return false;
  *value = static_cast<Index>(*number);
  return *value >= least;
}

// ---- Layers -----------------------------------------------------------------

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
  std::shared_ptr<Layer> (*make)(const Planned& layer, Making& making);
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
};

const LayerWord* find_word(std::string_view text);

// Whether a batchnorm would take away what a bias adds: one that follows the layer, directly or
// after Shift layers alone. words[at] stands after the last setting of the layer.
bool is_normalized(std::span<const Word> words, std::size_t at) {
  for (; at + 1 < words.size(); ++at) {
    if (words[at].text != ",") continue;
    const LayerWord* next = find_word(words[at + 1].text);
    if (!next || next->role != Role::Shift) return next && next->role == Role::Norm;
  }
  return false;
}

// The net of the catalog whose name these words are; null where they are a text.
const CatalogEntry* find_entry(std::span<const Word> words) {
  const auto named = [&](const CatalogEntry& entry) { return entry.name == words[0].text; };
  const std::span<const CatalogEntry> all = catalog();
  const auto found = std::find_if(all.begin(), all.end(), named);
  return words.size() == 2 && found != all.end() ? &*found : nullptr;
}

class Reader {
 public:
  Reader(std::string_view text, const NetInput& input);
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
  // Reads "stride 2", "pad 1", and "bias" or "no bias" in any order; only those whose pointer is
  // not null are allowed. Where the text does not say, there is a bias unless the result is
  // normalized.
  void options(Index* stride, Index* padding, bool* bias);
  void check_fit(const Word& word, std::string_view what, Index size, Index padding) const;
  // How many places a window of this size has down and across the image.
  std::pair<Index, Index> places(Index size, Index stride, Index padding) const;
  void check_count(double count, std::string_view what) const;

  template <class... Pieces>
  [[noreturn]] void refuse(const Pieces&... sentence) const {
    fail(ErrorCode::InvalidArgument, name_, ": ", sentence...);
  }

 private:
  void read_layer();
  const LayerWord& find_layer() const;

  const NetInput& input_;
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

void read_nothing(Reader& reader, Planned& layer) { layer.row.output = reader.shape(); }

void read_conv(Reader& reader, Planned& layer) {
  reader.need_image();
  layer.inputs = reader.shape()[0];
  layer.outputs = reader.whole(reader.take("a number of filters"), "number of filters", 1);
  const Word size = reader.take("a size of the filters");
  layer.size = reader.square(size, "size of filters");
  reader.options(&layer.stride, &layer.padding, &layer.bias);
  reader.check_fit(size, "a kernel", layer.size, layer.padding);
  const auto [h, w] = reader.places(layer.size, layer.stride, layer.padding);
  const auto outputs = static_cast<double>(layer.outputs);
  const double products =
      static_cast<double>(layer.inputs * layer.size) * static_cast<double>(layer.size) * outputs;
  reader.check_count(products, "weights");
  reader.check_count(static_cast<double>(h) * static_cast<double>(w) * outputs, "outputs");
  layer.row.output = {layer.outputs, h, w};
  layer.row.parameters = (layer.inputs * layer.size * layer.size + layer.bias) * layer.outputs;
  layer.row.forward_flops = 2 * products * static_cast<double>(h * w);
}

std::shared_ptr<Layer> make_conv(const Planned& layer, Making& making) {
  const ConvOptions options{.stride = layer.stride, .padding = layer.padding};
  return std::make_shared<Conv2D>(layer.inputs, layer.outputs, layer.size, making.weights, options,
                                  making.init, layer.bias);
}

void read_pool(Reader& reader, Planned& layer) {
  reader.need_image();
  const Word size = reader.take("a size");
  layer.size = layer.stride = reader.square(size, "size of a pool");
  reader.options(&layer.stride, nullptr, nullptr);
  reader.check_fit(size, "a pool", layer.size, 0);
  const auto [h, w] = reader.places(layer.size, layer.stride, 0);
  layer.row.output = {reader.shape()[0], h, w};
}

template <class Pool>
std::shared_ptr<Layer> make_pool(const Planned& layer, Making&) {
  return std::make_shared<Pool>(PoolOptions{.size = layer.size, .stride = layer.stride});
}

void read_globalpool(Reader& reader, Planned& layer) {
  reader.need_image();
  layer.row.output = {reader.shape()[0]};
}

void read_flatten(Reader& reader, Planned& layer) { layer.row.output = {reader.shape().size()}; }

void read_dropout(Reader& reader, Planned& layer) {
  layer.number = reader.decimal(reader.take("a rate"), "rate", 1);
  read_nothing(reader, layer);
}

void read_batchnorm(Reader& reader, Planned& layer) {
  layer.inputs = reader.shape()[0];
  layer.row.parameters = 2 * layer.inputs;
  read_nothing(reader, layer);
}

std::shared_ptr<Layer> make_batchnorm(const Planned& layer, Making&) {
  return std::make_shared<BatchNorm>(layer.inputs);
}

void read_leakyrelu(Reader& reader, Planned& layer) {
  layer.number = reader.more() ? reader.decimal(reader.take("a slope"), "slope", 1) : 0.01;
  read_nothing(reader, layer);
}

std::shared_ptr<Layer> make_leakyrelu(const Planned& layer, Making&) {
  return std::make_shared<LeakyReLU>(layer.number);
}

std::shared_ptr<Layer> make_dropout(const Planned& layer, Making& making) {
  // Each dropout of a net gets its own seed, so that each draws other numbers.
  constexpr std::uint64_t kApart = 0x9E3779B97F4A7C15;
  return std::make_shared<Dropout>(layer.number,
                                   making.weights.state().seed + kApart * making.dropouts++);
}

void read_dense(Reader& reader, Planned& layer);

std::shared_ptr<Layer> make_dense(const Planned& layer, Making& making) {
  return std::make_shared<Dense>(layer.inputs, layer.outputs, making.weights, making.init);
}

std::shared_ptr<Layer> make_bias(const Planned& layer, Making&) {
  return std::make_shared<Bias>(layer.outputs);
}

template <class L>
std::shared_ptr<Layer> make_plain(const Planned&, Making&) {
  return std::make_shared<L>();
}

// The bias of a dense layer, which has no word of its own in texts.
constexpr LayerWord kBias{"bias", "", "Bias", Role::Other, nullptr, make_bias};

// clang-format off
#define LANEGRAD_WORD(Function, name, value, gradient, Kind, kRole) \
  {#name, #name, #Kind, Role::kRole, read_nothing, make_plain<Kind>},
constexpr LayerWord kWords[] = {
    {"conv", "conv 24 5x5", "Conv2D", Role::Product, read_conv, make_conv},
    {"pool", "pool 2", "MaxPool2D", Role::Shift, read_pool, make_pool<MaxPool2D>},
    {"avgpool", "avgpool 2", "AvgPool2D", Role::Shift, read_pool, make_pool<AvgPool2D>},
    {"globalpool", "globalpool", "GlobalAvgPool2D", Role::Shift, read_globalpool, make_plain<GlobalAvgPool2D>},
    LANEGRAD_ACTIVATIONS(LANEGRAD_WORD)
    {"leakyrelu", "leakyrelu 0.01", "LeakyReLU", Role::Rectifier, read_leakyrelu, make_leakyrelu},
    {"softmax", "softmax", "Softmax", Role::Activation, read_nothing, make_plain<Softmax>},
    {"batchnorm", "batchnorm", "BatchNorm", Role::Norm, read_batchnorm, make_batchnorm},
    {"dropout", "dropout 0.25", "Dropout", Role::Other, read_dropout, make_dropout},
    {"dense", "dense 128", "Dense", Role::Product, read_dense, make_dense, &kBias},
    {"flatten", "flatten", "Flatten", Role::Shift, read_flatten, make_plain<Flatten>},
};
#undef LANEGRAD_WORD
// clang-format on

constexpr const LayerWord* find_constant(std::string_view text) {
  for (const LayerWord& kind : kWords) {
    if (kind.word == text) return &kind;
  }
  return nullptr;
}
constexpr const LayerWord* kFlatten = find_constant("flatten");
static_assert(kFlatten->word == "flatten");

const LayerWord* find_word(std::string_view text) { return find_constant(text); }

void read_dense(Reader& reader, Planned& layer) {
  const Word outputs = reader.take("a number of outputs");
  layer.outputs =
      outputs.text == "classes" ? reader.classes() : reader.whole(outputs, "number of outputs", 1);
  reader.options(nullptr, nullptr, &layer.bias);
  reader.flatten();
  layer.inputs = reader.shape().size();
  const double products = static_cast<double>(layer.inputs) * static_cast<double>(layer.outputs);
  reader.check_count(products, "weights");
  layer.row.output = {layer.outputs};
  layer.row.parameters = layer.inputs * layer.outputs;
  layer.row.forward_flops = 2 * products;
}

Reader::Reader(std::string_view text, const NetInput& input)
    : input_(input), text_(text), words_(split(text)), shape_(input.sample) {
  if (const CatalogEntry* entry = find_entry(words_)) {
    // The words of a catalog's text are not the caller's, so messages name the net instead.
    name_ = str("net ", entry->name);
    text_ = entry->text;
    words_ = split(text_);
  }
  const Shape& sample = input.sample;
  if ((sample.rank() != 1 && sample.rank() != 3) || sample.size() < 1) {
    refuse("samples of ", sample, ", expected [C, H, W] or [I], all at least 1");
  }
  if (input.outputs < 1) refuse(input.outputs, " outputs, expected at least 1");
}

std::vector<Planned> Reader::read() {
  read_layer();
  while (!word().text.empty()) {
    // The comma is skipped.
    ++at_;
    read_layer();
  }
  if (shape_ != Shape{input_.outputs}) {
    refuse("the last layer, ", layer_.quoted(), ", gives ", shape_, ", expected ",
           Shape{input_.outputs}, ": as many outputs as the data has classes, or numbers in a ",
           "target");
  }
  return std::move(layers_);
}

void Reader::read_layer() {
  kind_ = &find_layer();
  layer_ = word();
  ++at_;
  Planned layer{.word = kind_};
  kind_->read(*this, layer);
  if (more()) {
    refuse(word().quoted(), " follows ", kind_->example, ", expected a comma or the end");
  }
  // The layer's text goes from its word to the end of its last setting.
  const Word& last = words_[at_ - 1];
  layer.row.text = text_.substr(layer_.offset, last.offset + last.text.size() - layer_.offset);
  const Index outputs = layer.outputs;
  const bool has_bias_layer = layer.bias && kind_->bias;
  append(std::move(layer));
  if (!has_bias_layer) return;
  Planned bias{.word = kind_->bias, .outputs = outputs};
  bias.row.output = shape_;
  bias.row.parameters = outputs;
  append(std::move(bias));
}

const LayerWord& Reader::find_layer() const {
  if (const LayerWord* found = find_word(word().text)) return *found;
  std::string layers;
  for (const LayerWord& kind : kWords) layers += str(layers.empty() ? "" : ", ", kind.word);
  if (word().ends_layer()) refuse("no layer ", word().place(), ", expected one of ", layers);
  std::string nets;
  if (words_.size() == 2) {
    for (const CatalogEntry& entry : catalog()) nets += str(", ", entry.name);
    nets = str(" or the name of a net", nets);
  }
  fail(ErrorCode::NotFound, name_, ": ", word().quoted(), " is no layer, expected one of ", layers,
       nets);
}

void Reader::append(Planned layer) {
  const auto count = [&](const LayerWord* word) {
    return std::count_if(layers_.begin(), layers_.end(),
                         [&](const Planned& other) { return other.word == word; });
  };
  // A bias has the number of its dense layer, since other dense layers may have none.
  const bool is_bias = layer.word == &kBias;
  const auto number = is_bias ? count(layers_.back().word) : count(layer.word) + 1;
  layer.row.name = str(layer.word->word, number);
  layer.row.kind = layer.word->kind;
  shape_ = layer.row.output;
  layers_.push_back(std::move(layer));
}

void Reader::flatten() {
  if (shape_.rank() == 1) return;
  Planned layer{.word = kFlatten};
  read_flatten(*this, layer);
  append(std::move(layer));
}

void Reader::need_image() const {
  if (shape_.rank() == 3) return;
  refuse(layer_.quoted(), " gets ", shape_, ", expected images [C, H, W]");
}

Word Reader::take(std::string_view what) {
  if (!more()) {
    refuse(layer_.quoted(), " lacks ", what, ", expected something like ", kind_->example);
  }
  return words_[at_++];
}

Index Reader::whole(const Word& word, std::string_view what, Index least) const {
  Index number = 0;
  if (!parse_extent(word.text, least, &number)) {
    refuse(word.quoted(), " is no ", what, ", expected a whole number from ", least, " to ",
           Shape::kMaxElements);
  }
  return number;
}

Index Reader::square(const Word& word, std::string_view what) const {
  const std::size_t x = word.text.find('x');
  Index width = 0;
  Index height = 0;
  if (!parse_extent(word.text.substr(0, x), 1, &height) ||
      !parse_extent(word.text.substr(x == std::string_view::npos ? 0 : x + 1), 1, &width) ||
      width != height) {
    refuse(word.quoted(), " is no ", what, ", expected a square of at least 1x1, like 2x2 or 2");
  }
  return width;
}

double Reader::decimal(const Word& word, std::string_view what, double end) const {
  const std::optional<double> number = parse_number(word.text);
  if (!number || !(*number >= 0 && *number < end)) {
    refuse(word.quoted(), " is no ", what, ", expected a number of at least 0 and below ", end);
  }
  return *number;
}

void Reader::options(Index* stride, Index* padding, bool* bias) {
  struct {
    std::string_view name;
    bool known;
    Index* number;
    Index least;
    bool given = false;
  } settings[] = {{"stride", stride != nullptr, stride, 1},
                  {"pad", padding != nullptr, padding, 0},
                  {"bias", bias != nullptr, nullptr, 0}};
  if (bias) *bias = true;
  while (more()) {
    Word option = words_[at_++];
    const bool no = bias && option.text == "no" && word().text == "bias";
    if (no) option = words_[at_++];
    const auto setting = std::find_if(std::begin(settings), std::end(settings), [&](const auto& s) {
      return s.known && s.name == option.text;
    });
    if (setting == std::end(settings)) {
      std::string known;
      for (const auto& s : settings) {
        if (s.known) known += str(known.empty() ? "" : ", ", s.name);
      }
      refuse(option.quoted(), " is no setting of ", layer_.text, ", expected ", known,
             bias ? ", no bias" : "", " or a comma");
    }
    if (std::exchange(setting->given, true)) {
      refuse(option.quoted(), " is given twice, expected it once");
    }
    if (!setting->number) {
      *bias = !no;
      continue;
    }
    if (!more()) refuse(option.quoted(), " lacks a number, expected one like ", option.text, " 2");
    *setting->number = whole(words_[at_], option.text, setting->least);
    ++at_;
  }
  if (bias && !settings[2].given) *bias = !is_normalized(words_, at_);
}

void Reader::check_fit(const Word& word, std::string_view what, Index size, Index padding) const {
  const Index h = shape_[1] + 2 * padding;
  const Index w = shape_[2] + 2 * padding;
  check_count(static_cast<double>(shape_[0]) * static_cast<double>(h) * static_cast<double>(w),
              "inputs with their padding");
  if (size <= std::min(h, w)) return;
  refuse(word.quoted(), " is ", what, " larger than its input of ", h, "x", w,
         padding > 0 ? " with its padding" : "", ", expected at most ", std::min(h, w));
}

std::pair<Index, Index> Reader::places(Index size, Index stride, Index padding) const {
  return {(shape_[1] + 2 * padding - size) / stride + 1,
          (shape_[2] + 2 * padding - size) / stride + 1};
}

void Reader::check_count(double count, std::string_view what) const {
  if (count <= static_cast<double>(Shape::kMaxElements)) return;
  refuse(layer_.quoted(), " has ", count, " ", what, ", expected at most ", Shape::kMaxElements);
}

// The way to draw weights follows from the activation after them, since that is what their variance
// is made for.
Init init_of(const std::vector<Planned>& layers, std::size_t at) {
  for (std::size_t i = at + 1; i < layers.size(); ++i) {
    const Role role = layers[i].word->role;
    if (role == Role::Rectifier) return Init::KaimingUniform;
    if (role == Role::Product || role == Role::Activation) break;
  }
  return Init::XavierUniform;
}

}  // namespace

std::unique_ptr<Net> make_net(std::string_view name_or_text, const NetInput& input,
                              Random& weights) {
  const std::vector<Planned> layers = Reader(name_or_text, input).read();
  auto net = std::make_unique<Net>();
  Making making{.weights = weights, .init = Init::XavierUniform, .dropouts = 0};
  for (std::size_t i = 0; i < layers.size(); ++i) {
    making.init = init_of(layers, i);
    net->add(layers[i].row.name, layers[i].word->make(layers[i], making));
  }
  return net;
}

NetDescription describe(std::string_view name_or_text, const NetInput& input) {
  NetDescription description;
  for (Planned& layer : Reader(name_or_text, input).read()) description.add(std::move(layer.row));
  return description;
}

std::string with_biases(std::string_view name_or_text) {
  std::vector<Word> words = split(name_or_text);
  const CatalogEntry* entry = find_entry(words);
  const std::string_view text = entry ? entry->text : name_or_text;
  if (entry) words = split(text);
  std::string said;
  // How many bytes of the text have been copied.
  std::size_t copied = 0;
  for (std::size_t i = 0; i < words.size();) {
    const LayerWord* layer = find_word(words[i].text);
    bool says = false;
    for (; !words[i].ends_layer(); ++i) says = says || words[i].text == "bias";
    if (layer && layer->role == Role::Product && !says && is_normalized(words, i)) {
      const std::size_t end = words[i - 1].offset + words[i - 1].text.size();
      said += str(text.substr(copied, end - copied), " bias");
      copied = end;
    }
    // The comma is skipped.
    ++i;
  }
  if (said.empty()) return std::string(name_or_text);
  return said + std::string(text.substr(copied));
}

std::string_view net_text(std::string_view name_or_text) {
  const CatalogEntry* entry = find_entry(split(name_or_text));
  return entry ? entry->text : name_or_text;
}

}  // namespace lanegrad
