import { expect, test } from 'vitest';
import { restAfter } from '../../web/worker/looking.ts';
import { ScorePace } from '../../web/worker/score-pace.ts';

/** After a while with steps and scores of so many milliseconds. */
function pace(step: number, score: number): ScorePace {
  const pace = new ScorePace();
  for (let i = 0; i < 2000; i++) {
    pace.trained(10, 10 * step);
    pace.scored(score);
  }
  return pace;
}

test('scores are as close as was asked for at the beginning', () => {
  const pace = new ScorePace();
  pace.trained(10, 0.1);
  pace.scored(5);
  expect(pace.every(10)).toBe(10);
});

test('then they take a small share of the time, at steps that are multiples of those asked for', () => {
  const every = pace(0.01, 0.3).every(10);
  expect(Math.log2(every / 10) % 1).toBe(0);
  const share = 0.3 / (0.3 + every * 0.01);
  expect(share).toBeLessThan(0.03);
  expect(share).toBeGreaterThan(0.01);
});

test('are left as close as was asked for where they cost nothing', () => {
  expect(pace(5, 0.1).every(10)).toBe(10);
});

test('come closer when steps are slowed down, and take no share of the waiting', () => {
  expect(pace(0.01, 0.3).every(10, 20)).toBe(1);
  expect(pace(0.01, 0.3).every(10, 100)).toBe(5);
  expect(pace(0.01, 0.3).every(10, 500)).toBe(10);
});

test('a look is followed by long training, but on a slow network there is something to see every second', () => {
  expect(restAfter(1, 0.04)).toBe(25);
  expect(restAfter(20, 0.04)).toBe(250);
  expect(restAfter(200, 0.04)).toBe(1000);
});
