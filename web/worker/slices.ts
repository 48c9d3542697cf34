import type { Host } from './host.ts';

/** Yielded: nothing to go on at once, or so many milliseconds in which there is nothing to do. */
export type Work<Result = void> = Generator<number | void, Result>;

/**
 * Runs a piece of work in slices of time and listens in between. Work is a generator that yields wherever it may be
 * interrupted; the last yield before the slice is over ends the slice.
 */
export class Slices {
  readonly #host: Host;
  readonly #failed: (error: unknown) => void;
  #work: Work | undefined;
  /** Which call back is waited for; others come too late. */
  #ticket = 0;
  #waiting = false;
  #busy = 0;
  #began: number | undefined;

  constructor(host: Host, failed: (error: unknown) => void) {
    this.#host = host;
    this.#failed = failed;
  }

  /** There is no work, or none at the moment. */
  get idle(): boolean {
    return this.#work === undefined || this.#waiting;
  }

  /** Milliseconds of work so far, without what was waited for in between. */
  get busy(): number {
    return this.#busy + (this.#began === undefined ? 0 : this.#host.now() - this.#began);
  }

  /** Does this from now on; work under way is dropped where it stands. */
  start(work: Work): void {
    this.stop();
    this.#work = work;
    this.#schedule();
  }

  stop(): void {
    const work = this.#work;
    this.#work = undefined;
    this.#ticket++;
    work?.return();
  }

  #schedule(wait = 0): void {
    const ticket = ++this.#ticket;
    this.#waiting = wait > 0;
    this.#host.schedule(() => {
      if (ticket === this.#ticket) this.#slice();
    }, wait);
  }

  #slice(): void {
    const work = this.#work;
    if (!work) return;
    this.#waiting = false;
    this.#began = this.#host.now();
    const end = this.#began + this.#host.slice;
    try {
      let wait = 0;
      do {
        const { done, value } = work.next();
        if (done) this.#work = undefined;
        else wait = value ?? 0;
      } while (this.#work === work && wait === 0 && this.#host.now() < end);
      if (this.#work === work) this.#schedule(wait);
    } catch (error) {
      this.#work = undefined;
      this.#failed(error);
    } finally {
      this.#busy += this.#host.now() - this.#began;
      this.#began = undefined;
    }
  }
}

/** Work on its own: what comes of it, and a way to end it early, on which it rejects with `reason`. */
export function inSlices<Result>(
  host: Host,
  work: Work<Result>,
): { result: Promise<Result>; cancel(reason: Error): void } {
  const { promise, resolve, reject } = withResolvers<Result>();
  const slices = new Slices(host, reject);
  slices.start(
    (function* () {
      resolve(yield* work);
    })(),
  );
  return {
    result: promise,
    cancel(reason) {
      slices.stop();
      reject(reason);
    },
  };
}

/** Promise.withResolvers, which browsers from before 2024 do not have. */
function withResolvers<Result>() {
  let resolve!: (result: Result) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<Result>((...both) => ([resolve, reject] = both));
  return { promise, resolve, reject };
}
