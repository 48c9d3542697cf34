import type { Convention, LossKind } from './vocabulary.ts';

/**
 * An experiment is one plain value: everything needed to run it again and get the same numbers.
 * Field names are those of the engine (and, where there is one, of PyTorch).
 */
export interface Experiment {
  version: 1;
  /** Default 'float32'. */
  dtype?: 'float32' | 'float64';
  /** Three streams, so that one can change while the others stay. Whole numbers, 0 … 2³²−1; default 1. */
  seeds?: { data?: number; init?: number; order?: number };
  data?: Data;
  batch?: {
    /** Examples per step; default 32. */
    size?: number;
    /** A new order every epoch (default) or the first epoch's order again and again. */
    reshuffle?: boolean;
    /** A last batch smaller than `size`: train on it (default) or leave it out. */
    last?: 'keep' | 'drop';
  };
  model: { inputs: number; layers: readonly LayerSpec[] };
  loss: LossKind;
  optimizer?: {
    /** Default 0.1. */
    lr?: number;
    momentum?: number;
    nesterov?: boolean;
    weight_decay?: number;
    /** Shrink weights by lr·weight_decay apart from the gradient, instead of adding weight_decay·w to it. */
    decoupled?: boolean;
    /** What decays besides the weights of linear layers. Default: all, as in PyTorch. */
    decay_gamma?: boolean;
    decay_beta?: boolean;
    decay_bias?: boolean;
  };
}

export type Data =
  | { kind: 'given' }
  | {
      kind: 'blobs' | 'circles' | 'xor' | 'spirals' | 'moons';
      /** Examples; default 256. */
      count?: number;
      /** Standard deviation of the noise; default 0.1. */
      noise?: number;
      /** Arms of the spirals; default 2. */
      classes?: number;
    };

export type LayerSpec =
  | {
      kind: 'linear';
      units: number;
      bias?: boolean;
      init?:
        | 'he_normal'
        | 'he_uniform'
        | 'xavier_normal'
        | 'xavier_uniform'
        | 'lecun_normal'
        | 'normal'
        | 'pytorch';
      /** Factor on the initialiser's standard deviation; default 1. */
      gain?: number;
      /** Standard deviation of 'normal'; default 0.01. */
      sigma?: number;
    }
  | {
      kind: 'batch_norm';
      convention?: Convention;
      momentum?: number | 'cumulative';
      eps?: number;
      affine?: boolean;
      track_running_stats?: boolean;
      single_value?: 'error' | 'show';
      initial_gamma?: number;
    }
  | { kind: 'relu' | 'sigmoid' | 'tanh' | 'identity' };
