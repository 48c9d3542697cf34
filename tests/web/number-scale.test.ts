import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binsOf, placeOn, scaleFor, scalesFor } from '../../web/components/worked-example/number-scale.ts';

const values = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 64 });

describe('the scale of a number line', () => {
  it('has round ends and ticks', () => {
    expect(scaleFor([2, 4, 6, 8, -2.2])).toEqual({ min: -4, max: 10, ticks: [-4, -2, 0, 2, 4, 6, 8, 10] });
    expect(scaleFor([0.31, 0.52])).toMatchObject({ min: 0.25, max: 0.55 });
  });

  it('has room for every value, also where all are equal or one is far away', () => {
    fc.assert(
      fc.property(values, (some) => {
        const scale = scaleFor(some);
        const places = some.map((value) => placeOn(scale, value));
        expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...places)).toBeLessThanOrEqual(1);
        expect(scale.ticks.length).toBeLessThan(14);
        expect(new Set(scale.ticks).size).toBe(scale.ticks.length);
      }),
    );
  });

  it('is shared, so that shift and stretch can be seen, unless x would not fit', () => {
    expect(scalesFor([2, 4, 6, 8], [-2.2, 3.2]).shared).toBe(true);
    expect(scalesFor([10002, 10008], [-2.2, 3.2]).shared).toBe(false);
    expect(scalesFor([1, 7, 100], [-1, 2.6]).shared).toBe(false);
    expect(scalesFor([3, 3], [-1, 1]).shared).toBe(true);
  });
});

describe('a histogram', () => {
  it('counts every value once', () => {
    fc.assert(
      fc.property(values, (some) => {
        const bins = binsOf(some, 12);
        expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(some.length);
      }),
    );
  });

  it('keeps its shape when the values are shifted and stretched', () => {
    const counts = (some: readonly number[]) => binsOf(some, 4).map(({ count }) => count);
    const some = [0, 1, 1, 2, 7, 8];
    expect(counts(some)).toEqual([3, 1, 0, 2]);
    expect(counts(some.map((value) => 3 * value - 5))).toEqual([3, 1, 0, 2]);
    expect(binsOf([4, 4, 4], 4)).toEqual([{ from: 4, to: 4, count: 3 }]);
  });

  it('counts values whose distance is the smallest number there is', () => {
    expect(binsOf([0, Number.MIN_VALUE], 12).map(({ count }) => count)).toEqual([
      1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
    ]);
  });
});
