// The page around the labs: which of them is open, which is loaded when it is first opened, and
// which part of the address belongs to which.
import { labs, type LabName } from "./labs";
import type { Lab, OpenLab } from "./labs/lab";
import { Announcer } from "./ui/announcer";
import { lazy } from "./ui/lazy";
import { nextTask } from "./run/next_task";
import { storeForOffline } from "./shell/offline";
import { part } from "./ui/dom";
import { describe, Problems, retriable } from "./ui/problems";
import { remember, remembered } from "./ui/remembered";

const modules = import.meta.glob<{ open: OpenLab }>("./labs/*/lab.ts");
const loaders = new Map(
  labs.map(({ name }) => [name, lazy(modules[`./labs/${name}/lab.ts`]!, "open")]),
);
const loadTour = lazy(() => import("./shell/tour/tour"), "Tour");
const loadShare = lazy(() => import("./shell/share/share"), "share");
const loadEmbed = lazy(() => import("./shell/embed/embed"), "embed");

const byId = (id: string) => document.getElementById(id)!;
const announcer = new Announcer(byId("announcements"));
const problems = new Problems(byId("page-problems"));

const opened = new Map<LabName, Promise<Lab>>();
const searches = new Map<LabName, string>(); // what each lab's part of the address is
let current: LabName | undefined;
const home = labs[0].name;
const links = document.querySelectorAll<HTMLAnchorElement>(".labs a");

// What an address says of the page in a frame, which all addresses of that page keep: "&embed=1&show=pad".
const frame = location.search.replace(/[?&](?!(embed|show)\b)[^&]*/g, "").replace("?", "&");

// The lab and its own part of the address: "?lab=functions&f=x^2" is Functions with "?f=x^2".
function parse(search: string): { name: LabName; own: string } {
  const asked = new URLSearchParams(search).get("lab");
  const name = labs.find(({ name }) => name === asked)?.name ?? home;
  return { name, own: search.replace(/[?&](lab|embed|show)\b[^&]*/g, "").replace(/^&/, "?") };
}

function join(name: LabName, own: string): string {
  const query = (name === home ? own : `?lab=${name}${own.replace("?", "&")}`) + frame;
  return query.replace(/^&/, "?") || location.pathname;
}

function load(name: LabName): Promise<Lab> {
  const known = opened.get(name);
  if (known) return known;
  const lab = loaders.get(name)!()
    .then(async ({ open }) => {
      await nextTask();
      return open(byId(name), {
        address: {
          read: () => searches.get(name) ?? "",
          write(search) {
            if (search === (searches.get(name) ?? "")) return;
            searches.set(name, search);
            if (current === name)
              history.replaceState(null, "", join(name, search) + location.hash);
          },
        },
        say: (sentence) => announcer.say(sentence),
        showEngine(build, note) {
          part(document, "engine-build").textContent = build;
          part(document, "engine-note").textContent = note;
        },
        go,
      });
    })
    .catch((error: unknown) => {
      // The next attempt may find the connection back.
      opened.delete(name);
      throw error;
    });
  opened.set(name, lab);
  return lab;
}

async function show(name: LabName, handed?: unknown): Promise<void> {
  const before = current;
  current = name;
  for (const lab of labs) byId(lab.name).hidden = lab.name !== name;
  for (const link of links) {
    link.ariaCurrent = link.dataset["lab"] === name ? "page" : null;
  }
  if (before && before !== name) void opened.get(before)?.then((lab) => lab.hidden());
  try {
    const lab = await load(name);
    if (current !== name) return;
    await lab.shown();
    if (handed !== undefined) lab.receive?.(handed);
  } catch (error) {
    problems.show(retriable(error, () => void show(name, handed)));
  }
}

async function go(name: LabName, handed?: unknown): Promise<void> {
  history.pushState(null, "", join(name, searches.get(name) ?? ""));
  await show(name, handed);
}

// Shows what the page's address asks for.
function showAddress(): Promise<void> {
  const { name, own } = parse(location.search);
  searches.set(name, own);
  return show(name);
}
addEventListener("popstate", () => void showAddress());

// Links to labs, to terms of the glossary and to things to try are followed here, without loading the page anew.
document.addEventListener("click", (event) => {
  const link = (event.target as Element).closest<HTMLAnchorElement>("a.here");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  const name = link.dataset["lab"] as LabName | undefined;
  if (name) {
    if (name !== current) void go(name);
  } else {
    import("./shell/links").then(
      ({ follow }) => follow(link, showAddress),
      () => location.assign(link.href),
    );
  }
});

// ---- The tour ---------------------------------------------------------------

// The tour is loaded when somebody wants it, which an address that ends in #tour says, too, or in
// #tour=4 for its fourth step.

const tour = byId("tour") as HTMLButtonElement;
async function startTour(byLink = false): Promise<void> {
  tour.disabled = true;
  try {
    const { Tour } = await loadTour();
    new Tour({ open: go, current: () => current, byLink, button: tour });
  } catch (error) {
    tour.disabled = false;
    problems.show(retriable(error, () => void startTour(byLink)));
  }
}
tour.addEventListener("click", () => void startTour());
if (remembered("lanegrad-tour")) tour.textContent = "Continue the tour";

// ---- For a projector --------------------------------------------------------

const projector = byId("projector");
const project = (on: boolean) =>
  (projector.ariaPressed = String(document.documentElement.classList.toggle("projector", on)));
projector.addEventListener("click", () => {
  project(projector.ariaPressed !== "true");
  remember("lanegrad-projector", projector.ariaPressed);
});
if (remembered("lanegrad-projector") === "true") project(true);

// ---- Links ------------------------------------------------------------------

// Offers links to what is on screen, or does what the link says by which the page was opened.
const share = (follows?: boolean) => {
  loadShare()
    .then(({ share }) => share(current!, load(current!), follows))
    .catch((error: unknown) => problems.show(retriable(error, () => share(follows))));
};
byId("share").addEventListener("click", () => share());

// Errors that nobody has waited for are shown, since a sentence is better than silence.
addEventListener("unhandledrejection", ({ reason }) => problems.show(describe(reason)));

if (frame && !frame.includes("embed=0")) {
  document.documentElement.dataset["embed"] = "";
  const { name } = parse(location.search);
  void loadEmbed().then(({ embed }) => embed(frame, name, problems));
}
void showAddress();
const followLink = () => {
  const { hash } = location;
  if (hash.startsWith("#tour") && !tour.disabled) void startTour(true);
  if (hash.includes("=")) share(true);
};
addEventListener("hashchange", followLink);
followLink();
// Another tab makes this browser forget everything, see begin_anew.html: this one leaves, and what waits for all to be gone
// waits for this lock.
navigator.locks
  ?.request("lanegrad-open", { mode: "shared" }, () => new Promise<never>(() => {}))
  .catch(() => {}); // A frame may have none.
new BroadcastChannel("lanegrad-anew").onmessage = () => location.replace(join(home, ""));
storeForOffline(part(document, "offline"));
