import type { Experiment } from './experiment.ts';
import type { Tensor, TypedArray } from './tensor.ts';
import type { ActivationKind, Convention, DataSet, LossKind, Mode, PoolKind } from './vocabulary.ts';

/**
 * Every operation of the engine: what it takes and what it returns.
 *
 * The engine has one verb, `call(operation, arguments)`, in a thread of its own (`EngineClient`, which returns a
 * promise) and in the caller's (`Engine`, which returns the result). This table types both. `docs/engine-api.md`
 * describes each row; the checks behind the types are made in C++ (`wasm/workbench.cpp`).
 *
 * Names are those of the C++ engine. B is the number of examples, C of features (channels), and a tensor is
 * row-major with one row per example. float32 or float64 follows from the typed arrays passed.
 */
type Floats = Float32Array | Float64Array;
type Matrix<A extends TypedArray = Floats> = Tensor<A>;
type Vector<A extends TypedArray = Floats> = A | Tensor<A>;

export interface Operations {
  /** The engine's version, and whether this binary uses SIMD. */
  version: { args: Record<string, never>; result: { version: string; simd: boolean } };
  /** Bytes of the engine's heap in use. */
  memory: { args: Record<string, never>; result: { bytes: number } };

  batch_norm_forward: {
    args: {
      /** (B, C) or (B, C, H, W). */
      x: Matrix;
      /** (C); left out: ones and zeros (affine off). */
      gamma?: Vector;
      beta?: Vector;
      /** Default: that of the convention (1e-5; Keras 1e-3). */
      eps?: number;
      /** Default 'training'. */
      mode?: Mode;
      /** (C). Needed in inference mode unless track_running_stats is false; updated copies are returned in training mode. */
      running_mean?: Vector;
      running_var?: Vector;
      /** Default 'pytorch'. Says what `momentum` weighs and which variance is stored. */
      convention?: Convention;
      /** In the convention's own sense; 'cumulative' is PyTorch's momentum=None. Default: the convention's. */
      momentum?: number | 'cumulative';
      /** Batches seen before this one; used by 'cumulative'. Default 0. */
      num_batches_tracked?: number;
      /** One value per channel in training: refuse as PyTorch does, or go on (x̂ = 0, y = β). Default 'error'. */
      single_value?: 'error' | 'show';
    };
    /** y, xhat like x; mean, var (biased), rstd (C): those used to normalise; running_* when given. */
    result: {
      y: Tensor<Floats>;
      xhat: Tensor<Floats>;
      mean: Tensor<Floats>;
      var: Tensor<Floats>;
      rstd: Tensor<Floats>;
      running_mean?: Tensor<Floats>;
      running_var?: Tensor<Floats>;
    };
  };
  batch_norm_backward: {
    args: {
      x: Matrix;
      /** dL/dy, like x. */
      dy: Matrix;
      gamma?: Vector;
      eps?: number;
      /** 'training': through the batch statistics; 'inference': running statistics are constants (frozen BN). */
      mode?: Mode;
      running_mean?: Vector;
      running_var?: Vector;
      convention?: Convention;
      single_value?: 'error' | 'show';
    };
    result: { dx: Tensor<Floats>; dgamma: Tensor<Floats>; dbeta: Tensor<Floats> };
  };
  /** Every intermediate number of one batch through BN, forward, backward and one SGD step on γ and β; float64. */
  batch_norm_walk: {
    args: {
      /** (m, C). */
      x: Tensor<Float64Array>;
      gamma: Float64Array;
      beta: Float64Array;
      eps: number;
      running_mean: Float64Array;
      running_var: Float64Array;
      /** dL/dy (m, C), or a target (m, C) for L = ½ Σ (y − t)². Exactly one of the two. */
      dy?: Tensor<Float64Array>;
      target?: Tensor<Float64Array>;
      /** Learning rate of the SGD step on γ and β. */
      lr: number;
      /**
       * Default 'training'. In 'inference' the running statistics normalise and are constants: centered, xhat, scaled, y,
       * factor, loss and everything backward (dx_mean and dx_variance are then 0) are those of inference mode;
       * sum … std, squared and the *_inference results are the same in both modes, and gap is always y of training − y_inference.
       */
      mode?: Mode;
    };
    result: {
      /** √(m−1): no |x̂| of this batch can be larger (training). */
      xhat_bound: number;
      /** (C): γ/√(σ²+ε), the factor in front of dx (inference: γ/√(V+ε)). */
      factor: Tensor<Float64Array>;
      /** (C). */
      sum: Tensor<Float64Array>;
      mean: Tensor<Float64Array>;
      sum_of_squares: Tensor<Float64Array>;
      var: Tensor<Float64Array>;
      /** m/(m−1)·var; NaN where m = 1. */
      var_unbiased: Tensor<Float64Array>;
      rstd: Tensor<Float64Array>;
      std: Tensor<Float64Array>;
      /** (m, C): x − μ, its square, x̂, γx̂, y = γx̂ + β. */
      centered: Tensor<Float64Array>;
      squared: Tensor<Float64Array>;
      xhat: Tensor<Float64Array>;
      scaled: Tensor<Float64Array>;
      y: Tensor<Float64Array>;
      /** (C): √(V+ε) of the running variance V. */
      running_std: Tensor<Float64Array>;
      /** (C): 1/√(V+ε). (m, C): x̂ and y by the running statistics, and y − y_inference. */
      running_rstd: Tensor<Float64Array>;
      xhat_inference: Tensor<Float64Array>;
      y_inference: Tensor<Float64Array>;
      gap: Tensor<Float64Array>;
      /** L: ½ Σ (y − t)², or Σ dy·y for a given dy (whose gradient is dy). */
      loss: number;
      dy: Tensor<Float64Array>;
      /** (m, C): dy·x̂. (C): Σdy, Σdy·x̂. */
      dy_xhat: Tensor<Float64Array>;
      dbeta: Tensor<Float64Array>;
      dgamma: Tensor<Float64Array>;
      /** (m, C): the three terms of dx = γ/√(σ²+ε)·[dy − dβ/m − x̂·dγ/m], each with the factor in front, and their sum. */
      dx_direct: Tensor<Float64Array>;
      dx_mean: Tensor<Float64Array>;
      dx_variance: Tensor<Float64Array>;
      dx: Tensor<Float64Array>;
      /** (C): Σdx, which is 0 up to rounding. */
      dx_sum: Tensor<Float64Array>;
      /** Central differences of L with a step of 1e-6·max(1, |value|). */
      dx_numeric: Tensor<Float64Array>;
      dgamma_numeric: Tensor<Float64Array>;
      dbeta_numeric: Tensor<Float64Array>;
      /** The largest |analytic − numeric| over dx, dγ and dβ. */
      largest_difference: number;
      /** (C): after γ ← γ − lr·dγ, β ← β − lr·dβ; and L on the same batch then. */
      gamma_next: Tensor<Float64Array>;
      beta_next: Tensor<Float64Array>;
      loss_next: number;
    };
  };
  /**
   * One neuron that learns by SGD, with every number along its way: u = x·w + b, y = γx̂ + β with u normalised over the batch
   * (norm 'none': y = γu + β), L = ½ mean (y − t)². Batches are the rows in order, from the first again when used up; float64.
   */
  neuron_run: {
    args: {
      /** (N, n). */
      x: Tensor<Float64Array>;
      /** (N). */
      target: Vector<Float64Array>;
      /** (n), not all 0. */
      weight: Vector<Float64Array>;
      /** Default 0. */
      bias?: number;
      /** Default 1. */
      gamma?: number;
      /** Default 0. */
      beta?: number;
      /** Default 'batch'. */
      norm?: 'none' | 'batch';
      /** Default 1e-5. */
      eps?: number;
      /** B, with batch normalization 2 at least; default all rows. What rows are left over is not used. */
      batch_size?: number;
      /** K, up to 5000; default 1. */
      steps?: number;
      lr: number;
      /** Of w, added to its gradient; default 0. */
      weight_decay?: number;
      /** Whether w and b learn, and whether γ and β do; default true. */
      train_weight?: boolean;
      train_affine?: boolean;
    };
    result: {
      /** Of the first batch before any step: (B) each, then gradients, (n) and numbers. xhat is u where nothing is normalised. */
      u: Tensor<Float64Array>;
      xhat: Tensor<Float64Array>;
      y: Tensor<Float64Array>;
      /** Of u in that batch; std is √(σ²+ε). */
      mean: number;
      std: number;
      dweight: Tensor<Float64Array>;
      dbias: number;
      dgamma: number;
      dbeta: number;
      /** States 0 to K, fewer when the run diverged: (K+1, n), then (K+1) each. */
      weight: Tensor<Float64Array>;
      bias: Tensor<Float64Array>;
      gamma: Tensor<Float64Array>;
      beta: Tensor<Float64Array>;
      /** Of the batch that comes next, as are the gradients below. */
      loss: Tensor<Float64Array>;
      weight_norm: Tensor<Float64Array>;
      /** ‖∂w‖ without the decay, and ⟨w, ∂w⟩. */
      gradient_norm: Tensor<Float64Array>;
      radial: Tensor<Float64Array>;
      /** lr/‖w‖². */
      effective_lr: Tensor<Float64Array>;
      /** (K): ‖w′/‖w′‖ − w/‖w‖‖ of each step, for small ones the angle in radians. */
      turn: Tensor<Float64Array>;
      /** Root mean square of the turns over the second half of the steps, 0 without any. */
      turn_rms: number;
      /** √(2·lr·weight_decay): what that tends to while decay and gradients hold the length of w in balance. */
      turn_in_balance: number;
      /** A number was no longer finite: the run ends at the last state where all are. */
      diverged: boolean;
    };
  };
  /** What a sample of each feature looks like; (C) each. NaN for the last two where the variance is 0. */
  describe: {
    args: {
      /** (m, C). */
      x: Tensor<Float64Array>;
    };
    result: {
      mean: Tensor<Float64Array>;
      /** √ of the biased variance. */
      std: Tensor<Float64Array>;
      min: Tensor<Float64Array>;
      max: Tensor<Float64Array>;
      /** Largest |x|. */
      abs_max: Tensor<Float64Array>;
      skewness: Tensor<Float64Array>;
      /** 0 for a normal distribution. */
      excess_kurtosis: Tensor<Float64Array>;
    };
  };
  /**
   * Running statistics over a sequence of batches. Row k of the result is the state after batch k; row 0 the start.
   * The batches come as their statistics: mean and biased variance (K, C), and the values per channel behind each (K).
   */
  running_statistics: {
    args: {
      mean: Tensor<Float64Array>;
      var: Tensor<Float64Array>;
      count: Float64Array;
      initial_mean: Float64Array;
      initial_var: Float64Array;
      convention?: Convention;
      momentum?: number | 'cumulative';
      /** Overrides which variance the convention stores. */
      stored_variance?: 'biased' | 'unbiased';
    };
    /** (K+1, C); running_momentum: the weight of the newest batch that was used. */
    result: {
      running_mean: Tensor<Float64Array>;
      running_var: Tensor<Float64Array>;
      running_momentum: number;
    };
  };
  /** Folds inference-mode BN into the linear layer before it: weight (out, in), bias (out). */
  batch_norm_fold: {
    args: {
      weight: Matrix;
      bias?: Vector;
      gamma?: Vector;
      beta?: Vector;
      running_mean: Vector;
      running_var: Vector;
      eps?: number;
      convention?: Convention;
    };
    result: { weight: Tensor<Floats>; bias: Tensor<Floats> };
  };

