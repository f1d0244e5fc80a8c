// Nets of files that PyTorch, numpy and onnx wrote.
#include "tests/engine/io/foreign_files.h"

#include "engine/io/safetensors.h"
#include "engine/nets/model_file.h"

namespace lanegrad::test {

TEST_CASE("nets of other programs' files answer as they do there", "[import]") {
  std::size_t answering = 0;
  for (const ForeignFile& file : foreign_files()) {
    if (file.y.empty()) continue;
    ++answering;
    CAPTURE(file.name);
    const Model model = import_of(file);
    CHECK(model.sample == file.sample);
    const NdArray answers = answers_of(model, file.x);
    REQUIRE(values(answers).size() == file.y.size());
    const NdArray expected = NdArray::from(answers.shape(), file.y);
    CHECK(relative_error(answers, expected, 0.1) < 1e-5);
    // And from the file that is written of it.
    const Model again = read_model(write_model(model));
    CHECK(again.net == model.net);
    CHECK((again.mean == model.mean && again.deviation == model.deviation));
    CHECK(values(answers_of(again, file.x)) == values(answers));
  }
  CHECK(answering == 12);
}

TEST_CASE("the graph of an ONNX file says its net", "[import]") {
  const auto net_of = [](std::string_view name) { return import_of(foreign_file(name)).net; };
  CHECK(net_of("torch.onnx") ==
        "conv 3 3x3 pad 1, relu, pool 2, conv 2 2x2, gelu, dense 4, silu, dense classes");
  CHECK(net_of("torch-normalized.onnx") == "dense 3, leakyrelu 0.2, dense classes");
  CHECK(net_of("torch-pools.onnx") ==
        "conv 2 3x3 stride 2 pad 1, softplus, avgpool 2 stride 1, globalpool, dense 3, "
        "batchnorm, sigmoid, dense classes");
  CHECK(net_of("torch-unfolded.onnx") ==
        "conv 2 3x3 stride 2 pad 1 bias, batchnorm, softplus, avgpool 2 stride 1, globalpool, "
        "dense 3, batchnorm, sigmoid, dense classes");
  CHECK(net_of("helper.onnx") ==
        "dense 4 bias, batchnorm, sigmoid, dropout 0.25, dense classes no bias");
  const Model normalized = import_of(foreign_file("torch-normalized.onnx"));
  CHECK(static_cast<float>(normalized.mean[0]) == 0.1307F);
  CHECK(static_cast<float>(normalized.deviation[0]) == 0.3081F);
}

TEST_CASE("pickled files are refused with what turns them into others", "[import]") {
  for (const char* name : {"torch.pt", "torch-old.pt"}) {
    const std::string error = error_of([&] { import_of(foreign_file(name)); });
    CHECK(error == str("Unsupported: import: ", name,
                       " is pickled, which can run programs when it is opened, expected "
                       "safetensors, npz or ONNX: in Python, `import torch, safetensors.torch` and "
                       "`safetensors.torch.save_file(torch.load('",
                       name,
                       "', map_location='cpu'), 'net.safetensors')`, or `import torch, numpy` and "
                       "`numpy.savez('net.npz', **{k: v.numpy() for k, v in torch.load('",
                       name, "', map_location='cpu').items()})`"));
  }
}

TEST_CASE("what else people have is refused by its name", "[import]") {
  const auto refusal = [](std::string text, std::string_view name = "it") {
    return error_of([&] { import_model(Bytes(text.begin(), text.end()), name); });
  };
  CHECK(refusal("\x89HDF\r\n\x1a\n") ==
        "Unsupported: import: it is an HDF5 file, as Keras saves, expected safetensors, npz or "
        "ONNX");
  CHECK(refusal("\x1c\0\0\0TFL3").starts_with("CorruptData: import: it is no file of a net"));
  CHECK(refusal(std::string("\x1c\0\0\0TFL3", 8)).find("a TensorFlow Lite file") !=
        std::string::npos);
  CHECK(refusal("GGUF\x03").find("a GGUF file") != std::string::npos);
  CHECK(refusal("{\"format\":\"layers-model\"}").find("a JSON file") != std::string::npos);
  CHECK(refusal("\x93NUMPY\x01").find("a single array") != std::string::npos);
  CHECK(refusal("hello") ==
        "CorruptData: import: it is no file of a net, expected safetensors, npz or ONNX or a "
        "checkpoint");
  CHECK(refusal("", "").starts_with("CorruptData: import: the file is no file of a net"));
  CHECK(refusal("hello", "a.onnx").starts_with("CorruptData: onnx: "));
  CHECK(error_of([&] { import_of(foreign_file("hardswish.onnx")); })
            .starts_with("Unsupported: onnx: the HardSwish '/1/HardSwish' has no equal in net "
                         "texts, expected Conv, "));
  CHECK(error_of([&] {
          import_of(foreign_file("residual.onnx"));
        }).starts_with("Unsupported: onnx: the Add '/Add' has no equal in net texts, "));
}

TEST_CASE("a state_dict without a net asks for one", "[import]") {
  const ForeignFile& file = foreign_file("numpy.npz");
  CHECK(error_of([&] { import_model(file.bytes, "a.npz"); }) ==
        "InvalidArgument: import: a.npz holds weights and does not say what stands between them, "
        "expected the net's text, like 'dense 128, relu, dense classes'");
  CHECK(error_of([&] { import_model(file.bytes, "a.npz", {.net = file.net}); }) ==
        "InvalidArgument: import: a.npz does not say how large its images are, expected the shape "
        "of a sample");
}

TEST_CASE("every tensor that does not fit is named", "[import]") {
  const ForeignFile& file = foreign_file("numpy.npz");
  const auto refusal = [&](std::string_view net) {
    const std::string error =
        error_of([&] { import_model(file.bytes, "a.npz", {.net = net, .sample = file.sample}); });
    const std::string start = str("ShapeMismatch: import: a.npz does not fit the net ", net, ": ");
    return error.starts_with(start) ? error.substr(start.size()) : error;
  };
  CHECK(refusal("conv 3 3x3 pad 1, batchnorm, relu, pool 2, conv 2 2x2, gelu, dense 5, silu, dense "
                "classes") ==
        "'fc1.weight' of [4, 8], expected [5, 8] for dense1.weight; 'fc1.bias' of [4], expected "
        "[5] for dense1.bias; 'fc2.weight' of [3, 4], expected [3, 5] for dense2.weight");
  CHECK(refusal("conv 3 3x3 pad 1 bias, batchnorm, relu, pool 2, conv 2 2x2, gelu, dense 4, silu, "
                "dense classes") == "no bias of 'conv1', expected [3] for conv1.bias");
  CHECK(refusal("conv 3 3x3 pad 1 no bias, relu, pool 2, conv 2 2x2, gelu, dense 4, silu, dense "
                "classes") ==
        "'bn1.weight' of [3], expected none; 'bn1.bias' of [3], expected none; 'bn1.running_mean' "
        "of [3], expected none; 'bn1.running_var' of [3], expected none");
  CHECK(refusal("conv 3 3x3 pad 1, batchnorm, relu, pool 2, conv 2 2x2, gelu, dense 4, silu, dense "
                "3, silu, dense classes") ==
        "nothing for dense3.weight of [3, 3]; nothing for dense3.bias of [3]");
}

namespace {

// A state_dict as safetensors: names and shapes, with 1, 2, 3, … in each array.
Bytes state_dict_of(const std::vector<std::pair<std::string, Shape>>& arrays) {
  std::vector<std::vector<Real>> numbers;
  Safetensors file;
  for (const auto& [name, shape] : arrays) {
    auto& values = numbers.emplace_back();
    for (Index i = 0; i < shape.size(); ++i) values.push_back(static_cast<Real>(numbers.size()));
  }
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    file.tensors.push_back(state_view(arrays[i].first, arrays[i].second, numbers[i].data()));
  }
  return write_safetensors(file);
}

Real first_of(const Model& model, std::string_view name) { return model.tensor(name).values[0]; }

}  // namespace

