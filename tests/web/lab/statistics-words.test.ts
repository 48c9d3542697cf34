import { describe, expect, it } from 'vitest';
import { blocksOf } from '../../../web/components/lab/layer-names.ts';
import {
  furthest,
  gapSentence,
  recalibrationSentence,
  trackedLayer,
  type Statistics,
} from '../../../web/components/lab/statistics-words.ts';
import type { LayerSpec } from '../../../web/protocol/experiment.ts';
import { tensor } from '../../../web/protocol/tensor.ts';

const of = (...values: number[]) => tensor(Float32Array.from(values));
const statistics: Statistics = {
  batch_mean: of(0, 0, 0),
  batch_var: of(1, 1, 1),
  running_mean: of(0.1, 0.5, 0.3),
  running_var: of(1, 1, 2),
  recalibrated_mean: of(0.1, -0.5, 0.4),
  recalibrated_var: of(1, 1.5, 8),
};

describe('the gap between running and recalibrated statistics', () => {
  it('is largest where the two are furthest apart, whichever is larger', () => {
    expect([furthest(statistics, 'mean'), furthest(statistics, 'var')]).toEqual([1, 2]);
  });

  it('is told with both numbers', () => {
    expect(gapSentence('A', statistics, 'σ²')).toBe(
      'A: the running statistics are furthest off in μ channel 1 (running 0.5, recalibrated −0.5) and in σ² channel 2 (running 2, recalibrated 8).',
    );
  });
});

describe('a recalibration', () => {
  const before = { loss: 1.8, accuracy: 0.15 };

  it('says what it did to the accuracy', () => {
    const said = { arm: 'A', set: 'test', before, after: { loss: 0.6, accuracy: 0.8 } } as const;
    expect(recalibrationSentence(said)).toBe(
      'A’s accuracy on the test set, in inference mode, rose from 15 % to 80 %.',
    );
  });

  it('does not hide a loss behind an accuracy that stayed', () => {
    const said = { arm: 'B', set: 'test', before, after: { loss: 0.6, accuracy: 0.15 } } as const;
    expect(recalibrationSentence(said)).toContain('is 15 %, as before; its loss went from 1.8 to 0.6');
  });

  it('speaks of the loss where there are no classes', () => {
    const said = {
      arm: 'A',
      set: 'training',
      before: { loss: 2, accuracy: NaN },
      after: { loss: 1, accuracy: NaN },
    } as const;
    expect(recalibrationSentence(said)).toBe(
      'A’s loss on the training set, in inference mode, went from 2 to 1.',
    );
  });
});

describe('the layer with running statistics', () => {
  const find = (norm: LayerSpec) => {
    const layers: LayerSpec[] = [
      { kind: 'linear', units: 4 },
      norm,
      { kind: 'relu' },
      { kind: 'linear', units: 2 },
    ];
    return trackedLayer(layers, blocksOf(layers)[0]);
  };

  it('is the BN, the Batch Renorm or the ℓp BN of the block', () => {
    expect([
      find({ kind: 'batch_norm' }),
      find({ kind: 'batch_renorm' }),
      find({ kind: 'lp_norm', p: 1 }),
    ]).toEqual([1, 1, 1]);
  });

  it('is none where an example is measured by itself, or nothing is kept', () => {
    expect(find({ kind: 'layer_norm' })).toBeUndefined();
    expect(find({ kind: 'batch_norm', track_running_stats: false })).toBeUndefined();
  });
});
