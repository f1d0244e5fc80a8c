// Trainings that begin with a model's weights.
#include "engine/training/weights.h"

#include "engine/nets/model_file.h"
#include "tests/engine/training/checkpoints.h"

namespace lanegrad::test {

namespace {

Model trained(const Settings& settings) {
  const Training training = training_of(settings);
  for (int i = 0; i < 9; ++i) training.trainer->step();
  return read_model(save_checkpoint(training));
}

NdArray probe() {
  Random random(7);
  return NdArray::uniform({4, 1, 6, 6}, 0, 1, random);
}

}  // namespace

TEST_CASE("a training begins with a model's answers, however it normalizes", "[import]") {
  for (const char* net : {"dense 5, relu, dense classes", "conv 2 3x3, relu, dense classes",
                          "conv 2 3x3, batchnorm, relu, dense classes",
                          "dropout 0.1, dense 4, batchnorm, dense classes",
                          "conv 2 3x3 pad 1, relu, dense classes"}) {
    const bool padded = std::string_view(net).find("pad") != std::string_view::npos;
    CAPTURE(net);
    const Settings settings = {{"net", net}, {"normalize", "true"}};
    const Training from = training_of(settings);
    for (int i = 0; i < 9; ++i) from.trainer->step();
    const Model model = read_model(save_checkpoint(from));
    Training same = training_of(settings);
    load_weights(same, model);
    CHECK(values(same.trainer->predict(probe())) == values(from.trainer->predict(probe())));
    Training other = training_of({{"net", net}});
    if (padded) {
      CHECK(error_of([&] {
              load_weights(other, model);
            }).starts_with("Unsupported: weights: of a net that normalizes by a mean of "));
      continue;
    }
    load_weights(other, model);
    CHECK(relative_error(other.trainer->predict(probe()), from.trainer->predict(probe())) < 1e-4);
    // It goes on from there.
    CHECK(other.trainer->step().step == 1);
    CHECK(error_of([&] { load_weights(other, model); }) ==
          "InvalidState: weights: after 1 steps, expected them before the first one");
  }
}

TEST_CASE("weights of another net are refused", "[import]") {
  const Model model = trained({{"net", "dense 5, relu, dense classes"}});
  const auto refusal = [&](const char* net) {
    Training training = training_of({{"net", net}});
    const Bytes before = save_checkpoint(training);
    const std::string error = error_of([&] { load_weights(training, model); });
    CHECK((save_checkpoint(training) == before));
    return error;
  };
  CHECK(refusal("dense 6, relu, dense classes") ==
        "ShapeMismatch: weights: dense1.weight of [36, 5], expected [36, 6]");
  CHECK(refusal("dense 5, relu, dense 3, dense classes") ==
        "ShapeMismatch: weights: nothing for dense3.weight of [3, 3], expected the weights of the "
        "same net");
  CHECK(refusal("dense classes").starts_with("ShapeMismatch: weights: "));
}

}  // namespace lanegrad::test
