import type { Experiment } from './experiment.ts';
import type { Divergence, ArgsOf, OperationName, ResultOf } from './operations.ts';
import type { Tensor } from './tensor.ts';

/**
 * Models that train side by side on the same examples: what the page asks of the worker, and what it hears.
 *
 * A session has one or two arms (A, B), each a model. They are advanced in lockstep: the same number of steps each, so
 * that with equal batch settings they see the same batches. The worker trains in slices of time and, at most twenty times
 * a second and only once the page has taken the last one, sends a frame: numbers that belong to one step.
 */
export interface LabSetup {
  data: ArgsOf<'data_create'>;
  /** `experiment.data` is left out: the arms share `data`. */
  arms: readonly Experiment[];
}

/**
 * What a frame is to hold beyond the losses. Asking for less makes training faster. What does not apply to a network or its
 * data is left out of its frames: a map of other than one or two features, statistics of a layer that keeps none, anything
 * about a batch before the first.
 */
export interface LabWatch {
  /**
   * Steps between two scores on the sets; the trace has one point per score. Default 10. Where scores would slow training
   * down they lie twice, four times … as far apart, so that they take some 3 % of the time once a run is under way (more only on networks so slow that it shows); at
   * speeds at which single steps can be followed they lie closer.
   */
  every?: number;
  /** Examples of a set a score looks at; default 1,000. Fewer in a network in which so many would take long. */
  limit?: number;
  /**
   * Predictions on a grid (resolution × resolution) over `range`: x from, x to, y from, y to; for one feature, `resolution`
   * points. `gridPoints` says where they lie.
   */
  map?: { resolution: number; range: readonly [number, number, number, number] };
  /** Histograms and norms of each layer. */
  layers?: { bins: number; range: number };
  /** Statistics of one BN layer of each arm (counted in its `layers`), with a recalibration over so many batches; undefined: none. */
  statistics?: { layers: readonly (number | undefined)[]; batches: number };
  /** Predictions for the first examples of the test set, for a grid of pictures, and confusion over the whole set. */
  examples?: number;
}

export interface LabScore {
  loss: number;
  accuracy: number;
}

/** One point of the trace: the arm after `step` updates. */
export interface LabPoint {
  step: number;
  epoch: number;
  /** Mean of the last `every` batch losses, or of all if they are fewer; NaN before the first step. */
  batchLoss: number;
  batch: LabModes | undefined;
  train: LabModes;
  test: LabModes | undefined;
}

export interface LabModes {
  training: LabScore;
  inference: LabScore;
}

export interface LabArmFrame {
  step: number;
  epoch: number;
  /** Points since the last frame. */
  points: readonly LabPoint[];
  /** Which examples of the training set made up the last batch. */
  members: Int32Array | undefined;
  /**
   * Outputs on the grid, (points, outputs), in each mode; training mode with the statistics of the last batch, or of the
   * grid before the first.
   */
  map?: { training: Tensor<Float32Array>; inference: Tensor<Float32Array> };
  layers?: ResultOf<'model_observe'>;
  /** gamma and beta (C) where the layer has them. */
  statistics?: ResultOf<'model_statistics'> & { gamma?: Tensor; beta?: Tensor };
  examples?: {
    /** (examples, outputs) in each mode. */
    training: Tensor<Float32Array>;
    inference: Tensor<Float32Array>;
    confusion?: { training: Tensor<Int32Array>; inference: Tensor<Int32Array> };
  };
  /** `step`, counted from 1, was not made: the weights are those after the one before. */
  divergence?: Divergence & { step: number };
}

export interface LabFrame {
  arms: readonly LabArmFrame[];
  /** Steps per second each arm made in the last slices, measured; 0 while it stands still. */
  speed: number;
  running: boolean;
  /** Why it stopped by itself, if it did. */
  stopped?: 'steps' | 'loss' | 'diverged';
}

export interface LabRun {
  /** Steps per second at most; default as fast as it goes. */
  speed?: number;
  /**
   * Stop after so many more steps, or when the mean of the last `every` batch losses of arm A is at or below this, which
   * is looked at every `every` steps.
   */
  steps?: number;
  loss?: number;
}

/** Page → worker, each answered by a reply with the same id. */
export type LabRequest =
  | { kind: 'lab_open'; id: number; session: number; setup: LabSetup; watch: LabWatch }
  | { kind: 'lab_run'; id: number; session: number; run: LabRun }
  | { kind: 'lab_pause'; id: number; session: number }
  | { kind: 'lab_step'; id: number; session: number; unit: 'batch' | 'epoch' }
  | { kind: 'lab_rewind'; id: number; session: number }
  /** The same layers' shapes and data with other options; training goes on. Rejects what needs a new start. */
  | { kind: 'lab_change'; id: number; session: number; arms: readonly Experiment[] }
  | { kind: 'lab_watch'; id: number; session: number; watch: LabWatch }
  /** Any operation on an arm's model (`model` is filled in). */
  | { kind: 'lab_call'; id: number; session: number; arm: number; operation: OperationName; args: object }
  | { kind: 'lab_taken'; session: number }
  | { kind: 'lab_close'; id: number; session: number };

/** Worker → page, not asked for. */
export type LabEvent =
  | { kind: 'frame'; session: number; frame: LabFrame }
  | { kind: 'lab_failed'; session: number; message: string };

/** What a session tells when it opens. */
export interface LabOpened {
  data: Omit<ResultOf<'data_create'>, 'data'>;
  /** The examples as the networks get them, up to 2,000 of each set, for drawing. */
  train: ResultOf<'data_read'>;
  test: ResultOf<'data_read'> | undefined;
  /** Names of each arm's tensors, in state_dict order. */
  names: readonly (readonly string[])[];
  frame: LabFrame;
}

/** A run on its own, for sweeps and bands: no page looks on while it trains. */
export interface LabJob {
  setup: LabSetup;
  steps: number;
  /** Steps between two points of the trace; 0: only the end, whose batchLoss is then over 10 batches. */
  every: number;
  /** Examples of a set a score looks at. */
  limit: number;
}

export interface LabJobResult {
  /** Of each arm. A diverged arm's trace ends where it diverged. */
  arms: readonly { points: readonly LabPoint[]; divergence?: Divergence & { step: number } }[];
}
