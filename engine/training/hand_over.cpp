// Fills the templates with what a checkpoint says of its training. Only its bytes are needed: no
// training is made.
#include "engine/training/hand_over.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "engine/core/error.h"
#include "engine/io/json.h"
#include "engine/io/pytorch.h"
#include "engine/io/safetensors.h"
#include "engine/io/template.h"
#include "engine/nets/model_file.h"
#include "engine/training/hand_over_text.h"

namespace lanegrad {

namespace {

// The settings of a checkpoint as their texts.
class Settings {
 public:
  explicit Settings(const Safetensors& file) : file_(file) {}

  // Empty where the file lacks the setting or it is left out.
  std::string text(std::string_view key) const {
    const std::string* found = file_.text(key);
    return found ? *found : std::string();
  }
  std::string text(std::string_view key, const char* usual) const {
    const std::string found = text(key);
    return found.empty() ? usual : found;
  }
  double number(std::string_view key, const char* usual) const {
    return parse_number(text(key, usual)).value_or(0);
  }
  Index whole(std::string_view key, const char* usual) const {
    return static_cast<Index>(number(key, usual));
  }
  // The text of a number that is above 0, else nothing.
  std::string positive(std::string_view key) const {
    return number(key, "0") > 0 ? text(key) : std::string();
  }

