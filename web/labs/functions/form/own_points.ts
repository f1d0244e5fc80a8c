// The field for the visitor's own points, which are typed, pasted, opened from a file or dropped.
import { readPoints, toText } from "../settings/points";

export interface OwnPointsOptions {
  field: HTMLTextAreaElement;
  button: HTMLButtonElement;
  file: HTMLInputElement;
  complain(sentence: string): void;
  // Called with the points as the address has them.
  onPoints(text: string): void;
}

export class OwnPoints {
  constructor(private readonly options: OwnPointsOptions) {
    const { field, button, file } = options;
    field.addEventListener("change", () => this.take());
    button.addEventListener("click", () => file.click());
    file.addEventListener("change", () => {
      void this.read(file.files?.[0]).finally(() => (file.value = ""));
    });
    field.addEventListener("dragover", (event) => event.preventDefault());
    field.addEventListener("drop", (event) => {
      const given = event.dataTransfer?.files[0];
      // A text was dropped, which the field takes by itself.
      if (!given) return;
      event.preventDefault();
      void this.read(given);
    });
  }

  show(text: string): void {
    this.options.field.value = text.replaceAll(";", "\n");
  }

  private async read(given: File | undefined): Promise<void> {
    if (!given) return;
    if (given.size > 1e6) {
      this.options.complain(
        `points: ${given.name} has ${given.size} bytes, expected a small table.`,
      );
      return;
    }
    this.options.field.value = (await given.text()).trim();
    this.take();
  }

  private take(): void {
    let text: string;
    try {
      text = toText(readPoints(this.options.field.value));
    } catch (thrown) {
      return this.options.complain((thrown as Error).message);
    }
    this.options.complain("");
    this.options.onPoints(text);
  }
}
