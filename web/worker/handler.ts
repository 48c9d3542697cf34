import { type Engine, EngineError, loadEngine } from '../../wasm/engine.ts';
import type { ErrorData, Reply, Request } from '../protocol/messages.ts';

export interface Answer {
  reply: Reply;
  /** The buffers of the result: copies made for this reply, so whoever posts it may hand them over. */
  transfer: ArrayBuffer[];
}

/**
 * The worker's side of the protocol without the worker: a function from request to answer that holds one engine. It
 * uses no globals, so the same code answers in a worker, on the page's own thread and in a test. Requests are
 * answered in the order they came; the promise never rejects.
 */
export function createHandler(): (request: Request) => Promise<Answer> {
  let engine: Engine | undefined;
  let previous: Promise<unknown> = Promise.resolve();

  async function answer(request: Request): Promise<Answer> {
    const { id } = request;
    try {
      if (request.kind === 'start') {
        engine = await loadEngine({ wasm: request.wasm });
        return { reply: { kind: 'done', id, result: null }, transfer: [] };
      }
      if (!engine) throw new EngineError({ message: 'The engine was called before it was started.' });
      const result = engine.call(request.operation, request.args);
      return { reply: { kind: 'done', id, result }, transfer: buffersOf(result) };
    } catch (error) {
      return { reply: { kind: 'failed', id, error: toData(error) }, transfer: [] };
    }
  }

  return (request) => {
    const result = previous.then(() => answer(request));
    previous = result;
    return result;
  };
}

function buffersOf(result: object): ArrayBuffer[] {
  return Object.values(result).flatMap((leaf) => (isTensor(leaf) ? [leaf.data.buffer] : []));
}

function isTensor(leaf: unknown): leaf is { data: { buffer: ArrayBuffer } } {
  return typeof leaf === 'object' && leaf !== null && 'data' in leaf;
}

function toData(error: unknown): ErrorData {
  if (error instanceof EngineError) return error.toData();
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { name, message };
}
