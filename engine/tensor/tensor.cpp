// Handles, leaves, and how operations record themselves.
#include "engine/tensor/tensor.h"

#include <algorithm>
#include <utility>

#include "engine/core/error.h"
#include "engine/tensor/node.h"

namespace lanegrad {

Tensor::Tensor(NdArray data, bool requires_grad) : node_(new Node) {
  node_->data = std::move(data);
  node_->requires_grad = requires_grad;
}

Tensor::Tensor(const Tensor& other) noexcept : node_(other.node_) {
  if (node_) ++node_->refs;
}

Tensor& Tensor::operator=(Tensor other) noexcept {
  std::swap(node_, other.node_);
  return *this;
}

Tensor::~Tensor() {
  if (node_ && --node_->refs == 0) release(node_);
}

// Nodes are released in a loop: with recursion a deep graph would overflow the stack.
void Tensor::release(Node* node) noexcept {
  node->next = nullptr;
  for (Node* doomed = node; doomed != nullptr;) {
    Node* dead = std::exchange(doomed, doomed->next);
    for (Tensor& handle : dead->sources) {
      Node* source = std::exchange(handle.node_, nullptr);
      if (source && --source->refs == 0) source->next = std::exchange(doomed, source);
    }
    delete dead;
  }
}

const NdArray& Tensor::data() const { return node_->data; }

void Tensor::set_data(NdArray data) {
  if (data.shape() != shape())
    fail(ErrorCode::ShapeMismatch, "set_data: ", data.shape(), " for a tensor of shape ", shape(),
         ", expected the same shape");
  if (!is_leaf())
    fail(ErrorCode::InvalidState, "set_data: this tensor was computed by ", grad_fn(),
         ", expected a leaf");
  node_->data = std::move(data);
  ++node_->version;
}

Real* Tensor::mutable_data() {
  if (!is_leaf())
    fail(ErrorCode::InvalidState, "mutable_data: this tensor was computed by ", grad_fn(),
         ", expected a leaf");
  ++node_->version;
  return node_->data.mutable_data();
}

bool Tensor::requires_grad() const { return node_->requires_grad; }

void Tensor::set_requires_grad(bool requires_grad) {
  if (!is_leaf())
    fail(ErrorCode::InvalidState, "requires_grad: this tensor was computed by ", grad_fn(),
         ", expected a leaf; detach it first");
  node_->requires_grad = requires_grad;
}

bool Tensor::is_leaf() const { return node_->grad_fn == nullptr; }

const std::optional<NdArray>& Tensor::grad() const {
  node_->multiply_grad();
  return node_->grad;
}

const SparseProduct* Tensor::grad_product() const {
  return node_->grad_product ? &*node_->grad_product : nullptr;
}

void Tensor::zero_grad() {
  node_->grad.reset();
  node_->grad_product.reset();
}

void Tensor::scale_grad(Real factor) const {
  node_->multiply_grad();
  if (node_->grad) node_->grad->scale(factor);
}

std::span<const Tensor> Tensor::sources() const {
  return {node_->sources.data(), node_->source_count};
}

std::string_view Tensor::grad_fn() const { return is_leaf() ? "" : node_->grad_fn->name; }

Tensor Tensor::detach() const { return Tensor(data()); }

Tensor record(const GradFn& fn, NdArray result, std::initializer_list<const Tensor*> sources) {
  Tensor out(std::move(result));
  const bool wanted = Context::current().grad_enabled() &&
                      std::any_of(sources.begin(), sources.end(),
                                  [](const Tensor* s) { return s->requires_grad(); });
  if (!wanted) return out;
  Node& node = *out.node();
  node.requires_grad = true;
  node.grad_fn = &fn;
  for (const Tensor* source : sources) {
    const std::size_t i = node.source_count++;
    node.sources[i] = *source;
    node.source_versions[i] = source->node()->version;
  }
  return out;
}

}  // namespace lanegrad
