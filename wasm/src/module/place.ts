// What runs this script. A place is told by what it is, never by one global: other packages leave some behind, such as a
// Worker in Node.

/** The part of `process` that is looked at. */
interface Process {
  versions?: { node?: string; bun?: string; deno?: string };
  type?: string;
  cwd?(): string;
  getBuiltinModule?(name: string): unknown;
}

const processHere = (): Process | undefined =>
  (globalThis as { process?: Process }).process ?? undefined;

/** Whether this is Node itself, and neither a page of Electron nor an engine that only resembles Node. */
export function inNode(): boolean {
  const { versions, type } = processHere() ?? {};
  if (typeof versions?.node !== "string") return false;
  return !versions.bun && !versions.deno && type !== "renderer" && type !== "worker";
}

/**
 * Node's threads where workers are made of them: in Node, and in Deno, whose other workers keep the process. Bun's own
 * workers do not.
 */
export function nodeThreads(): typeof import("node:worker_threads") | undefined {
  const { versions, type } = processHere() ?? {};
  if (!versions?.node || versions.bun || type === "renderer" || type === "worker") return undefined;
  return builtin("node:worker_threads");
}

/** Whether a process runs this rather than a page: Node, Bun or Deno. */
export const inProcess = (): boolean =>
  nodeThreads() !== undefined || !!processHere()?.versions?.bun;

interface Builtin {
  (name: "node:fs/promises"): typeof import("node:fs/promises") | undefined;
  (name: "node:worker_threads"): typeof import("node:worker_threads") | undefined;
  (name: "node:os"): typeof import("node:os") | undefined;
}

/** A module that is built into Node, Bun or Deno; undefined where this is none of them. */
export const builtin = ((name: string) => processHere()?.getBuiltinModule?.(name)) as Builtin;

/** The name of what runs this script, for sentences. */
export function here(): string {
  const { bun, deno, node } = processHere()?.versions ?? {};
  return bun ? "Bun" : deno ? "Deno" : node ? `Node ${node}` : "this browser";
}

/** Whether workers that wait for work outlive the worker that made them, unless they are woken: so it is in Deno. */
export const outlived = (): boolean => here() === "Deno";

/** What relative addresses count from: the page, the worker's script or the working directory. */
export function base(): string {
  const { document, location } = globalThis as {
    document?: { baseURI: string };
    location?: { href: string };
  };
  return document?.baseURI ?? location?.href ?? `file://${processHere()?.cwd?.() ?? ""}/`;
}
