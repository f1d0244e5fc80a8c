// Trainings as programs of PyTorch. tests/formats/pytorch.test.mjs runs them.
#include "engine/training/hand_over.h"

#include <string>

#include "engine/dataloaders/array_loader.h"
#include "tests/engine/training/checkpoints.h"

namespace lanegrad::test {

namespace {

std::vector<std::string> hand_over(const Bytes& checkpoint) {
  std::vector<std::string> texts;
  for (const ExportedFile& file : export_pytorch(checkpoint, "my \"data\"")) {
    texts.emplace_back(file.bytes.begin(), file.bytes.end());
  }
  return texts;
}

void has(const std::string& text, std::string_view part, bool expected = true) {
  CAPTURE(part);
  CHECK((text.find(part) != std::string::npos) == expected);
}

}  // namespace

TEST_CASE("a hand-over is a program with the checkpoint itself", "[hand-over]") {
  Training training = training_of({{"epochs", "2"}});
  training.trainer->step();
  const Bytes checkpoint = save_checkpoint(training);
  const std::vector<ExportedFile> files = export_pytorch(checkpoint, "data");
  REQUIRE(files.size() == 5);
  CHECK(files[0].name == "train.py");
  CHECK(files[4].name == "checkpoint.safetensors");
  CHECK((files[4].bytes == checkpoint));
}

TEST_CASE("a hand-over's program has the parts that its training needs", "[hand-over]") {
  const std::vector<std::string> plain = hand_over(save_checkpoint(training_of({})));
  has(plain[0], "DATA = \"my \\u0022data\\u0022\"\n");
  has(plain[0], "EPOCHS, BATCH = 3, 16\n");
  has(plain[0], "optimizer = torch.optim.Adam(net.parameters(), lr=rate)\n");
  for (const char* part : {"?", "factor", "average", "clip_grad", "augmented", "split(labels",
                           "smoothing", "planned", "BatchNorm:", "Dropout", "velocity", "stop"}) {
    has(plain[0], part, false);
  }
  has(plain[2], "augmented", false);

  const std::vector<std::string> full = hand_over(
      save_checkpoint(training_of({{"net", "dense 5, batchnorm, relu, dropout 0.5, dense classes"},
                                   {"optimizer", "sgd"},
                                   {"momentum", "0.9"},
                                   {"weight-decay", "0.001"},
                                   {"schedule", "one-cycle"},
                                   {"epochs", "10"},
                                   {"validation", "7"},
                                   {"patience", "3"},
                                   {"averaging", "0.99"},
                                   {"label-smoothing", "0.1"},
                                   {"clip-norm", "2"},
                                   {"shift", "1"},
                                   {"seed", "18446744073709551615"}})));
  // 33 of the 40 samples in batches of 16: the last one joins the second batch.
  has(full[0], "EPOCHS, STEPS, BATCH = 10, 20, 16\n");
  has(full[0], "range(position, len(order) - 1, BATCH)");
  has(full[0], "torch.optim.SGD(net.parameters(), lr=rate, momentum=0.9, weight_decay=0.001)\n");
  has(full[0], "    top = 5\n");
  has(full[0], "label_smoothing=0.1)");
  has(full[0], "min(0.99, (1 + step) / (10 + step))");
  has(full[0], "clip_grad_norm_(net.parameters(), 2)");
  has(full[0], "split(labels.numpy(), 7)");
  has(full[0], "waited >= 3");
  has(full[0], "SyncBatchNorm needs GPUs");
  has(full[0], "dropout draws PyTorch's own numbers");
  has(full[2], "SEED = 18446744073709551615\n");
  has(full[2], "SHIFT, ROTATION, SCALE, SHEAR = 1, 0, 0, 0\n");
  for (const std::string& text : full) {
    if (&text != &full.back()) has(text, "\n?", false);
  }
}

TEST_CASE("planned changes of the rate are handed over", "[hand-over]") {
  Training training = training_of({{"optimizer", "adamw"}, {"beta2", "0.99"}});
  training.trainer->plan_learning_rate(0.5, 4);
  const std::vector<std::string> texts = hand_over(save_checkpoint(training));
  has(texts[0], "rate = planned.pop(step, rate)\n");
  has(texts[0], "torch.optim.AdamW(net.parameters(), lr=rate, betas=(0.9, 0.99))\n");
}

TEST_CASE("what PyTorch could not go on with is refused", "[hand-over]") {
  const auto rows = std::make_shared<ArrayLoader>(
      NdArray::full({8, 2}, 1), IndexArray::from({0, 1, 0, 1, 0, 1, 0, 1}), 2, 4, 1);
  const Training training = make_training(recipe_of({}), {.train = rows});
  const Bytes bytes = save_checkpoint(training);
  CHECK(error_of([&] { export_pytorch(bytes, "data"); }) ==
        "Unsupported: hand-over: samples of shape [2], expected images [C, H, W] of 1 "
        "or 3 channels, which PyTorch reads from IDX files");
  const Bytes old = edited(save_checkpoint(training_of({})), [](Safetensors& content) {
    for (auto& [key, text] : content.metadata) {
      if (key == "version") text = "1";
    }
  });
  CHECK(error_of([&] { export_pytorch(old, "data"); }) ==
        "Unsupported: hand-over: a checkpoint of version 1, expected one that was opened and "
        "saved again");
  CHECK(error_of([] { export_pytorch({}, "data"); }).starts_with("CorruptData: "));
}

}  // namespace lanegrad::test
