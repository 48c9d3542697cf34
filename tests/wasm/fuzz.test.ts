import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { ArgumentReader } from '../../wasm/arguments.ts';
import { type Engine, EngineError } from '../../wasm/engine.ts';
import { fuzz } from '../fuzz/inputs.ts';
import { ALL_LAYERS, type Contract, contracts, DATA, EXPERIMENT, PREPARED } from './contracts.ts';
import { BINARIES, load, memoryOf } from './support.ts';

/**
 * Arguments nobody would write. Whatever they are, the engine either computes or refuses with an EngineError, does so
 * soon, and is as good afterwards as it was before.
 */
const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withNullPrototype: true,
  withObjectString: true,
  withSparseArray: true,
  withTypedArray: true,
});

/** Small whole numbers, and doubles of every size. */
const number = fc.oneof(
  fc.integer({ min: -3, max: 40 }),
  fc.double(),
  fc.constantFrom(2 ** 31, 2 ** 32, 2 ** 53, -0),
);

const array = fc.tuple(
  fc.constantFrom(Float32Array, Float64Array, Int32Array),
  fc.array(number, { maxLength: 24 }),
);
const vector = array.map(([type, values]) => type.from(values));
const dims = fc.array(fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 4 }) }, number), {
  maxLength: 5,
});
/** Mostly with as much data as the shape says. */
const tensor = fc.tuple(dims, vector, fc.integer({ min: 0, max: 9 })).map(([shape, data, careless]) => {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const Type = data.constructor as Float64ArrayConstructor;
  const fits = careless > 0 && Number.isInteger(size) && size >= 1 && size <= 4096;
  return { shape, data: fits ? Type.from({ length: size }, (_, i) => data[i % data.length] ?? 1) : data };
});

const word = fc.constantFrom(
  'training',
  'keras',
  'cumulative',
  'linear',
  'batch_norm',
  'lp_norm',
  'inf',
  'add',
  'mse',
  'cosine',
  'last_batch',
  'test',
  '1.weight',
  'toString',
);
const value = fc.oneof(
  number,
  fc.boolean(),
  word,
  fc.string(),
  vector,
  tensor,
  anything,
  fc.constant(undefined),
);

const names = Object.keys(contracts(0, 0));

function withValue(args: unknown, path: readonly string[], value: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  const copy: Record<string, unknown> = Array.isArray(args) ? ([...args] as never) : { ...(args as object) };
  copy[name] = withValue(copy[name], rest, value);
  return copy;
}

/** Calls that are right: those of the contracts, and others of operations that take more than one kind of thing. */
function examples(model: number, data: number): [operation: string, args: unknown][] {
  const { data: _, ...without } = EXPERIMENT;
  return [
    ...Object.entries(contracts(model, data) as Record<string, Contract>).map(
      ([operation, { args }]): [string, unknown] => [operation, args],
    ),
    ['model_create', { experiment: ALL_LAYERS }],
    ['model_create', { experiment: without, data }],
    ['model_set_data', { model, data }],
    ['data_create', { data: PREPARED, seed: 1 }],
    ['data_create', { data: { kind: 'glyphs', count: 20 }, seed: 1 }],
    ['data_create', { data: { kind: 'regression', curve: 'bump', count: 20, noise: 0.1 }, seed: 1 }],
  ];
}

/** The arguments of an operation's contract with up to three of them, or of the objects around them, replaced. */
const nearMiss = fc
  .record({
    which: fc.nat({ max: examples(0, 0).length - 1 }),
    changes: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 2 }), value), { maxLength: 3 }),
  })
  .map(({ which, changes }) => (model: number, data: number) => {
    const [operation, args] = examples(model, data)[which]!;
    const paths = new ArgumentReader(operation).leaves(args).map(({ path }) => path.split('.'));
    const changed = changes.reduce<unknown>((current, [leaf, up, replacement]) => {
      const path = paths[leaf % Math.max(1, paths.length)] ?? ['stray'];
      return isWithin(current, path)
        ? withValue(current, path.slice(0, Math.max(1, path.length - up)), replacement)
        : current;
    }, args);
    return { operation, args: changed };
  });

/** Whether the objects on the way to a path are still there. */
function isWithin(args: unknown, path: readonly string[]): boolean {
  let current = args;
  for (const name of path.slice(0, -1)) {
    if (typeof current !== 'object' || current === null) return false;
    current = (current as Record<string, unknown>)[name];
  }
  return typeof current === 'object' && current !== null;
}

describe.each(BINARIES)('%s', (binary) => {
  let engine: Engine;
  let memory: WebAssembly.Memory;
  beforeAll(async () => {
    ({ engine, memory } = await memoryOf(() => load(binary)));
  });

  /** The message of the refusal, if it is one. */
  function refusalOf(operation: unknown, args: unknown): string | undefined {
    try {
      engine.call(operation as never, args as never);
      return undefined;
    } catch (error) {
      if (error instanceof EngineError) return error.message;
      throw error;
    }
  }

  /** A call, which may do either, but not break the engine: that would be an EngineError, too, and the last one. */
  function expectAnswer(operation: string, args: unknown): 'computed' | 'refused' {
    const message = refusalOf(operation, args);
    expect(message ?? operation).toContain(operation);
    expect(message ?? '').not.toMatch(/internal error/);
    return message === undefined ? 'computed' : 'refused';
  }

  test('stands anything at all as arguments', () => {
    const input = fc.tuple(fc.constantFrom(...names), anything);
    const answers = fuzz('anything for the engine', input, ([operation, args]) =>
      expectAnswer(operation, args),
    );
    expect(answers['refused']).toBeGreaterThan(1000);
  });

  test('stands any operation', () => {
    const answers = fuzz('any operation', fc.oneof(fc.string(), anything), (operation) =>
      /`operation`/.test(refusalOf(operation, {}) ?? '') ? 'refused' : 'taken for one',
    );
    expect(Object.keys(answers)).toEqual(['refused']);
  });

  test('stands arguments that are nearly right', () => {
    let model = engine.model(EXPERIMENT);
    let { data } = engine.call('data_create', DATA);
    const answers = fuzz('nearly right for the engine', nearMiss, (make) => {
      const { operation, args } = make(model.handle, data);
      const answer = expectAnswer(operation, args);
      if (operation === 'model_free') model = engine.model(EXPERIMENT);
      if (operation === 'data_free') ({ data } = engine.call('data_create', DATA));
      return answer;
    });
    // Neither so wrong that nothing gets past the first check nor so right that nothing is refused.
    expect(answers['computed']).toBeGreaterThan(1000);
    expect(answers['refused']).toBeGreaterThan(1000);

    const [fresh, twin] = [engine.model(EXPERIMENT), engine.model(EXPERIMENT)];
    expect(fresh.train(20)).toEqual(twin.train(20));
    // What is asked for is small, and what is refused takes nothing.
    expect(memory.buffer.byteLength).toBeLessThan(64e6);
  });
});
