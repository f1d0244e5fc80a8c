// Other elementwise kernels against their plain twins.
#include "tests/engine/kernels/elementwise.h"

namespace lanegrad::kernels {

TEST_CASE("axpy and fill equal their twins", "[kernels][elementwise]") {
  each_target([] {
    for_lengths([](std::size_t n, std::size_t misaligned_by) {
      const auto length = static_cast<Index>(n);
      const std::vector<Real> start = random_array(n, n);
      GuardedArray<Real> x(random_array(n, n + 1), misaligned_by);
      GuardedArray<Real> y(start, (misaligned_by + 1) % 4);
      std::vector<Real> want = start;
      axpy(Real(0.37), x.data(), y.data(), length);
      reference::axpy(Real(0.37), x.data(), want.data(), length);
      CHECK(difference(y.span(), want, {0, 2 * 1.19e-7}) == "");
      CHECK(y.intact());

      fill(Real(2.5), y.data(), length);
      CHECK(difference(y.span(), std::vector<Real>(n, Real(2.5))) == "");
      CHECK(y.intact());
    });
  });
}

TEST_CASE("gather_bytes equals its twin", "[kernels][elementwise]") {
  // More than are fetched at a time.
  const std::vector<std::uint32_t> rows{4, 0, 4, 2, 1, 3, 0, 0, 2, 1, 4, 3, 3, 1, 2, 0, 4, 1, 2};
  const Levels levels[] = {{Real(1) / 255, Real(-0.5)}, {Real(0.003), Real(0.2)}, {1, 0}};
  const Index channels = GENERATE(1, 3);
  each_target([&] {
    for_lengths([&](std::size_t width, std::size_t misaligned_by) {
      const std::size_t size = static_cast<std::size_t>(channels) * width;
      GuardedArray<std::uint8_t> x(5 * size, misaligned_by);
      for (std::size_t i = 0; i < 5 * size; ++i) {
        x.data()[i] = static_cast<std::uint8_t>(255 - 7 * i);
      }
      GuardedArray<Real> out(rows.size() * size, misaligned_by);
      std::vector<Real> want(rows.size() * size);
      const auto length = static_cast<Index>(width);
      const auto count = static_cast<Index>(rows.size());
      gather_bytes(x.data(), rows.data(), count, channels, length, levels, out.data());
      reference::gather_bytes(x.data(), rows.data(), count, channels, length, levels, want.data());
      CHECK(difference(out.span(), want, {0, 1.19e-7}) == "");
      CHECK(out.intact());
    });
  });
}

TEST_CASE("gather_bytes is exact for every byte without scaling", "[kernels][elementwise]") {
  std::vector<std::uint8_t> bytes(256);
  std::vector<Real> want(256), got(256);
  for (std::size_t i = 0; i < 256; ++i) {
    bytes[i] = static_cast<std::uint8_t>(i);
    want[i] = static_cast<Real>(i);
  }
  each_target([&] {
    const std::uint32_t first = 0;
    const Levels same;
    gather_bytes(bytes.data(), &first, 1, 1, 256, &same, got.data());
    CHECK(difference(got, want) == "");
  });
}

}  // namespace lanegrad::kernels
