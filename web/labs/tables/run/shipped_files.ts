// The files of the tables that come with the page.
import { LanegradError } from "lanegrad";
import type { ShippedTable } from "../settings/shipped";

export async function fileOf({ file }: ShippedTable): Promise<Blob> {
  const response = await fetch(`./tables/${file}`).catch((error: unknown) => {
    throw new LanegradError("LoadFailed", `page: ${file} could not be loaded`, { cause: error });
  });
  if (!response.ok)
    throw new LanegradError("LoadFailed", `page: ${file} could not be loaded (${response.status})`);
  return response.blob();
}
