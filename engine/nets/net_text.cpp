// Makes nets of texts, and rewrites texts.
#include "engine/nets/net_text.h"

#include <utility>
#include <vector>

#include "engine/nets/net_reader.h"
#include "engine/nets/spelling.h"

namespace lanegrad {

using namespace net_words;

namespace {

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
    net->add(layers[i].row.name, make_layer(layers[i], making));
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
    for (; !words[i].ends_layer(); ++i) says = says || is_word(words[i].text, "bias");
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
