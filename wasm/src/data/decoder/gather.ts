// All pictures of some files at one size: what was found is told in sentences.
import { LanegradError } from "../../errors.js";
import type { LabelledPictures, Pictures, PicturesOptions } from "../../protocol/pictures.js";
import {
  decode,
  drawable,
  grey,
  isGrey,
  Painter,
  type Pixels,
  type Size,
  type Source,
} from "./decode.js";
import { filesIn, type Found, type Given, type Listener } from "./files.js";
import { byName, placesOf, type Place } from "./folders.js";
import { idx, mixed, turn } from "./idx.js";
import { isDeep, isTurned, kindOfPicture } from "./kinds.js";
import { many, Tally } from "./tally.js";

export type Wishes = Pick<PicturesOptions, "size" | "channels" | "turn">;

// Pictures that are all of one size keep that up to this; others become as large as small nets learn well.
const largestKept = 64;
const usual: Size = { width: 32, height: 32 };

// So many pictures are decoded at a time.
const together = 16;

// The pictures are in memory as they are read and as they are given back.
const mostBytes = 2 ** 29;

interface Taken {
  path: string;
  planes: Uint8Array<ArrayBuffer>;
}

interface Placed {
  taken: Taken;
  place: Place;
}

export class Gatherer {
  readonly #taken: Taken[] = [];
  readonly #tally = new Tally();
  readonly #painter = new Painter();
  #size: Size | undefined;
  #isFitted: boolean;
  readonly #sizes = new Set<string>();
  #isColoured = false;
  #kinds = new Set<string>();

  constructor(private readonly wishes: Wishes) {
    const { size, turn } = wishes;
    const [height = 0, width = 0] = size ?? [];
    this.#size = size && (turn ? { height: width, width: height } : { height, width });
    this.#isFitted = size !== undefined;
  }

  /** Reads the files, in the order of their paths. */
  async gather(given: readonly Given[], onRead: (bytes: number) => void): Promise<Pictures> {
    const files = [...given].sort((a, b) => byName(a.path, b.path));
    const listener: Listener = {
      read: onRead,
      left: (path, why) => this.#tally.add(why, path),
    };
    const waiting: { found: Found; source: Promise<Source | undefined> }[] = [];
    const finishFirst = async () => {
      const { found, source } = waiting.shift()!;
      this.#take(found, await source);
    };
    for await (const found of filesIn(files, listener)) {
      const kind = kindOfPicture(found.bytes);
      if (kind === undefined) {
        this.#tally.add("other", found.path);
        continue;
      }
      this.#kinds.add(kind);
      waiting.push({ found, source: decode(found.bytes) });
      if (waiting.length >= together) await finishFirst();
    }
    while (waiting.length > 0) await finishFirst();
    if (this.#taken.length === 0) throw refusal(this.#tally.whyNone(files.map(({ path }) => path)));
    return this.#finish();
  }

  #take({ path, bytes }: Found, source: Source | undefined): void {
    if (!source) return this.#tally.add("broken", path);
    this.#sizes.add(`${source.height}×${source.width}`);
    this.#choose(source);
    const size = this.#size!;
    const isAsItIs = source.width === size.width && source.height === size.height;
    const pixels = isAsItIs ? this.#painter.plain(source) : this.#painter.fitted(source, size);
    source.close?.();
    if (!isAsItIs) this.#tally.add("fitted", path);
    if (pixels.isTransparent) this.#tally.add("transparent", path);
    if (isDeep(bytes)) this.#tally.add("deep", path);
    if (isTurned(bytes)) this.#tally.add("turned", path);
    this.#isColoured ||= !isGrey(pixels.planes);
    this.#taken.push({ path, planes: pixels.planes });
    const whole = this.#taken.length * pixels.planes.length;
    if (whole > mostBytes) {
      const extents = `${size.height} × ${size.width}`;
      throw new LanegradError(
        "OutOfMemory",
        `The first ${many(this.#taken.length, "picture")} of ${extents} take 512 MB of memory, expected fewer or smaller ones.`,
      );
    }
  }

