// Writes a net's layers as lines of Python.
#include "engine/io/pytorch.h"

#include "engine/core/error.h"
#include "engine/io/json.h"
#include "engine/io/safetensors.h"
#include "engine/io/state_dict.h"
#include "engine/io/template.h"

namespace lanegrad {

namespace {

constexpr std::string_view kProgram =
    R"py("""Answers with the net of @stem@.safetensors, for a .npy or an IDX file of @inputs@.

    python3 @stem@.py FILE
"""
import json
import pathlib
import sys

import numpy as np
import torch
from torch import nn

SAMPLE = @sample@
?constants|@constants@
?classes|CLASSES = @classes@


@class@

def read_safetensors(path):
    """The tensors of a file of floats by name (https://github.com/huggingface/safetensors)."""
    data = pathlib.Path(path).read_bytes()
    begin = 8 + int.from_bytes(data[:8], "little")
    tensors = {}
    for name, entry in json.loads(data[8:begin]).items():
        if name != "__metadata__":
            first, end = entry["data_offsets"]
            values = np.frombuffer(data[begin + first : begin + end], "<f4").copy()
            tensors[name] = torch.from_numpy(values.reshape(entry["shape"]))
    return tensors


net = Net()
net.load_state_dict(read_safetensors(pathlib.Path(__file__).with_suffix(".safetensors")))
net.eval()


@torch.no_grad()
def answers(@inputs@):
    """The numbers of the last layer, [N, @outputs@], for @what@, @batch@."""
    x = torch.from_numpy(np.asarray(@inputs@, np.float32).reshape(-1, *SAMPLE))
    return torch.cat([net(part) for part in x.split(1000)])


?probabilities|def probabilities(@inputs@):
?probabilities|    """The probability of each class, [N, @outputs@], as a numpy array."""
?probabilities|    return answers(@inputs@).softmax(1).numpy()
?probabilities|
?probabilities|
def read(path):
?image|    """The pixels of a .npy or an IDX file; bytes become numbers from 0 to 1."""
?!image|    """The rows of a .npy or an IDX file; bytes become numbers from 0 to 1."""
    if path.endswith(".npy"):
        values = np.load(path)
    else:
        data = pathlib.Path(path).read_bytes()
        shape = np.frombuffer(data, ">u4", data[3], 4)
        values = np.frombuffer(data, np.uint8, -1, 4 + 4 * data[3]).reshape(shape)
    return values / np.float32(255) if values.dtype == np.uint8 else values


if __name__ == "__main__":
?probabilities|    for i, row in enumerate(probabilities(read(sys.argv[1]))):
?probabilities|        label = row.argmax()
?probabilities|?classes|        print(f"{i}: {CLASSES[label]}, {100 * row[label]:.2f} %")
?probabilities|?!classes|        print(f"{i}: {label}, {100 * row[label]:.2f} %")
?!probabilities|    for i, row in enumerate(answers(read(sys.argv[1]))):
?!probabilities|        print(f"{i}:", *row.tolist())
)py";

// What nn.Conv2d or a pool is given beside the size of its window.
std::string window_options(const ModelLayer& layer, Index usual_stride) {
  return str(layer.stride == usual_stride ? "" : str(", stride=", layer.stride),
             layer.padding == 0 ? "" : str(", padding=", layer.padding));
}

// The layer in Python. `next` is the layer after it, or null.
std::string layer_text(const ModelLayer& layer, const ModelLayer* next) {
  const std::string& kind = layer.kind;
  if (kind == "Conv2D") {
    return str("nn.Conv2d(", layer.input[0], ", ", layer.output[0], ", ", layer.size,
               window_options(layer, 1), layer.bias ? ")" : ", bias=False)");
  }
  if (kind == "MaxPool2D" || kind == "AvgPool2D") {
    return str("nn.", kind == "MaxPool2D" ? "MaxPool2d(" : "AvgPool2d(", layer.size,
               window_options(layer, layer.size), ")");
  }
  if (kind == "GlobalAvgPool2D") return "nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())";
  if (kind == "Dense") {
    const bool bias = next && next->kind == "Bias";
    return str("nn.Linear(", layer.input.size(), ", ", layer.output.size(),
               bias ? ")" : ", bias=False)");
  }
  if (kind == "BatchNorm") {
    return str(layer.input.rank() == 1 ? "nn.BatchNorm1d(" : "nn.BatchNorm2d(", layer.input[0],
               ")");
  }
  if (kind == "LeakyReLU") return str("nn.LeakyReLU(", number_text(layer.number, 15), ")");
  if (kind == "Dropout") return str("nn.Dropout(", number_text(layer.number, 15), ")");
  if (kind == "Softmax") return "nn.Softmax(dim=-1)";
  for (const char* same : {"ReLU", "GELU", "SiLU", "Softplus", "Sigmoid", "Tanh", "Flatten"}) {
    if (kind == same) return str("nn.", kind, "()");
  }
  fail(ErrorCode::Unsupported, {.op = "pytorch", .field = layer.name}, "pytorch: the layer ",
       layer.name, " is a ", kind, ", expected one that PyTorch has");
}

// The words with one space between them, in lines of at most `width` letters.
std::string wrapped(std::string_view text, std::string_view indent, std::size_t width) {
  constexpr std::string_view kSpaces = " \t\r\n";
  std::string out;
  std::size_t column = indent.size() + 3;
  for (std::size_t begin = 0;;) {
    begin = text.find_first_not_of(kSpaces, begin);
    if (begin == std::string_view::npos) return out;
    const std::size_t end = std::min(text.find_first_of(kSpaces, begin), text.size());
    const bool breaks = column + 1 + end - begin > width;
    if (breaks) column = indent.size();
    out += str(out.empty() ? ""
               : breaks    ? str("\n", indent)
                           : " ",
               text.substr(begin, end - begin));
    column += 1 + end - begin;
    begin = end;
  }
}

// A list of texts in Python, whose literals may have all of JSON's escapes.
std::string list_text(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) {
    out += out.empty() ? "[" : ", ";
    append_json(out, name);
  }
  return out.empty() ? out : out + "]";
}

// A number; a list where there is one for each channel.
std::string numbers_text(const PerChannel& numbers) {
  std::string out;
  for (const double number : numbers.values()) {
    out += str(out.empty() ? "" : ", ", number_text(number, 15));
  }
  return numbers.count() == 1 ? out : str("[", out, "]");
}

std::vector<std::uint8_t> weights_of(const Model& model) {
  Safetensors file;
  file.metadata = {{"format", "pt"}, {"net-text", model.net}};
  if (!model.class_names.empty()) {
    file.metadata.emplace_back("class-names", lines_of(model.class_names));
  }
  file.metadata.emplace_back("sample", str(model.sample));
  file.metadata.emplace_back("mean", numbers_text(model.mean));
  file.metadata.emplace_back("deviation", numbers_text(model.deviation));
  const std::vector<ModelTensor> tensors = state_dict(model);
  for (const ModelTensor& tensor : tensors) {
    file.tensors.push_back(state_view(tensor.name, tensor.shape, tensor.values.data()));
  }
  return write_safetensors(file);
}

// The name as it may stand in a comment of a program.
std::string plain(std::string_view name) {
  std::string out;
  for (const char c : name) out += c == '"' || c == '\\' || (c >= 0 && c < ' ') ? '_' : c;
  return out;
}

}  // namespace

