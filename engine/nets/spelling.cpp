#include "engine/nets/spelling.h"

#include <algorithm>

namespace lanegrad::net_words {

namespace {

struct OtherName {
  std::string_view name;
  std::string_view word;
};
constexpr OtherName kOtherNames[] = {
    {"conv2d", "conv"},
    {"maxpool", "pool"},
    {"maxpool2d", "pool"},
    {"maxpooling2d", "pool"},
    {"avgpool2d", "avgpool"},
    {"averagepooling2d", "avgpool"},
    {"globalavgpool2d", "globalpool"},
    {"globalaveragepooling2d", "globalpool"},
    {"linear", "dense"},
    {"batchnorm1d", "batchnorm"},
    {"batchnorm2d", "batchnorm"},
    {"batchnormalization", "batchnorm"},
    {"swish", "silu"},
    {"strides", "stride"},
    {"padding", "pad"},
};

// A letter as the table has it.
char small(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

}  // namespace

bool is_word(std::string_view text, std::string_view known) {
  std::size_t at = 0;
  for (const char letter : text) {
    if (at < known.size() && small(letter) == known[at]) {
      ++at;
    } else if (at == 0 || (letter != '-' && letter != '_')) {
      return false;
    }
  }
  return at == known.size();
}

std::string_view word_for(std::string_view text) {
  for (const OtherName& other : kOtherNames) {
    if (is_word(text, other.name)) return other.word;
  }
  return text;
}

bool is_like(std::string_view text, std::string_view known) {
  const std::size_t shorter = std::min(text.size(), known.size());
  if (shorter < 3) return false;
  std::size_t begin = 0;
  while (begin < shorter && small(text[begin]) == known[begin]) ++begin;
  std::size_t end = 0;
  while (end < shorter - begin &&
         small(text[text.size() - 1 - end]) == known[known.size() - 1 - end]) {
    ++end;
  }
  const std::string_view given = text.substr(begin, text.size() - end - begin);
  const std::string_view meant = known.substr(begin, known.size() - end - begin);
  if (given.size() <= 1 && meant.size() <= 1) return true;
  return given.size() == 2 && meant.size() == 2 && small(given[0]) == meant[1] &&
         small(given[1]) == meant[0];
}

}  // namespace lanegrad::net_words