  /** y = x·weightᵀ + bias; x (B, in), weight (out, in), bias (out). */
  linear_forward: { args: { x: Matrix; weight: Matrix; bias?: Vector }; result: { y: Tensor<Floats> } };
  linear_backward: {
    args: { x: Matrix; weight: Matrix; dy: Matrix };
    result: { dx: Tensor<Floats>; dweight: Tensor<Floats>; dbias: Tensor<Floats> };
  };
  /** y = x ⋆ weight + bias; x (B, in, H, W), weight (out, in, k, k), bias (out). Zeros around: default (k − 1)/2. */
  conv2d_forward: {
    args: { x: Matrix; weight: Matrix; bias?: Vector; stride?: number; padding?: number };
    result: { y: Tensor<Floats> };
  };
  conv2d_backward: {
    args: { x: Matrix; weight: Matrix; dy: Matrix; stride?: number; padding?: number };
    result: { dx: Tensor<Floats>; dweight: Tensor<Floats>; dbias: Tensor<Floats> };
  };
  /** Windows of size×size; x (B, C, H, W). A last partial window is left out, as in PyTorch. */
  pool2d_forward: {
    args: { x: Matrix; pool: PoolKind; size?: number; stride?: number };
    result: { y: Tensor<Floats> };
  };
  pool2d_backward: {
    args: { x: Matrix; dy: Matrix; pool: PoolKind; size?: number; stride?: number };
    result: { dx: Tensor<Floats> };
  };
  /**
   * Normalisation per example over groups of channels: x (B, C) or (B, C, H, W). groups: 1 takes all channels together, C
   * each alone. gamma, beta: (C), or, with groups 1, the shape of one example (layer norm). mean, rstd: (B, groups).
   */
  group_norm_forward: {
    args: { x: Matrix; groups: number; gamma?: Vector; beta?: Vector; eps?: number };
    result: { y: Tensor<Floats>; xhat: Tensor<Floats>; mean: Tensor<Floats>; rstd: Tensor<Floats> };
  };
  group_norm_backward: {
    args: { x: Matrix; dy: Matrix; groups: number; gamma?: Vector; eps?: number };
    result: { dx: Tensor<Floats>; dgamma: Tensor<Floats>; dbeta: Tensor<Floats> };
  };
  /** Batch Renormalization in training mode; r and d (C) are the corrections used. */
  batch_renorm_forward: {
    args: {
      x: Matrix;
      gamma?: Vector;
      beta?: Vector;
      running_mean: Vector;
      running_std: Vector;
      r_max?: number;
      d_max?: number;
      eps?: number;
      single_value?: 'error' | 'show';
    };
    result: { y: Tensor<Floats>; xhat: Tensor<Floats>; r: Tensor<Floats>; d: Tensor<Floats> };
  };
  batch_renorm_backward: {
    args: {
      x: Matrix;
      dy: Matrix;
      gamma?: Vector;
      running_mean: Vector;
      running_std: Vector;
      r_max?: number;
      d_max?: number;
      eps?: number;
      single_value?: 'error' | 'show';
    };
    result: { dx: Tensor<Floats>; dgamma: Tensor<Floats>; dbeta: Tensor<Floats> };
  };
  /** BN with another measure of spread, in training mode; scale (C) is that measure. */
  lp_norm_forward: {
    args: {
      x: Matrix;
      p: 1 | 2 | 'inf';
      gamma?: Vector;
      beta?: Vector;
      eps?: number;
      single_value?: 'error' | 'show';
    };
    result: { y: Tensor<Floats>; xhat: Tensor<Floats>; mean: Tensor<Floats>; scale: Tensor<Floats> };
  };
  lp_norm_backward: {
    args: {
      x: Matrix;
      dy: Matrix;
      p: 1 | 2 | 'inf';
      gamma?: Vector;
      eps?: number;
      single_value?: 'error' | 'show';
    };
    result: { dx: Tensor<Floats>; dgamma: Tensor<Floats>; dbeta: Tensor<Floats> };
  };
  /** Inverted dropout with a mask from the seed; mask holds 0 or 1/(1 − p). Backward is dy·mask. */
  dropout_forward: {
    args: { x: Matrix; p: number; seed: number };
    result: { y: Tensor<Floats>; mask: Tensor<Floats> };
  };
  /** Elementwise, any shape. `slope` is leaky_relu's, default 0.01. */
  activation_forward: {
    args: { kind: ActivationKind; x: Matrix; slope?: number };
    result: { y: Tensor<Floats> };
  };
  activation_backward: {
    args: { kind: ActivationKind; x: Matrix; dy: Matrix; slope?: number };
    result: { dx: Tensor<Floats> };
  };
  /**
   * The mean over the batch and its gradient. cross_entropy: logits (B, K), target Int32 (B) class indices;
   * bce_with_logits and mse: prediction (B, K), target like it; their mean is over all B·K values, as PyTorch's.
   */
  loss: {
    args: { kind: LossKind; prediction: Matrix; target: Matrix<TypedArray> | Int32Array };
    result: { loss: number; gradient: Tensor<Floats> };
  };
  /** One SGD update of one tensor, PyTorch's rule; velocity is needed when momentum > 0. */
  sgd_step: {
    args: {
      parameter: Vector;
      gradient: Vector;
      velocity?: Vector;
      lr: number;
      momentum?: number;
      nesterov?: boolean;
      weight_decay?: number;
      decoupled?: boolean;
    };
    result: { parameter: Tensor<Floats>; velocity?: Tensor<Floats> };
  };
  /** Numbers from one of the engine's random streams; the same natively and in WebAssembly. */
  random: {
    args: {
      seed: number;
      stream: 'data' | 'init' | 'order';
      kind: 'uniform' | 'normal' | 'permutation';
      count: number;
    };
    result: { values: Tensor<Float64Array> };
  };
  /** Draws and prepares a data set and returns what is trained on: x (N, inputs), y (N) or, for regression, (N, 1). */
  dataset: {
    args: { data: Experiment['data']; seed: number };
    result: { x: Tensor<Float32Array>; y: Tensor<Int32Array> | Tensor<Float32Array>; classes: number };
  };

