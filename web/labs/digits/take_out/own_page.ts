// A web page of its own for a net: a folder of plain files that draws, answers, and needs no server of ours.
import page from "lanegrad/page/index.html?raw";
import { Net } from "lanegrad/predict";
import script from "lanegrad/predict.js?raw";
import wasm from "lanegrad/predict/simd/predict.wasm?url";
import { LanegradError } from "lanegrad";
import type { ExportedFiles } from "lanegrad/formats";

const readme = `A trained net as a web page.

Put these files into any folder of any web server, and open index.html there. To try it on this
computer: run  python3 -m http.server  in this folder, and open http://localhost:8000.

index.html           the page, to change as you like
predict.js           what loads the net and asks it
predict.wasm.gz      the arithmetic
net.safetensors.gz   the net, with numbers of 16 bits
`;

/** The files of the page, by name. */
export async function ownPage(checkpoint: Uint8Array): Promise<ExportedFiles> {
  const response = await fetch(wasm);
  if (!response.ok) {
    throw new LanegradError(
      "LoadFailed",
      `page: predict.wasm could not be fetched (the server answered ${response.status})`,
    );
  }
  const utf8 = new TextEncoder();
  return {
    "index.html": utf8.encode(page),
    "predict.js": utf8.encode(script.replace(/\/\/# sourceMappingURL=.*\n?$/, "")),
    "predict.wasm.gz": await packed(await response.blob()),
    "net.safetensors.gz": await packed(new Blob([await Net.compact(checkpoint)])),
    "README.txt": utf8.encode(readme),
  };
}

async function packed(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  const stream = blob.stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
