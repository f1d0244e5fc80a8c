// The documents as pages of the site: which there are, what leads where, and what a search finds.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { code, escaped, slug, written, type Heading } from "./markdown.ts";
import { reference } from "./reference.ts";

/** A page below docs/. */
export interface DocsPage {
  /** "threads" */
  name: string;
  title: string;
  /** What <main> holds. */
  main: string;
}

/** The site: its pages, and a row for each heading: what it says, where it is, and on which page. */
export interface Site {
  pages: DocsPage[];
  search: [text: string, address: string, page: string][];
}

/** Documents outside of docs/ that have a page, too. */
const others: Record<string, string> = {
  "ARCHITECTURE.md": "architecture",
  "CONTRIBUTING.md": "contributing",
  "CHANGELOG.md": "changelog",
  "findings/README.md": "findings",
  "tests/bench/README.md": "benchmarks",
  "tests/bench/RECIPES.md": "recipes",
};
const groups: [title: string, names: string[]][] = [
  [
    "Use it",
    [
      "package",
      "element",
      "bundlers",
      "examples",
      "threads",
      "data",
      "tables",
      "formats",
      "settings",
      "builds",
      "coming-from-pytorch",
      "numbers",
    ],
  ],
  ["API", []],
  ["Look inside", []],
];
/** Those that are pages of the site elsewhere. */
const elsewhere: Record<string, string> = {
  "docs/lesson.md": "../lesson.html",
  "README.md": "index.html",
  "docs/examples/README.md": "examples.html",
};

interface Made {
  name: string;
  title: string;
  html: string;
  headings: Heading[];
}

/** Makes the site of the files of the project. */
export function docsSite(root: string): Site {
  const sources = new Map<string, string>();
  for (const name of readdirSync(join(root, "docs")).filter((file) => file.endsWith(".md")))
    if (!elsewhere[`docs/${name}`]) sources.set(`docs/${name}`, name.slice(0, -".md".length));
  for (const [path, name] of Object.entries(others)) sources.set(path, name);

  const pages: Made[] = [...sources].map(([path, name]) => {
    const text = readFileSync(join(root, path), "utf8");
    return { name, ...written(text, (href) => addressOf(path, href, sources)) };
  });
  pages.push(examplesPage(root, sources));
  const api = reference(join(root, "dist"));
  pages.push(...api);
  const grouped = groups.map(([title, names]): [string, Made[]] => [
    title,
    title === "API"
      ? api
      : names.length > 0
        ? names.map((name) => pages.find((page) => page.name === name)!)
        : pages.filter(
            (page) => !api.includes(page as never) && !groups[0]![1].includes(page.name),
          ),
  ]);
  const index: Made = {
    name: "index",
    title: "Documentation",
    html: indexOf(grouped),
    headings: [],
  };
  return {
    pages: [index, ...pages].map((page) => ({
      name: page.name,
      title: page.title,
      main: `<nav class="pages" aria-label="Pages">${navigation(grouped, page.name)}</nav><article>${page.html}</article>`,
    })),
    search: pages.flatMap(({ name, title, headings }) => [
      [title, `${name}.html`, title],
      ...headings
        .filter(({ level }) => level > 1)
        .map(({ text, id }): [string, string, string] => [text, `${name}.html#${id}`, title]),
    ]) as Site["search"],
  };
}

/** Where a link of a document leads to on the site; undefined for files that have no page. */
function addressOf(path: string, href: string, sources: Map<string, string>): string | undefined {
  if (href.startsWith("http://localhost:8080/"))
    return href.replace("http://localhost:8080/", "../");
  if (/^(?:https?:|#)/.test(href)) return href;
  const [file = "", hash] = href.split("#");
  const target = posix.normalize(posix.join(dirname(path), file));
  const [, example] = /^docs\/examples\/(\w+)\//.exec(target) ?? [];
  if (example) return `examples.html#${example}`;
  const name = sources.get(target);
  const address = elsewhere[target] ?? (name && `${name}.html`);
  return address && address + (hash ? `#${hash}` : "");
}

// The examples, with the text of each of their files.
function examplesPage(root: string, sources: Map<string, string>): Made {
  const folder = join(root, "docs/examples");
  const path = "docs/examples/README.md";
  const { html, title, headings } = written(readFileSync(join(root, path), "utf8"), (href) =>
    addressOf(path, href, sources),
  );
  const parts = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  const shown = parts.map((name) => {
    headings.push({ level: 2, text: `Example: ${name}`, id: slug(name) });
    const files = readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules"))
      .map((entry) => posix.relative(join(folder, name), join(entry.parentPath, entry.name)))
      .filter((file) => /\.(?:html|m?js|jsx|json)$/.test(file) && file !== "package-lock.json")
      .sort();
    const texts = files.map(
      (file) => `<h3>${escaped(file)}</h3>${code(readFileSync(join(folder, name, file), "utf8"))}`,
    );
    return `<h2 id="${slug(name)}">${escaped(name)}</h2>${texts.join("")}`;
  });
  return { name: "examples", title, headings, html: html + shown.join("") };
}

const navigation = (all: [string, Made[]][], here: string): string =>
  all
    .map(
      ([title, pages]) =>
        `<p>${title}</p><ul>${pages
          .map(({ name, title }) => {
            const current = name === here ? ' aria-current="page"' : "";
            return `<li><a href="${name}.html"${current}>${escaped(title)}</a></li>`;
          })
          .join("")}</ul>`,
    )
    .join("");

// What the documentation begins with: all pages, each with its first sentence.
function indexOf(all: [string, Made[]][]): string {
  const sentence = ({ html }: Made) => {
    const [, text = ""] = /<p>([^]*?)<\/p>/.exec(html) ?? [];
    return /^[^]*?[.:](?=\s|$)/.exec(text.replace(/<[^>]+>/g, ""))?.[0].replace(/:$/, ".") ?? "";
  };
  const lists = all.map(
    ([title, pages]) =>
      `<h2>${title}</h2><dl>${pages
        .map(
          (page) =>
            `<dt><a href="${page.name}.html">${escaped(page.title)}</a></dt><dd>${sentence(page)}</dd>`,
        )
        .join("")}</dl>`,
  );
  const note = "<p>Without a connection there is this list alone, and the labs.</p>";
  return `<h1>Documentation</h1>${lists.join("")}${note}`;
}

/** Whether the package is built, of whose types the reference is made. */
export const canMakeDocs = (root: string): boolean => existsSync(join(root, "dist/element.d.ts"));
