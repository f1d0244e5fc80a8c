// The module behind lanegrad/predict: one net of an instance, whose answers come from its file
// alone. JavaScript calls these functions as they are, and wasm/src/predict/instance.ts is the
// other side.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/error.h"
#include "engine/ndarray/reduce.h"
#include "engine/ndarray/softmax.h"
#include "engine/nets/model_file.h"
#include "engine/nets/predictor.h"
#include "wasm/plain/failures.h"
#include "wasm/plain/json_lists.h"

namespace lanegrad {

namespace {

// The samples of a batch. It is that of a trainer, so that answers have the same bits.
constexpr Index kBatch = 256;
// The most numbers that a batch holds, of one sample at least.
constexpr Index kBatchNumbers = Index{1} << 22;

struct Net {
  explicit Net(const Model& model);

  Predictor predictor;
  bool has_classes;
  Index batch;
  Shape sample;
  // What JavaScript is told of the net, as JSON.
  std::string about;
  // The inputs of a batch, as numbers or as pixels.
  NdArray numbers;
  std::vector<std::uint8_t> pixels;
  NdArray answers;
};

std::optional<Net> net;
std::vector<std::uint8_t> written;
Failures failures("OutOfMemory\nengine: there is not enough memory for this",
                  "Internal\nengine: an exception that nobody expected");

void append(std::string& out, const Shape& shape) {
  for (int axis = 0; axis < shape.rank(); ++axis) out += str(axis > 0 ? "," : "[", shape[axis]);
  out += ']';
}

std::string about(const Model& model, Index batch) {
  std::string out = "{\"text\":";
  append_json(out, model.net);
  out += ",\"sampleShape\":";
  append(out, model.sample);
  out += str(",\"outputs\":", model.outputs, ",\"batch\":", batch,
             ",\"hasClasses\":", model.has_classes ? "true" : "false", ",\"classNames\":");
  append_texts(out, model.class_names);
  out += ",\"layers\":";
  append_list(out, model.layers, [&](const ModelLayer& layer) {
    out += "{\"name\":";
    append_json(out, layer.name);
    out += ",\"kind\":";
    append_json(out, layer.kind);
    out += ",\"output\":";
    append(out, layer.output);
    Index parameters = 0;
    for (const TensorPlace& place : tensors_of(layer)) parameters += place.shape.size();
    out += str(",\"parameters\":", parameters, "}");
  });
  return out + "}";
}

Net::Net(const Model& model)
    : predictor(model),
      has_classes(model.has_classes),
      batch(std::clamp(kBatchNumbers / model.sample.size(), Index{1}, kBatch)),
      sample(model.sample),
      about(lanegrad::about(model, batch)) {}

Shape batch_of(Index samples, const Shape& sample) {
  return sample.rank() == 1 ? Shape{samples, sample[0]}
                            : Shape{samples, sample[0], sample[1], sample[2]};
}

// The net might answer what is not finite as if nothing were wrong.
void require_finite(const NdArray& x, Index first) {
  if (all_finite(x)) return;
  const Index size = x.size() / x.shape()[0];
  Index place = 0;
  while (std::isfinite(x.data()[place])) ++place;
  fail(ErrorCode::InvalidArgument, "predict: input ", place % size, " of sample ",
       first + place / size, " is ", x.data()[place], ", expected finite numbers");
}

}  // namespace

extern "C" {

// The failure of the last call, which is forgotten then; null where there was none.
[[clang::export_name("failure")]] const char* lanegrad_failure() { return failures.take(); }

// Memory for a file; null where there is none.
[[clang::export_name("allocate")]] void* lanegrad_allocate(std::size_t size) {
  return std::malloc(size);
}

[[clang::export_name("release")]] void lanegrad_release(void* memory) { std::free(memory); }

// Reads the net of a file. Returns what it is, as JSON; null where it fails.
[[clang::export_name("open")]] const char* lanegrad_open(const std::uint8_t* file,
                                                         std::size_t size) {
  return failures.caught([=]() -> const char* {
    net.reset();
    net.emplace(read_model({file, size}));
    return net->about.c_str();
  });
}

// Where JavaScript writes the inputs of a batch: pixels as bytes, or else numbers.
[[clang::export_name("input")]] void* lanegrad_input(bool pixels) {
  return failures.caught([=]() -> void* {
    const Index size = net->batch * net->predictor.inputs();
    if (pixels) {
      net->pixels.resize(static_cast<std::size_t>(size));
      return net->pixels.data();
    }
    if (net->numbers.size() != size) {
      net->numbers = NdArray();
      net->numbers = NdArray::uninitialized(batch_of(net->batch, net->sample));
    }
    return net->numbers.mutable_data();
  });
}

// The answers to the first samples of the batch that was written there: probabilities where the
// net has classes. `first` is the number that the first of them has in messages.
[[clang::export_name("answer")]] const float* lanegrad_answer(bool pixels, std::uint32_t count,
                                                              std::uint32_t first) {
  return failures.caught([=]() -> const float* {
    const auto samples = static_cast<Index>(count);
    const auto bytes = static_cast<std::size_t>(samples * net->predictor.inputs());
    NdArray x;
    if (!pixels) {
      x = net->numbers.rows(0, samples);
      require_finite(x, static_cast<Index>(first));
    }
    NdArray y = pixels ? net->predictor.predict(std::span(net->pixels).first(bytes))
                       : net->predictor.predict(x);
    net->answers = net->has_classes ? softmax(y) : std::move(y);
    return net->answers.data();
  });
}

// Writes a file of the net that another one holds, with numbers of 16 bits. Returns the file, whose
// size written_size() says; null where it fails.
[[clang::export_name("compact")]] const std::uint8_t* lanegrad_compact(const std::uint8_t* file,
                                                                       std::size_t size) {
  return failures.caught([=]() -> const std::uint8_t* {
    written = write_model(read_model({file, size}), true);
    return written.data();
  });
}

[[clang::export_name("written_size")]] std::size_t lanegrad_written_size() {
  return written.size();
}

}  // extern "C"

}  // namespace lanegrad
