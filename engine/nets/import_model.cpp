// The file's arrays and the net's are both put together to modules as PyTorch has them, which are
// then paired.
#include "engine/nets/import_model.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/error.h"
#include "engine/io/safetensors.h"
#include "engine/io/state_dict.h"
#include "engine/io/weights_file.h"
#include "engine/nets/model_file.h"
#include "engine/nets/net_reader.h"

namespace lanegrad {

namespace {

constexpr std::string_view kRoles[] = {"weight", "bias", "running_mean", "running_var"};
constexpr std::size_t kRoleCount = std::size(kRoles);

// A layer with its arrays, as PyTorch's state_dict has it.
struct Module {
  std::string name;
  // The arrays in the order of kRoles; null where there is none.
  const ModelTensor* arrays[kRoleCount] = {};

  bool is_norm() const { return arrays[2] && arrays[3]; }
  // What has to be the same for a module of the file to fit one of the net. The weight and bias of
  // a BatchNorm may be missing.
  bool fits(const Module& other) const {
    if (is_norm() != other.is_norm()) return false;
    for (std::size_t i = is_norm() ? 2 : 0; i < kRoleCount; ++i) {
      if ((arrays[i] == nullptr) != (other.arrays[i] == nullptr)) return false;
      if (arrays[i] && !(arrays[i]->shape == other.arrays[i]->shape)) return false;
    }
    if (!is_norm()) return true;
    return std::all_of(arrays, arrays + 2, [&](const ModelTensor* array) {
      return !array || array->shape == arrays[2]->shape;
    });
  }
  int kind() const { return is_norm() ? 1 : arrays[0] ? arrays[0]->shape.rank() : 0; }
};

struct Named {
  std::string_view name;
  std::string text() const { return str("'", name.substr(0, 80), "'"); }
};

// Sentences on what does not fit.
class Complaints {
 public:
  template <class... Pieces>
  void add(const Pieces&... pieces) {
    constexpr std::size_t kMost = 20;
    if (++count_ <= kMost) text_ += str(text_.empty() ? "" : "; ", pieces...);
    if (count_ == kMost + 1) text_ += "; and more";
  }
  std::size_t count() const { return count_; }
  const std::string& text() const { return text_; }

