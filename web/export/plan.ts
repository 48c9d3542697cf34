import type { Experiment, Init, LayerSpec } from '../protocol/experiment.ts';
import type { Convention } from '../protocol/vocabulary.ts';

/** An experiment with every default written out and every shape followed, as the exported programs need it. */

/** (channels, height, width) of one example. */
export type ExampleShape = readonly [channels: number, height: number, width: number];

type Kind = LayerSpec['kind'];
/** The specification of these kinds, also where several kinds share one. */
export type Spec<K extends Kind, S = LayerSpec> = S extends { kind: infer L }
  ? [K & L] extends [never]
    ? never
    : S
  : never;

export interface PlannedLayer<S extends LayerSpec = LayerSpec> {
  index: number;
  spec: S;
  in: ExampleShape;
  out: ExampleShape;
}

export const isPicture = ([, height, width]: ExampleShape): boolean => height * width > 1;
export const sizeOf = (shape: ExampleShape): number => shape[0] * shape[1] * shape[2];

export function inputShapeOf({ model }: Experiment): ExampleShape {
  return model.input_shape ?? [model.inputs, 1, 1];
}

export function planOf(experiment: Experiment): readonly PlannedLayer[] {
  let shape = inputShapeOf(experiment);
  return experiment.model.layers.map((spec, index) => {
    const planned = { index, spec, in: shape, out: outputShape(spec, shape) };
    shape = planned.out;
    return planned;
  });
}

function outputShape(spec: LayerSpec, shape: ExampleShape): ExampleShape {
  const [channels, height, width] = shape;
  switch (spec.kind) {
    case 'linear':
      return [spec.units, 1, 1];
    case 'conv2d': {
      const { kernel, stride, padding } = convOf(spec);
      const along = (extent: number) => Math.floor((extent + 2 * padding - kernel) / stride) + 1;
      return [spec.units, along(height), along(width)];
    }
    case 'pool2d': {
      const { size, stride } = poolOf(spec);
      const along = (extent: number) => Math.floor((extent - size) / stride) + 1;
      return [channels, along(height), along(width)];
    }
    case 'flatten':
      return [sizeOf(shape), 1, 1];
    default:
      return shape;
  }
}

export function convOf({ kernel, stride = 1, padding = (kernel - 1) / 2, bias = true }: Spec<'conv2d'>) {
  return { kernel, stride, padding, bias };
}

export function poolOf({ pool, size = 2, stride = size }: Spec<'pool2d'>) {
  return { pool, size, stride };
}

/** What a convention takes when nothing is said, and which variance it stores. */
const CONVENTIONS = {
  pytorch: { name: 'PyTorch', keeps: false, momentum: 0.1, eps: 1e-5, unbiased: true },
  keras: { name: 'Keras', keeps: true, momentum: 0.99, eps: 1e-3, unbiased: false },
  onnx: { name: 'ONNX', keeps: true, momentum: 0.9, eps: 1e-5, unbiased: false },
} as const satisfies Record<Convention, object>;

export interface RunningRule {
  /** The convention's name. */
  convention: string;
  /** As the convention states it, and whether it then is the factor kept rather than the newest batch's weight. */
  momentum: number | 'cumulative';
  keeps: boolean;
  /** Which variance is stored: m/(m−1)·σ², or σ² itself. */
  unbiased: boolean;
}

export function batchNormOf(spec: Spec<'batch_norm'>) {
  const convention = CONVENTIONS[spec.convention ?? 'pytorch'];
  const rule: RunningRule = {
    convention: convention.name,
    momentum: spec.momentum ?? convention.momentum,
    keeps: convention.keeps,
    unbiased: convention.unbiased,
  };
  return {
    rule,
    eps: spec.eps ?? convention.eps,
    affine: spec.affine ?? true,
    track: spec.track_running_stats ?? true,
    single: spec.single_value ?? 'error',
    gamma: spec.initial_gamma ?? 1,
    frozen: spec.frozen ?? false,
    ghost: spec.ghost ?? 0,
  };
}

export function renormOf(spec: Spec<'batch_renorm'>) {
  const { momentum = 0.1, eps = 1e-5, affine = true, initial_gamma: gamma = 1 } = spec;
  const { r_max = 3, d_max = 5, plain_steps = 0, ramp_steps = 0 } = spec;
  return { momentum, eps, affine, gamma, r_max, d_max, plain_steps, ramp_steps };
}

export function lpNormOf(spec: Spec<'lp_norm'>) {
  const { p, momentum = 0.1, eps = 1e-5, affine = true, initial_gamma: gamma = 1 } = spec;
  return { p, momentum, eps, affine, gamma };
}

export function groupNormOf(
  { kind, groups = 8, eps = 1e-5, affine = true, initial_gamma: gamma = 1 }: Spec<'layer_norm'>,
  channels: number,
) {
  return { groups: { layer_norm: 1, group_norm: groups, instance_norm: channels }[kind], eps, affine, gamma };
}

export function optimizerOf({ optimizer = {} }: Experiment) {
  return {
    lr: 0.1,
    momentum: 0,
    nesterov: false,
    weight_decay: 0,
    decoupled: false,
    decay_gamma: true,
    decay_beta: true,
    decay_bias: true,
    schedule: 'constant' as const,
    schedule_steps: 100,
    schedule_factor: 0.5,
    warmup: 0,
    clip: 0,
    ...optimizer,
  };
}

export function batchOf({ batch = {} }: Experiment) {
  return { size: 32, reshuffle: true, last: 'keep' as const, classes: 0, ...batch };
}

/** Whether training meets a batch of one example. */
export function meetsBatchOfOne(experiment: Experiment, examples: number): boolean {
  const { size, last } = batchOf(experiment);
  return Math.min(size, examples) === 1 || (last === 'keep' && examples % size === 1);
}

/** How a layer's weights start: normal with a standard deviation, or uniform within ± a bound; as Python. */
export interface InitialWeights {
  distribution: 'normal' | 'uniform';
  /** √(numerator/denominator) times `factor`: the standard deviation, or the bound. */
  root?: readonly [numerator: number, denominator: number];
  factor: number;
  init: Init;
  /** Biases: uniform within ±1/√fan_in, else 0. */
  biasBound?: number;
}

export function initialWeightsOf(layer: PlannedLayer<Spec<'linear' | 'conv2d'>>): InitialWeights {
  const { init = 'he_normal', gain = 1, sigma = 0.01 } = layer.spec;
  const area = layer.spec.kind === 'conv2d' ? layer.spec.kernel ** 2 : 1;
  const fanIn = (layer.spec.kind === 'conv2d' ? layer.in[0] : sizeOf(layer.in)) * area;
  const fanOut = layer.spec.units * area;
  switch (init) {
    case 'he_normal':
      return { init, distribution: 'normal', root: [2, fanIn], factor: gain };
    case 'he_uniform':
      return { init, distribution: 'uniform', root: [6, fanIn], factor: gain };
    case 'xavier_normal':
      return { init, distribution: 'normal', root: [2, fanIn + fanOut], factor: gain };
    case 'xavier_uniform':
      return { init, distribution: 'uniform', root: [6, fanIn + fanOut], factor: gain };
    case 'lecun_normal':
      return { init, distribution: 'normal', root: [1, fanIn], factor: gain };
    case 'normal':
      return { init, distribution: 'normal', factor: gain * sigma };
    case 'pytorch':
      return { init, distribution: 'uniform', root: [1, fanIn], factor: gain, biasBound: fanIn };
  }
}
