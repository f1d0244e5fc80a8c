/**
 * How many times as large as usual the page's type is, for what is drawn on a canvas: more with the switch
 * for projectors, or where the browser's own type is larger.
 */
export const typeScale = (): number =>
  parseFloat(getComputedStyle(document.documentElement).fontSize) / 17;
