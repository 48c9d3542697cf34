import { describe, expect, it } from 'vitest';
import type { Measure, Outcome } from '../../../web/components/lab/many-runs.ts';
import {
  bestCell,
  type Cell,
  cellOf,
  cellValue,
  defaultValues,
  describeCell,
  lead,
  type Plan,
  readValues,
  runsOf,
  SWEEP_NAMES,
  sweepNames,
  valueAt,
} from '../../../web/components/lab/sweep-grid.ts';
import { sweepConclusion } from '../../../web/components/lab/sweep-words.ts';
import { compileLab, defaultLab } from '../../../web/protocol/lab.ts';

const accuracy: Measure = { set: 'test', mode: 'inference', quantity: 'accuracy' };
const loss: Measure = { ...accuracy, quantity: 'loss' };

const plan: Plan = {
  value: defaultLab,
  across: { name: 'lr', values: [0.1, 1, 10] },
  down: { name: 'batch', values: [4, 32] },
  seeds: 2,
  steps: 100,
  classes: 2,
};

function outcome(accuracy: number, loss = 1): Outcome {
  const modes = { training: { loss, accuracy: 0 }, inference: { loss, accuracy } };
  return {
    arm: { points: [{ step: 100, epoch: 1, batchLoss: 1, batch: modes, train: modes, test: modes }] },
  };
}
const diverged: Outcome = { arm: { points: [], divergence: { step: 3 } } };

describe('a sweep’s settings', () => {
  it('are numbers, and come with values the forms would take', () => {
    for (const name of SWEEP_NAMES) {
      const values = defaultValues(name);
      expect({ name, count: values.length > 1 }).toEqual({ name, count: true });
      expect(readValues(name, values.join(', '))).toEqual({ value: values });
    }
    expect(SWEEP_NAMES).not.toContain('seed_init');
    expect(SWEEP_NAMES).not.toContain('activation');
  });

  it('are those that do something in one of the arms', () => {
    expect(sweepNames(defaultLab)).toContain('eps');
    expect(sweepNames({ ...defaultLab, norm: 'none', compare: false })).not.toContain('eps');
  });

  it('are read as a list, in order, and refused in words', () => {
    expect(readValues('lr', '1, 0.1 0,3 0.1').problem).toBeUndefined();
    expect(readValues('lr', '1, .1, 1').value).toEqual([0.1, 1]);
    expect(readValues('batch', '2, 2.5').problem).toMatch(/whole number/);
    expect(readValues('lr', Array.from({ length: 13 }, (_, i) => i + 1).join(',')).problem).toMatch(
      /at most 12/,
    );
  });

  it('hold for both arms, whatever B had of its own', () => {
    const value = valueAt({ ...defaultLab, b: { norm: 'none', lr: 5 } }, [['lr', 0.25]]);
    expect(value.b).toEqual({ norm: 'none' });
    const [a, b] = compileLab(value).arms;
    expect([a?.optimizer?.lr, b?.optimizer?.lr]).toEqual([0.25, 0.25]);
  });
});

describe('a sweep’s runs', () => {
  it('are every cell, arm and seed once, each seed’s A and B a pair', () => {
    const runs = runsOf(plan);
    expect(runs).toHaveLength(6 * 2 * 2);
    expect(new Set(runs.map(({ cell, arm, seed }) => `${cell} ${arm} ${seed}`)).size).toBe(24);
    expect(runs[0]).toMatchObject({ cell: 0, arm: 0, seed: 0 });
    expect(runs[1]).toMatchObject({ cell: 0, arm: 1, seed: 0 });
    expect(cellValue(plan, 4)).toMatchObject({ lr: 1, batch: 32 });
    expect(describeCell(plan, 4)).toBe('learning rate 1, batch size 32');
  });

  it('are averaged over seeds, a diverged one as chance or as infinite loss', () => {
    expect(cellOf([outcome(0.9), outcome(0.7)], accuracy, 2).value).toBeCloseTo(0.8);
    expect(cellOf([outcome(0.9), diverged], accuracy, 2)).toMatchObject({ value: 0.7, done: 2, diverged: 1 });
    expect(cellOf([outcome(0.9), diverged], accuracy, 10).value).toBeCloseTo(0.5);
    expect(cellOf([outcome(0.9), diverged], loss, 2).value).toBe(Infinity);
    expect(cellOf([], accuracy, 2).value).toBeNaN();
    expect(cellOf([outcome(0.9), { problem: 'no' }], accuracy, 2)).toMatchObject({
      value: NaN,
      problem: 'no',
    });
  });

  it('have a best cell: most accuracy, least loss', () => {
    const cells = [0.5, NaN, 0.9, 0.9, Infinity].map((value): Cell => ({
      value,
      done: 1,
      diverged: 0,
      problem: undefined,
    }));
    expect(bestCell(cells, accuracy)).toBe(2);
    expect(bestCell(cells, loss)).toBe(0);
    expect(bestCell([cells[1]!], accuracy)).toBeUndefined();
  });

  it('have A ahead with more accuracy, or less loss', () => {
    expect(lead(0.75, 0.5, accuracy)).toBe(0.25);
    expect(lead(0.75, 0.5, loss)).toBe(-0.25);
  });
});

describe('a sweep in words', () => {
  it('names the best cell of each arm, who is ahead where, and what diverged', () => {
    const a = [0.5, 0.9, 0.8, 0.7, 0.6, 0.5].map((value) => cellOf([outcome(value)], accuracy, 2));
    const b = [0.5, 0.8, 0.82, 0.2, 0.6].map((value) => cellOf([outcome(value)], accuracy, 2));
    b.push(cellOf([diverged], accuracy, 2));
    expect(sweepConclusion(plan, [a, b], accuracy)).toBe(
      'A is best with accuracy 90.0 % at learning rate 1, batch size 4. ' +
        'B is best with accuracy 82.0 % at learning rate 10, batch size 4. ' +
        'A is ahead in 2 of 6 cells, B in 1, farthest apart at learning rate 0.1, batch size 32 (+50.0 points). ' +
        'Training diverged in 0 of 6 cells of A and 1 of 6 cells of B.',
    );
    expect(sweepConclusion({ ...plan, value: { ...defaultLab, compare: false } }, [a], accuracy)).toBe(
      'The best is accuracy 90.0 % at learning rate 1, batch size 4.',
    );
  });
});
