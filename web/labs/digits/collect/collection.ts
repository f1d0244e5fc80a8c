// The classes that a visitor collects: what is on screen, kept in this browser at once, and shared with its other tabs.
import {
  channelName,
  forgetClass,
  forgetClasses,
  forgetExample,
  keepClass,
  keepExamples,
  newId,
  readClasses,
  type CollectedClass,
} from "../storage/classes/stored_classes";

// Labels are bytes, and a page has so much room.
const mostClasses = 50;

export class Collection {
  classes: CollectedClass[] = [];
  // Classes that nothing was done with, which are not kept, and those of them that nobody asked for.
  private readonly fresh = new Set<string>();
  private readonly first = new Set<string>();
  private readonly channel: BroadcastChannel | undefined;
  // Whether what is kept has changed since it was last asked for.
  private isStale = false;
  private reading: Promise<void> | undefined;

  /** `onChange` is called after each change, `onFailure` with an error where the browser keeps nothing. */
  constructor(
    private readonly keeps: boolean,
    private readonly onChange: () => void,
    private readonly onFailure: (error: unknown) => void,
  ) {
    this.begin();
    if (!keeps) return;
    this.channel = new BroadcastChannel(channelName);
    this.channel.onmessage = () => void this.load();
  }

  /** Reads what is kept, in place of what is shown. */
  load(): Promise<void> {
    if (!this.keeps) return Promise.resolve();
    this.isStale = true;
    this.reading ??= this.read().finally(() => (this.reading = undefined));
    return this.reading;
  }

  private async read(): Promise<void> {
    try {
      let kept: CollectedClass[] = [];
      // What is added meanwhile is not in what was read.
      while (this.isStale) {
        this.isStale = false;
        kept = await readClasses();
      }
      this.take(kept);
    } catch (error) {
      this.onFailure(error);
    }
  }

  private take(kept: readonly CollectedClass[]): void {
    const fresh = this.classes.filter(({ id }) => this.fresh.has(id));
    const asked = fresh.filter(({ id }) => !this.first.has(id));
    const others = fresh.filter(({ id }) => this.first.has(id));
    const room = Math.max(2 - kept.length - asked.length, 0);
    this.classes = [...kept, ...others.slice(0, room), ...asked];
    this.nameFresh();
    if (this.classes.length < 2) this.begin();
    this.onChange();
  }

  /** Adds a class without a picture; undefined where there is no room for another one. */
  addClass(name = this.freeName()): CollectedClass | undefined {
    if (this.classes.length >= mostClasses) return undefined;
    const made: CollectedClass = { id: newId(), name, examples: [] };
    this.classes = [...this.classes, made];
    this.fresh.add(made.id);
    this.onChange();
    return made;
  }

  addExamples(id: string, pictures: readonly Uint8Array[]): void {
    const examples = pictures.map((pixels) => ({ id: newId(), pixels }));
    const changed = this.change(id, (old) => ({
      ...old,
      examples: [...old.examples, ...examples],
    }));
    if (changed) this.keep(id, () => keepExamples(changed, examples));
  }

  removeExample(id: string, example: string): void {
    this.change(id, (old) => ({
      ...old,
      examples: old.examples.filter((other) => other.id !== example),
    }));
    this.keep(id, () => forgetExample(id, example));
  }

  /** Gives a class another name. Returns why it cannot be called that, or the name. */
  rename(id: string, text: string): { name: string } | { complaint: string } {
    const name = text.trim().replace(/\s+/g, " ");
    const others = this.classes.filter((other) => other.id !== id);
    if (name === "") return { complaint: "A class needs a name." };
    if (/[/\\]|^\.+$/.test(name))
      return {
        complaint: `“${name}” cannot be the name of a folder: without “/” and “\\”, please.`,
      };
    if (others.some((other) => other.name === name))
      return { complaint: `“${name}” is another class already.` };
    const changed = this.change(id, (old) => ({ ...old, name }));
    if (changed) this.keep(id, () => keepClass(changed));
    return { name };
  }

  removeClass(id: string): void {
    this.classes = this.classes.filter((other) => other.id !== id);
    this.onChange();
    this.keep(id, () => forgetClass(id));
  }

  /** Forgets all of it. */
  clear(): void {
    this.classes = [];
    this.begin();
    this.keep("", forgetClasses);
  }

  /** Brings back what there was then, beside what has come since. */
  bringBack(before: readonly CollectedClass[]): void {
    const now = new Map(this.classes.map((own) => [own.id, own]));
    const lost = before.map((old) => {
      const own = now.get(old.id);
      const has = new Set(own?.examples.map(({ id }) => id));
      const examples = old.examples.filter(({ id }) => !has.has(id));
      now.delete(old.id);
      if (examples.length > 0) this.keep(old.id, () => keepExamples(own ?? old, examples));
      if (!own) return old;
      // In the order in which they were made.
      const all = [...own.examples, ...examples].toSorted((a, b) => (a.id < b.id ? -1 : 1));
      return { ...own, examples: all };
    });
    const others = [...now.values()].filter(({ id }) => !this.first.has(id));
    this.classes = [...lost, ...others];
    this.onChange();
  }

  /** Adds pictures by their classes' names, to those that there are or to new ones. Returns how many found room. */
  addNamed(pictures: ReadonlyMap<string, readonly Uint8Array[]>): number {
    let added = 0;
    for (const [name, images] of pictures) {
      const unused = this.classes.find(({ id }) => this.fresh.has(id));
      const known = this.classes.find((other) => other.name === name);
      if (!known && unused) this.rename(unused.id, name);
      const own = known ?? unused ?? this.addClass(name);
      if (!own) continue;
      this.addExamples(own.id, images);
      added += images.length;
    }
    return added;
  }

  private change(
    id: string,
    make: (old: CollectedClass) => CollectedClass,
  ): CollectedClass | undefined {
    const place = this.classes.findIndex((other) => other.id === id);
    // Another tab may have removed it meanwhile.
    if (place < 0) return undefined;
    const changed = make(this.classes[place]!);
    this.classes = this.classes.with(place, changed);
    this.onChange();
    return changed;
  }

  // Sends it at once, not after what was sent before: the page may be left right now. The database keeps the order.
  private keep(id: string, work: () => Promise<void>): void {
    this.fresh.delete(id);
    if (!this.keeps) return;
    this.isStale = true;
    work().then(
      () => this.channel?.postMessage(undefined),
      (error: unknown) => this.onFailure(error),
    );
  }

  // Shows two classes at least, to begin with.
  private begin(): void {
    while (this.classes.length < 2) this.first.add(this.addClass()!.id);
  }

  // "class 3", or the next number that is free.
  private freeName(): string {
    let number = this.classes.length + 1;
    while (this.classes.some(({ name }) => name === `class ${number}`)) number++;
    return `class ${number}`;
  }

  // A class of another tab may have the name of one that nothing was done with here.
  private nameFresh(): void {
    this.classes.forEach((own, i) => {
      const isTwice = this.classes.some((other, j) => j < i && other.name === own.name);
      if (isTwice && this.fresh.has(own.id))
        this.classes = this.classes.with(i, { ...own, name: this.freeName() });
    });
  }
}
