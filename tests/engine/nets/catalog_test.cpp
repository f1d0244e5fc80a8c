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

}  // namespace lanegrad::test