  /** Decides the size: that of the first picture until another one is of another size. */
  #choose({ width, height }: Size): void {
    if (this.#isFitted) return;
    if (!this.#size && Math.max(width, height) <= largestKept) {
      this.#size = { width, height };
    } else if (!this.#size || this.#size.width !== width || this.#size.height !== height) {
      const before = this.#size;
      this.#isFitted = true;
      this.#size = usual;
      if (before) this.#taken.forEach((taken) => this.#refit(taken, before));
    }
  }

  #refit(taken: Taken, { width, height }: Size): void {
    if (width === usual.width && height === usual.height) return;
    const pixels: Pixels = { width, height, planes: taken.planes, isTransparent: false };
    taken.planes = this.#painter.fitted(drawable(pixels), usual).planes;
    this.#tally.add("fitted", taken.path);
  }

  #finish(): Pictures {
    const taken = this.#taken.sort((a, b) => byName(a.path, b.path));
    const { classNames, places, notes } = placesOf(taken.map(({ path }) => path));
    if (classNames.length > 256) {
      throw refusal(`There are ${classNames.length} folders of classes, expected 256 at most.`);
    }
    const placed = taken.flatMap((each, i): Placed[] => {
      const place = places[i];
      return place ? [{ taken: each, place }] : [];
    });
    const isColoured = this.#isColoured;
    const channels = this.wishes.channels ?? (isColoured ? 3 : 1);
    const train = placed.filter(({ place }) => place.part === "train" && place.label >= 0);
    const test = placed.filter(({ place }) => place.part === "test" && place.label >= 0);
    const unlabeled = placed.filter(({ place }) => place.label < 0).map(({ taken }) => taken);
    const outcome = { ...this.#shown, sizes: this.#sizes.size };
    const counts = (part: readonly Placed[]) =>
      classNames.map((_, label) => part.filter(({ place }) => place.label === label).length);
    return {
      format: `${[...this.#kinds].join(" and ")} pictures`,
      ...this.#shown,
      channels,
      classNames,
      train: this.#labelled(train, channels),
      ...(test.length > 0 && { test: this.#labelled(test, channels) }),
      ...(unlabeled.length > 0 && {
        unlabeled: {
          count: unlabeled.length,
          images: this.#images(unlabeled, channels),
          names: unlabeled.map(({ path }) => path.split("/").at(-1)!),
        },
      }),
      resizable: true,
      turned: this.wishes.turn ?? false,
      notes: [
        ...this.#tally.notes({ ...outcome, madeGrey: channels === 1 && isColoured }),
        ...notes,
      ],
      counts: { train: counts(train), ...(test.length > 0 && { test: counts(test) }) },
    };
  }

  #labelled(part: readonly Placed[], channels: 1 | 3): LabelledPictures {
    const members = mixed(part);
    const labels = idx([members.length]);
    labels.set(
      members.map(({ place }) => place.label),
      labels.length - members.length,
    );
    const taken = members.map((member) => member.taken);
    return { count: members.length, images: this.#images(taken, channels), labels };
  }

  #images(members: readonly Taken[], channels: 1 | 3): Uint8Array<ArrayBuffer> {
    const { height, width } = this.#shown;
    const extents = [members.length, ...(channels === 3 ? [3] : []), height, width];
    const images = idx(extents);
    const size = channels * height * width;
    let at = images.length - members.length * size;
    for (const { planes } of members) {
      const image = images.subarray(at, at + size);
      if (channels === 3) image.set(planes);
      else grey(planes, image);
      if (this.wishes.turn) turn(image, channels, { height, width });
      at += size;
    }
    return images;
  }

  /** The size of the pictures that are given back. */
  get #shown(): Size {
    const { height, width } = this.#size!;
    return this.wishes.turn ? { height: width, width: height } : { height, width };
  }
}

const refusal = (sentence: string): LanegradError => new LanegradError("CorruptData", sentence);
