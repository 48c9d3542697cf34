import type { Tensor } from '../protocol/tensor.ts';
import type { LossKind } from '../protocol/vocabulary.ts';
import { margin, predictedClass, rowOf, shares } from './predictions.ts';

/**
 * What a classifier says over a plane of two features, as a picture. The outputs are the engine's, at the middles of
 * resolution × resolution cells, row by row from the lower end of the second feature; a picture's rows run downwards.
 */
export interface Regions {
  outputs: Tensor<Float32Array>;
  resolution: number;
  loss: LossKind;
  classes: number;
}

export type Rgb = readonly [number, number, number];

export interface Shading {
  /** Of each class, and of what is under them. */
  classes: readonly Rgb[];
  surface: Rgb;
  /** One flat colour for each region, however sure the network is. */
  hard: boolean;
}

/** How much of a class's colour lies on the surface where the network is sure, and where it is not at all. */
const SURE = 0.52;
const UNSURE = 0.1;

/** The cells as RGBA pixels. Cells without a prediction, where an output is not a number, stay transparent. */
export function regionPixels(
  { outputs, resolution, loss, classes }: Regions,
  { classes: colours, surface, hard }: Shading,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * resolution * resolution);
  const share = new Float32Array(classes);
  for (let row = 0, cell = 0; row < resolution; row++) {
    for (let column = 0; column < resolution; column++, cell++) {
      const output = rowOf(outputs, cell);
      const best = predictedClass(output, loss);
      if (best === undefined) continue;
      if (hard) share.fill(0).fill(1, best, best + 1);
      else shares(output, loss, share);
      const sure = ((share[best] as number) * classes - 1) / (classes - 1);
      const strength = UNSURE + (SURE - UNSURE) * Math.max(0, sure);
      const at = 4 * ((resolution - 1 - row) * resolution + column);
      for (let channel = 0; channel < 3; channel++) {
        let mixed = 0;
        for (let k = 0; k < classes; k++)
          mixed += (share[k] as number) * (colours[k % colours.length] as Rgb)[channel as 0 | 1 | 2];
        pixels[at + channel] = mixed * strength + surface[channel as 0 | 1 | 2] * (1 - strength);
      }
      pixels[at + 3] = 255;
    }
  }
  return pixels;
}

/**
 * Where the prediction changes, as line pieces (x, y, x, y) in cells from the picture's upper left corner: the zero lines
 * of each class's margin between neighbouring cells' middles.
 */
export function borders({ outputs, resolution, loss, classes }: Regions): number[] {
  const pieces: number[] = [];
  const margins = new Float32Array(resolution * resolution);
  // Of two classes, one's border is the other's.
  for (let label = classes === 2 ? 1 : 0; label < classes; label++) {
    for (let cell = 0; cell < margins.length; cell++)
      margins[cell] = margin(rowOf(outputs, cell), label, loss);
    for (let row = 0; row + 1 < resolution; row++)
      for (let column = 0; column + 1 < resolution; column++) cross(margins, resolution, row, column, pieces);
  }
  return pieces;
}

/** The zero line within one square of four cells' middles. */
function cross(
  values: Float32Array,
  resolution: number,
  row: number,
  column: number,
  pieces: number[],
): void {
  const at = (up: number, right: number) => values[(row + up) * resolution + column + right] as number;
  // The corners in turn, and where each side between two of them is crossed.
  const corners = [
    [0, 0],
    [0, 1],
    [1, 1],
    [1, 0],
  ] as const;
  const found: number[] = [];
  for (let side = 0; side < 4; side++) {
    const [up, right] = corners[side] as (typeof corners)[number];
    const [nextUp, nextRight] = corners[(side + 1) % 4] as (typeof corners)[number];
    const [from, to] = [at(up, right), at(nextUp, nextRight)];
    if (from > 0 === to > 0 || !Number.isFinite(from) || !Number.isFinite(to)) continue;
    const along = from / (from - to);
    found.push(
      column + 0.5 + right + along * (nextRight - right),
      resolution - (row + 0.5 + up + along * (nextUp - up)),
    );
  }
  // Two crossings, or four at a saddle, which are joined in turn.
  for (let piece = 0; piece + 3 < found.length; piece += 4) pieces.push(...found.slice(piece, piece + 4));
}

/** At how many of the places two pictures say different classes. */
export function differingPlaces(one: Regions, other: Regions): number {
  let count = 0;
  const places = one.resolution * one.resolution;
  for (let cell = 0; cell < places; cell++) {
    const said = predictedClass(rowOf(one.outputs, cell), one.loss);
    if (said !== predictedClass(rowOf(other.outputs, cell), other.loss)) count++;
  }
  return count;
}
