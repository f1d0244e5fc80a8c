// Sets of samples, and loaders that read them.
#include "wasm/bindings/data.h"

#include <algorithm>

namespace lanegrad::boundary {

std::unique_ptr<DataLoader> make_loader(const DataSet& data, Index batch_size,
                                        std::optional<std::uint64_t> seed,
                                        const Normalization& normalization,
                                        const Augmentation& augmentation, Index first) {
  if (data.images) {
    const ImageLoaderOptions options{.batch_size = batch_size,
                                     .seed = seed,
                                     .normalization = normalization,
                                     .augmentation = augmentation,
                                     .first = first};
    return std::make_unique<ImageLoader>(data.images, options);
  }
  if (data.labels.size() == 0) {
    return std::make_unique<ArrayLoader>(data.inputs, data.targets, batch_size, seed, data.name);
  }
  return std::make_unique<ArrayLoader>(data.inputs, data.labels, data.classes, batch_size, seed,
                                       data.name);
}

namespace {

// A set of images, whose file of so many bytes comes by append().
DataSetPointer image_set(double bytes) {
  auto set = std::make_shared<DataSet>();
  set->reader.expect(static_cast<std::size_t>(bytes));
  return set;
}
void append_piece(DataSet& set, const val& piece) { set.reader.append(bytes_in(piece)); }
void finish_images(DataSet& set, const val& labels, const std::string& name, double classes) {
  set.images = set.reader.finish(bytes_in(labels), name, whole(classes));
}
DataSetPointer label_set(const Tensor& inputs, const val& labels, double classes,
                         const std::string& name) {
  auto set = std::make_shared<DataSet>();
  set->inputs = inputs.data();
  set->labels = labels_in(labels);
  set->classes = whole(classes);
  set->name = name;
  return set;
}
DataSetPointer number_set(const Tensor& inputs, const Tensor& targets, const std::string& name) {
  auto set = std::make_shared<DataSet>();
  set->inputs = inputs.data();
  set->targets = targets.data();
  set->name = name;
  return set;
}
PerChannel per_channel_in(const val& numbers) {
  const std::vector<double> given = numbers_in(numbers);
  PerChannel out(static_cast<Index>(given.size()), 0);
  std::copy(given.begin(), given.end(), out.values().begin());
  return out;
}
void stream_samples(DataSet& set, double samples, const val& mean, const val& deviation) {
  set.streamed = whole(samples);
  set.normalization = {.mean = per_channel_in(mean), .deviation = per_channel_in(deviation)};
}
// The numbers of inputs, or so many pixels at most from this one on.
val data_values(const DataSet& data, double begin, double count) {
  if (!data.images) return copy_out(data.inputs.values());
  const std::span<const std::uint8_t> pixels = data.images->pixels;
  const auto from = pixels.subspan(static_cast<std::size_t>(begin));
  return copy_out(from.first(std::min(from.size(), static_cast<std::size_t>(count))));
}
std::unique_ptr<DataLoader> loader(const DataSet& data, double batch_size, bool shuffle,
                                   double seed) {
  return make_loader(data, whole(batch_size),
                     shuffle ? std::optional(seed_in(seed)) : std::nullopt);
}

MathFuncOptions math_func_in(const val& options) {
  const MathFuncOptions usual;
  const auto number = [&](const char* name, auto otherwise) {
    return static_cast<decltype(otherwise)>(
        number_in(options, name, static_cast<double>(otherwise)));
  };
  return {.low = number("low", usual.low),
          .high = number("high", usual.high),
          .dimension = number("dimension", usual.dimension),
          .samples = number("samples", usual.samples),
          .noise = number("noise", usual.noise),
          .batch_size = number("batchSize", usual.batch_size),
          .seed = number("seed", usual.seed)};
}
val math_func_inputs(const val& options) {
  const NdArray inputs = MathFunc::inputs(math_func_in(options));
  return copy_out(inputs.values());
}
std::unique_ptr<DataLoader> math_func(const val& values, const val& options) {
  return std::make_unique<MathFunc>(array_in(values, Shape{length_of(values)}),
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

}  // namespace

EMSCRIPTEN_BINDINGS(data) {
  Handle<DataSet>("DataSetHandle")
      .method<&data_values>("values")
      .method<&append_piece>("append")
      .method<&finish_images>("finish")
      .method<&stream_samples>("stream");
  function<&image_set>("ImageSet");
  function<&label_set>("LabelSet");
  function<&number_set>("NumberSet");
  Handle<DataLoader>("LoaderHandle")
      .method<&DataLoader::size>("size")
      .method<&DataLoader::batches>("batches")
      .method<&DataLoader::position>("position")
      .method<&DataLoader::epoch>("epoch")
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
}

}  // namespace lanegrad::boundary
