// Files of other programs: ONNX, npz, safetensors. The first byte of an input says which net they
// are meant for.
#include "engine/io/formats.h"
#include "engine/nets/predictor.h"
#include "tests/engine/io/foreign_files.h"
#include "tests/fuzz/fuzz.h"

namespace lanegrad::fuzz {

std::vector<Bytes> seeds() {
  std::vector<Bytes> all;
  const auto& files = test::foreign_files();
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (files[i].x.empty()) continue;  // it is refused
    Bytes& seed = all.emplace_back(Bytes{static_cast<std::uint8_t>(i)});
    seed.insert(seed.end(), files[i].bytes.begin(), files[i].bytes.end());
  }
  return all;
}

void take(std::span<const std::uint8_t> input) {
  if (input.empty()) return;
  const auto& files = test::foreign_files();
  const test::ForeignFile& file = files[input[0] % files.size()];
  const Model model =
      import_model(input.subspan(1), file.name, {.net = file.net, .sample = file.sample});
  for (const ModelTensor& tensor : model.tensors) {
    require(std::ssize(tensor.values) == tensor.shape.size(), "a tensor has other values");
  }
  if (model.sample.size() > 4096) return;
  const Predictor predictor(model);
  std::vector<Index> extents{2};
  for (const Index extent : model.sample.extents()) extents.push_back(extent);
  const NdArray y = predictor.predict(NdArray::zeros(Shape(extents)));
  require(y.size() == 2 * model.outputs, "it gives another number of answers");
  // What was taken can be written.
  export_model(model, "safetensors");
}

}  // namespace lanegrad::fuzz
