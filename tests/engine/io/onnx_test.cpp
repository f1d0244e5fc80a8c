// ONNX files, read with a reader of protobuf of the test's own.
#include "engine/io/onnx.h"

#include <bit>
#include <map>
#include <string>

#include "engine/core/number.h"
#include "engine/io/protobuf.h"
#include "engine/nets/model_file.h"
#include "tests/engine/training/checkpoints.h"

namespace lanegrad::test {

namespace {

// The fields of a message: numbers, and contents of others, which may be messages.
struct Message {
  std::vector<std::pair<int, std::uint64_t>> numbers;
  std::vector<std::pair<int, std::string>> contents;

  explicit Message(const std::string& bytes) {
    std::size_t at = 0;
    const auto varint = [&] {
      std::uint64_t value = 0;
      for (int shift = 0;; shift += 7) {
        const auto byte = static_cast<std::uint8_t>(bytes.at(at++));
        value |= std::uint64_t{byte & 127u} << shift;
        if (byte < 128) return value;
      }
    };
    while (at < bytes.size()) {
      const std::uint64_t tag = varint();
      const int field = static_cast<int>(tag >> 3);
      if ((tag & 7) == 0) {
        numbers.emplace_back(field, varint());
      } else if ((tag & 7) == 2) {
        const std::uint64_t size = varint();
        REQUIRE(size <= bytes.size() - at);
        contents.emplace_back(field, bytes.substr(at, size));
        at += size;
      } else {
        REQUIRE((tag & 7) == 5);
        REQUIRE(bytes.size() - at >= 4);
        std::uint32_t bits = 0;
        std::memcpy(&bits, bytes.data() + at, 4);
        numbers.emplace_back(field, bits);
        at += 4;
      }
    }
  }
  std::vector<std::string> all(int field) const {
    std::vector<std::string> found;
    for (const auto& [number, content] : contents) {
      if (number == field) found.push_back(content);
    }
    return found;
  }
  std::string one(int field) const {
    REQUIRE(all(field).size() == 1);
    return all(field)[0];
  }
  // The numbers of a field, "1 3 3".
  std::string list(int field) const {
    std::string text;
    for (const auto& [number, value] : numbers) {
      if (number == field) text += str(text.empty() ? "" : " ", static_cast<Index>(value));
    }
    return text;
  }
};

Message onnx_of(const Settings& settings, const ExportOptions& options = {}) {
  const Training training = training_of(settings);
  training.trainer->step();
  const Model model = read_model(save_checkpoint(training));
  const std::vector<ExportedFile> files = export_model(model, "onnx", options);
  REQUIRE(files.size() == 1);
  return Message({files[0].bytes.begin(), files[0].bytes.end()});
}

// A line for each operator: "Conv pixels conv1.weight conv1.bias → conv1 (pads 1 1 1 1)".
std::string nodes_of(const Message& graph) {
  std::string text;
  for (const std::string& bytes : graph.all(1)) {
    const Message node(bytes);
    text += node.one(4);
    for (const std::string& input : node.all(1)) text += " " + input;
    text += " → " + node.one(2);
    for (const std::string& inner : node.all(5)) {
      const Message attribute(inner);
      if (attribute.one(1) == "kernel_shape" || attribute.one(1) == "strides") continue;
      std::string value = attribute.list(3) + attribute.list(8);
      if (!attribute.list(2).empty()) {
        const auto bits = static_cast<std::uint32_t>(*parse_whole(attribute.list(2)));
        value = number_text(std::bit_cast<float>(bits));
      }
      text += " (" + attribute.one(1) + " " + value + ")";
    }
    text += "\n";
  }
  return text;
}

// "pixels batch 1 6 6".
std::string port_of(const std::string& bytes) {
  const Message port(bytes);
  const Message tensor(Message(port.one(2)).one(1));
  CHECK(tensor.list(1) == "1");
  std::string text = port.one(1);
  for (const std::string& dimension : Message(tensor.one(2)).all(1)) {
    const Message extent(dimension);
    text += " " + extent.list(1) + (extent.all(2).empty() ? "" : extent.one(2));
  }
  return text;
}

}  // namespace

TEST_CASE("protobuf has the bytes that its specification says", "[onnx]") {
  ProtobufMessage message;
  message.whole(1, 150).text(2, "testing").number(3, 1).whole(16, -1);
  const std::vector<std::uint8_t> expected{0x08, 0x96, 0x01,  // 150
                                           0x12, 7,    't',  'e',  's',  't',  'i',  'n',  'g',  //
                                           0x1D, 0,    0,    0x80, 0x3F,  // 1.0f
                                           0x80, 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                           0xFF, 0xFF, 0x01};
  CHECK_THAT(message.bytes(), Catch::Equals(expected));
}

TEST_CASE("an ONNX file has the operators of the net", "[onnx]") {
  const Message file = onnx_of({{"net",
                                 "conv 2 3x3 pad 1, batchnorm, leakyrelu 0.2, avgpool 2, "
                                 "dropout 0.5, silu, dense 4 no bias, sigmoid, dense classes"},
                                {"normalize", "true"}},
                               {.softmax = true});
  CHECK(file.list(1) == "7");
  const Message opset(file.one(8));
  CHECK((opset.one(1).empty() && opset.list(2) == "13"));
  const Message graph(file.one(7));
  CHECK(nodes_of(graph) ==
        "Sub pixels mean → centered\n"
        "Div centered deviation → normalized\n"
        "Conv normalized conv1.weight → conv1 (pads 1 1 1 1)\n"
        "BatchNormalization conv1 batchnorm1.weight batchnorm1.bias batchnorm1.running_mean "
        "batchnorm1.running_var → batchnorm1 (epsilon 1e-05)\n"
        "LeakyRelu batchnorm1 → leakyrelu1 (alpha 0.2)\n"
        "AveragePool leakyrelu1 → avgpool1\n"
        "Neg avgpool1 → silu1/sigmoid/negative\n"
        "Softplus silu1/sigmoid/negative → silu1/sigmoid/softplus\n"
        "Neg silu1/sigmoid/softplus → silu1/sigmoid/logarithm\n"
        "Exp silu1/sigmoid/logarithm → silu1/sigmoid\n"
        "Mul avgpool1 silu1/sigmoid → silu1\n"
        "Flatten silu1 → flatten1\n"
        "Gemm flatten1 dense1.weight → dense1 (transB 1)\n"
        "Neg dense1 → sigmoid1/negative\n"
        "Softplus sigmoid1/negative → sigmoid1/softplus\n"
        "Neg sigmoid1/softplus → sigmoid1/logarithm\n"
        "Exp sigmoid1/logarithm → sigmoid1\n"
        "Gemm sigmoid1 dense2.weight dense2.bias → dense2 (transB 1)\n"
        "Softmax dense2 → probabilities (axis -1)\n");
  CHECK(port_of(graph.one(11)) == "pixels batch 1 6 6");
  CHECK(port_of(graph.one(12)) == "probabilities batch 3");
}

TEST_CASE("an ONNX file has the numbers of the net in PyTorch's layout", "[onnx]") {
  const Training training =
      training_of({{"net", "dense 5, relu, dense classes"}, {"normalize", "true"}});
  training.trainer->step();
  Model model = read_model(save_checkpoint(training));
  model.class_names = {"left", "\"mid\"", "réal"};
  const std::vector<ExportedFile> files =
      export_model(model, "onnx", {.stem = "dots", .normalization = false});
  CHECK(files[0].name == "dots.onnx");
  const Message file({files[0].bytes.begin(), files[0].bytes.end()});
  const Message graph(file.one(7));
  CHECK(port_of(graph.one(11)) == "normalized_pixels batch 1 6 6");
  CHECK(port_of(graph.one(12)) == "logits batch 3");
  std::map<std::string, std::string> shapes;
  for (const std::string& bytes : graph.all(5)) {
    const Message tensor(bytes);
    shapes[tensor.one(8)] = tensor.list(1);
    CHECK(tensor.list(2) == "1");
    if (tensor.one(8) != "dense2.weight") continue;
    Real second = 0;
    std::memcpy(&second, tensor.one(9).data() + sizeof second, sizeof second);
    CHECK(second == model.tensor("dense2.weight").values[3]);
  }
  CHECK((shapes == std::map<std::string, std::string>{{"dense1.weight", "5 36"},
                                                      {"dense1.bias", "5"},
                                                      {"dense2.weight", "3 5"},
                                                      {"dense2.bias", "3"}}));
  std::map<std::string, std::string> texts;
  for (const std::string& bytes : file.all(14)) {
    texts[Message(bytes).one(1)] = Message(bytes).one(2);
  }
  CHECK(texts["net"] == model.net);
  CHECK(texts["class_names"] == "[\"left\",\"\\u0022mid\\u0022\",\"réal\"]");
  CHECK(texts["input"].starts_with("[batch, 1, 6, 6]: pixels from 0 to 1"));
  CHECK(texts["input"].find(", normalized: (x - 0.") != std::string::npos);
}

TEST_CASE("what was trained on plain pixels takes them with and without normalization", "[onnx]") {
  for (const bool normalization : {true, false}) {
    const Message file =
        onnx_of({{"net", "dense classes"}}, {.normalization = normalization, .softmax = true});
    const Message graph(file.one(7));
    CHECK(nodes_of(graph) ==
          "Flatten pixels → flatten1\n"
          "Gemm flatten1 dense1.weight dense1.bias → dense1 (transB 1)\n"
          "Softmax dense1 → probabilities (axis -1)\n");
  }
}

TEST_CASE("every value of an ONNX graph is made before it is used, and once", "[onnx]") {
  const Message file = onnx_of(
      {{"net",
        "conv 2 3x3, gelu, pool 2, gelu, globalpool, softplus, tanh, dense classes, softmax"}});
  const Message graph(file.one(7));
  std::map<std::string, int> made;
  const auto make = [&](const std::string& name) { CHECK(++made[name] == 1); };
  make(Message(graph.one(11)).one(1));
  for (const std::string& bytes : graph.all(5)) make(Message(bytes).one(8));
  for (const std::string& bytes : graph.all(1)) {
    const Message node(bytes);
    for (const std::string& input : node.all(1)) {
      CAPTURE(input);
      CHECK(made[input] == 1);
    }
    make(node.one(2));
  }
  CHECK(made[Message(graph.one(12)).one(1)] == 1);
}

TEST_CASE("a layer that a format has no words for is refused by name", "[onnx][tfjs]") {
  Model model = read_model(save_checkpoint(training_of({})));
  model.layers[1] = {.name = "attention1", .kind = "Attention", .input = {36}, .output = {36}};
  for (const char* format : {"onnx", "tfjs"}) {
    CHECK(error_of([&] { export_model(model, format); }) ==
          str("Unsupported: ", format, ": no words for Attention, the layer attention1"));
  }
}

}  // namespace lanegrad::test
