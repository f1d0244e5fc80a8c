// The net of a trainer in the formats of other programs, whose writer is loaded when somebody asks for it.
import { errorOf, LanegradError, textOf } from "../errors.js";
import { loadFormats } from "./on_demand.js";
import type { ExportedFiles, ExportOptions, NetFormat } from "../protocol/formats.js";

/** The net of a checkpoint as files of another program. */
export async function exported(
  checkpoint: Uint8Array,
  format: NetFormat,
  options: ExportOptions,
): Promise<ExportedFiles> {
  try {
    const { exportNet } = await loadFormats();
    return await exportNet(checkpoint, format, options);
  } catch (thrown) {
    // The module of formats is bundled apart, and so is its class of errors.
    if ((thrown as Error).name === "LanegradError") throw errorOf(thrown as LanegradError);
    throw new LanegradError(
      "LoadFailed",
      `trainer: formats.js could not be loaded from beside the package (${textOf(thrown)})`,
      { cause: thrown },
    );
  }
}
