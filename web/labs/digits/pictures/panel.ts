// Test pictures with the net's answers, which follow the net as it learns.
import { Refresher } from "../../../run/refresher";
import { part } from "../../../ui/dom";
import type { DigitsRun } from "../run/digits_run";
import { TestGrid } from "./test_grid";

export function mount(place: HTMLElement, run: DigitsRun): void {
  const grid = new TestGrid(place, (index) => run.emit("chosen", { index, far: false }));
  const answers = new Refresher({
    place,
    // While the net learns, only who looks sees how.
    wanted: (seen) => run.pictures !== undefined && (seen || run.status !== "training"),
    async ask() {
      const { indices } = grid;
      const pictures = run.pictures!;
      const found = await run.net.predict(pictures.inputs(indices), indices.length);
      // Other pictures may have come meanwhile.
      if (found && run.pictures === pictures) grid.answer(found);
      return 200;
    },
  });

  function showPictures(): void {
    if (!run.pictures) return;
    grid.show(run.pictures);
    run.selectFirst(grid.indices[0]!);
    answers.hurry();
  }
  run.on("pictures", showPictures);
  run.on("names", () => answers.hurry());
  run.onAny(["status", "net", "progress", "best"], () => answers.renew());
  part(place, "others").addEventListener("click", showPictures);
}
