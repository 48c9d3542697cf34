import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ArgumentReader } from '../../wasm/arguments.ts';
import type { Experiment } from '../../web/protocol/experiment.ts';
import type { ArgsOf, OperationName } from '../../web/protocol/operations.ts';
import { type Result, type Tensor, tensor } from '../../web/protocol/tensor.ts';
import { ALL_LAYERS, PREPARED } from './contracts.ts';
import { ARRAYS, type FloatType } from './golden.ts';
import { BINARIES, expectClose, load } from './support.ts';

/**
 * The same calls made of the engine compiled for this machine, through tests/native/parity/call.cpp, and of the shipped
 * wasm. Compilers and C libraries differ, so results may in their last digits: by no more than this, relative to the
 * largest value of a tensor or to 1. Measured: 5e-7 and 3e-15.
 */
const TOLERANCE = { float32: 2e-6, float64: 1e-14 };
/** After 200 training steps. */
const TOLERANCE_TRAINED = { float32: 3e-5, float64: 3e-13 };

type Call = { [K in OperationName]: readonly [operation: K, args: ArgsOf<K>] }[OperationName];
type Reply = [operation: string, results: Record<string, Result>];

/** Of the builds there are, the one made last. */
const [program] = ['native-sanitize', 'native']
  .map((preset) => path.join(import.meta.dirname, '../../build', preset, 'tests/native/bnlab_call'))
  .filter((file) => existsSync(file))
  .toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);

