// Trainings: the trainer, its recipe and its checkpoints.
#include "engine/dataloaders/stream_loader.h"
#include "wasm/bindings/data.h"
#include "wasm/bindings/settings.h"

extern "C" {
// It is in library.js; `event` is a LoopEvent, or below 0.
emscripten::EM_VAL lanegrad_step(double step, double epoch, double samples, double loss,
                                 double accuracy, double learning_rate, bool epoch_done, int event);
}

namespace lanegrad::boundary {

namespace {

// A checkpoint in an array of JavaScript, of which only the header is copied.
class ArraySource final : public ByteSource {
 public:
  explicit ArraySource(const val& bytes) : bytes_(bytes) {}
  std::size_t size() const override { return static_cast<std::size_t>(length_of(bytes_)); }
  void read(std::size_t begin, std::span<std::uint8_t> to) const override {
    lanegrad_read(bytes_.as_handle(), static_cast<double>(begin), to.data(),
                  static_cast<double>(to.size()));
  }

 private:
  const val& bytes_;
};
class ArraySink final : public ByteSink {
 public:
  void begin(std::size_t size) override {
    bytes = val::take_ownership(lanegrad_bytes(static_cast<double>(size)));
  }
  void write(std::span<const std::uint8_t> more) override {
    lanegrad_write(bytes.as_handle(), static_cast<double>(written_), more.data(),
                   static_cast<double>(more.size()));
    written_ += more.size();
  }

  val bytes = val::undefined();

