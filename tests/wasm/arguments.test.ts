import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { ArgumentReader } from '../../wasm/arguments.ts';
import { refusal } from './support.ts';

const leaves = (args: unknown) => new ArgumentReader('op').leaves(args);
const vector = Float32Array.of(1, 2, 3, 4);

/** As Engine.call does: read everything, then check each tensor. */
function read(args: unknown): void {
  const reader = new ArgumentReader('op');
  for (const { path, value } of reader.leaves(args))
    if (typeof value === 'object') reader.tensor(path, value);
}

test('flattens nested arguments into dotted paths and leaves out what is undefined', () => {
  const args = {
    eps: 1e-5,
    experiment: { model: { layers: [{ kind: 'relu' }, { affine: false }] } },
    beta: undefined,
  };
  expect(leaves(args)).toEqual([
    { path: 'eps', value: 1e-5 },
    { path: 'experiment.model.layers.0.kind', value: 'relu' },
    { path: 'experiment.model.layers.1.affine', value: false },
  ]);
});

test('takes a single value as a tensor without dimensions', () => {
  const [leaf] = leaves({ count: { shape: [], data: Int32Array.of(7) } });
  expect(new ArgumentReader('op').tensor('count', leaf!.value as never).dims).toEqual([]);
});

test('takes a typed array as a vector, {shape, data} as a tensor, from any realm', () => {
  const [bare, shaped, foreign] = leaves({
    a: vector,
    b: { shape: [2, 2], data: Float64Array.from(vector) },
    c: runInNewContext('({ shape: [1, 2], data: Int32Array.of(5, 6) })'),
  });
  const reader = new ArgumentReader('op');
  expect(reader.tensor('a', bare!.value as never)).toEqual({ dtype: 'float32', dims: [4], data: vector });
  expect(reader.tensor('b', shaped!.value as never)).toMatchObject({ dtype: 'float64', dims: [2, 2] });
  expect(reader.tensor('c', foreign!.value as never)).toMatchObject({ dtype: 'int32', dims: [1, 2] });
});

const cyclic: Record<string, unknown> = {};
cyclic['again'] = { and: [cyclic] };
let deep: unknown = 1;
for (let i = 0; i < 50; i++) deep = { deep };
const transferred = Float32Array.of(1, 2);
structuredClone(transferred, { transfer: [transferred.buffer] });
const resizable: ArrayBuffer & { resize(bytes: number): void } = Reflect.construct(ArrayBuffer, [
  16,
  { maxByteLength: 16 },
]);
const cutOff = new Float32Array(resizable, 8, 2);
resizable.resize(4);
class Shape {
  shape = [2];
  data = vector;
}

