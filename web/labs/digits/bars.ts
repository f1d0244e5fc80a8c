// The ten probabilities as bars, with the answer in words.

export interface BarsOptions {
  list: HTMLElement;
  answer: HTMLElement;
  confidence: HTMLElement;
}

export class Bars {
  private readonly rows: { row: HTMLElement; bar: HTMLElement; share: HTMLElement }[] = [];

  constructor(private readonly options: BarsOptions) {
    for (let digit = 0; digit < 10; digit++) {
      const row = document.createElement("li");
      const bar = document.createElement("span");
      const frame = document.createElement("span");
      const share = document.createElement("span");
      frame.className = "bar";
      share.className = "share";
      frame.append(bar);
      row.append(String(digit), frame, share);
      options.list.append(row);
      this.rows.push({ row, bar, share });
    }
  }

  // Probabilities [10], or undefined where there is nothing to read. A net that has run away answers NaN.
  show(answers: Float32Array | undefined): void {
    const probabilities = answers?.every(Number.isFinite) ? answers : undefined;
    let best = -1;
    for (let digit = 0; probabilities && digit < 10; digit++) {
      if (best < 0 || probabilities[digit]! > probabilities[best]!) best = digit;
    }
    this.rows.forEach(({ row, bar, share }, digit) => {
      const value = probabilities?.[digit] ?? 0;
      row.classList.toggle("best", digit === best);
      bar.style.scale = `${value} 1`;
      share.textContent = probabilities ? percent(value) : "";
    });
    const { answer, confidence } = this.options;
    answer.textContent = best < 0 ? "–" : String(best);
    confidence.textContent = best < 0 ? "" : `${sure(probabilities![best]!)} sure`;
  }

  // "7, 98.0 % sure"
  get text(): string {
    return `${this.options.answer.textContent}, ${this.options.confidence.textContent}`;
  }
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

// A net is never quite certain.
const sure = (share: number) => (share < 0.9995 ? percent(share) : "over 99.9 %");
