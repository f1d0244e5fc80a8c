// One row for each kind of file.
#include "engine/io/strangers.h"

#include <algorithm>
#include <string>

#include "engine/core/error.h"

namespace lanegrad {

namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t kAnywhere = 0xFFFF;  // in the first 64 KB

struct Stranger {
  std::size_t at;
  std::string_view magic;
  std::string_view kind;
  // How it becomes pictures and a table that are read; $ stands for the file's name.
  std::string_view to_pictures;
  std::string_view to_table;
};

constexpr std::string_view kH5 =
    "in Python, `import h5py, numpy; f = h5py.File('$')` and `numpy.savez('pictures.npz', "
    "**{k: f[k][()] for k in f})`";
constexpr std::string_view kH5Table =
    "in Python, `import pandas` and `pandas.read_hdf('$').to_csv('table.csv', index=False)`";
constexpr std::string_view kPickle =
    "in Python, for a file that you trust, `import pickle, numpy; d = pickle.load(open('$', 'rb'), "
    "encoding='latin1')` and `numpy.savez('pictures.npz', images=d['data'], labels=d['labels'])`";
constexpr std::string_view kPickleTable =
    "in Python, for a file that you trust, `import pandas` and "
    "`pandas.DataFrame(pandas.read_pickle('$')).to_csv('table.csv', index=False)`";
constexpr std::string_view kTorch =
    "in Python, for a file that you trust, `import torch, numpy; x, y = torch.load('$')[:2]` and "
    "`numpy.savez('pictures.npz', images=x.numpy(), labels=y.numpy())`";
constexpr std::string_view kTorchTable =
    "in Python, for a file that you trust, `import torch, pandas` and "
    "`pandas.DataFrame(torch.load('$').numpy()).to_csv('table.csv', index=False)`";
constexpr std::string_view kWeights =
    "open it where a net's weights are loaded, and bring the pictures that it was trained with";
constexpr std::string_view kWeightsTable =
    "open it where a net's weights are loaded, and bring the table that it was trained with";
constexpr std::string_view kUnpack = "unpack it, and bring what is in it";
constexpr std::string_view kSheet =
    "in the spreadsheet's program, “Save as” or “Export” with the type CSV";
constexpr std::string_view kAgain = "download the file itself and bring that";

constexpr Stranger kStrangers[] = {
    {512, "\x89HDF\r\n\x1A\n", "a MATLAB file of version 7.3, which is HDF5", kH5, kH5Table},
    {0, "\x89HDF\r\n\x1A\n", "an HDF5 file", kH5, kH5Table},
    {0, "MATLAB 5.0 MAT-file", "a MATLAB file",
     "in Python, `import scipy.io, numpy; d = scipy.io.loadmat('$')` and "
     "`numpy.savez('pictures.npz', images=d['X'], labels=d['y'])`, with the names of `print(d)`",
     "in MATLAB, `load('$')` and `writetable(T, 'table.csv')`, with the name of your table"},
    {0, "PAR1", "a Parquet file",
     "in Python, `import pandas; d = pandas.read_parquet('$')` and `d.to_csv('pictures.csv', "
     "index=False)`, where each column is a pixel",
     "in Python, `import pandas` and `pandas.read_parquet('$').to_csv('table.csv', index=False)`"},
    {0, "ARROW1", "an Arrow file",
     "in Python, `import pandas; d = pandas.read_feather('$')` and `d.to_csv('pictures.csv', "
     "index=False)`, where each column is a pixel",
     "in Python, `import pandas` and `pandas.read_feather('$').to_csv('table.csv', index=False)`"},
    {0,
     std::string_view("\xFD"
                      "7zXZ\0",
                      6),
     "packed with xz", "unpack it with `xz --decompress --keep $`, and bring what comes of it",
     "unpack it with `xz --decompress --keep $`, and bring what comes of it"},
    {0, "BZh", "packed with bzip2",
     "unpack it with `bzip2 --decompress --keep $`, and bring what comes of it",
     "unpack it with `bzip2 --decompress --keep $`, and bring what comes of it"},
    {0, "7z\xBC\xAF\x27\x1C", "a 7-Zip archive", kUnpack, kUnpack},
    {0, "Rar!", "a RAR archive", kUnpack, kUnpack},
    {0, "\x28\xB5\x2F\xFD", "packed with Zstandard",
     "unpack it with `zstd --decompress $`, and bring what comes of it",
     "unpack it with `zstd --decompress $`, and bring what comes of it"},
    {0, "%PDF", "a PDF document",
     "export its pictures as PNG, one folder per class, and bring the folder",
     "copy its table into a spreadsheet's program, and save it there as CSV"},
    {0, std::string_view("SQLite format 3\0", 16), "an SQLite database", "",
     "with `sqlite3 -header -csv $ 'SELECT * FROM name' > table.csv`, with the table's name"},
    {4, "TFL3", "a net of TensorFlow Lite, weights without a training", kWeights, kWeightsTable},
    {0, "GGUF", "a GGUF file, weights without a training", kWeights, kWeightsTable},
    {8, "{\"", "a safetensors file, weights without a training", kWeights, kWeightsTable},
    {0, "version https://git-lfs", "a pointer of Git LFS in the place of a file", kAgain, kAgain},
    {0, "<!DOCTYPE html", "a web page", kAgain, kAgain},
    {0, "<!doctype html", "a web page", kAgain, kAgain},
    {0, "<html", "a web page", kAgain, kAgain},
    {0, "{", "JSON", "",
     "in Python, `import pandas` and `pandas.read_json('$').to_csv('table.csv', index=False)`"},
    {0, "[{", "JSON", "",
     "in Python, `import pandas` and `pandas.read_json('$').to_csv('table.csv', index=False)`"},
};

// Zip archives by the names of files in them, which stand there as they are.
constexpr Stranger kArchives[] = {
    {kAnywhere, "data.pkl", "pickled by PyTorch, which can run programs when it is opened", kTorch,
     kTorchTable},
    {kAnywhere, "model.weights.h5", "a net of Keras, weights without a training", kWeights,
     kWeightsTable},
    {kAnywhere, "xl/workbook.xml", "an Excel workbook", kSheet, kSheet},
    {kAnywhere, "application/vnd.oasis.opendocument", "an OpenDocument file", kSheet, kSheet},
    {kAnywhere, ".weight.npy", "a net's weights, without a training", kWeights, kWeightsTable},
};

constexpr Stranger kPickled = {0, "", "pickled, which can run programs when it is opened", kPickle,
                               kPickleTable};
constexpr Stranger kOnnx = {0, "", "an ONNX net, weights without a training", kWeights,
                            kWeightsTable};
constexpr Stranger kText = {0, "", "plain text",
                            "a CSV has a picture in each row: its label, then its pixels", ""};

bool stands(Bytes bytes, std::size_t at, std::string_view text) {
  return bytes.size() >= at + text.size() &&
         std::equal(text.begin(), text.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at),
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

bool contains(Bytes bytes, std::string_view text) {
  return std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()).find(text) !=
         std::string_view::npos;
}

// Protocol 2 and later say so; protocol 0 begins with a list or a dictionary in the same words.
bool is_pickle(Bytes bytes) {
  return (bytes.size() > 2 && bytes[0] == 0x80 && bytes[1] >= 2 && bytes[1] <= 5) ||
         stands(bytes, 0, "(dp") || stands(bytes, 0, "(lp") || stands(bytes, 0, "cnumpy") ||
         stands(bytes, 0, "ccopy_reg");
}

bool is_text(Bytes bytes) {
  return !bytes.empty() && std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) {
    return byte >= 0x20 || byte == '\t' || byte == '\n' || byte == '\r';
  });
}