 private:
  std::size_t count_ = 0;
  std::string text_;
};

// What a name of the file is without what wrappers put in front of all names.
std::size_t prefix_of(const std::vector<ModelTensor>& tensors) {
  std::size_t length = 0;
  for (bool more = !tensors.empty(); more;) {
    more = false;
    // DataParallel and AveragedModel, and torch.compile.
    for (const std::string_view prefix : {"module.", "_orig_mod."}) {
      const bool all = std::all_of(tensors.begin(), tensors.end(), [&](const ModelTensor& tensor) {
        return std::string_view(tensor.name)
            .substr(std::min(length, tensor.name.size()))
            .starts_with(prefix);
      });
      if (!all) continue;
      length += prefix.size();
      more = true;
    }
  }
  return length;
}

std::vector<Module> modules_of(const std::vector<ModelTensor>& tensors, Complaints* complaints) {
  std::vector<Module> modules;
  const std::size_t prefix = prefix_of(tensors);
  for (const ModelTensor& tensor : tensors) {
    const std::string_view name = std::string_view(tensor.name).substr(prefix);
    const std::size_t dot = name.rfind('.');
    const std::string_view role = name.substr(dot == std::string_view::npos ? 0 : dot + 1);
    const std::string_view owner = name.substr(0, dot == std::string_view::npos ? 0 : dot);
    const std::size_t place =
        static_cast<std::size_t>(std::find(kRoles, kRoles + kRoleCount, role) - kRoles);
    if (place == kRoleCount) {
      if (complaints)
        complaints->add(Named{tensor.name}, " of ", tensor.shape,
                        ", expected a name that ends in weight, bias, running_mean or running_var");
      continue;
    }
    auto found = std::find_if(modules.begin(), modules.end(),
                              [&](const Module& module) { return module.name == owner; });
    if (found == modules.end()) found = modules.insert(found, {.name = std::string(owner)});
    found->arrays[place] = &tensor;
  }
  return modules;
}

// Compares names by their pieces, numbers as numbers: layer2 before layer10.
struct Pieces {
  explicit Pieces(std::string_view name) {
    for (std::size_t i = 0; i < name.size();) {
      const auto is_digit = [&](std::size_t k) { return name[k] >= '0' && name[k] <= '9'; };
      const std::size_t begin = i;
      while (i < name.size() && is_digit(i) == is_digit(begin)) ++i;
      const std::string_view piece = name.substr(begin, i - begin);
      if (!is_digit(begin)) {
        words += piece;
        continue;
      }
      words += '#';
      numbers.push_back(parse_whole(piece).value_or(~std::uint64_t{0}));
    }
  }
  // The name with "#" in place of each number.
  std::string words;
  std::vector<std::uint64_t> numbers;
};

struct Pair {
  const Module* from;
  const Module* to;
};

// Pairs modules of equal shapes in their order, which `complaints` has to say cannot be known.
void pair_equals(std::vector<const Module*> from, const std::vector<const Module*>& to,
                 bool ordered, std::vector<Pair>& pairs, Complaints& complaints) {
  if (!ordered && from.size() > 1) {
    const std::string words = Pieces(from[0]->name).words;
    for (const Module* module : from) {
      if (Pieces(module->name).words == words) continue;
      complaints.add("the file does not say whether ", Named{from[0]->name}, " or ",
                     Named{module->name}, ", which have the same shapes, comes first, expected ",
                     "names that differ in a number, or names as in the net: ", to[0]->name);
      return;
    }
    std::stable_sort(from.begin(), from.end(), [](const Module* a, const Module* b) {
      return Pieces(a->name).numbers < Pieces(b->name).numbers;
    });
  }
  for (std::size_t i = 0; i < from.size(); ++i) pairs.push_back({from[i], to[i]});
}

// Says of two modules that shall be one where they differ.
void compare(const Module& from, const Module& to, Complaints& complaints) {
  for (std::size_t i = 0; i < kRoleCount; ++i) {
    const ModelTensor* have = from.arrays[i];
    const ModelTensor* need = to.arrays[i];
    if (have && need && !(have->shape == need->shape)) {
      complaints.add(Named{have->name}, " of ", have->shape, ", expected ", need->shape, " for ",
                     need->name);
    } else if (have && !need) {
      complaints.add(Named{have->name}, " of ", have->shape, ", expected none, since ", to.name,
                     " has no ", kRoles[i]);
    } else if (need && !have && !(to.is_norm() && i < 2)) {
      complaints.add("no ", kRoles[i], " of ", Named{from.name}, ", expected ", need->shape,
                     " for ", need->name);
    }
  }
}

void complain_of_rest(const std::vector<const Module*>& from, std::vector<const Module*> to,
                      Complaints& complaints) {
  for (const Module* module : from) {
    const auto like = std::find_if(
        to.begin(), to.end(), [&](const Module* other) { return other->kind() == module->kind(); });
    if (like != to.end()) {
      compare(*module, **like, complaints);
      to.erase(like);
      continue;
    }
    for (const ModelTensor* array : module->arrays) {
      if (array) complaints.add(Named{array->name}, " of ", array->shape, ", expected none");
    }
  }
  for (const Module* module : to) {
    for (const ModelTensor* array : module->arrays) {
      if (array) complaints.add("nothing for ", array->name, " of ", array->shape);
    }
  }
}

std::vector<Pair> pair_modules(const std::vector<Module>& from, const std::vector<Module>& to,
                               bool ordered, Complaints& complaints) {
  std::vector<Pair> pairs;
  const auto named = [&](const std::string& name) {
    return std::find_if(to.begin(), to.end(),
                        [&](const Module& module) { return module.name == name; });
  };
  const bool ours = std::all_of(from.begin(), from.end(), [&](const Module& module) {
    return named(module.name) != to.end();
  });
  std::vector<const Module*> left;
  std::vector<const Module*> open;
  for (const Module& module : to) open.push_back(&module);
  for (const Module& module : from) {
    if (!ours) {
      left.push_back(&module);
      continue;
    }
    const Module& same = *named(module.name);
    std::erase(open, &same);
    if (!module.fits(same)) compare(module, same, complaints);
    pairs.push_back({&module, &same});
  }
  while (!left.empty() && !open.empty()) {
    // The modules that are like the first one, on both sides.
    const Module& first = *left[0];
    const auto like = [&](const Module* module) { return module->fits(first); };
    std::vector<const Module*> these;
    std::vector<const Module*> those;
    std::copy_if(left.begin(), left.end(), std::back_inserter(these), like);
    std::copy_if(open.begin(), open.end(), std::back_inserter(those), like);
    if (these.empty() || these.size() != those.size()) break;
    pair_equals(these, those, ordered, pairs, complaints);
    std::erase_if(left, [&](const Module* m) {
      return std::find(these.begin(), these.end(), m) != these.end();
    });
    std::erase_if(open, [&](const Module* m) {
      return std::find(those.begin(), those.end(), m) != those.end();
    });
  }
  complain_of_rest(left, open, complaints);
  return pairs;
}

// The model that the net would be with these shapes, its arrays still empty.
Model plan(std::string_view net, const Shape& sample, Index outputs) {
  Model model;
  model.net = net_text(net);
  model.sample = sample;
  model.layers = model_layers(net, {.sample = sample, .outputs = outputs});
  model.outputs = model.layers.back().output.size();
  return model;
}

// The arrays that PyTorch would have for those of the model, without their numbers.
std::vector<ModelTensor> places_of(const Model& model) {
  std::vector<ModelTensor> places;
  std::string dense;
  for (const ModelLayer& layer : model.layers) {
    if (layer.kind == "Dense") dense = layer.name;
    for (const TensorPlace& place : tensors_of(layer)) {
      places.push_back({.name = place.name, .shape = place.shape, .values = {}});
      if (layer.kind == "Dense") places.back().shape = {place.shape[1], place.shape[0]};
      if (layer.kind == "Bias") places.back().name = dense + ".bias";
    }
  }
  return places;
}

// Copies a module's numbers to where the model has them.
class Filler {
 public:
  Filler(std::string_view file, const std::vector<Pair>& pairs) : file_(file), pairs_(pairs) {}

