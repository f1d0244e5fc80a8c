// What --export and --export-pytorch write.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <span>

#include "engine/cli/args.h"

namespace lanegrad::cli {

inline bool has_exports(const Args& args) {
  return !args.export_file.empty() || !args.export_pytorch.empty();
}

// Throws NotFound for a file whose ending belongs to no format, InvalidArgument for one that is
// also the file of --resume or --save, and what check_writable throws.
void check_exports(const Args& args);

// Writes what is asked for of this checkpoint, and says so on `out`. The first file of a format has
// the name that --export gives, others are beside it. Throws what the formats and write_file throw.
void write_exports(std::span<const std::uint8_t> checkpoint, const Args& args, std::ostream& out);

// Writes what is asked for of the file of --resume where nothing is to be trained before: its
// training has ended, or PyTorch goes on with it. The data are not needed. Returns false, having
// written nothing, where there is something to train or to be asked for.
bool export_resumed(const Args& args, std::ostream& out);

}  // namespace lanegrad::cli
