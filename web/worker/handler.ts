import { type Engine, EngineError, loadEngine } from '../../wasm/engine.ts';
import type { LabSetup } from '../protocol/lab-session.ts';
import type { ErrorData, Reply, Request } from '../protocol/messages.ts';
import { buffersOf } from './buffers.ts';
import type { Host } from './host.ts';
import { runJob } from './lab-job.ts';
import { LabSession } from './lab-session.ts';
import { inSlices } from './slices.ts';

export interface Answer {
  reply: Reply;
  /** The buffers of the result: copies made for this reply, so whoever posts it may hand them over. */
  transfer: ArrayBuffer[];
}

type Examples = (Request & { kind: 'examples' })['examples'];
type Result = (Reply & { kind: 'done' })['result'];

/**
 * The worker's side of the protocol without the worker: a function from request to answer, which is undefined for
 * requests without an id. It holds one engine and the sessions and jobs that run on it, and uses no globals, so the same
 * code answers in a worker, on the page's own thread and in a test. Requests are begun in the order they came, and
 * answered in it but for steps and jobs, which take their time; the promise never rejects.
 */
export function createHandler(host: Host): (request: Request) => Promise<Answer | undefined> {
  let started: Engine | undefined;
  /** The last start; all that came after it waits for it. */
  let previous: Promise<unknown> = Promise.resolve();
  const sessions = new Map<number, LabSession>();
  let examples: Examples = {};
  const jobs = new Map<number, (reason: Error) => void>();

  function engine(): Engine {
    if (started) return started;
    throw new EngineError({ message: 'The engine was called before it was started.' });
  }

  function session(number: number): LabSession {
    const found = sessions.get(number);
    if (found) return found;
    throw new EngineError({
      argument: 'session',
      expected: 'a session that is open',
      actual: `${number}`,
    });
  }

  async function start(wasm: ArrayBuffer | WebAssembly.Module): Promise<null> {
    started = await loadEngine({ wasm });
    return null;
  }

  function job(id: number, work: ReturnType<typeof runJob>): Promise<Result> {
    const { result, cancel } = inSlices(host, work);
    jobs.set(id, cancel);
    return result.finally(() => jobs.delete(id));
  }

  function withExamples(setup: LabSetup): LabSetup {
    const { data } = setup;
    return data.data.kind === 'given' ? { ...setup, data: { ...examples, ...data } } : setup;
  }

  function begin(request: Request): Result | void | Promise<Result | void> {
    switch (request.kind) {
      case 'start':
        return start(request.wasm);
      case 'call':
        return engine().call(request.operation, request.args);
      case 'timed_call': {
        const before = host.now();
        const result = engine().call(request.operation, request.args);
        return { result, milliseconds: host.now() - before };
      }
      case 'job':
        return job(
          request.id,
          runJob(engine(), { ...request.job, setup: withExamples(request.job.setup) }, host.now),
        );
      case 'job_cancel':
        return jobs.get(request.job)?.(new EngineError({ message: 'The job was cancelled.' }));
      case 'examples':
        examples = request.examples;
        return undefined;
      case 'lab_open': {
        const setup = withExamples(request.setup);
        const opening = new LabSession(engine(), host, request.session, setup, request.watch);
        try {
          const opened = opening.opened();
          sessions.set(request.session, opening);
          return opened;
        } catch (error) {
          opening.close();
          throw error;
        }
      }
      case 'lab_run':
        return session(request.session).run(request.run);
      case 'lab_pause':
        return session(request.session).pause();
      case 'lab_step':
        return session(request.session).step(request.unit);
      case 'lab_rewind':
        return session(request.session).rewind();
      case 'lab_change':
        return session(request.session).change(request.arms);
      case 'lab_watch':
        return session(request.session).watch(request.watch);
      case 'lab_call':
        return session(request.session).call(request.arm, request.operation, request.args);
      case 'lab_taken':
        return sessions.get(request.session)?.taken();
      case 'lab_close': {
        const closing = session(request.session);
        sessions.delete(request.session);
        return closing.close();
      }
    }
  }

  async function answer(request: Request): Promise<Answer | undefined> {
    const id = 'id' in request ? request.id : undefined;
    try {
      const result = (await begin(request)) ?? null;
      return id === undefined
        ? undefined
        : { reply: { kind: 'done', id, result }, transfer: buffersOf(result) };
    } catch (error) {
      return id === undefined
        ? undefined
        : { reply: { kind: 'failed', id, error: toData(error) }, transfer: [] };
    }
  }

  return (request) => {
    const answered = previous.then(() => answer(request));
    if (request.kind === 'start') previous = answered;
    return answered;
  };
}

function toData(error: unknown): ErrorData {
  if (error instanceof EngineError) return error.toData();
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { name, message };
}
