// Counts the handles of a module, for tests that nothing stays behind.

/** The handles that are held from now on: what a function or a method of the module has given, until it is deleted. */
export function countHandles(raw) {
  const held = new Set();
  const found = (value) => {
    if (Array.isArray(value)) value.forEach(found);
    else if (value?.$$) held.add(value);
    return value;
  };
  const watch = (on, name) => {
    const call = on[name];
    on[name] = function (...values) {
      if (name === "delete") held.delete(this);
      return found(call.apply(this, values));
    };
  };
  for (const [name, value] of Object.entries(raw)) {
    if (typeof value !== "function") continue;
    if (!name.endsWith("Handle")) watch(raw, name);
    else [...Object.keys(value.prototype), "delete"].forEach((one) => watch(value.prototype, one));
  }
  return held;
}
