// Batches of arrays: checks the arrays once, then copies rows.
#include "engine/dataloaders/array_loader.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/core/checksum.h"
#include "engine/core/error.h"
#include "engine/ndarray/reduce.h"

namespace lanegrad {

namespace {

// Copies the rows of x with these numbers to `out`, one after the other. x: [S, …]
template <class T>
void copy_rows(const T* x, Index row_size, std::span<const std::uint32_t> rows, T* out) {
  for (const std::uint32_t row : rows) {
    out = std::copy_n(x + static_cast<Index>(row) * row_size, row_size, out);
  }
}

// Throws where a number of x is not finite. x: [S, …], S at least 1; `what` is the word for one
// number of x in the message.
void require_finite(std::string_view name, const char* what, const NdArray& x) {
  if (all_finite(x)) return;
  const std::span<const Real> values = x.values();
  const auto wrong =
      std::find_if(values.begin(), values.end(), [](Real value) { return !std::isfinite(value); });
  const Index place = wrong - values.begin();
  const Index size = x.size() / x.shape()[0];
  fail(ErrorCode::InvalidArgument, name, ": ", what, " ", place % size, " of sample ", place / size,
       " is ", *wrong, ", expected finite numbers");
}

void check_inputs(std::string_view name, const NdArray& inputs) {
  if (inputs.rank() < 1 || inputs.size() < 1)
    fail(ErrorCode::InvalidArgument, name, ": inputs ", inputs.shape(),
         ", expected at least one sample, counted by the first axis");
  require_finite(name, "input", inputs);
}

}  // namespace

ArrayLoader::ArrayLoader(NdArray inputs, IndexArray labels, Index classes, Index batch_size,
                         std::optional<std::uint64_t> shuffle_seed, std::string_view name)
    : DataLoader(batch_size, shuffle_seed),
      inputs_(std::move(inputs)),
      labels_(std::move(labels)),
      outputs_(classes),
      kind_(TargetKind::Labels) {
  check_inputs(name, inputs_);
  if (classes < 1)
    fail(ErrorCode::InvalidArgument, name, ": ", classes, " classes, expected at least 1");
  if (labels_.shape() != Shape{stored()})
    fail(ErrorCode::ShapeMismatch, name, ": inputs ", inputs_.shape(), " and labels ",
         labels_.shape(), ", expected labels [", stored(), "]");
  for (Index i = 0; i < stored(); ++i) {
    const std::int32_t label = labels_.data()[i];
    if (!(label >= 0 && label < classes))
      fail(ErrorCode::InvalidArgument, name, ": label ", label, " at position ", i,
           ", expected 0 to ", classes - 1);
  }
}

ArrayLoader::ArrayLoader(NdArray inputs, NdArray targets, Index batch_size,
                         std::optional<std::uint64_t> shuffle_seed, std::string_view name)
    : DataLoader(batch_size, shuffle_seed),
      inputs_(std::move(inputs)),
      targets_(std::move(targets)),
      outputs_(0),
      kind_(TargetKind::Numbers) {
  check_inputs(name, inputs_);
  const Shape& shape = targets_.shape();
  if (!(shape.rank() == 2 && shape[0] == stored() && shape[1] >= 1))
    fail(ErrorCode::ShapeMismatch, name, ": inputs ", inputs_.shape(), " and targets ", shape,
         ", expected targets [", stored(), ", O] with O at least 1");
  require_finite(name, "target", targets_);
  outputs_ = shape[1];
}

std::uint64_t ArrayLoader::compute_checksum() const {
  return lanegrad::checksum(
      targets_.values(),
      lanegrad::checksum(labels_.values(), lanegrad::checksum(inputs_.values())));
}

void ArrayLoader::gather(std::span<const std::uint32_t> indices, Batch& batch) const {
  copy_rows(inputs_.data(), inputs_.size() / stored(), indices, batch.inputs.mutable_data());
  if (kind_ == TargetKind::Labels) {
    copy_rows(labels_.data(), Index{1}, indices, batch.labels.mutable_data());
  } else {
    copy_rows(targets_.data(), outputs_, indices, batch.targets.mutable_data());
  }
}

}  // namespace lanegrad
