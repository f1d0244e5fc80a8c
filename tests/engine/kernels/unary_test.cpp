// Unary kernels against their plain twins, in place and not.
#include "tests/engine/kernels/elementwise.h"

namespace lanegrad::kernels {

namespace {

#define LANEGRAD_OP(Function, ...) Unary::Function,
constexpr Unary kUnaries[] = {LANEGRAD_UNARY(LANEGRAD_OP)};
#undef LANEGRAD_OP
// Gelu's exponential turns the rounding of x² into relative error, up to where it is denormal; its
// gradient crosses 0.
constexpr test::Tolerance kGeluRounding{60 * 1.19e-7, 1e-38};
constexpr test::Tolerance kGeluGradientRounding{60 * 1.19e-7, 8 * 1.19e-7};

// The gradient of silu crosses 0, too.
constexpr test::Tolerance kSiluGradientRounding{8 * 1.19e-7, 4 * 1.19e-7};

test::Tolerance rounding_of(Unary op) { return op == Unary::Gelu ? kGeluRounding : kRounding; }
test::Tolerance gradient_rounding_of(Unary op) {
  if (op == Unary::Silu) return kSiluGradientRounding;
  return op == Unary::Gelu ? kGeluGradientRounding : kRounding;
}

}  // namespace

TEST_CASE("unary kernels equal their twins at every length", "[kernels][elementwise]") {
  each_target([] {
    for_lengths([](std::size_t n, std::size_t misaligned_by) {
      const auto length = static_cast<Index>(n);
      const std::vector<Real> values = random_array(n, n, 0.1, 3);
      for (const Unary op : kUnaries) {
        CAPTURE(name_of(op));
        GuardedArray<Real> x(values, misaligned_by);
        GuardedArray<Real> out(n, (misaligned_by + 1) % 4);
        std::vector<Real> want(n);
        reference::unary(op, x.data(), want.data(), length);
        unary(op, x.data(), out.data(), length);
        CHECK(difference(out.span(), want, rounding_of(op)) == "");
        CHECK(out.intact());
        unary(op, x.data(), x.data(), length);  // in place
        CHECK(difference(x.span(), want, rounding_of(op)) == "");
        CHECK(x.intact());
      }
    });
  });
}

TEST_CASE("unary kernels equal their twins at special values", "[kernels][elementwise]") {
  const Unary op = GENERATE(from_range(std::begin(kUnaries), std::end(kUnaries)));
  CAPTURE(name_of(op));
  each_target([&] {
    const auto n = static_cast<Index>(kSpecials.size());
    std::vector<Real> got(kSpecials.size()), want(kSpecials.size());
    unary(op, kSpecials.data(), got.data(), n);
    reference::unary(op, kSpecials.data(), want.data(), n);
    CHECK(difference(got, want, rounding_of(op)) == "");
    // Each value alone takes the path for the last few elements.
    for (std::size_t i = 0; i < kSpecials.size(); ++i) {
      unary(op, &kSpecials[i], &got[i], 1);
    }
    CHECK(difference(got, want, rounding_of(op)) == "");
  });
}

TEST_CASE("values of unary kernels that must be exact", "[kernels][elementwise]") {
  struct Exact {
    Unary op;
    Real x, y;
  };
  const auto e = GENERATE(values<Exact>({{Unary::Exp, 0, 1},
                                         {Unary::Exp, -kInfinity, 0},
                                         {Unary::Exp, kInfinity, kInfinity},
                                         {Unary::Exp, 89, kInfinity},
                                         {Unary::Exp, kNan, kNan},
                                         {Unary::Log, 0, -kInfinity},
                                         {Unary::Log, -1, kNan},
                                         {Unary::Log, -kInfinity, kNan},
                                         {Unary::Log, 1, 0},
                                         {Unary::Log, kInfinity, kInfinity},
                                         {Unary::Log, kNan, kNan},
                                         {Unary::Sqrt, -1, kNan},
                                         {Unary::Sqrt, 4, 2},
                                         {Unary::Tanh, 0, 0},
                                         {Unary::Tanh, kInfinity, 1},
                                         {Unary::Tanh, -kInfinity, -1},
                                         {Unary::Tanh, kNan, kNan},
                                         {Unary::Sigmoid, 0, 0.5f},
                                         {Unary::Sigmoid, kInfinity, 1},
                                         {Unary::Sigmoid, -kInfinity, 0},
                                         {Unary::Sigmoid, kNan, kNan},
                                         {Unary::Gelu, 0, 0},
                                         {Unary::Gelu, kInfinity, kInfinity},
                                         {Unary::Gelu, -kInfinity, 0},
                                         {Unary::Gelu, kNan, kNan},
                                         {Unary::Gelu, 20, 20},
                                         {Unary::Gelu, -20, 0},
                                         {Unary::Softplus, kInfinity, kInfinity},
                                         {Unary::Softplus, -kInfinity, 0},
                                         {Unary::Softplus, kNan, kNan},
                                         {Unary::Softplus, 1e30f, 1e30f},
                                         {Unary::Softplus, 100, 100},
                                         {Unary::Softplus, -1e30f, 0},
                                         {Unary::Silu, kInfinity, kInfinity},
                                         {Unary::Silu, -kInfinity, 0},
                                         {Unary::Silu, kNan, kNan},
                                         {Unary::Silu, 0, 0},
                                         {Unary::Silu, 1e30f, 1e30f},
                                         {Unary::Silu, -1e30f, 0},
                                         {Unary::Relu, kNan, kNan},
                                         {Unary::Relu, -3, 0},
                                         {Unary::Relu, 3, 3}}));
  CAPTURE(name_of(e.op), e.x);
  each_target([&] {
    Real y = 7;
    unary(e.op, &e.x, &y, 1);
    CHECK(difference({&y, 1}, {&e.y, 1}) == "");
  });
  Real y = 7;
  reference::unary(e.op, &e.x, &y, 1);
  CHECK(difference({&y, 1}, {&e.y, 1}) == "");
}

TEST_CASE("functions are right within a few units in the last place", "[kernels][elementwise]") {
  struct Range {
    Unary op;
    double low, high;
    double (*function)(double);
  };
  const auto range = GENERATE(values<Range>(
      {{Unary::Exp, -103, 88.7, [](double x) { return std::exp(x); }},
       {Unary::Exp, -1, 1, [](double x) { return std::exp(x); }},
       {Unary::Log, 0, 4, [](double x) { return std::log(x); }},
       {Unary::Log, 1e-38, 1e38, [](double x) { return std::log(x); }},
       {Unary::Tanh, -10, 10, [](double x) { return std::tanh(x); }},
       {Unary::Tanh, -0.01, 0.01, [](double x) { return std::tanh(x); }},
       {Unary::Sigmoid, -90, 20, [](double x) { return 1 / (1 + std::exp(-x)); }},
       {Unary::Softplus, -103, 20, [](double x) { return std::log1p(std::exp(x)); }},
       {Unary::Softplus, -1, 1, [](double x) { return std::log1p(std::exp(x)); }},
       {Unary::Silu, -103, 20, [](double x) { return x / (1 + std::exp(-x)); }},
       {Unary::Silu, -1, 1, [](double x) { return x / (1 + std::exp(-x)); }},
       {Unary::Gelu, -1, 20, [](double x) { return x * std::erfc(-x * std::sqrt(0.5)) / 2; }}}));
  CAPTURE(name_of(range.op), range.low, range.high);
  constexpr std::size_t kCount = 20000;
  const std::vector<Real> x = random_array(kCount, 5, range.low, range.high);
  std::vector<Real> want(kCount), got(kCount);
  for (std::size_t i = 0; i < kCount; ++i) want[i] = static_cast<Real>(range.function(x[i]));
  each_target([&] {
    unary(range.op, x.data(), got.data(), kCount);
    CHECK(difference(got, want, {4 * 1.19e-7, 2 * 1.4e-45}) == "");
  });
}

TEST_CASE("unary gradients equal their twins", "[kernels][elementwise]") {
  each_target([] {
    for_lengths([](std::size_t n, std::size_t misaligned_by) {
      const auto length = static_cast<Index>(n);
      for (const Unary op : kUnaries) {
        CAPTURE(name_of(op));
        const bool positive = op == Unary::Log || op == Unary::Sqrt;
        GuardedArray<Real> x(random_array(n, n, positive ? 0.1 : -2, 2), misaligned_by);
        if (n > 2 && !positive) x.data()[n / 2] = 0;  // the kink
        GuardedArray<Real> y(n, (misaligned_by + 1) % 4);
        reference::unary(op, x.data(), y.data(), length);
        GuardedArray<Real> dy(random_array(n, n + 1), (misaligned_by + 2) % 4);
        GuardedArray<Real> dx(n, (misaligned_by + 3) % 4);
        std::vector<Real> want(n);
        reference::unary_backward(op, x.data(), y.data(), dy.data(), want.data(), length);
        unary_backward(op, x.data(), y.data(), dy.data(), dx.data(), length);
        CHECK(difference(dx.span(), want, gradient_rounding_of(op)) == "");
        CHECK(dx.intact());
        unary_backward(op, x.data(), y.data(), dy.data(), dy.data(), length);  // in place
        CHECK(difference(dy.span(), want, gradient_rounding_of(op)) == "");
        CHECK(dy.intact());
      }
    });
  });
}

TEST_CASE("unary gradients at special values", "[kernels][elementwise]") {
  const Unary op = GENERATE(from_range(std::begin(kUnaries), std::end(kUnaries)));
  CAPTURE(name_of(op));
  const auto n = static_cast<Index>(kSpecials.size());
  std::vector<Real> y(kSpecials.size()), got(kSpecials.size()), want(kSpecials.size());
  reference::unary(op, kSpecials.data(), y.data(), n);
  const std::vector<Real> dy = random_array(kSpecials.size(), 3, 1, 2);
  reference::unary_backward(op, kSpecials.data(), y.data(), dy.data(), want.data(), n);
  each_target([&] {
    unary_backward(op, kSpecials.data(), y.data(), dy.data(), got.data(), n);
    CHECK(difference(got, want, gradient_rounding_of(op)) == "");
  });
}

TEST_CASE("the gradient at the kink of abs and relu is 0", "[kernels][elementwise]") {
  const Unary op = GENERATE(Unary::Abs, Unary::Relu);
  const Real zero = GENERATE(0.0f, -0.0f);
  each_target([&] {
    const Real y = 0;
    const Real dy = 5;
    Real dx = 7;
    unary_backward(op, &zero, &y, &dy, &dx, 1);
    CHECK(dx == 0);
  });
}

TEST_CASE("leaky_relu equals its twin", "[kernels][elementwise]") {
  const Real slope = GENERATE(0.01f, 0.0f, 1.5f, -0.5f);
  each_target([&] {
    for_lengths([&](std::size_t n, std::size_t misaligned_by) {
      const auto length = static_cast<Index>(n);
      std::vector<Real> values = random_array(n, n);
      if (n > 2) values[n / 2] = 0;
      if (n > 3) values[n / 3] = kNan;
      GuardedArray<Real> x(values, misaligned_by);
      GuardedArray<Real> dy(random_array(n, n + 1), (misaligned_by + 1) % 4);
      GuardedArray<Real> out(n, (misaligned_by + 2) % 4);
      std::vector<Real> want(n);
      reference::leaky_relu_backward(slope, x.data(), dy.data(), want.data(), length);
      leaky_relu_backward(slope, x.data(), dy.data(), out.data(), length);
      CHECK(difference(out.span(), want) == "");
      CHECK(out.intact());
      leaky_relu_backward(slope, x.data(), dy.data(), dy.data(), length);  // in place
      CHECK(difference(dy.span(), want) == "");
      CHECK(dy.intact());

      reference::leaky_relu(slope, x.data(), want.data(), length);
      leaky_relu(slope, x.data(), out.data(), length);
      CHECK(difference(out.span(), want) == "");
      leaky_relu(slope, x.data(), x.data(), length);  // in place
      CHECK(difference(x.span(), want) == "");
      CHECK((out.intact() && x.intact()));
    });
  });
}

}  // namespace lanegrad::kernels
