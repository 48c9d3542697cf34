import type { Engine } from '../../wasm/engine.ts';
import { EngineError } from '../protocol/engine-error.ts';
import type { LabSetup } from '../protocol/lab-session.ts';
import type { ResultOf } from '../protocol/operations.ts';
import { LabArm } from './lab-arm.ts';

/** One call of the engine costs as much as a step of the smallest networks; among so many that is nothing. */
const MOST_STEPS = 64;
/** What a call should take, in milliseconds: short against a slice, long against a clock that ticks ten times in that. */
const [SHORT, LONG] = [1, 3];

/** The models of a session and the data they share, advanced in lockstep. */
export class LabArms {
  readonly #engine: Engine;
  readonly #now: () => number;
  readonly #data: number;
  readonly data: Omit<ResultOf<'data_create'>, 'data'>;
  readonly all: readonly LabArm[];
  #steps = 1;

  /** Builds everything or, on an error, nothing. */
  constructor(engine: Engine, setup: LabSetup, now: () => number) {
    if (setup.arms.length !== 1 && setup.arms.length !== 2) {
      throw new EngineError({
        argument: 'arms',
        expected: 'one or two models',
        actual: `${setup.arms.length}`,
      });
    }
    this.#engine = engine;
    this.#now = now;
    const { data, ...about } = engine.call('data_create', setup.data);
    [this.#data, this.data] = [data, about];
    const arms: LabArm[] = [];
    this.all = arms;
    try {
      setup.arms.forEach((experiment, index) =>
        arms.push(inArm(index, () => new LabArm(engine, experiment, data))),
      );
    } catch (error) {
      this.free();
      throw error;
    }
  }

  /** Those that have not diverged; they all stand at the same step. */
  get live(): readonly LabArm[] {
    return this.all.filter(({ divergence }) => !divergence);
  }

  /** Updates the live arms have made; that of the last one to diverge if there are none. */
  get step(): number {
    return Math.max(...(this.live.length > 0 ? this.live : this.all).map(({ step }) => step));
  }

  read(set: 'train' | 'test', count: number): ResultOf<'data_read'> {
    return this.#engine.call('data_read', { data: this.#data, set, count: Math.min(count, this.data[set]) });
  }

  /**
   * The same number of steps in all live arms: as many as take a moment, at most `most`. If one diverges, those after it
   * stop at the same step. The last arm goes first, because it is the plain one of a comparison and the likelier to diverge.
   */
  advance(most: number, remember: number): void {
    const before = this.#now();
    const wanted = Math.min(most, this.#steps);
    let steps = wanted;
    for (const arm of this.live.toReversed()) if (steps > 0) steps = arm.train(steps, remember);
    const took = this.#now() - before;
    if (took > LONG) this.#steps = Math.max(1, this.#steps >> 1);
    else if (took < SHORT && wanted === this.#steps) this.#steps = Math.min(MOST_STEPS, this.#steps * 2);
  }

  /** Refuses what the engine would refuse in a model made anew; changes nothing. */
  check(index: number, experiment: LabArm['experiment']): void {
    inArm(index, () => new LabArm(this.#engine, experiment, this.#data)).free();
  }

  rewind(): void {
    for (const arm of this.all) arm.rewind();
  }

  free(): void {
    for (const arm of this.all) arm.free();
    this.#engine.call('data_free', { data: this.#data });
  }
}

/** Does it, and says in a refusal which arm is meant: `experiment.loss` becomes `arms.1.loss`. */
export function inArm<Result>(index: number, action: () => Result, inside = ''): Result {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof EngineError) || !error.argument) throw error;
    const { expected, actual, hint } = error;
    const argument = `arms.${index}.${inside}${error.argument.replace(/^experiment\./, '')}`;
    throw new EngineError({ argument, expected, actual, hint }, { cause: error });
  }
}
