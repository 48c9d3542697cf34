import { describe, expect, it } from 'vitest';
import { blocksOf } from '../../../web/components/lab/layer-names.ts';
import {
  binEdges,
  columnsOf,
  GRADIENT_RANGE,
  heightsOf,
  placeOf,
  rowOf,
} from '../../../web/components/lab/layer-signals.ts';

describe('the signals of a layer', () => {
  const [hidden, output] = blocksOf([
    { kind: 'linear', units: 8 },
    { kind: 'batch_norm' },
    { kind: 'relu' },
    { kind: 'linear', units: 2 },
  ]);

  it('are found where a reader expects them: before the normalisation, in it, and after the activation', () => {
    expect(placeOf('pre', hidden!)).toEqual({ of: 'output', layer: 0 });
    expect(placeOf('xhat', hidden!)).toEqual({ of: 'xhat', layer: 1 });
    expect(placeOf('output', hidden!)).toEqual({ of: 'output', layer: 2 });
    expect(placeOf('gradient', hidden!)).toEqual({ of: 'gradient', layer: 0 });
  });

  it('have no x̂ where nothing normalises', () => {
    expect(placeOf('xhat', output!)).toBeUndefined();
  });

  it('are one row of the table of all layers', () => {
    expect([...rowOf(Int32Array.of(1, 2, 3, 4, 5, 6), 1, 2)]).toEqual([3, 4]);
  });
});

describe('bars', () => {
  it('are as high as the square root of the share, on one scale for all rows', () => {
    const few = heightsOf(Int32Array.of(1, 1, 1, 1), 4);
    expect([...heightsOf(Int32Array.of(100, 100, 100, 100), 4)]).toEqual([...few]);
    expect(few[0]).toBe(Math.round(255 * Math.sqrt(0.25 / 0.5)));
  });

  it('are full from half of the values on, and never too low to be seen', () => {
    expect([...heightsOf(Int32Array.of(1_000_000, 1, 0), 3)]).toEqual([255, 1, 0]);
  });

  it('are nothing where there are no values', () => {
    expect([...heightsOf(Int32Array.of(0, 0, 1, 3), 2)].slice(0, 2)).toEqual([0, 0]);
  });
});

describe('a strip over steps', () => {
  it('gives each moment the width of its steps', () => {
    expect([...columnsOf([0, 2, 8], 9)]).toEqual([0, 0, 1, 1, 1, 1, 1, 1, 2]);
  });

  it('is one colour all along where there is one moment', () => {
    expect([...columnsOf([5], 3)]).toEqual([0, 0, 0]);
  });
});

it('bins divide the engine’s fixed range', () => {
  expect(binEdges(0, 28, GRADIENT_RANGE)).toEqual([-12, -11.5]);
  expect(binEdges(27, 28, GRADIENT_RANGE)).toEqual([1.5, 2]);
});
