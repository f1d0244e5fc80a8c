// Saves what the curves show; what makes files is loaded when somebody wants one.
import { lazy } from "../../../ui/lazy";
import { retriable } from "../../../ui/problems";
import type { DigitsRun } from "../run/digits_run";

type Download = typeof import("../../../ui/download");

const loadDownload = lazy<Download>(() => import("../../../ui/download"), "downloadTable");

export async function save(
  run: DigitsRun,
  make: (download: Download) => void | Promise<void>,
): Promise<void> {
  try {
    await make(await loadDownload());
  } catch (error) {
    run.show(retriable(error, () => void save(run, make)));
  }
}
