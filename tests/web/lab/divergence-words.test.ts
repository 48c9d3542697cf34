import { describe, expect, it } from 'vitest';
import { whatHappened, whatToTry, whyThere } from '../../../web/components/lab/divergence-words.ts';
import type { Experiment } from '../../../web/protocol/experiment.ts';

const experiment: Experiment = {
  version: 1,
  model: {
    inputs: 2,
    layers: [
      { kind: 'linear', units: 8, gain: 3 },
      { kind: 'relu' },
      { kind: 'linear', units: 8, gain: 3 },
      { kind: 'relu' },
      { kind: 'linear', units: 2 },
    ],
  },
  loss: 'cross_entropy',
  optimizer: { lr: 30 },
};

describe('a divergence in words', () => {
  it('names arm, step, layer, unit, example and value', () => {
    const said = whatHappened(
      'B',
      {
        step: 41,
        diverged_layer: 2,
        diverged_what: 'output',
        diverged_example: 3,
        diverged_unit: 7,
        diverged_value: Infinity,
      },
      experiment,
    );
    expect(said).toBe(
      'B diverged at step 41: in hidden 2 · linear, the output of unit 7 for example 4 of the batch is ∞, beyond the largest number there is.',
    );
  });

  it('calls what is not a number so', () => {
    const said = whatHappened('A', { step: 2, diverged_what: 'loss', diverged_value: NaN }, experiment);
    expect(said).toBe('A diverged at step 2: the loss is not a number (as ∞ − ∞ or 0 · ∞).');
  });

  it('tells statistics by channel and gradients on their way back', () => {
    const at = { step: 5, diverged_layer: 4, diverged_unit: 1, diverged_value: -Infinity };
    expect(whatHappened('A', { ...at, diverged_what: 'statistics' }, experiment)).toContain(
      'in output · linear, a statistic of the batch of channel 1 is −∞',
    );
    expect(whatHappened('A', { ...at, diverged_what: 'gradient' }, experiment)).toContain(
      'on the way back through output · linear, the gradient of unit 1 is −∞',
    );
  });

  it('explains each kind in its own way', () => {
    const kinds = ['output', 'statistics', 'gradient', 'loss'] as const;
    expect(new Set(kinds.map((what) => whyThere({ step: 1, diverged_what: what }))).size).toBe(4);
  });
});

describe('what to try', () => {
  it('starts with the learning rate and speaks of what this network has', () => {
    const tips = whatToTry(experiment);
    expect(tips[0]).toContain('Lower the learning rate (it is 30)');
    expect(tips.some((tip) => tip.includes('BatchNorm'))).toBe(true);
    expect(tips.some((tip) => tip.includes('the gain is 3'))).toBe(true);
  });

  it('does not advise what is already done', () => {
    const careful: Experiment = {
      ...experiment,
      model: { inputs: 2, layers: [{ kind: 'linear', units: 2 }, { kind: 'batch_norm' }] },
      optimizer: { lr: 0.1, clip: 1, warmup: 10 },
    };
    expect(whatToTry(careful)).toHaveLength(1);
    expect(whatToTry(careful, 10)).toContain('Standardise the inputs (they are 10 times their size).');
  });
});
