// The reference of the package's API: a page for each entry, made of its types when the page is built.
import { Declarations, type Declared, type Entry } from "./declarations.ts";
import { escaped, written, type Heading } from "./markdown.ts";

/** A page of the reference. */
export interface Reference {
  /** The file's name without its ending: "api-data". */
  name: string;
  title: string;
  lead: string;
  html: string;
  headings: Heading[];
}

const entries: (Entry & { page: string; title: string; lead: string })[] = [
  {
    name: "lanegrad",
    file: "index.d.ts",
    page: "api",
    title: "lanegrad",
    lead: "`load` and `Trainer`, and what they take and give; `lanegrad/inline` gives away the same. What is in a loaded engine has a page of its own.",
  },
  {
    name: "lanegrad/data",
    file: "data.d.ts",
    page: "api-data",
    title: "lanegrad/data",
    lead: "Pictures and tables from files that people have.",
  },
  {
    name: "lanegrad/formats",
    file: "formats/formats.d.ts",
    page: "api-formats",
    title: "lanegrad/formats",
    lead: "Nets as files of other programs, and of theirs.",
  },
  {
    name: "lanegrad/predict",
    file: "predict.d.ts",
    page: "api-predict",
    title: "lanegrad/predict",
    lead: "Answers from the file of a trained net.",
  },
  {
    name: "lanegrad/settings",
    file: "settings/table.d.ts",
    page: "api-settings",
    title: "lanegrad/settings",
    lead: "The settings of a training, as a table.",
  },
  {
    name: "lanegrad/element",
    file: "element.d.ts",
    page: "api-element",
    title: "lanegrad/element",
    lead: "The element `<lanegrad-lab>`.",
  },
];
const engine = {
  page: "api-engine",
  title: "A loaded engine",
  lead: "What `const lg = await load()` has: tensors, layers, losses, optimizers, loaders and nets. Its classes are made as `new lg.Dense(2, 3)`.",
};

/** What a loaded engine is made of. */
const isLoaded = /^(?:Lanegrad|Classes|TensorFunctions)$/;

/** The pages, of the types in this folder. */
export function reference(dist: string): Reference[] {
  const declarations = new Declarations(dist);
  const pages = entries.map((entry) => {
    const all = [...declarations.of(entry)];
    const isEngine = (file: string) => entry.page === "api" && file.startsWith("api/");
    // load() itself is told of beside Trainer.
    const here = all.flatMap(([file, declared]) =>
      isEngine(file) ? declared.filter(({ kind }) => kind === "function") : declared,
    );
    return { ...entry, declared: here };
  });
  const loaded = declarations.ofFolder("api");
  pages.splice(1, 0, { ...engine, name: "", file: "", declared: loaded });
  const places = new Map<string, string>();
  for (const { page, declared } of pages)
    for (const { name, members } of declared) {
      // What several entries give away is told of in the first one.
      if (places.has(name)) continue;
      places.set(name, `${page}.html#${name}`);
      for (const member of members)
        places.set(`${name}.${member.name}`, `${page}.html#${name}.${member.name}`);
    }
  return pages.map(({ page, title, lead, declared }) => {
    const own = declared.filter(({ name }) => places.get(name) === `${page}.html#${name}`);
    const others = declared.filter((each) => !own.includes(each));
    const headings: Heading[] = own.flatMap(({ name, members }) => [
      { level: 2, text: name, id: name },
      ...members.map((member) => ({
        level: 3,
        text: `${isLoaded.test(name) ? "lg" : name}.${member.name}`,
        id: `${name}.${member.name}`,
      })),
    ]);
    const also = others.map(({ name }) => `[\`${name}\`](${places.get(name)})`).join(", ");
    const list = own.map(
      ({ name }) => `<a href="#${escaped(name)}"><code>${escaped(name)}</code></a>`,
    );
    const html = [
      `<h1>${escaped(title)}</h1>`,
      said(lead, places, ""),
      `<p class="names">${list.join(" ")}</p>`,
      also && said(`Also here: ${also}.`, places, ""),
      ...own.map((each) => ofDeclared(each, places)),
    ];
    return { name: page, title, lead, html: html.join("\n"), headings };
  });
}

function ofDeclared(
  { name, kind, signature, said: text, members }: Declared,
  places: Map<string, string>,
) {
  return [
    `<h2 id="${escaped(name)}">${escaped(name)} <small>${kind}</small></h2>`,
    signatureOf(signature, places, name),
    said(text, places, name),
    ...members.map(
      (member) =>
        `<section class="member" id="${escaped(`${name}.${member.name}`)}"><h3>${escaped(
          member.name,
        )}</h3>${signatureOf(member.signature, places, name)}${said(member.said, places, name)}</section>`,
    ),
  ].join("\n");
}

// A signature, in which each name of a type leads to what is said of it.
function signatureOf(signature: string, places: Map<string, string>, own: string): string {
  const text = escaped(signature).replace(/\b[A-Z]\w+\b/g, (name) => {
    const place = name === own ? undefined : places.get(name);
    return place ? `<a href="${escaped(place)}">${name}</a>` : name;
  });
  return `<pre tabindex="0"><code>${text}</code></pre>`;
}

// A docstring, in which names in code lead to what is said of them: `Trainer.learningRates`, or `learningRates` in Trainer.
function said(text: string, places: Map<string, string>, own: string): string {
  const named = (name: string) => {
    const plain = name.replace(/\(.*$/, "");
    const place = places.get(plain) ?? places.get(`${own}.${plain}`);
    return plain === own ? undefined : place;
  };
  return text && written(text, (href) => href, named).html;
}
