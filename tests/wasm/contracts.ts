import type { Experiment } from '../../web/protocol/experiment.ts';
import type { ArgsOf, EngineOperation } from '../../web/protocol/operations.ts';
import { tensor } from '../../web/protocol/tensor.ts';

/** An experiment that spells out everything there is to say. */
export const EXPERIMENT = {
  version: 1,
  dtype: 'float32',
  seeds: { data: 1, init: 2, order: 3 },
  data: { kind: 'spirals', count: 24, noise: 0.1, classes: 2 },
  batch: { size: 8, reshuffle: true, last: 'drop', classes: 0 },
  model: {
    inputs: 2,
    input_shape: [2, 1, 1],
    layers: [
      { kind: 'linear', units: 4, bias: true, init: 'normal', gain: 1, sigma: 0.5 },
      {
        kind: 'batch_norm',
        convention: 'pytorch',
        momentum: 0.1,
        eps: 1e-5,
        affine: true,
        track_running_stats: true,
        single_value: 'error',
        initial_gamma: 1,
        frozen: false,
        ghost: 0,
      },
      { kind: 'linear', units: 2 },
    ],
  },
  loss: 'cross_entropy',
  optimizer: {
    lr: 0.1,
    momentum: 0.9,
    nesterov: false,
    weight_decay: 1e-4,
    decoupled: false,
    decay_gamma: true,
    decay_beta: true,
    decay_bias: true,
    schedule: 'constant',
    schedule_steps: 100,
    schedule_factor: 0.5,
    warmup: 0,
    clip: 0,
  },
} as const satisfies Experiment;

const OPTIMIZER = Object.keys(EXPERIMENT.optimizer);
const BATCH = Object.keys(EXPERIMENT.batch);
const LAYERS = EXPERIMENT.model.layers.flatMap((layer, i) =>
  Object.keys(layer)
    .filter((name) => name !== 'kind' && name !== 'units')
    .map((name) => `${i}.${name}`),
);

/** A network with every kind of layer, each with all its options. Its examples are 12×12 pictures of ten classes. */
export const ALL_LAYERS = {
  version: 1,
  seeds: { data: 1, init: 2, order: 3 },
  data: { kind: 'glyphs', count: 60, noise: 0.1, test: 0.2, label_noise: 0.1 },
  batch: { size: 12 },
  model: {
    inputs: 144,
    input_shape: [1, 12, 12],
    layers: [
      {
        kind: 'conv2d',
        units: 4,
        kernel: 3,
        stride: 1,
        padding: 1,
        bias: false,
        init: 'normal',
        gain: 1,
        sigma: 0.3,
      },
      {
        kind: 'batch_norm',
        convention: 'keras',
        momentum: 0.9,
        eps: 1e-3,
        affine: true,
        track_running_stats: true,
        single_value: 'show',
        initial_gamma: 0.9,
        frozen: false,
        ghost: 4,
      },
      { kind: 'leaky_relu', slope: 0.1 },
      { kind: 'pool2d', pool: 'max', size: 2, stride: 2 },
      { kind: 'group_norm', groups: 2, eps: 1e-4, affine: true, initial_gamma: 1.1 },
      { kind: 'conv2d', units: 4, kernel: 5, stride: 1, padding: 2, init: 'pytorch' },
      { kind: 'instance_norm', eps: 1e-4, affine: false, initial_gamma: 1 },
      { kind: 'add', from: 3 },
      { kind: 'relu' },
      { kind: 'pool2d', pool: 'average', size: 3, stride: 1 },
      { kind: 'flatten' },
      { kind: 'linear', units: 16, bias: true, init: 'xavier_uniform', gain: 1, sigma: 0.01 },
      { kind: 'layer_norm', eps: 1e-4, affine: true, initial_gamma: 1 },
      { kind: 'sigmoid' },
      { kind: 'linear', units: 16, bias: false },
      {
        kind: 'batch_renorm',
        momentum: 0.2,
        eps: 1e-4,
        affine: true,
        single_value: 'error',
        initial_gamma: 1,
        r_max: 2,
        d_max: 1,
        plain_steps: 5,
        ramp_steps: 10,
      },
      { kind: 'tanh' },
      { kind: 'dropout', p: 0.1 },
      { kind: 'linear', units: 16 },
      {
        kind: 'lp_norm',
        p: 1,
        momentum: 0.2,
        eps: 1e-4,
        affine: true,
        single_value: 'error',
        initial_gamma: 1,
      },
      { kind: 'identity' },
      { kind: 'linear', units: 10 },
    ],
  },
  loss: 'cross_entropy',
  optimizer: { lr: 0.05, momentum: 0.9, schedule: 'cosine', schedule_steps: 60, warmup: 5, clip: 2 },
} as const satisfies Experiment;

const f32 = (...values: number[]) => Float32Array.from(values);
const f64 = (...values: number[]) => Float64Array.from(values);
const x = tensor(f32(2, 1, 4, -1, 6, 0), [3, 2]);
const pictures = tensor(f32(1, 2, 3, 4, 5, 6, 7, 8, 8, 7, 6, 5, 4, 3, 2, 1), [2, 1, 2, 4]);
const x64 = tensor(f64(2, 1, 4, -1, 6, 0), [3, 2]);

