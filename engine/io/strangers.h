// Files of other kinds that people bring, known by their bytes: what each is, and how it becomes
// one that is read.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace lanegrad {

// What somebody wanted to read, which decides how a stranger is turned into it.
enum class Wanted { Pictures, Table };

// Throws Unsupported where the file is of a kind that is known and not read, in one sentence: what
// it is, what was expected ("CSV"), and how it is turned into that where two lines of Python or a
// menu do it. Of a long file, the first 64 KB suffice. Where pictures are wanted, plain text is a
// stranger, too; a caller that reads text asks before.
void refuse_stranger(std::span<const std::uint8_t> bytes, std::string_view name, Wanted wanted,
                     std::string_view expected);

}  // namespace lanegrad
