// The search of the documents: over titles, headings and names of the API, in a list that is loaded when somebody searches.
import { best, type Row } from "./search";

const part = <T extends HTMLElement>(name: string) =>
  document.querySelector<T>(`[data-part="${name}"]`)!;
const input = document.querySelector<HTMLInputElement>("#words")!;
const found = part<HTMLOListElement>("found");
const place = part("find");

let loading: Promise<Row[]> | undefined;
const rows = () =>
  (loading ??= fetch("./search.json")
    .then((response) => response.json() as Promise<Row[]>)
    .catch((error: unknown) => {
      loading = undefined;
      throw error;
    }));

async function search(): Promise<void> {
  const words = input.value;
  let results: Row[] = [];
  let note = "";
  try {
    results = words.trim() === "" ? [] : best(await rows(), words);
    note = `${results.length} found`;
  } catch {
    note = "The list of what can be found could not be loaded.";
  }
  if (words !== input.value) return;
  found.replaceChildren(...results.map(item));
  if (results.length === 0 && words.trim() !== "") {
    const none = document.createElement("li");
    none.textContent = note === "0 found" ? "Nothing is called that." : note;
    found.append(none);
  }
  found.hidden = words.trim() === "";
  part("count").textContent = words.trim() === "" ? "" : note;
}

function item([text, address, page]: Row): HTMLLIElement {
  const link = document.createElement("a");
  link.href = address;
  link.textContent = text;
  const row = document.createElement("li");
  row.append(link);
  if (page !== text) row.append(` ${page}`);
  return row;
}

// Arrows go through the results, Escape leaves them.
place.addEventListener("keydown", (event) => {
  const stops = [input, ...found.querySelectorAll("a")];
  const at = stops.indexOf(document.activeElement as HTMLInputElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step !== undefined) {
    stops[Math.min(Math.max(at + step, 0), stops.length - 1)]?.focus();
    event.preventDefault();
  } else if (event.key === "Enter" && at === 0) {
    found.querySelector("a")?.click();
  } else if (event.key === "Escape") {
    input.value = "";
    input.focus();
    void search();
  }
});
place.addEventListener("focusout", ({ relatedTarget }) => {
  if (relatedTarget instanceof Node && !place.contains(relatedTarget)) found.hidden = true;
});
input.addEventListener("input", () => void search());
input.addEventListener("focus", () => {
  void rows().catch(() => {});
  if (input.value.trim() !== "") void search();
});
found.addEventListener("click", () => {
  found.hidden = true;
});
// "/" goes to the search, as in many documents, unless somebody writes.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target instanceof HTMLInputElement) return;
  input.focus();
  event.preventDefault();
});
place.hidden = false;