std::string python_tuple(const Shape& shape) {
  std::string text = "(";
  for (const Index extent : shape.extents()) text += str(text.size() > 1 ? ", " : "", extent);
  return text + (shape.rank() == 1 ? ",)" : ")");
}

std::string pytorch_constants(const Model& model) {
  const std::string mean = numbers_text(model.mean);
  const std::string deviation = numbers_text(model.deviation);
  if (model.mean.count() == 1) return str("MEAN, DEVIATION = ", mean, ", ", deviation);
  return str("MEAN = torch.tensor(", mean, ").reshape(-1, 1, 1)\nDEVIATION = torch.tensor(",
             deviation, ").reshape(-1, 1, 1)");
}

std::string pytorch_class(const Model& model, bool normalization) {
  std::string out = str("class Net(nn.Module):\n    \"\"\"", wrapped(model.net, "    ", 96),
                        "\"\"\"\n\n    def __init__(self):\n        super().__init__()\n");
  for (std::size_t i = 0; i < model.layers.size(); ++i) {
    const ModelLayer& layer = model.layers[i];
    if (layer.kind == "Bias") continue;
    const ModelLayer* next = i + 1 < model.layers.size() ? &model.layers[i + 1] : nullptr;
    out += str("        self.", layer.name, " = ", layer_text(layer, next), "\n");
  }
  return out + str("\n    def forward(self, x):\n",
                   !(normalization && model.normalizes()) ? ""
                   : model.mean.count() == 1              ? "        x = (x - MEAN) / DEVIATION\n"
                                             : "        x = (x - MEAN.to(x)) / DEVIATION.to(x)\n",
                   "        for layer in self.children():\n            x = layer(x)\n",
                   "        return x\n");
}

std::vector<ExportedFile> write_pytorch(const Model& model, const ExportOptions& options) {
  const bool image = model.sample.rank() == 3;
  const bool normalization = options.normalization && model.normalizes();
  std::string batch = str(model.sample);
  batch.insert(1, "N, ");
  const TemplateValue values[] = {
      {"stem", plain(options.stem)},
      {"sample", python_tuple(model.sample)},
      {"batch", batch},
      {"outputs", str(model.outputs)},
      {"image", image ? "yes" : ""},
      {"inputs", image ? "pixels" : "rows"},
      {"what", !image                  ? "rows"
               : options.normalization ? "pixels from 0 to 1"
                                       : "pixels that are normalized already"},
      {"constants", normalization ? pytorch_constants(model) : ""},
      {"classes", list_text(model.class_names)},
      {"class", pytorch_class(model, normalization)},
      // One number is no choice between classes.
      {"probabilities", model.outputs > 1 ? "yes" : ""},
  };
  const std::string program = fill_template(kProgram, values);
  return {{options.stem + ".safetensors", weights_of(model)},
          {options.stem + ".py", {program.begin(), program.end()}}};
}

}  // namespace lanegrad