 private:
  std::size_t written_ = 0;
};

TrainingPointer trainer(NetPointer net, OptimizerPointer optimizer, LoaderPointer train,
                        LoaderPointer test) {
  return std::make_shared<Training>(
      Training{.recipe = {.net = ""},
               .net = {},
               .trainer = std::make_shared<Trainer>(std::move(net), std::move(optimizer),
                                                    std::move(train), std::move(test))});
}

val full_recipe(const val& settings) { return recipe_out(recipe_in(settings)); }
val training_settings(const Training& training) { return recipe_out(training.recipe); }

// Calls `make` with the data in the form that it needs: as sets of images, or as loaders of arrays.
template <class Make>
TrainingPointer training_of(const Recipe& recipe, const DataSet& train, const DataSet* test,
                            const DataSet* validation, const Make& make) {
  const bool streamed = train.streamed > 0;
  const bool images =
      train.images && (!test || test->images) && (!validation || validation->images);
  if (!streamed && !validation && images) {
    return std::make_shared<Training>(make(train.images, test ? test->images : nullptr));
  }
  Loaders loaders{.images = images || (streamed && train.images && !recipe.normalize)};
  if (images && recipe.normalize)
    loaders.normalization = streamed ? train.normalization : normalization_of(*train.images);
  const auto evaluated = [&](const DataSet& data) {
    return make_loader(data, kEvaluationBatch, std::nullopt, loaders.normalization);
  };
  loaders.train = make_loader(train, recipe.batch_size, recipe.seed, loaders.normalization,
                              recipe.augmentation);
  if (streamed) {
    std::unique_ptr<DataLoader> stream =
        std::make_unique<StreamLoader>(std::move(loaders.train), train.streamed, recipe.batch_size);
    loaders.train = std::move(stream);
  }
  if (test) loaders.test = evaluated(*test);
  if (validation || recipe.validation > 0)
    loaders.validation = evaluated(validation ? *validation : train);
  return std::make_shared<Training>(make(std::move(loaders)));
}
TrainingPointer training(const val& settings, const DataSet& train, const DataSet* test,
                         const DataSet* validation) {
  const Recipe recipe = recipe_in(settings, train.images && train.streamed == 0);
  return training_of(recipe, train, test, validation, [&](auto&&... data) {
    return make_training(recipe, std::forward<decltype(data)>(data)...);
  });
}
TrainingPointer load(const val& checkpoint, const DataSet& train, const DataSet* test,
                     const DataSet* validation) {
  const ArraySource file(checkpoint);
  return training_of(checkpoint_recipe(file), train, test, validation, [&](auto&&... data) {
    return load_checkpoint(file, std::forward<decltype(data)>(data)...);
  });
}
// The samples of the next batch of a training whose samples are streamed.
void give(const Training& training, const DataSet& batch) {
  auto& loader = static_cast<StreamLoader&>(training.trainer->train_loader());
  const Recipe& recipe = training.recipe;
  loader.give(make_loader(batch, 1, recipe.seed, training.normalization, recipe.augmentation,
                          loader.position() % loader.size()));
}
val saved_recipe(const val& checkpoint) {
  return recipe_out(checkpoint_recipe(ArraySource(checkpoint)));
}
val save(const Training& training) {
  ArraySink file;
  save_checkpoint(training, file);
  return file.bytes;
}

// A step as an object, in which `event` is a member, too, unless it is below 0.
val step_out(const StepResult& step, Index samples, int event) {
  return val::take_ownership(lanegrad_step(
      static_cast<double>(step.step), static_cast<double>(step.epoch), static_cast<double>(samples),
      step.loss, step.accuracy, step.learning_rate, step.epoch_done, event));
}
val trainer_step(Training& training) {
  const StepResult step = training.trainer->step();
  return step_out(step, step.samples, -1);
}
// The last step, but with the samples of this piece, whatever that was.
val advance(Training& training, double epochs) {
  Loop& loop = *training.loop;
  const LoopEvent event = loop.advance(whole(epochs));
  return step_out(loop.step(), loop.samples(), static_cast<int>(event));
}
bool evaluating(const Training& training) { return training.loop->evaluating(); }
bool finished(const Training& training, double epochs) {
  return training.loop->finished(whole(epochs));
}
bool stopped_early(const Training& training) { return training.loop->stopped_early(); }
void go_on(const Training& training) { training.loop->go_on(); }

void check_schedule(const Training& training, double steps) {
  training.trainer->check_schedule(whole(steps));
}
double learning_rate(const Training& training) { return training.trainer->learning_rate(); }
void set_learning_rate(const Training& training, double rate) {
  training.trainer->set_learning_rate(rate);
}
void plan_learning_rate(const Training& training, double rate, double after) {
  training.trainer->plan_learning_rate(rate, whole(after));
}
val normalization(const Training& training) {
  const auto& [mean, deviation] = training.normalization;
  return ObjectOut()
      .add("mean", copy_out(mean.values()))
      .add("deviation", copy_out(deviation.values()))
      .object;
}
std::string class_names(const Training& training) { return training.class_names; }
void set_class_names(Training& training, const val& names) {
  const auto given = texts_in(names);
  const Index classes = training.trainer->train_loader().outputs();
  if (static_cast<Index>(given.size()) != classes)
    fail(ErrorCode::InvalidArgument, "training data: ", given.size(), " class names, expected ",
         classes);
  std::string lines;
  for (const std::string& name : given) {
    if (name.find('\n') != std::string::npos)
      fail(ErrorCode::InvalidArgument, "training data: class name '", name, "', expected one line");
    lines += name + '\n';
  }
  lines.pop_back();
  training.class_names = lines;
}

EvaluationSet set_in(const std::string& name) {
  return name == "test"         ? EvaluationSet::Test
         : name == "validation" ? EvaluationSet::Validation
                                : EvaluationSet::Training;
}
// The means of the epoch so far, or of the last evaluation of a set.
val metrics(const Training& training, const std::string& of) {
  const Trainer& trainer = *training.trainer;
  const Metrics& metrics = of == "epoch" ? trainer.train_metrics() : trainer.metrics(set_in(of));
  return ObjectOut()
      .add("samples", static_cast<double>(metrics.samples()))
      .add("loss", metrics.loss())
      .add("accuracy", metrics.accuracy())
      .object;
}
void begin_evaluation(const Training& training, const std::string& of, double most) {
  training.trainer->begin_evaluation(set_in(of), whole(most));
}
bool evaluate_some(const Training& training) { return training.trainer->evaluate_some(); }
val confusion(const Training& training) {
  return copy_out(std::span<const std::int32_t>(training.trainer->test_metrics().confusion()));
}
Index best_epoch(const Training& training) { return training.trainer->state().best_epoch; }
val progress(const Training& training) {
  const TrainerState& state = training.trainer->state();
  const bool under_way = state.in_epoch || training.trainer->epoch_ends();
  return ObjectOut()
      .add("step", static_cast<double>(state.steps))
      .add("epochs", static_cast<double>(state.epochs - (under_way ? 1 : 0)))
      .object;
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

// The most that the memory of a module grows to, as Emscripten sets it.
constexpr double kMostMemory = double{1 << 30} * 2;

// About how many bytes a training needs; throws where it cannot fit into the memory.
double training_memory(const val& settings, const val& sample, double outputs, double samples,
                       double data) {
  const TrainingMemory memory = lanegrad::training_memory(
      recipe_in(settings), {shape_in(sample), whole(outputs)}, whole(samples), data);
  check_memory(memory, kMostMemory);
  return memory.about;
}

val learning_rates(const val& settings, double samples, double points) {
  const std::vector<Real> rates =
      lanegrad::learning_rates(recipe_in(settings), whole(samples), whole(points));
  return copy_out(std::span<const Real>(rates));
}

// The samples with these numbers as training sees them in an epoch, before normalization.
val augmented(const val& settings, const DataSet& data, const val& indices, double epoch) {
  const Recipe recipe = recipe_in(settings);
  const LoaderPointer loader = make_loader(data, 1, recipe.seed, {}, recipe.augmentation);
  const std::vector<double> numbers = numbers_in(indices);
  const NdArray inputs =
      loader->preview(std::vector<std::uint32_t>(numbers.begin(), numbers.end()), whole(epoch));
  return copy_out(inputs.values());
}

}  // namespace

EMSCRIPTEN_BINDINGS(training) {
  Handle<Training>("TrainingHandle")
      .method<&trainer_step>("step")
      .method<&advance>("advance")
      .method<&evaluating>("evaluating")
      .method<&finished>("finished")
      .method<&stopped_early>("stoppedEarly")
      .method<&go_on>("goOn")
      .method<&check_schedule>("checkSchedule")
      .method<&learning_rate>("learningRate")
      .method<&set_learning_rate>("setLearningRate")
      .method<&plan_learning_rate>("planLearningRate")
      .method<&begin_evaluation>("beginEvaluation")
      .method<&evaluate_some>("evaluateSome")
      .method<&metrics>("metrics")
      .method<&confusion>("confusion")
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
      .method<&training_settings>("settings")
      .method<&save>("save")
      .method<&give>("give");
  function<&trainer>("Trainer");
  function<&full_recipe>("recipe");
  function<&training>("training");
  function<&load>("load");
  function<&saved_recipe>("savedRecipe");
  function<&training_memory>("trainingMemory");
  function<&learning_rates>("learningRates");
  function<&augmented>("augmented");
}

}  // namespace lanegrad::boundary
