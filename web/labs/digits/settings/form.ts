// The form of settings: keeps the settings, the page's address and the fields in step with each
// other.
import { SettingsForm } from "../../../settings/form";
import type { Address } from "../../lab";
import { fields, keys, toAddress, type Key, type Settings } from "./digits_settings";

export interface FormOptions {
  form: HTMLFormElement;
  slider: HTMLInputElement; // the learning rate's power of ten
  // The fields that cannot change during a run.
  fixed: HTMLFieldSetElement;
  settings: Settings;
  address: Address;
  // The recipe for the net, whose settings an address need not say.
  base(): Settings;
  // The current learning rate, which may change while the net learns.
  rate(): number;
  onRate(rate: number): void;
  onChange(key: Exclude<Key, "lr">): void;
  onComplaint(sentence: string): void;
}

export class Form {
  private readonly form: SettingsForm<Settings, Key>;

  constructor(private readonly options: FormOptions) {
    const { onRate, onChange, onComplaint } = options;
    this.form = new SettingsForm<Settings, Key>({
      ...options,
      fields,
      keys: shown,
      onRate: (rate) => {
        onRate(rate);
        this.writeAddress();
      },
      onChange: (key) => {
        onChange(key as Exclude<Key, "lr">);
        this.writeAddress();
      },
      complain: (_, sentence) => sentence && onComplaint(sentence),
    });
    this.show();
  }

  // Shows the settings, which have changed elsewhere.
  show(): void {
    this.form.show();
    this.writeAddress();
  }

  // Shows the rate of the settings, which has changed elsewhere.
  showRate(): void {
    this.form.showRate();
  }

  // Reads every field, as before a start. Returns false, with a complaint, where one cannot be
  // read.
  read(): boolean {
    return this.form.read();
  }

  lock(locked: boolean): void {
    this.options.fixed.disabled = locked;
  }

  writeAddress(): void {
    const { address, settings, base } = this.options;
    address.write(toAddress(settings, base(), address.read()));
  }
}

// The net has an editor of its own, and changes of the rate are made by changing the rate.
const shown = keys.filter((key) => key !== "net" && key !== "rates");
