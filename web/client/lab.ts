import type { Experiment } from '../protocol/experiment.ts';
import type {
  LabFrame,
  LabJob,
  LabJobResult,
  LabOpened,
  LabPoint,
  LabRun,
  LabSetup,
  LabWatch,
} from '../protocol/lab-session.ts';
import type { Timed } from '../protocol/messages.ts';
import type { ArgsOf, OperationName, ResultOf } from '../protocol/operations.ts';

/**
 * A Lab session seen from the page: promises for what is asked, events for what happens, and the trace so far. No DOM.
 *
 * Events (plain `Event`s): 'frame' after a new frame has been taken, 'status' when `status` has changed.
 */
export interface Lab extends EventTarget {
  readonly status: 'empty' | 'opening' | 'ready' | 'running' | 'failed';
  /** One sentence, when status is 'failed'. */
  readonly failure: string | undefined;
  readonly setup: LabSetup | undefined;
  readonly opened: LabOpened | undefined;
  readonly frame: LabFrame | undefined;
  /** The points of each arm since the start or the last rewind, thinned evenly when they would be more than 2,000. */
  readonly trace: readonly (readonly LabPoint[])[];

  /** Builds data and models; the ones before are gone only if this succeeds. */
  open(setup: LabSetup): Promise<LabOpened>;
  run(options?: LabRun): Promise<void>;
  pause(): Promise<void>;
  step(unit: 'batch' | 'epoch'): Promise<void>;
  /** Initial weights and the start of the batch order: the same numbers again. */
  rewind(): Promise<void>;
  /** Options that can change while training goes on; rejects those that need a new start, naming them. */
  change(arms: readonly Experiment[]): Promise<void>;
  watch(watch: LabWatch): Promise<void>;
  /** An operation on an arm's model; `model` is filled in. */
  call<K extends Extract<OperationName, `model_${string}`>>(
    arm: number,
    operation: K,
    args: Omit<ArgsOf<K>, 'model'>,
  ): Promise<ResultOf<K>>;
  close(): void;
}

/** Several engines, each in a worker, for runs that nobody watches. */
export interface LabPool {
  readonly workers: number;
  /**
   * Runs the jobs on all workers and resolves with a result per job, in their order; each as it comes goes to `onResult`.
   * Aborting rejects with the signal's reason and ends the workers' jobs at once.
   */
  run(jobs: readonly LabJob[], options?: PoolRun<LabJobResult>): Promise<readonly LabJobResult[]>;
  /**
   * The same for calls of one operation that stands by itself, needing no model or data made before. A call cannot be
   * interrupted: after an abort a worker is free again when its call has ended, so calls should take a second at most.
   */
  call<K extends OperationName>(
    operation: K,
    args: readonly ArgsOf<K>[],
    options?: PoolRun<Timed<ResultOf<K>>>,
  ): Promise<readonly Timed<ResultOf<K>>[]>;
  close(): void;
}

export interface PoolRun<T> {
  signal?: AbortSignal;
  onResult?(index: number, result: T): void;
  /** How many at the same time at most; 1 where their time is what counts. */
  atOnce?: number;
  /** What to wait for before each, if anything. */
  ready?(): Promise<void> | undefined;
}
