import { describe, expect, it } from 'vitest';
import { horizontalPlaces, verticalScale } from '../../../web/components/study/plot-scale.ts';

const format = String;

describe('the vertical axis', () => {
  it('spans whole powers of ten on a logarithmic axis, and puts 0 at its foot', () => {
    const scale = verticalScale({ label: '', log: true, format }, [0.79, 210, 0]);
    expect(scale.ticks).toEqual([0.1, 1, 10, 100, 1000]);
    expect(scale.place(10)).toBeCloseTo(0.5, 12);
    expect(scale.place(0)).toBe(0);
    expect(scale.place(Infinity)).toBe(1);
  });

  it('leaves ticks out where there are very many powers of ten', () => {
    const scale = verticalScale({ label: '', log: true, format }, [1e-9, 1e9]);
    expect(scale.ticks.length).toBeLessThanOrEqual(8);
    expect(scale.ticks[0]).toBe(1e-9);
  });

  it('keeps the ends it was given', () => {
    const scale = verticalScale({ label: '', min: 0, max: 1, format }, [0.2, 0.3]);
    expect(scale.ticks).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(scale.place(0.25)).toBe(0.25);
  });

  it('goes below 0 when values do', () => {
    const scale = verticalScale({ label: '', format }, [-0.05, 0.11]);
    expect(scale.ticks[0]).toBeLessThanOrEqual(-0.05);
    expect(scale.ticks.at(-1)).toBeGreaterThanOrEqual(0.11);
  });

  it('stands without values, and when all are 0', () => {
    for (const values of [[], [0, 0], [NaN, Infinity]]) {
      for (const log of [true, false]) {
        const { ticks, place } = verticalScale({ label: '', log, format }, values);
        for (const tick of ticks) expect(place(tick)).toSatisfy((at: number) => at >= 0 && at <= 1);
      }
    }
  });
});

describe('the horizontal axis', () => {
  it('places conditions by their logarithm, with room beside each', () => {
    const { places, room } = horizontalPlaces({ label: '', names: ['1', '4', '16'], at: [1, 4, 16] });
    expect(places[1]! - places[0]!).toBeCloseTo(places[2]! - places[1]!, 12);
    expect(places[0]! - room).toBeCloseTo(0, 12);
    expect(places[2]! + room).toBeCloseTo(1, 12);
  });

  it('divides the width among conditions that have no place of their own', () => {
    expect(horizontalPlaces({ label: '', names: ['with', 'without'] })).toEqual({
      places: [0.25, 0.75],
      room: 0.25,
    });
  });
});
