import { describe, expect, it } from 'vitest';
import type { Regions } from '../../../web/charts/decision-map.ts';
import { curvesOf, examplePoints, heightAxis, sayCurves } from '../../../web/components/lab/curve-lines.ts';
import { coarse, labelAt, sayRegions } from '../../../web/components/lab/map-words.ts';
import { classesOf, placesOf, rangeOf } from '../../../web/components/lab/plane.ts';
import type { LabFrame, LabOpened } from '../../../web/protocol/lab-session.ts';
import { tensor } from '../../../web/protocol/tensor.ts';

/** Class 1 right of `at`, of ten columns. */
function split(at: number): Regions {
  const outputs = Float32Array.from(
    { length: 200 },
    (_, i) => (i % 2) * ((Math.floor(i / 2) % 10) + 0.5 - at),
  );
  return { outputs: tensor(outputs, [100, 2]), resolution: 10, loss: 'cross_entropy', classes: 2 };
}

const frame = (step?: number): LabFrame => ({
  arms: [{ step: 9, epoch: 0, points: [], members: undefined, ...(step && { divergence: { step } }) }],
  speed: 0,
  running: false,
});

describe('what is said of the maps', () => {
  it('is in how much of the picture the mode decides', () => {
    expect(sayRegions([{ arm: 0, training: split(3), inference: split(5) }], frame())).toBe(
      'A predicts another class in training mode than in inference mode in 20 % of the picture.',
    );
    expect(sayRegions([{ arm: 1, training: split(3), inference: split(3) }], frame())).toBe(
      'B predicts the same in both modes everywhere.',
    );
  });

  it('says when there is one class only, and when training has ended', () => {
    expect(sayRegions([{ arm: 0, training: split(-1), inference: split(-1) }], frame(7))).toBe(
      'A predicts the same in both modes everywhere, and in inference mode one class only. ' +
        'It diverged at step 7; its picture is the one before.',
    );
  });
});

it('a coarse table has the picture’s upper row first', () => {
  const up: Regions = {
    outputs: tensor(
      Float32Array.from({ length: 16 }, (_, cell) => (cell >= 8 ? 1 : -1)),
      [16, 1],
    ),
    resolution: 4,
    loss: 'bce_with_logits',
    classes: 2,
  };
  const table = coarse(up, 2);
  expect(table.rows.map((row) => labelAt(table.at(row, 0), 'bce_with_logits'))).toEqual(['1', '0']);
  expect(labelAt(Float32Array.of(NaN), 'mse')).toBe('not a number');
});

const opened = (x: Float32Array, features: number, y: LabOpened['train']['y']): LabOpened => ({
  data: {
    inputs: features,
    classes: 2,
    outputs: 2,
    train: x.length / features,
    test: 0,
    constant_features: 0,
  },
  train: { x: tensor(x, [x.length / features, features]), y },
  test: undefined,
  names: [],
  frame: frame(),
});

describe('the plane', () => {
  it('has room around all examples, also where they are one', () => {
    const [x0, x1, y0, y1] = rangeOf(opened(Float32Array.of(0, -2, 10, 2), 2, tensor(Int32Array.of(0, 1))));
    expect([x0, x1]).toEqual([-1, 11]);
    expect(y0).toBeCloseTo(-2.4, 9);
    expect(y1).toBeCloseTo(2.4, 9);
    const [from, to] = rangeOf(opened(Float32Array.of(3), 1, tensor(Int32Array.of(0))));
    expect(to).toBeGreaterThan(from);
  });

  it('knows where the members of a batch are, as far as the page has them', () => {
    const { train } = opened(Float32Array.of(0, 1, 2, 3), 2, tensor(Int32Array.of(1, 0)));
    expect(placesOf(train, [1, 700, 0])).toEqual([
      [2, 3],
      [0, 1],
    ]);
    expect([...classesOf(train)]).toEqual([1, 0]);
  });
});

describe('the curves', () => {
  const map = (...values: number[]) => tensor(Float32Array.from(values), [values.length, 1]);
  const [arm] = frame().arms;
  const curves = curvesOf(
    { ...frame(), arms: [{ ...arm!, map: { training: map(0, 1, 4), inference: map(0, 3, 5) } }] },
    [-1, 1],
    0,
  );

  it('lie evenly over the range, in both modes', () => {
    expect(curves.map(({ mode }) => mode)).toEqual(['training', 'inference']);
    expect(curves[0]?.points).toEqual([
      { x: -1, y: 0 },
      { x: 0, y: 1 },
      { x: 1, y: 4 },
    ]);
  });

  it('are compared where they are furthest apart', () => {
    expect(sayCurves(curves, frame())).toBe(
      'A’s curve differs between the modes by up to 2.0000, most at 0.0000.',
    );
    expect(
      sayCurves(
        curves.map((curve) => ({ ...curve, points: [{ x: 0, y: 1 }] })),
        frame(),
      ),
    ).toBe('A’s curve is the same in both modes.');
  });

  it('have an axis with round ends around the examples, or around themselves where classes have no height', () => {
    expect(
      heightAxis(
        [
          [
            { x: 0, y: -1.1 },
            { x: 1, y: 1.1 },
          ],
        ],
        curves,
      ),
    ).toMatchObject({ min: -2, max: 2 });
    const { min, max } = heightAxis([[]], curves);
    expect(min).toBeLessThan(0);
    expect(max).toBeGreaterThan(5);
    expect(heightAxis([], []).max).toBeGreaterThan(heightAxis([], []).min);
    expect(examplePoints({ x: map(1, 2), y: tensor(Int32Array.of(0, 1)) })).toEqual([]);
    expect(examplePoints({ x: map(1, 2), y: map(5, 6) })).toEqual([
      { x: 1, y: 5 },
      { x: 2, y: 6 },
    ]);
  });
});
