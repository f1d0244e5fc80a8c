// Optimizers, and schedules of the learning rate.
#include <cmath>
#include <cstring>

#include "wasm/bindings/handles.h"

namespace lanegrad::boundary {

namespace {

// Makes an optimizer. A setting that is NaN gets the engine's default.
OptimizerPointer optimizer(const std::string& name, const val& tensors, const val& settings) {
  const std::vector<double> given = numbers_in(settings);
  const auto setting = [&](std::size_t i) {
    return std::isnan(given[i]) ? std::nullopt : std::optional(given[i]);
  };
  return make_optimizer(name, handles_in<Tensor>(tensors),
                        OptimizerOptions{.learning_rate = setting(0),
                                         .weight_decay = setting(1),
                                         .momentum = setting(2),
                                         .nesterov = given[6] == 1,
                                         .beta1 = setting(3),
                                         .beta2 = setting(4),
                                         .epsilon = setting(5)});
}

// The settings in the order in which `optimizer` takes them; NaN where this optimizer has no such
// setting.
val optimizer_settings(const Optimizer& optimizer) {
  const OptimizerOptions has = optimizer.options();
  const auto out = [](std::optional<double> setting) { return setting.value_or(NAN); };
  return numbers_out({out(has.learning_rate), out(has.weight_decay), out(has.momentum),
                      out(has.beta1), out(has.beta2), out(has.epsilon), has.nesterov ? 1. : 0.});
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
  const std::vector<double> given = numbers_in(settings);
  const auto set = [&](std::size_t i, auto& value) {
    if (!std::isnan(given[i])) value = static_cast<std::decay_t<decltype(value)>>(given[i]);
  };
  set(0, schedule.drops);
  set(1, schedule.factor);
  set(2, schedule.warm_up);
  set(3, schedule.start);
  set(4, schedule.end);
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
