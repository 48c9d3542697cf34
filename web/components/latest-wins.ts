/**
 * Runs an asynchronous job for the newest input only: one in flight, and when it ends the newest input waiting.
 * What was asked for in between is never computed, so dragging cannot fall behind.
 */
export class LatestWins<Input, Output> {
  #running = false;
  #waiting: { input: Input } | undefined;
  #stopped = false;

  constructor(
    private readonly job: (input: Input) => Promise<Output>,
    private readonly done: (input: Input, output: Output) => void,
    private readonly failed: (input: Input, error: unknown) => void,
    /** What to wait for before each job, if anything: a figure out of sight computes nothing. */
    private readonly ready: () => Promise<void> | undefined = () => undefined,
  ) {}

  submit(input: Input): void {
    this.#waiting = { input };
    if (!this.#running) void this.#run();
  }

  /** Nothing is delivered any more. */
  stop(): void {
    this.#stopped = true;
    this.#waiting = undefined;
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiting && !this.#stopped) {
      const wait = this.ready();
      if (wait) {
        await wait;
        continue;
      }
      const { input } = this.#waiting;
      this.#waiting = undefined;
      try {
        const output = await this.job(input);
        if (!this.#stopped) this.done(input, output);
      } catch (error) {
        if (!this.#stopped) this.failed(input, error);
      }
    }
    this.#running = false;
  }
}