export interface Contract<K extends EngineOperation = EngineOperation> {
  /** Every argument the operation takes, with values it accepts together. */
  args: ArgsOf<K>;
  /** The arguments it can do without. */
  optional?: readonly string[];
  /** Tensors of any shape: another shape is complained about where it does not fit the others, if anywhere. */
  anyShape?: readonly string[];
  /** Values of the right type that are refused: what is different, which argument is to blame, what was expected, what came. */
  refused?: readonly (readonly [
    change: Record<string, unknown>,
    argument: string,
    expected: RegExp,
    actual: RegExp,
  ])[];
}

const positive = /of at least|from/;
const wide = { kind: 'linear', units: 4096 } as const;
const withModel = (model: object) => ({
  experiment: { ...EXPERIMENT, model: { ...EXPERIMENT.model, ...model } },
});

/** Layers that are refused on rows of four features or, where it says so, on pictures. */
const LAYER_REFUSALS: readonly (readonly [
  layer: object,
  field: string,
  expected: RegExp,
  actual: RegExp,
  input_shape?: readonly number[],
])[] = [
  [{ kind: 'group_norm', groups: 3 }, 'groups', /divisor of the 4 channels/, /3/],
  [{ kind: 'group_norm', groups: 4 }, 'groups', /more than one value per group/, /groups of one value/],
  [{ kind: 'instance_norm' }, 'kind', /where there are pictures/, /without height and width/],
  [{ kind: 'layer_norm' }, 'kind', /more than one feature/, /one feature/, [1, 1, 1]],
  [{ kind: 'conv2d', units: 1, kernel: 5, padding: 0 }, 'kernel', /no larger than/, /5/, [1, 4, 4]],
  [{ kind: 'conv2d', units: 1, kernel: 2 }, 'kernel', /1, 3 or 5/, /2/, [1, 4, 4]],
  [{ kind: 'pool2d', pool: 'max', size: 3 }, 'size', /no larger than/, /3/, [1, 2, 4]],
  [{ kind: 'linear', units: 2 }, 'kind', /a flatten layer/, /none/, [1, 2, 2]],
  [{ kind: 'add', from: 0 }, 'from', /the number -1/, /0/],
  [{ kind: 'batch_norm', frozen: true, track_running_stats: false }, 'frozen', /false without/, /true/],
  [{ kind: 'batch_norm', ghost: 1 }, 'ghost', /two examples or more/, /1/],
  [{ kind: 'batch_renorm', convention: 'keras' }, 'convention', /no argument/, /'keras'/],
  [{ kind: 'batch_renorm', momentum: 'cumulative' }, 'momentum', /from 0 to 1/, /'cumulative'/],
  [{ kind: 'lp_norm', p: 3 }, 'p', /1 to 2/, /3/],
  [{ kind: 'dropout', p: 1 }, 'p', /from 0/, /1/],
  [{ kind: 'leaky_relu', slope: 0 }, 'slope', /to 1/, /0/],
];

/** Examples that are given, and all there is to say about how they are prepared. */
export const DATA = {
  data: {
    kind: 'given',
    test: 0.3,
    label_noise: 0.2,
    scale: 2,
    shift: -1,
    stretch: 3,
    standardize: true,
  },
  seed: 1,
  x: tensor(f32(2, 1, 4, -1, 6, 0, 1, 1, 3, 5, -2, 4), [6, 2]),
  y: Int32Array.of(0, 1, 1, 0, 1, 0),
} as const satisfies ArgsOf<'data_create'>;

/** Drawn data with all that can be done to examples. */
export const PREPARED = {
  kind: 'spirals',
  classes: 3,
  first_class: 0.2,
  test: 0.25,
  label_noise: 0.1,
  scale: 3,
  shift: -7,
  stretch: 2,
  standardize: true,
} as const;

/**
 * The contract of each operation of the engine binary; `model` is the handle of a model made from EXPERIMENT that has been trained a little, and
 * `data` that of DATA.
 */
