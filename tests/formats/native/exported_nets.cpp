// Makes trained nets, their files in every format, and our own answers, which the tests in
// tests/formats compare with those of other programs.
//
//   exported_nets catalog FOLDER MNIST COUNT  every net of the catalog, trained on the files in
//                                             MNIST, and its answers for COUNT test digits
//   exported_nets random FOLDER SEED COUNT    nets of random layers
//   exported_nets tails FOLDER                each function alone, far from 0
//
// FOLDER gets nets.json, a list of the nets. Each has a folder of its own: what goes in as
// inputs.f32 and, normalized, as normalized.f32, our answers as logits.f32 and probabilities.f32,
// the checkpoint, and for each format a file logits.…, which takes what is normalized and has no
// softmax, and probabilities.…, which has both.
#include <cmath>
#include <filesystem>
#include <iostream>

#include "engine/cli/files.h"
#include "engine/cli/mnist_files.h"
#include "engine/core/number.h"
#include "engine/io/formats.h"
#include "engine/io/json.h"
#include "engine/lanegrad.h"
#include "engine/nets/model_file.h"
#include "tests/engine/nets/random_nets.h"

namespace lanegrad::exported {

namespace {

void write(const std::string& path, std::span<const Real> numbers) {
  cli::write_file(
      path, {reinterpret_cast<const std::uint8_t*>(numbers.data()), numbers.size() * sizeof(Real)});
}

std::span<const Real> numbers_of(const NdArray& array) {
  return {array.data(), static_cast<std::size_t>(array.size())};
}

std::string json(std::string_view text) {
  std::string out;
  append_json(out, text);
  return out;
}

class Nets {
 public:
  explicit Nets(std::string folder) : folder_(std::move(folder)) {}

  std::string make_folder(const std::string& name) const {
    std::filesystem::create_directories(folder_ + "/" + name);
    return folder_ + "/" + name + "/";
  }

  // Writes the files of a net and its row of the list. Of what is exported all but the answers is
  // known to the model.
  void add(const std::string& name, const Model& model, Index count) {
    const std::string folder = make_folder(name);
    std::string refused;
    for (const Format& format : formats()) {
      try {
        write_files(folder, format, model, {.stem = "logits", .normalization = false});
        write_files(folder, format, model, {.stem = "probabilities", .softmax = true});
      } catch (const Error& error) {
        if (error.code() != ErrorCode::Unsupported) throw;
        refused += str(refused.empty() ? "" : ",", json(format.name), ":", json(error.what()));
      }
    }
    list_ += str(list_.empty() ? "" : ",\n", "{\"name\":", json(name), ",\"net\":", json(model.net),
                 ",\"sample\":", model.sample, ",\"outputs\":", model.outputs, ",\"count\":", count,
                 ",\"refused\":{", refused, "}}");
  }

