// Pictures moved by affine maps, against the plain twin and by what is known exactly.
#include <iterator>
#include <utility>
#include <vector>

#include "engine/core/random.h"
#include "tests/engine/support/twin.h"

namespace lanegrad::kernels {
namespace {

std::size_t size_of(Index n) { return static_cast<std::size_t>(n); }

std::vector<std::uint8_t> some_bytes(Index n) {
  Random random(8);
  std::vector<std::uint8_t> bytes(size_of(n));
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random.below(256));
  return bytes;
}

// Pictures of which only the middle, nothing, or the last pixel alone is not black.
std::vector<std::uint8_t> some_drawings(Index count, Index h, Index w) {
  std::vector<std::uint8_t> bytes = some_bytes(count * h * w);
  for (Index i = 0; i < std::ssize(bytes); ++i) {
    const Index row = i / w % h;
    const Index column = i % w;
    const Index picture = i / (h * w);
    const bool middle = row >= h / 3 && row <= h / 2 && column >= w / 4 && column < w - w / 4;
    const bool last = row == h - 1 && column == w - 1;
    if (picture == 1 ? !last : picture == 4 || !middle) bytes[size_of(i)] = 0;
  }
  return bytes;
}

std::vector<Real> warped(const std::vector<std::uint8_t>& x, const Affine& map, Index h, Index w) {
  const std::uint32_t first = 0;
  std::vector<std::uint32_t> workspace(size_of(warp_workspace(1, h, w)));
  std::vector<Real> out(size_of(h * w));
  const Levels same;
  warp_bytes(x.data(), &first, &map, 1, 1, h, w, &same, workspace.data(), out.data());
  return out;
}

TEST_CASE("warp_bytes equals its twin", "[kernels][warp]") {
  const auto size = GENERATE(std::pair<Index, Index>{1, 1}, std::pair<Index, Index>{1, 5},
                             std::pair<Index, Index>{7, 2}, std::pair<Index, Index>{5, 16},
                             std::pair<Index, Index>{9, 17}, std::pair<Index, Index>{28, 28},
                             std::pair<Index, Index>{12, 35});
  const Index h = size.first;
  const Index w = size.second;
  const bool drawings = GENERATE(false, true);
  const Index channels = GENERATE(1, 3);
  CAPTURE(h, w, drawings, channels);
  const Levels levels[] = {{Real(0.02), Real(-0.4)}, {Real(0.01), Real(0.3)}, {Real(0.03), 0}};
  const std::vector<std::uint32_t> rows{2, 0, 4, 3, 1};
  Random random(3);
  std::vector<Affine> maps(5);
  const auto about = [&](double value, double most) {
    return static_cast<Real>(value + random.uniform(-most, most));
  };
  for (Affine& map : maps) {
    map = {about(1, 0.4), about(0, 0.4), about(0, 4), about(0, 0.4), about(1, 0.4), about(0, 4)};
  }
  maps[1] = {1, 0, 2, 0, 1, -3};             // straight
  maps[3] = {50, -3, -1e6f, 4, 1e5f, 1e6f};  // far beyond the picture
  each_target([&] {
    GuardedArray<std::uint8_t> x(
        drawings ? some_drawings(5 * channels, h, w) : some_bytes(5 * channels * h * w), 1);
    GuardedArray<std::uint32_t> workspace(size_of(warp_workspace(5, h, w)), 0);
    check_against_twin(
        std::vector<Real>(size_of(5 * channels * h * w)), 1, Tolerance{1e-5, 5e-5},
        [&](Real* out) {
          warp_bytes(x.data(), rows.data(), maps.data(), 5, channels, h, w, levels,
                     workspace.data(), out);
        },
        [&](Real* out) {
          reference::warp_bytes(x.data(), rows.data(), maps.data(), 5, channels, h, w, levels,
                                nullptr, out);
        });
    CHECK(workspace.intact());
  });
}

TEST_CASE("whole steps move pixels exactly, and black comes in", "[kernels][warp]") {
  const std::vector<std::uint8_t> x = some_bytes(6 * 19);
  each_target([&] {
    for (const Index right : {0, 1, -3, 18, 19, 40}) {
      for (const Index down : {0, 2, -5, -6}) {
        CAPTURE(right, down);
        const Affine map{.x0 = static_cast<Real>(-right), .y0 = static_cast<Real>(-down)};
        std::vector<Real> want(6 * 19);
        for (Index i = 0; i < 6; ++i) {
          for (Index j = 0; j < 19; ++j) {
            const Index from_i = i - down;
            const Index from_j = j - right;
            if (from_i < 0 || from_i >= 6 || from_j < 0 || from_j >= 19) continue;
            want[size_of(i * 19 + j)] = x[size_of(from_i * 19 + from_j)];
          }
        }
        CHECK(difference(warped(x, map, 6, 19), want) == "");
      }
    }
  });
}

TEST_CASE("half a step is the mean of two pixels", "[kernels][warp]") {
  each_target([] {
    CHECK(difference(warped({10, 20, 40}, {.x0 = Real(-0.5)}, 1, 3),
                     std::vector<Real>{5, 15, 30}) == "");
    CHECK(difference(warped({10, 20, 40}, {.y0 = Real(0.25)}, 3, 1),
                     std::vector<Real>{12.5, 25, 30}) == "");
  });
}

}  // namespace
}  // namespace lanegrad::kernels
