// npm run bench -- --against REF: another commit is built beside this one, and the same work is timed in turn through
// both packages in one browser. Printed are ratios of speeds, work by work and build by build.
import { execFileSync } from "node:child_process";
import { existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rates, ratios } from "../../web/bench/timing/slices.mjs";
import { figure, spread, table } from "./report.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

const git = (...words) =>
  execFileSync("git", words, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/**
 * Builds the package of a commit in a work tree of its own, build/against/COMMIT, with that commit's own set-up.
 * What is there already is not built again.
 * @param {string} ref as git names a commit
 * @returns {{ commit: string, folder: string }} `folder` holds the package's dist/
 */
export function buildOf(ref) {
  let commit;
  try {
    commit = git("rev-parse", "--verify", "--quiet", `${ref}^{commit}`).trim();
  } catch {
    throw new Error(`against: "${ref}", expected a commit that git knows here`);
  }
  const folder = join(root, "build/against", commit.slice(0, 12));
  if (!existsSync(folder)) {
    git("worktree", "prune");
    git("worktree", "add", "--quiet", "--detach", folder, commit);
  }
  // The compiler and its caches serve both.
  const tools = join(folder, ".tools");
  if (existsSync(join(root, ".tools")) && !existsSync(tools)) {
    symlinkSync(join(root, ".tools"), tools);
  }
  process.stderr.write(`… building ${commit.slice(0, 12)}\n`);
  const build =
    "./setup.sh start && npm run --silent build:module && npm run --silent build:package";
  execFileSync("bash", ["-c", build], { cwd: folder, stdio: ["ignore", 2, 2] });
  return { commit, folder };
}

/**
 * One row for each build of ours that ran from both commits.
 * @param {{ work: string, subjects: { id: string, who: string, variant: string, threads: number }[] }} group
 * @param {Record<string, import("../../web/bench/timing/slices.mjs").Sample[]>} samples by the subjects' ids
 */
export function againstRows({ work, subjects }, samples) {
  const ran = subjects.filter(({ id }) => samples[id]?.length);
  return ran
    .filter(({ who }) => who === "lanegrad")
    .flatMap(({ id, variant, threads }) => {
      const before = ran.find((other) => other.who === "before" && other.variant === variant);
      if (!before) return [];
      const [ours, theirs] = [samples[id], samples[before.id]];
      return {
        work,
        variant,
        threads,
        rate: rates(ours),
        before: rates(theirs),
        ratio: ratios(ours, theirs),
      };
    });
}

export function againstTable(rows, commit) {
  const times = (value) => `${value.toFixed(3)}×`;
  const lines = rows.map(({ variant, threads, rate, before, ratio }) => [
    variant,
    `${threads}`,
    spread(rate, figure),
    spread(before, figure),
    spread(ratio, times),
  ]);
  const head = ["variant", "threads", "samples/s", `of ${commit.slice(0, 12)}`, "ratio"];
  return `${rows[0].work}\n${table([head, ...lines], "lrrrr")}`;
}

/**
 * Times all groups and prints their tables.
 * @returns {Promise<{ rows: object[], failures: string[] }>}
 */
export async function against(browser, groups, { commit, slices }) {
  const rows = [];
  const failures = [];
  for (const group of groups) {
    process.stderr.write(`… ${group.work}\n`);
    const { samples, failures: failed } = await browser.run(group.subjects, slices);
    for (const [id, message] of Object.entries(failed)) {
      failures.push(`${group.work}, ${id}: ${message.split("\n")[0]}`);
    }
    const found = againstRows(group, samples);
    if (found.length > 0) console.log(`${againstTable(found, commit)}\n`);
    rows.push(...found);
  }
  for (const failure of failures) console.log(`could not run: ${failure}`);
  return { rows, failures };
}
