// Nets.
#include "wasm/bindings/handles.h"

namespace lanegrad::boundary {

namespace {

NetPointer empty_net() { return std::make_unique<Net>(); }
NetInput net_input(const val& sample, double outputs) {
  return {.sample = shape_in(sample), .outputs = whole(outputs)};
}
NetPointer net(const std::string& text, const val& sample, double outputs, Random& random) {
  return make_net(text, net_input(sample, outputs), random);
}
val description_out(const NetDescription& description) {
  val list = val::array();
  for (const LayerDescription& layer : description.layers) {
    append(list, ObjectOut()
                     .add("name", layer.name)
                     .add("kind", layer.kind)
                     .add("text", layer.text)
                     .add("shape", extents_out(layer.output))
                     .add("parameters", static_cast<double>(layer.parameters))
                     .add("forwardFlops", layer.forward_flops)
                     .add("stepFlops", layer.step_flops)
                     .object);
  }
  return list;
}
val describe_text(const std::string& text, const val& sample, double outputs) {
  return description_out(describe(text, net_input(sample, outputs)));
}
val describe_net(Net& net, const val& sample) {
  return description_out(net.describe(shape_in(sample)));
}
val net_catalog() {
  val list = val::array();
  for (const CatalogEntry& entry : catalog()) {
    // The views are of whole literals, so each text ends where its view does.
    append(list, ObjectOut()
                     .add("name", entry.name.data())
                     .add("description", entry.description.data())
                     .add("text", entry.text.data())
                     .object);
  }
  return list;
}
void net_add(Net& net, const std::string& name, LayerPointer layer) {
  net.add(name, std::move(layer));
}
// The layers by name: [["dense1", handle], …].
val net_layers(const Net& net) {
  val list = val::array();
  for (const auto& [name, layer] : net.parameters()) append(list, tuple_out(name, layer));
  return list;
}

}  // namespace

EMSCRIPTEN_BINDINGS(nets) {
  Handle<Net>("NetHandle")
      .method<&net_add>("add")
      .method<&Net::forward>("forward")
      .method<&net_layers>("layers")
      .method<&describe_net>("describe")
      .method<&Net::parameter_count>("parameterCount")
      .method<&Net::set_training>("setTraining");
  function<&empty_net>("Net");
  function<&net>("net");
  function<&describe_text>("describe");
  function<&net_catalog>("catalog");
}

}  // namespace lanegrad::boundary