  /**
   * Examples in the engine's memory, prepared as `data` says and shared by the models made with them. 'given' takes x
   * (N, inputs) and y: class indices Int32 (N), or values (N, outputs).
   */
  data_create: {
    args: {
      data: NonNullable<Experiment['data']>;
      seed: number;
      x?: Matrix<Float32Array>;
      y?: Int32Array | Matrix<Float32Array>;
    };
    /**
     * classes is 0 where values are to be predicted, and outputs how many those are (else classes). constant_features: how
     * many standardising found the same throughout the training set, and made 0.
     */
    result: {
      data: number;
      inputs: number;
      classes: number;
      outputs: number;
      train: number;
      test: number;
      constant_features: number;
    };
  };
  /** Examples as the network gets them, from the `first`-th on; default all. y is Int32 (N) or values (N, outputs). */
  data_read: {
    args: { data: number; set: DataSet; first?: number; count?: number };
    result: { x: Tensor<Float32Array>; y: Tensor<Int32Array> | Tensor<Float32Array> };
  };
  data_free: { args: { data: number }; result: Record<string, never> };

  /** Builds a network, its optimiser and its data from an experiment. `Engine.model()` wraps the handle. */
  model_create: {
    args: {
      experiment: Experiment;
      /** Of data_create; instead of experiment.data. */
      data?: number;
    };
    result: { model: number };
  };
  model_free: { args: { model: number }; result: Record<string, never> };
  /** Names (state_dict order, one per line) of parameters and buffers. */
  model_names: { args: { model: number }; result: { names: string } };
  model_get: { args: { model: number; name: string }; result: { value: Tensor<TypedArray> } };
  model_set: {
    args: { model: number; name: string; value: Vector<TypedArray> };
    result: Record<string, never>;
  };
  /** The gradient of the last step, by parameter name. */
  model_gradient: { args: { model: number; name: string }; result: { value: Tensor<Floats> } };
  /**
   * Steps on batches the experiment's own data and order give. losses (steps): training-mode batch loss before each
   * update. Training ends at the first value that is not finite from the first layer's statistics to the last gradient, before
   * the update: `diverged`, and `Divergence` says where.
   */
  model_train: {
    args: { model: number; steps: number };
    result: { losses: Tensor<Float64Array>; step: number; epoch: number; diverged: boolean } & Divergence;
  };
  /** Gives the model examples of its own: (N, inputs) and their targets, or those of data_create. The batch order starts anew, weights stay. */
  model_set_data: {
    args: { model: number; x?: Matrix; y?: Matrix<TypedArray> | Int32Array; data?: number };
    result: Record<string, never>;
  };
  /** One step on a given batch. */
  model_step: {
    args: { model: number; x: Matrix; y: Matrix<TypedArray> | Int32Array };
    result: { loss: number; step: number; diverged: boolean } & Divergence;
  };
  /** Outputs (and the loss when y is given) without changing anything. */
  model_evaluate: {
    args: {
      model: number;
      mode: Mode;
      x: Matrix;
      y?: Matrix<TypedArray> | Int32Array;
      /**
       * In training mode: normalise by the statistics of x itself ('own', default), or by those of the batch of the last
       * step ('last_batch'), as if each example were met in that batch without moving its statistics.
       */
      statistics?: 'own' | 'last_batch';
    };
    result: { output: Tensor<Floats>; loss?: number };
  };
  /**
   * Loss and accuracy over a whole set, or the batch of the last step. In training mode the set is taken in batches of the
   * experiment's size, in order; where two examples are needed, one left over at the end is left out. accuracy is NaN where
   * values are predicted.
   */
  model_score: {
    args: {
      model: number;
      mode: Mode;
      set: DataSet | 'batch';
      /** At most so many examples of the set; default all. */
      limit?: number;
      /** On scale·x + shift instead; default 1 and 0. */
      scale?: number;
      shift?: number;
    };
    /** confusion (classes, classes): row, the class; column, the prediction. */
    result: { loss: number; accuracy: number; count: number; confusion?: Tensor<Int32Array> };
  };
  /** The batch of the last step: which examples of the training set, and what the network got. */
  model_batch: {
    args: { model: number };
    result: { members: Tensor<Int32Array>; x: Tensor<Floats>; y: Tensor<Int32Array> | Tensor<Floats> };
  };
  /** What the last step left in one layer, counted from 0: (B, …) or, for statistics, (C). */
  model_record: {
    args: { model: number; layer: number; what: 'output' | 'gradient' | 'xhat' | 'mean' | 'var' };
    result: { value: Tensor<Floats> };
  };
  /**
   * Every layer after the last step; L layers. Histograms count into `bins` equal bins of a fixed range, values beyond it in
   * the outermost: outputs and x̂ over ±range, gradients by log10 |dL/dy| from −12 to 2 (zeros in the first).
   */
  model_observe: {
    args: { model: number; bins?: number; range?: number };
    result: {
      /** (L, bins); rows of x̂ are 0 where the layer has none. */
      output: Tensor<Int32Array>;
      xhat: Tensor<Int32Array>;
      gradient: Tensor<Int32Array>;
      /** (L) each, of the layer's output in the batch. */
      output_mean: Tensor<Float64Array>;
      output_std: Tensor<Float64Array>;
      /** Root mean square of dL/dy over the batch. */
      gradient_rms: Tensor<Float64Array>;
      /** Share of units that are 0 for every example (after relu), of values beyond ±0.95 of the way to a limit (sigmoid, tanh); else NaN. */
      dead: Tensor<Float64Array>;
      saturated: Tensor<Float64Array>;
      /** Norms of the layer's weight and of its gradient; NaN where it has none. */
      weight_norm: Tensor<Float64Array>;
      weight_gradient_norm: Tensor<Float64Array>;
      /** lr/‖w‖²: what moves a weight whose scale does not matter; NaN where there is no weight. */
      effective_lr: Tensor<Float64Array>;
      /** The lr of the next step. */
      lr: number;
    };
  };
  /** The statistics of a BN layer (C): of the last batch, running, and recalibrated over so many batches (which changes nothing). */
  model_statistics: {
    args: { model: number; layer: number; batches?: number };
    result: {
      batch_mean: Tensor<Floats>;
      batch_var: Tensor<Floats>;
      running_mean: Tensor<Floats>;
      running_var: Tensor<Floats>;
      recalibrated_mean: Tensor<Floats>;
      recalibrated_var: Tensor<Floats>;
    };
  };
  /** PreciseBN: running statistics replaced by averages over batches of the own data, seen as scale·x + shift (default 1, 0). */
  model_recalibrate: {
    args: { model: number; batches: number; scale?: number; shift?: number };
    result: Record<string, never>;
  };
  /** Back to the initial weights and the start of the batch order. */
  model_rewind: { args: { model: number }; result: Record<string, never> };
  model_set_optimizer: {
    args: { model: number; optimizer: Experiment['optimizer'] };
    result: Record<string, never>;
  };
  /** Other batches from now on; the rest of the epoch under way is left out. */
  model_set_batch: {
    args: { model: number; batch: Experiment['batch'] };
    result: Record<string, never>;
  };
  /** Other options of the same layers (ε, momentum, dropout, frozen, …); what would change a shape is refused. */
  model_set_layers: {
    args: { model: number; layers: Experiment['model']['layers'] };
    result: Record<string, never>;
  };

