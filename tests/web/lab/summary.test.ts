import { describe, expect, it } from 'vitest';
import { interval, largest, mean, median, smallest } from '../../../web/components/lab/summary.ts';

describe('summaries over runs', () => {
  it('have the mean, the middle and the ends', () => {
    const values = [3, 1, 10, 2];
    expect([mean(values), median(values), smallest(values), largest(values)]).toEqual([4, 2.5, 1, 10]);
    expect(median([5, 1, 3])).toBe(3);
    expect(median([])).toBeNaN();
  });

  it('count a diverged run as the worst', () => {
    expect(median([1, Infinity, 2])).toBe(2);
    expect(median([1, Infinity, Infinity])).toBe(Infinity);
    expect(median([Infinity, Infinity])).toBe(Infinity);
    expect(largest([1, Infinity])).toBe(Infinity);
  });

  it('say how sure the mean is: Student’s t', () => {
    // Student's own example (1908, the ten patients): hours of sleep gained, mean 1.58, t(9) = 4.0621.
    const gained = [1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4];
    const { mean: center, from, to } = interval(gained);
    expect(center).toBeCloseTo(1.58, 10);
    expect(from).toBeCloseTo(0.7001142, 6);
    expect(to).toBeCloseTo(2.4598858, 6);
    // Two values: t(1) = tan(0.475π).
    const pair = interval([0, 2]);
    expect(pair.to).toBeCloseTo(1 + Math.tan(0.475 * Math.PI), 5);
  });

  it('say so of many values too', () => {
    // Fifty times −1 and fifty times 1: the variance is 100/99, and t(99) = 1.984217.
    const { to } = interval(Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? 1 : -1)));
    expect(to).toBeCloseTo(1.984217 * Math.sqrt(1 / 99), 6);
    // t(30) = 2.042272, the first beyond the table: thirty-one values, of which one is 31 and the others 0.
    const { mean: center, to: end } = interval(Array.from({ length: 31 }, (_, i) => (i === 0 ? 31 : 0)));
    expect(center).toBe(1);
    expect(end! - center).toBeCloseTo(2.042272, 5);
  });

  it('have no interval of one value, or of what diverged', () => {
    expect(interval([1])).toEqual({ mean: 1, from: undefined, to: undefined });
    expect(interval([1, Infinity])).toEqual({ mean: Infinity, from: undefined, to: undefined });
  });
});
