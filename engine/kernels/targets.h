// The targets of Highway that the kernels are compiled for; included before anything of Highway.
// Fewer targets compile faster; the processors left out run the next smaller target.
#pragma once

#define HWY_DISABLED_TARGETS \
  (HWY_SSSE3 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
