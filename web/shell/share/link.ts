// The address of what is on screen, with what it is to carry along: in the query, and behind the "#".

type Said = readonly (readonly [name: string, text: string])[];

// The address without what an earlier link has carried; `own` are the names in the query that a link
// may add. The rest of the query stays as the lab has written it.
export function linkTo(href: string, own: readonly string[], query: Said, hash: Said): string {
  const [page = "", search = ""] = href.replace(/#.*/s, "").split(/\?(.*)/s);
  const kept = search.split("&").filter((word) => word && !own.includes(word.split("=", 1)[0]!));
  const joined = (said: Said) => said.map(([name, text]) => `${name}=${text}`);
  const words = [...kept, ...joined(query)].join("&");
  const behind = joined(hash).join("&");
  return `${page}${words && `?${words}`}${behind && `#${behind}`}`;
}

/** What the page's address carries behind its "#", by names. */
export const carried = (): Map<string, string> =>
  new Map(new URLSearchParams(location.hash.slice(1)));

/** Takes something out of the page's address that no longer holds. */
export function forget(name: string): void {
  const left = location.hash
    .slice(1)
    .split("&")
    .filter((word) => word && !word.startsWith(`${name}=`));
  const hash = left.length > 0 ? `#${left.join("&")}` : "";
  history.replaceState(null, "", location.pathname + location.search + hash);
}
