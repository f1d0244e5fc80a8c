// The most multiply-adds that one thread of this processor can do, with the widest vectors it has.
#pragma once

namespace lanegrad::bench {

// About half a millisecond of independent chains in registers; how many floating-point operations.
double run_peak();

}  // namespace lanegrad::bench