  void fill(Model& model) const {
    std::string dense;
    for (const ModelLayer& layer : model.layers) {
      if (layer.kind == "Dense") dense = layer.name;
      const Module* from = find(layer.kind == "Bias" ? dense : layer.name);
      for (const TensorPlace& place : tensors_of(layer)) {
        const std::string_view role =
            std::string_view(place.name).substr(place.name.rfind('.') + 1);
        const auto at =
            static_cast<std::size_t>(std::find(kRoles, kRoles + kRoleCount, role) - kRoles);
        const ModelTensor* array = from ? from->arrays[at] : nullptr;
        ModelTensor tensor{.name = place.name, .shape = place.shape, .values = {}};
        if (array) {
          check(*array, at);
          tensor.values = layer.kind == "Dense" ? turned(*array) : array->values;
        } else {
          tensor.values.assign(static_cast<std::size_t>(place.shape.size()),
                               at == 0 ? Real{1} : Real{0});
        }
        model.tensors.push_back(std::move(tensor));
      }
    }
  }

 private:
  const Module* find(std::string_view name) const {
    for (const Pair& pair : pairs_) {
      if (pair.to->name == name) return pair.from;
    }
    return nullptr;
  }

  void check(const ModelTensor& array, std::size_t role) const {
    for (const Real value : array.values) {
      if (!std::isfinite(value))
        fail(ErrorCode::CorruptData, "import: ", Named{array.name}, " of ", file_, " holds ", value,
             ", expected finite numbers");
      if (role == 3 && !(static_cast<double>(value) > -Model::kEpsilon))
        fail(ErrorCode::CorruptData, "import: ", Named{array.name}, " of ", file_, " holds ", value,
             ", expected variances of at least 0");
    }
  }

  static std::vector<Real> turned(const ModelTensor& matrix) {
    const auto rows = static_cast<std::size_t>(matrix.shape[0]);
    const auto columns = static_cast<std::size_t>(matrix.shape[1]);
    std::vector<Real> values(matrix.values.size());
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t j = 0; j < columns; ++j)
        values[j * rows + i] = matrix.values[i * columns + j];
    }
    return values;
  }

  std::string_view file_;
  const std::vector<Pair>& pairs_;
};

// What the net's text leaves open and the file's matrices could mean.
std::vector<Index> extents_of(const std::vector<Module>& modules, int axis) {
  constexpr std::size_t kMost = 16;
  std::vector<Index> extents;
  for (auto module = modules.rbegin(); module != modules.rend(); ++module) {
    if (module->kind() != 2 || extents.size() == kMost) continue;
    const Index extent = module->arrays[0]->shape[axis];
    if (extent >= 1 && std::find(extents.begin(), extents.end(), extent) == extents.end())
      extents.push_back(extent);
  }
  return extents;
}

