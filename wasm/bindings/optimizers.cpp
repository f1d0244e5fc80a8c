// Optimizers, and schedules of the learning rate.
#include <cctype>
#include <cstring>

#include "wasm/bindings/handles.h"
#include "wasm/bindings/settings.h"

namespace lanegrad::boundary {

namespace {

OptimizerPointer optimizer(const std::string& name, const val& tensors, const val& settings) {
  OptimizerOptions options;
  numbers_in(settings_of(options), settings);
  return make_optimizer(name, handles_in<Tensor>(tensors), options);
}

// All settings that this optimizer has.
val optimizer_settings(const Optimizer& optimizer) {
  std::string name;
  for (const char letter : optimizer.kind()) name += static_cast<char>(std::tolower(letter));
  OptimizerOptions options = optimizer.options();
  return numbers_of(settings_of(options), name);
}
// Copies of the optimizer's state; `names` are the names of its tensors.
val optimizer_state(Optimizer& optimizer, const val& names) {
  std::vector<NamedTensor> all;
  for (const StateEntry& entry : optimizer.state(texts_in(names))) {
    if (entry.dtype != kDtype<Real>) continue;
    NdArray values = NdArray::uninitialized(entry.shape);
    std::memcpy(values.mutable_data(), entry.bytes.data(), entry.bytes.size());
    all.push_back({entry.name, Tensor(std::move(values))});
  }
  return named_out(all);
}

double schedule_factor(const std::string& name, const val& settings, double step, double steps) {
  Schedule schedule{.kind = schedule_from_name(name)};
  numbers_in(settings_of(schedule), settings);
  return learning_rate_factor(schedule, whole(step), whole(steps));
}

}  // namespace

EMSCRIPTEN_BINDINGS(optimizers) {
  Handle<Optimizer>("OptimizerHandle")
      .method<&Optimizer::kind>("kind")
      .method<&Optimizer::step>("step")
      .method<&Optimizer::zero_grad>("zeroGrad")
      .method<&optimizer_settings>("settings")
      .method<&optimizer_state>("state")
      .method<&Optimizer::learning_rate>("learningRate")
      .method<&Optimizer::set_learning_rate>("setLearningRate");
  function<&optimizer>("optimizer");
  function<&schedule_factor>("learningRateFactor");
}

}  // namespace lanegrad::boundary
