// What a web page answers with: nets without their training.
#include "engine/nets/model_file.h"
#include "engine/nets/predictor.h"
#include "tests/engine/io/foreign_files.h"
#include "tests/fuzz/fuzz.h"

namespace lanegrad::fuzz {

std::vector<Bytes> seeds() {
  std::vector<Bytes> all;
  for (const test::ForeignFile& file : test::foreign_files()) {
    if (file.x.empty()) continue;
    const Model model = test::import_of(file);
    all.push_back(write_model(model));
    all.push_back(write_model(model, true));
  }
  return all;
}

void take(std::span<const std::uint8_t> input) {
  const Model model = read_model(input);
  const Bytes written = write_model(model);
  require(write_model(read_model(written)) == written, "what is written of it is read otherwise");
  if (model.sample.size() > 4096) return;
  std::vector<Index> extents{1};
  for (const Index extent : model.sample.extents()) extents.push_back(extent);
  const NdArray y = Predictor(model).predict(NdArray::zeros(Shape(extents)));
  require(y.size() == model.outputs, "it gives another number of answers");
}

}  // namespace lanegrad::fuzz
