// The table of formats.
#include "engine/io/formats.h"

#include "engine/core/error.h"
#include "engine/io/npz.h"
#include "engine/io/onnx.h"
#include "engine/io/pytorch.h"
#include "engine/io/tfjs.h"

namespace lanegrad {

namespace {

constexpr Format kFormats[] = {
    {"npz", ".npz", write_npz},
    {"onnx", ".onnx", write_onnx},
    {"tfjs", ".json", write_tfjs},
    {"safetensors", ".safetensors", write_pytorch},
};

}  // namespace

std::span<const Format> formats() { return kFormats; }

std::vector<ExportedFile> export_model(const Model& model, std::string_view format,
                                       const ExportOptions& options) {
  std::string names;
  for (const Format& known : formats()) {
    if (known.name == format) return known.write(model, options);
    names += str(names.empty() ? "" : ", ", known.name);
  }
  fail(ErrorCode::NotFound, {.op = "export", .field = "format"}, "export: no format is called '",
       format, "', known are ", names);
}

}  // namespace lanegrad