  // Studies, in a binary of their own (`StudyOperation`): measured experiments that say themselves what they ask and show.

  /** All definitions, as JSON: an array of `StudyDefinition` (studies.ts). */
  study_list: { args: Record<string, never>; result: { studies: string } };
  /** One seed of a study. */
  study_run: {
    args: {
      /** Its id or name. */
      study: string;
      seed: number;
      /** By name, each within its range; what is left out is as the study has it. */
      knobs?: Readonly<Record<string, number>>;
      /** Of the axis, where the study has one: 1 to 32 values. */
      points?: Float64Array;
    };
    result: {
      /** (metrics, arms, points); NaN where nothing was measured. */
      values: Tensor<Float64Array>;
      /** (checks): the quantity of each; NaN where the setting leaves out what it needs. */
      numbers: Tensor<Float64Array>;
    };
  };
  /** The quantity of each check from the values of a seed, some of which came from elsewhere: the time it took. */
  study_measure: {
    args: {
      study: string;
      knobs?: Readonly<Record<string, number>>;
      points?: Float64Array;
      /** (metrics, arms, points). */
      values: Tensor<Float64Array>;
    };
    result: { numbers: Tensor<Float64Array> };
  };
  /** What the numbers of several seeds say about each check. */
  study_judge: {
    args: {
      study: string;
      /** (seeds, checks), rows of `study_run`; NaN where nothing was measured. */
      numbers: Tensor<Float64Array>;
    };
    /** As JSON: an array of `StudyVerdict` (studies.ts). */
    result: { verdicts: string };
  };
}

