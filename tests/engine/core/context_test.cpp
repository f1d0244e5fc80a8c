// The current context, and the grad mode.
#include "engine/core/context.h"

#include "tests/engine/catch.h"

namespace lanegrad {
namespace {

TEST_CASE("the innermost scope decides on the current context", "[core][context]") {
  Context& before = Context::current();
  Context a;
  Context b;
  {
    const ContextScope outer(a);
    CHECK(&Context::current() == &a);
    {
      const ContextScope inner(b);
      CHECK(&Context::current() == &b);
    }
    CHECK(&Context::current() == &a);
  }
  CHECK(&Context::current() == &before);
}

TEST_CASE("NoGrad nests and restores", "[core][context]") {
  Context context;
  const ContextScope scope(context);
  CHECK(context.grad_enabled());
  {
    const NoGrad outer;
    CHECK_FALSE(context.grad_enabled());
    { const NoGrad inner; }
    CHECK_FALSE(context.grad_enabled());
  }
  CHECK(context.grad_enabled());
}

TEST_CASE("NoGrad restores the context it was made in", "[core][context]") {
  Context a;
  Context b;
  const ContextScope outer(a);
  {
    const NoGrad no_grad;
    const ContextScope inner(b);
    CHECK(b.grad_enabled());
  }
  CHECK(a.grad_enabled());
}

}  // namespace
}  // namespace lanegrad
