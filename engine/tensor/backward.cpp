// The backward pass. It visits every tensor once, after all tensors that were computed from it,
// without recursion and without allocating memory of its own.
#include <utility>

#include "engine/core/error.h"
#include "engine/tensor/node.h"

namespace lanegrad {

namespace {

// A list of nodes that are linked through their member `next`.
class WorkList {
 public:
  bool empty() const { return head_ == nullptr; }
  void push(Node* node) { node->next = std::exchange(head_, node); }
  Node* pop() { return std::exchange(head_, head_->next); }

 private:
  Node* head_ = nullptr;
};

template <class Visit>
void for_each_source_in_need(Node& node, Visit&& visit) {
  for (std::size_t i = 0; i < node.source_count; ++i) {
    if (node.sources[i].requires_grad()) visit(*node.sources[i].node());
  }
}

void require_unchanged_sources(const Node& node) {
  for (std::size_t i = 0; i < node.source_count; ++i) {
    const Node& source = *node.sources[i].node();
    if (source.version != node.source_versions[i])
      fail(ErrorCode::InvalidState, "backward: a tensor of shape ", source.data.shape(),
           " was changed after ", node.grad_fn->name, " used it, run forward again");
  }
}

// Counts for every node below `root` how many other nodes will send it a part of its gradient.
void count_users(Node& root, std::uint64_t pass) {
  WorkList found;
  const auto enter = [&](Node& node) {
    require_unchanged_sources(node);
    node.pass = pass;
    node.pending = 0;
    node.pass_grad.reset();
    // What this pass brings is added to it.
    node.multiply_grad();
    found.push(&node);
  };
  enter(root);
  while (!found.empty()) {
    for_each_source_in_need(*found.pop(), [&](Node& source) {
      if (source.pass != pass) enter(source);
      ++source.pending;
    });
  }
}

}  // namespace

void Node::send(int i, NdArray part) {
  Node& to = *sources[static_cast<std::size_t>(i)].node();
  if (part.shape() != to.data.shape())
    fail(ErrorCode::Internal, grad_fn->name, ": gradient ", part.shape(), " for a source of shape ",
         to.data.shape(), ", expected the same shape");
  if (to.pass_grad) {
    to.pass_grad->add_scaled(part);
  } else {
    to.pass_grad = std::move(part);
  }
}

void Node::send(int i, SparseProduct part) {
  Node& to = *sources[static_cast<std::size_t>(i)].node();
  // A leaf that has no other gradient keeps the product as it is: an optimizer may use it up.
  if (to.grad_fn == nullptr && to.pending == 1 && !to.pass_grad && !to.grad) {
    to.grad_product = std::move(part);
  } else {
    send(i, matmul(part.a, part.b));
  }
}

void Node::multiply_grad() {
  if (!grad_product) return;
  grad = matmul(grad_product->a, grad_product->b);
  grad_product.reset();
}

void Tensor::backward() const {
  if (size() != 1)
    fail(ErrorCode::InvalidArgument, "backward: shape ", shape(),
         " has more than one element, expected a scalar or a gradient of that shape");
  backward(NdArray::ones(shape()));
}

void Tensor::backward(const NdArray& grad) const {
  if (!requires_grad())
    fail(ErrorCode::InvalidState, "backward: this tensor of shape ", shape(),
         " needs no gradient, expected one that requires a gradient or was computed from one "
         "that does");
  if (grad.shape() != shape())
    fail(ErrorCode::ShapeMismatch, "backward: gradient ", grad.shape(), " for a tensor of shape ",
         shape(), ", expected the same shape");
  NoGrad no_grad;
  count_users(*node_, Context::current().next_pass());
  node_->pass_grad = grad;
  WorkList ready;
  ready.push(node_);
  while (!ready.empty()) {
    Node& node = *ready.pop();
    const NdArray dy = std::move(*std::exchange(node.pass_grad, std::nullopt));
    if (node.grad) {
      node.grad->add_scaled(dy);
    } else {
      node.grad = dy;
    }
    if (node.grad_fn == nullptr) continue;
    node.grad_fn->backward(node, dy);
    for_each_source_in_need(node, [&](Node& source) {
      if (--source.pending > 0 || source.grad_product) return;
      if (!source.pass_grad.has_value())
        fail(ErrorCode::Internal, node.grad_fn->name, ": no gradient for a source of shape ",
             source.data.shape(), ", expected one for each source that requires a gradient");
      ready.push(&source);
    });
  }
}

}  // namespace lanegrad
