import type { Engine } from '../../wasm/engine.ts';
import type { Experiment } from '../protocol/experiment.ts';
import type { LabArmFrame, LabModes, LabPoint, LabScore } from '../protocol/lab-session.ts';
import type { Divergence, ResultOf } from '../protocol/operations.ts';
import type { DataSet, Mode } from '../protocol/vocabulary.ts';
import type { Work } from './slices.ts';
import { examplesPerCall } from './work-size.ts';

/** One model of a session: where it stands, and what it scores there. */
export class LabArm {
  readonly #engine: Engine;
  readonly model: number;
  /** What it was made of, with what has been changed since. */
  experiment: Experiment;
  step = 0;
  epoch = 0;
  /** There was a step since the start and since the shape of the batches changed. */
  hasBatch = false;
  divergence: LabArmFrame['divergence'];
  #losses: number[] = [];

  constructor(engine: Engine, experiment: Experiment, data: number) {
    this.#engine = engine;
    this.experiment = experiment;
    this.model = engine.call('model_create', { experiment: withoutData(experiment), data }).model;
  }

  names(): string[] {
    return this.#engine.call('model_names', { model: this.model }).names.split('\n').filter(Boolean);
  }

  /** At most so many steps; fewer only if it diverges. Returns how many it made. */
  train(steps: number, remember: number): number {
    const { losses, step, epoch, diverged, ...where } = this.#engine.call('model_train', {
      model: this.model,
      steps,
    });
    const made = step - this.step;
    this.#losses.push(...losses.data.subarray(0, made));
    if (this.#losses.length > remember) this.#losses.splice(0, this.#losses.length - remember);
    [this.step, this.epoch, this.hasBatch] = [step, epoch, true];
    if (diverged) this.divergence = { ...(where as Divergence), step: step + 1 };
    return made;
  }

  /** The mean of the last batch losses, as many as `train` was told to remember. */
  batchLoss(): number {
    return this.#losses.reduce((sum, loss) => sum + loss, 0) / this.#losses.length;
  }

  *point(limit: number, hasTest: boolean): Work<LabPoint> {
    const most = Math.min(limit, examplesPerCall(this.experiment));
    return {
      step: this.step,
      epoch: this.epoch,
      batchLoss: this.batchLoss(),
      batch: this.hasBatch ? yield* this.#modes('batch') : undefined,
      train: yield* this.#modes('train', most),
      test: hasTest ? yield* this.#modes('test', most) : undefined,
    };
  }

  score(mode: Mode, set: DataSet | 'batch', limit?: number): ResultOf<'model_score'> {
    return this.#engine.call('model_score', {
      model: this.model,
      mode,
      set,
      ...(limit !== undefined && { limit }),
    });
  }

  rewind(): void {
    this.#engine.call('model_rewind', { model: this.model });
    [this.step, this.epoch, this.hasBatch] = [0, 0, false];
    this.divergence = undefined;
    this.#losses = [];
  }

  free(): void {
    this.#engine.call('model_free', { model: this.model });
  }

  *#modes(set: DataSet | 'batch', limit?: number): Work<LabModes> {
    const training = scoreOf(this.score('training', set, limit));
    yield;
    const inference = scoreOf(this.score('inference', set, limit));
    yield;
    return { training, inference };
  }
}

const scoreOf = ({ loss, accuracy }: ResultOf<'model_score'>): LabScore => ({ loss, accuracy });

/** The arms of a session share its data. */
function withoutData(experiment: Experiment): Experiment {
  const rest = { ...experiment };
  delete rest.data;
  return rest;
}
