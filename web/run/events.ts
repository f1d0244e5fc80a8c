// An object that says what happens to it, by typed names; whoever wants to know listens.
export class Events<E extends object> {
  private readonly listeners = new Map<keyof E, ((event: never) => void)[]>();

  on<K extends keyof E>(name: K, listener: (event: E[K]) => void): void {
    this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]);
  }

  // Calls the listener at each of several events.
  onAny(names: readonly (keyof E)[], listener: () => void): void {
    for (const name of names) this.on(name, listener);
  }

  // Tells all listeners, in the order in which they came.
  emit<K extends keyof E>(name: K, ...[event]: E[K] extends void ? [] : [E[K]]): void {
    for (const listener of this.listeners.get(name) ?? []) listener(event as never);
  }
}
