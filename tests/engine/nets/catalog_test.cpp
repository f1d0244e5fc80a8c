#include "engine/nets/catalog.h"

#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

TEST_CASE("every net of the catalog can be made and run", "[nets]") {
  REQUIRE_FALSE(catalog().empty());
  for (const CatalogEntry& entry : catalog()) {
    Random random(1);
    const auto net = make_net(entry.name, {.inputs = 12, .outputs = 3}, random);
    INFO(entry.name);
    CHECK(net->forward(Tensor(NdArray::zeros({2, 12}))).shape() == Shape{2, 3});
    CHECK(entry.description.ends_with("."));
  }
}

TEST_CASE("nets by name get their options", "[nets]") {
  Random random(1);
  CHECK(make_net("mlp", {}, random)->parameter_count() == 784 * 128 + 128 + 128 * 10 + 10);
  const NetOptions options{
      .inputs = 2, .outputs = 1, .hidden = {3}, .activation = Activation::Tanh};
  const auto net = make_net("mlp", options, random);
  CHECK(net->parameter_count() == 2 * 3 + 3 + 3 + 1);
  CHECK(net->parameters()[2].first == "tanh1");
}

TEST_CASE("unknown nets are refused", "[nets]") {
  Random random(1);
  CHECK(error_of([&] { make_net("mpl", {}, random); }) ==
        "NotFound: net: no net is called 'mpl', known are mlp");
  CHECK(error_of([&] { make_net("", {}, random); }) ==
        "NotFound: net: no net is called '', known are mlp");
}

}  // namespace lanegrad::test
