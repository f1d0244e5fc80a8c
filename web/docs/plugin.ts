// Vite's plugin that makes the documents' pages: docs.html, built as any page of the site, is the frame of all of them.
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";
import { escaped } from "./markdown.ts";
import { docsSite, type DocsPage } from "./site.ts";

const frame = "docs.html";

/** The pages of docs/, below the page's own folder, and what their search reads. */
export function docs(root: string): Plugin {
  return {
    name: "docs",
    enforce: "post",
    generateBundle(_, bundle) {
      const built = bundle[frame];
      if (built?.type !== "asset") return;
      delete bundle[frame];
      // The pages stand one folder deeper than their frame.
      const html = String(built.source).replace(/((?:href|src)=")\.\//g, "$1../");
      const { pages, search } = docsSite(root);
      for (const page of pages)
        this.emitFile({
          type: "asset",
          fileName: `docs/${page.name}.html`,
          source: filled(html, page),
        });
      this.emitFile({
        type: "asset",
        fileName: "docs/search.json",
        source: JSON.stringify(search),
      });
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const [, file = ""] = /^\/docs\/([\w.-]*)(?:\?|$)/.exec(request.url ?? "") ?? [];
        if (!/^(?:[\w-]+\.html|search\.json)?$/.test(file) || !request.url?.startsWith("/docs/"))
          return next();
        const { pages, search } = docsSite(root);
        if (file === "search.json") return response.end(JSON.stringify(search));
        const page = pages.find(({ name }) => `${name}.html` === (file || "index.html"));
        if (!page) return next();
        const html = readFileSync(`${root}/web/${frame}`, "utf8").replace(/="\.\//g, '="/');
        response.setHeader("Content-Type", "text/html");
        void server
          .transformIndexHtml(`/${frame}`, filled(html, page))
          .then((text) => response.end(text));
      });
    },
  };
}

const filled = (html: string, { title, main }: DocsPage): string =>
  html
    .replace("<title>lanegrad</title>", () => `<title>lanegrad: ${escaped(title)}</title>`)
    .replace("<!-- main -->", () => main);
