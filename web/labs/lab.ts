// What a lab and the page around it offer each other. A lab's module is loaded when it is first
// opened, and has a function `open` of the type OpenLab.
import type { LabName } from "../labs";

export interface Lab {
  // The lab comes into sight or goes out of it. Work that only draws can rest while it is out of
  // sight.
  shown(): void;
  hidden(): void;
  // Takes what another lab hands over, see `Shell.go`.
  receive?(handed: unknown): void;
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
