// Nets as programs of PyTorch. tests/formats/pytorch.test.mjs runs them.
#include "engine/io/pytorch.h"

#include <string>

#include "engine/io/template.h"
#include "engine/nets/model_file.h"
#include "tests/engine/training/checkpoints.h"

namespace lanegrad::test {

TEST_CASE("templates have values and lines that stand for some values only", "[template]") {
  const TemplateValue values[] = {{"name", "Net"}, {"none", ""}};
  CHECK(fill_template("a @name@, @name@\n@decorator\n?name|yes\n?none|no\n?!none|?name|both\n",
                      values) == "a Net, Net\n@decorator\nyes\nboth\n");
  CHECK(fill_template("?name|@none@end", values) == "end");
  CHECK(error_of([&] { fill_template("@other@", values); }) ==
        "Internal: template: nothing is called 'other'");
}

TEST_CASE("a net is a class of PyTorch with the names of its text", "[pytorch]") {
  Training training = training_of(
      {{"net",
        "conv 2 3x3 pad same, pool 2, batchnorm, leakyrelu 0.2, conv 3 2 stride 2 bias, "
        "globalpool, dense 4, gelu, dropout 0.25, dense classes no bias, softmax"},
       {"normalize", "true"}});
  training.class_names = "a\nb \"c\"\nü";
  const std::vector<ExportedFile> files =
      export_model(read_model(save_checkpoint(training)), "safetensors", {.stem = "digits"});
  REQUIRE(files.size() == 2);
  CHECK(files[0].name == "digits.safetensors");
  CHECK(files[1].name == "digits.py");
  const std::string program(files[1].bytes.begin(), files[1].bytes.end());
  CHECK(program.find(R"py(        self.conv1 = nn.Conv2d(1, 2, 3, padding=1, bias=False)
        self.pool1 = nn.MaxPool2d(2)
        self.batchnorm1 = nn.BatchNorm2d(2)
        self.leakyrelu1 = nn.LeakyReLU(0.2)
        self.conv2 = nn.Conv2d(2, 3, 2, stride=2)
        self.globalpool1 = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.dense1 = nn.Linear(3, 4)
        self.gelu1 = nn.GELU()
        self.dropout1 = nn.Dropout(0.25)
        self.dense2 = nn.Linear(4, 3, bias=False)
        self.softmax1 = nn.Softmax(dim=-1)

    def forward(self, x):
        x = (x - MEAN) / DEVIATION
)py") != std::string::npos);
  CHECK(program.find("SAMPLE = (1, 6, 6)\nMEAN, DEVIATION = ") != std::string::npos);
  CHECK(program.find("CLASSES = [\"a\", \"b \\u0022c\\u0022\", \"ü\"]\n") != std::string::npos);

  const Safetensors weights = parse_safetensors(files[0].bytes);
  REQUIRE(weights.tensor("dense1.weight"));
  CHECK(weights.tensor("dense1.weight")->shape == Shape{4, 3});
  CHECK(weights.tensor("dense1.bias"));
  CHECK(weights.tensor("batchnorm1.running_var"));
  CHECK(*weights.text("class-names") == "a\nb \"c\"\nü");
  CHECK(weights.text("net-text")->starts_with("conv 2 3x3 pad same, "));
}

TEST_CASE("a net may be exported for numbers that are normalized already", "[pytorch]") {
  const Model model = read_model(save_checkpoint(training_of({{"normalize", "true"}})));
  const std::vector<ExportedFile> files =
      export_model(model, "safetensors", {.normalization = false});
  const std::string program(files[1].bytes.begin(), files[1].bytes.end());
  CHECK(program.find("MEAN") == std::string::npos);
  CHECK(program.find("pixels that are normalized already") != std::string::npos);
}

TEST_CASE("a layer that PyTorch has no words for is refused by name", "[pytorch]") {
  Model model = read_model(save_checkpoint(training_of({})));
  model.layers[2].kind = "Spline";
  CHECK(error_of([&] {
          export_model(model, "safetensors");
        }).starts_with("Unsupported: pytorch: the layer bias1 is a Spline, expected "));
}

}  // namespace lanegrad::test
