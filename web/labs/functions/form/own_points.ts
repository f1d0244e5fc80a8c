// The field for the visitor's own points, which are typed, pasted, opened from a file or dropped.
import { chooseFiles, part } from "../../../ui/dom";
import { readPoints, toText } from "../settings/points";

export interface OwnPointsOptions {
  complain(sentence: string): void;
  // Called with the points as the address has them.
  onPoints(text: string): void;
}

export class OwnPoints {
  private readonly field: HTMLTextAreaElement;

  constructor(
    place: HTMLElement,
    private readonly options: OwnPointsOptions,
  ) {
    const field = part<HTMLTextAreaElement>(place, "points");
    this.field = field;
    field.addEventListener("change", () => this.take());
    const files = part<HTMLInputElement>(place, "file");
    chooseFiles(part(place, "open-file"), files, ([file]) => void this.read(file!));
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
    this.field.value = text.replaceAll(";", "\n");
  }

  private async read(given: File): Promise<void> {
    const { name, size } = given;
    if (size > 1e6) {
      return this.options.complain(`points: ${name} has ${size} bytes, expected a small table.`);
    }
    this.field.value = (await given.text()).trim();
    this.take();
  }

  private take(): void {
    let text: string;
    try {
      text = toText(readPoints(this.field.value));
    } catch (thrown) {
      return this.options.complain((thrown as Error).message);
    }
    this.options.complain("");
    this.options.onPoints(text);
  }
}
