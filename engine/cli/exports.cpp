// Finds the format of a file's name, and writes the files of an export.
#include "engine/cli/exports.h"

#include <cstring>
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "engine/cli/files.h"
#include "engine/core/error.h"
#include "engine/io/formats.h"
#include "engine/io/safetensors.h"
#include "engine/nets/model_file.h"
#include "engine/training/checkpoint.h"
#include "engine/training/hand_over.h"

namespace lanegrad::cli {

namespace {

namespace fs = std::filesystem;

// The format with the longest ending that the file has.
const Format& format_of(const std::string& file) {
  const Format* found = nullptr;
  std::string endings;
  for (const Format& format : formats()) {
    endings += str(endings.empty() ? "" : ", ", format.ending);
    if (file.ends_with(format.ending) && (!found || found->ending.size() < format.ending.size()))
      found = &format;
  }
  if (!found)
    fail(ErrorCode::NotFound, "train: --export '", file,
         "', expected a file that ends with one of ", endings);
  return *found;
}

void write_files(const std::vector<ExportedFile>& files, const fs::path& folder,
                 const std::string& first, const Args& args, std::ostream& out) {
  std::string names;
  for (const ExportedFile& file : files) {
    const std::string& name = &file == files.data() ? first : file.name;
    write_file((folder / name).string(), file.bytes);
    names += str(names.empty() ? "" : ", ", (folder / name).string());
  }
  if (!args.json) out << "wrote " << names << std::endl;
}

Index count_of(const Safetensors& file, std::string_view name) {
  const StateView* entry = file.tensor(name);
  Index value = 0;
  if (entry && entry->bytes.size() == sizeof value)
    std::memcpy(&value, entry->bytes.data(), sizeof value);
  return value;
}

bool has_ended(std::span<const std::uint8_t> checkpoint) {
  const Safetensors file = parse_safetensors(checkpoint);
  return count_of(file, "stopped") != 0 ||
         count_of(file, "ended") >= checkpoint_recipe(checkpoint).epochs;
}

}  // namespace

void check_exports(const Args& args) {
  if (args.export_file.empty()) return;
  format_of(args.export_file);
  check_writable(args.export_file);
  for (const std::string& other : {args.resume, args.save}) {
    std::error_code none;
    if (!other.empty() &&
        (other == args.export_file || fs::equivalent(other, args.export_file, none)))
      fail(ErrorCode::InvalidArgument, "train: --export ", args.export_file,
           ", expected another file than the checkpoint");
  }
}

void write_exports(std::span<const std::uint8_t> checkpoint, const Args& args, std::ostream& out) {
  if (!args.export_file.empty()) {
    const Format& format = format_of(args.export_file);
    const fs::path path(args.export_file);
    const std::string name = path.filename().string();
    const ExportOptions options{.stem = name.substr(0, name.size() - format.ending.size())};
    write_files(format.write(read_model(checkpoint), options), path.parent_path(), name, args, out);
  }
  if (!args.export_pytorch.empty()) {
    const std::vector<ExportedFile> files =
        export_pytorch(checkpoint, fs::absolute(args.data).lexically_normal().string());
    std::error_code error;
    fs::create_directories(args.export_pytorch, error);
    if (error)
      fail(ErrorCode::InvalidState, "train: the folder ", args.export_pytorch, " cannot be made (",
           error.message(), "), expected one that can be written to");
    write_files(files, args.export_pytorch, files[0].name, args, out);
  }
}

bool export_resumed(const Args& args, std::ostream& out) {
  if (args.resume.empty() || !has_exports(args)) return false;
  const std::vector<std::uint8_t> checkpoint = read_file(args.resume, "a checkpoint");
  if (args.export_pytorch.empty() && !has_ended(checkpoint)) return false;
  write_exports(checkpoint, args, out);
  return true;
}

}  // namespace lanegrad::cli
