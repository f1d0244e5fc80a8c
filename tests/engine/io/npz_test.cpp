// Archives of arrays.
#include "engine/io/npz.h"

#include <string>

#include "engine/io/zip.h"
#include "engine/nets/model_file.h"
#include "tests/engine/training/checkpoints.h"

namespace lanegrad::test {

TEST_CASE("a zip archive has the bytes that its specification says", "[zip]") {
  const std::string text = "123456789";
  const Bytes content(text.begin(), text.end());
  const ZipEntry entry{"a", content};
  const Bytes zip = write_zip({&entry, 1});
  // The header of 30 bytes and the name, the file, the directory of 46 bytes and the name, the end
  // of 22.
  CHECK(zip.size() == 31 + 9 + 47 + 22);
  // The check value of this CRC, for "123456789".
  CHECK((zip[14] == 0x26 && zip[15] == 0x39 && zip[16] == 0xF4 && zip[17] == 0xCB));
  CHECK(std::string(zip.begin() + 31, zip.begin() + 40) == text);
  CHECK((zip[40] == 'P' && zip[41] == 'K' && zip[42] == 1 && zip[43] == 2));
}

TEST_CASE("an archive of arrays has PyTorch's names and layouts", "[npz]") {
  const Training training = training_of({{"net", "conv 2 3x3, batchnorm, dense classes"}});
  const Model model = read_model(save_checkpoint(training));
  const std::vector<ExportedFile> files = export_model(model, "npz", {.stem = "digits"});
  REQUIRE(files.size() == 1);
  CHECK(files[0].name == "digits.npz");
  const std::string bytes(files[0].bytes.begin(), files[0].bytes.end());
  for (const char* name :
       {"conv1.weight.npy", "batchnorm1.running_var.npy", "dense1.weight.npy", "dense1.bias.npy"}) {
    CAPTURE(name);
    CHECK(bytes.find(name) != std::string::npos);
  }
  const std::size_t header = bytes.find("'shape': (3, 32), }");
  REQUIRE(header != std::string::npos);
  const std::size_t begin = bytes.find('\n', header) + 1;
  Real second = 0;
  std::memcpy(&second, bytes.data() + begin + sizeof(Real), sizeof second);
  CHECK(second == model.tensor("dense1.weight").values[3]);
  CHECK((begin - bytes.rfind("\x93NUMPY", begin)) % 64 == 0);
}

TEST_CASE("an unknown format is refused with those that there are", "[formats]") {
  const Model model = read_model(save_checkpoint(training_of({})));
  CHECK(error_of([&] {
          export_model(model, "onyx");
        }).starts_with("NotFound: export: no format is called 'onyx', known are "));
}

}  // namespace lanegrad::test
