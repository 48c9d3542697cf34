import { describe, expect, it } from 'vitest';
import { geometricInterval, interval } from '../../../web/components/lab/summary.ts';
import { checkScale } from '../../../web/components/study/check-scale.ts';
import { knobProperty } from '../../../web/components/study/knob-property.ts';
import { hasMetric, intervalAt, type StudyOutcome, valuesAt } from '../../../web/components/study/outcome.ts';
import { study } from './study-case.ts';

const outcome: StudyOutcome = {
  study,
  setting: { knobs: {}, points: [2, 8, 16] },
  records: [
    { seed: 0, values: Float64Array.of(0.1, 0.2, 0.3, 0.4, NaN, 0.6), numbers: Float64Array.of(0) },
    { seed: 1, values: Float64Array.of(0.3, 0.4, 0.5, 0.6, NaN, NaN), numbers: Float64Array.of(0) },
  ],
};

describe('an outcome', () => {
  it('finds a value by metric, arm and point of the setting it was run with', () => {
    expect(valuesAt(outcome, [0, 0, 2])).toEqual([0.3, 0.5]);
    expect(valuesAt(outcome, [0, 1, 0])).toEqual([0.4, 0.6]);
  });

  it('summarises what was measured, and nothing else', () => {
    expect(intervalAt(outcome, [0, 0, 0]).mean).toBeCloseTo(0.2);
    expect(intervalAt(outcome, [0, 1, 2])).toEqual({ mean: 0.6, from: undefined, to: undefined });
    expect(intervalAt(outcome, [0, 1, 1]).mean).toBeNaN();
    expect(hasMetric(outcome, 0)).toBe(true);
    expect(hasMetric({ ...outcome, records: [] }, 0)).toBe(false);
  });
});

describe('intervals over seeds', () => {
  it('go on beyond thirty values as they began', () => {
    const half = (count: number) => {
      const { mean, to } = interval(Array.from({ length: count }, (_, i) => i % 2));
      return ((to! - mean) * Math.sqrt(count - 1)) / 0.5;
    };
    // Student's t at 29, 39 and 999 degrees of freedom.
    expect(half(30)).toBeCloseTo(2.04523, 5);
    expect(half(40)).toBeCloseTo(2.022691, 5);
    expect(half(1000)).toBeCloseTo(1.962341, 5);
  });

  it('of factors are geometric, unless one has no logarithm', () => {
    expect(geometricInterval([1, 100]).mean).toBeCloseTo(10);
    expect(geometricInterval([4, 4]).to).toBeCloseTo(4);
    expect(geometricInterval([0, 10]).mean).toBe(5);
  });
});

describe('a check’s axis', () => {
  const check = study.checks[0]!;

  it('shows zero, the bound and every number', () => {
    const { ticks, log } = checkScale({ ...check, low: 0.3 }, [0.5, 0.62], undefined);
    expect(log).toBe(false);
    expect(ticks).toContain(0);
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(0.62);
  });

  it('goes by factors for ratios, and where numbers lie orders of magnitude apart', () => {
    const isLog = (values: readonly number[], over: object) =>
      checkScale({ ...check, format: 'number', low: 1, ...over }, values, undefined).log;
    expect(isLog([6, 8], { statistic: 'ratio', format: 'times' })).toBe(true);
    expect(isLog([2, 30_000], {})).toBe(true);
    expect(isLog([0, 30_000], {})).toBe(false);
    expect(isLog([2, 3], {})).toBe(false);
  });
});

describe('a knob as a form control', () => {
  it('is a switch, or a number whose steps suit its range', () => {
    const [lr, shared, width] = study.knobs.map(knobProperty);
    expect(lr).toMatchObject({ kind: 'number', scale: 'log', min: 0.001, max: 1 });
    expect(shared).toMatchObject({ kind: 'boolean', default: true });
    expect(width).toMatchObject({ kind: 'number', label: 'Width (units)', whole: true, step: 10 });
  });
});