  void save() const {
    const std::string text = "[" + list_ + "]\n";
    cli::write_file(folder_ + "/nets.json",
                    {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  }

 private:
  static void write_files(const std::string& folder, const Format& format, const Model& model,
                          const ExportOptions& options) {
    for (const ExportedFile& file : format.write(model, options)) {
      cli::write_file(folder + file.name, file.bytes);
    }
  }

  std::string folder_;
  std::string list_;
};

void add_trained(Nets& nets, const std::string& name, Training& training, const Model& model,
                 const NdArray& raw, const NdArray& normalized) {
  const std::string folder = nets.make_folder(name);
  Trainer& trainer = *training.trainer;
  cli::write_file(folder + "checkpoint.safetensors", save_checkpoint(training));
  write(folder + "inputs.f32", numbers_of(raw));
  write(folder + "normalized.f32", numbers_of(normalized));
  // The trainer of random nets takes what is normalized, that of pictures normalizes.
  const bool prepares = training.normalization.deviation != 1;
  const NdArray& x = prepares ? raw : normalized;
  write(folder + "logits.f32", numbers_of(trainer.predict(x)));
  write(folder + "probabilities.f32", numbers_of(trainer.probabilities(x)));
  nets.add(name, model, raw.shape()[0]);
}

NdArray normalized(const NdArray& x, const PerChannel& mean, const PerChannel& deviation) {
  NdArray out = NdArray::uninitialized(x.shape());
  const Index plane = x.rank() == 4 ? x.shape()[2] * x.shape()[3] : x.size();
  for (Index i = 0; i < x.size(); ++i) {
    const Index channel = i / plane % mean.count();
    out.mutable_data()[i] = static_cast<Real>((x.data()[i] - mean[channel]) / deviation[channel]);
  }
  return out;
}

void write_catalog(Nets& nets, const std::string& mnist, Index count) {
  const cli::MnistFiles files = cli::read_mnist(mnist);
  NdArray digits = NdArray::uninitialized({count, 1, 28, 28});
  for (Index i = 0; i < digits.size(); ++i) {
    const auto byte = files.test->pixels[static_cast<std::size_t>(i)];
    digits.mutable_data()[i] = static_cast<Real>(byte) / 255;
  }
  for (const CatalogEntry& entry : catalog()) {
    Recipe recipe = recipe_for(entry.name);
    recipe.normalize = true;
    Training training = make_training(recipe, files.train, nullptr);
    constexpr int kSteps = 100;
    for (int i = 0; i < kSteps; ++i) training.trainer->step();
    const Model model = read_model(save_checkpoint(training));
    add_trained(nets, std::string(entry.name), training, model, digits,
                normalized(digits, model.mean, model.deviation));
  }
}

bool add_random(Nets& nets, const std::string& name, std::uint64_t seed) {
  Random random(seed);
  const auto side = [&] { return 3 + static_cast<Index>(random.below(8)); };
  const Shape sample = random.below(4) ? Shape{1 + random.below(3), side(), side()} : Shape{side()};
  const auto net = test::random_net(random, sample);
  if (!net) return false;
  const auto& [text, outputs] = *net;
  std::vector<Index> extents{24};
  for (const Index extent : sample.extents()) extents.push_back(extent);
  NdArray inputs = NdArray::uninitialized(Shape(extents));
  for (Index i = 0; i < inputs.size(); ++i) {
    inputs.mutable_data()[i] = static_cast<Real>(random.normal());
  }
  IndexArray labels({24});
  for (Index i = 0; i < 24; ++i) {
    labels.mutable_data()[i] =
        static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(outputs)));
  }
  Recipe recipe;
  recipe.net = text;
  recipe.batch_size = 8;
  recipe.seed = seed;
  recipe.optimizer_options.learning_rate = 0.02;
  if (random.below(3) == 0) recipe.averaging = 0.9;
  try {
    Training training = make_training(
        recipe, {.train = std::make_shared<ArrayLoader>(inputs, labels, outputs, 8, seed)});
    for (int i = 0; i < 6; ++i) training.trainer->step();
    Model model = read_model(save_checkpoint(training));
    const bool colour = sample.rank() == 3 && sample[0] == PerChannel::kMost;
    if (colour) model.mean = model.deviation = PerChannel(sample[0], 0);
    for (double& mean : model.mean.values()) mean = random.uniform(-1, 1);
    for (double& deviation : model.deviation.values()) deviation = random.uniform(0.2, 3);
    add_trained(nets, name, training, model, inputs,
                normalized(inputs, model.mean, model.deviation));
  } catch (const Error& error) {
    // Batches of BatchNorm with one value per channel, and steps that diverge.
    if (error.code() != ErrorCode::InvalidArgument && error.code() != ErrorCode::Diverged) throw;
    return false;
  }
  return true;
}

// What each function gives from −100 to 100, computed in double.
void write_tails(Nets& nets) {
  constexpr std::pair<const char*, double (*)(double)> kFunctions[] = {
      {"sigmoid", [](double x) { return 1 / (1 + std::exp(-x)); }},
      {"silu", [](double x) { return x / (1 + std::exp(-x)); }},
      {"gelu", [](double x) { return x * std::erfc(-x * std::sqrt(0.5)) / 2; }},
      {"softplus", [](double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))); }},
      {"tanh", [](double x) { return std::tanh(x); }}};
  constexpr Index kCount = 4001;
  NdArray x = NdArray::uninitialized({kCount, 1});
  for (Index i = 0; i < kCount; ++i)
    x.mutable_data()[i] = static_cast<Real>(0.05 * (static_cast<double>(i) - 2000));
  const auto add = [&](const std::string& name, const NdArray& inputs,
                       std::span<const Real> answers) {
    const std::string folder = nets.make_folder(name);
    const Index width = inputs.shape()[1];
    Model model;
    model.net = name;
    model.sample = {width};
    model.outputs = width;
    model.layers = model_layers(name, {.sample = model.sample, .outputs = model.outputs});
    for (const char* file : {"inputs.f32", "normalized.f32"})
      write(folder + file, numbers_of(inputs));
    write(folder + "logits.f32", answers);
    nets.add(name, model, inputs.shape()[0]);
  };
  for (const auto& [name, function] : kFunctions) {
    std::vector<Real> answers;
    for (const Real value : numbers_of(x)) answers.push_back(static_cast<Real>(function(value)));
    add(name, x, answers);
  }
  // Softmax of [x, 0] is [sigmoid(x), sigmoid(−x)].
  NdArray pairs = NdArray::zeros({kCount, 2});
  std::vector<Real> answers;
  for (Index i = 0; i < kCount; ++i) {
    const double value = pairs.mutable_data()[2 * i] = x.data()[i];
    for (const double y : {value, -value})
      answers.push_back(static_cast<Real>(kFunctions[0].second(y)));
  }
  add("softmax", pairs, answers);
}

int run(const std::vector<std::string>& args) {
  const auto number = [&](std::size_t at) {
    return static_cast<Index>(parse_whole(args.at(at)).value());
  };
  Nets nets(args.at(1));
  if (args[0] == "catalog") {
    write_catalog(nets, args.at(2), number(3));
  } else if (args[0] == "random") {
    std::uint64_t seed = static_cast<std::uint64_t>(number(2)) * 100'000;
    for (Index made = 0; made < number(3); ++seed) made += add_random(nets, str(made), seed);
  } else if (args[0] == "tails") {
    write_tails(nets);
  } else {
    return 2;
  }
  nets.save();
  return 0;
}

}  // namespace

}  // namespace lanegrad::exported

int main(int argc, char** argv) {
  try {
    return lanegrad::exported::run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << "exported_nets: " << error.what() << "\n";
    return 1;
  }
}
