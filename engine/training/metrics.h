// Loss, accuracy and the confusion matrix over any number of batches.
#pragma once

#include <vector>

#include "engine/ndarray/index_array.h"
#include "engine/ndarray/ndarray.h"

namespace lanegrad {

class Metrics {
 public:
  // With 0 classes there is only a loss.
  explicit Metrics(Index classes = 0) { reset(classes); }
  void reset(Index classes);

  // Adds a batch whose mean loss over `samples` is `loss`.
  void add_loss(double loss, Index samples);
  // Counts predictions (largest logit) against labels and returns how many are right. logits: [N,
  // classes], labels: [N] in 0..classes-1; throws ShapeMismatch or InvalidArgument otherwise.
  Index add_predictions(const NdArray& logits, const IndexArray& labels);

  // The sums that loss and accuracy are made of, which a checkpoint stores and sets again. The
  // confusion matrix is not part of them.
  struct Totals {
    Index samples = 0;
    Index predictions = 0;
    Index right = 0;
    double loss_sum = 0;
  };
  const Totals& totals() const { return totals_; }
  Totals& totals() { return totals_; }

  Index samples() const { return totals_.samples; }
  double loss() const;      // mean over samples; NaN without samples
  double accuracy() const;  // share of right answers, 0 to 1; NaN without predictions
  Index classes() const { return classes_; }
  // The confusion matrix [classes, classes]: the row is the label, the column the prediction. It is
  // empty with more than kMaxConfusionClasses classes, where it would take more memory than it is
  // worth.
  static constexpr Index kMaxConfusionClasses = 1024;
  const std::vector<std::int32_t>& confusion() const { return confusion_; }

 private:
  Index classes_ = 0;
  Totals totals_;
  std::vector<std::int32_t> confusion_;
};

}  // namespace lanegrad
