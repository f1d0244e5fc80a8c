// The tables that come with the page: where they are from, and what a run on one begins with.
import type { Optimizer } from "../../../settings/optimizers";

export interface ShippedTable {
  /** Its name in addresses, and that of its file in web/data/tables. */
  name: string;
  /** What it is called in the page. */
  title: string;
  /** What its rows are. */
  about: string;
  source: string;
  sourceUrl: string;
  licence: string;
  licenceUrl: string;
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
    title: "Penguins of Antarctica",
    about:
      "344 penguins of three species, measured on the islands around Palmer Station: bills, flippers, weight. Which species is it?",
    source: "Gorman, Williams and Fraser 2014, as Palmer Penguins by Horst, Hill and Gorman",
    sourceUrl: "https://allisonhorst.github.io/palmerpenguins/",
    licence: "CC0 1.0",
    licenceUrl: "https://creativecommons.org/publicdomain/zero/1.0/",
    settings: { target: "species", epochs: 40 },
  },
  {
    name: "cars",
    title: "Cars and their fuel",
    about:
      "398 cars of 1970 to 1982: how many miles does one go on a gallon? The code of the origin is written out here.",
    source: "R. Quinlan, Auto MPG, UCI Machine Learning Repository 1993",
    sourceUrl: "https://doi.org/10.24432/C5859H",
    licence: "CC BY 4.0",
    licenceUrl: "https://creativecommons.org/licenses/by/4.0/",
    settings: { target: "mpg", epochs: 100 },
  },
  {
    name: "concrete",
    title: "Concrete and its strength",
    about:
      "1,030 mixtures of concrete, in kilograms for a cubic metre, and their age in days: how much does one bear, in megapascals? Names of columns are shortened here, strengths rounded.",
    source: "I-Cheng Yeh, Concrete Compressive Strength, UCI Machine Learning Repository 2007",
    sourceUrl: "https://doi.org/10.24432/C5PK67",
    licence: "CC BY 4.0",
    licenceUrl: "https://creativecommons.org/licenses/by/4.0/",
    settings: { target: "strength", net: "dense 32, relu, dense 32, relu", batch: 32, epochs: 120 },
  },
];