/** Arguments that have no place in any call: what is complained about, what was expected, what came. */
const bad: [string, unknown, { argument: string; expected: RegExp; actual: RegExp }][] = [
  ['no arguments', undefined, { argument: '', expected: /object with the arguments/, actual: /undefined/ }],
  ['null for all', null, { argument: '', expected: /object with the arguments/, actual: /null/ }],
  ['a number for all', 3, { argument: '', expected: /object with the arguments/, actual: /3/ }],
  ['an array for all', [1], { argument: '', expected: /object with the arguments/, actual: /array of 1/ }],
  ['a Map for all', new Map([['eps', 1]]), { argument: '', expected: /object/, actual: /Map/ }],
  ['null', { eps: null }, { argument: 'eps', expected: /number/, actual: /null/ }],
  ['a BigInt', { eps: 1n }, { argument: 'eps', expected: /number/, actual: /BigInt/ }],
  ['a symbol', { eps: Symbol('x') }, { argument: 'eps', expected: /number/, actual: /symbol/ }],
  ['a function', { a: { b: () => 1 } }, { argument: 'a.b', expected: /number/, actual: /function/ }],
  ['a boxed number', { eps: Object(1) }, { argument: 'eps', expected: /number/, actual: /Number/ }],
  ['a date', { eps: new Date(0) }, { argument: 'eps', expected: /number/, actual: /Date/ }],
  ['an instance', { x: new Shape() }, { argument: 'x', expected: /number/, actual: /Object/ }],
  ['a promise', { x: Promise.resolve(1) }, { argument: 'x', expected: /number/, actual: /Promise/ }],
  ['a long text', { mode: 'x'.repeat(5000) }, { argument: 'mode', expected: /at most 1024/, actual: /5000/ }],
  [
    'an item without values',
    { l: [{ a: 1 }, { a: undefined }, { a: 2 }] },
    { argument: 'l.1', expected: /values by name/, actual: /empty/ },
  ],
  ['a plain array', { x: [1, 2] }, { argument: 'x', expected: /typed array/, actual: /array of 2/ }],
  [
    'a hole in an array',
    { l: Object.assign([{ a: 1 }], { 2: { a: 1 } }) },
    { argument: 'l.1', expected: /number/, actual: /undefined/ },
  ],
  [
    'a huge array',
    { l: Object.assign([], { length: 1e9 }) },
    { argument: 'l', expected: /at most/, actual: /1000000000/ },
  ],
  [
    'a cycle',
    { cyclic },
    { argument: 'cyclic.again.and.0.again.and.0.again.and', expected: /8 levels/, actual: /cyclic/ },
  ],
  [
    'a deep value',
    { deep },
    { argument: Array(9).fill('deep').join('.'), expected: /8 levels/, actual: /deeper/ },
  ],
  [
    'a prototype key',
    JSON.parse('{"__proto__": {"eps": 1}}'),
    { argument: '__proto__', expected: /letters/, actual: /__proto__/ },
  ],
  ['a dotted name', { a: { 'b.c': 1 } }, { argument: 'a.b.c', expected: /letters/, actual: /"b\.c"/ }],
  [
    'an endless name',
    { ['x'.repeat(999)]: 1 },
    { argument: `${'x'.repeat(40)}…`, expected: /letters/, actual: /x…/ },
  ],
  [
    'a Uint8Array',
    { x: new Uint8Array(4) },
    { argument: 'x', expected: /Float32Array/, actual: /Uint8Array/ },
  ],
  [
    'a BigInt64Array',
    { x: new BigInt64Array(4) },
    { argument: 'x', expected: /Float32Array/, actual: /BigInt64Array/ },
  ],
  [
    'a DataView',
    { x: new DataView(vector.buffer) },
    { argument: 'x', expected: /Float32Array/, actual: /DataView/ },
  ],
  ['a buffer', { x: vector.buffer }, { argument: 'x', expected: /typed array/, actual: /ArrayBuffer/ }],
  [
    'an empty vector',
    { x: new Float32Array(0) },
    { argument: 'x', expected: /at least one/, actual: /empty/ },
  ],
  [
    'a transferred array',
    { x: transferred },
    { argument: 'x', expected: /has its buffer/, actual: /transferred/ },
  ],
  [
    'a cut-off array',
    { x: { shape: [2], data: cutOff } },
    { argument: 'x', expected: /has its buffer/, actual: /cut off/ },
  ],
  [
    'a tensor with more',
    { x: { shape: [4], data: vector, strides: [1] } },
    { argument: 'x', expected: /shape and data only/, actual: /strides/ },
  ],
  ['no data', { x: { shape: [4] } }, { argument: 'x.data', expected: /Float32Array/, actual: /undefined/ }],
  [
    'data as an array',
    { x: { shape: [2], data: [1, 2] } },
    { argument: 'x.data', expected: /Float32Array/, actual: /array of 2/ },
  ],
  [
    'data as a text',
    { x: { shape: [2], data: '12' } },
    { argument: 'x.data', expected: /Float32Array/, actual: /"12"/ },
  ],
  [
    'shape as a number',
    { x: { shape: 4, data: vector } },
    { argument: 'x.shape', expected: /array of dimensions/, actual: /4/ },
  ],
  [
    'no dimension',
    { x: { shape: [], data: vector } },
    { argument: 'x.data', expected: /1 values for the shape \(\)/, actual: /4/ },
  ],
  [
    'five dimensions',
    { x: { shape: [1, 1, 1, 1, 4], data: vector } },
    { argument: 'x.shape', expected: /at most 4/, actual: /5/ },
  ],
  [
    'a dimension in quotes',
    { x: { shape: [2, '2'], data: vector } },
    { argument: 'x.shape.1', expected: /whole number/, actual: /"2"/ },
  ],
  [
    'a fractional dimension',
    { x: { shape: [2.5], data: vector } },
    { argument: 'x.shape.0', expected: /whole/, actual: /2\.5/ },
  ],
  [
    'a negative dimension',
    { x: { shape: [-2, -2], data: vector } },
    { argument: 'x.shape.0', expected: /from 1/, actual: /-2/ },
  ],
  [
    'a dimension of zero',
    { x: { shape: [0, 4], data: vector } },
    { argument: 'x.shape.0', expected: /from 1/, actual: /0/ },
  ],
  [
    'a NaN dimension',
    { x: { shape: [NaN], data: vector } },
    { argument: 'x.shape.0', expected: /whole/, actual: /NaN/ },
  ],
  [
    'a giant dimension',
    { x: { shape: [2 ** 31], data: vector } },
    { argument: 'x.shape.0', expected: /from 1 to 2147483647/, actual: /2147483648/ },
  ],
  [
    'too little data',
    { x: { shape: [5], data: vector } },
    { argument: 'x.data', expected: /5 values for the shape \(5,\)/, actual: /4/ },
  ],
  [
    'too much data',
    { x: { shape: [1, 3], data: vector } },
    { argument: 'x.data', expected: /3 values for the shape \(1, 3\)/, actual: /4/ },
  ],
  [
    'dimensions whose product wraps',
    { x: { shape: [65536, 65536, 1], data: vector } },
    { argument: 'x.data', expected: /4294967296 values/, actual: /4/ },
  ],
];

describe('refuses', () => {
  test.each(bad)('%s', (_, args, { argument, expected, actual }) => {
    const error = refusal(() => read(args));
    expect(error.argument).toBe(argument);
    expect(error.expected).toMatch(expected);
    expect(error.actual).toMatch(actual);
    expect(error.message).toContain(
      `op: ${argument && `\`${argument}\`: `}expected ${error.expected}; got ${error.actual}.`,
    );
  });

  test('more values than any call has, before reading them all', () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`n${i}`, i]));
    expect(refusal(() => read(many)).expected).toMatch(/at most 4096/);
    const branching: unknown[] = [];
    for (let i = 0; i < 100; i++) branching.push({ branching });
    expect(refusal(() => read({ branching })).expected).toMatch(/at most/);
  });
});

test('reads each property once, so that a changing getter cannot slip past a check', () => {
  let reads = 0;
  const args = {
    get x() {
      reads++;
      return vector;
    },
  };
  read(args);
  expect(reads).toBe(1);
});

test('ignores what was put on a prototype', () => {
  const inherited = Object.create({ eps: 1 }) as object;
  expect(refusal(() => leaves(inherited)).actual).toMatch(/object/);
  expect(leaves(Object.assign(Object.create(null), { eps: 2 }))).toEqual([{ path: 'eps', value: 2 }]);
});
