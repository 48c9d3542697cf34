import { ArgumentReader } from '../../wasm/arguments.ts';
import { EngineError } from '../protocol/engine-error.ts';
import type { ArgsOf, FigureOperation, OperationName, ResultOf } from '../protocol/operations.ts';
import { fetchBinary } from './binary.ts';
import { Connection, type ConnectionOptions, type Question } from './connection.ts';

/** The engine in a thread of its own. Calls are answered in the order they were made. */
export interface EngineClient<Name extends OperationName = OperationName> {
  /** Rejects with an EngineError when the operation is refused. */
  call<K extends Name>(operation: K, args: ArgsOf<K>): Promise<ResultOf<K>>;
  /** Ends the thread; calls not answered yet are rejected. */
  close(): void;
}

export type ClientOptions = ConnectionOptions;

let shared: Promise<EngineClient<FigureOperation>> | undefined;

/**
 * One engine for all figures of the page; nobody closes it. Rejects with a sentence for the visitor if no engine can be
 * started, and tries anew when asked again.
 */
export function sharedClient(): Promise<EngineClient<FigureOperation>> {
  shared ??= createClient({ wasm: () => fetchBinary('figures') }).catch((error: unknown) => {
    shared = undefined;
    throw error;
  });
  return shared;
}

/** An engine of one's own, in a worker or, where no worker can be had, on the caller's thread. */
export async function createClient(options: ClientOptions = {}): Promise<EngineClient> {
  const client = new Client(options);
  await client.start();
  return client;
}

class Client implements EngineClient {
  readonly #options: ClientOptions;
  #connection: Connection | undefined;
  #replacement: Promise<Connection> | undefined;
  #crashed = false;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#connection = await Connection.open(this.#options, {
      died: () => {
        this.#crashed = true;
        this.#connection = undefined;
      },
    });
  }

  async call<K extends OperationName>(operation: K, args: ArgsOf<K>): Promise<ResultOf<K>> {
    // Asked here as well as by the engine: structured clone would reject a function, but not say which argument it is.
    new ArgumentReader(operation).leaves(args);
    if (this.#crashed && operation.startsWith('model_')) {
      throw new EngineError({
        operation,
        message: "The engine's thread crashed and its models are lost.",
        hint: 'Reload the page.',
      });
    }
    // What needs no model is answered on this thread after a crash.
    if (!this.#connection) this.#connection = await (this.#replacement ??= Connection.here(this.#options));
    return (await this.#connection.ask({ kind: 'call', operation, args } as Question)) as ResultOf<K>;
  }

  close(): void {
    this.#connection?.close();
  }
}
