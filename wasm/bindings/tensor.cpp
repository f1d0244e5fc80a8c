// Tensors, their operations, and random numbers.
#include "wasm/bindings/handles.h"

namespace lanegrad::boundary {

namespace {

Real real(double value) { return static_cast<Real>(value); }

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
// Writes numbers over those of x from this one on. They fit, which the caller has checked.
void write(Tensor& x, double at, const val& values) {
  copy_in(values, x.mutable_data() + static_cast<std::ptrdiff_t>(at));
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

Random* random(double seed, double stream) { return new Random(seed_in(seed), seed_in(stream)); }
double random_uniform(Random& random) { return random.uniform(); }
double random_below(Random& random, double end) {
  return random.below(static_cast<std::uint32_t>(end));
}

}  // namespace

EMSCRIPTEN_BINDINGS(tensor) {
  Handle<Tensor>("TensorHandle")
      .method<&data>("data")
      .method<&shape>("shape")
      .method<&Tensor::item>("item")
      .method<&set_data>("setData")
      .method<&write>("write")
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
#define LANEGRAD_BIND(Function, name, ...) function<static_cast<Unary>(&lanegrad::name)>(#name);
  LANEGRAD_UNARY(LANEGRAD_BIND)
#undef LANEGRAD_BIND
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

  Handle<Random>("RandomHandle")
      .method<&random_uniform>("uniform")
      .method<&Random::normal>("normal")
      .method<&random_below>("below");
  function<&random>("Random");
}

}  // namespace lanegrad::boundary
