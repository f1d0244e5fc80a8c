// Which numbers occur decides what becomes of them.
#include "engine/io/picture_classes.h"

#include <algorithm>

namespace lanegrad {

namespace {

constexpr std::size_t kMostClasses = 256;

// The names of usual sets, each a letter, or words with commas between.
struct UsualNames {
  std::string_view file;  // what a file's name holds
  std::size_t classes;
  std::string_view names;
};
constexpr std::string_view kLetters = "A,B,C,D,E,F,G,H,I,J,K,L,M,N,O,P,Q,R,S,T,U,V,W,X,Y,Z";
constexpr std::string_view kBalanced =
    "0,1,2,3,4,5,6,7,8,9,A,B,C,D,E,F,G,H,I,J,K,L,M,N,O,P,Q,R,S,T,U,V,W,X,Y,Z,a,b,d,e,f,g,h,n,q,r,t";
constexpr std::string_view kByClass =
    "0,1,2,3,4,5,6,7,8,9,A,B,C,D,E,F,G,H,I,J,K,L,M,N,O,P,Q,R,S,T,U,V,W,X,Y,Z,a,b,c,d,e,f,g,h,i,j,k,"
    "l,m,n,o,p,q,r,s,t,u,v,w,x,y,z";
constexpr UsualNames kUsual[] = {
    {"letters", kLetters.size() / 2 + 1, kLetters},
    {"balanced", 47, kBalanced},
    {"bymerge", 47, kBalanced},
    {"byclass", 62, kByClass},
    {"fashion", 10, "T-shirt,trousers,pullover,dress,coat,sandal,shirt,sneaker,bag,ankle boot"},
};

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

// Labels as texts, sorted: values become places in the list that is returned.
std::vector<std::string> sort_texts(const std::vector<Labels*>& all) {
  std::vector<std::string> texts;
  for (Labels* labels : all) {
    if (labels->texts.empty()) {
      for (Index& value : labels->values) {
        const std::string text = str(value);
        const auto found = std::find(labels->texts.begin(), labels->texts.end(), text);
        value = found - labels->texts.begin();
        if (found == labels->texts.end()) labels->texts.push_back(text);
        if (labels->texts.size() > kMostClasses)
          refuse_pictures(labels->name, "has more than ", kMostClasses,
                          " different labels, expected at most so many classes");
      }
    }
    texts.insert(texts.end(), labels->texts.begin(), labels->texts.end());
  }
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  for (Labels* labels : all) {
    for (Index& value : labels->values) {
      const std::string& text = labels->texts[static_cast<std::size_t>(value)];
      value = std::lower_bound(texts.begin(), texts.end(), text) - texts.begin();
    }
  }
  return texts;
}

// The values that occur, sorted; at most one more than there may be classes.
std::vector<Index> values_of(const std::vector<Labels*>& all) {
  std::vector<Index> values;
  for (const Labels* labels : all) {
    for (const Index value : labels->values) {
      const auto place = std::lower_bound(values.begin(), values.end(), value);
      if (place != values.end() && *place == value) continue;
      values.insert(place, value);
      if (values.size() > kMostClasses) return values;
    }
  }
  return values;
}

std::vector<std::string> number_names(const std::vector<Index>& values) {
  std::vector<std::string> names;
  for (const Index value : values) names.push_back(str(value));
  return names;
}

}  // namespace

std::vector<std::string> make_classes(const std::vector<Labels*>& all,
                                      std::vector<std::string> names,
                                      std::vector<std::string>& notes) {
  const std::string& file = all.front()->name;
  const auto check_count = [&](std::size_t classes) {
    if (classes > kMostClasses)
      refuse_pictures(file, "has more than ", kMostClasses,
                      " different labels, expected at most so many classes");
    if (classes < 2)
      refuse_pictures(file, "has one class alone, expected at least two: every label is the same");
  };
  if (std::any_of(all.begin(), all.end(), [](const Labels* l) { return !l->texts.empty(); })) {
    std::vector<std::string> texts = sort_texts(all);
    check_count(texts.size());
    return texts;
  }
  std::vector<Index> values = values_of(all);
  check_count(values.size());
  const Index lowest = values.front();
  const Index highest = values.back();
  const auto most = static_cast<Index>(kMostClasses);
  if (lowest == 0 && highest < most) {
    // Classes that do not occur keep their numbers.
    for (Index i = 0; i <= highest; ++i) {
      if (!std::binary_search(values.begin(), values.end(), i))
        values.insert(values.begin() + static_cast<std::ptrdiff_t>(i), i);
    }
  } else if (lowest == 1 && highest <= most) {
    values.clear();
    for (Index i = 1; i <= highest; ++i) values.push_back(i);
    for (Labels* labels : all) {
      for (Index& value : labels->values) --value;
    }
    notes.push_back(str("The labels start at 1: they are ", highest, " classes."));
  } else {
    for (Labels* labels : all) {
      for (Index& value : labels->values)
        value = std::lower_bound(values.begin(), values.end(), value) - values.begin();
    }
    notes.push_back(str("The labels from ", lowest, " to ", highest, " are ", values.size(),
                        " classes, in their order."));
  }
  if (names.size() >= values.size() && lowest == 0) return names;
  const std::string word = lower(file);
  for (const UsualNames& usual : kUsual) {
    if (word.find(usual.file) != std::string::npos && usual.classes == values.size())
      return split(usual.names);
  }
  // Labels from 1 to 26 are letters; numbers would be the more usual with 0.
  if (lowest == 1 && highest == 26) return split(kLetters);
  return number_names(values);
}

}  // namespace lanegrad
