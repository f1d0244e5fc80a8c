// Checks of extents, broadcasting and axes.
#include "engine/core/shape.h"

#include <algorithm>

#include "engine/core/error.h"

namespace lanegrad {

namespace {

std::string extents_text(std::span<const Index> extents) {
  std::string out = "[";
  for (std::size_t i = 0; i < extents.size(); ++i) {
    if (i > 0) out += ", ";
    out += number_text(static_cast<long long>(extents[i]));
  }
  return out + "]";
}

}  // namespace

Shape::Shape(std::initializer_list<Index> extents)
    : Shape(std::span<const Index>(extents.begin(), extents.size())) {}

Shape::Shape(std::span<const Index> extents) {
  if (extents.size() > kMaxRank)
    fail(ErrorCode::InvalidArgument, "shape: ", extents_text(extents), " has ", extents.size(),
         " axes, at most ", kMaxRank, " are supported");
  rank_ = static_cast<int>(extents.size());
  for (std::size_t i = 0; i < extents.size(); ++i) {
    const Index extent = extents[i];
    if (extent < 0)
      fail(ErrorCode::InvalidArgument, "shape: ", extents_text(extents),
           " has the negative extent ", extent);
    if (extent != 0 && size_ > kMaxElements / extent)
      fail(ErrorCode::InvalidArgument, "shape: ", extents_text(extents), " has more than ",
           kMaxElements, " elements, the most an array may have");
    extents_[i] = extent;
    size_ *= extent;
  }
}

std::string Shape::text() const { return extents_text(extents()); }

Shape Shape::without(int axis, bool keepdims) const {
  std::array<Index, kMaxRank> kept{};
  std::size_t rank = 0;
  for (int i = 0; i < rank_; ++i) {
    if (i != axis) {
      kept[rank++] = (*this)[i];
    } else if (keepdims) {
      kept[rank++] = 1;
    }
  }
  return Shape(std::span<const Index>(kept.data(), rank));
}

Shape broadcast(std::string_view op, const Shape& a, const Shape& b) {
  const int rank = std::max(a.rank(), b.rank());
  std::array<Index, Shape::kMaxRank> extents{};
  for (int i = 0; i < rank; ++i) {
    const int ia = i - (rank - a.rank());
    const int ib = i - (rank - b.rank());
    const Index ea = ia < 0 ? 1 : a[ia];
    const Index eb = ib < 0 ? 1 : b[ib];
    if (ea != eb && ea != 1 && eb != 1)
      fail(ErrorCode::ShapeMismatch, op, ": ", a, " and ", b,
           " do not broadcast, each pair of extents counted from the end must be equal or 1");
    extents[static_cast<std::size_t>(i)] = ea == 1 ? eb : ea;
  }
  return Shape(std::span<const Index>(extents.data(), static_cast<std::size_t>(rank)));
}

int normalize_axis(std::string_view op, int axis, const Shape& shape) {
  const int rank = shape.rank();
  if (!(axis >= -rank && axis < rank))
    fail(ErrorCode::InvalidArgument,
         rank == 0 ? str(op, ": axis ", axis, " of a scalar, which has no axes")
                   : str(op, ": axis ", axis, " of shape ", shape, ", expected ", -rank, " to ",
                         rank - 1));
  return axis < 0 ? axis + rank : axis;
}

}  // namespace lanegrad
