import type { ArmName, LabShared } from '../../protocol/lab-properties.ts';

export type SharedName = keyof LabShared;

/** The setup's sections: what is shown at first, and what more there is. Names of both kinds keep the reading order. */
export interface Section {
  id: string;
  title: string;
  few: readonly (SharedName | ArmName)[];
  more: readonly (SharedName | ArmName)[];
}

export const SECTIONS: readonly Section[] = [
  {
    id: 'data',
    title: 'Data',
    few: ['data', 'arms', 'curve', 'noise'],
    more: ['count', 'test', 'label_noise', 'first_class', 'standardize', 'scale', 'shift', 'stretch', 'loss'],
  },
  {
    id: 'network',
    title: 'Network',
    few: ['net', 'channels', 'hidden', 'activation'],
    more: ['slope', 'kernel', 'stride', 'pool', 'dropout', 'skip', 'bias', 'init', 'gain', 'sigma'],
  },
  {
    id: 'normalisation',
    title: 'Normalisation',
    few: ['norm', 'ghost', 'groups'],
    more: [
      'norms',
      'position',
      'affine',
      'gamma',
      'eps',
      'running',
      'cumulative',
      'convention',
      'single',
      'frozen',
      'r_max',
      'd_max',
      'plain_steps',
      'ramp_steps',
    ],
  },
  {
    id: 'optimiser',
    title: 'Learning',
    few: ['lr', 'batch'],
    more: [
      'momentum',
      'nesterov',
      'schedule',
      'schedule_steps',
      'schedule_factor',
      'warmup',
      'weight_decay',
      'decoupled',
      'decay_gamma',
      'decay_beta',
      'decay_bias',
      'clip',
      'reshuffle',
      'last',
      'batch_classes',
    ],
  },
  { id: 'seeds', title: 'Seeds', few: [], more: ['seed_data', 'seed_init', 'seed_order'] },
];

/** The part of a property's range worth sliding through; the number beside the slider takes the whole range. */
export const SLIDERS: Partial<Record<SharedName | ArmName, { min: number; max: number; log?: number }>> = {
  count: { min: 50, max: 5000, log: 0.1 },
  noise: { min: 0, max: 0.5 },
  arms: { min: 2, max: 4 },
  first_class: { min: 0, max: 0.95 },
  test: { min: 0, max: 0.9 },
  label_noise: { min: 0, max: 0.9 },
  scale: { min: 0.01, max: 100, log: 0.25 },
  shift: { min: -10, max: 10 },
  stretch: { min: 0.01, max: 100, log: 0.25 },
  slope: { min: 0.01, max: 1 },
  gamma: { min: -2, max: 2 },
  eps: { min: 1e-8, max: 1, log: 0.5 },
  running: { min: 0, max: 1 },
  ghost: { min: 2, max: 128, log: Math.log10(2) },
  groups: { min: 1, max: 32, log: Math.log10(2) },
  r_max: { min: 1, max: 10 },
  d_max: { min: 0, max: 10 },
  dropout: { min: 0, max: 0.9 },
  gain: { min: 0.01, max: 100, log: 0.25 },
  sigma: { min: 0.001, max: 1, log: 0.25 },
  lr: { min: 0.001, max: 10, log: 0.1 },
  momentum: { min: 0, max: 0.95 },
  schedule_steps: { min: 10, max: 10_000, log: 0.25 },
  schedule_factor: { min: 0.05, max: 1 },
  weight_decay: { min: 0, max: 0.1 },
  clip: { min: 0, max: 10 },
  // Powers of two, as far as the training sets at hand go.
  batch: { min: 1, max: 1024, log: Math.log10(2) },
  batch_classes: { min: 0, max: 10 },
};
