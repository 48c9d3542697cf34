import { describe, expect, it } from 'vitest';
import {
  conclusion,
  formatAccuracy,
  formatGap,
  formatLoss,
  formatStep,
  gapAxis,
  gapOf,
  lineName,
  linesOf,
  lossAxis,
  places,
  stepAxis,
  stepsOf,
  valueOf,
} from '../../../web/components/lab/trace-lines.ts';
import type { LabModes, LabPoint } from '../../../web/protocol/lab-session.ts';

const modes = (training: number, inference: number, accuracy = 0.5): LabModes => ({
  training: { loss: training, accuracy },
  inference: { loss: inference, accuracy: accuracy + 0.25 },
});

const point = (step: number, changes: Partial<LabPoint> = {}): LabPoint => ({
  step,
  epoch: 0,
  batchLoss: step === 0 ? NaN : 0.7,
  batch: step === 0 ? undefined : modes(0.6, 0.65),
  train: modes(0.5, 0.55),
  test: modes(0.8, 0.9),
  ...changes,
});

describe('the lines', () => {
  it('are one for each model, set and mode; training steps are made in training mode only', () => {
    const lines = linesOf([0, 1], ['test', 'steps'], ['training', 'inference']);
    expect(lines.map(lineName)).toEqual([
      'A, test set, training mode',
      'A, test set, inference mode',
      'B, test set, training mode',
      'B, test set, inference mode',
      'A, batches since the last point, training mode',
      'B, batches since the last point, training mode',
    ]);
  });

  it('have the values of the point, and none where it has none', () => {
    const value = (
      measured: 'test' | 'batch' | 'steps',
      at: LabPoint,
      quantity: 'loss' | 'accuracy' = 'loss',
    ) => valueOf(at, { arm: 0, measured, mode: 'training' }, quantity);
    expect(value('test', point(10))).toBe(0.8);
    expect(value('test', point(10), 'accuracy')).toBe(0.5);
    expect(value('steps', point(10))).toBe(0.7);
    expect(value('steps', point(10), 'accuracy')).toBeNaN();
    expect(value('batch', point(0))).toBeNaN();
    expect(value('test', point(10, { test: undefined }))).toBeNaN();
  });

  it('have a gap that is above 0 where inference mode has more', () => {
    expect(gapOf(point(1), { arm: 0, measured: 'test' }, 'loss')).toBeCloseTo(0.1, 12);
    expect(gapOf(point(1), { arm: 0, measured: 'test' }, 'accuracy')).toBe(0.25);
  });

  it('leave out what is not a number, and step 0 where steps are logarithmic', () => {
    const points = [point(0), point(1), point(2, { batchLoss: Infinity }), point(3)];
    expect(places(points, (at) => at.batchLoss, false).map(({ x }) => x)).toEqual([1, 3]);
    expect(places(points, (at) => at.train.training.loss, true).map(({ x }) => x)).toEqual([1, 2, 3]);
  });
});

describe('the axes', () => {
  const line = (...values: number[]) => values.map((y, x) => ({ x, y }));

  it('have round ends', () => {
    expect(stepAxis([[point(0), point(130)], [point(0)]], false)).toEqual({ min: 0, max: 150, log: false });
    expect(stepAxis([], true)).toEqual({ min: 1, max: 10, log: true });
    expect(
      stepsOf([
        [point(0), point(10)],
        [point(0), point(5)],
      ]),
    ).toEqual([0, 5, 10]);
    expect(lossAxis([line(0.69, 0.4)], false)).toMatchObject({ min: 0, max: 0.8, above: false });
    expect(lossAxis([line(0.69, 0.004)], true)).toMatchObject({ min: 0.001, max: 1 });
  });

  it('let a spike leave the chart, and say so', () => {
    expect(lossAxis([line(0.69, 0.4, 1e6)], false)).toMatchObject({ max: 3, above: true });
    expect(lossAxis([line(0.69, 0.4, 1e6)], true)).toMatchObject({ min: 0.1, max: 1e6, above: false });
  });

  it('survive having nothing to show, zeros, and one value', () => {
    for (const log of [false, true])
      for (const lines of [[], [line()], [line(0, 0)], [line(1)]]) {
        const { min, max } = lossAxis(lines, log);
        expect(max).toBeGreaterThan(min);
        expect(min).toBeGreaterThanOrEqual(log ? Number.MIN_VALUE : 0);
      }
    expect(gapAxis([])).toMatchObject({ min: -0.01, max: 0.01 });
    expect(gapAxis([line(0.02, -0.5)])).toMatchObject({ min: -0.6, max: 0.6 });
    expect(gapAxis([line(0.02, 1e20)], 4)).toMatchObject({ min: -4, max: 4 });
  });
});

describe('the numbers', () => {
  it('have four decimals, or a power of ten where these would say nothing', () => {
    expect([0, 0.25, 12.34567, NaN].map(formatLoss)).toEqual(['0.0000', '0.2500', '12.3457', '–']);
    expect(formatLoss(0.000012345)).toBe('1.23·10⁻⁵');
    expect(formatLoss(1.2e9)).toBe('1.2·10⁹');
    expect(formatAccuracy(0.9125)).toBe('91.3 %');
    expect([0, 9999, 10_000, 1_234_567].map(formatStep)).toEqual([
      '0',
      '9999',
      '10\u202f000',
      '1\u202f234\u202f567',
    ]);
    expect(formatGap(0.01, 'loss')).toBe('+0.0100');
    expect(formatGap(-0.05, 'accuracy')).toBe('−5.0 %');
    expect(formatGap(1.7e-16, 'loss')).toBe('0.0000');
  });
});

describe('the conclusion', () => {
  it('says what each model has reached, in both modes', () => {
    expect(conclusion([[point(120)], [point(120, { test: modes(0.3, 0.3) })]], [])).toBe(
      'After 120 steps, on the test set: A has loss 0.9000 and 75.0 % right in inference mode, against 0.8000 and ' +
        '50.0 % in training mode. B has loss 0.3000 and 75.0 % right in inference mode, and the same in training mode.',
    );
  });

  it('falls back on the training set, and leaves accuracy out where there are no classes', () => {
    const score = { loss: 0.5, accuracy: NaN };
    const at = point(0, { test: undefined, train: { training: score, inference: score } });
    expect(conclusion([[at]], [])).toBe(
      'Before the first step, on the training set: A has loss 0.5000 in inference mode, and the same in training mode.',
    );
  });

  it('says where a model diverged, and that there is nothing to say', () => {
    const said = conclusion([[point(10)], [point(7)]], [undefined, 8]);
    expect(said).toContain('B has loss 0.9000');
    expect(said).toMatch(/It diverged at step 8, where its lines end\.$/);
    expect(conclusion([], [])).toBe('Nothing has been measured yet.');
  });
});
