import { ArgumentReader } from '../../wasm/arguments.ts';
import { EngineError } from '../protocol/engine-error.ts';
import type { Reply, Request } from '../protocol/messages.ts';
import type { ArgsOf, OperationName, ResultOf } from '../protocol/operations.ts';
import EngineWorker from '../worker/engine.worker.ts?worker&inline';
import { fetchBinary, NO_WEBASSEMBLY } from './binary.ts';
import { type Link, type Listener, localLink, type WorkerLike, workerLink } from './link.ts';

/** The engine in a thread of its own. Calls are answered in the order they were made. */
export interface EngineClient {
  /** Rejects with an EngineError when the operation is refused. */
  call<K extends OperationName>(operation: K, args: ArgsOf<K>): Promise<ResultOf<K>>;
  /** Ends the thread; calls not answered yet are rejected. */
  close(): void;
}

export interface ClientOptions {
  worker?: () => WorkerLike;
  /** The binary; asked for each engine started, since the bytes are handed over to it. */
  wasm?: () => Promise<ArrayBuffer | WebAssembly.Module>;
}

let shared: Promise<EngineClient> | undefined;

/**
 * One engine for the whole page; nobody closes it. Rejects with a sentence for the visitor if no engine can be
 * started, and tries anew when asked again.
 */
export function sharedClient(): Promise<EngineClient> {
  shared ??= createClient().catch((error: unknown) => {
    shared = undefined;
    throw error;
  });
  return shared;
}

/** An engine of one's own, in a worker or, where no worker can be had, on the caller's thread. */
export async function createClient(options: ClientOptions = {}): Promise<EngineClient> {
  const client = new Client({ worker: () => new EngineWorker(), wasm: fetchBinary, ...options });
  await client.start();
  return client;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: EngineError): void;
}

class Client implements EngineClient {
  readonly #options: Required<ClientOptions>;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #link: Link | undefined;
  #replacement: Promise<void> | undefined;
  #closed = false;

  constructor(options: Required<ClientOptions>) {
    this.#options = options;
  }

  async start(): Promise<void> {
    try {
      await this.#connect((listener) => workerLink(this.#options.worker(), listener));
    } catch {
      // No worker, or none in which WebAssembly runs; if the reason lies elsewhere, this fails too and says so.
      await this.#connect(localLink);
    }
  }

  async call<K extends OperationName>(operation: K, args: ArgsOf<K>): Promise<ResultOf<K>> {
    // Asked here as well as by the engine: structured clone would reject a function, but not say which argument it is.
    new ArgumentReader(operation).leaves(args);
    if (this.#replacement && operation.startsWith('model_')) {
      throw new EngineError({
        operation,
        message: "The engine's thread crashed and its models are lost.",
        hint: 'Reload the page.',
      });
    }
    if (!this.#link && !this.#closed) await (this.#replacement ??= this.#connect(localLink));
    const id = ++this.#lastId;
    return (await this.#request({ kind: 'call', id, operation, args } as Request)) as ResultOf<K>;
  }

  close(): void {
    this.#closed = true;
    this.#drop('The engine was closed before it answered.');
  }

  async #connect(open: (listener: Listener) => Link | Promise<Link>): Promise<void> {
    const wasm = await this.#options.wasm();
    try {
      const link: Link = await open({
        reply: (reply) => this.#settle(reply),
        died: (reason) => {
          if (link === this.#link) this.#drop(`The engine's thread crashed: ${reason}.`);
        },
      });
      this.#link = link;
      const transfer = wasm instanceof ArrayBuffer ? [wasm] : [];
      await this.#request({ kind: 'start', id: ++this.#lastId, wasm }, transfer);
    } catch (cause) {
      this.#drop('The engine could not be started.');
      throw new EngineError({ message: NO_WEBASSEMBLY }, { cause });
    }
  }

  #request(request: Request, transfer?: Transferable[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (!this.#link) throw new EngineError({ message: 'The engine was closed.' });
      this.#waiting.set(request.id, { resolve, reject });
      try {
        this.#link.post(request, transfer);
      } catch (cause) {
        this.#waiting.delete(request.id);
        const message = `The arguments cannot be handed to the engine's thread: ${String(cause)}`;
        throw new EngineError({ message }, { cause });
      }
    });
  }

  #settle(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.kind === 'done') waiting?.resolve(reply.result);
    else waiting?.reject(EngineError.fromData(reply.error));
  }

  #drop(message: string): void {
    this.#link?.close();
    this.#link = undefined;
    for (const { reject } of this.#waiting.values()) reject(new EngineError({ message }));
    this.#waiting.clear();
  }
}
