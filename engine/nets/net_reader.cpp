// The words of a net text, and the checks that all layers share.
#include "engine/nets/net_reader.h"

#include <algorithm>
#include <optional>

#include "engine/core/number.h"
#include "engine/nets/spelling.h"

namespace lanegrad::net_words {

namespace {

bool parse_extent(std::string_view text, Index least, Index* value) {
  const std::optional<std::uint64_t> number = parse_whole(text);
  if (!number || *number > std::uint64_t{Shape::kMaxElements}) return false;
  *value = static_cast<Index>(*number);
  return *value >= least;
}

// Whether the text is a whole number, and one larger than any extent may be.
bool is_too_large(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return false;
  const std::optional<std::uint64_t> number = parse_whole(text);
  return !number || *number > std::uint64_t{Shape::kMaxElements};
}

// " (did you mean 'pool'?)" where one of the words is like the given one.
template <class Words, class NameOf>
std::string meant(const Word& given, const Words& words, NameOf name_of) {
  for (const auto& word : words) {
    if (is_like(given.text, name_of(word))) return str(" (did you mean '", name_of(word), "'?)");
  }
  return {};
}

}  // namespace

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

bool is_normalized(std::span<const Word> words, std::size_t at) {
  for (; at + 1 < words.size(); ++at) {
    if (words[at].text != ",") continue;
    const LayerWord* next = find_word(words[at + 1].text);
    if (!next || next->role != Role::Shift) return next && next->role == Role::Norm;
  }
  return false;
}

const CatalogEntry* find_entry(std::span<const Word> words) {
  const auto named = [&](const CatalogEntry& entry) { return is_word(words[0].text, entry.name); };
  const std::span<const CatalogEntry> all = catalog();
  const auto found = std::find_if(all.begin(), all.end(), named);
  return words.size() == 2 && found != all.end() ? &*found : nullptr;
}

Reader::Reader(std::string_view text, const NetInput& input, bool any_outputs)
    : input_(input),
      any_outputs_(any_outputs),
      text_(text),
      words_(split(text)),
      shape_(input.sample) {
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
  if (!any_outputs_ && shape_ != Shape{input_.outputs}) {
    refuse(layer_, "the last layer, ", layer_.quoted(), ", gives ", shape_, ", expected ",
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
  // The layer's text goes from its word to the end of its last setting.
  const Word& last = words_[at_ - 1];
  layer.row.text = text_.substr(layer_.offset, last.offset + last.text.size() - layer_.offset);
  if (more()) {
    refuse(word(), word().quoted(), " follows ", layer.row.text, ", expected a comma or the end");
  }
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
  for (const LayerWord& kind : layer_words()) layers += str(layers.empty() ? "" : ", ", kind.word);
  if (word().ends_layer())
    refuse(word(), "no layer ", word().place(), ", expected one of ", layers);
  std::string near = meant(word(), layer_words(), [](const LayerWord& kind) { return kind.word; });
  std::string nets;
  if (words_.size() == 2) {
    const auto name_of = [](const CatalogEntry& entry) { return entry.name; };
    if (near.empty()) near = meant(word(), catalog(), name_of);
    for (const CatalogEntry& entry : catalog()) nets += str(", ", entry.name);
    nets = str(" or the name of a net", nets);
  }
  fail(ErrorCode::NotFound, details(word()), name_, ": ", word().quoted(), " is no layer", near,
       ", expected one of ", layers, nets);
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
  Planned layer{.word = &flatten_word()};
  layer.word->read(*this, layer);
  append(std::move(layer));
}

void Reader::need_image() const {
  if (shape_.rank() == 3) return;
  refuse(layer_, layer_.quoted(), " gets ", shape_, ", expected images [C, H, W]");
}

Word Reader::take(std::string_view what) {
  if (!more()) {
    refuse(layer_, layer_.quoted(), " lacks ", what, ", expected something like ", kind_->example);
  }
  return words_[at_++];
}

Index Reader::whole(const Word& word, std::string_view what, Index least) const {
  Index number = 0;
  if (!parse_extent(word.text, least, &number)) {
    const bool large = is_too_large(word.text);
    refuse(word, word.quoted(), " is no ", what, ", expected ",
           large ? "at most " : "a whole number of at least ",
           large ? Index{Shape::kMaxElements} : least);
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
    refuse(word, word.quoted(), " is no ", what,
           ", expected a square of at least 1x1, like 2x2 or 2");
  }
  return width;
}

double Reader::decimal(const Word& word, std::string_view what, double end) const {
  const std::optional<double> number = parse_number(word.text);
  if (!number || !(*number >= 0 && *number < end)) {
    refuse(word, word.quoted(), " is no ", what, ", expected a number of at least 0 and below ",
           end);
  }
  return *number;
}

Index Reader::same_padding(const Word& word, Index size) const {
  if (size % 2 == 0)
    refuse(word, word.quoted(), " for filters of ", size, "x", size,
           ", expected filters of an odd size or a number");
  return size / 2;
}

void Reader::options(Index* stride, Index* padding, bool* bias, Index size) {
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
    const bool no = bias && is_word(option.text, "no") && is_word(word().text, "bias");
    if (no) option = words_[at_++];
    const std::string_view name = word_for(option.text);
    const auto setting = std::find_if(std::begin(settings), std::end(settings), [&](const auto& s) {
      return s.known && is_word(name, s.name);
    });
    if (setting == std::end(settings)) {
      std::string known;
      for (const auto& s : settings) {
        if (s.known) known += str(known.empty() ? "" : ", ", s.name);
      }
      refuse(option, option.quoted(), " is no setting of ", layer_.text, ", expected ", known,
             bias ? ", no bias" : "", " or a comma");
    }
    if (std::exchange(setting->given, true)) {
      refuse(option, option.quoted(), " is given twice, expected it once");
    }
    if (!setting->number) {
      *bias = !no;
      continue;
    }
    if (!more())
      refuse(option, option.quoted(), " lacks a number, expected one like ", option.text, " 2");
    const Word& number = words_[at_++];
    const bool same = setting->number == padding && is_word(number.text, "same");
    *setting->number =
        same ? same_padding(number, size) : whole(number, option.text, setting->least);
  }
  if (bias && !settings[2].given) *bias = !is_normalized(words_, at_);
}

void Reader::check_fit(const Word& word, std::string_view what, Index size, Index padding) const {
  const Index h = shape_[1] + 2 * padding;
  const Index w = shape_[2] + 2 * padding;
  check_count(static_cast<double>(shape_[0]) * static_cast<double>(h) * static_cast<double>(w),
              "inputs with their padding");
  if (size <= std::min(h, w)) return;
  refuse(word, word.quoted(), " is ", what, " larger than its input of ", h, "x", w,
         padding > 0 ? " with its padding" : "", ", expected at most ", std::min(h, w));
}

std::pair<Index, Index> Reader::places(Index size, Index stride, Index padding) const {
  return {(shape_[1] + 2 * padding - size) / stride + 1,
          (shape_[2] + 2 * padding - size) / stride + 1};
}

void Reader::check_count(double count, std::string_view what) const {
  if (count <= static_cast<double>(Shape::kMaxElements)) return;
  refuse(layer_, layer_.quoted(), " has ", count, " ", what, ", expected at most ",
         Shape::kMaxElements);
}

}  // namespace lanegrad::net_words
