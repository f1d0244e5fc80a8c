#include "engine/io/safetensors.h"

#include <algorithm>

#include "tests/engine/io/safetensors_files.h"
#include "tests/fuzz/fuzz.h"

namespace lanegrad::fuzz {

std::vector<Bytes> seeds() {
  const std::string_view spaces =
      R"({"b" : {"dtype":"F64","shape":[2],"data_offsets":[8, 24]} , "a":{"data_offsets":[0,8],"shape":[2,2],"dtype":"BF16"}}   )";
  return {
      test::example(),
      test::file("{}"),
      test::file(R"({"__metadata__":{"format":"pt"}})"),
      test::file(R"({"w":{"dtype":"F16","shape":[1,2,3],"data_offsets":[0,12]}})", 12),
      test::file(spaces, 24),
  };
}

void take(std::span<const std::uint8_t> input) {
  const Safetensors content = parse_safetensors(input);
  for (const StateView& tensor : content.tensors) {
    const auto size = static_cast<std::size_t>(tensor.shape.size() * dtype_size(tensor.dtype));
    require(tensor.bytes.size() == size, "a tensor's bytes are not its shape's");
  }
  // What is written of it is the same.
  const Bytes written = write_safetensors(content);
  const Safetensors again = parse_safetensors(written);
  require(again.metadata == content.metadata, "its texts are others when they are written");
  require(again.tensors.size() == content.tensors.size(), "tensors are lost in writing");
  for (const StateView& tensor : content.tensors) {
    const StateView* same = again.tensor(tensor.name);
    require(same != nullptr && same->dtype == tensor.dtype && same->shape == tensor.shape &&
                std::equal(same->bytes.begin(), same->bytes.end(), tensor.bytes.begin(),
                           tensor.bytes.end()),
            "a tensor is another one when it is written");
  }
}

}  // namespace lanegrad::fuzz
