import type { Engine } from '../../wasm/engine.ts';
import { EngineError } from '../protocol/engine-error.ts';
import type { Experiment } from '../protocol/experiment.ts';
import type {
  LabArmFrame,
  LabFrame,
  LabOpened,
  LabRun,
  LabSetup,
  LabWatch,
} from '../protocol/lab-session.ts';
import { Trace } from '../protocol/lab-trace.ts';
import type { ArgsOf, OperationName, ResultOf } from '../protocol/operations.ts';
import { buffersOf } from './buffers.ts';
import type { Host } from './host.ts';
import type { LabArm } from './lab-arm.ts';
import { inArm, LabArms } from './lab-arms.ts';
import { checkCall, checkRun, checkUnchanged, checkWatch, same } from './lab-checks.ts';
import { LabObserver } from './lab-observer.ts';
import { nextMultiple } from './lab-job.ts';
import { restAfter } from './looking.ts';
import { ScorePace } from './score-pace.ts';
import { Slices, type Work } from './slices.ts';

/** Milliseconds between two frames at least, and the share of the time that making them may take. */
const FRAME_EVERY = 50;
const FRAME_SHARE = 0.04;
/** Examples of each set a page gets to draw. */
const SHOWN = 2000;
const EVERY = 10;
const LIMIT = 1000;

interface Run extends Pick<LabRun, 'speed' | 'loss'> {
  /** The step at which it ends, or the epoch of whose end it waits. */
  until?: number;
  epoch?: number;
  /** When the next step is due, with a speed. */
  due: number;
  ended?(): void;
}

/**
 * Models that train side by side: one handle of data, one or two of models, advanced in lockstep in slices of time. A
 * session uses no globals: engine, clock and messages are given to it.
 *
 * What is to be done follows from the fields alone (`#work`), so whatever changes them can drop the work under way and
 * start it again; between two yields of the work the arms are at one step.
 */
export class LabSession {
  readonly #engine: Engine;
  readonly #host: Host;
  readonly #id: number;
  readonly #arms: LabArms;
  readonly #slices: Slices;
  readonly #traces: readonly Trace[];
  #watch: LabWatch;
  #observer: LabObserver;
  #pace = new ScorePace();
  #run: Run | undefined;
  #stopped: LabFrame['stopped'];
  /** Arms to be scored where they stand, and at which step each was scored last. */
  readonly #due = new Set<LabArm>();
  readonly #scored = new Map<LabArm, number>();
  /** Something has happened since the last frame; the page has taken that one; when it was sent, and what it took. */
  #changed = false;
  #taken = true;
  #frameAt = -Infinity;
  #frameCost = 0;
  /** Where the speed is counted from. */
  #counted = { step: 0, at: 0 };

