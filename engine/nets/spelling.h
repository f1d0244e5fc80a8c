// How people spell the words of net texts: in any case, with hyphens or underscores, and as PyTorch
// and Keras call the same thing.
#pragma once

#include <string_view>

namespace lanegrad::net_words {

// Whether `text` is the word `known`, which is in small letters, in some spelling.
bool is_word(std::string_view text, std::string_view known);

// The word for what `text` is called elsewhere, such as "dense" for "Linear"; `text` itself where
// it is no such name.
std::string_view word_for(std::string_view text);

// Whether `known` was probably meant: one letter is missing, too many or wrong, or two neighbours
// have changed places.
bool is_like(std::string_view text, std::string_view known);

}  // namespace lanegrad::net_words
