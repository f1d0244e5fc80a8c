// Files that are not read are named, with the way to turn them into what is read.
#include "engine/io/strangers.h"

#include "tests/engine/catch.h"
#include "tests/engine/io/picture_files.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

TEST_CASE("each kind of stranger has its own sentence", "[strangers]") {
  const Bytes content(3, 1);
  const ZipEntry torch[] = {{"archive/data.pkl", content}};
  const ZipEntry excel[] = {{"xl/workbook.xml", content}};
  Bytes matlab73 = bytes_of("MATLAB 7.3 MAT-file");
  matlab73.resize(512);
  append(matlab73, bytes_of("\x89HDF\r\n\x1a\n"));
  const struct {
    std::string name;
    Bytes bytes;
    std::string kind;
    std::string how;
  } kinds[] = {
      {"a.h5", bytes_of("\x89HDF\r\n\x1a\n"), "an HDF5 file", "h5py.File('a.h5')"},
      {"a.mat", matlab73, "a MATLAB file of version 7.3, which is HDF5", "h5py"},
      {"a.mat", bytes_of("MATLAB 5.0 MAT-file"), "a MATLAB file", "scipy.io.loadmat('a.mat')"},
      {"a.pkl", {0x80, 4, 1}, "pickled, which can run programs when it is opened", "pickle.load"},
      {"a.pt", write_zip(torch), "pickled by PyTorch, which can run programs when it is opened",
       "torch.load('a.pt')"},
      {"a.parquet", bytes_of("PAR1"), "a Parquet file", "read_parquet('a.parquet')"},
      {"a.xz", {0xFD, '7', 'z', 'X', 'Z', 0}, "packed with xz", "xz --decompress --keep a.xz"},
      {"a.bz2", bytes_of("BZh9"), "packed with bzip2", "bzip2 --decompress --keep a.bz2"},
      {"a.pdf", bytes_of("%PDF-1.7"), "a PDF document", "PNG"},
      {"a.onnx", {8, 7}, "an ONNX net, weights without a training", "net's weights"},
      {"a.xlsx", write_zip(excel), "an Excel workbook", "CSV"},
  };
  for (const auto& stranger : kinds) {
    const auto& [name, bytes, kind, how] = stranger;
    CAPTURE(name, kind);
    const auto said_of = [&stranger](const Bytes& some, Wanted wanted, std::string_view expected) {
      return error_of([&] { refuse_stranger(some, stranger.name, wanted, expected); });
    };
    const std::string error = said_of(bytes, Wanted::Pictures, "pictures");
    CHECK(error.starts_with(
        str("Unsupported: pictures: ", name, " is ", kind, ", expected pictures: ")));
    CHECK(error.find(how) != std::string::npos);
    const std::string table = said_of(bytes, Wanted::Table, "CSV");
    CHECK(table.starts_with(str("Unsupported: table: ", name, " is ", kind, ", expected CSV: ")));
    // Cut anywhere, it is another file or none that is known.
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      const Bytes cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
      const std::string said = said_of(cut, Wanted::Table, "CSV");
      CHECK((said == "no error" || said.starts_with("Unsupported: table: ")));
    }
  }
}

TEST_CASE("plain text is a stranger among pictures, and none among tables", "[strangers]") {
  const Bytes text = bytes_of("a;b\n1;2\n");
  CHECK(error_of([&] { refuse_stranger(text, "a.csv", Wanted::Table, "CSV"); }) == "no error");
  CHECK(
      error_of([&] { refuse_stranger(text, "a.csv", Wanted::Pictures, "IDX"); }) ==
      "Unsupported: pictures: a.csv is plain text, expected IDX: a CSV has a picture in each row: "
      "its label, then its pixels");
}

}  // namespace lanegrad::test
