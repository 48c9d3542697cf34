import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultLab, type LabValue } from '../../web/protocol/lab.ts';
import { describeDifferences, differences, liveChange } from '../../web/protocol/lab-differences.ts';
import { anyLab, anySetting } from './lab-arbitrary.ts';

const lab = (change: Partial<LabValue>): LabValue => ({ ...defaultLab, ...change });

describe('what differs between A and B', () => {
  it.each([
    [{ norm: 'none' }, ['B has no normalisation']],
    [{ norm: 'layer' }, ['B has LayerNorm instead of BatchNorm']],
    [{ lr: 0.3 }, ['B’s learning rate is 0.3 instead of 0.1']],
    [{ hidden: [8, 8, 8, 8] }, ['B’s units of the hidden layers are 4 × 8 instead of 4 × 16']],
    [{ activation: 'tanh' }, ['B’s activation is tanh instead of ReLU']],
    [
      { position: 'after' },
      ['B’s place of the normalisation is after the activation instead of before the activation'],
    ],
    [{ affine: false }, ['B has no γ and β']],
    [{ dropout: 0.5 }, ['B’s dropout is 0.5 instead of 0']],
    [{ norms: ['none'] }, ['B’s normalisation layer by layer is none instead of the same in all layers']],
    [
      { batch: 8, reshuffle: false },
      ['B’s batch size is 8 instead of 32', 'B has the same batches in every epoch'],
    ],
  ] as [LabValue['b'], string[]][])('%j is said in words', (b, sentences) => {
    expect(describeDifferences(lab({ b }))).toEqual(sentences);
  });

  it('is nothing where B only says again what A has', () => {
    expect(describeDifferences(lab({ b: { lr: defaultLab.lr } }))).toEqual([]);
    expect(describeDifferences(lab({ b: {} }))).toEqual([]);
    expect(describeDifferences(lab({ compare: false }))).toEqual([]);
  });

  it('is not what has no effect in B', () => {
    expect(describeDifferences(lab({ b: { norm: 'none', eps: 0.1, slope: 0.5 } }))).toEqual([
      'B has no normalisation',
    ]);
  });

  it('names what A has layer by layer once', () => {
    const norms = ['batch', 'layer'] as const;
    expect(describeDifferences(lab({ norms, b: { norm: 'none' } }))).toEqual([
      'B has no normalisation in any layer',
    ]);
    expect(describeDifferences(lab({ norms, b: { norm: 'group' } }))).toEqual([
      'B has GroupNorm instead of BatchNorm, LayerNorm layer by layer',
    ]);
    expect(describeDifferences(lab({ norms, b: { norm: 'batch' } }))).toEqual([
      'B’s normalisation layer by layer is the same in all layers instead of BatchNorm, LayerNorm',
    ]);
  });

  it('compares with A only where A has such a setting', () => {
    expect(describeDifferences(lab({ b: { norm: 'ghost', ghost: 4 } }))).toEqual([
      'B has ghost BatchNorm instead of BatchNorm',
      'B’s ghost batch size is 4',
    ]);
    expect(describeDifferences(lab({ norm: 'none', b: { norm: 'batch' } }))).toEqual([
      'B has BatchNorm instead of none',
    ]);
  });

  it('has one sentence each, whatever the settings are', () => {
    fc.assert(
      fc.property(anyLab, (value) => {
        const sentences = describeDifferences(value);
        expect(sentences).toHaveLength(differences(value).length);
        expect(new Set(sentences).size).toBe(sentences.length);
        for (const sentence of sentences) expect(sentence).toMatch(/^B(?:’s)? .*[^.]$/);
      }),
    );
  });
});

describe('a change during training', () => {
  it.each([
    [{ lr: 0.3 }, { live: ['lr'], restart: [] }],
    [
      { batch: 8, eps: 0.1, running: 0.5 },
      { live: ['eps', 'running', 'batch'], restart: [] },
    ],
    [{ hidden: [4] }, { live: [], restart: ['hidden'] }],
    [
      { data: 'moons', lr: 1 },
      { live: ['lr'], restart: ['data'] },
    ],
    [{ compare: false }, { live: [], restart: ['compare'] }],
    [{ b: { norm: 'none', lr: 1 } }, { live: ['lr'], restart: [] }],
    [{ b: {} }, { live: [], restart: ['norm'] }],
    [
      { title: 'Mine', panels: [], speed: 10 },
      { live: [], restart: [] },
    ],
  ] as [Partial<LabValue>, object][])('%j is taken over, or needs a new start', (change, expected) => {
    expect(liveChange(defaultLab, lab(change))).toEqual(expected);
  });

  it('needs a new start where dropout comes or goes, since a layer does', () => {
    const [less, more] = [lab({ dropout: 0.2 }), lab({ dropout: 0.4 })];
    expect(liveChange(less, more)).toEqual({ live: ['dropout'], restart: [] });
    expect(liveChange(defaultLab, less)).toEqual({ live: [], restart: ['dropout'] });
  });

  it('is none between a value and itself, and names one setting once', () => {
    fc.assert(
      fc.property(anyLab, anySetting, (value, setting) => {
        expect(liveChange(value, value)).toEqual({ live: [], restart: [] });
        const { live, restart } = liveChange(value, { ...value, ...setting });
        expect(live.length + restart.length).toBeLessThanOrEqual(2);
      }),
    );
  });
});
