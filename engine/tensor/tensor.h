// A Tensor is an NdArray with a memory: it knows the tensors it was computed from (`sources`) and
// the function that turns its gradient into theirs (`grad_fn`). Copying a Tensor copies a handle.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "engine/core/context.h"
#include "engine/ndarray/ndarray.h"

namespace lanegrad {

struct Node;
struct SparseProduct;

class Tensor {
 public:
  // An undefined tensor, of which only defined() may be asked.
  Tensor() = default;
  explicit Tensor(NdArray data, bool requires_grad = false);
  Tensor(const Tensor& other) noexcept;
  Tensor(Tensor&& other) noexcept : node_(other.node_) { other.node_ = nullptr; }
  Tensor& operator=(Tensor other) noexcept;
  ~Tensor();

  bool defined() const { return node_ != nullptr; }
  // True where both handles are of the same tensor.
  bool is(const Tensor& other) const { return node_ == other.node_; }
  const NdArray& data() const;
  const Shape& shape() const { return data().shape(); }
  Index size() const { return data().size(); }
  Real item() const { return data().item(); }

  // Replaces the values of a leaf; the shape has to stay. A graph that was built from the old
  // values refuses to go backward afterwards.
  void set_data(NdArray data);
  // The values of a leaf for writing in place. A graph that was built from the old values refuses
  // to go backward afterwards.
  Real* mutable_data();

  bool requires_grad() const;
  // Whether a leaf collects a gradient; throws for tensors that are not leaves.
  void set_requires_grad(bool requires_grad);
  // True where the tensor was not computed from others.
  bool is_leaf() const;

  // The sum of all gradients that backward passes brought since zero_grad(); empty before the
  // first.
  const std::optional<NdArray>& grad() const;
  // The gradient as a product that is not multiplied yet, for an optimizer that can do without its
  // elements; null where there is none. Whoever asks for grad() has it multiplied.
  const SparseProduct* grad_product() const;
  void zero_grad();
  // Multiplies the gradient by `factor`, if there is one.
  void scale_grad(Real factor) const;

  // The tensors that this one was computed from; empty for a leaf.
  std::span<const Tensor> sources() const;
  std::string_view grad_fn() const;  // name of the operation, "" for a leaf

  // Adds `grad` (of this tensor's shape) to this tensor's gradient and, through each grad_fn, to
  // the gradients of all tensors that it was computed from, each visited once, in reverse
  // topological order. Without an argument the tensor must hold one element and `grad` is 1.
  // Throws InvalidState where nothing requires a gradient.
  void backward() const;
  void backward(const NdArray& grad) const;

  // A tensor that shares the values and has no sources.
  Tensor detach() const;

  // The node behind the handle, for the code of operations.
  Node* node() const { return node_; }
  // Takes over one reference to the node.
  explicit Tensor(Node* adopted) : node_(adopted) {}

 private:
  static void release(Node* node) noexcept;

  Node* node_ = nullptr;
};

}  // namespace lanegrad
