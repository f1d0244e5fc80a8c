// Trainings on images in colour, their checkpoints, and what other files say of them.
#include <string>

#include "engine/nets/import_model.h"
#include "engine/nets/model_file.h"
#include "engine/nets/predictor.h"
#include "engine/training/hand_over.h"
#include "engine/training/weights.h"
#include "tests/engine/training/checkpoints.h"

namespace lanegrad::test {

namespace {

// Noise in which the channel that is brightest is the class.
std::shared_ptr<const ImageSet> colours(Index count, std::uint64_t seed) {
  auto set = std::make_shared<ImageSet>();
  set->count = count;
  set->channels = 3;
  set->height = 6;
  set->width = 5;
  set->classes = 3;
  Random random(seed);
  for (Index i = 0; i < count; ++i) {
    const auto label = random.below(3);
    for (std::uint32_t pixel = 0; pixel < 90; ++pixel) {
      const bool bright = pixel / 30 == label;
      set->pixels.push_back(
          static_cast<std::uint8_t>(20 * (pixel / 30) + random.below(100) + (bright ? 100 : 0)));
    }
    set->labels.push_back(static_cast<std::uint8_t>(label));
  }
  return set;
}

const std::shared_ptr<const ImageSet> kColours = colours(60, 1);
const std::shared_ptr<const ImageSet> kOthers = colours(30, 2);

Training colour_training(const Settings& settings = {}) {
  Settings all{{"net", "conv 4 3x3 pad 1, relu, pool 2, dense 8, relu, dense classes"},
               {"normalize", "true"}};
  all.insert(all.end(), settings.begin(), settings.end());
  return make_training(recipe_of(all), kColours, kOthers);
}

NdArray batch_of(const ImageSet& set, Index count) {
  NdArray x = NdArray::uninitialized({count, 3, 6, 5});
  for (Index i = 0; i < x.size(); ++i) {
    x.mutable_data()[i] = static_cast<Real>(set.pixels[static_cast<std::size_t>(i)]) / Real{255};
  }
  return x;
}

Bytes stepped(const Settings& settings = {}) {
  const Training training = colour_training(settings);
  for (int i = 0; i < 4; ++i) training.trainer->step();
  return save_checkpoint(training);
}

std::string text_of(const ExportedFile& file) { return {file.bytes.begin(), file.bytes.end()}; }

}  // namespace

TEST_CASE("a net learns colours", "[training][colour]") {
  Training training = colour_training({{"validation", "9"},
                                       {"shift", "1"},
                                       {"rotation", "10"},
                                       {"learning-rate", "0.01"},
                                       {"epochs", "20"}});
  CHECK(training.normalization.mean.count() == 3);
  std::vector<double> log;
  // Four steps and the end of an epoch, twenty times.
  for (int i = 0; i < 100; ++i) advance(training, log);
  CHECK(training.trainer->evaluate().accuracy() > 0.9);
}

TEST_CASE("a training in colour goes on from its checkpoint with the same bits",
          "[checkpoint][colour]") {
  const Settings settings{{"validation", "9"}, {"shear", "5"}, {"averaging", "0.9"}};
  Training whole = colour_training(settings);
  std::vector<double> log;
  for (int i = 0; i < 7; ++i) advance(whole, log);
  const Bytes checkpoint = save_checkpoint(whole);
  const Safetensors content = parse_safetensors(checkpoint);
  for (const auto* name : {"normalization.mean", "normalization.deviation"}) {
    const StateView* entry = content.tensor(name);
    REQUIRE(entry);
    CHECK(entry->shape == Shape{3});
    CHECK(entry->dtype == "F64");
  }
  CHECK(content.text("data")->find("shape [3, 6, 5]") != std::string::npos);
  Training rest = load_checkpoint(checkpoint, kColours, kOthers);
  CHECK(rest.normalization.mean == whole.normalization.mean);
  CHECK((save_checkpoint(rest) == checkpoint));
  std::vector<double> ours, theirs;
  for (int i = 0; i < 9; ++i) {
    advance(whole, ours);
    advance(rest, theirs);
  }
  CHECK(ours == theirs);
  CHECK((save_checkpoint(rest) == save_checkpoint(whole)));

  // A file whose numbers are not those of the data, or of another shape, is refused.
  const auto refused = [&](const std::function<void(Safetensors&)>& edit) {
    const Bytes broken = edited(checkpoint, edit);
    return error_of([&] { load_checkpoint(broken, kColours, kOthers); });
  };
  const double three[] = {0.5, 0.5, 0.5};
  const auto put = [&](const Shape& shape) {
    return [&three, shape](Safetensors& file) {
      StateView& entry = entry_of(file, "normalization.mean");
      entry.shape = shape;
      entry.bytes = {reinterpret_cast<const std::uint8_t*>(three),
                     static_cast<std::size_t>(shape.size()) * sizeof(double)};
    };
  };
  CHECK(
      refused(put({3})).starts_with("CorruptData: checkpoint: tensor 'normalization.mean' holds "
                                    "[0.5, 0.5, 0.5], expected [0."));
  CHECK(refused(put({})) ==
        "CorruptData: checkpoint: tensor 'normalization.mean' of F64 [], "
        "expected F64 [3]");
  const Bytes broken = edited(checkpoint, put({2}));
  CHECK(error_of([&] { read_model(broken); }) ==
        "CorruptData: checkpoint: tensor 'normalization.mean' of F64 [2], expected F64 [] or [3]");
  // One number stands for three.
  CHECK(read_model(edited(checkpoint, put({}))).mean ==
        read_model(edited(checkpoint, put({3}))).mean);
}

TEST_CASE("a file of a net in colour answers with the bits of its trainer", "[predictor][colour]") {
  for (const char* net : {"conv 4 3x3 pad 1, relu, pool 2, dense classes", "mlp",
                          "conv 3 3x3, batchnorm, relu, globalpool, dense classes"}) {
    for (const char* normalize : {"true", "false"}) {
      CAPTURE(net, normalize);
      const Training training = colour_training({{"net", net}, {"normalize", normalize}});
      for (int i = 0; i < 3; ++i) training.trainer->step();
      const Model model = read_model(save_checkpoint(training));
      CHECK(model.sample == Shape{3, 6, 5});
      CHECK(model.mean == training.normalization.mean);
      const Predictor predictor(model);
      const NdArray x = batch_of(*kOthers, 20);
      CHECK(values(predictor.predict(x)) == values(training.trainer->predict(x)));
      const NdArray answers = predictor.predict(std::span(kOthers->pixels).first(20 * 90));
      CHECK(relative_error(answers, predictor.predict(x), 0.1) < 1e-5);
      CHECK(read_model(write_model(model)).deviation == model.deviation);
    }
  }
}

TEST_CASE("files of other programs normalize each channel", "[export][colour]") {
  const Bytes checkpoint = stepped();
  const Model model = read_model(checkpoint);
  const NdArray x = batch_of(*kOthers, 12);
  const NdArray expected = Predictor(model).predict(x);

  // ONNX comes back as the same net, with means that are floats.
  const auto onnx = export_model(model, "onnx");
  const Model again = import_model(onnx[0].bytes, "net.onnx", {});
  CHECK(again.sample == model.sample);
  REQUIRE(again.mean.count() == 3);
  for (Index c = 0; c < 3; ++c) {
    CHECK(again.mean[c] == Approx(model.mean[c]).epsilon(1e-6));
    CHECK(again.deviation[c] == Approx(model.deviation[c]).epsilon(1e-6));
  }
  CHECK(relative_error(Predictor(again).predict(x), expected, 0.1) < 1e-5);

  const auto tfjs = export_model(model, "tfjs");
  const std::string json = text_of(tfjs[0]);
  CHECK(json.find("\"batch_input_shape\":[null,6,5,3]") != std::string::npos);
  std::vector<Real> statistics(6);
  std::memcpy(statistics.data(), tfjs[1].bytes.data(), 6 * sizeof(Real));
  for (Index c = 0; c < 3; ++c) {
    const auto at = static_cast<std::size_t>(c);
    CHECK(statistics[at] == static_cast<Real>(model.mean[c]));
    CHECK(statistics[3 + at] == static_cast<Real>(model.deviation[c] * model.deviation[c]));
  }
  // Kernels come before dense weights, with channels behind height and width.
  CHECK(json.find("{\"name\":\"conv1/kernel\",\"shape\":[3,3,3,4]") != std::string::npos);

  const auto pytorch = export_model(model, "safetensors");
  const std::string program = text_of(pytorch[1]);
  CHECK(program.find("MEAN = torch.tensor([0.") != std::string::npos);
  CHECK(program.find("x = (x - MEAN.to(x)) / DEVIATION.to(x)\n") != std::string::npos);
  CHECK(program.find("SAMPLE = (3, 6, 5)\n") != std::string::npos);
  CHECK(parse_safetensors(pytorch[0].bytes).text("mean")->starts_with("[0."));

  const auto outside = export_model(model, "onnx", {.normalization = false});
  const std::string bytes = text_of(outside[0]);
  CHECK(bytes.find(", normalized: (x - [0.") != std::string::npos);
  CHECK(bytes.find(", channel by channel") != std::string::npos);
}

TEST_CASE("a training in colour begins with the answers of a net that normalizes otherwise",
          "[import][colour]") {
  for (const char* net : {"dense 5, relu, dense classes", "conv 2 3x3, relu, dense classes"}) {
    CAPTURE(net);
    const Training from = colour_training({{"net", net}});
    for (int i = 0; i < 9; ++i) from.trainer->step();
    const Model model = read_model(save_checkpoint(from));
    Training other = colour_training({{"net", net}, {"normalize", "false"}});
    load_weights(other, model);
    const NdArray x = batch_of(*kOthers, 10);
    CHECK(relative_error(other.trainer->predict(x), from.trainer->predict(x), 0.1) < 1e-4);
  }
}

TEST_CASE("a training in colour is handed over", "[hand-over][colour]") {
  const std::vector<ExportedFile> files = export_pytorch(stepped({{"shift", "1"}}), "data");
  CHECK(text_of(files[1]).find("\nimport torch\n") != std::string::npos);
  CHECK(text_of(files[1]).find("DEVIATION = torch.tensor([0.") != std::string::npos);
  CHECK(text_of(files[2]).find("images.shape[1:] != (3, 6, 5)") != std::string::npos);
  CHECK(text_of(files[2]).find("[N, 3, 6, 5]") != std::string::npos);
}

}  // namespace lanegrad::test
