// What a Tensor handle points to, and how an operation records itself. Only operations include
// this; users of tensors do not.
#pragma once

#include <array>
#include <initializer_list>

#include "engine/ndarray/index_array.h"
#include "engine/ndarray/sparse.h"
#include "engine/tensor/tensor.h"

namespace lanegrad {

// How an operation goes backward: a name and a function without captured state. `backward` reads
// the node's sources and saved values and calls node.send(i, …) for each source that needs it.
struct GradFn {
  const char* name;
  void (*backward)(Node& node, const NdArray& dy);
};

struct Node {
  static constexpr int kMaxSources = 4;

  std::uint32_t refs = 1;
  std::uint32_t version = 0;  // counts the writes to data
  bool requires_grad = false;
  std::uint8_t source_count = 0;

  NdArray data;
  std::optional<NdArray> grad;
  // The gradient, where it is a product that nobody has asked for yet; then `grad` is empty.
  std::optional<SparseProduct> grad_product;

  const GradFn* grad_fn = nullptr;
  std::array<Tensor, kMaxSources> sources;
  std::array<std::uint32_t, kMaxSources> source_versions{};

  // The values that the operation keeps for its backward.
  NdArray saved;
  IndexArray saved_indices;
  SparseMatrix saved_lists;
  // The operation's own numbers: one or two axes, or stride and padding, or size and stride, or all
  // four.
  std::array<int, 4> axes{};
  // The operation's own number: the slope of leaky_relu or the ε of batch_norm.
  Real number = 0;

  // pass, pending, pass_grad and next belong to the backward pass that is under way.
  std::uint64_t pass = 0;     // the pass that last touched this node
  std::uint32_t pending = 0;  // users that have not sent their part yet
  std::optional<NdArray> pass_grad;
  Node* next = nullptr;  // in the pass's work list, or in the list of nodes to release

  const NdArray& source(int i) const { return sources[static_cast<std::size_t>(i)].data(); }
  bool needs(int i) const { return sources[static_cast<std::size_t>(i)].requires_grad(); }
  // Adds `part`, which has the shape of source i, to the gradient of source i in this pass.
  void send(int i, NdArray part);
  // The same for a product, which is multiplied only where it has to be.
  void send(int i, SparseProduct part);
  // Multiplies grad_product, if there is one, so that grad is the gradient.
  void multiply_grad();

  // Nodes come and go in each step, so their memory comes from the pool.
  static void* operator new(std::size_t bytes) { return Context::current().pool().allocate(bytes); }
  static void operator delete(void* memory) noexcept { BufferPool::release(memory); }
};

// The result of an operation: remembers `sources` and `fn` if gradients are on and one of the
// sources requires one; otherwise a leaf. `saved` values may be set on the node afterwards.
Tensor record(const GradFn& fn, NdArray result, std::initializer_list<const Tensor*> sources);

}  // namespace lanegrad
