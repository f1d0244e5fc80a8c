// The tables that come with the page: where they are from, and what a run on one begins with.
import type { Optimizer } from "../../../settings/optimizers";

export interface ShippedTable {
  /** Its name in addresses. */
  name: string;
  /** What it is called in the page. */
  title: string;
  /** The file in the folder of such tables. */
  file: string;
  /** What its rows are. */
  about: string;
  source: string;
  sourceUrl: string;
  licence: string;
  settings: {
    target: string;
    net?: string;
    optimizer?: Optimizer;
    lr?: number;
    batch?: number;
    epochs?: number;
  };
}

/** The name of a table that somebody has brought. */
export const own = "own";

export const shipped: readonly ShippedTable[] = [
  {
    name: "penguins",
    title: "Penguins",
    file: "penguins.csv",
    about: "",
    source: "",
    sourceUrl: "",
    licence: "",
    settings: { target: "species" },
  },
];
