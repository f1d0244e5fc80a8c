// Runs a piece of a test once for every instruction set that this machine has and the kernels were
// compiled for.
#pragma once

#include "engine/kernels/targets.h"

// This comes after targets.h, which decides what Highway compiles for.
#include <hwy/targets.h>

#include "tests/engine/catch.h"

namespace lanegrad::test {

template <class Body>
void each_target(Body body) {
#if (HWY_TARGETS & (HWY_TARGETS - 1)) != 0
  struct Restore {
    ~Restore() { hwy::SetSupportedTargetsForTest(0); }
  } restore;
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    INFO("target " << hwy::TargetName(target));
    hwy::SetSupportedTargetsForTest(target);
    body();
    hwy::SetSupportedTargetsForTest(0);
  }
#else
  body();
#endif
}

}  // namespace lanegrad::test
