// Graphs that no net is.
#include "engine/io/onnx_reader.h"
#include "tests/engine/io/foreign_files.h"

namespace lanegrad::test {

namespace {

// Fields of protobuf messages shorter than 128 bytes, and of longer ones.
std::string field(int number, const std::string& content) {
  std::string out(1, static_cast<char>(number << 3 | 2));
  for (std::size_t size = content.size();; size >>= 7) {
    if (size < 128) return out + static_cast<char>(size) + content;
    out += static_cast<char>(size | 128);
  }
}
std::string whole(int number, int value) {
  return {static_cast<char>(number << 3), static_cast<char>(value)};
}

std::string node(const std::string& op, const std::vector<std::string>& inputs,
                 const std::string& output) {
  std::string message;
  for (const std::string& input : inputs) message += field(1, input);
  return field(1, message + field(2, output) + field(4, op));
}
// An array of floats 0.
std::string array(const std::string& name, const std::vector<int>& extents) {
  std::string message;
  std::size_t size = sizeof(float);
  for (const int extent : extents) {
    message += whole(1, extent);
    size *= static_cast<std::size_t>(extent);
  }
  return field(5, message + whole(2, 1) + field(8, name) + field(9, std::string(size, '\0')));
}

std::string refusal(const std::string& nodes, int inputs = 3) {
  const std::string shape = field(1, field(2, "n")) + field(1, whole(1, inputs));
  const std::string input = field(1, "x") + field(2, field(1, whole(1, 1) + field(2, shape)));
  const std::string graph = nodes + field(11, input) + field(12, field(1, "y"));
  const std::string file = whole(1, 7) + field(7, graph) + field(8, whole(2, 13));
  return error_of([&] { read_onnx(Bytes(file.begin(), file.end())); });
}

}  // namespace

TEST_CASE("graphs that lead nowhere are refused", "[import][onnx]") {
  CHECK(refusal("") == "CorruptData: onnx: nothing gives 'y', expected an operator or the input");
  CHECK(refusal(node("Identity", {"x"}, "y")) ==
        "Unsupported: onnx: a graph without layers, expected those of a net");
  CHECK(refusal(node("Relu", {"x"}, "y")) == "no error");
  const std::string circle = node("Identity", {"b"}, "a") + node("Identity", {"a"}, "b");
  CHECK(refusal(circle + node("Identity", {"a"}, "y")) ==
        "CorruptData: onnx: operators that need one another in a circle, expected an order");
  CHECK(refusal(node("Tanh", {"y"}, "y")).starts_with("Unsupported: onnx: the Tanh '' has no "));
  CHECK(refusal(node("Add", {"y", "x"}, "y")).starts_with("Unsupported: onnx: the Add '' has no "));
  CHECK(refusal(node("Relu", {}, "y")) ==
        "Unsupported: onnx: the Relu '' has no input, expected one");
  CHECK(refusal(node("Relu", {"x"}, "y") + node("Tanh", {"x"}, "y")) ==
        "CorruptData: onnx: two operators that give 'y', expected one");
  CHECK(refusal(node("Gemm", {"x", "y"}, "y")) ==
        "Unsupported: onnx: the Gemm '' whose second input is no constant, expected weights");
}

TEST_CASE("weights that do not fit or are shared are refused", "[import][onnx]") {
  const std::string weight = array("w", {3, 3});
  CHECK(refusal(weight + node("Gemm", {"x", "w"}, "y")) == "no error");
  CHECK(refusal(weight + node("Gemm", {"x", "w"}, "y"), 4) ==
        "Unsupported: onnx: the Gemm '' for 3 numbers, on [4], expected as many");
  CHECK(refusal(weight + array("b", {2}) + node("Gemm", {"x", "w", "b"}, "y")) ==
        "Unsupported: onnx: the Gemm '' with a bias of other numbers than one for each output");
  // A matrix that 3000 layers share would fill the memory.
  std::string shared = array("w", {60, 60});
  for (int i = 0; i < 3000; ++i) {
    shared += node("Gemm", {i == 0 ? "x" : str(i - 1), "w"}, i == 2999 ? "y" : str(i));
  }
  CHECK(refusal(shared, 60) ==
        "Unsupported: onnx: weights that operators share, expected each in the file");
  std::string many;
  for (int i = 0; i < 5000; ++i) many += node("Relu", {"x"}, str(i));
  CHECK(refusal(many) == "Unsupported: onnx: more than 4096 operators, expected at most so many");
  // Numbers are promised that are not there.
  CHECK(refusal(field(5, whole(1, 127) + whole(1, 127) + whole(2, 1) + field(8, "w"))) ==
        "CorruptData: onnx: array 'w' with 0 numbers, expected 16129 for its shape");
}

}  // namespace lanegrad::test
