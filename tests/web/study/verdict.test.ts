import { describe, expect, it } from 'vitest';
import { interval } from '../../../web/components/lab/summary.ts';
import { allOf, isAbove, isWithin, spoken } from '../../../web/components/study/verdict.ts';

const around = (mean: number) => interval([mean - 0.1, mean, mean + 0.1]); // ± 0.248

describe('a verdict', () => {
  it('is given only where the whole interval lies on one side', () => {
    expect(isAbove(around(1), 0.7)).toBe('yes');
    expect(isAbove(around(1), 0.9)).toBe('unclear');
    expect(isAbove(around(1), 1.3)).toBe('no');
    expect(isWithin(around(0), -0.3, 0.3)).toBe('yes');
    expect(isWithin(around(0), -0.2, 0.2)).toBe('unclear');
    expect(isWithin(around(1), -0.3, 0.3)).toBe('no');
  });

  it('needs more than one run', () => {
    expect(isAbove(interval([5]), 0)).toBe('unclear');
    expect(isWithin(interval([]), 0, 1)).toBe('unclear');
  });

  it('leaves no doubt about equal values, not even on the limit', () => {
    expect(isAbove(interval([0, 0, 0]), 0)).toBe('no');
    expect(isAbove(interval([1, 1]), 0.7)).toBe('yes');
  });

  it('on several claims is no as soon as one fails', () => {
    expect(allOf('yes', 'yes')).toBe('yes');
    expect(allOf('yes', 'unclear')).toBe('unclear');
    expect(allOf('unclear', 'no')).toBe('no');
  });
});

it('an interval is spoken with its ends, where it has any', () => {
  const format = (value: number) => value.toFixed(2);
  expect(spoken(around(1), format)).toBe('1.00 (0.75 to 1.25)');
  expect(spoken(interval([2, 2]), format)).toBe('2.00');
  expect(spoken(interval([2]), format)).toBe('2.00');
  expect(spoken(interval([]), format)).toBe('nothing');
});
