// Metrics are sums over batches.
#include "engine/training/metrics.h"

#include <limits>

#include "engine/core/error.h"
#include "engine/ndarray/reduce.h"

namespace lanegrad {

void Metrics::reset(Index classes) {
  if (classes < 0)
    fail(ErrorCode::InvalidArgument, "metrics: ", classes, " classes, expected at least 0");
  classes_ = classes;
  totals_ = {};
  const Index cells = classes <= kMaxConfusionClasses ? classes * classes : 0;
  confusion_.assign(static_cast<std::size_t>(cells), 0);
}

void Metrics::add_loss(double loss, Index samples) {
  if (samples < 0)
    fail(ErrorCode::InvalidArgument, "metrics: ", samples, " samples, expected at least 0");
  totals_.samples += samples;
  totals_.loss_sum += loss * static_cast<double>(samples);
}

Index Metrics::add_predictions(const NdArray& logits, const IndexArray& labels) {
  if (!(logits.rank() == 2 && logits.shape()[1] == classes_ && classes_ > 0 &&
        labels.shape() == Shape{logits.shape()[0]}))
    fail(ErrorCode::ShapeMismatch, "metrics: logits ", logits.shape(), " and labels ",
         labels.shape(), " for ", classes_, " classes, expected [N, ", classes_, "] and [N]");
  for (Index i = 0; i < labels.size(); ++i) {
    const std::int32_t label = labels.data()[i];
    if (!(label >= 0 && label < classes_))
      fail(ErrorCode::InvalidArgument, "metrics: label ", label, " at position ", i,
           ", expected 0 to ", classes_ - 1);
  }
  const IndexArray predicted = argmax(logits, 1);
  Index right = 0;
  for (Index i = 0; i < labels.size(); ++i) {
    const Index label = labels.data()[i];
    const Index prediction = predicted.data()[i];
    right += label == prediction ? 1 : 0;
    if (!confusion_.empty()) ++confusion_[static_cast<std::size_t>(label * classes_ + prediction)];
  }
  totals_.predictions += labels.size();
  totals_.right += right;
  return right;
}

double Metrics::loss() const {
  if (totals_.samples == 0) return std::numeric_limits<double>::quiet_NaN();
  return totals_.loss_sum / static_cast<double>(totals_.samples);
}

double Metrics::accuracy() const {
  if (totals_.predictions == 0) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(totals_.right) / static_cast<double>(totals_.predictions);
}

}  // namespace lanegrad
