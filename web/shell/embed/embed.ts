// The page in a frame of another site, "?embed=1&show=plots,pad": the chosen parts of a lab and a small link to the whole
// page, without what stands around the labs.
import { labs, type LabName } from "../../labs";
import { known, similar } from "../../settings/names";
import { make } from "../../ui/dom";
import type { Problem, Problems } from "../../ui/problems";
import styles from "./embed.css?inline";
import { parts, wordsOf } from "./parts";

/**
 * Shows the parts that `frame`, the words of the address about this, asks for. `lab` is the open one; a word that it does
 * not have is told of.
 */
export function embed(frame: string, lab: LabName, problems: Problems): void {
  const root = document.documentElement;
  const asked = (new URLSearchParams(frame).get("show") ?? "")
    .split(/[\s,;+]+/)
    .filter((word) => word !== "");
  const shown = new Map(labs.map(({ name }) => [name, chosen(name, asked)]));
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles + [...shown].map(([name, words]) => hiding(name, words)).join(""));
  document.adoptedStyleSheets.push(sheet);
  root.dataset["embed"] = shown.get(lab)!.join(" ");
  document.querySelector("footer")!.append(linkToWhole());

  const unknown = asked.filter((word) => meant(lab, word).length === 0);
  if (unknown.length > 0) problems.show(complaint(lab, unknown), "notice");
}

// The words that a word of the address means in a lab; none where it is no part of it.
function meant(lab: LabName, word: string): string[] {
  const { synonyms } = parts[lab];
  const all = wordsOf(parts[lab]);
  if (word.toLowerCase() === "all") return all;
  const own = known(word, all);
  const other = known(word, Object.keys(synonyms));
  return own ? [own] : other ? [synonyms[other]!] : [];
}

function chosen(lab: LabName, asked: readonly string[]): string[] {
  const words = [...new Set(asked.flatMap((word) => meant(lab, word)))];
  return words.length > 0 ? words : parts[lab].usual.split(" ");
}

// The styles that hide what is not among these words.
function hiding(lab: LabName, shown: readonly string[]): string {
  const hidden = parts[lab].rows.filter(
    ([, words]) => !words.split(" ").some((word) => shown.includes(word)),
  );
  return hidden.map(([selector]) => `#${lab} :is(${selector}){display:none!important}`).join("");
}

function complaint(lab: LabName, unknown: readonly string[]): Problem {
  const { title } = labs.find(({ name }) => name === lab)!;
  const all = wordsOf(parts[lab]);
  const near = unknown.flatMap((word) => similar(word, all) ?? []);
  const said = unknown.map((word) => `“${word}”`).join(" and ");
  const [is, those] = unknown.length > 1 ? ["are", "no parts"] : ["is", "no part"];
  const instead = near.length > 0 ? ` Did you mean ${near.join(" and ")}?` : "";
  return {
    title: "The address asks for what is not there",
    message: `${said} in “show” ${is} ${those} of ${title}, which has: ${all.join(", ")}.${instead}`,
  };
}

// The whole page has the settings that this one has when the link is used.
function linkToWhole(): HTMLElement {
  const link = make("a", { textContent: "lanegrad", target: "_blank", rel: "noopener" });
  link.title = "The whole page, in a new tab";
  link.dataset["testid"] = "whole-page";
  const renew = () => {
    const { searchParams, href } = new URL(location.href);
    const whole = new URL(href);
    for (const word of ["embed", "show", "autostart"]) whole.searchParams.delete(word);
    link.href = searchParams.size > 0 ? whole.href : href;
  };
  for (const event of ["pointerover", "pointerdown", "focus", "click"])
    link.addEventListener(event, renew);
  renew();
  return make("p", { className: "whole-page" }, link);
}
