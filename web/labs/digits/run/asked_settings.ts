// What the visitor asks for, and what is recommended where nothing is asked.
import type { NamedRecipe } from "lanegrad";
import {
  completed,
  conflictOf,
  heldBack,
  keys,
  only,
  recipeFor,
  type Conflict,
  type Key,
  type Settings,
} from "../settings/digits_settings";
import type { SampleSets } from "./sample_sets";

export class AskedSettings {
  // The engine's nets; none before it is loaded.
  recipes: readonly NamedRecipe[] = [];

  // `named` are the settings that the address asks for.
  constructor(
    readonly settings: Settings,
    private readonly named: Key[],
  ) {}

  // The recommended settings for the net, or the page's usual ones.
  get base(): Settings {
    return recipeFor(this.settings.net, this.recipes, this.settings.data);
  }

  // Whether the engine has a recipe for the net.
  get isCataloged(): boolean {
    return this.isName(this.settings.net);
  }

  // Whether this is the name of one of the engine's nets, and no text.
  isName(net: string): boolean {
    return this.recipes.some(({ name }) => name === net);
  }

  // The settings that are not the recipe's. Before the engine has loaded its recipes, they are those
  // that were asked for; for a net that is a text, which has no recipe, all of them.
  get given(): readonly Key[] {
    const all = this.recipes.length > 0 || this.settings.net.includes(" ");
    return all ? keys : ["net", "validation", ...this.named];
  }

  // The visitor has changed a setting.
  changed(key: Key): void {
    if (!this.given.includes(key)) this.named.push(key);
  }

  // The engine has its recipes, so that what nobody asked for is known.
  learn(recipes: readonly NamedRecipe[]): void {
    const asked = only(this.settings, this.given);
    this.recipes = recipes;
    Object.assign(this.settings, completed(asked, recipes));
  }

  // What is wrong with the settings together, for these samples.
  conflict(sets: SampleSets | undefined): Conflict | undefined {
    return conflictOf(this.settings, sets?.learned);
  }

  // Holds as many of the samples back as is usual.
  holdBack(sets: SampleSets | undefined): void {
    this.settings.validation = heldBack(sets?.learned);
  }

  // The settings for other samples: as many are held back as is usual for these, if that was so.
  fitted(sets: SampleSets | undefined, others: SampleSets): Settings {
    const { settings } = this;
    const isUsual = settings.validation === heldBack(sets?.learned);
    return isUsual ? { ...settings, validation: heldBack(others.learned) } : { ...settings };
  }
}
