import type { Convention, LossKind, PoolKind } from './vocabulary.ts';

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
    /** Classes in one batch: 0 (default) mixes all, 1 or more makes the batches of an epoch from so many classes each. */
    classes?: number;
  };
  model: {
    inputs: number;
    /** (channels, height, width) of one example, whose product is `inputs`; default (inputs, 1, 1). */
    input_shape?: readonly [number, number, number];
    layers: readonly LayerSpec[];
  };
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
    /** How lr changes with the step; default 'constant'. */
    schedule?: 'constant' | 'step' | 'cosine';
    /** 'step': multiply lr after every so many steps; 'cosine': down to 0 over so many. Default 100. */
    schedule_steps?: number;
    /** Factor of 'step'; default 0.5. */
    schedule_factor?: number;
    /** Steps over which lr first rises linearly from 0; default 0. */
    warmup?: number;
    /** Largest norm of the gradient of all parameters together; longer ones are scaled down to it. 0 (default): none. */
    clip?: number;
  };
}

/** What is done to examples wherever they come from, in this order. */
export interface Preparation {
  /** Share of the examples held out as the test set; default 0. */
  test?: number;
  /** Share of the training examples whose class is replaced by another; default 0. */
  label_noise?: number;
  /** x becomes scale·x + shift. Default 1 and 0. */
  scale?: number;
  shift?: number;
  /** Multiplies the first feature and divides the second; default 1. */
  stretch?: number;
  /** Shift and scale each feature to mean 0 and standard deviation 1 on the training set; default false. */
  standardize?: boolean;
}

export type Data = Preparation &
  (
    | { kind: 'given' }
    | {
        kind: 'blobs' | 'circles' | 'xor' | 'spirals' | 'moons';
        /** Examples, test set included; default 256. */
        count?: number;
        /** Standard deviation of the noise; default 0.1. */
        noise?: number;
        /** Arms of the spirals; default 2. */
        classes?: number;
        /** Share of the examples in the first class; default: as many as in the others. */
        first_class?: number;
      }
    | {
        /** One feature, one value to predict. */
        kind: 'regression';
        curve?: 'sine' | 'step' | 'bump';
        count?: number;
        noise?: number;
      }
    | {
        /** Drawn digits, 12×12 pixels, ten classes. Noise default 0.2. */
        kind: 'glyphs';
        count?: number;
        noise?: number;
      }
  );

export type Init =
  'he_normal' | 'he_uniform' | 'xavier_normal' | 'xavier_uniform' | 'lecun_normal' | 'normal' | 'pytorch';

export type LayerSpec =
  | {
      kind: 'linear';
      units: number;
      bias?: boolean;
      init?: Init;
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
      /** Normalise by the running statistics in training too, and leave them as they are. Default false. */
      frozen?: boolean;
      /** Ghost batches: statistics over groups of so many examples of the batch. 0 (default): the whole batch. */
      ghost?: number;
    }
  | {
      /** Batch Renormalization: batch statistics, corrected towards the running ones within bounds. */
      kind: 'batch_renorm';
      momentum?: number;
      eps?: number;
      affine?: boolean;
      single_value?: 'error' | 'show';
      initial_gamma?: number;
      /** Bounds on the correction; default 3 and 5. */
      r_max?: number;
      d_max?: number;
      /** Steps of plain BN first, then steps over which the bounds open; default 0 and 0. */
      plain_steps?: number;
      ramp_steps?: number;
    }
  | {
      /** BN that divides by another measure of spread: c·(mean |x−μ|^p)^(1/p). */
      kind: 'lp_norm';
      /** 'inf': the largest |x−μ|. */
      p: 1 | 2 | 'inf';
      momentum?: number;
      eps?: number;
      affine?: boolean;
      single_value?: 'error' | 'show';
      initial_gamma?: number;
    }
  | {
      /** Per example: over all its features, over groups of channels, or over each channel's pixels. */
      kind: 'layer_norm' | 'group_norm' | 'instance_norm';
      /** Of group_norm; default 8. Divides the number of channels. */
      groups?: number;
      eps?: number;
      affine?: boolean;
      initial_gamma?: number;
    }
  | {
      /** 2-D convolution of (channels, height, width). */
      kind: 'conv2d';
      units: number;
      /** Side of the kernel: 1, 3 or 5. */
      kernel: number;
      stride?: number;
      /** Zeros around the picture; default (kernel − 1)/2. */
      padding?: number;
      bias?: boolean;
      init?: Init;
      gain?: number;
      sigma?: number;
    }
  | {
      kind: 'pool2d';
      pool: PoolKind;
      /** Side of the window; default 2. */
      size?: number;
      /** Default: size. */
      stride?: number;
    }
  /** (channels, height, width) to one row. Linear layers need it after convolutions, as in PyTorch. */
  | { kind: 'flatten' }
  | {
      kind: 'dropout';
      /** Share of values set to 0 in training; default 0.5. */
      p?: number;
    }
  | {
      /** Skip connection: adds the output of an earlier layer of the same shape; −1 is the network's input. */
      kind: 'add';
      from: number;
    }
  | {
      kind: 'leaky_relu';
      /** Default 0.01. */
      slope?: number;
    }
  | { kind: 'relu' | 'sigmoid' | 'tanh' | 'identity' };
