import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LayerSpec } from '../../web/protocol/experiment.ts';
import { compileLab, defaultLab, type LabExamples, type LabValue } from '../../web/protocol/lab.ts';
import { labProblem } from '../../web/protocol/lab-differences.ts';
import { tensor } from '../../web/protocol/tensor.ts';
import { anyLab } from './lab-arbitrary.ts';

const lab = (change: Partial<LabValue>): LabValue => ({ ...defaultLab, ...change });
const layersOf = (change: Partial<LabValue>, arm = 0): readonly LayerSpec[] => {
  const experiment = compileLab(lab(change)).arms[arm];
  if (!experiment) throw new Error('no such arm');
  return experiment.model.layers;
};
const kinds = (change: Partial<LabValue>, arm = 0) => layersOf(change, arm).map(({ kind }) => kind);

function examples(inputs: number, classes = 2): LabExamples {
  return { x: tensor(new Float32Array(4 * inputs), [4, inputs]), y: Int32Array.of(0, 1, 0, 1), classes };
}

describe('compiling an experiment', () => {
  it('puts linear, normalisation, activation and dropout in the order PyTorch users write them', () => {
    expect(kinds({ hidden: [8, 4], dropout: 0.5 })).toEqual([
      'linear',
      'batch_norm',
      'relu',
      'dropout',
      'linear',
      'batch_norm',
      'relu',
      'dropout',
      'linear',
    ]);
    expect(kinds({ hidden: [8], position: 'after' })).toEqual(['linear', 'relu', 'batch_norm', 'linear']);
    expect(kinds({ hidden: [8], activation: 'identity' })).toEqual(['linear', 'batch_norm', 'linear']);
    expect(kinds({ hidden: [] })).toEqual(['linear']);
  });

  it('leaves a bias out only where a normalisation over the batch would take it away again', () => {
    const bias = (change: Partial<LabValue>, arm = 0) =>
      layersOf({ hidden: [8], ...change }, arm).map((layer) =>
        layer.kind === 'linear' ? layer.bias : undefined,
      )[0];
    expect(bias({})).toBe(false);
    expect(bias({}, 1)).toBe(true);
    expect(bias({ norm: 'linf' })).toBe(false);
    expect(bias({ norm: 'layer' })).toBe(true);
    expect(bias({ position: 'after' })).toBe(true);
    expect(bias({ bias: 'always' })).toBe(true);
    expect(layersOf({}).at(-1)).toMatchObject({ kind: 'linear', units: 2, bias: true });
  });

  it('takes normalisation layer by layer, the one for all where no word stands', () => {
    expect(kinds({ hidden: [8, 8, 8], norms: ['none', 'layer'] })).toEqual([
      'linear',
      'relu',
      'linear',
      'layer_norm',
      'relu',
      'linear',
      'batch_norm',
      'relu',
      'linear',
    ]);
  });

  it.each([
    ['batch', { kind: 'batch_norm', momentum: 0.1, eps: 1e-5, affine: true, convention: 'pytorch' }],
    ['ghost', { kind: 'batch_norm', ghost: 8 }],
    ['renorm', { kind: 'batch_renorm', r_max: 3, d_max: 5 }],
    ['l1', { kind: 'lp_norm', p: 1 }],
    ['l2', { kind: 'lp_norm', p: 2 }],
    ['linf', { kind: 'lp_norm', p: 'inf' }],
    ['layer', { kind: 'layer_norm' }],
    ['group', { kind: 'group_norm', groups: 4 }],
  ] as const)('knows the normalisation %s', (norm, layer) => {
    expect(layersOf({ hidden: [8], norm })[1]).toMatchObject(layer);
  });

  it('turns the weight of the newest batch into what each convention calls momentum', () => {
    const momentum = (change: Partial<LabValue>) => {
      const norm = layersOf({ hidden: [8], ...change })[1];
      return norm?.kind === 'batch_norm' ? norm.momentum : undefined;
    };
    expect(momentum({ running: 0.01 })).toBe(0.01);
    expect(momentum({ running: 0.01, convention: 'keras' })).toBe(0.99);
    expect(momentum({ running: 0.1, convention: 'onnx' })).toBe(0.9);
    expect(momentum({ cumulative: true })).toBe('cumulative');
  });

  it('adds a skip over every two hidden layers from where the shapes agree', () => {
    const adds = (hidden: readonly number[]) =>
      layersOf({ hidden, skip: true, norm: 'none' }).flatMap((layer, index) =>
        layer.kind === 'add' ? [[index, layer.from]] : [],
      );
    // linear 0, relu 1 | linear 2, relu 3, linear 4, relu 5, add 6
    expect(adds([8, 8, 8])).toEqual([[6, 1]]);
    expect(adds([8, 8, 8, 8, 8])).toEqual([
      [6, 1],
      [11, 6],
    ]);
    // Two inputs and two units: the first pair already agrees with the input itself.
    expect(adds([8, 2])).toEqual([[4, -1]]);
    expect(adds([8, 4, 16])).toEqual([]);
  });

  it('makes convolutions of pictures, then rows of them', () => {
    const change: Partial<LabValue> = { data: 'glyphs', net: 'conv', channels: [8, 16], hidden: [32] };
    expect(kinds(change)).toEqual([
      'conv2d',
      'batch_norm',
      'relu',
      'pool2d',
      'conv2d',
      'batch_norm',
      'relu',
      'pool2d',
      'flatten',
      'linear',
      'batch_norm',
      'relu',
      'linear',
    ]);
    expect(compileLab(lab(change)).arms[0]?.model).toMatchObject({ inputs: 144, input_shape: [1, 12, 12] });
    expect(layersOf(change)[0]).toMatchObject({ units: 8, kernel: 3, stride: 1, padding: 1, bias: false });
    expect(kinds({ ...change, hidden: [] }).slice(-2)).toEqual(['flatten', 'linear']);
  });

  it('chooses the loss by the data', () => {
    const task = (change: Partial<LabValue>) => {
      const arm = compileLab(lab(change)).arms[0];
      const last = arm?.model.layers.at(-1);
      return [arm?.loss, last?.kind === 'linear' && last.units];
    };
    expect(task({})).toEqual(['cross_entropy', 2]);
    expect(task({ arms: 4 })).toEqual(['cross_entropy', 4]);
    expect(task({ data: 'glyphs' })).toEqual(['cross_entropy', 10]);
    expect(task({ data: 'regression' })).toEqual(['mse', 1]);
    expect(task({ loss: 'bce_with_logits' })).toEqual(['bce_with_logits', 1]);
  });

  it('shares seeds between the arms, and data', () => {
    const { data, arms } = compileLab(lab({ seed_data: 2, seed_init: 3, seed_order: 4 }));
    expect(data).toMatchObject({ seed: 2, data: { kind: 'spirals', count: 400, classes: 2 } });
    expect(arms.map(({ seeds }) => seeds)).toEqual([
      { data: 2, init: 3, order: 4 },
      { data: 2, init: 3, order: 4 },
    ]);
    expect(compileLab(lab({ compare: false })).arms).toHaveLength(1);
  });

  it('takes own examples, and pictures where the inputs make a square', () => {
    const setup = compileLab(lab({ data: 'csv' }), examples(7, 3));
    expect(setup.data).toMatchObject({ data: { kind: 'given' }, x: { shape: [4, 7] } });
    expect(setup.arms[0]?.model.inputs).toBe(7);
    expect(
      compileLab(lab({ data: 'csv', net: 'conv', hidden: [] }), examples(784)).arms[0]?.model.input_shape,
    ).toEqual([1, 28, 28]);
  });

  it.each([
    [{ data: 'csv' }, 'No table has been opened yet.'],
    [{ data: 'drawn' }, 'No points have been drawn yet.'],
    [{ net: 'conv' }, 'A’s network: convolutions need pictures'],
    [{ b: { net: 'conv' } }, 'B’s network: convolutions need pictures'],
    [{ norm: 'group', groups: 5 }, 'A’s groups: 5 groups do not divide the 16 units of hidden layer 1.'],
    [
      { norm: 'group', groups: 16 },
      'A’s groups: 16 groups leave each of the 16 units of hidden layer 1 alone, with nothing to compare it with.',
    ],
    [{ norm: 'layer', hidden: [1] }, 'A’s normalisation: LayerNorm compares the units of a layer'],
    [{ norm: 'instance' }, 'A’s normalisation: InstanceNorm normalises each channel of a picture by itself'],
    [{ norms: Array(5).fill('batch') }, 'A’s normalisation layer by layer: expected at most 4 words'],
    [{ batch: 1 }, 'A’s batch size: in a batch of one, BatchNorm has nothing to compare the example with.'],
    [{ data: 'regression', loss: 'cross_entropy' }, 'Loss: cross-entropy needs classes'],
    [
      { arms: 3, loss: 'bce_with_logits' },
      'Loss: sigmoid and cross-entropy needs two classes; this data has 3.',
    ],
    [
      { data: 'glyphs', net: 'conv', channels: [4, 4, 4, 4] },
      'A’s pooling: after convolution 4 the picture is only 1 × 1.',
    ],
  ] as [Partial<LabValue>, string][])('says why %j cannot be run', (change, problem) => {
    expect(labProblem(lab(change))).toContain(problem);
  });

  it('never fails otherwise, whatever the settings are', () => {
    fc.assert(
      fc.property(anyLab, (value) => {
        const problem = labProblem(value, examples(9));
        const arms = problem === undefined ? compileLab(value, examples(9)).arms.length : undefined;
        expect(problem ?? `${arms} arms.`).toMatch(/\.$/);
      }),
    );
  });
});
