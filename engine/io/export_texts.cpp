// Names and sentences.
#include "engine/io/export_texts.h"

#include "engine/core/error.h"
#include "engine/core/number.h"
#include "engine/io/json.h"

namespace lanegrad {

namespace {

bool takes_images(const Model& model) { return model.sample.rank() == 3; }

bool is_left_to_user(const Model& model, const ExportOptions& options) {
  return !options.normalization && model.normalizes();
}

// "0.5"; "[0.5, 0.4, 0.3]" for three channels.
std::string numbers(const PerChannel& values) {
  std::string out;
  for (const double value : values.values()) {
    out += str(out.empty() ? "" : ", ", number_text(value, 9));
  }
  return values.count() == 1 ? out : str("[", out, "]");
}

}  // namespace

bool normalizes(const Model& model, const ExportOptions& options) {
  return options.normalization && model.normalizes();
}

std::string input_name(const Model& model, const ExportOptions& options) {
  return str(is_left_to_user(model, options) ? "normalized_" : "",
             takes_images(model) ? "pixels" : "inputs");
}

std::string_view output_name(const Model& model, const ExportOptions& options) {
  if (options.softmax) return "probabilities";
  return takes_images(model) ? "logits" : "outputs";
}

std::vector<std::pair<std::string, std::string>> export_texts(const Model& model,
                                                              const ExportOptions& options,
                                                              std::string_view axes) {
  std::string input =
      str(axes, takes_images(model) ? ": pixels from 0 to 1, as those that it was trained on"
                                    : ": numbers, as those that it was trained on");
  if (is_left_to_user(model, options))
    input += str(", normalized: (x - ", numbers(model.mean), ") / ", numbers(model.deviation),
                 model.mean.count() == 1 ? "" : ", channel by channel");
  const std::string_view output = options.softmax
                                      ? "a probability for each class, which add up to 1"
                                      : "the numbers that the last layer gives, without softmax";
  std::vector<std::pair<std::string, std::string>> texts{
      {"net", model.net},
      {"input", input},
      {"output", str("[batch, ", model.outputs, "]: ", output)}};
  if (model.class_names.empty()) return texts;
  std::string names;
  for (const std::string& name : model.class_names) {
    names += names.empty() ? '[' : ',';
    append_json(names, name);
  }
  texts.emplace_back("class_names", names + "]");
  return texts;
}

}  // namespace lanegrad