function runNatively(calls: readonly Call[]): Reply[] {
  if (!program)
    throw new Error('The native engine is not built: cmake --preset native && cmake --build --preset native');
  const input = calls
    .flatMap(([operation, args]) => [`call ${operation}`, ...lines(operation, args)])
    .join('\n');
  const { stdout, stderr, status } = spawnSync(program, {
    input: `${input}\n`,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
  return stdout
    .split(/^call /m)
    .slice(1)
    .map(parseReply);
}

function lines(operation: string, args: unknown): string[] {
  const reader = new ArgumentReader(operation);
  return reader.leaves(args).map(({ path: name, value }) => {
    if (typeof value === 'string') return `${name} text ${value}`;
    if (typeof value !== 'object') return `${name} ${typeof value} ${value}`;
    const { dtype, dims, data } = reader.tensor(name, value);
    return `${name} ${dtype} ${dims.join('x')} ${data.join(' ')}`;
  });
}

function parseReply(text: string): Reply {
  const [operation = '', ...leaves] = text.trimEnd().split('\n');
  return [operation, Object.fromEntries(leaves.map(parseLeaf))];
}

function parseLeaf(line: string): [string, Result] {
  const [name = '', type = '', first = '', ...rest] = line.split(' ');
  if (type === 'number') return [name, Number(first)];
  if (type === 'boolean') return [name, first === 'true'];
  if (type === 'text') return [name, first];
  const shape = first === '' ? [] : first.split('x').map(Number);
  return [name, tensor(ARRAYS[type as keyof typeof ARRAYS].from(rest.map(Number)), shape)];
}

/** Values that need no random numbers, of both signs and several sizes. */
function wave(
  dtype: FloatType,
  shape: readonly number[],
  phase: number,
): Tensor<Float32Array | Float64Array> {
  const count = shape.reduce((product, extent) => product * extent, 1);
  const values = Array.from(
    { length: count },
    (_, i) => 2 * Math.sin(1.7 * i + phase) + 0.3 * Math.cos(0.11 * i * i),
  );
  return tensor(ARRAYS[dtype].from(values), shape);
}

function operators(dtype: FloatType, shape: readonly number[]): Call[] {
  const [batch = 1, features = 1] = shape;
  const [x, dy] = [wave(dtype, shape, 1), wave(dtype, shape, 2)];
  const [gamma, beta, running_mean] = [3, 4, 5].map((phase) => wave(dtype, [features], phase)) as [
    typeof x,
    typeof x,
    typeof x,
  ];
  const running_var = tensor(
    running_mean.data.map((value) => value * value + 0.1),
    [features],
  );
  const running = { running_mean, running_var };
  const flat = tensor(x.data, [batch, x.data.length / batch]);
  const weight = wave(dtype, [9, flat.shape[1]!], 6);
  const target = tensor(
    x.data.map((value) => (value > 0 ? 1 : 0.25)),
    flat.shape,
  );
  const classes = Int32Array.from({ length: batch }, (_, i) => i % flat.shape[1]!);
  // Of more than one value.
  const perExample: Call[] = [
    ['group_norm_forward', { x, groups: 1, gamma, beta }],
    ['group_norm_backward', { x, dy, groups: 1, gamma }],
  ];
  return [
    ['batch_norm_forward', { x, gamma, beta, ...running }],
    ['batch_norm_forward', { x, gamma, beta, ...running, mode: 'inference' }],
    ['batch_norm_backward', { x, dy, gamma }],
    ['batch_norm_backward', { x, dy, gamma, ...running, mode: 'inference' }],
    ...(flat.shape[1] === 1 ? [] : perExample),
    ...([1, 2, 'inf'] as const).flatMap((p): Call[] => [
      ['lp_norm_forward', { x, p, gamma, beta }],
      ['lp_norm_backward', { x, dy, p, gamma }],
    ]),
    ['batch_renorm_forward', { x, gamma, beta, running_mean, running_std: running_var, r_max: 1.5 }],
    ['batch_renorm_backward', { x, dy, gamma, running_mean, running_std: running_var, r_max: 1.5 }],
    ['activation_forward', { kind: 'relu', x }],
    ['activation_forward', { kind: 'leaky_relu', x }],
    ['activation_forward', { kind: 'sigmoid', x }],
    ['activation_backward', { kind: 'tanh', x, dy }],
    ['linear_forward', { x: flat, weight, bias: wave(dtype, [9], 7) }],
    ['linear_backward', { x: flat, weight, dy: wave(dtype, [batch, 9], 8) }],
    ['loss', { kind: 'cross_entropy', prediction: flat, target: classes }],
    ['loss', { kind: 'bce_with_logits', prediction: flat, target }],
    ['loss', { kind: 'mse', prediction: flat, target }],
    [
      'sgd_step',
      {
        parameter: x,
        gradient: dy,
        velocity: dy,
        lr: 0.1,
        momentum: 0.9,
        nesterov: true,
      } as ArgsOf<'sgd_step'>,
    ],
  ];
}

/** The layers of convolutional networks. */
function pictures(dtype: FloatType): Call[] {
  const x = wave(dtype, [3, 2, 7, 6], 1);
  const weight = wave(dtype, [5, 2, 3, 3], 2);
  const [dy, halves] = [wave(dtype, [3, 5, 7, 6], 3), wave(dtype, [3, 2, 3, 3], 4)];
  return [
    ['conv2d_forward', { x, weight, bias: wave(dtype, [5], 5) }],
    ['conv2d_backward', { x, weight, dy }],
    ['pool2d_forward', { x, pool: 'max' }],
    ['pool2d_forward', { x, pool: 'average' }],
    ['pool2d_backward', { x, pool: 'max', dy: halves }],
    ['pool2d_backward', { x, pool: 'average', dy: halves }],
    ['dropout_forward', { x, p: 0.3, seed: 4 }],
  ];
}

const EXACT: Call[] = [
  ...(['data', 'init', 'order'] as const).flatMap((stream) =>
    (['uniform', 'normal', 'permutation'] as const).map(
      (kind) => ['random', { seed: 2 ** 32 - 1, stream, kind, count: 500 }] as const,
    ),
  ),
  ...(['blobs', 'circles', 'xor', 'spirals', 'moons', 'glyphs', 'regression'] as const).map(
    (kind) => ['dataset', { data: { kind, noise: 0.2 }, seed: 5 }] as const,
  ),
  ...(['sine', 'step', 'bump'] as const).map(
    (curve) => ['dataset', { data: { kind: 'regression', curve }, seed: 6 }] as const,
  ),
  ['dataset', { data: PREPARED, seed: 7 }],
  ['data_create', { data: PREPARED, seed: 7 }],
  ['data_read', { data: 1, set: 'train' }],
  ['data_read', { data: 1, set: 'test', first: 3 }],
];

const NAMES = [
  '0.weight',
  '0.bias',
  '1.weight',
  '1.bias',
  '1.running_mean',
  '1.running_var',
  '1.num_batches_tracked',
  '3.weight',
];

function training(dtype: FloatType): Call[] {
  const experiment: Experiment = {
    version: 1,
    dtype,
    data: { kind: 'spirals' },
    model: {
      inputs: 2,
      layers: [
        { kind: 'linear', units: 13 },
        { kind: 'batch_norm' },
        { kind: 'tanh' },
        { kind: 'linear', units: 2 },
      ],
    },
    loss: 'cross_entropy',
    optimizer: { lr: 0.1, momentum: 0.9, weight_decay: 1e-3 },
  };
  return [
    ['model_create', { experiment }],
    ['model_train', { model: 1, steps: 200 }],
    ...NAMES.map((name) => ['model_get', { model: 1, name }] as const),
    ['model_evaluate', { model: 1, mode: 'inference', x: wave(dtype, [7, 2], 1) }],
    ['model_recalibrate', { model: 1, batches: 4 }],
    ['model_get', { model: 1, name: '1.running_var' }],
  ];
}

function trainingOnPictures(dtype: FloatType): Call[] {
  const experiment: Experiment = {
    version: 1,
    dtype,
    data: { kind: 'glyphs', count: 96 },
    batch: { size: 32 },
    model: {
      inputs: 144,
      input_shape: [1, 12, 12],
      layers: [
        { kind: 'conv2d', units: 8, kernel: 3 },
        { kind: 'batch_norm' },
        { kind: 'leaky_relu' },
        { kind: 'pool2d', pool: 'max' },
        { kind: 'dropout', p: 0.2 },
        { kind: 'conv2d', units: 5, kernel: 5, stride: 2 },
        { kind: 'relu' },
        { kind: 'pool2d', pool: 'average' },
        { kind: 'flatten' },
        { kind: 'linear', units: 10 },
      ],
    },
    loss: 'cross_entropy',
  };
  return [
    ['model_create', { experiment }],
    ['model_train', { model: 1, steps: 40 }],
    ...['0.weight', '0.bias', '1.running_var', '5.weight', '9.weight'].map(
      (name) => ['model_get', { model: 1, name }] as const,
    ),
  ];
}

/**
 * Every kind of layer, and all that can be seen of a model. Few steps: where a sign or the largest of several values
 * decides, rounding will one day decide otherwise. Two bins of a histogram meet where few values lie.
 */
function trainingOfEverything(dtype: FloatType): Call[] {
  const model = 1;
  return [
    ['model_create', { experiment: { ...ALL_LAYERS, dtype } }],
    ['model_train', { model, steps: 15 }],
    ...['0.weight', '1.running_var', '4.weight', '12.bias', '15.running_std', '19.running_scale'].map(
      (name) => ['model_get', { model, name }] as const,
    ),
    ['model_gradient', { model, name: '5.weight' }],
    ['model_batch', { model }],
    ['model_score', { model, mode: 'training', set: 'train' }],
    ['model_score', { model, mode: 'inference', set: 'test', scale: 1.1, shift: 0.1 }],
    ['model_score', { model, mode: 'training', set: 'batch', limit: 7 }],
    ['model_record', { model, layer: 6, what: 'xhat' }],
    ['model_record', { model, layer: 15, what: 'var' }],
    ['model_observe', { model, bins: 2 }],
    ['model_statistics', { model, layer: 1, batches: 3 }],
    ['model_evaluate', { model, mode: 'training', x: wave(dtype, [2, 144], 1), statistics: 'last_batch' }],
    ['model_set_batch', { model, batch: { size: 10, classes: 2 } }],
    ['model_set_layers', { model, layers: ALL_LAYERS.model.layers }],
    ['model_train', { model, steps: 5 }],
    ['model_recalibrate', { model, batches: 3, scale: 1.1 }],
    ['model_get', { model, name: '15.running_std' }],
  ];
}

const SHAPES = [
  [2, 1],
  [3, 5],
  [33, 7],
  [64, 32],
  [3, 5, 6, 1],
  [2, 3, 4, 4],
];
const DTYPES = ['float32', 'float64'] as const;

describe.each(BINARIES)('%s and the native engine', (binary) => {
  /** Each call's results here and there, from engines in which nothing has happened yet. */
  async function both(calls: readonly Call[]) {
    const engine = await load(binary);
    return runNatively(calls).map(([operation, native], i) => {
      const [name, args] = calls[i] as readonly [OperationName, never];
      return { operation, wasm: engine.call(name, args) as Record<string, Result>, native };
    });
  }

  async function expectAgreement(calls: readonly Call[], tolerance: number): Promise<void> {
    const replies = await both(calls);
    expect(replies.map(({ operation }) => operation)).toEqual(calls.map(([operation]) => operation));
    for (const { operation, wasm, native } of replies) {
      expect(Object.keys(wasm)).toEqual(Object.keys(native));
      for (const [name, value] of Object.entries(native))
        expectClose(`${operation} ${name}`, wasm[name], value, tolerance);
    }
  }

  describe.each(DTYPES)('%s', (dtype) => {
    test.each(SHAPES.map((shape) => ({ shape })))('agree in every operator on $shape', async ({ shape }) => {
      await expectAgreement(operators(dtype, shape), TOLERANCE[dtype]);
    });

    test('convolve, pool and drop out alike, to the bit', async () => {
      for (const { wasm, native } of await both(pictures(dtype))) expect(wasm).toEqual(native);
    });

    test('train alike, step by step', async () => {
      await expectAgreement(training(dtype), TOLERANCE_TRAINED[dtype]);
      await expectAgreement(trainingOnPictures(dtype), TOLERANCE_TRAINED[dtype]);
      await expectAgreement(trainingOfEverything(dtype), TOLERANCE_TRAINED[dtype]);
    });
  });

  test('draw the same numbers and data sets, to the bit', async () => {
    for (const { wasm, native } of await both(EXACT)) expect(wasm).toEqual(native);
  });
});
