import { beforeAll, describe, expect, test } from 'vitest';
import { ArgumentReader } from '../../wasm/arguments.ts';
import type { Engine, Model } from '../../wasm/engine.ts';
import type { EngineOperation } from '../../web/protocol/operations.ts';
import { ALL_LAYERS, type Contract, contracts, DATA, EXPERIMENT } from './contracts.ts';
import { BINARIES, load, refusal } from './support.ts';

/**
 * What every operation does with arguments it cannot use. Each argument of each operation is left out and replaced by
 * values of every wrong kind, and the contracts add the values of the right kind that are wrong. Each time the error
 * must name the argument, what was expected and what came, and all must be as if the call had not been made.
 */
type Args = Record<string, unknown>;
type AnyCall = (operation: string, args: Args) => unknown;

/** Changes the value at a dotted path, in a copy; undefined takes it out. */
function withValue(args: unknown, path: string, value: unknown): Args {
  const [name = '', ...rest] = path.split('.');
  const copy = Array.isArray(args) ? [...args] : { ...(args as Args) };
  const inner = (copy as Args)[name];
  (copy as Args)[name] = rest.length > 0 ? withValue(inner, rest.join('.'), value) : value;
  return copy as Args;
}

const foreign = { number: 7, text: 'seven', flag: true, vector: Float32Array.of(7, 8) };

/** Values that have no place where `value` is accepted. */
function wrongValues(value: unknown, anyShape: boolean): [kind: string, value: unknown][] {
  const { number, text, flag, vector } = foreign;
  switch (typeof value) {
    case 'number':
      return Object.entries({ text: '1', flag, vector, NaN, Infinity, high: 1e300, low: -1e300 });
    case 'string':
      return Object.entries({
        number,
        flag,
        vector,
        unknown: 'nonsense',
        empty: '',
        prototype: 'constructor',
      });
    case 'boolean':
      return Object.entries({ number: 1, text: 'true', vector });
  }
  const { shape, data } = value as {
    shape?: readonly number[];
    data: Float32Array | Float64Array | Int32Array;
  };
  const dims = shape ?? [data.length];
  const Other = data instanceof Int32Array ? Float64Array : Int32Array;
  const last = data.length - 1;
  // One dimension more; one less where there are as many as there may be.
  const rank = dims.length < 4 ? [1, ...dims] : [dims[0]! * dims[1]!, ...dims.slice(2)];
  return Object.entries({
    number,
    text,
    flag,
    dtype: { shape: dims, data: new Other(data.length) },
    ...(!(data instanceof Int32Array) && {
      NaN: { shape: dims, data: data.with(last, NaN) },
      Infinity: { shape: dims, data: data.with(last, -Infinity) },
    }),
    ...(!anyShape && { rank: { shape: rank, data } }),
  });
}

/** Everything about a model that can be read. */
function state(model: Model): unknown {
  return model.names().map((name) => [name, model.get(name)]);
}

