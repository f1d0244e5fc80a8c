// Samples a function: inputs and noise come from the seed, values from the caller.
#include "engine/dataloaders/math_func.h"

#include <cmath>

#include "engine/core/error.h"
#include "engine/core/range.h"

namespace lanegrad {

namespace {

void check(const MathFuncOptions& options) {
  const auto low = static_cast<Real>(options.low);
  const auto high = static_cast<Real>(options.high);
  if (!(low < high && std::isfinite(high - low)))
    fail(ErrorCode::InvalidArgument, {.op = "math function", .field = "range"},
         "math function: range from ", options.low, " to ", options.high,
         ", expected two finite numbers, the smaller one first");
  if (options.dimension < 1)
    fail(ErrorCode::InvalidArgument, "math function: dimension ", options.dimension,
         ", expected at least 1");
  if (options.samples < 1)
    fail(ErrorCode::InvalidArgument, "math function: ", options.samples,
         " samples, expected at least 1");
  check_number("math function", "noise", options.noise, kRate);
}

// The point as text, "(0.5, -1)".
std::string point_text(std::span<const Real> x) {
  std::string out = "(";
  for (std::size_t i = 0; i < x.size(); ++i) out += str(i > 0 ? ", " : "", x[i]);
  return out + ")";
}

std::span<const Real> row(const NdArray& x, Index i) {
  return x.values().subspan(static_cast<std::size_t>(i * x.shape()[1]),
                            static_cast<std::size_t>(x.shape()[1]));
}

NdArray evaluate(const MathFunc::Function& f, const NdArray& inputs) {
  NdArray values = NdArray::uninitialized({inputs.shape()[0]});
  Real* out = values.mutable_data();
  for (Index i = 0; i < values.size(); ++i) out[i] = static_cast<Real>(f(row(inputs, i)));
  return values;
}

// The targets [S, 1]: the values [S], checked, plus noise.
NdArray targets_of(const NdArray& values, const NdArray& inputs, const MathFuncOptions& options) {
  if (values.shape() != Shape{options.samples})
    fail(ErrorCode::ShapeMismatch, "math function: values ", values.shape(), " for ",
         options.samples, " samples, expected [", options.samples, "]");
  for (Index i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values.data()[i]))
      fail(ErrorCode::InvalidArgument,
           {.op = "math function", .field = "values", .value = values.data()[i]},
           "math function: the value at ", point_text(row(inputs, i)), " is ", values.data()[i],
           ", expected a finite number");
  }
  NdArray targets = values.reshape({options.samples, 1});
  if (options.noise > 0) {
    Random random(options.seed, streams::kNoise);
    const auto deviation = static_cast<Real>(options.noise);
    targets.add_scaled(NdArray::normal(targets.shape(), 0, deviation, random));
  }
  return targets;
}

}  // namespace

NdArray MathFunc::inputs(const MathFuncOptions& options) {
  check(options);
  Random random(options.seed, streams::kInputs);
  return NdArray::uniform({options.samples, options.dimension}, static_cast<Real>(options.low),
                          static_cast<Real>(options.high), random);
}

MathFunc::MathFunc(const Function& f, const MathFuncOptions& options)
    : MathFunc(evaluate(f, inputs(options)), options) {}

MathFunc::MathFunc(const NdArray& values, const MathFuncOptions& options)
    : ArrayLoader(inputs(options), targets_of(values, inputs(options), options), options.batch_size,
                  options.seed) {}

}  // namespace lanegrad
