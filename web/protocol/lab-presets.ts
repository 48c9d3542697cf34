import { defaultLab } from './lab.ts';
import type { LabValue } from './lab-properties.ts';

/** An experiment worth running, and what to look at while it runs. */
export interface LabPreset {
  name: string;
  look: string;
  value: Partial<LabValue>;
}

const glyphs = { data: 'glyphs', noise: 0.2, count: 1500, standardize: true } as const;

export const labPresets = {
  start: {
    name: 'With and without',
    look: 'The same network on the same batches, with BatchNorm (A) and without (B). Which one follows the arms first?',
    value: { speed: 30 },
  },
  'learning-rate': {
    name: 'A large learning rate',
    look: 'Eight layers at learning rate 1. Then try 0.1: does BatchNorm still win?',
    value: {
      ...glyphs,
      hidden: Array.from({ length: 8 }, () => 32),
      lr: 1,
      batch: 64,
      panels: ['trace', 'layers'],
    },
  },
  saturation: {
    name: 'Deep and saturating',
    look: 'Ten layers of sigmoids. Look at the gradient that reaches the first layer of each network.',
    value: {
      ...glyphs,
      hidden: Array.from({ length: 10 }, () => 32),
      activation: 'sigmoid',
      init: 'xavier_normal',
      lr: 0.1,
      batch: 64,
      panels: ['trace', 'layers'],
    },
  },
  'one-some-all': {
    name: 'A few examples or all',
    look: 'A learns from 8 examples at a time, B from the whole training set. Compare the noise, and the progress per epoch.',
    value: { data: 'moons', noise: 0.15, norm: 'none', hidden: [16, 16], batch: 8, b: { batch: 300 } },
  },
  'same-batches': {
    name: 'The same batches every epoch',
    look: 'A shuffles before each epoch, B meets the same batches again and again. Both have BatchNorm, and a fifth of the labels are wrong.',
    value: {
      ...glyphs,
      count: 600,
      test: 0.6,
      label_noise: 0.2,
      hidden: [32, 32, 32],
      batch: 16,
      b: { reshuffle: false },
      panels: ['trace'],
    },
  },
  lag: {
    name: 'Running statistics lag behind',
    look: 'Inputs far from 0 and a slow average: in inference mode A is wrong for long, although in training mode it is right. Recalibrate, and see.',
    value: {
      ...glyphs,
      standardize: false,
      scale: 10,
      shift: 5,
      running: 0.01,
      batch: 64,
      b: { running: 0.1 },
      panels: ['trace', 'statistics'],
    },
  },
  mates: {
    name: 'Batch-mates matter',
    look: 'Batches of four. Draw another three batch-mates for one point: its prediction in training mode moves.',
    value: { data: 'moons', noise: 0.1, hidden: [16, 16], batch: 4, panels: ['mates', 'map'] },
  },
  'one-class': {
    name: 'One class per batch',
    look: 'Each batch holds a single class. BatchNorm takes away the mean that says which; GroupNorm (B) looks at one example at a time.',
    value: {
      ...glyphs,
      hidden: [64, 64, 64],
      lr: 0.02,
      batch_classes: 1,
      b: { norm: 'group', groups: 8 },
      panels: ['trace'],
    },
  },
  'blow-up': {
    name: 'Blow-up',
    look: 'Ten layers at learning rate 3. Without BatchNorm, which layer is the first to overflow, and after how many steps?',
    value: {
      ...glyphs,
      hidden: Array.from({ length: 10 }, () => 64),
      lr: 3,
      batch: 64,
      panels: ['trace', 'divergence'],
    },
  },
  convolutions: {
    name: 'A convolutional network',
    look: 'Small convolutions on the drawn digits: one mean and one variance per channel, over all pixels of all pictures.',
    value: {
      ...glyphs,
      net: 'conv',
      channels: [8, 16],
      hidden: [32],
      batch: 32,
      panels: ['trace', 'pictures'],
    },
  },
  curve: {
    name: 'A curve',
    look: 'One input, one value to predict: the picture is the whole function.',
    value: { data: 'regression', noise: 0.1, count: 200, hidden: [32, 32], lr: 0.05 },
  },
  ghosts: {
    name: 'Ghost batches',
    look: 'Large batches for both; B takes its statistics over groups of 16, and gets the noise of small batches back.',
    value: {
      ...glyphs,
      count: 1000,
      label_noise: 0.2,
      batch: 256,
      lr: 0.3,
      b: { norm: 'ghost', ghost: 16 },
      panels: ['trace'],
    },
  },
} as const satisfies Record<string, LabPreset>;

export type LabPresetName = keyof typeof labPresets;
export const labPresetNames = Object.keys(labPresets) as LabPresetName[];

export function presetLab(name: LabPresetName): LabValue {
  const { value }: LabPreset = labPresets[name];
  return { ...defaultLab, ...value };
}
