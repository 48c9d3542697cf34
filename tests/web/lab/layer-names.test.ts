import { describe, expect, it } from 'vitest';
import { blockNames, blocksOf, layerNames } from '../../../web/components/lab/layer-names.ts';
import type { LayerSpec } from '../../../web/protocol/experiment.ts';

const withNorm: readonly LayerSpec[] = [
  { kind: 'linear', units: 8 },
  { kind: 'batch_norm' },
  { kind: 'relu' },
  { kind: 'linear', units: 8 },
  { kind: 'relu' },
  { kind: 'lp_norm', p: 'inf' },
  { kind: 'dropout' },
  { kind: 'linear', units: 2 },
];
const plain: readonly LayerSpec[] = withNorm.filter(({ kind }) => ['linear', 'relu'].includes(kind));

describe('layer names', () => {
  it('say which hidden layer a layer belongs to, and what it does', () => {
    expect(layerNames(withNorm)).toEqual([
      'hidden 1 · linear',
      'hidden 1 · BN',
      'hidden 1 · ReLU',
      'hidden 2 · linear',
      'hidden 2 · ReLU',
      'hidden 2 · ℓ∞ BN',
      'hidden 2 · dropout',
      'output · linear',
    ]);
  });

  it('number a second layer of a kind in the same place', () => {
    expect(
      layerNames([{ kind: 'batch_norm' }, { kind: 'linear', units: 2 }, { kind: 'relu' }, { kind: 'relu' }]),
    ).toEqual(['input · BN', 'output · linear', 'output · ReLU', 'output · ReLU 2']);
  });

  it('are the same for blocks whose normalisation differs, so that these can be compared', () => {
    expect(blocksOf(plain).map(({ name }) => name)).toEqual(blocksOf(withNorm).map(({ name }) => name));
  });

  it('find in a block its weight, its normalisation and its output, which dropout does not change', () => {
    expect(blocksOf(withNorm)[1]).toEqual({
      name: 'hidden 2',
      layers: [3, 4, 5, 6],
      weight: 3,
      norm: 5,
      output: 5,
    });
    expect(blocksOf(plain)[0]?.norm).toBeUndefined();
  });

  it('pair networks of different depth by name', () => {
    const shallow = blocksOf([{ kind: 'linear', units: 2 }]);
    expect(blockNames([shallow, blocksOf(withNorm)])).toEqual(['hidden 1', 'hidden 2', 'output']);
    const scaled = blocksOf([{ kind: 'batch_norm' }, { kind: 'linear', units: 2 }]);
    expect(blockNames([blocksOf(plain), scaled])).toEqual(['input', 'hidden 1', 'hidden 2', 'output']);
  });
});