 private:
  const Safetensors& file_;
};

std::string flag(bool set) { return set ? "yes" : ""; }

// Throws Unsupported for a training that PyTorch could not go on with as it is.
void check(const Safetensors& file, const Model& model) {
  if (Settings(file).text("version") == "1")
    fail(ErrorCode::Unsupported,
         "hand-over: a checkpoint of version 1, expected one that was opened and saved again");
  if (model.sample.rank() != 3 || (model.sample[0] != 1 && model.sample[0] != 3))
    fail(ErrorCode::Unsupported, "hand-over: samples of shape ", model.sample,
         ", expected images [C, H, W] of 1 or 3 channels, which PyTorch reads from IDX files");
  if (!model.has_classes)
    fail(ErrorCode::Unsupported, "hand-over: a training on numbers, expected one on labels");
}

// ", name=number" unless that is what torch has anyway.
std::string argument(const char* name, const std::string& number, const char* usual) {
  if (parse_number(number) == parse_number(usual)) return {};
  return str(", ", name, "=", number);
}

std::string optimizer_text(const Settings& settings) {
  const std::string name = settings.text("optimizer", "adam");
  std::string out = "torch.optim.";
  if (name == "sgd") {
    const std::string momentum = settings.text("momentum", "0");
    out += str("SGD(net.parameters(), lr=rate", argument("momentum", momentum, "0"),
               argument("weight_decay", settings.text("weight-decay", "0"), "0"));
    return out + (settings.text("nesterov") == "true" ? ", nesterov=True)" : ")");
  }
  const bool decoupled = name == "adamw";
  const char* decay = decoupled ? "0.01" : "0";
  const std::string beta1 = settings.text("beta1", "0.9");
  const std::string beta2 = settings.text("beta2", "0.999");
  out += str(decoupled ? "AdamW" : "Adam", "(net.parameters(), lr=rate");
  if (parse_number(beta1) != 0.9 || parse_number(beta2) != 0.999)
    out += str(", betas=(", beta1, ", ", beta2, ")");
  return out + str(argument("eps", settings.text("epsilon", "1e-08"), "1e-08"),
                   argument("weight_decay", settings.text("weight-decay", decay), decay), ")");
}

// The lines that give the factor of the learning rate; empty where it stays.
std::string factor_text(const Settings& settings, Index steps) {
  const std::string kind = settings.text("schedule", "constant");
  const std::string end = settings.text("end", "0");
  const auto half_cosine = [](const std::string& from, const std::string& to,
                              const std::string& part) {
    return str("return ", to, " + (", from, " - ", to, ") * (1 + math.cos(math.pi * ", part,
               ")) / 2");
  };
  if (kind == "step") {
    return str("    return ", settings.text("factor", "0.1"), " ** (step * ",
               settings.text("drops", "3"), " // STEPS)");
  }
  if (kind == "cosine") return "    " + half_cosine("1", end, "step / STEPS");
  if (kind != "one-cycle") return {};
  const double climb =
      std::floor(settings.number("warm-up", "0.3") * static_cast<double>(steps) + 0.5);
  const auto top = static_cast<Index>(std::max(0., climb - 1));
  if (top == 0) return "    " + half_cosine("1", end, "step / STEPS");
  return str("    top = ", top, "\n    if step < top:\n        ",
             half_cosine(settings.text("start", "0.04"), "1", "step / top"), "\n    ",
             half_cosine("1", end, "(step - top) / (STEPS - top)"));
}

ExportedFile text_file(const char* name, std::string_view text,
                       std::span<const TemplateValue> values) {
  const std::string filled = fill_template(text, values);
  return {name, {filled.begin(), filled.end()}};
}

}  // namespace

std::vector<ExportedFile> export_pytorch(std::span<const std::uint8_t> checkpoint,
                                         std::string_view data) {
  const Model model = read_model(checkpoint);
  const Safetensors file = parse_safetensors(checkpoint);
  check(file, model);
  const Settings settings(file);
  // "60000 samples of shape …"
  const std::string data_text = settings.text("data");
  const std::string count = data_text.substr(0, data_text.find(' '));
  const Index batch = std::max(Index{1}, settings.whole("batch-size", "64"));
  const Index trained = std::max(Index{1}, static_cast<Index>(parse_number(count).value_or(1)) -
                                               settings.whole("validation", "0"));
  // A single sample that an epoch leaves over joins the batch before it.
  const bool joined = batch > 1 && trained > batch && trained % batch == 1;
  const Index batches = (trained - 1) / batch + (joined ? 0 : 1);
  const Index steps = settings.whole("epochs", "3") * batches;
  const std::string factor = factor_text(settings, steps);
  const bool adam = settings.text("optimizer", "adam") != "sgd";
  const std::string momentum = adam ? "" : settings.positive("momentum");
  const bool planned = file.tensor("planned.steps") != nullptr;
  const std::string smoothing = settings.positive("label-smoothing");
  const auto has = [&](std::string_view kind) {
    return flag(std::any_of(model.layers.begin(), model.layers.end(),
                            [&](const ModelLayer& layer) { return layer.kind == kind; }));
  };
  const auto augments = [&](const char* key) { return !settings.positive(key).empty(); };
  std::string folder;
  append_json(folder, data);
  const TemplateValue values[] = {
      {"epochs", settings.text("epochs", "3")},
      {"steps", str(steps)},
      {"batch", str(batch)},
      {"count", count},
      {"data", folder},
      {"seed", settings.text("seed", "1")},
      {"validation", settings.text("validation", "0")},
      {"split", settings.positive("validation")},
      {"patience", settings.positive("patience")},
      {"joined", flag(joined)},
      {"factor", factor},
      {"cosine", flag(factor.find("math.") != std::string::npos)},
      {"planned", flag(planned)},
      {"optimizer", optimizer_text(settings)},
      {"adam", flag(adam)},
      {"momentum", momentum},
      {"moments", flag(adam || !momentum.empty())},
      {"numpy", flag(adam || planned || !settings.positive("patience").empty())},
      {"smoothed", smoothing},
      {"smoothing", smoothing.empty() ? "" : ", label_smoothing=" + smoothing},
      {"clip", settings.positive("clip-norm")},
      {"averaging", settings.positive("averaging")},
      {"dropout", has("Dropout")},
      {"batchnorm", has("BatchNorm")},
      {"augment",
       flag(augments("shift") || augments("rotation") || augments("scale") || augments("shear"))},
      {"shift", settings.text("shift", "0")},
      {"rotation", settings.text("rotation", "0")},
      {"scale", settings.text("scale", "0")},
      {"shear", settings.text("shear", "0")},
      {"outputs", str(model.outputs)},
      {"sample", python_tuple(model.sample)},
      {"axes", str(model.sample[0], ", ", model.sample[1], ", ", model.sample[2])},
      {"constants", model.normalizes() ? pytorch_constants(model) : ""},
      {"channels", flag(model.mean.count() > 1)},
      {"class", pytorch_class(model, true)},
  };
  return {text_file("train.py", hand_over::kTrain, values),
          text_file("net.py", hand_over::kNet, values),
          text_file("data.py", hand_over::kData, values),
          text_file("checkpoint.py", hand_over::kCheckpoint, values),
          {"checkpoint.safetensors", {checkpoint.begin(), checkpoint.end()}}};
}

}  // namespace lanegrad
