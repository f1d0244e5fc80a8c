// Answers batch by batch.
#include "engine/cli/answer.h"

#include <algorithm>
#include <chrono>
#include <ostream>
#include <span>

#include "engine/cli/data_files.h"
#include "engine/cli/files.h"
#include "engine/cli/report.h"
#include "engine/core/error.h"
#include "engine/ndarray/softmax.h"
#include "engine/nets/model_file.h"
#include "engine/nets/predictor.h"
#include "engine/training/metrics.h"

namespace lanegrad::cli {

void answer(const Args& args, std::ostream& out) {
  constexpr Index kBatch = 256;
  const Model model = read_model(read_file(args.answer, "a checkpoint of lanegrad"));
  if (!model.has_classes)
    fail(ErrorCode::Unsupported, "train: --answer with a net that answers numbers, expected one ",
         "that was trained on classes");
  const auto images = read_test_data(args.data, std::min<Index>(model.outputs, 256));
  if (const Shape shape = images->sample_shape(); shape != model.sample)
    fail(ErrorCode::ShapeMismatch, "train: --answer with a net for ", model.sample,
         ", expected one for the test images, which are ", shape);
  const Predictor net(model);
  Metrics metrics(model.outputs);
  const auto begin = std::chrono::steady_clock::now();
  for (Index first = 0; first < images->count; first += kBatch) {
    const Index count = std::min(kBatch, images->count - first);
    const NdArray answers =
        net.predict(std::span(images->pixels)
                        .subspan(static_cast<std::size_t>(first * net.inputs()),
                                 static_cast<std::size_t>(count * net.inputs())));
    IndexArray labels(Shape{count});
    std::copy_n(images->labels.begin() + first, count, labels.mutable_data());
    NdArray difference;
    metrics.add_loss(static_cast<double>(softmax_cross_entropy(answers, labels, 0, difference)),
                     count);
    metrics.add_predictions(answers, labels);
  }
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const AnswerReport report{.samples = metrics.samples(),
                            .test_loss = metrics.loss(),
                            .test_accuracy = metrics.accuracy(),
                            .samples_per_second = static_cast<double>(metrics.samples()) / seconds};
  out << (args.json ? to_json(report) : to_text(report)) << std::endl;
}

}  // namespace lanegrad::cli
