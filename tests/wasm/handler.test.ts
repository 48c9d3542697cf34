import { afterEach, expect, test, vi } from 'vitest';
import type { Request } from '../../web/protocol/messages.ts';
import { type Answer, createHandler } from '../../web/worker/handler.ts';
import { workerHost } from '../../web/worker/host.ts';
import { setup } from './lab-support.ts';
import { binaryBytes } from './support.ts';

const start: Request = { kind: 'start', id: 1, wasm: new WebAssembly.Module(binaryBytes('simd')) };
const x = { shape: [2, 1], data: Float64Array.of(1, 3) };

/** For requests that are answered. */
function handler() {
  const handle = createHandler(workerHost(() => undefined));
  return (request: Request) => handle(request) as Promise<Answer>;
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

test('answers each request under its own id, in order', async () => {
  const handle = handler();
  const answers = await Promise.all([
    handle(start),
    handle({ kind: 'call', id: 7, operation: 'describe', args: { x } }),
    handle({ kind: 'call', id: 5, operation: 'version', args: {} }),
  ]);
  expect(answers.map(({ reply }) => [reply.kind, reply.id])).toEqual([
    ['done', 1],
    ['done', 7],
    ['done', 5],
  ]);
  expect(answers[1]?.reply).toMatchObject({ result: { mean: { shape: [1], data: Float64Array.of(2) } } });
});

test('lists every buffer of a result for transfer, each once', async () => {
  const handle = handler();
  await handle(start);
  const { reply, transfer } = await handle({ kind: 'call', id: 2, operation: 'describe', args: { x } });
  const tensors = Object.values((reply as { result: Record<string, { data: Float64Array }> }).result);
  expect(transfer).toEqual(tensors.map(({ data }) => data.buffer));
  expect(new Set(transfer).size).toBe(tensors.length);
  expect(() => structuredClone(reply, { transfer })).not.toThrow();
});

test('sends errors as plain data', async () => {
  const handle = handler();
  await handle(start);
  const bad = { shape: [2, 1], data: Float64Array.of(1, Infinity) };
  const { reply } = await handle({ kind: 'call', id: 3, operation: 'describe', args: { x: bad } });
  expect(reply).toEqual(structuredClone(reply));
  expect(reply).toMatchObject({ kind: 'failed', id: 3, error: { name: 'EngineError', argument: 'x' } });
});

test('refuses calls before the start, and can be started after a failed start', async () => {
  const handle = handler();
  const call: Request = { kind: 'call', id: 2, operation: 'version', args: {} };
  expect((await handle(call)).reply).toMatchObject({
    kind: 'failed',
    error: { message: expect.stringMatching(/before it was started/) },
  });
  const broken = await handle({ kind: 'start', id: 3, wasm: new ArrayBuffer(8) });
  expect(broken.reply).toMatchObject({
    kind: 'failed',
    id: 3,
    error: { message: expect.stringMatching(/cannot be used/) },
  });
  await handle(start);
  expect((await handle(call)).reply).toMatchObject({ kind: 'done', id: 2 });
});

test('answers for the sessions that are open, and hands over what is theirs', async () => {
  const handle = handler();
  await handle(start);
  const open: Request = { kind: 'lab_open', id: 2, session: 7, setup: setup(), watch: {} };
  const { reply, transfer } = await handle(open);
  expect(reply).toMatchObject({ kind: 'done', id: 2, result: { data: { train: 140, test: 60 } } });
  expect(() => structuredClone(reply, { transfer })).not.toThrow();
  // One that was refused is not there either.
  const refused: Request = { ...open, id: 3, session: 8, watch: { every: 0 } };
  expect((await handle(refused)).reply).toMatchObject({ kind: 'failed', id: 3 });
  for (const [session, kind] of [
    [7, 'done'],
    [7, 'failed'],
    [8, 'failed'],
  ] as const) {
    expect((await handle({ kind: 'lab_close', id: 4, session })).reply.kind).toBe(kind);
  }
});

test('does not answer what has no id', async () => {
  const handle = createHandler(workerHost(() => undefined));
  await handle(start);
  expect(await handle({ kind: 'lab_taken', session: 7 })).toBeUndefined();
  expect(await handle({ kind: 'job_cancel', job: 7 })).toBeUndefined();
});

test('answers while a job is under way, and fails the job when it is cancelled', async () => {
  const handle = createHandler(workerHost(() => undefined));
  await handle(start);
  const job = { setup: setup(), steps: 1e9, every: 0, limit: 10 };
  const answer = handle({ kind: 'job', id: 2, job });
  const between = await handle({ kind: 'call', id: 3, operation: 'version', args: {} });
  expect(between?.reply).toMatchObject({ kind: 'done', id: 3 });
  await handle({ kind: 'job_cancel', job: 2 });
  expect((await answer)?.reply).toMatchObject({
    kind: 'failed',
    id: 2,
    error: { message: expect.stringMatching(/cancelled/) },
  });
});

test('the worker passes messages to a handler and its answers back', async () => {
  const port = new EventTarget();
  const posted: unknown[][] = [];
  vi.stubGlobal(
    'self',
    Object.assign(port, { postMessage: (...message: unknown[]) => posted.push(message) }),
  );
  await import('../../web/worker/engine.worker.ts');
  port.dispatchEvent(new MessageEvent('message', { data: start }));
  const call: Request = { kind: 'call', id: 2, operation: 'describe', args: { x } };
  port.dispatchEvent(new MessageEvent('message', { data: call }));
  await vi.waitFor(() => expect(posted).toHaveLength(2));
  expect(posted[0]).toEqual([{ kind: 'done', id: 1, result: null }, { transfer: [] }]);
  const [reply, { transfer }] = posted[1] as [object, { transfer: ArrayBuffer[] }];
  expect(reply).toMatchObject({ kind: 'done', id: 2 });
  expect(transfer).toHaveLength(7);
});
