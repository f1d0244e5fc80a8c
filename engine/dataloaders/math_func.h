// Batches of a mathematical function: a data set that a beginner can see as a whole.
#pragma once

#include <functional>

#include "engine/dataloaders/array_loader.h"

namespace lanegrad {

struct MathFuncOptions {
  // Inputs are drawn uniformly from [low, high) in each dimension.
  double low = -1;
  double high = 1;
  Index dimension = 1;  // numbers per input
  Index samples = 1024;
  // The standard deviation of normal noise that is added to the targets.
  double noise = 0;
  Index batch_size = 32;
  // The seed of inputs, noise and order.
  std::uint64_t seed = 0;
};

class MathFunc : public ArrayLoader {
 public:
  // Samples f, which takes `dimension` numbers and returns one; the constructor calls it once per
  // sample. Throws InvalidArgument with the input where a result is not finite, and for options
  // that make no sense.
  using Function = std::function<double(std::span<const Real>)>;
  MathFunc(const Function& f, const MathFuncOptions& options);

  // The inputs alone, [samples, dimension]. Callers that evaluate the function themselves (from
  // JavaScript) give its values, [samples], to the second constructor.
  static NdArray inputs(const MathFuncOptions& options);
  MathFunc(const NdArray& values, const MathFuncOptions& options);
};

}  // namespace lanegrad
