import { describe, expect, it } from 'vitest';
import { borders, differingPlaces, regionPixels, type Regions } from '../../../web/charts/decision-map.ts';
import { tensor } from '../../../web/protocol/tensor.ts';

/** Outputs that a function of the place gives, (x, y) in cells from the lower left corner. */
function regions(
  resolution: number,
  outputs: (x: number, y: number) => readonly number[],
  classes = 2,
  loss: Regions['loss'] = 'cross_entropy',
): Regions {
  const rows = Array.from({ length: resolution * resolution }, (_, cell) =>
    outputs((cell % resolution) + 0.5, Math.floor(cell / resolution) + 0.5),
  );
  const width = rows[0]?.length ?? 0;
  return { outputs: tensor(Float32Array.from(rows.flat()), [rows.length, width]), resolution, loss, classes };
}

const RED = [255, 0, 0] as const;
const BLUE = [0, 0, 255] as const;
const WHITE = [255, 255, 255] as const;
const shading = { classes: [RED, BLUE], surface: WHITE, hard: false };

describe('regionPixels', () => {
  const pixel = (pixels: Uint8ClampedArray, resolution: number, x: number, y: number) => [
    ...pixels.subarray(4 * (y * resolution + x), 4 * (y * resolution + x) + 4),
  ];

  it('puts the first row of outputs at the bottom', () => {
    // Class 0, red, below; class 1, blue, above.
    const pixels = regionPixels(
      regions(4, (_, y) => (y < 2 ? [9, -9] : [-9, 9])),
      shading,
    );
    const [red, , blue] = pixel(pixels, 4, 0, 3);
    expect(red).toBeGreaterThan(blue as number);
    const [above, , up] = pixel(pixels, 4, 0, 0);
    expect(up).toBeGreaterThan(above as number);
  });

  it('is paler the less sure the network is, unless regions are hard', () => {
    const unsure = regions(2, (x) => (x < 1 ? [0.1, 0] : [9, 0]));
    const soft = regionPixels(unsure, shading);
    expect(pixel(soft, 2, 0, 0)[1]).toBeGreaterThan(pixel(soft, 2, 1, 0)[1] as number);
    const hard = regionPixels(unsure, { ...shading, hard: true });
    expect(pixel(hard, 2, 0, 0)).toEqual(pixel(hard, 2, 1, 0));
  });

  it('leaves a hole where an output is not a number', () => {
    const pixels = regionPixels(
      regions(2, (x) => [x < 1 ? NaN : 1, 0]),
      shading,
    );
    expect([pixel(pixels, 2, 0, 0)[3], pixel(pixels, 2, 1, 0)[3]]).toEqual([0, 255]);
  });
});

describe('borders', () => {
  it('are a straight line where the outputs are linear, at the very place they are equal', () => {
    // Equal at x = 2.3, between the middles of cells.
    for (const outputs of [(x: number) => [2.3 - x, x - 2.3], (x: number) => [x - 2.3]]) {
      const loss = outputs(0).length === 1 ? 'bce_with_logits' : 'cross_entropy';
      const pieces = borders(regions(6, outputs, 2, loss));
      expect(pieces).toHaveLength(4 * 5);
      const across = pieces.filter((_, i) => i % 2 === 0);
      for (const x of across) expect(x).toBeCloseTo(2.3, 5);
    }
  });

  it('enclose a region', () => {
    const inside = regions(20, (x, y) => [Math.hypot(x - 10, y - 10) - 5, 0]);
    const pieces = borders(inside);
    expect(pieces.length).toBeGreaterThan(40);
    for (let i = 0; i < pieces.length; i += 2)
      expect(Math.hypot((pieces[i] as number) - 10, (pieces[i + 1] as number) - 10)).toBeCloseTo(5, 1);
  });

  it('are none where one class is everywhere, or nothing is a number', () => {
    expect(borders(regions(5, () => [1, 0]))).toEqual([]);
    expect(borders(regions(5, () => [NaN, 0]))).toEqual([]);
    expect(borders(regions(5, () => [3, 2, 1], 3))).toEqual([]);
  });
});

it('counts the places where two maps differ', () => {
  const left = regions(4, (x) => [2 - x, 0]);
  expect(
    differingPlaces(
      left,
      regions(4, (x) => [1 - x, 0]),
    ),
  ).toBe(4);
  expect(differingPlaces(left, left)).toBe(0);
});
