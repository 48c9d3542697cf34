import { afterEach, expect, test, vi } from 'vitest';
import { fetchBinary, NO_WEBASSEMBLY } from '../../web/client/binary.ts';
import { type ClientOptions, createClient, sharedClient } from '../../web/client/engine-client.ts';
import { EngineError } from '../../web/protocol/engine-error.ts';
import { FakeWorker } from './fake-worker.ts';
import { binaryBytes } from './support.ts';

const wasm = async () => binaryBytes('simd').buffer;
const x = { shape: [2, 1], data: Float64Array.of(1, 3) };

/** A client on a fake worker, and that worker. */
async function connect(options: ClientOptions = {}) {
  const worker = new FakeWorker();
  return { worker, client: await createClient({ worker: () => worker, wasm, ...options }) };
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test('answers calls in the order they were made', async () => {
  const { client } = await connect();
  const order: string[] = [];
  await Promise.all([
    client.call('describe', { x }).then(({ mean }) => order.push(`mean ${mean.data[0]}`)),
    client.call('version', {}).then(({ version }) => order.push(version)),
    client.call('random', { seed: 1, stream: 'data', kind: 'uniform', count: 3 }).then(({ values }) => {
      order.push(`${values.data.length} values`);
    }),
  ]);
  expect(order).toEqual(['mean 2', expect.stringMatching(/^\d+\.\d+\.\d+/), '3 values']);
});

test('carries a refusal across with all its parts', async () => {
  const { client } = await connect();
  const call = client.call('describe', { x: { shape: [2, 1], data: Float64Array.of(1, NaN) } });
  const error = await call.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(EngineError);
  expect(error).toMatchObject({
    name: 'EngineError',
    argument: 'x',
    expected: expect.stringMatching(/finite/),
  });
  expect((error as EngineError).message).toContain('describe: `x`: expected');
});

test('hands the binary over, and asks for it once', async () => {
  const bytes = binaryBytes('simd').buffer;
  const ask = vi.fn(async () => bytes);
  const { worker } = await connect({ wasm: ask });
  expect(ask).toHaveBeenCalledOnce();
  expect(bytes.byteLength).toBe(0);
  expect(worker.received.map(({ kind }) => kind)).toEqual(['start']);
});

test('takes the arguments as they are at the time of the call', async () => {
  const noWorker = () => {
    throw new Error('no worker');
  };
  for (const { client } of [await connect(), await connect({ worker: noWorker })]) {
    const data = Float64Array.of(1, 3);
    const result = client.call('describe', { x: { shape: [2, 1], data } });
    data.fill(100);
    expect((await result).mean.data).toEqual(Float64Array.of(2));
  }
});

test('works on the own thread where no worker can be made', async () => {
  const { client } = await connect({
    worker: () => {
      throw new DOMException('blocked', 'SecurityError');
    },
  });
  expect((await client.call('describe', { x })).max.data).toEqual(Float64Array.of(3));
  await expect(client.call('describe', { x: { shape: [1], data: x.data } })).rejects.toThrow(/`x.data`/);
});

test('works on the own thread where the worker fails to load', async () => {
  class Blocked extends FakeWorker {
    protected override async answer(): Promise<void> {
      this.crash('');
    }
  }
  const worker = new Blocked();
  const { client } = await connect({ worker: () => worker });
  expect(worker.terminated).toBe(true);
  expect((await client.call('describe', { x })).max.data).toEqual(Float64Array.of(3));
});

test('after a crash rejects what was waiting and goes on without the worker', async () => {
  const { worker, client } = await connect();
  const waiting = [client.call('describe', { x }), client.call('memory', {})];
  worker.crash('out of memory');
  for (const call of waiting) {
    await expect(call).rejects.toThrow("The engine's thread crashed: out of memory.");
    await expect(call).rejects.toBeInstanceOf(EngineError);
  }
  expect(worker.terminated).toBe(true);
  const [mean, version] = await Promise.all([client.call('describe', { x }), client.call('version', {})]);
  expect(mean.mean.data).toEqual(Float64Array.of(2));
  expect(version.simd).toBe(true);
  // A handle of the lost engine must not reach another model of the new one.
  await expect(client.call('model_free', { model: 1 })).rejects.toThrow(/models are lost/);
});

test('close ends the worker and rejects what waits and what comes', async () => {
  const { worker, client } = await connect();
  const waiting = client.call('version', {});
  client.close();
  await expect(waiting).rejects.toThrow('The engine was closed before it answered.');
  await expect(client.call('version', {})).rejects.toThrow('The engine was closed.');
  expect(worker.terminated).toBe(true);
  const local = await createClient({
    worker: () => {
      throw new Error('no worker');
    },
    wasm,
  });
  const call = local.call('version', {});
  local.close();
  await expect(call).rejects.toThrow('The engine was closed before it answered.');
});

test('refuses arguments that no thread can be sent, and says which', async () => {
  const { client } = await connect();
  const callback = () => 1;
  await expect(client.call('describe', { x: callback } as never)).rejects.toMatchObject({ argument: 'x' });
  const gone = Float64Array.of(1, 3);
  structuredClone(gone, { transfer: [gone.buffer] });
  await expect(client.call('describe', { x: { shape: [2, 1], data: gone } })).rejects.toBeInstanceOf(
    EngineError,
  );
  expect((await client.call('describe', { x })).mean.data).toEqual(Float64Array.of(2));
});

test('says in one sentence that WebAssembly does not run', async () => {
  const garbage = async () => Uint8Array.of(1, 2, 3).buffer;
  await expect(connect({ wasm: garbage })).rejects.toThrow(NO_WEBASSEMBLY);
  vi.spyOn(WebAssembly, 'compile').mockRejectedValue(new WebAssembly.CompileError('blocked by the page'));
  const failure = await connect().catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: 'EngineError', message: NO_WEBASSEMBLY });
  expect((failure as Error).cause).toMatchObject({ message: expect.stringContaining('blocked by the page') });
  vi.stubGlobal('WebAssembly', undefined);
  await expect(sharedClient()).rejects.toThrow(NO_WEBASSEMBLY);
});

test('says in one sentence that the engine cannot be fetched, and tries anew when asked again', async () => {
  vi.stubGlobal('fetch', async () => new Response('not found', { status: 404 }));
  await expect(sharedClient()).rejects.toThrow(/could not be fetched; reload the page.*text can be read/);
  const fetched = vi.fn(async () => new Response(binaryBytes('simd', 'figures')));
  vi.stubGlobal('fetch', fetched);
  const client = await sharedClient();
  expect(String(fetched.mock.lastCall)).toContain('wasm-simd/figures.wasm');
  expect((await client.call('version', {})).simd).toBe(true);
  expect(await sharedClient()).toBe(client);
});

test('takes the whole engine for figures where the page has fetched it already', async () => {
  const fetched = vi.fn(async (_url: string) => new Response(new Uint8Array()));
  vi.stubGlobal('fetch', fetched);
  for (const extent of ['figures', 'all', 'figures'] as const) await fetchBinary(extent);
  const files = fetched.mock.calls.map(([url]) => url.slice(url.lastIndexOf('/') + 1));
  expect(files).toEqual(['figures.wasm', 'engine.wasm', 'engine.wasm']);
});
