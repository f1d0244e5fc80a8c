// The layers without settings.
#include "engine/layers/plain_layer.h"

#include "engine/layers/activations.h"
#include "engine/layers/flatten.h"
#include "engine/layers/pool2d.h"

namespace lanegrad {

namespace {

template <class L>
std::unique_ptr<Layer> make() {
  return std::make_unique<L>();
}

struct Maker {
  std::string_view kind;
  std::unique_ptr<Layer> (*make)();
};

#define LANEGRAD_MAKER(Function, name, value, gradient, Kind, ...) {#Kind, make<Kind>},
constexpr Maker kMakers[] = {{"GlobalAvgPool2D", make<GlobalAvgPool2D>},
                             {"Flatten", make<Flatten>},
                             {"Softmax", make<Softmax>},
                             LANEGRAD_ACTIVATIONS(LANEGRAD_MAKER)};
#undef LANEGRAD_MAKER

}  // namespace

std::unique_ptr<Layer> make_plain_layer(std::string_view kind) {
  for (const Maker& maker : kMakers) {
    if (maker.kind == kind) return maker.make();
  }
  return nullptr;
}

}  // namespace lanegrad
