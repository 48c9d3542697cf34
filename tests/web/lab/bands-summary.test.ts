import { describe, expect, it } from 'vitest';
import {
  bandOf,
  type BandPlan,
  leadsOf,
  runsOf,
  stepsOf,
  valuesOf,
} from '../../../web/components/lab/bands-summary.ts';
import { bandsConclusion } from '../../../web/components/lab/bands-words.ts';
import type { Measure, Outcome } from '../../../web/components/lab/many-runs.ts';
import { defaultLab } from '../../../web/protocol/lab.ts';

const accuracy: Measure = { set: 'test', mode: 'inference', quantity: 'accuracy' };
const plan: BandPlan = { value: defaultLab, seeds: 5, steps: 25, every: 10, classes: 2 };

/** A run whose accuracy is 1 − loss. */
function run(accuracies: readonly number[], divergedAt?: number): Outcome {
  const steps = stepsOf(plan);
  const points = accuracies.map((accuracy, i) => {
    const score = { loss: 1 - accuracy, accuracy };
    const modes = { training: score, inference: score };
    return { step: steps[i]!, epoch: 0, batchLoss: 1, batch: modes, train: modes, test: modes };
  });
  return { arm: { points, ...(divergedAt !== undefined && { divergence: { step: divergedAt } }) } };
}

describe('bands over seeds', () => {
  it('look at all runs at the same steps, the last included', () => {
    expect(stepsOf(plan)).toEqual([0, 10, 20, 25]);
    expect(stepsOf({ ...plan, steps: 30 })).toEqual([0, 10, 20, 30]);
    expect(runsOf(plan)).toHaveLength(10);
    expect(runsOf({ ...plan, value: { ...defaultLab, compare: false } })).toHaveLength(5);
  });

  it('count a run as chance, or as infinite loss, from where it diverged on', () => {
    const gone = run([0.5, 0.8], 13);
    expect(valuesOf(gone, plan, accuracy)).toEqual([0.5, 0.8, 0.5, 0.5]);
    expect(valuesOf(gone, plan, { ...accuracy, quantity: 'loss' }).slice(2)).toEqual([Infinity, Infinity]);
  });

  it('have a median and ends at each step', () => {
    const band = bandOf(
      [run([0, 0.2, 0.4, 0.9]), run([0.2, 0.4, 0.4, 1]), run([0.1, 0.9], 12), { problem: 'no' }],
      plan,
      accuracy,
    );
    expect(band.runs).toHaveLength(3);
    expect(band.median).toEqual([0.1, 0.4, 0.4, 0.9]);
    expect(band.min).toEqual([0, 0.2, 0.4, 0.5]);
    expect(band.max).toEqual([0.2, 0.9, 0.5, 1]);
  });

  it('compare A and B of each seed, and leave out pairs that are not complete', () => {
    const a = [run([0, 0, 0, 0.75]), run([0, 0, 0, 1]), undefined];
    const b = [run([0, 0, 0, 0.5]), run([0], 5), run([0, 0, 0, 1])];
    expect(leadsOf([a, b], { ...plan, seeds: 3 }, accuracy)).toEqual([0.25, 0.5, NaN]);
  });

  it('say what came out, how sure it is and who diverged', () => {
    const ends = { a: [0.9, 0.95, 0.92, 0.94, 0.93], b: [0.7, 0.8, 0.75, 0.7, 0] };
    const outcomes = [
      ends.a.map((end) => run([0, 0, 0, end])),
      ends.b.map((end) => (end === 0 ? run([0.5], 2) : run([0, 0, 0, end]))),
    ];
    const bands = outcomes.map((own) => bandOf(own, plan, accuracy));
    expect(bandsConclusion(plan, bands, outcomes, leadsOf(outcomes, plan, accuracy), accuracy)).toBe(
      'After 25 steps with 5 seeds, accuracy on the test set in inference mode: ' +
        'A has a median of 93.0 % (from 90.0 % to 95.0 %), B has a median of 70.0 % (from 50.0 % to 80.0 %). ' +
        'Seed by seed, A − B is +23.8 percentage points on average (95 % interval +9.8 to +37.8, so A is ahead beyond chance); ' +
        'A is ahead in 5 of 5 seeds. ' +
        '0 of 5 runs of A and 1 of 5 runs of B diverged and count as chance.',
    );
  });
});
