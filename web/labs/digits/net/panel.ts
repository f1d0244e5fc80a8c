// The net: its layers as a text that can be changed and as a drawing, and what its first layer looks
// for.
import { Refresher } from "../../../run/refresher";
import type { Panel } from "../../../ui/panel";
import { mnistSize, type PictureSet } from "../run/picture_set";
import type { DigitsRun } from "../run/digits_run";
import { Filters } from "./filters";
import { NetEditor } from "./net_editor";

// The place is the whole lab's, since the choice of a net stands among the settings.
export function mount(place: HTMLElement, run: DigitsRun): Panel {
  const editor = new NetEditor(place, run);
  const filters = new Filters(place);
  const lessMotion = matchMedia("(prefers-reduced-motion: reduce)");
  // Whether there is another net, whose first layer may have no pictures.
  let unseen = true;
  const refresher = new Refresher({
    place: filters.figure,
    wanted: (seen) => run.ready && (seen || unseen),
    async ask() {
      unseen = false;
      const weights = await run.net.firstWeights();
      if (weights) filters.show(weights.values, weights.shape);
      return lessMotion.matches ? 2000 : 250;
    },
  });

  const showPictures = (pictures: PictureSet) => {
    const { channels, height, width, noun } = pictures;
    filters.use(pictures);
    editor.use([channels, height, width], noun);
  };
  editor.use([1, mnistSize.height, mnistSize.width], "digit");
  editor.show(run.settings.net);
  run.on("pictures", showPictures);
  run.on("recipes", (recipes) => {
    editor.offer(recipes);
    editor.show(run.settings.net);
  });
  run.on("settings", () => editor.net !== run.settings.net && editor.show(run.settings.net));
  run.on("status", () => editor.lock(run.running));
  run.on("net", ({ unasked }) => {
    // What is being typed stays.
    if (!unasked) editor.show(run.settings.net);
    unseen = true;
    refresher.renew();
  });
  run.onAny(["status", "progress", "best"], () => refresher.renew());
  return { shown: () => refresher.renew() };
}
