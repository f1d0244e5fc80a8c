// Labels go with pictures of the same count, and of those with the same side in their names.
#include "engine/io/picture_pairs.h"

#include <algorithm>

namespace lanegrad {

namespace {

// "a, b and c" without ado: names with commas between them.
template <class List, class Name>
std::string names_of(const List& list, Name&& name) {
  std::string out;
  for (const auto& item : list) out += str(out.empty() ? "" : ", ", name(item));
  return out;
}

int likeness(const Numbers& images, const Labels& labels) {
  const bool same_side = images.side != Side::Unknown && images.side == labels.side;
  const bool other_side =
      images.side != Side::Unknown && labels.side != Side::Unknown && !same_side;
  const bool same_count = images.count() == static_cast<Index>(labels.values.size());
  return (same_count ? 4 : 0) + (same_side ? 2 : 0) + (other_side ? 0 : 1);
}

// Pairs the two that are most alike until nothing is alike; several that are equally so need names.
void pair_loose(std::vector<Numbers>& images, std::vector<Labels>& labels,
                std::vector<PicturePair>& pairs) {
  constexpr int kAlike = 3;  // the same side, or the same count
  while (!images.empty() && !labels.empty()) {
    int best = -1;
    std::size_t image = 0;
    std::size_t label = 0;
    for (std::size_t i = 0; i < images.size(); ++i) {
      for (std::size_t l = 0; l < labels.size(); ++l) {
        const int found = likeness(images[i], labels[l]);
        if (found <= best) continue;
        best = found;
        image = i;
        label = l;
      }
    }
    // A single pair belongs together whatever its counts, and is refused for them.
    if (best < kAlike && !(images.size() == 1 && labels.size() == 1 && pairs.empty())) return;
    const auto equally = std::count_if(labels.begin(), labels.end(), [&](const Labels& other) {
      return likeness(images[image], other) == best;
    });
    if (equally > 1)
      refuse_pictures(names_of(images, [](const Numbers& n) { return n.name; }), "have ",
                      images[image].count(),
                      " pictures each, expected “train” and “test” in the names of all files, to "
                      "tell them apart");
    pairs.push_back({std::move(images[image]), std::move(labels[label])});
    images.erase(images.begin() + static_cast<std::ptrdiff_t>(image));
    labels.erase(labels.begin() + static_cast<std::ptrdiff_t>(label));
  }
}

Side side_of(const PicturePair& pair) {
  return pair.images.side == Side::Unknown ? pair.labels.side : pair.images.side;
}

// Which of the pairs are for the test: what names say, else, of two, the smaller one.
std::vector<Side> sides_of(const std::vector<PicturePair>& pairs) {
  std::vector<Side> sides;
  for (const PicturePair& pair : pairs) sides.push_back(side_of(pair));
  const auto unknown = std::count(sides.begin(), sides.end(), Side::Unknown);
  const bool test = std::count(sides.begin(), sides.end(), Side::Test) > 0;
  Side otherwise = Side::Train;
  if (pairs.size() == 2 && unknown == 2) {
    const Index first = pairs[0].images.count();
    const Index second = pairs[1].images.count();
    if (first == second)
      refuse_pictures(str(pairs[0].images.name, ", ", pairs[1].images.name), "have ", first,
                      " pictures each, expected “train” and “test” in the names of all files, to "
                      "tell them apart");
    sides[first < second ? 0 : 1] = Side::Test;
  } else if (pairs.size() == 2 && unknown == 1 && !test) {
    otherwise = Side::Test;
  }
  std::replace(sides.begin(), sides.end(), Side::Unknown, otherwise);
  return sides;
}

}  // namespace

PicturePairs pair_pictures(std::vector<PicturePart> parts, std::vector<std::string>& notes) {
  std::vector<PicturePair> pairs;
  std::vector<Numbers> images;
  std::vector<Labels> labels;
  for (PicturePart& part : parts) {
    if (part.images && part.labels) {
      pairs.push_back({std::move(*part.images), std::move(*part.labels)});
    } else if (part.images) {
      images.push_back(std::move(*part.images));
    } else if (part.labels) {
      labels.push_back(std::move(*part.labels));
    }
  }
  pair_loose(images, labels, pairs);
  const std::string pictures = names_of(images, [](const Numbers& n) { return n.name; });
  if (!labels.empty())
    refuse_pictures(names_of(labels, [](const Labels& l) { return l.name; }),
                    labels.size() == 1 ? "has" : "have", " labels, expected the pictures for them ",
                    images.empty() ? "in another file" : "beside those of ",
                    std::string_view(pictures));
  if (pairs.empty())
    refuse_pictures(pictures, images.size() == 1 ? "has" : "have",
                    " pictures without labels, expected labels in another file, column or array");
  for (const PicturePair& pair : pairs) {
    const auto count = static_cast<Index>(pair.labels.values.size());
    if (pair.images.count() != count)
      refuse_pictures(pair.labels.name, "has ", count, " labels for the ", pair.images.count(),
                      " pictures of ", pair.images.name, ", expected one for each");
    if (count == 0) refuse_pictures(pair.images.name, "has no pictures, expected some");
  }
  PicturePairs sorted{.unlabeled = std::move(images)};
  const std::vector<Side> sides = sides_of(pairs);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    (sides[i] == Side::Test ? sorted.test : sorted.train).push_back(std::move(pairs[i]));
  }
  if (sorted.train.empty()) {
    std::swap(sorted.train, sorted.test);
    notes.emplace_back("Only pictures for a test came along: they are learned.");
  }
  return sorted;
}

}  // namespace lanegrad
