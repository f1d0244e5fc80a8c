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

class Tensor {
 public:
  Tensor() = default;  // no tensor; only defined() may be asked of it
  explicit Tensor(NdArray data, bool requires_grad = false);
  Tensor(const Tensor& other) noexcept;
  Tensor(Tensor&& other) noexcept : node_(other.node_) { other.node_ = nullptr; }
  Tensor& operator=(Tensor other) noexcept;
  ~Tensor();

  bool defined() const { return node_ != nullptr; }
  bool is(const Tensor& other) const { return node_ == other.node_; }  // the same tensor
  const NdArray& data() const;
  const Shape& shape() const { return data().shape(); }
  Index size() const { return data().size(); }
  Real item() const { return data().item(); }

  // Replaces the values of a leaf; the shape must stay. A graph that was built from the old values
  // refuses to go backward afterwards.
  void set_data(NdArray data);
  Real* mutable_data();  // the same, in place

  bool requires_grad() const;
  void set_requires_grad(bool requires_grad);  // leaves only
  bool is_leaf() const;                        // was not computed from others

  // Σ of all gradients that backward brought since zero_grad(); none before the first.
  const std::optional<NdArray>& grad() const;
  void zero_grad();

  std::span<const Tensor> sources() const;  // empty for a leaf
  std::string_view grad_fn() const;         // name of the operation, "" for a leaf

  // Adds `grad` (of this tensor's shape) to this tensor's gradient and, through each grad_fn, to
  // the gradients of all tensors that it was computed from, each visited once, in reverse
  // topological order. Without an argument the tensor must hold one element and `grad` is 1.
  // Throws InvalidState where nothing requires a gradient.
  void backward() const;
  void backward(const NdArray& grad) const;

  Tensor detach() const;  // shares the values, forgets the past

  Node* node() const { return node_; }                // for operations
  explicit Tensor(Node* adopted) : node_(adopted) {}  // takes over one reference

 private:
  static void release(Node* node) noexcept;

  Node* node_ = nullptr;
};

}  // namespace lanegrad
