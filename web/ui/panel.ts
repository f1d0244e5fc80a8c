// A panel is a part of a lab with a place of its own in the page. `mount(place, run)` makes one: it
// finds its parts inside the place, and listens to the run.
export interface Panel {
  // The lab has come into sight again.
  shown?(): void;
}
