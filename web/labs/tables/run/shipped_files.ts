// The files of the tables that come with the page.
import { LanegradError } from "lanegrad";

const addresses = import.meta.glob<string>("../../../data/tables/*.csv", {
  query: "?url",
  import: "default",
  eager: true,
});

/** The file of the table of this name, which its address calls otherwise. */
export async function fileOf(name: string): Promise<Blob> {
  const address = addresses[`../../../data/tables/${name}.csv`]!;
  try {
    const response = await fetch(address);
    if (response.ok) return await response.blob();
    throw new Error(`the server answered ${response.status}`);
  } catch (error) {
    const why = (error as Error).message;
    throw new LanegradError("LoadFailed", `page: ${name}.csv could not be loaded (${why})`, {
      cause: error,
    });
  }
}
