// What a lab and the page around it offer each other. A lab's module is loaded when it is first
// opened, and has a function `open` of the type OpenLab. An element of its HTML with data-section is
// a place that a link can open at, `#at=pad`; it is called as its heading is, or by data-called.
import type { LabName } from "../labs";

export interface Lab {
  // The lab comes into sight, maybe with another address, or goes out of it. Work that only draws can rest while it is
  // out of sight.
  shown(): void | Promise<void>;
  hidden(): void;
  // Takes what another lab hands over, see `Shell.go`.
  receive?(handed: unknown): void;
  // The lab's run, which its module `share/sharing.ts` makes a Sharing of, where there is one.
  readonly run?: unknown;
}

export type SharingOf = (run: unknown) => Sharing;

// What a link can carry beside the lab's settings, and what comes of it where it is opened.
export interface Sharing {
  // What can be taken along just now.
  parts(): Promise<SharedPart[]>;
  // What the link cannot carry although one may expect it; undefined for nothing.
  note?: string | undefined;
  // The run as a file; undefined where there is none.
  file(): Promise<SharedFile | undefined>;
  // Takes in what a link carries, by its parts' names; anybody may have written it. `forget` takes a
  // part out of the page's address, where it no longer holds.
  open(parts: ReadonlyMap<string, string>, forget: (part: string) => void): Promise<void>;
}

export interface SharedPart {
  // Its name in the address: in the query, or else behind the "#".
  name: string;
  inQuery?: boolean;
  label: string;
  // What it does, or why there is none.
  about: string;
  // What the address says; undefined where there is nothing to take along.
  value: string | undefined;
  // Parts that have to be taken along with it, and those that cannot be.
  needs?: readonly string[];
  excludes?: readonly string[];
}

export interface SharedFile {
  name: string;
  bytes: number;
  save(): void;
}

// A lab's own part of the page's address, from its "?" on. What a lab writes there holds its whole
// state.
export interface Address {
  read(): string;
  write(search: string): void;
}

export interface Shell {
  address: Address;
  // Tells screen readers a sentence, at most every ten seconds.
  say(sentence: string): void;
  // Says at the foot of the page which build of the engine runs, with a note on why or nothing.
  showEngine(build: string, note: string): void;
  // Opens another lab and hands something over to it.
  go(lab: LabName, handed?: unknown): Promise<void>;
}

export type OpenLab = (place: HTMLElement, shell: Shell) => Lab | Promise<Lab>;
