import type { CsvChoice, CsvExamples, CsvReply, CsvRequest, CsvTable } from '../protocol/csv.ts';
import CsvWorker from '../worker/csv.worker.ts?worker&inline';
import type { WorkerLike } from './link.ts';

/** Why a table cannot be used, as a sentence. */
export class CsvProblemError extends Error {}

/**
 * Reads a table in a thread of its own, so that a large file does not hold up the page; on the page's thread where no
 * worker can be had. Promises reject with a CsvProblemError.
 */
export class CsvReader {
  readonly #makeWorker: () => WorkerLike;
  readonly #waiting = new Map<number, { resolve(reply: CsvReply): void; reject(error: Error): void }>();
  #post: ((request: CsvRequest) => void) | undefined;
  #worker: WorkerLike | undefined;
  #lastId = 0;

  constructor(makeWorker: () => WorkerLike = () => new CsvWorker()) {
    this.#makeWorker = makeWorker;
  }

  /** A file, or pasted text. What was opened before is forgotten. */
  open(source: Blob | string): Promise<CsvTable> {
    return this.#ask({ kind: 'open', id: ++this.#lastId, source }, 'table');
  }

  /** The same table, with the first row taken as names or not. */
  look(header: boolean): Promise<CsvTable> {
    return this.#ask({ kind: 'look', id: ++this.#lastId, header }, 'table');
  }

  read(choice: CsvChoice): Promise<CsvExamples> {
    return this.#ask({ kind: 'read', id: ++this.#lastId, choice }, 'examples');
  }

  /** Ends the thread; what was not answered yet is rejected. */
  close(): void {
    this.#drop('Reading was stopped.');
  }

  async #ask<K extends 'table' | 'examples'>(
    request: CsvRequest,
    kind: K,
  ): Promise<Extract<CsvReply, Record<K, unknown>>[K]> {
    const post = (this.#post ??= this.#connect());
    const reply = await new Promise<CsvReply>((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject });
      post(request);
    });
    if (reply.kind === 'failed') throw new CsvProblemError(reply.message);
    return (reply as Extract<CsvReply, Record<K, unknown>>)[kind];
  }

  #connect(): (request: CsvRequest) => void {
    try {
      const worker = this.#makeWorker();
      this.#worker = worker;
      worker.addEventListener('message', ({ data }: MessageEvent<CsvReply>) => this.#settle(data));
      worker.addEventListener('error', () => {
        if (worker === this.#worker) this.#drop('The table is too large for this browser.');
      });
      return (request) => worker.postMessage(request, []);
    } catch {
      const handler = import('../worker/csv-handler.ts').then(({ createCsvHandler }) => createCsvHandler());
      return (request) => {
        void handler
          .then((handle) => handle(request))
          .then(
            ({ reply }) => this.#settle(reply),
            () => this.#drop('What reads tables could not be loaded.'),
          );
      };
    }
  }

  #settle(reply: CsvReply): void {
    this.#waiting.get(reply.id)?.resolve(reply);
    this.#waiting.delete(reply.id);
  }

  #drop(message: string): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#post = undefined;
    for (const { reject } of this.#waiting.values()) reject(new CsvProblemError(message));
    this.#waiting.clear();
  }
}
