import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Exports } from '../../wasm/abi.ts';
import { Engine, EngineError, loadEngine } from '../../wasm/engine.ts';
import { BINARIES, binaryBytes, binaryUrl, refusal } from './support.ts';

afterEach(() => vi.unstubAllGlobals());

/** The message loadEngine rejects with. */
async function failure(loading: Promise<Engine>): Promise<string> {
  const error = await loading.then(
    () => expect.fail('the engine was loaded'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EngineError);
  return (error as EngineError).message;
}

describe.each(BINARIES)('the %s binary loads', (binary) => {
  const bytes = binaryBytes(binary);

  test.each([
    ['bytes', () => bytes],
    ['a buffer', () => bytes.slice().buffer],
    ['a compiled module', () => new WebAssembly.Module(bytes)],
    ['a file', () => binaryUrl(binary)],
    ['an address as text', () => binaryUrl(binary).href],
    [
      'an address without a file',
      () => `data:application/wasm;base64,${Buffer.from(bytes).toString('base64')}`,
    ],
  ])('from %s', async (_, wasm) => {
    const engine = await loadEngine({ wasm: wasm() });
    const { version, simd } = engine.call('version', {});
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(simd).toBe(binary === 'simd');
  });
});

test('looks for the binary beside itself, SIMD where there is SIMD', async () => {
  expect(await failure(loadEngine())).toMatch(/engine-simd\.wasm cannot be read: ENOENT/);
  expect(await failure(loadEngine({ simd: false }))).toMatch(/engine-scalar\.wasm cannot be read/);
  vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  expect(await failure(loadEngine())).toMatch(/engine-scalar\.wasm cannot be read/);
  vi.restoreAllMocks();
});

test('says what is wrong with a binary', async () => {
  expect(await failure(loadEngine({ wasm: Uint8Array.of(1, 2, 3, 4, 5) }))).toMatch(
    /cannot be used: .*magic/i,
  );
  const half = binaryBytes('simd').slice(0, 5000);
  expect(await failure(loadEngine({ wasm: half }))).toMatch(/cannot be used/);
  const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  expect(await failure(loadEngine({ wasm: empty }))).toMatch(
    /not this engine's: memory, _initialize, .*bnlab_reply missing/,
  );
  // (import "other" "thing" (func))
  const demanding = Uint8Array.from([
    ...empty,
    1,
    4,
    1,
    0x60,
    0,
    0,
    2,
    15,
    1,
    5,
    ...Buffer.from('other'),
    5,
    ...Buffer.from('thing'),
    0,
    0,
  ]);
  expect(await failure(loadEngine({ wasm: demanding }))).toMatch(/cannot be started: .*other/);
});

test('says what is wrong with an address', async () => {
  const nowhere = pathToFileURL('/no/such/engine.wasm');
  expect(await failure(loadEngine({ wasm: nowhere }))).toMatch(
    /no\/such\/engine\.wasm cannot be read: ENOENT/,
  );
  vi.stubGlobal('fetch', async () => new Response('', { status: 404 }));
  const missing = 'https://example.org/engine.wasm';
  expect(await failure(loadEngine({ wasm: missing }))).toBe(
    `The engine's binary at ${missing} cannot be read: HTTP status 404.`,
  );
});

test.each([
  [null, '`options`: expected an object; got null.'],
  ['engine.wasm', '`options`: expected an object; got the text "engine.wasm".'],
  [{ wsam: new Uint8Array() }, '`options`: expected wasm and simd only; got the text "wsam".'],
  [{ simd: 'no' }, '`simd`: expected true or false; got the text "no".'],
])('refuses the options %j', async (options, message) => {
  expect(await failure(loadEngine(options as never))).toBe(`loadEngine: ${message}`);
});

test('says that WebAssembly is missing', async () => {
  const bytes = binaryBytes('simd');
  vi.stubGlobal('WebAssembly', undefined);
  expect(await failure(loadEngine({ wasm: bytes }))).toBe('WebAssembly is not available here.');
});

test('every engine has a memory of its own', async () => {
  const [a, b] = await Promise.all([
    loadEngine({ wasm: binaryUrl('simd') }),
    loadEngine({ wasm: binaryUrl('simd') }),
  ]);
  const experiment = {
    version: 1,
    model: { inputs: 2, layers: [{ kind: 'linear', units: 1 }] },
    loss: 'mse',
  } as const;
  const model = a.model(experiment);
  expect(refusal(() => b.call('model_names', { model: model.handle })).argument).toBe('model');
});

describe('a trap', () => {
  const trapping: Exports = {
    memory: new WebAssembly.Memory({ initial: 1 }),
    _initialize: () => undefined,
    bnlab_begin: () => undefined,
    bnlab_reserve: () => 8,
    bnlab_number: () => undefined,
    bnlab_boolean: () => undefined,
    bnlab_text: () => undefined,
    bnlab_tensor: () => 0,
    bnlab_call: () => {
      throw new WebAssembly.RuntimeError('unreachable');
    },
    bnlab_reply_count: () => 0,
    bnlab_reply: () => 0,
  };

  test('ends the engine, which says so from then on', () => {
    const engine = new Engine(trapping);
    const message =
      'version: The engine stopped by an internal error (unreachable). It cannot go on; load a new one.';
    expect(refusal(() => engine.call('version', {})).message).toBe(message);
    const working = vi.spyOn(trapping, 'bnlab_call').mockReturnValue(0);
    expect(refusal(() => engine.call('memory', {})).message).toBe(message);
    expect(working).not.toHaveBeenCalled();
  });

  test('is not what a refused tensor is', () => {
    const engine = new Engine(trapping);
    const x = new Float64Array(4);
    expect(refusal(() => engine.call('describe', { x: { shape: [4, 1], data: x } }))).toMatchObject({
      argument: 'x',
      expected: expect.stringContaining('fits'),
      actual: '32 bytes',
    });
    vi.spyOn(trapping, 'bnlab_call').mockReturnValue(0);
    expect(engine.call('memory', {})).toEqual({});
  });
});
