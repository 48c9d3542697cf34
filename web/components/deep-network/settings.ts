import type { LayerSpec } from '../../protocol/experiment.ts';

/** A network of equal hidden layers on drawn digits, and how it is looked at. */
export interface DeepSettings {
  /** Hidden layers. */
  readonly depth: number;
  readonly activation: DeepActivation;
  /** Factor on the initial weights. */
  readonly gain: number;
  /** Updates before the look. */
  readonly steps: number;
  readonly lr: number;
}

export type DeepActivation = 'relu' | 'tanh' | 'sigmoid';

export const ACTIVATIONS: readonly { kind: DeepActivation; name: string }[] = [
  { kind: 'relu', name: 'ReLU' },
  { kind: 'tanh', name: 'tanh' },
  { kind: 'sigmoid', name: 'sigmoid' },
];

/** What the sliders stop at. */
export const DEPTHS = [2, 3, 4, 6, 8, 10, 15, 20, 30, 50] as const;
export const GAINS = [0.1, 0.2, 0.5, 0.7, 1, 1.4, 2, 5, 10] as const;
export const STEPS = [0, 1, 10, 30, 100] as const;
export const RATES = [0.01, 0.1, 0.3, 1] as const;

export const FIRST: DeepSettings = { depth: 10, activation: 'relu', gain: 1, steps: 0, lr: 0.1 };

export const UNITS = 64;
export const BATCH = 64;

/** The network without or with batch normalization; weights of equal shape start equal. */
export function layersOf({ depth, activation, gain }: DeepSettings, normalised: boolean): LayerSpec[] {
  // What keeps the spread of the signal at gain 1: He's for ReLU, LeCun's for the others.
  const init = activation === 'relu' ? 'he_normal' : 'lecun_normal';
  const hidden = Array.from({ length: depth }, (): LayerSpec[] => [
    // A bias before batch normalization has no effect.
    { kind: 'linear', units: UNITS, init, gain, bias: !normalised },
    ...(normalised ? [{ kind: 'batch_norm' } as const] : []),
    { kind: activation },
  ]);
  return [...hidden.flat(), { kind: 'linear', units: 10, init: 'lecun_normal' }];
}
