// How filters and pools move over images.
import * as check from "../check.js";

/** How filters move over images. */
export interface ConvolutionOptions {
  /** The pixels from one place of the filter to the next, in both directions. Default: 1. */
  stride?: number;
  /** The rows and columns of 0 around each image. Default: 0. */
  padding?: number;
}

export const convolutionOptions: check.Options<ConvolutionOptions> = {
  stride: check.whole,
  padding: check.whole,
};

/** The size and stride of a pool's windows, checked to be whole numbers. */
export function pooling(what: string, size: number, stride: number): [number, number] {
  return [check.whole(`${what}: size`, size), check.whole(`${what}: stride`, stride)];
}
