import { EngineError } from '../protocol/engine-error.ts';
import type { LabEvent } from '../protocol/lab-session.ts';
import type { Reply, Request } from '../protocol/messages.ts';
import EngineWorker from '../worker/engine.worker.ts?worker&inline';
import { fetchBinary, NO_WEBASSEMBLY } from './binary.ts';
import { type Link, type Listener, localLink, type WorkerLike, workerLink } from './link.ts';

export interface ConnectionOptions {
  worker?: () => WorkerLike;
  /** The binary; asked for each engine started, since bytes are handed over to it. */
  wasm?: () => Promise<ArrayBuffer | WebAssembly.Module>;
}

/** What happens without being asked for. */
export interface ConnectionListener {
  event?(event: LabEvent): void;
  /** The engine is gone, and what was waiting has been rejected with this message. */
  died?(message: string): void;
}

/** A request as it is asked for: the connection numbers those that are answered. */
export type Question = Asked<Request>;
type Asked<R> = R extends { id: number } ? Omit<R, 'id'> : never;
type Told = Exclude<Request, { id: number }>;

interface Waiting {
  resolve(result: unknown): void;
  reject(error: EngineError): void;
}

/** One engine, in a worker or on the caller's own thread, and the answers that are waited for. */
export class Connection {
  readonly #listener: ConnectionListener;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #link: Link | undefined;
  #local = false;

  private constructor(listener: ConnectionListener) {
    this.#listener = listener;
  }

  /** In a worker or, where there is none or none in which WebAssembly runs, on the caller's thread. */
  static async open(options: ConnectionOptions = {}, listener: ConnectionListener = {}): Promise<Connection> {
    const { worker = () => new EngineWorker() } = options;
    const connection = new Connection(listener);
    try {
      await connection.#start(options, (hears) => workerLink(worker(), hears));
      return connection;
    } catch {
      // If the reason lies elsewhere, this fails too and says so.
      return Connection.here(options, listener);
    }
  }

  /** On the caller's thread. */
  static async here(options: ConnectionOptions = {}, listener: ConnectionListener = {}): Promise<Connection> {
    const connection = new Connection(listener);
    connection.#local = true;
    await connection.#start(options, localLink);
    return connection;
  }

  /** Shares the thread with whoever asks. */
  get local(): boolean {
    return this.#local;
  }

  /** Rejects with an EngineError when the request is refused, or cannot be answered any more. */
  ask(question: Question): Promise<unknown> {
    return this.#ask(question).answer;
  }

  /** The same, with a number to tell the engine later which request is meant. */
  begin(question: Question): { id: number; answer: Promise<unknown> } {
    return this.#ask(question);
  }

  /** Says what needs no answer. */
  tell(message: Told): void {
    this.#link?.post(message);
  }

  /** Ends the thread; what is waiting is rejected. */
  close(): void {
    this.#drop('The engine was closed before it answered.');
  }

  async #start(
    { wasm: binary = () => fetchBinary() }: ConnectionOptions,
    open: (hears: Listener) => Link | Promise<Link>,
  ): Promise<void> {
    const wasm = await binary();
    try {
      let started = false;
      this.#link = await open({
        reply: (reply) => this.#settle(reply),
        event: (event) => this.#listener.event?.(event),
        died: (reason) => {
          if (!this.#link) return;
          const message = `The engine's thread crashed: ${reason}.`;
          this.#drop(message);
          if (started) this.#listener.died?.(message);
        },
      });
      const transfer = wasm instanceof ArrayBuffer ? [wasm] : [];
      await this.#ask({ kind: 'start', wasm }, transfer).answer;
      started = true;
    } catch (cause) {
      this.#drop('The engine could not be started.');
      throw new EngineError({ message: NO_WEBASSEMBLY }, { cause });
    }
  }

  #ask(question: Question, transfer?: Transferable[]): { id: number; answer: Promise<unknown> } {
    const id = ++this.#lastId;
    const answer = new Promise((resolve, reject) => {
      if (!this.#link) throw new EngineError({ message: 'The engine was closed.' });
      this.#waiting.set(id, { resolve, reject });
      try {
        this.#link.post({ ...question, id } as Request, transfer);
      } catch (cause) {
        this.#waiting.delete(id);
        const message = `The arguments cannot be handed to the engine's thread: ${String(cause)}`;
        throw new EngineError({ message }, { cause });
      }
    });
    return { id, answer };
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
