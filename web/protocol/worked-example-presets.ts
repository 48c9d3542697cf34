import type { Matrix } from './properties.ts';

/** A batch worth looking at, and what it teaches. γ, β and ε stand for every feature. */
export interface Preset {
  name: string;
  x: Matrix;
  gamma: number;
  beta: number;
  eps: number;
  lesson: string;
}

const column = (...values: number[]): Matrix => values.map((value) => [value]);

/** Sixteen values around each of two centres. */
const around = [-1.2, -0.8, -0.6, -0.4, -0.3, -0.2, -0.1, 0, 0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.2];
const humps = [2, 8].flatMap((centre) => around.map((offset) => Number((centre + offset).toFixed(1))));
const usual = { gamma: 2, beta: 0.5, eps: 1e-5 };

export const presets = {
  worked: {
    ...usual,
    name: 'The worked example',
    x: column(2, 4, 6, 8),
    lesson:
      'Four activations of one feature: centred on 0, brought to spread 1, then scaled by γ and shifted by β.',
  },
  one: {
    ...usual,
    name: 'One example',
    x: column(7),
    lesson:
      'One example has nothing to be compared with: it is its own mean, x̂ = 0, and y = β whatever x is.',
  },
  two: {
    ...usual,
    name: 'Two examples',
    x: column(3, 3.5),
    lesson:
      'Two examples become −1 and 1, however near or far apart they are: only which one is larger survives.',
  },
  constant: {
    ...usual,
    name: 'A constant feature',
    x: [
      [3, 3],
      [3, 3],
      [3, 3],
      [3, 3.01],
    ],
    lesson:
      'Where σ² is 0, or no larger than ε, ε rules: feature 1 never varies and gives x̂ = 0; feature 2 hardly varies, and ε decides how much of that is left.',
  },
  outlier: {
    ...usual,
    name: 'An outlier',
    x: column(1, 2, 3, 4, 5, 6, 7, 100),
    lesson:
      'However far out one example lies, its |x̂| stays below √(m − 1); it takes the room and squeezes the others together.',
  },
  huge_mean: {
    ...usual,
    name: 'A huge mean',
    x: column(10002, 10004, 10006, 10008),
    lesson: 'The worked example plus 10 000: the mean is subtracted first, so x̂ and y are what they were.',
  },
  humps: {
    ...usual,
    name: 'Two humps',
    x: column(...humps),
    lesson:
      'Shift and stretch keep the shape of a distribution: two humps stay two humps, and no bell curve appears.',
  },
  features: {
    ...usual,
    name: 'Three features',
    x: [
      [1.62, 58, 0.031],
      [1.7, 71, 0.024],
      [1.75, 64, 0.045],
      [1.81, 90, 0.02],
      [1.87, 82, 0.038],
    ],
    lesson:
      'Each feature has its own μ, σ², γ and β, taken down its column: one batch, three separate normalisations.',
  },
} satisfies Record<string, Preset>;

export type PresetName = keyof typeof presets;
export const presetNames = Object.keys(presets) as PresetName[];