TEST_CASE("layers of one shape are told apart by the numbers in their names", "[import]") {
  const auto import = [](const std::vector<std::pair<std::string, Shape>>& arrays) {
    return import_model(state_dict_of(arrays), "it",
                        {.net = "dense 2, relu, dense 2, relu, dense classes"});
  };
  const Shape square{2, 2};
  const Shape row{2};
  const Model model = import({{"layers.10.weight", square},
                              {"layers.10.bias", row},
                              {"layers.2.weight", square},
                              {"layers.2.bias", row},
                              {"head.weight", {3, 2}},
                              {"head.bias", {3}},
                              {"num_batches_tracked", {1}}});
  CHECK(first_of(model, "dense1.weight") == 3);
  CHECK(first_of(model, "bias1.bias") == 4);
  CHECK(first_of(model, "dense2.weight") == 1);
  CHECK(model.outputs == 3);
  CHECK(error_of([&] {
          import({{"first.weight", square},
                  {"first.bias", row},
                  {"second.weight", square},
                  {"second.bias", row},
                  {"head.weight",
                   { 3,
                     2 }},
                  { "head.bias",
                    { 3 } }});
        }) ==
        "ShapeMismatch: import: it does not fit the net dense 2, relu, dense 2, relu, dense "
        "classes: the file does not say whether 'first' or 'second', which have the same shapes, "
        "comes first, expected names that differ in a number, or names as in the net: dense1");
  // Our own names need no order.
  const Model own = import({{"dense3.weight", square},
                            {"dense3.bias", row},
                            {"dense1.weight", square},
                            {"dense1.bias", row},
                            {"dense2.weight", square},
                            {"dense2.bias", row}});
  CHECK(first_of(own, "dense3.weight") == 1);
  CHECK(first_of(own, "dense1.weight") == 3);
}

TEST_CASE("numbers that no net could have are refused by name", "[import]") {
  std::vector<Real> weight{1, std::numeric_limits<Real>::quiet_NaN()};
  Safetensors file;
  file.tensors = {state_view("fc.weight", {1, 2}, weight.data())};
  CHECK(error_of([&] {
          import_model(write_safetensors(file), "it", {.net = "dense classes no bias"});
        }) == "CorruptData: import: 'fc.weight' of it holds nan, expected finite numbers");
  const auto norm = [](Real variance) {
    std::vector<Real> values{1, 0, variance};
    Safetensors state;
    state.tensors = {state_view("0.running_mean", {1}, &values[1]),
                     state_view("0.running_var", {1}, &values[2]),
                     state_view("1.weight", {1, 1}, &values[0])};
    return import_model(write_safetensors(state), "it",
                        {.net = "batchnorm, dense classes no bias"});
  };
  // BatchNorm with affine=False.
  CHECK(first_of(norm(2), "batchnorm1.weight") == 1);
  CHECK(first_of(norm(2), "batchnorm1.bias") == 0);
  CHECK(error_of([&] { norm(-1); }) ==
        "CorruptData: import: '0.running_var' of it holds -1, expected variances of at least 0");
}

}  // namespace lanegrad::test
