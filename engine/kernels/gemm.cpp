// The matrix product in tiles of c that stay in registers while they are summed. One panel of b at
// a time, as wide as a tile, is copied to where the inner loop reads it in order; it is small
// enough to stay in the level 1 cache for all rows. a is read in place, which costs as little as a
// copy would. (Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", 2008,
// describe the usual way, with both copied.)
#include "engine/core/parallel.h"
#include "engine/kernels/kernels.h"
#include "engine/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/gemm.cpp"
#include <hwy/foreach_target.h>

#include "engine/kernels/gemm-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lanegrad::kernels {
namespace HWY_NAMESPACE {

// The most rows of one panel's columns that a thread computes at a time.
constexpr std::size_t kTaskRows = 256;
// A product with fewer multiplications than this is not worth waking other threads for.
constexpr Index kSmall = 100'000;
// A product with at most this many rows reads b in place: the panel is used too few times to be
// worth a copy.
constexpr std::size_t kDirectRows = 2 * kRows;

// The column at which panel i begins. Where the last panel would be one vector wide, which keeps
// few sums in registers, it takes a vector from the panel before it.
std::size_t PanelStart(std::size_t n, std::size_t i) {
  const std::size_t vectors = (n + kLanes - 1) / kLanes;
  const bool single = vectors % kVectors == 1 && i == vectors / kVectors && i > 0;
  return HWY_MIN(i * kCols - (single ? kLanes : 0), n);
}

// Computes the rows row … row + rows − 1 of one panel's columns of c.
HWY_NOINLINE void ComputeTask(const Gemm& g, std::size_t row, std::size_t rows, std::size_t panel) {
  const auto m = static_cast<std::size_t>(g.m);
  const auto n = static_cast<std::size_t>(g.n);
  const auto k = static_cast<std::size_t>(g.k);
  const std::size_t col = PanelStart(n, panel);
  const std::size_t cols = PanelStart(n, panel + 1) - col;
  const std::size_t vectors = VectorsFor(cols);
  const bool direct = !g.transpose_b && m <= kDirectRows && cols == kCols;
  const std::size_t row_step = g.transpose_a ? 1 : k;
  const std::size_t k_step = g.transpose_a ? m : 1;
  const std::size_t block_k = PartOf(k, kBlockK);
  HWY_ALIGN float packed[kBlockK * kCols];
  std::size_t k0 = 0;
  // The loop runs once even where k is 0, so that c is still written.
  do {
    const std::size_t count = HWY_MIN(block_k, k - k0);
    const bool complete = k0 + count == k;
    const Finish finish{g.accumulate || k0 > 0, complete && g.bias ? g.bias + col : nullptr,
                        complete && g.relu};
    const float* b = packed;
    std::size_t b_stride = vectors * kLanes;
    if (direct) {
      b = g.b + k0 * n + col;
      b_stride = n;
    } else if (g.transpose_b) {
      PackColumns(g.b + col * k + k0, k, cols, count, packed, b_stride);
    } else {
      PackRows(g.b + k0 * n + col, n, cols, count, packed, b_stride);
    }
    const Rows a{g.a + row * row_step + k0 * k_step, row_step, k_step};
    MultiplyPanel(a, rows, b, b_stride, count, g.c + row * n + col, n, cols, finish);
    k0 += block_k;
  } while (k0 < k);
}

void GemmKernel(const Gemm& g) {
  const auto m = static_cast<std::size_t>(g.m);
  const auto n = static_cast<std::size_t>(g.n);
  if (m == 0 || n == 0) return;
  const std::size_t part = (PartOf(m, kTaskRows) + kRows - 1) / kRows * kRows;
  const std::size_t parts = (m + part - 1) / part;
  const std::size_t panels = (n + kCols - 1) / kCols;
  const auto compute = [&](Index index) {
    const auto task = static_cast<std::size_t>(index);
    const std::size_t row = task / panels * part;
    ComputeTask(g, row, HWY_MIN(part, m - row), task % panels);
  };
  const auto tasks = static_cast<Index>(parts * panels);
  if (g.m * g.n * g.k < kSmall) {
    for (Index task = 0; task < tasks; ++task) compute(task);
  } else {
    parallel_for(tasks, compute);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace lanegrad::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lanegrad::kernels {

HWY_EXPORT(GemmKernel);

void gemm(const Gemm& g) { HWY_DYNAMIC_DISPATCH(GemmKernel)(g); }

}  // namespace lanegrad::kernels
#endif