describe.each(BINARIES)('%s:', (binary) => {
  let engine: Engine;
  let model: Model;
  let twin: Model;
  let data: number;
  let call: AnyCall;

  beforeAll(async () => {
    engine = await load(binary);
    call = engine.call.bind(engine) as AnyCall;
    [model, twin] = [engine.model(EXPERIMENT), engine.model(EXPERIMENT)];
    for (const trained of [model, twin]) trained.train(3);
    ({ data } = engine.call('data_create', DATA));
  });

  const examples = () => engine.call('data_read', { data, set: 'train' });

  function expectRefusalOf(
    operation: EngineOperation,
    args: Args,
    argument: string,
  ): { expected: string; actual: string } {
    const before = [state(model), examples()];
    const error = refusal(() => call(operation, args));
    expect(error.argument).toBe(argument);
    const { expected, actual } = error;
    expect(error.message).toContain(`${operation}: \`${argument}\`: expected ${expected}; got ${actual}.`);
    expect(expected).not.toBe('');
    expect(actual).not.toBe('');
    expect([state(model), examples()]).toEqual(before);
    return error;
  }

  const operations = Object.keys(contracts(0, 0)) as EngineOperation[];

  describe.each(operations)('%s', (operation) => {
    /** The contract as the model and data of this engine need it. */
    const contract = (): Contract => contracts(model.handle, data)[operation] as Contract;

    const expectRefusal = (args: Args, argument: string) => expectRefusalOf(operation, args, argument);

    // Handles are numbers from 1 up, so the table of cases can be made before there is a model.
    const { args, optional = [], anyShape = [], refused = [] } = contracts(1, 1)[operation] as Contract;
    const leaves = new ArgumentReader(operation).leaves(args);
    const wrong = leaves.flatMap(({ path, value }) =>
      wrongValues(value, anyShape.includes(path)).map(([kind, wrongValue]) => ({ path, kind, wrongValue })),
    );
    const required = leaves.map(({ path }) => path).filter((path) => !optional.includes(path));

    test.runIf(wrong.length > 0).each(wrong)('refuses $path: $kind', ({ path, wrongValue }) => {
      expectRefusal(withValue(contract().args, path, wrongValue), path);
    });

    test.runIf(required.length > 0).each(required)('needs %s', (path) => {
      expectRefusal(withValue(contract().args, path, undefined), path);
    });

    test.runIf(refused.length > 0).each(refused)('refuses %j (%s)', (change, argument, expected, actual) => {
      const error = expectRefusal({ ...contract().args, ...change }, argument);
      expect(error.expected).toMatch(expected);
      expect(error.actual).toMatch(actual);
    });

    test.each(['nonsense', 'constructor', 'toString', 'X'])('knows no argument called %s', (name) => {
      const error = expectRefusal({ ...contract().args, [name]: 1 }, name);
      expect(error.expected).toMatch(/no argument of this name/);
    });

    test('does without what is optional, and accepts it all', () => {
      const own = engine.model(EXPERIMENT);
      own.train(1);
      const ownData = engine.call('data_create', DATA);
      const { args: full } = contracts(own.handle, ownData.data)[operation] as Contract;
      for (const path of optional) call(operation, withValue(full, path, undefined));
      expect(() => call(operation, full as Args)).not.toThrow();
      if (operation !== 'model_free') own.free();
      if (operation !== 'data_free') engine.call('data_free', { data: ownData.data });
    });
  });

  const options = new ArgumentReader('model_create')
    .leaves({ experiment: ALL_LAYERS })
    .filter(({ path }) => path.includes('.layers.'));

  test.each(options)('refuses $path of another type, range or word', ({ path, value }) => {
    for (const [, wrongValue] of wrongValues(value, false)) {
      expectRefusalOf('model_create', withValue({ experiment: ALL_LAYERS }, path, wrongValue), path);
    }
    const [layer] = path.match(/^.*\.layers\.\d+/) ?? [];
    const stray = `${layer}.stray`;
    expectRefusalOf('model_create', withValue({ experiment: ALL_LAYERS }, stray, 1), stray);
  });

  test.each([
    ['', /name of an operation/, /''/],
    ['batch_norm', /name of an operation/, /'batch_norm'/],
    ['constructor', /name of an operation/, /'constructor'/],
    [7, /name of an operation/, /7/],
    [null, /name of an operation/, /null/],
    [undefined, /name of an operation/, /undefined/],
    ['x'.repeat(1e6), /name of an operation/, /^the text "x{40}…"$/],
  ])('knows no operation %j', (operation, expected, actual) => {
    const error = refusal(() => call(operation as string, {}));
    expect(error.argument).toBe('operation');
    expect(error.expected).toMatch(expected);
    expect(error.actual).toMatch(actual);
  });

  test.each<[string, unknown, RegExp, RegExp]>([
    ['experiment', 3, /an object with values by name/, /the number 3/],
    ['experiment.seeds', 3, /an object with values by name/, /the number 3/],
    ['experiment.data', 'circles', /an object with values by name/, /the text 'circles'/],
    ['experiment.model', new Float32Array(2), /an object with values by name/, /float32 tensor/],
    ['experiment.model.layers', true, /an array/, /true/],
    ['experiment.model.layers.1', 'relu', /an object with values by name/, /the text 'relu'/],
  ])('refuses as %s a single value', (path, value, expected, actual) => {
    const error = expectRefusalOf('model_create', withValue({ experiment: EXPERIMENT }, path, value), path);
    expect(error.expected).toMatch(expected);
    expect(error.actual).toMatch(actual);
  });

  test.each([0, -1, 1.5, 1e9])('knows no model %d', (handle) => {
    expect(refusal(() => call('model_names', { model: handle })).argument).toBe('model');
  });

  test('a freed model is gone, and its handle is not used again', () => {
    const gone = engine.model(EXPERIMENT);
    const { handle } = gone;
    gone.free();
    gone.free();
    expect(refusal(() => gone.names())).toMatchObject({ argument: 'model', actual: 'one that was freed' });
    const next = engine.model(EXPERIMENT);
    expect(refusal(() => call('model_names', { model: handle })).argument).toBe('model');
    next.free();
  });

  test('after all of this the model trains on as its twin does', () => {
    expect(model.train(5)).toEqual(twin.train(5));
    expect(state(model)).toEqual(state(twin));
  });
});
