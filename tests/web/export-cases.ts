import type { Experiment, LayerSpec } from '../../web/protocol/experiment.ts';
import type { LabSetup } from '../../web/protocol/lab-session.ts';

/**
 * The experiments whose programs are recorded as text (tests/golden/export) and, in the full tests, run by PyTorch. In
 * float64, where rounding leaves room for nothing but the same arithmetic; one in float32, as the Lab trains.
 */
export interface ExportCase {
  data: LabSetup['data'];
  arm: Experiment;
  /** Examples of the training set. */
  examples: number;
}

const moons: LabSetup['data'] = { data: { kind: 'moons', count: 100, noise: 0.1, test: 0.2 }, seed: 3 };
const glyphs: LabSetup['data'] = { data: { kind: 'glyphs', count: 80, test: 0.2 }, seed: 3 };
const curve: LabSetup['data'] = {
  data: { kind: 'regression', curve: 'sine', count: 90, test: 0.3 },
  seed: 3,
};

interface Options {
  data?: LabSetup['data'];
  examples?: number;
  arm?: Partial<Experiment>;
  model?: Partial<Experiment['model']>;
}

function dense(
  layers: readonly LayerSpec[],
  { data = moons, examples = 80, arm, model }: Options = {},
): ExportCase {
  return {
    data,
    examples,
    arm: {
      version: 1,
      dtype: 'float64',
      seeds: { init: 4, order: 5 },
      batch: { size: 16 },
      loss: 'cross_entropy',
      ...arm,
      model: { inputs: 2, layers, ...model },
    },
  };
}

function conv(layers: readonly LayerSpec[]): ExportCase {
  const model = { inputs: 144, input_shape: [1, 12, 12] as const };
  return dense(layers, { data: glyphs, examples: 64, model });
}

const hidden = (norm: LayerSpec, activation: LayerSpec = { kind: 'relu' }): readonly LayerSpec[] => [
  { kind: 'linear', units: 12, bias: false },
  norm,
  activation,
  { kind: 'linear', units: 12, bias: false, init: 'xavier_uniform' },
  { ...norm },
  activation,
  { kind: 'linear', units: 2, init: 'pytorch' },
];

const plain = hidden({ kind: 'batch_norm' });

export const EXPORT_CASES: Readonly<Record<string, ExportCase>> = {
  'batch-norm': dense(plain),
  'batch-norm-float32': dense(plain, { arm: { dtype: 'float32' } }),
  'batch-norm-keras': dense(
    hidden({ kind: 'batch_norm', convention: 'keras', momentum: 0.9, initial_gamma: 0.5 }),
  ),
  'batch-norm-onnx': dense(
    [...hidden({ kind: 'batch_norm', convention: 'onnx' }).slice(0, -1), { kind: 'linear', units: 1 }],
    { arm: { loss: 'bce_with_logits' } },
  ),
  'batch-norm-cumulative': dense(
    hidden({ kind: 'batch_norm', momentum: 'cumulative', affine: false, eps: 0.01 }),
  ),
  'batch-of-one': dense(hidden({ kind: 'batch_norm', single_value: 'show' }), {
    arm: { batch: { size: 79, reshuffle: false } },
  }),
  untracked: dense(hidden({ kind: 'batch_norm', track_running_stats: false })),
  frozen: dense(hidden({ kind: 'batch_norm', frozen: true }, { kind: 'sigmoid' })),
  ghost: dense(hidden({ kind: 'batch_norm', ghost: 5 })),
  renorm: dense(hidden({ kind: 'batch_renorm', r_max: 2, d_max: 3, plain_steps: 4, ramp_steps: 8 })),
  'spread-1': dense(hidden({ kind: 'lp_norm', p: 1 })),
  'spread-2': dense(hidden({ kind: 'lp_norm', p: 2, eps: 1e-3 })),
  'spread-inf': dense(hidden({ kind: 'lp_norm', p: 'inf', momentum: 0.2 })),
  'layer-norm': dense(hidden({ kind: 'layer_norm' }, { kind: 'tanh' })),
  'group-norm': dense(hidden({ kind: 'group_norm', groups: 3 }, { kind: 'identity' })),
  conv: conv([
    { kind: 'conv2d', units: 4, kernel: 3, bias: false },
    { kind: 'batch_norm' },
    { kind: 'relu' },
    { kind: 'pool2d', pool: 'max' },
    { kind: 'conv2d', units: 6, kernel: 5, stride: 2, padding: 1 },
    { kind: 'batch_norm', convention: 'keras' },
    { kind: 'relu' },
    { kind: 'flatten' },
    { kind: 'linear', units: 10 },
  ]),
  'conv-per-example': conv([
    { kind: 'conv2d', units: 4, kernel: 3, init: 'lecun_normal' },
    { kind: 'layer_norm' },
    { kind: 'relu' },
    { kind: 'pool2d', pool: 'average' },
    { kind: 'conv2d', units: 4, kernel: 1 },
    { kind: 'instance_norm' },
    { kind: 'relu' },
    { kind: 'conv2d', units: 4, kernel: 3 },
    { kind: 'group_norm', groups: 2, affine: false },
    { kind: 'relu' },
    { kind: 'flatten' },
    { kind: 'linear', units: 10 },
  ]),
  skip: dense([
    { kind: 'linear', units: 12 },
    { kind: 'leaky_relu', slope: 0.1 },
    { kind: 'linear', units: 12, bias: false, init: 'normal', sigma: 0.2 },
    { kind: 'batch_norm' },
    { kind: 'add', from: 1 },
    { kind: 'leaky_relu' },
    { kind: 'linear', units: 2, gain: 2, init: 'he_uniform' },
  ]),
  dropout: dense([
    { kind: 'linear', units: 12 },
    { kind: 'relu' },
    { kind: 'dropout', p: 0.3 },
    { kind: 'linear', units: 12, bias: false },
    { kind: 'batch_norm' },
    { kind: 'relu' },
    { kind: 'dropout' },
    { kind: 'linear', units: 2 },
  ]),
  regression: dense(
    [
      { kind: 'linear', units: 16, init: 'xavier_normal' },
      { kind: 'batch_norm' },
      { kind: 'tanh' },
      { kind: 'linear', units: 1 },
    ],
    {
      data: curve,
      examples: 63,
      arm: { loss: 'mse', batch: { size: 20, last: 'drop' } },
      model: { inputs: 1 },
    },
  ),
  'mse-one-hot': dense(plain, { arm: { loss: 'mse' } }),
  'sgd-everything': dense(plain, {
    arm: {
      optimizer: {
        lr: 0.2,
        momentum: 0.9,
        nesterov: true,
        weight_decay: 0.01,
        decay_gamma: false,
        decay_beta: false,
        schedule: 'cosine',
        schedule_steps: 25,
        warmup: 6,
        clip: 0.5,
      },
    },
  }),
  'sgd-decoupled': dense(plain, {
    arm: {
      batch: { size: 16, classes: 1 },
      optimizer: {
        lr: 0.3,
        momentum: 0.5,
        weight_decay: 0.05,
        decoupled: true,
        decay_bias: false,
        schedule: 'step',
        schedule_steps: 7,
        schedule_factor: 0.3,
      },
    },
  }),
  'sgd-decay-all': dense(plain, { arm: { optimizer: { weight_decay: 0.02 } } }),
};
