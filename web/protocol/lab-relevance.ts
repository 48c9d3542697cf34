import { hiddenLayers, isOverTheBatch, normAt } from './lab-compile.ts';
import type { LabArm, LabShared, LabValue, LabView, NormKind } from './lab-properties.ts';

type Name = keyof (LabShared & LabArm & LabView);
type Rule = (value: LabValue, arm: LabArm) => boolean;

function hasNorm(arm: LabArm, ...kinds: NormKind[]): boolean {
  return Array.from({ length: hiddenLayers(arm) }, (_, layer) => normAt(arm, layer)).some((kind) =>
    kinds.includes(kind),
  );
}

const anyNorm: Rule = (_, arm) =>
  hasNorm(arm, 'batch', 'layer', 'group', 'instance', 'renorm', 'ghost', 'l1', 'l2', 'linf');
const batchStatistics: Rule = (_, arm) => hasNorm(arm, 'batch', 'renorm', 'ghost', 'l1', 'l2', 'linf');
const batchNorm: Rule = (_, arm) => hasNorm(arm, 'batch', 'ghost');
const renorm: Rule = (_, arm) => hasNorm(arm, 'renorm');
const convolutional: Rule = (_, arm) => arm.net === 'conv';
const planar: Rule = ({ data }) => ['spirals', 'circles', 'moons', 'xor', 'blobs'].includes(data);
const generated: Rule = ({ data }) => data !== 'drawn' && data !== 'csv';
const classified: Rule = ({ data }) => data !== 'regression';
const decays: Rule = (_, arm) => arm.weight_decay > 0;

/** Settings that have an effect only where another one makes room for it; forms show and sentences name only those. */
const rules: Partial<Record<Name, Rule>> = {
  count: generated,
  noise: generated,
  arms: ({ data }) => data === 'spirals',
  curve: ({ data }) => data === 'regression',
  first_class: planar,
  label_noise: classified,
  loss: classified,
  channels: convolutional,
  kernel: convolutional,
  stride: convolutional,
  pool: convolutional,
  slope: (_, arm) => arm.activation === 'leaky_relu',
  norms: (_, arm) => hiddenLayers(arm) > 0,
  position: anyNorm,
  affine: anyNorm,
  gamma: (value, arm) => anyNorm(value, arm) && arm.affine,
  eps: anyNorm,
  running: (value, arm) => batchStatistics(value, arm) && !(batchNorm(value, arm) && arm.cumulative),
  cumulative: batchNorm,
  convention: batchNorm,
  single: batchStatistics,
  frozen: batchNorm,
  ghost: (_, arm) => hasNorm(arm, 'ghost'),
  groups: (_, arm) => hasNorm(arm, 'group'),
  r_max: renorm,
  d_max: renorm,
  plain_steps: renorm,
  ramp_steps: renorm,
  sigma: (_, arm) => arm.init === 'normal',
  bias: (_, arm) =>
    arm.position === 'before' &&
    Array.from({ length: hiddenLayers(arm) }, (_unused, layer) => normAt(arm, layer)).some(isOverTheBatch),
  nesterov: (_, arm) => arm.momentum > 0,
  schedule_steps: (_, arm) => arm.schedule !== 'constant',
  schedule_factor: (_, arm) => arm.schedule === 'step',
  decoupled: decays,
  decay_gamma: (value, arm) => decays(value, arm) && anyNorm(value, arm) && arm.affine,
  decay_beta: (value, arm) => decays(value, arm) && anyNorm(value, arm) && arm.affine,
  decay_bias: decays,
  batch_classes: ({ data }) => data !== 'regression',
};

export function isRelevant(name: Name, value: LabValue, arm: LabArm): boolean {
  return rules[name]?.(value, arm) ?? true;
}
