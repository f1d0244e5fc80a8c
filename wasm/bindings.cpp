// Everything of the engine that JavaScript can reach, under the names that it has there;
// wasm/src/module/raw.ts is the other side, name by name. A bound function only converts and calls; it
// computes nothing.

#include "wasm/boundary.h"

#include <emscripten/heap.h>

#include <atomic>
#include <climits>
#include <cmath>
#include <cstring>

#include "engine/core/parallel.h"

namespace lanegrad::boundary {

struct DataSet;
template <class T>
requires(std::same_as<T, Layer> || std::same_as<T, Optimizer> || std::same_as<T, Net> ||
         std::same_as<T, DataSet> || std::same_as<T, DataLoader> ||
         std::same_as<T, Training>) inline constexpr bool kShared<T> = true;

// Images, or arrays with labels or with numbers to predict. All loaders that read a set share it.
struct DataSet {
  std::shared_ptr<const ImageSet> images = {};
  NdArray inputs = {};
  IndexArray labels = {};
  Index classes = 0;
  NdArray targets = {};
  // What messages call arrays.
  std::string name = {};
};

namespace {

// ---- Tensors ----------------------------------------------------------------

Index whole(double value) { return static_cast<Index>(value); }
Real real(double value) { return static_cast<Real>(value); }
std::uint64_t seed_in(double value) { return static_cast<std::uint64_t>(value); }

Tensor tensor(const val& values, const val& shape, bool requires_grad) {
  return Tensor(array_in(values, shape_in(shape)), requires_grad);
}
Tensor full(const val& shape, double value) {
  return Tensor(NdArray::full(shape_in(shape), real(value)));
}
Tensor arange(double end) { return Tensor(NdArray::arange(whole(end))); }
Tensor uniform(const val& shape, double low, double high, Random& random) {
  return Tensor(NdArray::uniform(shape_in(shape), real(low), real(high), random));
}
Tensor normal(const val& shape, double mean, double deviation, Random& random) {
  return Tensor(NdArray::normal(shape_in(shape), real(mean), real(deviation), random));
}

val data(const Tensor& x) { return copy_out(x.data().values()); }
val shape(const Tensor& x) { return extents_out(x.shape()); }
void set_data(Tensor& x, const val& values, const val& extents) {
  x.set_data(array_in(values, shape_in(extents)));
}
Tensor grad(const Tensor& x) { return x.grad() ? Tensor(*x.grad()) : Tensor(); }
Index source_count(const Tensor& x) { return static_cast<Index>(x.sources().size()); }
Tensor source(const Tensor& x, int index) { return x.sources()[static_cast<std::size_t>(index)]; }
void backward(const Tensor& x) { x.backward(); }
void backward_from(const Tensor& x, const Tensor& dy) { x.backward(dy.data()); }

using Unary = Tensor (*)(const Tensor&);
using Binary = Tensor (*)(const Tensor&, const Tensor&);
using Reduction = Tensor (*)(const Tensor&, int, bool);

Tensor reshape(const Tensor& x, const val& extents) {
  return lanegrad::reshape(x, shape_in(extents));
}
// The convolution; there is no bias where `bias` is null.
Tensor conv2d(const Tensor& x, const Tensor& filters, const Tensor* bias, double stride,
              double padding) {
  return lanegrad::conv2d(x, filters, bias ? *bias : Tensor(),
                          {.stride = whole(stride), .padding = whole(padding)});
}
template <Tensor (*Pool)(const Tensor&, PoolOptions)>
Tensor pool(const Tensor& x, double size, double stride) {
  return Pool(x, {.size = whole(size), .stride = whole(stride)});
}
val argmax(const Tensor& x, int axis) {
  const IndexArray result = lanegrad::argmax(x.data(), axis);
  return copy_out(result.values());
}

double norm(const Tensor& x) { return lanegrad::norm(x.data()); }
bool all_finite(const Tensor& x) { return lanegrad::all_finite(x.data()); }

bool grad_enabled() { return Context::current().grad_enabled(); }
void set_grad_enabled(bool enabled) { Context::current().set_grad_enabled(enabled); }
double live_bytes() { return static_cast<double>(Context::current().pool().live_bytes()); }
double peak_bytes() { return static_cast<double>(Context::current().pool().peak_bytes()); }
double heap_bytes() { return static_cast<double>(emscripten_get_heap_size()); }
void set_threads(int count) { Context::current().set_thread_count(count); }
double helped_tiles() {
  const ThreadPool* threads = Context::current().threads();
  return threads ? static_cast<double>(threads->helped_tiles()) : 0;
}

Random* random(double seed, double stream) { return new Random(seed_in(seed), seed_in(stream)); }
double random_uniform(Random& random) { return random.uniform(); }

// ---- Layers, losses, optimizers, nets ---------------------------------------

using LayerPointer = std::shared_ptr<Layer>;
using OptimizerPointer = std::shared_ptr<Optimizer>;
using LoaderPointer = std::shared_ptr<DataLoader>;
using NetPointer = std::shared_ptr<Net>;
using TrainingPointer = std::shared_ptr<Training>;

Init init_in(std::string_view layer, const std::string& name) {
  return choose<Init>(layer, "initialisation", name,
                      {{"kaimingUniform", Init::KaimingUniform},
                       {"kaimingNormal", Init::KaimingNormal},
                       {"xavierUniform", Init::XavierUniform},
                       {"xavierNormal", Init::XavierNormal}});
}
LayerPointer dense(double inputs, double outputs, Random& random, const std::string& init) {
  return make_layer<Dense>(whole(inputs), whole(outputs), random, init_in("dense", init));
}
LayerPointer conv2d_layer(double inputs, double outputs, double kernel, Random& random,
                          double stride, double padding, const std::string& init, bool bias) {
  return make_layer<Conv2D>(whole(inputs), whole(outputs), whole(kernel), random,
                            ConvOptions{.stride = whole(stride), .padding = whole(padding)},
                            init_in("conv2d", init), bias);
}

// Layers that their kind and at most three numbers describe. Each function takes three numbers and
// ignores those that its layer has no use for.
template <class T>
LayerPointer plain(double, double, double) {
  return make_layer<T>();
}
template <class T>
LayerPointer pool_layer(double size, double stride, double) {
  return make_layer<T>(PoolOptions{.size = whole(size), .stride = whole(stride)});
}
LayerPointer bias(double outputs, double, double) { return make_layer<Bias>(whole(outputs)); }
LayerPointer batch_norm(double features, double momentum, double epsilon) {
  return make_layer<BatchNorm>(whole(features),
                               BatchNormOptions{.momentum = momentum, .epsilon = epsilon});
}
LayerPointer leaky_relu_layer(double slope, double, double) { return make_layer<LeakyReLU>(slope); }
LayerPointer dropout(double rate, double seed, double) {
  return make_layer<Dropout>(rate, seed_in(seed));
}
LayerPointer layer(const std::string& kind, double first, double second, double third) {
  using Make = LayerPointer (*)(double, double, double);
  return choose<Make>("layer", "kind", kind,
                      {{"Bias", bias},
                       {"BatchNorm", batch_norm},
                       {"MaxPool2D", pool_layer<MaxPool2D>},
                       {"AvgPool2D", pool_layer<AvgPool2D>},
                       {"GlobalAvgPool2D", plain<GlobalAvgPool2D>},
                       {"Flatten", plain<Flatten>},
                       {"Dropout", dropout},
                       {"ReLU", plain<ReLU>},
                       {"LeakyReLU", leaky_relu_layer},
                       {"GELU", plain<GELU>},
                       {"Softmax", plain<Softmax>},
                       {"Sigmoid", plain<Sigmoid>},
                       {"Tanh", plain<Tanh>}})(first, second, third);
}
// `names` and `layers` are arrays of equal length.
LayerPointer sequential(const val& names, const val& layers) {
  auto all = std::make_unique<Sequential>();
  const auto texts = texts_in(names);
  const auto handles = handles_in<LayerPointer>(layers);
  for (std::size_t i = 0; i < handles.size(); ++i) all->add(texts[i], handles[i]);
  return std::unique_ptr<Layer>(std::move(all));
}
void layer_backward(const Layer& layer, const Tensor& dy) { layer.backward(dy.data()); }
val layer_tensors(const Layer& layer) { return named_out(layer.named_tensors()); }
val layer_buffers(const Layer& layer) { return named_out(layer.named_buffers()); }

Tensor mse(const Tensor& prediction, const Tensor& target) {
  return MSE().forward(prediction, target);
}
Tensor softmax_cross_entropy(const Tensor& logits, const val& labels) {
  return SoftmaxCrossEntropy().forward(logits, labels_in(labels));
}

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

NetPointer empty_net() { return std::make_unique<Net>(); }
NetInput net_input(const val& sample, double outputs) {
  return {.sample = shape_in(sample), .outputs = whole(outputs)};
}
NetPointer net(const std::string& text, const val& sample, double outputs, Random& random) {
  return make_net(text, net_input(sample, outputs), random);
}
val description_out(const NetDescription& description) {
  val list = val::array();
  for (const LayerDescription& layer : description.layers) {
    append(list,
           tuple_out(layer.name, layer.kind, layer.text, extents_out(layer.output),
                     static_cast<double>(layer.parameters), layer.forward_flops, layer.step_flops));
  }
  return list;
}
val describe_text(const std::string& text, const val& sample, double outputs) {
  return description_out(describe(text, net_input(sample, outputs)));
}
val describe_net(Net& net, const val& sample) {
  return description_out(net.describe(shape_in(sample)));
}
val net_catalog() {
  val list = val::array();
  for (const CatalogEntry& entry : catalog()) {
    append(list, tuple_out(std::string(entry.name), std::string(entry.description),
                           std::string(entry.text)));
  }
  return list;
}
void net_add(Net& net, const std::string& name, LayerPointer layer) {
  net.add(name, std::move(layer));
}
// The layers by name: [["dense1", handle], …].
val net_layers(const Net& net) {
  val list = val::array();
  for (const auto& [name, layer] : net.parameters()) append(list, tuple_out(name, layer));
  return list;
}

// ---- Data -------------------------------------------------------------------

using DataSetPointer = std::shared_ptr<DataSet>;

DataSetPointer image_set(const val& images, const val& labels, const std::string& name,
                         double classes) {
  auto set = std::make_shared<DataSet>();
  set->images = parse_mnist(bytes_in(images), bytes_in(labels), name, whole(classes));
  return set;
}
DataSetPointer label_set(const Tensor& inputs, const val& labels, double classes,
                         const std::string& name) {
  return std::make_shared<DataSet>(DataSet{.inputs = inputs.data(),
                                           .labels = labels_in(labels),
                                           .classes = whole(classes),
                                           .name = name});
}
DataSetPointer number_set(const Tensor& inputs, const Tensor& targets, const std::string& name) {
  return std::make_shared<DataSet>(
      DataSet{.inputs = inputs.data(), .targets = targets.data(), .name = name});
}
val data_values(const DataSet& data) {
  if (data.images) return copy_out(std::span<const std::uint8_t>(data.images->pixels));
  return copy_out(data.inputs.values());
}
LoaderPointer make_loader(const DataSet& data, Index batch_size,
                          std::optional<std::uint64_t> seed) {
  if (data.images) return std::make_shared<Mnist>(data.images, batch_size, seed);
  if (data.labels.size() == 0) {
    return std::make_shared<ArrayLoader>(data.inputs, data.targets, batch_size, seed, data.name);
  }
  return std::make_shared<ArrayLoader>(data.inputs, data.labels, data.classes, batch_size, seed,
                                       data.name);
}
LoaderPointer loader(const DataSet& data, double batch_size, bool shuffle, double seed) {
  return make_loader(data, whole(batch_size),
                     shuffle ? std::optional(seed_in(seed)) : std::nullopt);
}

MathFuncOptions math_func_in(const val& settings) {
  const std::vector<double> given = numbers_in(settings);
  return {.low = given[0],
          .high = given[1],
          .dimension = whole(given[2]),
          .samples = whole(given[3]),
          .noise = given[4],
          .batch_size = whole(given[5]),
          .seed = seed_in(given[6])};
}
val math_func_inputs(const val& options) {
  const NdArray inputs = MathFunc::inputs(math_func_in(options));
  return copy_out(inputs.values());
}
LoaderPointer math_func(const val& values, const val& options) {
  return std::make_shared<MathFunc>(array_in(values, Shape{length_of(values)}),
                                    math_func_in(options));
}

val sample_shape(const DataLoader& loader) { return extents_out(loader.sample_shape()); }
bool has_labels(const DataLoader& loader) { return loader.target_kind() == TargetKind::Labels; }
// The next batch, or null at the end of an epoch.
Batch* next_batch(DataLoader& loader) {
  auto batch = std::make_unique<Batch>();
  return loader.next(*batch) ? batch.release() : nullptr;
}
Tensor batch_inputs(const Batch& batch) { return Tensor(batch.inputs); }
val batch_labels(const Batch& batch) { return copy_out(batch.labels.values()); }
Tensor batch_targets(const Batch& batch) { return Tensor(batch.targets); }

// ---- Training ---------------------------------------------------------------

TrainingPointer trainer(NetPointer net, OptimizerPointer optimizer, LoaderPointer train,
                        LoaderPointer test) {
  return std::make_shared<Training>(
      Training{.recipe = {.net = ""},
               .net = {},
               .trainer = std::make_shared<Trainer>(std::move(net), std::move(optimizer),
                                                    std::move(train), std::move(test))});
}

// The recipe of these entries, ["net", "fast", "batch-size", "64"]: the recommended one for the
// net, changed by the others. For data that are not images, the recommendations that only images
// can follow are left out.
Recipe recipe_in(const val& entries, bool images = true) {
  const auto texts = texts_in(entries);
  std::vector<std::pair<std::string_view, std::string_view>> settings;
  if (!images) {
    settings.emplace_back("normalize", "false");
    for (const char* key : {"shift", "rotation", "scale", "shear"}) settings.emplace_back(key, "0");
  }
  for (std::size_t i = 0; i < texts.size(); i += 2) settings.emplace_back(texts[i], texts[i + 1]);
  return recipe_with(settings);
}
val recipe_out(const Recipe& recipe) {
  val list = val::array();
  for (const auto& [key, text] : entries(recipe)) {
    append(list, std::string(key));
    append(list, text);
  }
  return list;
}
val full_recipe(const val& entries) { return recipe_out(recipe_in(entries)); }
val training_recipe(const Training& training) { return recipe_out(training.recipe); }

// Calls `make` with the data in the form that it needs: as sets of images, or as loaders of arrays.
template <class Make>
TrainingPointer training_of(const Recipe& recipe, const DataSet& train, const DataSet* test,
                            const Make& make) {
  if (train.images && (!test || test->images)) {
    return std::make_shared<Training>(make(train.images, test ? test->images : nullptr));
  }
  Loaders loaders{.train = make_loader(train, recipe.batch_size, recipe.seed)};
  if (test) loaders.test = make_loader(*test, kEvaluationBatch, std::nullopt);
  if (recipe.validation > 0)
    loaders.validation = make_loader(train, kEvaluationBatch, std::nullopt);
  return std::make_shared<Training>(make(std::move(loaders)));
}
TrainingPointer training(const val& entries, const DataSet& train, const DataSet* test) {
  const Recipe recipe = recipe_in(entries, train.images != nullptr);
  return training_of(recipe, train, test, [&](auto&&... data) {
    return make_training(recipe, std::forward<decltype(data)>(data)...);
  });
}
TrainingPointer load(const val& checkpoint, const DataSet& train, const DataSet* test) {
  const std::vector<std::uint8_t> bytes = bytes_in(checkpoint);
  return training_of(checkpoint_recipe(bytes), train, test, [&](auto&&... data) {
    return load_checkpoint(bytes, std::forward<decltype(data)>(data)...);
  });
}
val saved_recipe(const val& checkpoint) {
  return recipe_out(checkpoint_recipe(bytes_in(checkpoint)));
}
val save(const Training& training) {
  const std::vector<std::uint8_t> bytes = save_checkpoint(training);
  return copy_out(std::span<const std::uint8_t>(bytes));
}

// Runs a step and returns its number, the epoch's number, samples, loss, accuracy, learning rate,
// and 1 where the epoch is done, else 0.
val trainer_step(Training& training) {
  const StepResult result = training.trainer->step();
  return numbers_out({static_cast<double>(result.step), static_cast<double>(result.epoch),
                      static_cast<double>(result.samples), result.loss, result.accuracy,
                      result.learning_rate, result.epoch_done ? 1. : 0.});
}

void check_schedule(const Training& training, double steps) {
  training.trainer->check_schedule(whole(steps));
}
void set_learning_rate(const Training& training, double rate) {
  training.trainer->set_learning_rate(rate);
}
void plan_learning_rate(const Training& training, double rate, double after) {
  training.trainer->plan_learning_rate(rate, whole(after));
}
val normalization(const Training& training) {
  return numbers_out({training.normalization.mean, training.normalization.deviation});
}
val class_names(const Training& training) {
  val list = val::array();
  for (const std::string& name : training.class_names) append(list, name);
  return list;
}
void set_class_names(Training& training, const val& names) {
  const auto given = texts_in(names);
  const Index classes = training.trainer->train_loader().outputs();
  if (static_cast<Index>(given.size()) != classes)
    fail(ErrorCode::InvalidArgument, "training data: ", given.size(), " class names, expected ",
         classes);
  for (const std::string& name : given) {
    if (name.find('\n') != std::string::npos)
      fail(ErrorCode::InvalidArgument, "training data: class name '", name, "', expected one line");
  }
  training.class_names.assign(given.begin(), given.end());
}

// The number of samples, the loss and the accuracy.
val metrics(const Training& training, const std::string& of) {
  const Trainer& trainer = *training.trainer;
  const Metrics& metrics = of == "train"  ? trainer.train_metrics()
                           : of == "test" ? trainer.test_metrics()
                                          : trainer.validation_metrics();
  return numbers_out({static_cast<double>(metrics.samples()), metrics.loss(), metrics.accuracy()});
}
void begin_evaluation(const Training& training, bool validation) {
  training.trainer->begin_evaluation(validation ? EvaluationSet::Validation : EvaluationSet::Test);
}
bool evaluate_some(const Training& training) { return training.trainer->evaluate_some(); }
val confusion(const Training& training) {
  return copy_out(std::span<const std::int32_t>(training.trainer->test_metrics().confusion()));
}
bool epoch_ends(const Training& training) { return training.trainer->epoch_ends(); }
bool end_epoch(const Training& training) { return training.trainer->end_epoch(); }
bool restore_best(const Training& training) { return training.trainer->restore_best(); }
Index best_epoch(const Training& training) { return training.trainer->state().best_epoch; }
val progress(const Training& training) {
  const TrainerState& state = training.trainer->state();
  return tuple_out(static_cast<double>(state.steps),
                   static_cast<double>(state.epochs -
                                       (state.in_epoch || training.trainer->epoch_ends() ? 1 : 0)));
}
Tensor predict(const Training& training, const Tensor& x) {
  return Tensor(training.trainer->predict(x.data()));
}
Tensor probabilities(const Training& training, const Tensor& x) {
  return Tensor(training.trainer->probabilities(x.data()));
}
val activations(const Training& training, const Tensor& x) {
  return named_out(training.trainer->activations(x.data()));
}
val answering(const Training& training) { return named_out(training.trainer->answering()); }
// Handles of the trainer's parts. Each of them keeps the trainer alive.
NetPointer trainer_net(const Training& training) {
  return {training.trainer, &training.trainer->net()};
}
OptimizerPointer trainer_optimizer(const Training& training) {
  return {training.trainer, &training.trainer->optimizer()};
}
LoaderPointer trainer_loader(const Training& training, const std::string& of) {
  Trainer& trainer = *training.trainer;
  DataLoader* const found = of == "train"  ? &trainer.train_loader()
                            : of == "test" ? trainer.test_loader()
                                           : trainer.validation_loader();
  return found ? LoaderPointer(training.trainer, found) : nullptr;
}

val learning_rates(const val& entries, double samples, double points) {
  const std::vector<Real> rates =
      lanegrad::learning_rates(recipe_in(entries), whole(samples), whole(points));
  return copy_out(std::span<const Real>(rates));
}

// The samples with these numbers as training sees them in an epoch, before normalization.
val augmented(const val& entries, const DataSet& data, const val& indices, double epoch) {
  const Recipe recipe = recipe_in(entries);
  const LoaderPointer loader =
      data.images
          ? std::make_shared<Mnist>(
                data.images, MnistOptions{.seed = recipe.seed, .augmentation = recipe.augmentation})
          : make_loader(data, 1, std::nullopt);
  const std::vector<double> numbers = numbers_in(indices);
  const NdArray inputs =
      loader->preview(std::vector<std::uint32_t>(numbers.begin(), numbers.end()), whole(epoch));
  return copy_out(inputs.values());
}

// Crashes the engine, for tests of what happens then.
void crash_for_test() { __builtin_trap(); }
// Crashes one of the engine's helper threads, for tests of what happens then.
void crash_helper_for_test() {
  if (Context::current().threads() == nullptr) return;
  thread_local char here = 0;
  const char* const giver = &here;
  std::atomic<int> begun{0};
  parallel_for(2, [&](Index) {
    ++begun;
    while (begun < 2) {
    }
    if (&here != giver) __builtin_trap();
  });
}

// Registers the types that pass the border under Embind's names for them.
void register_values() {
  using namespace emscripten::internal;
  _embind_register_void(TypeID<void>::get(), "void");
  _embind_register_bool(TypeID<bool>::get(), "bool", true, false);
  _embind_register_integer(TypeID<int>::get(), "int", sizeof(int), INT_MIN, INT_MAX);
  _embind_register_float(TypeID<double>::get(), "double", sizeof(double));
  _embind_register_std_string(TypeID<std::string>::get(), "std::string");
  _embind_register_emval(TypeID<val>::get());
}

}  // namespace

EMSCRIPTEN_BINDINGS(lanegrad) {
  register_values();
  Handle<Tensor>("TensorHandle")
      .method<&data>("data")
      .method<&shape>("shape")
      .method<&Tensor::item>("item")
      .method<&set_data>("setData")
      .method<&Tensor::requires_grad>("requiresGrad")
      .method<&Tensor::set_requires_grad>("setRequiresGrad")
      .method<&Tensor::is_leaf>("isLeaf")
      .method<&Tensor::is>("is")
      .method<&grad>("grad")
      .method<&Tensor::zero_grad>("zeroGrad")
      .method<&source_count>("sourceCount")
      .method<&source>("source")
      .method<&Tensor::grad_fn>("gradFn")
      .method<&backward>("backward")
      .method<&backward_from>("backwardFrom")
      .method<&Tensor::detach>("detach")
      .method<&norm>("norm")
      .method<&all_finite>("allFinite");
  function<&tensor>("tensor");
  function<&full>("full");
  function<&arange>("arange");
  function<&uniform>("uniform");
  function<&normal>("normal");

  function<static_cast<Binary>(&lanegrad::add)>("add");
  function<static_cast<Binary>(&lanegrad::sub)>("sub");
  function<static_cast<Binary>(&lanegrad::mul)>("mul");
  function<static_cast<Binary>(&lanegrad::div)>("div");
  function<static_cast<Binary>(&lanegrad::pow)>("pow");
  function<static_cast<Binary>(&lanegrad::maximum)>("maximum");
  function<static_cast<Binary>(&lanegrad::matmul)>("matmul");
  function<static_cast<Unary>(&lanegrad::neg)>("neg");
  function<static_cast<Unary>(&lanegrad::abs)>("abs");
  function<static_cast<Unary>(&lanegrad::exp)>("exp");
  function<static_cast<Unary>(&lanegrad::log)>("log");
  function<static_cast<Unary>(&lanegrad::sqrt)>("sqrt");
  function<static_cast<Unary>(&lanegrad::tanh)>("tanh");
  function<static_cast<Unary>(&lanegrad::sigmoid)>("sigmoid");
  function<static_cast<Unary>(&lanegrad::relu)>("relu");
  function<static_cast<Unary>(&lanegrad::gelu)>("gelu");
  function<static_cast<Tensor (*)(const Tensor&, double)>(&lanegrad::leaky_relu)>("leakyRelu");
  function<static_cast<Unary>(&lanegrad::softmax)>("softmax");
  function<static_cast<Unary>(&lanegrad::log_softmax)>("logSoftmax");
  function<static_cast<Unary>(&lanegrad::sum)>("sum");
  function<static_cast<Unary>(&lanegrad::mean)>("mean");
  function<static_cast<Unary>(&lanegrad::max)>("max");
  function<static_cast<Reduction>(&lanegrad::sum)>("sumAxis");
  function<static_cast<Reduction>(&lanegrad::mean)>("meanAxis");
  function<static_cast<Reduction>(&lanegrad::max)>("maxAxis");
  function<&conv2d>("conv2d");
  function<&pool<&max_pool2d>>("maxPool2d");
  function<&pool<&avg_pool2d>>("avgPool2d");
  function<&global_avg_pool2d>("globalAvgPool2d");
  function<&argmax>("argmax");
  function<&reshape>("reshape");
  function<static_cast<Tensor (*)(const Tensor&, int, int)>(&lanegrad::transpose)>("transpose");

  function<&grad_enabled>("gradEnabled");
  function<&set_grad_enabled>("setGradEnabled");
  function<&live_bytes>("liveBytes");
  function<&peak_bytes>("peakBytes");
  function<&heap_bytes>("heapBytes");
  function<&set_threads>("setThreads");
  function<&helped_tiles>("helpedTiles");
  function<&crash_for_test>("crashForTest");
  function<&crash_helper_for_test>("crashHelperForTest");

  Handle<Random>("RandomHandle")
      .method<&random_uniform>("uniform")
      .method<&Random::normal>("normal");
  function<&random>("Random");

  Handle<Layer>("LayerHandle")
      .method<&Layer::kind>("kind")
      .method<&Layer::forward>("forward")
      .method<&layer_backward>("backward")
      .method<&layer_tensors>("namedTensors")
      .method<&layer_buffers>("namedBuffers")
      .method<&Layer::training>("training")
      .method<&Layer::set_training>("setTraining");
  function<&dense>("Dense");
  function<&conv2d_layer>("Conv2D");
  function<&layer>("layer");
  function<&sequential>("Sequential");

  function<&mse>("MSE");
  function<&softmax_cross_entropy>("SoftmaxCrossEntropy");

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

  Handle<Net>("NetHandle")
      .method<&net_add>("add")
      .method<&Net::forward>("forward")
      .method<&net_layers>("layers")
      .method<&describe_net>("describe")
      .method<&Net::parameter_count>("parameterCount")
      .method<&Net::set_training>("setTraining");
  function<&empty_net>("Net");
  function<&net>("net");
  function<&describe_text>("describe");
  function<&net_catalog>("catalog");

  Handle<DataSet>("DataSetHandle").method<&data_values>("values");
  function<&image_set>("ImageSet");
  function<&label_set>("LabelSet");
  function<&number_set>("NumberSet");
  Handle<DataLoader>("LoaderHandle")
      .method<&DataLoader::size>("size")
      .method<&DataLoader::batches>("batches")
      .method<&DataLoader::batch_size>("batchSize")
      .method<&DataLoader::outputs>("outputs")
      .method<&sample_shape>("sampleShape")
      .method<&has_labels>("hasLabels")
      .method<&DataLoader::start_epoch>("startEpoch")
      .method<&next_batch>("next");
  Handle<Batch>("BatchHandle")
      .method<&batch_inputs>("inputs")
      .method<&batch_labels>("labels")
      .method<&batch_targets>("targets");
  function<&loader>("Loader");
  function<&math_func_inputs>("mathFuncInputs");
  function<&math_func>("MathFunc");

  Handle<Training>("TrainerHandle")
      .method<&trainer_step>("step")
      .method<&check_schedule>("checkSchedule")
      .method<&set_learning_rate>("setLearningRate")
      .method<&plan_learning_rate>("planLearningRate")
      .method<&begin_evaluation>("beginEvaluation")
      .method<&evaluate_some>("evaluateSome")
      .method<&metrics>("metrics")
      .method<&confusion>("confusion")
      .method<&epoch_ends>("epochEnds")
      .method<&end_epoch>("endEpoch")
      .method<&restore_best>("restoreBest")
      .method<&best_epoch>("bestEpoch")
      .method<&normalization>("normalization")
      .method<&class_names>("classNames")
      .method<&set_class_names>("setClassNames")
      .method<&progress>("progress")
      .method<&predict>("predict")
      .method<&probabilities>("probabilities")
      .method<&activations>("activations")
      .method<&answering>("answering")
      .method<&trainer_net>("net")
      .method<&trainer_optimizer>("optimizer")
      .method<&trainer_loader>("loader")
      .method<&training_recipe>("entries")
      .method<&save>("save");
  function<&trainer>("Trainer");
  function<&full_recipe>("recipe");
  function<&training>("training");
  function<&load>("load");
  function<&saved_recipe>("savedRecipe");
  function<&learning_rates>("learningRates");
  function<&augmented>("augmented");
}

}  // namespace lanegrad::boundary

// These replace Embind's own functions, which would register 40 types that nothing here uses, for
// each thread, and whose names of types would bring printf along: 1 kB.
extern "C" {
// Helper threads call no bindings.
[[gnu::weak]] void _embind_initialize_bindings() {}
[[gnu::weak]] char* __getTypeName(emscripten::internal::TYPEID) {
  return nullptr;  // see getTypeName in glue.js
}
}
namespace emscripten::internal {
extern "C" [[gnu::weak]] void _embind_register_bindings(InitFunc*) {}
}  // namespace emscripten::internal
