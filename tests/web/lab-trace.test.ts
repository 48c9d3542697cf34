import { expect, test } from 'vitest';
import type { LabPoint } from '../../web/protocol/lab-session.ts';
import { Trace } from '../../web/protocol/lab-trace.ts';

const point = (step: number) => ({ step }) as LabPoint;
const steps = (trace: Trace) => trace.points.map(({ step }) => step);

test('keeps every point while there is room', () => {
  const trace = new Trace(10);
  for (let step = 0; step < 10; step++) trace.add(point(step));
  expect(steps(trace)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('spreads its points evenly over a run of any length, and always has the newest', () => {
  const trace = new Trace(100);
  let most = 0;
  for (let step = 0; step <= 100_003; step++) {
    trace.add(point(step));
    most = Math.max(most, trace.points.length);
  }
  expect(most).toBe(100);
  const kept = steps(trace);
  expect(kept.length).toBeGreaterThanOrEqual(50);
  expect([kept[0], kept.at(-1)]).toEqual([0, 100_003]);
  const gaps = kept.slice(1, -1).map((step, i) => step - kept[i]!);
  expect(Math.max(...gaps)).toBe(Math.min(...gaps));
});

test('keeps two points of one step: something was set in between', () => {
  const trace = new Trace(100);
  for (const step of [0, 5, 5]) trace.add(point(step));
  expect(steps(trace)).toEqual([0, 5, 5]);
});

test('is thinned also where all points lie at one step', () => {
  const trace = new Trace(10);
  for (let i = 0; i < 50; i++) trace.add(point(7));
  expect(trace.points.length).toBeLessThanOrEqual(10);
});

test('hands its points over and starts anew', () => {
  const trace = new Trace(10);
  for (let step = 0; step < 50; step++) trace.add(point(step));
  expect(trace.take().at(-1)?.step).toBe(49);
  for (const step of [50, 51, 52]) trace.add(point(step));
  expect(steps(trace)).toEqual([50, 51, 52]);
});
