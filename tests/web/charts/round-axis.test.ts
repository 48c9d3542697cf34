import { describe, expect, it } from 'vitest';
import { decadeAbove, decadeBelow, roundUp } from '../../../web/charts/round-axis.ts';

describe('roundUp', () => {
  it('keeps a round number, whatever its power of ten', () => {
    for (const value of [0.001, 0.3, 0.8, 1, 1.5, 60, 100, 4000, 1e6]) expect(roundUp(value)).toBe(value);
  });

  it('goes to the next one', () => {
    expect([0.31, 0.81, 1.01, 101, 230, 999].map(roundUp)).toEqual([0.4, 1, 1.5, 150, 300, 1000]);
  });

  it('stands still most of the time while a number grows', () => {
    const ends = new Set(Array.from({ length: 10_000 }, (_, step) => roundUp(step + 1)));
    expect(ends.size).toBeLessThan(32);
  });
});

it('decades enclose a value, and are themselves at a power of ten', () => {
  for (const value of [0.02, 0.7, 1, 3, 99]) {
    expect(decadeBelow(value)).toBeLessThanOrEqual(value);
    expect(decadeAbove(value)).toBeGreaterThanOrEqual(value);
  }
  expect([decadeBelow(0.1), decadeAbove(0.1)]).toEqual([0.1, 0.1]);
  expect([decadeBelow(1000), decadeAbove(1000)]).toEqual([1000, 1000]);
});