/** Where a value stopped being finite first, in the order in which a step computes. Absent when none did. */
export interface Divergence {
  /** The layer, counted from 0; absent when it is the loss. */
  diverged_layer?: number;
  diverged_what?: 'output' | 'statistics' | 'loss' | 'gradient';
  /** The example in the batch and the unit (flat index within the layer's output or tensor). */
  diverged_example?: number;
  diverged_unit?: number;
  diverged_value?: number;
}

/** What studies take: a binary of its own has these, and the one for all else has not. */
export type StudyOperation = 'study_list' | 'study_run' | 'study_measure' | 'study_judge';

export type OperationName = keyof Operations;
/** Those of the binary that has all but studies. */
export type EngineOperation = Exclude<OperationName, StudyOperation>;
/** What figures compute on a few numbers, without data sets and models: a binary of its own has these alone. */
export type FigureOperation = Extract<
  OperationName,
  | 'version'
  | 'memory'
  | 'batch_norm_forward'
  | 'batch_norm_backward'
  | 'batch_norm_fold'
  | 'batch_norm_walk'
  | 'neuron_run'
  | 'running_statistics'
  | 'describe'
  | 'linear_forward'
  | 'linear_backward'
  | 'activation_forward'
  | 'activation_backward'
  | 'loss'
  | 'sgd_step'
  | 'random'
>;
export type ArgsOf<K extends OperationName> = Operations[K]['args'];
export type ResultOf<K extends OperationName> = Operations[K]['result'];