  constructor(engine: Engine, host: Host, id: number, setup: LabSetup, watch: LabWatch) {
    checkWatch(watch);
    [this.#engine, this.#host, this.#id, this.#watch] = [engine, host, id, watch];
    this.#arms = new LabArms(engine, setup, () => host.now());
    this.#traces = this.#arms.all.map(() => new Trace());
    this.#slices = new Slices(host, (error) => this.#fail(error));
    try {
      this.#observer = new LabObserver(engine, this.#arms, watch);
    } catch (error) {
      this.#arms.free();
      throw error;
    }
  }

  /** The first look at everything. Call it once, before anything else. */
  opened(): LabOpened {
    const { all, data } = this.#arms;
    for (const arm of all) this.#due.add(arm);
    atOnce(this.#score());
    const frame = atOnce(this.#frame());
    this.#sent();
    return {
      data,
      train: this.#arms.read('train', SHOWN),
      test: data.test > 0 ? this.#arms.read('test', SHOWN) : undefined,
      names: all.map((arm) => arm.names()),
      frame,
    };
  }

  run(run: LabRun): void {
    checkRun(run);
    const { steps, ...rest } = run;
    this.#begin({ ...rest, ...(steps !== undefined && { until: this.#arms.step + steps }), due: 0 });
  }

  /** Resolves when the steps have been made, or when something else was asked for meanwhile. */
  step(unit: 'batch' | 'epoch'): Promise<void> {
    return new Promise((ended) => {
      const [first] = this.#arms.live;
      const end = unit === 'batch' ? { until: this.#arms.step + 1 } : { epoch: (first?.epoch ?? 0) + 1 };
      this.#begin({ ...end, due: 0, ended });
    });
  }

  pause(): void {
    if (!this.#run) return;
    this.#stop(undefined);
    this.#restart();
  }

  rewind(): void {
    this.#end();
    this.#slices.stop();
    this.#arms.rewind();
    for (const trace of this.#traces) trace.take();
    this.#pace = new ScorePace();
    this.#stopped = undefined;
    this.#scored.clear();
    for (const arm of this.#arms.all) this.#due.add(arm);
    this.#restart();
  }

  /** Other options from the next step on, in all arms or, if any is refused, in none. */
  change(experiments: readonly Experiment[]): void {
    const arms = this.#arms.all;
    if (experiments.length !== arms.length) {
      const [expected, actual] = [`${arms.length} models, as it started`, `${experiments.length}`];
      throw new EngineError({ argument: 'arms', expected, actual, hint: 'This needs a new start.' });
    }
    const pairs = arms.map((arm, index) => ({ arm, index, next: experiments[index]! }));
    for (const { arm, index, next } of pairs) checkUnchanged(index, arm.experiment, next);
    for (const { arm, index, next } of pairs) {
      // Asked beforehand, because no undoing brings back the rest of an epoch.
      if (!same(setBatch.part(arm.experiment), setBatch.part(next))) this.#arms.check(index, next);
    }
    const undo: (() => void)[] = [];
    try {
      for (const set of [setLayers, setOptimizer, setBatch]) {
        for (const { arm, index, next } of pairs) {
          const before = arm.experiment;
          if (same(set.part(before), set.part(next))) continue;
          inArm(index, () => set.apply(this.#engine, arm, next), set.inside);
          undo.push(() => set.apply(this.#engine, arm, before));
        }
      }
    } catch (error) {
      for (const step of undo.reverse()) step();
      throw error;
    }
    for (const { arm, next } of pairs) {
      const moved = !same(setLayers.part(arm.experiment), setLayers.part(next));
      if (moved && !arm.divergence) this.#due.add(arm);
      arm.experiment = next;
    }
    this.#restart();
  }

  watch(watch: LabWatch): void {
    checkWatch(watch);
    const before = this.#observer;
    this.#observer = new LabObserver(this.#engine, this.#arms, watch);
    try {
      atOnce(this.#frame());
    } catch (error) {
      this.#observer = before;
      throw error;
    }
    this.#watch = watch;
    this.#restart();
  }

  call(index: number, operation: OperationName, args: object): ResultOf<OperationName> {
    const arm = this.#arms.all[index];
    if (!arm) {
      const expected = `an arm from 0 to ${this.#arms.all.length - 1}`;
      throw new EngineError({ operation, argument: 'arm', expected, actual: `${index}` });
    }
    const setting = checkCall(operation);
    const all = { ...args, model: arm.model } as ArgsOf<OperationName>;
    const result = this.#engine.call(operation, all);
    if (setting) {
      if (!arm.divergence) this.#due.add(arm);
      this.#restart();
    }
    return result;
  }

  /** The page has taken the last frame. */
  taken(): void {
    if (this.#taken) return;
    this.#taken = true;
    if (this.#slices.idle) this.#slices.start(this.#work());
  }

  close(): void {
    this.#end();
    this.#slices.stop();
    this.#arms.free();
  }

  *#work(): Work {
    for (;;) {
      if (this.#due.size > 0) yield* this.#score();
      else if (this.#frameWait() <= 0) yield* this.#send();
      else {
        const wait = Math.min(this.#run ? this.#advance(this.#run) : Infinity, this.#frameWait());
        if (wait === Infinity) return;
        yield wait;
      }
    }
  }

  /** Milliseconds until a frame is to be sent; Infinity while there is nothing new or the page has not taken the last. */
  #frameWait(): number {
    if (!this.#changed || !this.#taken) return Infinity;
    const rest = this.#run ? Math.max(FRAME_EVERY, restAfter(this.#frameCost, FRAME_SHARE)) : FRAME_EVERY;
    return Math.max(0, this.#frameAt + rest - this.#host.now());
  }

  /** One call of the engine for each arm; or, ahead of a speed that is asked for, the milliseconds to wait. */
  #advance(run: Run): number {
    const now = this.#host.now();
    if (now < run.due) return run.due - now;
    const { every = EVERY } = this.#watch;
    const { live, step } = this.#arms;
    const { speed, loss, epoch, until = Infinity } = run;
    const pointEvery = this.#pace.every(every, speed);
    const ends = [until, nextMultiple(pointEvery, step)];
    if (loss !== undefined) ends.push(nextMultiple(every, step));
    // The engine tells an epoch's end only after the fact.
    if (epoch !== undefined) ends.push(step + 1);
    // After a pause of the whole machine there is no catching up.
    if (speed !== undefined) ends.push(step + 1 + Math.floor((Math.min(now - run.due, 100) * speed) / 1000));

    const busy = this.#slices.busy;
    this.#arms.advance(Math.min(...ends) - step, every);
    this.#changed = true;
    const made = this.#arms.step - step;
    this.#pace.trained(made, this.#slices.busy - busy);
    if (speed !== undefined) run.due = Math.max(run.due, now - 100) + (1000 * made) / speed;

    const at = this.#arms.step;
    const [first] = live;
    if (live.some(({ divergence }) => divergence)) this.#stop('diverged', live);
    else if (at >= until) this.#stop(run.ended ? undefined : 'steps');
    else if (epoch !== undefined && first!.epoch >= epoch) this.#stop(undefined);
    else if (loss !== undefined && at % every === 0 && first!.batchLoss() <= loss) this.#stop('loss');
    else if (at % pointEvery === 0) for (const arm of live) this.#due.add(arm);
    return 0;
  }

  *#score(): Work {
    const busy = this.#slices.busy;
    const { limit = LIMIT } = this.#watch;
    for (const arm of this.#due) {
      const point = yield* arm.point(limit, this.#arms.data.test > 0);
      this.#traces[this.#arms.all.indexOf(arm)]!.add(point);
      this.#scored.set(arm, arm.step);
      this.#due.delete(arm);
    }
    this.#changed = true;
    this.#pace.scored(this.#slices.busy - busy);
  }

  *#send(): Work {
    const busy = this.#slices.busy;
    const frame = yield* this.#frame();
    this.#sent();
    this.#taken = false;
    this.#host.post({ kind: 'frame', session: this.#id, frame }, buffersOf(frame));
    this.#frameCost = this.#slices.busy - busy;
  }

  *#frame(): Work<LabFrame> {
    const arms: LabArmFrame[] = [];
    for (const [index, arm] of this.#arms.all.entries()) {
      arms.push(yield* this.#observer.frame(arm, index, this.#traces[index]!.points));
    }
    return {
      arms,
      speed: this.#speed(),
      running: this.#run !== undefined,
      ...(this.#stopped && { stopped: this.#stopped }),
    };
  }

  #sent(): void {
    for (const trace of this.#traces) trace.take();
    this.#changed = false;
    this.#frameAt = this.#host.now();
    this.#count();
  }

  #speed(): number {
    const milliseconds = this.#host.now() - this.#counted.at;
    if (!this.#run || milliseconds <= 0) return 0;
    return (1000 * (this.#arms.step - this.#counted.step)) / milliseconds;
  }

  #count(): void {
    this.#counted = { step: this.#arms.step, at: this.#host.now() };
  }

  #begin(run: Run): void {
    if (this.#arms.live.length === 0) {
      const message = 'Every model has diverged; rewind, or open another.';
      throw new EngineError({ operation: 'lab_run', message });
    }
    this.#end();
    this.#run = { ...run, due: this.#host.now() };
    this.#stopped = undefined;
    this.#count();
    this.#restart();
  }

  /** What was reached is shown: every arm that moved gets a point where it stands. */
  #stop(reason: LabFrame['stopped'], arms = this.#arms.live): void {
    this.#end();
    this.#stopped = reason;
    this.#changed = true;
    for (const arm of arms) if (this.#scored.get(arm) !== arm.step) this.#due.add(arm);
  }

  #end(): void {
    const run = this.#run;
    this.#run = undefined;
    run?.ended?.();
  }

  #restart(): void {
    this.#changed = true;
    this.#slices.start(this.#work());
  }

  #fail(error: unknown): void {
    this.#end();
    const message = error instanceof Error ? error.message : String(error);
    this.#host.post({ kind: 'lab_failed', session: this.#id, message }, []);
  }
}

function atOnce<Result>(work: Work<Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** What can change while training goes on: what it is in an experiment, how the engine is told, and how it names it. */
interface LivePart {
  part(experiment: Experiment): unknown;
  apply(engine: Engine, arm: LabArm, experiment: Experiment): void;
  inside: string;
}

const setLayers: LivePart = {
  part: ({ model }) => model.layers,
  apply(engine, arm, { model: { layers } }) {
    engine.call('model_set_layers', { model: arm.model, layers });
    // What the last batch left in the layers may not fit the new options: the engine forgets it.
    arm.hasBatch = false;
  },
  inside: 'model.',
};

const setOptimizer: LivePart = {
  part: ({ optimizer = {} }) => optimizer,
  apply: (engine, { model }, { optimizer = {} }) => engine.call('model_set_optimizer', { model, optimizer }),
  inside: '',
};

const setBatch: LivePart = {
  part: ({ batch = {} }) => batch,
  apply(engine, arm, { batch = {} }) {
    engine.call('model_set_batch', { model: arm.model, batch });
    if (batch.size !== arm.experiment.batch?.size) arm.hasBatch = false;
  },
  inside: '',
};
