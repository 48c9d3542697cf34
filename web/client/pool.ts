import { EngineError } from '../protocol/engine-error.ts';
import type { LabJob, LabJobResult } from '../protocol/lab-session.ts';
import type { Timed } from '../protocol/messages.ts';
import type { ArgsOf, OperationName, ResultOf } from '../protocol/operations.ts';
import { fetchBinary, NO_WEBASSEMBLY } from './binary.ts';
import { Connection, type ConnectionOptions, type Question } from './connection.ts';
import { Examples } from './examples.ts';
import type { LabPool, PoolRun } from './lab.ts';

export interface PoolOptions extends ConnectionOptions {
  /** How many workers at most; default: one for each core. */
  workers?: number;
}

/** Workers are started when there is something for them to do, and kept for the next time. */
export function createLabPool(options: PoolOptions = {}): LabPool {
  return new Pool(options);
}

class Pool implements LabPool {
  readonly #options: ConnectionOptions;
  /** Those that run or will, and of them those without a job. */
  readonly #connections = new Set<Connection>();
  readonly #idle: Connection[] = [];
  /** Jobs that wait for a worker. */
  readonly #waiting: (() => void)[] = [];
  readonly #examples = new Examples();
  #workers: number;
  #starting = 0;
  #closed = false;

  constructor({ workers = navigator.hardwareConcurrency || 1, ...options }: PoolOptions) {
    this.#workers = workers;
    this.#options = { ...options, wasm: compiledOnce(options.wasm ?? (() => fetchBinary())) };
  }

  get workers(): number {
    return this.#workers;
  }

  run(jobs: readonly LabJob[], options: PoolRun<LabJobResult> = {}): Promise<readonly LabJobResult[]> {
    const job = (index: number, over: AbortSignal) =>
      this.#do(jobs[index]!, `Job ${index + 1} of ${jobs.length}`, over);
    return this.#all(jobs.length, job, options);
  }

  call<K extends OperationName>(
    operation: K,
    args: readonly ArgsOf<K>[],
    options: PoolRun<Timed<ResultOf<K>>> = {},
  ): Promise<readonly Timed<ResultOf<K>>[]> {
    const call = async (index: number, over: AbortSignal) => {
      const connection = await this.#acquire();
      try {
        over.throwIfAborted();
        const question = { kind: 'timed_call', operation, args: args[index]! } as Question;
        return (await connection.ask(question)) as Timed<ResultOf<K>>;
      } finally {
        this.#release(connection);
      }
    };
    return this.#all(args.length, call, options);
  }

  /** Does one after the other on as many lanes as there may be, and ends them all when one fails or the run is aborted. */
  async #all<T>(
    count: number,
    one: (index: number, over: AbortSignal) => Promise<T>,
    { signal, onResult, atOnce = Infinity, ready }: PoolRun<T>,
  ): Promise<readonly T[]> {
    signal?.throwIfAborted();
    // Ends with the run, whatever ends it, and with it the jobs under way.
    const over = new AbortController();
    const aborted = new Promise<never>((_, reject) => {
      const listener = () => {
        reject(signal?.reason as Error);
        over.abort();
      };
      signal?.addEventListener('abort', listener, { signal: over.signal });
    });
    const results: T[] = [];
    let next = 0;
    const lane = async () => {
      while (next < count && !over.signal.aborted) {
        const wait = ready?.();
        if (wait) {
          await wait;
          continue;
        }
        const index = next++;
        const result = await one(index, over.signal);
        if (over.signal.aborted) return;
        results[index] = result;
        onResult?.(index, result);
      }
    };
    try {
      const lanes = Array.from({ length: Math.min(this.#workers, count, atOnce) }, lane);
      await Promise.race([Promise.all(lanes), aborted]);
      return results;
    } finally {
      over.abort();
    }
  }

  close(): void {
    this.#closed = true;
    for (const connection of this.#connections) connection.close();
    for (const proceed of this.#waiting.splice(0)) proceed();
  }

  async #do(job: LabJob, name: string, over: AbortSignal): Promise<LabJobResult> {
    const connection = await this.#acquire();
    let cancel: (() => void) | undefined;
    try {
      over.throwIfAborted();
      const setup = this.#examples.send(connection, job.setup);
      const { id, answer } = connection.begin({ kind: 'job', job: { ...job, setup } });
      cancel = () => connection.tell({ kind: 'job_cancel', job: id });
      over.addEventListener('abort', cancel);
      return (await answer) as LabJobResult;
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      throw new EngineError({ ...error.toData(), message: `${name}: ${error.message}` }, { cause: error });
    } finally {
      if (cancel) over.removeEventListener('abort', cancel);
      this.#release(connection);
    }
  }

  /** A worker for one job. */
  async #acquire(): Promise<Connection> {
    for (;;) {
      if (this.#closed) throw new EngineError({ message: 'The pool was closed.' });
      const idle = this.#idle.pop();
      if (idle) return idle;
      if (this.#connections.size + this.#starting < this.#workers) {
        const started = await this.#start();
        if (started) return started;
      } else await new Promise<void>((proceed) => this.#waiting.push(proceed));
    }
  }

  #release(connection: Connection): void {
    if (this.#connections.has(connection)) this.#idle.push(connection);
    this.#waiting.shift()?.();
  }

  /** One that is gone: no job may get it any more, whether it died at work or at rest. */
  #forget(connection: Connection): void {
    this.#connections.delete(connection);
    const at = this.#idle.indexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
  }

  /** A new worker, or undefined if it would only be another on the page's own thread. */
  async #start(): Promise<Connection | undefined> {
    this.#starting++;
    try {
      const connection = await Connection.open(this.#options, {
        died: () => this.#forget(connection),
      });
      if (connection.local) this.#workers = 1;
      if (this.#closed || (connection.local && this.#connections.size > 0)) {
        connection.close();
        return undefined;
      }
      this.#connections.add(connection);
      return connection;
    } catch (error) {
      // Whoever waits for this one tries for itself.
      this.#waiting.shift()?.();
      throw error;
    } finally {
      this.#starting--;
    }
  }
}

/** The workers share one compiled module. */
function compiledOnce(wasm: NonNullable<ConnectionOptions['wasm']>): () => Promise<WebAssembly.Module> {
  let module: Promise<WebAssembly.Module> | undefined;
  const compile = async () => {
    const binary = await wasm();
    if (binary instanceof WebAssembly.Module) return binary;
    try {
      return await WebAssembly.compile(binary);
    } catch (cause) {
      throw new EngineError({ message: NO_WEBASSEMBLY }, { cause });
    }
  };
  return () =>
    (module ??= compile().catch((error: unknown) => {
      module = undefined;
      throw error;
    }));
}
