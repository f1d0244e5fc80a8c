// Counts calls of operator new in the whole test binary.
#pragma once

#include <cstddef>

namespace lanegrad::test {

// False where sanitizers or another platform own operator new; the count then stays 0.
bool allocations_are_counted();

std::size_t allocations();  // since the start of the program

}  // namespace lanegrad::test