bool says_classes(std::string_view net, const Shape& sample) {
  const NetInput input{.sample = sample, .outputs = 1};
  const auto layers = net_words::Reader(net, input, true).read();
  return std::any_of(layers.begin(), layers.end(), [](const auto& layer) { return layer.classes; });
}

Model import_file(const WeightsFile& file, std::string_view name, std::string_view net,
                  const Shape& sample, Index outputs) {
  constexpr std::size_t kMostModules = 1000;
  Complaints unknown;
  const std::vector<Module> modules = modules_of(file.tensors, &unknown);
  if (modules.size() > kMostModules)
    fail(ErrorCode::Unsupported, "import: ", name, " has more than ", kMostModules,
         " layers with weights, expected at most so many");
  std::vector<Shape> samples{sample};
  if (sample.rank() == 0) {
    samples.clear();
    const bool images = std::any_of(modules.begin(), modules.end(),
                                    [](const Module& module) { return module.kind() == 4; });
    if (!images) {
      for (const Index extent : extents_of(modules, 1)) samples.push_back({extent});
    }
    if (samples.empty())
      fail(ErrorCode::InvalidArgument, "import: ", name,
           " does not say how large its images are, expected the shape of a sample");
  }
  std::optional<Complaints> fewest;
  for (const Shape& one : samples) {
    std::vector<Index> counts{std::max<Index>(outputs, 1)};
    if (outputs == 0 && says_classes(net, one)) {
      counts = extents_of(modules, 0);
      if (counts.empty()) counts.push_back(1);
    }
    for (const Index count : counts) {
      Model model = plan(net, one, count);
      const std::vector<ModelTensor> places = places_of(model);
      const std::vector<Module> targets = modules_of(places, nullptr);
      Complaints complaints = unknown;
      const std::vector<Pair> pairs = pair_modules(modules, targets, file.ordered, complaints);
      if (complaints.count() == 0) {
        Filler(name, pairs).fill(model);
        return model;
      }
      if (!fewest || complaints.count() < fewest->count()) fewest = complaints;
    }
  }
  fail(ErrorCode::ShapeMismatch, "import: ", name, " does not fit the net ", net.substr(0, 200),
       ": ", fewest->text());
}

bool is_checkpoint(std::span<const std::uint8_t> bytes) {
  constexpr std::size_t kHeaderLength = 8;
  if (bytes.size() <= kHeaderLength || bytes[kHeaderLength] != '{') return false;
  const SafetensorsHeader header = read_safetensors(SpanSource(bytes));
  return header.text("version") && header.text("net") && header.text("data");
}

}  // namespace

Model import_model(std::span<const std::uint8_t> bytes, std::string_view name,
                   const ImportOptions& options) {
  const std::string called(name.empty() ? "the file" : name.substr(0, 200));
  WeightsFile file;
  if (is_checkpoint(bytes)) {
    Model model = read_model(bytes);
    if (options.net.empty() || net_text(options.net) == model.net) return model;
    file = {.tensors = state_dict(model), .ordered = true, .sample = model.sample};
    file.mean = model.mean;
    file.deviation = model.deviation;
    file.class_names = model.class_names;
  } else {
    file = read_weights(bytes, name, options.sample);
  }
  if (options.net.empty() && file.net.empty())
    fail(ErrorCode::InvalidArgument, "import: ", called,
         " holds weights and does not say what stands between them, expected the net's text, like "
         "'dense 128, relu, dense classes'");
  const std::string net(options.net.empty() ? std::string_view(file.net) : options.net);
  const Shape& sample =
      options.net.empty() || options.sample.rank() == 0 ? file.sample : options.sample;
  Model model = import_file(file, called, net, sample, options.net.empty() ? 0 : options.outputs);
  for (Index c = 0; c < file.mean.count(); ++c) {
    if (!std::isfinite(file.mean[c]) || !std::isfinite(file.deviation[c]) ||
        !(file.deviation[c] > 0))
      fail(ErrorCode::CorruptData, "import: ", called, " normalizes by a mean of ", file.mean,
           " and a deviation of ", file.deviation, ", expected finite numbers above 0");
  }
  model.mean = file.mean;
  model.deviation = file.deviation;
  if (static_cast<Index>(file.class_names.size()) == model.outputs)
    model.class_names = std::move(file.class_names);
  return model;
}

}  // namespace lanegrad