const Stranger* find_stranger(Bytes all, std::string_view name) {
  const Bytes bytes = all.first(std::min(all.size(), kAnywhere));
  if (stands(bytes, 0, "PK\x03\x04")) {
    for (const Stranger& stranger : kArchives) {
      if (contains(bytes, stranger.magic)) return &stranger;
    }
    return nullptr;
  }
  for (const Stranger& stranger : kStrangers) {
    if (stands(bytes, stranger.at, stranger.magic)) return &stranger;
  }
  if (is_pickle(bytes)) return &kPickled;
  if (name.ends_with(".onnx") || (stands(bytes, 0, "\x08") && contains(bytes, "onnx")))
    return &kOnnx;
  return is_text(bytes) ? &kText : nullptr;
}

}  // namespace

void refuse_stranger(Bytes bytes, std::string_view name, Wanted wanted, std::string_view expected) {
  const Stranger* const stranger = find_stranger(bytes, name);
  const bool pictures = wanted == Wanted::Pictures;
  if (!stranger || (stranger == &kText && !pictures)) return;
  std::string how;
  const std::string_view base = name.substr(name.find_last_of('/') + 1);
  for (const char letter : pictures ? stranger->to_pictures : stranger->to_table) {
    if (letter == '$') {
      how += base.substr(0, 200);
    } else {
      how += letter;
    }
  }
  fail(ErrorCode::Unsupported, pictures ? "pictures: " : "table: ", name.substr(0, 200), " is ",
       stranger->kind, ", expected ", expected, how.empty() ? "" : ": ", how);
}

}  // namespace lanegrad
