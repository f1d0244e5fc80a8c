#include "engine/nets/catalog.h"

#include "engine/nets/net_text.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

TEST_CASE("every net of the catalog can be made and run", "[nets]") {
  REQUIRE_FALSE(catalog().empty());
  for (const CatalogEntry& entry : catalog()) {
    INFO(entry.name);
    Random random(1);
    const auto net = make_net(entry.name, NetInput{.sample = {1, 28, 28}, .outputs = 3}, random);
    CHECK(net->forward(Tensor(NdArray::zeros({2, 1, 28, 28}))).shape() == Shape{2, 3});
    CHECK(entry.description.ends_with("."));
  }
}

TEST_CASE("nets by name get their options", "[nets]") {
  Random random(1);
  CHECK(make_net("mlp", NetOptions{}, random)->parameter_count() ==
        784 * 128 + 128 + 128 * 10 + 10);
  const NetOptions options{
      .inputs = 2, .outputs = 1, .hidden = {3}, .activation = Activation::Tanh};
  const auto net = make_net("mlp", options, random);
  CHECK(net->parameter_count() == 2 * 3 + 3 + 3 + 1);
  CHECK(net->parameters()[3].first == "tanh1");
}

TEST_CASE("unknown nets are refused", "[nets]") {
  Random random(1);
  CHECK(error_of([&] { make_net("mpl", NetOptions{}, random); }) ==
        "NotFound: net: no net is called 'mpl', known are mlp");
  CHECK(error_of([&] { make_net("", NetOptions{}, random); }) ==
        "NotFound: net: no net is called '', known are mlp");
}

}  // namespace lanegrad::test