export const contracts = (model: number, data: number): { [K in EngineOperation]: Contract<K> } => ({
  version: { args: {} },
  memory: { args: {} },
  batch_norm_forward: {
    args: {
      x,
      gamma: f32(1, 2),
      beta: f32(0, 1),
      eps: 1e-5,
      mode: 'training',
      running_mean: f32(0, 0),
      running_var: f32(1, 1),
      convention: 'pytorch',
      momentum: 0.1,
      num_batches_tracked: 3,
      single_value: 'error',
    },
    optional: [
      'gamma',
      'beta',
      'eps',
      'mode',
      'convention',
      'momentum',
      'num_batches_tracked',
      'single_value',
    ],
    anyShape: ['x'],
    refused: [
      [{ x: f32(1, 2, 3) }, 'x', /\(B, C\) or \(B, C, H, W\)/, /\(3,\)/],
      [{ x: tensor(f32(1, 2, 3, 4), [1, 2, 2]) }, 'x', /\(B, C\) or \(B, C, H, W\)/, /\(1, 2, 2\)/],
      [{ x: tensor(f32(1, 2), [1, 2]) }, 'x', /more than one value per channel/, /\(1, 2\)/],
      [{ x: tensor(f32(1, 2), [1, 2, 1, 1]) }, 'x', /more than one value per channel/, /\(1, 2, 1, 1\)/],
      [
        { x: tensor(f32(1e30, 1, -1e30, 2, 0, 3), [3, 2]) },
        'x',
        /variance is finite in float32/,
        /Infinity of feature 0/,
      ],
      [{ gamma: f32(1, 2, 3) }, 'gamma', /shape \(2,?\).*one value per feature/, /\(3,\)/],
      [{ gamma: f64(1, 2) }, 'gamma', /float32/, /float64/],
      [{ running_mean: undefined }, 'running_mean', /one value per feature/, /nothing/],
      [{ running_var: undefined }, 'running_var', /one value per feature/, /nothing/],
      [
        { mode: 'inference', running_mean: undefined, running_var: undefined },
        'running_mean',
        /one value/,
        /nothing/,
      ],
      [{ running_var: f32(1, -1) }, 'running_var', /not negative/, /-1 at \[1\]/],
      [{ eps: 0 }, 'eps', positive, /^0$/],
      [{ eps: -1e-5 }, 'eps', positive, /-0\.00001/],
      [{ momentum: 1.1 }, 'momentum', /from 0 to 1/, /1\.1/],
      [{ momentum: -0.1 }, 'momentum', /from 0 to 1/, /-0\.1/],
      [{ momentum: 'sometimes' }, 'momentum', /'cumulative'/, /'sometimes'/],
      [{ num_batches_tracked: 1.5 }, 'num_batches_tracked', /whole number/, /1\.5/],
      [{ convention: 'caffe' }, 'convention', /'pytorch' 'keras' 'onnx'/, /'caffe'/],
      [{ mode: 'eval' }, 'mode', /'training' 'inference'/, /'eval'/],
    ],
  },
  batch_norm_backward: {
    args: {
      x,
      dy: x,
      gamma: f32(1, 2),
      eps: 1e-5,
      mode: 'training',
      running_mean: f32(0, 0),
      running_var: f32(1, 1),
      convention: 'pytorch',
      single_value: 'error',
    },
    optional: ['gamma', 'eps', 'mode', 'convention', 'single_value'],
    anyShape: ['x'],
    refused: [
      [{ dy: tensor(f32(1, 2, 3, 4), [2, 2]) }, 'dy', /shape \(3, 2\), like x/, /\(2, 2\)/],
      [{ dy: x64 }, 'dy', /float32/, /float64/],
      [
        { x: tensor(f32(1, 2), [1, 2]), dy: tensor(f32(1, 2), [1, 2]) },
        'x',
        /more than one value/,
        /\(1, 2\)/,
      ],
    ],
  },
  batch_norm_walk: {
    args: {
      x: x64,
      gamma: f64(1, 2),
      beta: f64(0, 1),
      eps: 1e-5,
      running_mean: f64(0, 0),
      running_var: f64(1, 1),
      dy: x64,
      lr: 0.1,
      mode: 'training',
    },
    optional: ['mode'],
    refused: [
      [{ target: x64 }, 'dy', /exactly one of dy and target/, /both/],
      [{ dy: undefined }, 'dy', /exactly one of dy and target/, /neither/],
      [{ dy: undefined, target: tensor(f64(1, 2), [1, 2]) }, 'target', /like x/, /\(1, 2\)/],
      [{ lr: -1 }, 'lr', positive, /-1/],
      [{ eps: 0 }, 'eps', positive, /^0$/],
      [{ running_var: f64(1, -1) }, 'running_var', /not negative/, /-1 at \[1\]/],
      [{ x }, 'x', /float64/, /float32/],
      [{ x: tensor(f64(1e200, 1, -1e200, 2, 0, 3), [3, 2]) }, 'x', /variance is finite/, /feature 0/],
    ],
  },
  neuron_run: {
    args: {
      x: x64,
      target: f64(1, 0, -1),
      weight: f64(0.6, 0.8),
      bias: 0,
      gamma: 1,
      beta: 0,
      norm: 'batch',
      eps: 1e-5,
      batch_size: 3,
      steps: 2,
      lr: 0.1,
      weight_decay: 0,
      train_weight: true,
      train_affine: true,
    },
    optional: [
      'bias',
      'gamma',
      'beta',
      'norm',
      'eps',
      'batch_size',
      'steps',
      'weight_decay',
      'train_weight',
      'train_affine',
    ],
    refused: [
      [{ target: f64(1, 2) }, 'target', /one value per example/, /\(2,\)/],
      [{ weight: f64(1) }, 'weight', /one value per input/, /\(1,\)/],
      [{ weight: f64(0, 0) }, 'weight', /has a direction/, /zeros/],
      [{ batch_size: 4 }, 'batch_size', /3/, /^4$/],
      [{ batch_size: 1 }, 'batch_size', /more than one example/, /1/],
      [{ steps: 1.5 }, 'steps', /integer|whole/, /1\.5/],
      [{ lr: -1 }, 'lr', positive, /-1/],
      [{ x: tensor(f64(1e200, 1, -1e200, 2, 0, 3), [3, 2]) }, 'x', /finite/, /too large/],
    ],
  },
  describe: { args: { x: x64 }, refused: [[{ x: f64(1, 2) }, 'x', /\(any, any\)/, /\(2,\)/]] },
  running_statistics: {
    args: {
      mean: x64,
      var: tensor(f64(1, 1, 2, 2, 3, 3), [3, 2]),
      count: f64(8, 8, 4),
      initial_mean: f64(0, 0),
      initial_var: f64(1, 1),
      convention: 'keras',
      momentum: 0.99,
      stored_variance: 'biased',
    },
    optional: ['convention', 'momentum', 'stored_variance'],
    refused: [
      [{ var: tensor(f64(1, 1, 2, -2, 3, 3), [3, 2]) }, 'var', /not negative/, /-2/],
      [{ initial_var: f64(-1, 1) }, 'initial_var', /not negative/, /-1 at \[0\]/],
      [
        {
          var: tensor(f64(1, 1, 2, 1.5e308, 3, 3), [3, 2]),
          count: f64(8, 2, 4),
          stored_variance: 'unbiased',
        },
        'var',
        /unbiased values are finite/,
        /row 1/,
      ],
      [{ count: f64(8, 0, 4) }, 'count', /whole numbers/, /0 at \[1\]/],
      [{ count: f64(8, 1e300, 4) }, 'count', /whole numbers/, /1e300 at \[1\]/],
      [{ count: f64(8, 1.5, 4) }, 'count', /whole numbers/, /1\.5 at \[1\]/],
      [{ count: f64(8, 8) }, 'count', /one value per batch/, /\(2,\)/],
      [{ stored_variance: 'both' }, 'stored_variance', /'biased' 'unbiased'/, /'both'/],
    ],
  },
  batch_norm_fold: {
    args: {
      weight: tensor(f32(1, 2, 3, 4, 5, 6), [2, 3]),
      bias: f32(1, 2),
      gamma: f32(1, 2),
      beta: f32(0, 1),
      running_mean: f32(0, 0),
      running_var: f32(1, 1),
      eps: 1e-5,
      convention: 'pytorch',
    },
    optional: ['bias', 'gamma', 'beta', 'eps', 'convention'],
    refused: [[{ running_var: f32(-1, 1) }, 'running_var', /not negative/, /-1 at \[0\]/]],
  },
  group_norm_forward: {
    args: { x, groups: 1, gamma: f32(1, 2), beta: f32(0, 1), eps: 1e-5 },
    optional: ['gamma', 'beta', 'eps'],
    anyShape: ['x'],
    refused: [
      [{ x: f32(1, 2, 3) }, 'x', /\(B, C\) or \(B, C, H, W\)/, /\(3,\)/],
      [{ groups: 0 }, 'groups', /from 1 to 2/, /^0$/],
      [{ groups: 3 }, 'groups', /from 1 to 2/, /^3$/],
      [{ groups: 2 }, 'groups', /more than one value per group/, /one value each/],
      [{ x: tensor(f32(1, 2, 3, 4, 5, 6), [2, 3]), groups: 2 }, 'groups', /divisor of the 3 channels/, /^2$/],
      [{ gamma: f32(1, 2, 3) }, 'gamma', /shape \(2,?\).*one value per channel/, /\(3,\)/],
      [
        { x: tensor(f32(1, 2, 3, 4), [1, 2, 1, 2]), gamma: tensor(f32(1, 2, 3, 4), [2, 1, 2]) },
        'beta',
        /shape \(2, 1, 2\), one value per element/,
        /\(2,\)/,
      ],
      [{ x: tensor(f32(1e30, 1, -1e30, 2, 0, 3), [3, 2]) }, 'x', /variance is finite in float32/, /Infinity/],
      [{ eps: 0 }, 'eps', positive, /^0$/],
    ],
  },
  group_norm_backward: {
    args: { x, dy: x, groups: 1, gamma: f32(1, 2), eps: 1e-5 },
    optional: ['gamma', 'eps'],
    anyShape: ['x'],
    refused: [
      [{ dy: tensor(f32(1, 2, 3, 4), [2, 2]) }, 'dy', /shape \(3, 2\), like x/, /\(2, 2\)/],
      [{ groups: 2 }, 'groups', /more than one value per group/, /one value each/],
    ],
  },
  batch_renorm_forward: {
    args: {
      x,
      gamma: f32(1, 2),
      beta: f32(0, 1),
      running_mean: f32(0, 0),
      running_std: f32(1, 1),
      r_max: 3,
      d_max: 5,
      eps: 1e-5,
      single_value: 'error',
    },
    optional: ['gamma', 'beta', 'r_max', 'd_max', 'eps', 'single_value'],
    anyShape: ['x'],
    refused: [
      [{ running_std: f32(1, 0) }, 'running_std', /above 0/, /0 at \[1\]/],
      [{ running_mean: f32(1, 0, 1) }, 'running_mean', /one value per channel/, /\(3,\)/],
      [{ r_max: 0.5 }, 'r_max', /from 1/, /0\.5/],
      [{ d_max: -1 }, 'd_max', /from 0/, /-1/],
      [{ x: tensor(f32(1, 2), [1, 2]) }, 'x', /more than one value per channel/, /\(1, 2\)/],
      [{ x: tensor(f32(1e30, 1, -1e30, 2, 0, 3), [3, 2]) }, 'x', /variance is finite in float32/, /Infinity/],
    ],
  },
  batch_renorm_backward: {
    args: {
      x,
      dy: x,
      gamma: f32(1, 2),
      running_mean: f32(0, 0),
      running_std: f32(1, 1),
      r_max: 3,
      d_max: 5,
      eps: 1e-5,
      single_value: 'error',
    },
    optional: ['gamma', 'r_max', 'd_max', 'eps', 'single_value'],
    anyShape: ['x'],
    refused: [
      [{ dy: tensor(f32(1, 2, 3, 4), [2, 2]) }, 'dy', /shape \(3, 2\), like x/, /\(2, 2\)/],
      [{ running_std: f32(1, -1) }, 'running_std', /above 0/, /-1 at \[1\]/],
    ],
  },
  lp_norm_forward: {
    args: { x, p: 1, gamma: f32(1, 2), beta: f32(0, 1), eps: 1e-5, single_value: 'error' },
    optional: ['gamma', 'beta', 'eps', 'single_value'],
    anyShape: ['x'],
    refused: [
      [{ p: 3 }, 'p', /from 1 to 2/, /^3$/],
      [{ p: 1.5 }, 'p', /whole number/, /1\.5/],
      [{ p: 'max' }, 'p', /1, 2 or 'inf'/, /'max'/],
      [{ x: tensor(f32(1, 2), [1, 2]) }, 'x', /more than one value per channel/, /\(1, 2\)/],
      [
        { x: tensor(f32(1e30, 1, -1e30, 2, 0, 3), [3, 2]), p: 2 },
        'x',
        /spread is finite in float32/,
        /Infinity/,
      ],
    ],
  },
  lp_norm_backward: {
    args: { x, dy: x, p: 2, gamma: f32(1, 2), eps: 1e-5, single_value: 'error' },
    optional: ['gamma', 'eps', 'single_value'],
    anyShape: ['x'],
    refused: [[{ dy: tensor(f32(1, 2, 3, 4), [2, 2]) }, 'dy', /shape \(3, 2\), like x/, /\(2, 2\)/]],
  },
  linear_forward: {
    args: { x, weight: tensor(f32(1, 2, 3, 4, 5, 6), [3, 2]), bias: f32(1, 2, 3) },
    optional: ['bias'],
    refused: [
      [{ weight: tensor(f32(1, 2, 3), [1, 3]) }, 'weight', /\(any, 2\)/, /\(1, 3\)/],
      [{ bias: f32(1) }, 'bias', /one value per output/, /\(1,\)/],
    ],
  },
  linear_backward: {
    args: { x, weight: tensor(f32(1, 2, 3, 4), [2, 2]), dy: x },
    refused: [[{ dy: tensor(f32(1, 2, 3), [3, 1]) }, 'dy', /\(3, 2\)/, /\(3, 1\)/]],
  },
  conv2d_forward: {
    args: {
      x: pictures,
      weight: tensor(new Float32Array(18).fill(1), [2, 1, 3, 3]),
      bias: f32(1, 2),
      stride: 1,
      padding: 1,
    },
    optional: ['bias', 'stride', 'padding'],
    refused: [
      [{ x }, 'x', /\(B, in, H, W\)/, /\(3, 2\)/],
      [{ weight: tensor(f32(1, 2), [1, 2, 1, 1]) }, 'weight', /\(any, 1, any, any\)/, /\(1, 2, 1, 1\)/],
      [{ weight: tensor(f32(1, 2), [2, 1, 1, 1]), bias: f32(1) }, 'bias', /per output channel/, /\(1,\)/],
      [{ weight: tensor(f32(1, 2), [1, 1, 1, 2]) }, 'weight', /square kernel/, /\(1, 1, 1, 2\)/],
      [{ padding: 0 }, 'weight', /no larger than the picture with its padding, 2×4/, /3×3/],
      [{ stride: 0 }, 'stride', /from 1 to 64/, /^0$/],
      [{ stride: 1.5 }, 'stride', /whole number/, /1\.5/],
      [{ padding: -1 }, 'padding', /from 0 to 64/, /-1/],
    ],
  },
  conv2d_backward: {
    args: {
      x: pictures,
      weight: tensor(new Float32Array(9).fill(1), [1, 1, 3, 3]),
      dy: pictures,
      stride: 1,
      padding: 1,
    },
    optional: ['stride', 'padding'],
    refused: [
      [{ stride: 2 }, 'dy', /\(2, 1, 1, 2\), like y/, /\(2, 1, 2, 4\)/],
      [{ padding: 0 }, 'weight', /no larger than the picture/, /3×3/],
    ],
  },
  pool2d_forward: {
    args: { x: pictures, pool: 'max', size: 2, stride: 2 },
    optional: ['size', 'stride'],
    refused: [
      [{ x }, 'x', /\(B, C, H, W\)/, /\(3, 2\)/],
      [{ size: 3 }, 'size', /no larger than the picture, 2×4/, /3×3/],
      [{ size: 0 }, 'size', /from 1 to 64/, /^0$/],
      [{ stride: 0.5 }, 'stride', /whole number from 1/, /0\.5/],
      [{ pool: 'sum' }, 'pool', /'max' 'average'/, /'sum'/],
    ],
  },
  pool2d_backward: {
    args: { x: pictures, dy: tensor(f32(1, 2, 3, 4), [2, 1, 1, 2]), pool: 'average', size: 2, stride: 2 },
    optional: ['size', 'stride'],
    refused: [[{ stride: 1 }, 'dy', /\(2, 1, 1, 3\), like y/, /\(2, 1, 1, 2\)/]],
  },
  dropout_forward: {
    args: { x, p: 0.5, seed: 1 },
    anyShape: ['x'],
    refused: [
      [{ p: 1 }, 'p', /from 0 to below 1/, /^1$/],
      [{ p: -0.1 }, 'p', /from 0 to 1/, /-0\.1/],
      [{ seed: 0.5 }, 'seed', /whole number/, /0\.5/],
    ],
  },
  activation_forward: {
    args: { kind: 'tanh', x, slope: 0.1 },
    optional: ['slope'],
    anyShape: ['x'],
    refused: [
      [{ slope: 0 }, 'slope', /to 1/, /^0$/],
      [{ kind: 'gelu' }, 'kind', /'leaky_relu'/, /'gelu'/],
    ],
  },
  activation_backward: {
    args: { kind: 'relu', x, dy: x, slope: 0.1 },
    optional: ['slope'],
    anyShape: ['x'],
    refused: [
      [{ dy: tensor(f32(1, 2, 3), [3, 1]) }, 'dy', /\(3, 2\)/, /\(3, 1\)/],
      [{ slope: 2 }, 'slope', /to 1/, /^2$/],
    ],
  },
  loss: {
    args: { kind: 'cross_entropy', prediction: x, target: Int32Array.of(0, 1, 1) },
    refused: [
      [{ target: Int32Array.of(0, 1, 2) }, 'target', /from 0 to 1/, /2 at \[2\]/],
      [{ target: Int32Array.of(0, -1, 1) }, 'target', /from 0 to 1/, /-1 at \[1\]/],
      [{ target: x }, 'target', /int32.*class index/, /float32/],
      [{ kind: 'mse' }, 'target', /float32.*like prediction/, /int32/],
      [{ kind: 'bce_with_logits', target: x }, 'target', /probabilities from 0 to 1/, /2/],
      [{ kind: 'hinge' }, 'kind', /'cross_entropy' 'bce_with_logits' 'mse'/, /'hinge'/],
    ],
  },
  sgd_step: {
    args: {
      parameter: f32(1, 2),
      gradient: f32(0.1, 0.2),
      velocity: f32(0, 0),
      lr: 0.1,
      momentum: 0.9,
      nesterov: false,
      weight_decay: 0.01,
      decoupled: true,
    },
    optional: ['momentum', 'nesterov', 'weight_decay', 'decoupled'],
    anyShape: ['parameter'],
    refused: [
      [{ momentum: 0, nesterov: true }, 'nesterov', /false without momentum/, /true with momentum 0/],
      [{ velocity: undefined }, 'velocity', /like parameter/, /nothing/],
      [{ lr: -0.1 }, 'lr', positive, /-0\.1/],
      [{ weight_decay: -1 }, 'weight_decay', positive, /-1/],
    ],
  },
  random: {
    args: { seed: 1, stream: 'data', kind: 'normal', count: 10 },
    refused: [
      [{ seed: -1 }, 'seed', /whole number from 0 to 4294967295/, /-1/],
      [{ seed: 0.5 }, 'seed', /whole number/, /0\.5/],
      [{ seed: 2 ** 32 }, 'seed', /whole number/, /4294967296/],
      [{ count: 0 }, 'count', /from 1/, /0/],
    ],
  },
  dataset: {
    args: {
      data: { kind: 'spirals', count: 20, noise: 0.1, classes: 3, first_class: 0.5 },
      seed: 1,
    },
    optional: ['data.count', 'data.noise', 'data.classes', 'data.first_class'],
    refused: [
      [{ data: { kind: 'moons', classes: 3 } }, 'data.classes', /2/, /3/],
      [{ data: { kind: 'given' } }, 'data.kind', /drawn/, /'given'/],
      [{ data: { kind: 'xor', count: 1 } }, 'data.count', /from 2/, /1/],
      [{ data: { kind: 'xor', noise: -1 } }, 'data.noise', /from 0/, /-1/],
      [{ data: { kind: 'xor', first_class: 1 } }, 'data.first_class', /from 0.01 to 0.99/, /1/],
      [{ data: { kind: 'xor', curve: 'sine' } }, 'data.curve', /no argument/, /'sine'/],
      [{ data: { kind: 'regression', curve: 'line' } }, 'data.curve', /'sine' 'step' 'bump'/, /'line'/],
      [{ data: { kind: 'glyphs', count: 1e6 } }, 'data.count', /to 100000/, /1000000/],
    ],
  },
  data_create: {
    args: DATA,
    optional: ['test', 'label_noise', 'scale', 'shift', 'stretch', 'standardize'].map(
      (name) => `data.${name}`,
    ),
    refused: [
      [{ x: tensor(f32(1, 2, 3), [3, 1]), y: Int32Array.of(0, 1, 0) }, 'data.stretch', /one feature/, /3/],
      [{ y: Int32Array.of(0, 1, 1) }, 'y', /\(6,\)/, /\(3,\)/],
      [{ y: Int32Array.of(0, 1, 1, 0, 1, 1000) }, 'y', /from 0 to 999/, /1000 at \[5\]/],
      [{ y: Int32Array.of(0, 2, 2, 0, 2, 0) }, 'y', /every class from 0 to 2/, /none of class 1/],
      [{ y: new Int32Array(6) }, 'y', /two classes/, /only class 0/],
      [{ y: tensor(f32(1, 2, 3, 4, 5, 6), [6, 1]) }, 'data.label_noise', /no classes/, /0\.2/],
      [{ data: { kind: 'given', test: 0.9 } }, 'data.test', /two examples or more to train on/, /0\.9 of 6/],
      [{ data: { kind: 'given', count: 6 } }, 'data.count', /no argument/, /6/],
      [{ data: { kind: 'moons' } }, 'x', /no argument/, /float32/],
    ],
  },
  data_read: {
    args: { data, set: 'train', first: 1, count: 2 },
    optional: ['first', 'count'],
    refused: [
      [{ first: 4, count: 1 }, 'first', /from 0 to 3/, /4/],
      [{ first: 1, count: 4 }, 'count', /from 1 to 3/, /4/],
      [{ set: 'validation' }, 'set', /'train' 'test'/, /'validation'/],
    ],
  },
  data_free: { args: { data } },
  model_create: {
    args: { experiment: EXPERIMENT },
    optional: [
      'dtype',
      'seeds.data',
      'seeds.init',
      'seeds.order',
      'data.count',
      'data.noise',
      'data.classes',
      ...BATCH.map((name) => `batch.${name}`),
      ...LAYERS.map((name) => `model.layers.${name}`),
      ...OPTIMIZER.map((name) => `optimizer.${name}`),
    ].map((name) => `experiment.${name}`),
    refused: [
      [{ experiment: { ...EXPERIMENT, version: 2 } }, 'experiment.version', /1/, /2/],
      [
        { experiment: { ...EXPERIMENT, optimiser: { lr: 1 } } },
        'experiment.optimiser.lr',
        /no argument of this name/,
        /1/,
      ],
      [withModel({ layers: [] }), 'experiment.model.layers', /at least one layer/, /none/],
      [
        withModel({ layers: [{ kind: 'linear', units: 5 }] }),
        'experiment.model.layers',
        /one output per class, 2/,
        /5/,
      ],
      [withModel({ layers: [{ kind: 'tanh' }, {}] }), 'experiment.model.layers.1', /values by name/, /empty/],
      [withModel({ layers: [{ units: 2 }] }), 'experiment.model.layers.0.kind', /text|one of/, /nothing/],
      [withModel({ inputs: 3 }), 'experiment.model.input_shape', /product is inputs, 3/, /\(2, 1, 1\)/],
      [withModel({ input_shape: [2, 1] }), 'experiment.model.input_shape.2', /whole number/, /nothing/],
      [withModel({ inputs: 3, input_shape: undefined }), 'experiment.model.inputs', /2, the features/, /3/],
      [withModel({ inputs: 0 }), 'experiment.model.inputs', /from 1/, /0/],
      [
        withModel({ layers: [{ kind: 'linear', units: 2.5 }] }),
        'experiment.model.layers.0.units',
        /whole/,
        /2\.5/,
      ],
      [
        withModel({ layers: [{ kind: 'linear', units: 1e6 }] }),
        'experiment.model.layers.0.units',
        /to 4096/,
        /1000000/,
      ],
      [
        withModel({ layers: [{ kind: 'linear', units: 2, rate: 1 }] }),
        'experiment.model.layers.0.rate',
        /no arg/,
        /1/,
      ],
      [
        withModel({ layers: [{ kind: 'maxout' }] }),
        'experiment.model.layers.0.kind',
        /'linear' 'conv2d'/,
        /maxout/,
      ],
      [withModel({ layers: [wide, wide, wide] }), 'experiment.model.layers', /at most .* weights/, /\d+/],
      [
        withModel({ layers: Array.from({ length: 300 }, () => ({ kind: 'relu' })) }),
        'experiment.model.layers',
        /at most 256/,
        /more/,
      ],
      [
        { experiment: { ...EXPERIMENT, batch: { size: 1 } } },
        'experiment.batch.size',
        /more than one value/,
        /one example/,
      ],
      [
        { experiment: { ...EXPERIMENT, batch: { size: 23 } } },
        'experiment.batch.last',
        /'drop'/,
        /leave one over/,
      ],
      [{ experiment: { ...EXPERIMENT, batch: { size: 0 } } }, 'experiment.batch.size', /from 1/, /0/],
      [{ data: 99 }, 'data', /data that exist/, /99/],
      [
        { experiment: { ...EXPERIMENT, data: { kind: 'regression' } } },
        'experiment.model.inputs',
        /1, the features/,
        /2/,
      ],
      [
        {
          experiment: {
            ...EXPERIMENT,
            data: { kind: 'regression' },
            model: { inputs: 1, layers: [{ kind: 'linear', units: 1 }] },
          },
        },
        'experiment.loss',
        /'mse', because this data has values/,
        /'cross_entropy'/,
      ],
      ...LAYER_REFUSALS.map(
        ([layer, field, expected, actual, input_shape = [4, 1, 1]]) =>
          [
            {
              experiment: {
                version: 1,
                model: { inputs: input_shape.reduce((a, b) => a * b), input_shape, layers: [layer] },
                loss: 'mse',
              },
            },
            `experiment.model.layers.0.${field}`,
            expected,
            actual,
          ] as const,
      ),
    ],
  },
  model_free: { args: { model } },
  model_names: { args: { model } },
  model_get: {
    args: { model, name: '1.running_mean' },
    refused: [
      [
        { name: '9.weight' },
        'name',
        /one of 0\.weight, 0\.bias, 1\.weight.*1\.num_batches_tracked/,
        /'9\.weight'/,
      ],
    ],
  },
  model_set: {
    args: { model, name: '1.weight', value: f32(1, 2, 3, 4) },
    refused: [
      [{ value: f32(1, 2, 3) }, 'value', /\(4,?\).*shape of 1\.weight/, /\(3,\)/],
      [{ name: '1.running_var', value: f32(1, 2, 3, -4) }, 'value', /not negative/, /-4 at \[3\]/],
      [{ name: '1.num_batches_tracked' }, 'value', /int32/, /float32/],
      [{ name: '1.num_batches_tracked', value: Int32Array.of(1, 2) }, 'value', /number of batches/, /2/],
      [{ name: '1.num_batches_tracked', value: Int32Array.of(-1) }, 'value', /0 or more/, /-1/],
    ],
  },
  model_gradient: {
    args: { model, name: '0.weight' },
    refused: [[{ name: '1.running_mean' }, 'name', /one of 0\.weight.*2\.bias$/, /'1\.running_mean'/]],
  },
  model_train: {
    args: { model, steps: 2 },
    refused: [
      [{ steps: 0 }, 'steps', /whole number from 1/, /0/],
      [{ steps: 1.5 }, 'steps', /whole number/, /1\.5/],
    ],
  },
  model_set_data: {
    args: { model, x, y: Int32Array.of(0, 1, 0) },
    refused: [
      [{ y: Int32Array.of(0, 1) }, 'y', /one class index per example/, /\(2,\)/],
      [{ y: Int32Array.of(0, 1, 2) }, 'y', /from 0 to 1/, /2 at \[2\]/],
      [{ x: tensor(f32(1, 2, 3), [1, 3]) }, 'x', /\(any, 2\)/, /\(1, 3\)/],
      [{ data: 99 }, 'data', /data that exist/, /99/],
    ],
  },
  model_step: {
    args: { model, x, y: Int32Array.of(0, 1, 0) },
    refused: [
      [{ x: tensor(new Float32Array(18), [9, 2]), y: new Int32Array(9) }, 'x', /at most 8 examples/, /9/],
      [{ x: tensor(f32(1, 2), [1, 2]), y: Int32Array.of(0) }, 'x', /more than one value/, /one example/],
      [{ y: Int32Array.of(0, 1) }, 'y', /one class index per example/, /\(2,\)/],
      [{ y: Int32Array.of(0, 1, 2) }, 'y', /from 0 to 1/, /2 at \[2\]/],
      [{ x: tensor(f32(1, 2, 3), [1, 3]) }, 'x', /\(any, 2\)/, /\(1, 3\)/],
    ],
  },
  model_evaluate: {
    args: { model, mode: 'training', x, y: Int32Array.of(0, 1, 0), statistics: 'last_batch' },
    optional: ['y', 'statistics'],
    refused: [
      [
        { statistics: 'own', x: tensor(f32(1, 2), [1, 2]), y: Int32Array.of(0) },
        'x',
        /more than one value/,
        /one example/,
      ],
      [{ y: Int32Array.of(5, 1, 0) }, 'y', /from 0 to 1/, /5 at \[0\]/],
      [{ mode: 'inference' }, 'statistics', /'own' in inference mode/, /'last_batch'/],
    ],
  },
  model_score: {
    args: { model, mode: 'inference', set: 'train', limit: 10, scale: 2, shift: 1 },
    optional: ['limit', 'scale', 'shift'],
    refused: [
      [{ set: 'test' }, 'set', /with examples/, /empty/],
      [{ set: 'all' }, 'set', /'train' 'test' 'batch'/, /'all'/],
      [{ limit: 0 }, 'limit', /from 1/, /0/],
      [{ mode: 'training', limit: 1 }, 'mode', /more than one value/, /one example/],
    ],
  },
  model_batch: { args: { model } },
  model_record: {
    args: { model, layer: 1, what: 'xhat' },
    refused: [
      [{ layer: 3 }, 'layer', /from 0 to 2/, /3/],
      [{ layer: 0.5 }, 'layer', /whole number/, /0\.5/],
      [{ layer: 0 }, 'what', /'output' or 'gradient'/, /'xhat'/],
      [{ what: 'weight' }, 'what', /'output' 'gradient' 'xhat' 'mean' 'var'/, /'weight'/],
    ],
  },
  model_observe: {
    args: { model, bins: 10, range: 3 },
    optional: ['bins', 'range'],
    refused: [
      [{ bins: 1 }, 'bins', /from 2/, /1/],
      [{ range: 0 }, 'range', /from/, /0/],
    ],
  },
  model_statistics: {
    args: { model, layer: 1, batches: 2 },
    optional: ['batches'],
    refused: [
      [{ layer: 0 }, 'layer', /with running statistics/, /layer 0/],
      [{ layer: -1 }, 'layer', /from 0 to 2/, /-1/],
      [{ batches: 0 }, 'batches', /from 1/, /0/],
    ],
  },
  model_recalibrate: {
    args: { model, batches: 2, scale: 2, shift: 1 },
    optional: ['scale', 'shift'],
    refused: [[{ batches: 0 }, 'batches', /from 1/, /0/]],
  },
  model_rewind: { args: { model } },
  model_set_optimizer: {
    args: { model, optimizer: EXPERIMENT.optimizer },
    optional: OPTIMIZER.map((name) => `optimizer.${name}`),
    refused: [
      [{ optimizer: { lr: 0.1, rate: 1 } }, 'optimizer.rate', /no argument of this name/, /1/],
      [{ optimizer: { lr: 0.1, nesterov: true } }, 'optimizer.nesterov', /without momentum/, /true/],
      [{ optimizer: { schedule: 'linear' } }, 'optimizer.schedule', /'constant' 'step' 'cosine'/, /'linear'/],
      [{ optimizer: { clip: -1 } }, 'optimizer.clip', /from 0/, /-1/],
    ],
  },
  model_set_batch: {
    args: { model, batch: EXPERIMENT.batch },
    optional: BATCH.map((name) => `batch.${name}`),
    refused: [
      [{ batch: { size: 1 } }, 'batch.size', /more than one value/, /one example/],
      [{ batch: { size: 23 } }, 'batch.last', /'drop'/, /leave one over/],
      [{ batch: { length: 8 } }, 'batch.length', /no argument of this name/, /8/],
    ],
  },
  model_set_layers: {
    args: { model, layers: EXPERIMENT.model.layers },
    optional: LAYERS.map((name) => `layers.${name}`),
    refused: [
      [{ layers: EXPERIMENT.model.layers.slice(0, 2) }, 'layers', /the model was made with/, /other layers/],
      [{ layers: [] }, 'layers', /at least one layer/, /none/],
      [
        { layers: EXPERIMENT.model.layers.with(0, { ...EXPERIMENT.model.layers[0], units: 5 } as never) },
        'layers',
        /the model was made with/,
        /other layers/,
      ],
    ],
  },
});
