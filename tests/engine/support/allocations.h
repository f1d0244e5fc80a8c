// Counts calls of operator new in the whole test binary: by the thread that the tests run in, and
// by others.
#pragma once

#include <cstddef>

namespace lanegrad::test {

// False where sanitizers or another platform own operator new; the counts then stay 0.
bool allocations_are_counted();

// The allocations of this thread since the start of the program.
std::size_t allocations();
// The allocations of all other threads since the start of the program.
std::size_t helper_allocations();
// The bytes of the largest allocation of this thread since the last call.
std::size_t largest_allocation();

}  // namespace lanegrad::test
