// The text of a net, which the engine describes as one types.
import type { NetDescription } from "lanegrad";

// The milliseconds without a key before the engine is asked.
const rest = 150;

export interface NetFieldOptions<Description extends NetDescription> {
  text: HTMLTextAreaElement;
  /** Describes the net in the field; undefined where there is nobody to ask yet. */
  describe(): Promise<Description | undefined>;
  show(description: Description): void;
  /** Shows the engine's error on the text, or takes it away where there is none. */
  complain(error: Error | undefined): void;
}

export class NetField<Description extends NetDescription = NetDescription> {
  private asked = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: NetFieldOptions<Description>) {
    options.text.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.check(), rest);
    });
  }

  /** Has the net described now. Of several answers only that to the last question is shown. */
  async check(): Promise<void> {
    const { describe, show, complain } = this.options;
    clearTimeout(this.timer);
    const asked = ++this.asked;
    try {
      const description = await describe();
      if (asked !== this.asked || !description) return;
      show(description);
      complain(undefined);
    } catch (error) {
      if (asked === this.asked) complain(error as Error);
    }
  }
}

/** A net's text with one space after each comma and between words. */
export const tidy = (text: string): string =>
  text.trim().replace(/\s+/g, " ").replace(/ ?, ?/g, ", ");
