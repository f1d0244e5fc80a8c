// What the package gives away, read from its types: for each entry the declarations, with what is said of them and of
// their members.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { parseAst } from "rolldown/parseAst";

/** Something that the package gives away, or a member of it. */
export interface Declared {
  name: string;
  kind: string;
  /** What stands in the types, without the members of a class or an interface. */
  signature: string;
  /** What is said of it, in Markdown. */
  said: string;
  members: Declared[];
}

/** An entry of the package. */
export interface Entry {
  /** What is imported: "lanegrad/data". */
  name: string;
  /** The file of its types, in dist. */
  file: string;
}

/** A node of the syntax tree, as far as it is looked at here. */
interface Node {
  type: string;
  start: number;
  end: number;
  id?: { name: string };
  key?: { type: string; name?: string; value?: string };
  kind?: string;
  accessibility?: string;
  declaration?: Node;
  declarations?: Node[];
  body?: Node & { body?: Node[] };
  specifiers?: { local: { name: string } }[];
  source?: { value: string };
}

const kinds: Record<string, string> = {
  ClassDeclaration: "class",
  TSInterfaceDeclaration: "interface",
  TSTypeAliasDeclaration: "type",
  TSDeclareFunction: "function",
  VariableDeclaration: "constant",
};
const memberTypes =
  /^(?:TS(?:Property|Method)Signature|(?:TSAbstract)?(?:Property|Method)Definition)$/;

export class Declarations {
  private readonly files = new Map<string, { source: string; body: Node[] }>();

  constructor(private readonly dist: string) {}

  /** What an entry gives away, by file, in the order of its own list. */
  of({ file }: Entry): Map<string, Declared[]> {
    const found = new Map<string, Declared[]>();
    const add = (from: string, names?: readonly string[]) => {
      const known = found.get(from) ?? [];
      const isNew = ({ name }: Declared) => known.every((each) => each.name !== name);
      const all = this.in(from).filter(({ name }) => !names || names.includes(name));
      found.set(from, [...known, ...all.filter(isNew)]);
    };
    add(file);
    for (const { type, specifiers = [], source } of this.parsed(file).body) {
      if (!source?.value.startsWith(".")) continue;
      const from = normalize(join(dirname(file), source.value.replace(/\.js$/, ".d.ts")));
      if (type === "ExportAllDeclaration") add(from);
      else
        add(
          from,
          specifiers.map(({ local }) => local.name),
        );
    }
    return found;
  }

  /** What the files of a folder declare that can be made or met. */
  ofFolder(folder: string): Declared[] {
    return readdirSync(join(this.dist, folder)).flatMap((name) =>
      this.in(`${folder}/${name}`).filter(
        ({ kind, said }) => said && /class|interface|type/.test(kind),
      ),
    );
  }

  /** The declarations of one file that are exported there. */
  private in(file: string): Declared[] {
    const { source, body } = this.parsed(file);
    const byName = new Map<string, Declared>();
    for (const { type, declaration, start } of body) {
      const kind = declaration && kinds[declaration.type];
      if (type !== "ExportNamedDeclaration" || !kind) continue;
      const name = (declaration.id ?? declaration.declarations?.[0]?.id)!.name;
      const made = this.declared(source, declaration, {
        name,
        kind,
        said: saidBefore(source, start),
      });
      const same = byName.get(name);
      if (!same) byName.set(name, made);
      else {
        // Several signatures of a function, or an interface beside its class.
        if (kind === "function" || made.signature.includes(" extends "))
          same.signature += `\n${made.signature}`;
        same.members.push(...made.members);
        same.said ||= made.said;
      }
    }
    return [...byName.values()];
  }

  private declared(
    source: string,
    node: Node,
    { name, kind, said }: Pick<Declared, "name" | "kind" | "said">,
  ): Declared {
    const inside = node.body?.body;
    const end = inside ? node.body!.start : node.end;
    const text = dedented(source.slice(node.start, end).replace(/^(?:declare|abstract) /g, ""));
    const signature =
      kind === "constant" && text.length > 300
        ? `${text.slice(0, 80).split("\n")[0]}…`
        : text.trim();
    const members: Declared[] = [];
    for (const member of inside ?? []) {
      if (!memberTypes.test(member.type) || isHidden(source, member)) continue;
      const own = member.key?.name ?? member.key?.value ?? "";
      const text = dedented(source.slice(member.start, member.end)).replace(/;$/, "");
      const isMade = member.kind === "constructor";
      const one = {
        name: isMade ? "constructor" : own,
        kind: "member",
        signature: isMade
          ? text.replace(/^constructor\((?:engine: Engine(?:, )?)?/, `new ${name}(`)
          : text,
        said: saidBefore(source, member.start),
        members: [],
      };
      const before = members.at(-1);
      if (before?.name === one.name && before.name !== "") {
        before.signature += `\n${one.signature}`;
        before.said = [before.said, one.said].filter(Boolean).join("\n\n");
      } else members.push(one);
    }
    return { name, kind, said, signature, members };
  }

  private parsed(file: string) {
    let known = this.files.get(file);
    if (!known) {
      const source = readFileSync(join(this.dist, file), "utf8");
      const { body } = parseAst(source, { lang: "dts" }) as unknown as { body: Node[] };
      this.files.set(file, (known = { source, body }));
    }
    return known;
  }
}

const isHidden = (source: string, { accessibility, key, start }: Node): boolean =>
  accessibility === "private" || key?.type === "PrivateIdentifier" || source.startsWith("[", start);

/** The docstring that ends before a place, without its stars. */
function saidBefore(source: string, start: number): string {
  const [, text = ""] = /\/\*\*((?:(?!\*\/)[^])*)\*\/\s*$/.exec(source.slice(0, start)) ?? [];
  return text.replace(/^\s*\* ?/gm, "").trim();
}

/** The text with the lines after the first one moved to the left together. */
function dedented(text: string): string {
  const [first = "", ...rest] = text.split("\n");
  const indents = rest.filter(Boolean).map((line) => /^ */.exec(line)![0].length);
  const least = Math.min(...indents);
  return [first, ...rest.map((line) => line.slice(least))].join("\n");
}
