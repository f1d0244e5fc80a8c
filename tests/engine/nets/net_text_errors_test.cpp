// Net texts that are refused, at their place.
#include "tests/engine/nets/net_texts.h"

namespace lanegrad::test {

TEST_CASE("errors say in which column of the caller's text they are", "[nets][net_text]") {
  const auto column = [](std::string_view text) {
    const Details details = details_of([&] { make(text, kDigits); });
    CHECK(details.op == "net");
    CHECK(details.field == "net");
    return details.column;
  };
  CHECK(column("conv 24 5x5, poool 2, dense classes") == 14);
  CHECK(column("relu, , dense classes") == 7);
  CHECK(column("dense 5") == 1);
  // The words are those of the catalog.
  const NetInput numbers{.sample = {1}, .outputs = 1};
  const Details details = details_of([&] { make("convnet", numbers); });
  CHECK(details.field == "net");
  CHECK(details.column == std::nullopt);
}

TEST_CASE("words that mean nothing are refused at their place", "[nets][net_text]") {
  const std::string layers =
      "conv, pool, avgpool, globalpool, relu, gelu, silu, softplus, sigmoid, tanh, leakyrelu, "
      "softmax, batchnorm, "
      "dropout, "
      "dense, flatten";
  CHECK(refusal("conv 24 5x5, poool 2, dense classes") ==
        "NotFound: net: 'poool' at word 4 (column 14) is no layer (did you mean 'pool'?), expected "
        "one of " +
            layers);
  CHECK(refusal("mpl") ==
        "NotFound: net: 'mpl' at word 1 (column 1) is no layer (did you mean 'mlp'?), expected one "
        "of " +
            layers + " or the name of a net, mlp, lenet, convnet, fast, best");
  CHECK(refusal("mlp, dense classes") ==
        "NotFound: net: 'mlp' at word 1 (column 1) is no layer, expected one of " + layers);
  CHECK(refusal("relu, Größe, ß") ==
        "NotFound: net: 'Größe' at word 2 (column 7) is no layer, expected one of " + layers);
  CHECK(refusal("Rleu, dense classes") ==
        "NotFound: net: 'Rleu' at word 1 (column 1) is no layer (did you mean 'relu'?), expected "
        "one of " +
            layers);
  const std::string nothing = "InvalidArgument: net: no layer at word ";
  CHECK(refusal("") == nothing + "1 (column 1), expected one of " + layers);
  CHECK(refusal("  ") == nothing + "1 (column 3), expected one of " + layers);
  CHECK(refusal(", relu") == nothing + "1 (column 1), expected one of " + layers);
  CHECK(refusal("relu, , dense classes") == nothing + "2 (column 7), expected one of " + layers);
  CHECK(refusal("dense 10, ") == nothing + "3 (column 11), expected one of " + layers);
}

TEST_CASE("settings that a layer cannot have are refused at their place", "[nets][net_text]") {
  CHECK(refusal("conv, relu") ==
        "InvalidArgument: net: 'conv' at word 1 (column 1) lacks a number of filters, expected "
        "something like conv 24 5x5");
  CHECK(refusal("conv 24") ==
        "InvalidArgument: net: 'conv' at word 1 (column 1) lacks a size of the filters, expected "
        "something like conv 24 5x5");
  CHECK(refusal("pool") ==
        "InvalidArgument: net: 'pool' at word 1 (column 1) lacks a size, expected something like "
        "pool 2");
  CHECK(refusal("dense") ==
        "InvalidArgument: net: 'dense' at word 1 (column 1) lacks a number of outputs, expected "
        "something like dense 128");
  CHECK(refusal("relu, dropout, dense classes") ==
        "InvalidArgument: net: 'dropout' at word 2 (column 7) lacks a rate, expected something "
        "like dropout 0.25");
  CHECK(refusal("dense many") ==
        "InvalidArgument: net: 'many' at word 2 (column 7) is no number of outputs, expected a "
        "whole number of at least 1");
  for (const std::string number : {"0", "-3", "1.5", "1e3", "12a", "x", "."}) {
    CAPTURE(number);
    CHECK(refusal("conv " + number + " 3") ==
          "InvalidArgument: net: '" + number +
              "' at word 2 (column 6) is no number of filters, expected a whole number of at least "
              "1");
  }
  for (const std::string number : {"1073741825", "99999999999999999999999999"}) {
    CAPTURE(number);
    CHECK(refusal("conv " + number + " 3") ==
          "InvalidArgument: net: '" + number +
              "' at word 2 (column 6) is no number of filters, expected at most 1073741824");
  }
  for (const std::string size : {"5x3", "0", "5x", "x5", "x", "0x0", "5x5x5", "-5", "2.5"}) {
    CAPTURE(size);
    CHECK(refusal("conv 24 " + size) ==
          "InvalidArgument: net: '" + size +
              "' at word 3 (column 9) is no size of filters, expected a square of at least 1x1, "
              "like 2x2 or 2");
  }
  CHECK(refusal("pool 2x3") ==
        "InvalidArgument: net: '2x3' at word 2 (column 6) is no size of a pool, expected a square "
        "of at least 1x1, like 2x2 or 2");
  CHECK(refusal("conv 24 5 strid 2") ==
        "InvalidArgument: net: 'strid' at word 4 (column 11) is no setting of conv, expected "
        "stride, pad, bias, no bias or a comma");
  CHECK(refusal("pool 2 pad 1") ==
        "InvalidArgument: net: 'pad' at word 3 (column 8) is no setting of pool, expected stride "
        "or a comma");
  CHECK(refusal("conv 24 5 stride 2 stride 2") ==
        "InvalidArgument: net: 'stride' at word 6 (column 20) is given twice, expected it once");
  CHECK(
      refusal("conv 24 5 pad, relu") ==
      "InvalidArgument: net: 'pad' at word 4 (column 11) lacks a number, expected one like pad 2");
  CHECK(refusal("pool 2 stride 0") ==
        "InvalidArgument: net: '0' at word 4 (column 15) is no stride, expected a whole number "
        "of at least 1");
  CHECK(refusal("conv 24 5 pad -1") ==
        "InvalidArgument: net: '-1' at word 5 (column 15) is no pad, expected a whole number of "
        "at least 0");
  CHECK(refusal("conv 24 4 pad same") ==
        "InvalidArgument: net: 'same' at word 5 (column 15) for filters of 4x4, expected filters "
        "of an odd size or a number");
  CHECK(refusal("conv 24 5 stride same") ==
        "InvalidArgument: net: 'same' at word 5 (column 18) is no stride, expected a whole number "
        "of at least 1");
  for (const std::string rate : {"1", "1.0", "-0.5", "half", "0.5.5", "50%", "1e1", ".", "nan"}) {
    CAPTURE(rate);
    CHECK(refusal("dropout " + rate) ==
          "InvalidArgument: net: '" + rate +
              "' at word 2 (column 9) is no rate, expected a number of at least 0 and below 1");
  }
  CHECK(refusal("leakyrelu -1, dense classes") ==
        "InvalidArgument: net: '-1' at word 2 (column 11) is no slope, expected a number of at "
        "least 0 and below 1");
  CHECK(refusal("relu relu, dense classes") ==
        "InvalidArgument: net: 'relu' at word 2 (column 6) follows relu, expected a comma or the "
        "end");
  CHECK(refusal("Tanh relu, dense classes") ==
        "InvalidArgument: net: 'relu' at word 2 (column 6) follows Tanh, expected a comma or the "
        "end");
  CHECK(refusal("dropout 0.5 relu, dense classes") ==
        "InvalidArgument: net: 'relu' at word 3 (column 13) follows dropout 0.5, expected a comma "
        "or the end");
  CHECK(refusal("dense 128 relu") ==
        "InvalidArgument: net: 'relu' at word 3 (column 11) is no setting of dense, expected bias, "
        "no bias or a comma");
  CHECK(refusal("dense 128 no relu") ==
        "InvalidArgument: net: 'no' at word 3 (column 11) is no setting of dense, expected bias, "
        "no bias or a comma");
  CHECK(refusal("dense 128 no") ==
        "InvalidArgument: net: 'no' at word 3 (column 11) is no setting of dense, expected bias, "
        "no bias or a comma");
  CHECK(refusal("dense 128 bias no bias") ==
        "InvalidArgument: net: 'bias' at word 5 (column 19) is given twice, expected it once");
  CHECK(refusal("pool 2 no bias") ==
        "InvalidArgument: net: 'no' at word 3 (column 8) is no setting of pool, expected stride "
        "or a comma");
}

TEST_CASE("layers that do not fit are refused at their place", "[nets][net_text]") {
  CHECK(refusal("conv 24 29x29") ==
        "InvalidArgument: net: '29x29' at word 3 (column 9) is a kernel larger than its input of "
        "28x28, expected at most 28");
  CHECK(refusal("pool 7, conv 24 9 pad 2 stride 3") ==
        "InvalidArgument: net: '9' at word 5 (column 17) is a kernel larger than its input of 8x8 "
        "with its padding, expected at most 8");
  CHECK(refusal("pool 2, pool 15") ==
        "InvalidArgument: net: '15' at word 4 (column 14) is a pool larger than its input of "
        "14x14, expected at most 14");
  CHECK(refusal("avgpool 4", {.sample = {1, 9, 3}, .outputs = 10}) ==
        "InvalidArgument: net: '4' at word 2 (column 9) is a pool larger than its input of 9x3, "
        "expected at most 3");
  CHECK(refusal("dense 128, conv 24 5x5") ==
        "InvalidArgument: net: 'conv' at word 3 (column 12) gets [128], expected images [C, H, W]");
  CHECK(refusal("pool 2", kRows) ==
        "InvalidArgument: net: 'pool' at word 1 (column 1) gets [6], expected images [C, H, W]");
  CHECK(refusal("flatten, globalpool") ==
        "InvalidArgument: net: 'globalpool' at word 2 (column 10) gets [784], expected images [C, "
        "H, W]");
}

TEST_CASE("layers larger than an array are refused at their place", "[nets][net_text]") {
  CHECK(refusal("dense 1000000000, dense classes") ==
        "InvalidArgument: net: 'dense' at word 1 (column 1) has 7.84e+11 weights, expected at "
        "most 1073741824");
  CHECK(refusal("relu, conv 10000000 1") ==
        "InvalidArgument: net: 'conv' at word 2 (column 7) has 7.84e+09 outputs, expected at "
        "most 1073741824");
  CHECK(refusal("conv 1000000000 1000000000 pad 1000000000 stride 1000000000") ==
        "InvalidArgument: net: 'conv' at word 1 (column 1) has 4e+18 inputs with "
        "their padding, expected at most 1073741824");
  CHECK(refusal("conv 1000000 30000x30000 pad 14990") ==
        "InvalidArgument: net: 'conv' at word 1 (column 1) has 9e+14 weights, expected at most "
        "1073741824");
}

TEST_CASE("a net has to give as many outputs as the data has", "[nets][net_text]") {
  const std::string reason = ": as many outputs as the data has classes, or numbers in a target";
  CHECK(refusal("dense 128, relu, dense 12") ==
        "InvalidArgument: net: the last layer, 'dense' at word 4 (column 18), gives [12], expected "
        "[10]" +
            reason);
  CHECK(refusal("conv 10 5x5") ==
        "InvalidArgument: net: the last layer, 'conv' at word 1 (column 1), gives [10, 24, 24], "
        "expected [10]" +
            reason);
  CHECK(refusal("dense 5, tanh", kRows) ==
        "InvalidArgument: net: the last layer, 'tanh' at word 3 (column 10), gives [5], expected "
        "[3]" +
            reason);
  CHECK(describe("conv 10 5x5, globalpool", kDigits).layers[1].output == Shape{10});
}

TEST_CASE("a net of the catalog that does not fit says that it is that net's text",
          "[nets][net_text]") {
  CHECK(refusal("convnet", {.sample = {1, 4, 4}, .outputs = 10}) ==
        "InvalidArgument: net convnet: '5x5' at word 3 (column 9) is a kernel larger than its "
        "input of 4x4, expected at most 4");
  CHECK(refusal("lenet", kRows) ==
        "InvalidArgument: net lenet: 'conv' at word 1 (column 1) gets [6], expected images [C, H, "
        "W]");
}

TEST_CASE("samples that no net can take are refused", "[nets][net_text]") {
  CHECK(refusal("mlp", {.sample = {28, 28}, .outputs = 10}) ==
        "InvalidArgument: net mlp: samples of [28, 28], expected [C, H, W] or [I], all at least 1");
  CHECK(refusal("relu", {.sample = {1, 0, 28}, .outputs = 10}) ==
        "InvalidArgument: net: samples of [1, 0, 28], expected [C, H, W] or [I], all at least 1");
  CHECK(refusal("relu", {.sample = {1}, .outputs = 0}) ==
        "InvalidArgument: net: 0 outputs, expected at least 1");
}

}  // namespace lanegrad::test
