import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisScale, pointPlaces } from '../../../web/components/study/axis-scale.ts';

describe('axisScale', () => {
  it('begins at zero, with round steps', () => {
    expect(axisScale([0.2, 0.87], false).ticks).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(axisScale([-30, 12], false).ticks).toEqual([-30, -20, -10, 0, 10, 20]);
  });

  it('leaves zero out where it would hide all differences', () => {
    expect(axisScale([11.19, 11.39], false).ticks).toEqual([11.15, 11.2, 11.25, 11.3, 11.35, 11.4]);
  });

  it('has powers of ten on a logarithmic axis, and 1, 2, 5 where there are few of them', () => {
    expect(axisScale([0.3, 2000], true).ticks).toEqual([0.1, 1, 10, 100, 1000, 10000]);
    expect(axisScale([1.3, 9], true).ticks).toEqual([1, 2, 5, 10]);
    // Within a factor of three there is hardly one.
    expect(axisScale([1.3, 1.8], true).ticks).toEqual([1.3, 1.4, 1.5, 1.6, 1.7, 1.8]);
    expect(axisScale([1e-16, 1e10], true).ticks.length).toBeLessThan(7);
  });

  it('gives intervals room, but not so much that the values become a dot', () => {
    expect(axisScale([0.4, 0.8], false, { ends: [0.3, 0.9] }).ticks.at(-1)).toBe(1);
    expect(axisScale([1, 3], false, { ends: [-500, 500] }).ticks.at(-1)).toBeLessThanOrEqual(5);
    expect(axisScale([1, 100], true, { ends: [0, Infinity] }).ticks).toEqual([0.1, 1, 10, 100, 1000]);
  });

  it('draws what has no logarithm at the end', () => {
    expect(axisScale([1, 10, 0], true).place(0)).toBe(0);
  });

  it('gives every value a place between the first tick and the last, whatever the values', () => {
    const value = fc.oneof(
      fc.double({ min: 1e-12, max: 1e12, noNaN: true }),
      fc.integer({ min: -100, max: 100 }),
      fc.constantFrom(0, NaN, 5),
    );
    const check = () =>
      fc.assert(
        fc.property(fc.array(value, { maxLength: 20 }), fc.boolean(), (values, log) => {
          const { ticks, place } = axisScale(values, log);
          const shown = values.filter((one) => Number.isFinite(one) && (!log || one > 0));
          const slack = 1e-6 * Math.max(...ticks.map(Math.abs));
          return (
            ticks.length > 1 &&
            shown.every((one) => place(one) >= 0 && place(one) <= 1 && one >= ticks[0]! - slack)
          );
        }),
      );
    expect(check).not.toThrow();
  });
});

describe('pointPlaces', () => {
  it('spaces factors evenly, with half a gap at the ends', () => {
    const { places, room } = pointPlaces([1, 10, 100], true);
    for (const [at, place] of [1 / 6, 1 / 2, 5 / 6].entries()) expect(places[at]).toBeCloseTo(place);
    expect(room).toBeCloseTo(1 / 6);
  });

  it('keeps points in the order they were given, and goes linearly where one is not above 0', () => {
    const [later, earlier] = pointPlaces([100, 1], true).places;
    expect(later).toBeGreaterThan(earlier!);
    expect(pointPlaces([0, 50, 100], true).places[1]).toBeCloseTo(0.5);
  });

  it('puts a single point in the middle', () => {
    expect(pointPlaces([7], true)).toEqual({ places: [0.5], room: 0.5 });
  });
});
