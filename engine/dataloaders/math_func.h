// Batches of a mathematical function: the data set that a beginner can see whole.
#pragma once

#include <functional>

#include "engine/dataloaders/array_loader.h"

namespace lanegrad {

struct MathFuncOptions {
  double low = -1;  // inputs are drawn uniformly from [low, high) in each dimension
  double high = 1;
  Index dimension = 1;  // numbers per input
  Index samples = 1024;
  double noise = 0;  // standard deviation of normal noise added to the targets
  Index batch_size = 32;
  std::uint64_t seed = 0;  // of inputs, noise and order
};

class MathFunc : public ArrayLoader {
 public:
  // f takes `dimension` numbers and returns one; it is called once per sample, here. A result that
  // is not finite throws InvalidArgument naming the input, as do options that make no sense.
  using Function = std::function<double(std::span<const Real>)>;
  MathFunc(const Function& f, const MathFuncOptions& options);

  // The inputs alone, [samples, dimension]: for callers that evaluate the function themselves (from
  // JavaScript) and give the values to the second constructor, values: [samples].
  static NdArray inputs(const MathFuncOptions& options);
  MathFunc(const NdArray& values, const MathFuncOptions& options);
};

}  // namespace lanegrad
