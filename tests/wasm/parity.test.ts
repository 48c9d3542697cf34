import { beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../wasm/engine.ts';
import type { ArgsOf, OperationName } from '../../web/protocol/operations.ts';
import { type Result, type Tensor, tensor } from '../../web/protocol/tensor.ts';
import { ALL_LAYERS, EXPERIMENT, PREPARED } from './contracts.ts';
import { expectClose, load } from './support.ts';

/**
 * The SIMD and the scalar binary on the same input. They add the same numbers, in another order where a sum runs along
 * the vector lanes, and take 1/√ by another instruction, so results may differ in the last digits: by no more than
 * this, relative to the largest value of the tensor or to 1, whichever is larger. Measured: 5e-7 and 1e-15.
 */
const TOLERANCE = { float32: 2e-6, float64: 1e-14 };
/** After 200 training steps, over which rounding adds up. Measured: 3e-6 and 3e-14. */
const TOLERANCE_TRAINED = { float32: 3e-5, float64: 3e-13 };

let simd: Engine;
let scalar: Engine;

beforeAll(async () => {
  [simd, scalar] = await Promise.all([load('simd'), load('scalar')]);
});

type Dtype = keyof typeof TOLERANCE;
const ARRAYS = { float32: Float32Array, float64: Float64Array };

/** Standard normal values, different for every seed. */
function normal(dtype: Dtype, shape: readonly number[], seed: number): Tensor<Float32Array | Float64Array> {
  const count = shape.reduce((product, extent) => product * extent, 1);
  const { values } = simd.call('random', { seed, stream: 'data', kind: 'normal', count });
  return tensor(ARRAYS[dtype].from(values.data), shape);
}

function both<K extends OperationName>(operation: K, args: ArgsOf<K>): [string, Result, Result][] {
  const ours = simd.call(operation, args) as Record<string, Result>;
  const theirs = scalar.call(operation, args) as Record<string, Result>;
  expect(Object.keys(ours)).toEqual(Object.keys(theirs));
  return Object.entries(ours).map(([name, value]) => [name, value, theirs[name]!]);
}

function expectAgreement<K extends OperationName>(operation: K, args: ArgsOf<K>, tolerance: number): void {
  for (const [name, ours, theirs] of both(operation, args)) expectClose(name, ours, theirs, tolerance);
}

function expectSame<K extends OperationName>(operation: K, args: ArgsOf<K>): void {
  for (const [, ours, theirs] of both(operation, args)) expect(ours).toEqual(theirs);
}

const SHAPES = [
  [2, 1],
  [3, 5],
  [33, 7],
  [64, 32],
  [3, 5, 6, 1],
  [7, 4, 5, 5],
] as const;

describe.each(['float32', 'float64'] as const)('%s', (dtype) => {
  const tolerance = TOLERANCE[dtype];

  describe.each(SHAPES.map((shape) => ({ shape, features: shape[1] })))('x $shape', ({ shape, features }) => {
    test('batch normalization agrees', () => {
      const x = normal(dtype, shape, 1);
      const dy = normal(dtype, shape, 2);
      const gamma = normal(dtype, [features], 3);
      const beta = normal(dtype, [features], 4);
      const running_mean = normal(dtype, [features], 5);
      const running_var = tensor(
        running_mean.data.map((value) => value * value + 0.1),
        [features],
      );
      for (const mode of ['training', 'inference'] as const) {
        expectAgreement('batch_norm_forward', { x, gamma, beta, running_mean, running_var, mode }, tolerance);
        expectAgreement('batch_norm_backward', { x, dy, gamma, running_mean, running_var, mode }, tolerance);
      }
    });

    test('the other normalisations are the same to the bit', () => {
      const x = normal(dtype, shape, 1);
      const dy = normal(dtype, shape, 2);
      const gamma = normal(dtype, [features], 3);
      const beta = normal(dtype, [features], 4);
      const running_mean = normal(dtype, [features], 5);
      const running_std = tensor(
        running_mean.data.map((value) => value * value + 0.1),
        [features],
      );
      const alone = shape.slice(1).every((extent) => extent === 1);
      for (const groups of alone ? [] : shape.length > 2 && features === 4 ? [1, 2, 4] : [1]) {
        expectSame('group_norm_forward', { x, groups, gamma, beta });
        expectSame('group_norm_backward', { x, dy, groups, gamma });
      }
      const renorm = { x, gamma, running_mean, running_std, r_max: 1.5, d_max: 0.5 };
      expectSame('batch_renorm_forward', { ...renorm, beta });
      expectSame('batch_renorm_backward', { ...renorm, dy });
      for (const p of [1, 2, 'inf'] as const) {
        expectSame('lp_norm_forward', { x, p, gamma, beta });
        expectSame('lp_norm_backward', { x, dy, p, gamma });
      }
    });

    test('activations agree, ReLU and leaky ReLU to the bit', () => {
      const x = normal(dtype, shape, 1);
      const dy = normal(dtype, shape, 2);
      for (const kind of ['relu', 'identity', 'sigmoid', 'tanh'] as const) {
        expectAgreement('activation_forward', { kind, x }, tolerance);
        expectAgreement('activation_backward', { kind, x, dy }, tolerance);
      }
      expectSame('activation_forward', { kind: 'relu', x });
      expectSame('activation_backward', { kind: 'relu', x, dy });
      expectSame('activation_forward', { kind: 'leaky_relu', x });
      expectSame('activation_backward', { kind: 'leaky_relu', x, dy });
    });

    test('an SGD step is the same to the bit', () => {
      const [parameter, gradient, velocity] = [1, 2, 3].map((seed) => normal(dtype, shape, seed)) as [
        Tensor<Float32Array>,
        Tensor<Float32Array>,
        Tensor<Float32Array>,
      ];
      const rates = { lr: 0.1, weight_decay: 0.01 };
      expectSame('sgd_step', { parameter, gradient, ...rates });
      expectSame('sgd_step', { parameter, gradient, velocity, momentum: 0.9, nesterov: true, ...rates });
    });
  });

  test.each([
    [1, 1, 1],
    [3, 5, 9],
    [33, 7, 10],
    [60, 784, 100],
  ])('linear layers are the same to the bit: (%i, %i) to %i', (batch, inputs, outputs) => {
    const x = normal(dtype, [batch, inputs], 1);
    const weight = normal(dtype, [outputs, inputs], 2);
    expectSame('linear_forward', { x, weight, bias: normal(dtype, [outputs], 3) });
    expectSame('linear_backward', { x, weight, dy: normal(dtype, [batch, outputs], 4) });
  });

  test.each([
    { shape: [1, 1, 3, 3], outputs: 1, kernel: 1, stride: 1 },
    { shape: [5, 1, 12, 12], outputs: 8, kernel: 3, stride: 1 },
    { shape: [2, 8, 6, 7], outputs: 5, kernel: 3, stride: 2 },
    { shape: [3, 3, 9, 5], outputs: 17, kernel: 5, stride: 1 },
  ])('convolution, pooling and dropout are the same to the bit: $shape', (row) => {
    const { shape, outputs, kernel, stride } = row;
    const [batch, channels, height, width] = shape as [number, number, number, number];
    const x = normal(dtype, shape, 1);
    const weight = normal(dtype, [outputs, channels, kernel, kernel], 2);
    const out = (extent: number) => Math.floor((extent - 1) / stride) + 1;
    expectSame('conv2d_forward', { x, weight, bias: normal(dtype, [outputs], 3), stride });
    const dy = normal(dtype, [batch, outputs, out(height), out(width)], 4);
    expectSame('conv2d_backward', { x, weight, dy, stride });
    const halves = normal(dtype, [batch, channels, Math.floor(height / 2), Math.floor(width / 2)], 5);
    for (const pool of ['max', 'average'] as const) {
      expectSame('pool2d_forward', { x, pool });
      expectSame('pool2d_backward', { x, dy: halves, pool });
    }
    expectSame('dropout_forward', { x, p: 0.3, seed: 6 });
  });

  test.each([
    [1, 2],
    [3, 5],
    [33, 7],
  ])('losses of (%i, %i) agree', (batch, outputs) => {
    const prediction = normal(dtype, [batch, outputs], 1);
    const target = normal(dtype, [batch, outputs], 2);
    const likely = tensor(
      target.data.map((value) => (value > 0 ? 1 : 0.25)),
      target.shape,
    );
    const classes = Int32Array.from({ length: batch }, (_, i) => i % outputs);
    expectAgreement('loss', { kind: 'cross_entropy', prediction, target: classes }, tolerance);
    expectAgreement('loss', { kind: 'bce_with_logits', prediction, target: likely }, tolerance);
    expectAgreement('loss', { kind: 'mse', prediction, target }, tolerance);
  });

  test('200 training steps stay together', () => {
    const [a, b] = [simd, scalar].map((engine) => engine.model({ ...EXPERIMENT, dtype })) as [
      ReturnType<Engine['model']>,
      ReturnType<Engine['model']>,
    ];
    expectClose('losses', a.train(200).losses, b.train(200).losses, TOLERANCE_TRAINED[dtype]);
    for (const name of a.names()) expectClose(name, a.get(name), b.get(name), TOLERANCE_TRAINED[dtype]);
  });

  // Few steps: where a sign or the largest of several values decides, rounding will one day decide otherwise.
  test('20 training steps of every kind of layer stay together, and what is seen of them', () => {
    const [a, b] = [simd, scalar].map((engine) => engine.model({ ...ALL_LAYERS, dtype })) as [
      ReturnType<Engine['model']>,
      ReturnType<Engine['model']>,
    ];
    const near = (name: string, ours: Result, theirs: Result) => {
      expectClose(name, ours, theirs, TOLERANCE_TRAINED[dtype]);
    };
    near('losses', a.train(20).losses, b.train(20).losses);
    for (const name of a.names()) near(name, a.get(name), b.get(name));
    expect(a.batch()).toEqual(b.batch());
    for (const set of ['train', 'test', 'batch'] as const) {
      for (const mode of ['training', 'inference'] as const) {
        const [ours, theirs] = [a.score(mode, set), b.score(mode, set)];
        near('loss', ours.loss, theirs.loss);
        expect(ours.confusion).toEqual(theirs.confusion);
      }
    }
    for (const layer of ALL_LAYERS.model.layers.keys()) {
      near(`output ${layer}`, a.record(layer, 'output'), b.record(layer, 'output'));
      near(`gradient ${layer}`, a.record(layer, 'gradient'), b.record(layer, 'gradient'));
    }
    for (const layer of [1, 15, 19]) {
      const [ours, theirs] = [a.statistics(layer, 3), b.statistics(layer, 3)];
      for (const [name, value] of Object.entries(ours))
        near(name, value, theirs[name as keyof typeof theirs]);
    }
  });
});

test('random numbers and data sets are the same to the bit', () => {
  for (const stream of ['data', 'init', 'order'] as const)
    for (const kind of ['uniform', 'normal', 'permutation'] as const)
      expectSame('random', { seed: 3, stream, kind, count: 1000 });
  for (const kind of ['blobs', 'circles', 'xor', 'spirals', 'moons', 'glyphs', 'regression'] as const)
    expectSame('dataset', { data: { kind, noise: 0.2 }, seed: 5 });
  expectSame('dataset', { data: PREPARED, seed: 7 });
  const [ours, theirs] = [simd, scalar].map((engine) =>
    engine.call('data_create', { data: PREPARED, seed: 7 }),
  );
  expect({ ...ours, data: 0 }).toEqual({ ...theirs, data: 0 });
  for (const set of ['train', 'test'] as const) {
    expect(simd.call('data_read', { data: ours!.data, set })).toEqual(
      scalar.call('data_read', { data: theirs!.data, set }),
    );
  }
});

test('what explains a batch is the same to the bit', () => {
  const x = normal('float64', [33, 7], 1) as Tensor<Float64Array>;
  const [gamma, beta, running_mean] = [2, 3, 4].map(
    (seed) => normal('float64', [7], seed).data as Float64Array,
  ) as [Float64Array, Float64Array, Float64Array];
  const running_var = running_mean.map((value) => value * value + 0.1);
  expectSame('describe', { x });
  expectSame('batch_norm_walk', {
    x,
    gamma,
    beta,
    eps: 1e-5,
    running_mean,
    running_var,
    dy: normal('float64', [33, 7], 5) as Tensor<Float64Array>,
    lr: 0.1,
  });
  expectSame('running_statistics', {
    mean: x,
    var: tensor(x.data.map(Math.abs), x.shape),
    count: new Float64Array(33).fill(8),
    initial_mean: beta,
    initial_var: running_var,
  });
});
