// What a link to this lab carries: the settings stand in the address; a table of somebody's own does not.
import type { Sharing } from "../../lab";
import type { TablesRun } from "../run/tables_run";
import { own } from "../settings/shipped";

export function sharing(given: unknown): Sharing {
  const run = given as TablesRun;
  return {
    parts: () => Promise.resolve([]),
    get note() {
      return run.settings.table === own
        ? "The link has all settings, but not your table: whoever opens it chooses the file."
        : undefined;
    },
    file: () => Promise.resolve(undefined),
    open: () => Promise.resolve(),
  };
}
