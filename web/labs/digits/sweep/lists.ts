// The lists of a sweep as one types them: learning rates, seeds and nets.
import { complainAt } from "../../../settings/form";
import { make } from "../../../ui/dom";
import { fields } from "../settings/digits_settings";
import { listOf, netsOf, type Plan } from "./plan";

type Input = HTMLInputElement | HTMLTextAreaElement;

export class SweepLists {
  private readonly rates = make("input", { id: "sweep-rates", autocomplete: "off" });
  private readonly seeds = make("input", { id: "sweep-seeds", autocomplete: "off" });
  private readonly nets = make("textarea", { id: "sweep-nets", rows: 2, spellcheck: false });
  private readonly set = make("fieldset", { className: "lists" });
  readonly element = make("form", {}, this.set);

  /** `isName` says whether a word is the name of a net. */
  constructor(
    private readonly isName: (net: string) => boolean,
    onChange: () => void,
  ) {
    this.set.append(
      field("Learning rates", this.rates, "With commas between, or semicolons: 0,01; 0,1"),
      field("Seeds", this.seeds, "Three at least, to see what is chance"),
      field("Nets", this.nets, "One on each line, by name or as a text"),
    );
    this.element.addEventListener("submit", (event) => event.preventDefault());
    this.element.addEventListener("input", onChange);
  }

  /** What the lists say; undefined where one of them cannot be read, which stands below it then. */
  read(): Plan | undefined {
    const rates = attempt(this.rates, () => listOf(fields.lr, this.rates.value));
    const seeds = attempt(this.seeds, () => listOf(fields.seed, this.seeds.value, true));
    const nets = attempt(this.nets, () => netsOf(this.nets.value, this.isName));
    return rates && seeds && nets && { rates, seeds, nets };
  }

  write({ rates, seeds, nets }: Plan): void {
    this.rates.value = rates.join(", ");
    this.seeds.value = seeds.join(", ");
    this.nets.value = nets.join("\n");
  }

  lock(locked: boolean): void {
    this.set.disabled = locked;
  }

  /** Says what is wrong with a net. */
  complain(sentence: string): void {
    complainAt(this.nets, sentence);
    this.nets.focus();
  }

  toComplaint(): void {
    this.element.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }
}

function field(label: string, input: Input, hint: string): HTMLElement {
  input.setAttribute("aria-describedby", `${input.id}-hint`);
  const named = make("label", { htmlFor: input.id }, label);
  const below = make("p", { id: `${input.id}-hint` }, hint);
  return make("div", { className: "field" }, named, input, below);
}

function attempt<T>(input: Input, work: () => T[]): T[] | undefined {
  try {
    const values = work();
    complainAt(input, "");
    return values;
  } catch (error) {
    complainAt(input, (error as Error).message);
    return undefined;
  }
}
