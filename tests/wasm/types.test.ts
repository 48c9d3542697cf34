import { expectTypeOf, test } from 'vitest';
import type { Engine, LoadOptions, Model } from '../../wasm/engine.ts';
import type { EngineClient } from '../../web/client/engine-client.ts';
import type { Experiment } from '../../web/protocol/experiment.ts';
import type { ArgsOf, OperationName, ResultOf } from '../../web/protocol/operations.ts';
import type { Tensor, TypedArray } from '../../web/protocol/tensor.ts';

// What the compiler must accept and, after each @ts-expect-error, must not. The functions are never called.

declare const engine: Engine;
declare const client: EngineClient;
const x: Tensor<Float32Array> = { shape: [2, 1], data: Float32Array.of(1, 2) };
const experiment: Experiment = { version: 1, model: { inputs: 2, layers: [{ kind: 'relu' }] }, loss: 'mse' };

test('an operation fixes the types of its arguments and its result', () => {
  type Call = Engine['call'];
  expectTypeOf<Parameters<Call>[0]>().toEqualTypeOf<OperationName>();
  expectTypeOf<ArgsOf<'linear_forward'>>().toHaveProperty('weight');
  expectTypeOf<ResultOf<'model_train'>['losses']['data']>().toEqualTypeOf<Float64Array>();
  expectTypeOf(() => {
    const { loss, gradient } = engine.call('loss', { kind: 'mse', prediction: x, target: x });
    expectTypeOf(loss).toBeNumber();
    expectTypeOf(gradient.data).toEqualTypeOf<Float32Array | Float64Array>();
    expectTypeOf(client.call('version', {})).resolves.toEqualTypeOf<{ version: string; simd: boolean }>();
  }).toBeFunction();
});

test('wrong calls do not compile', () => {
  expectTypeOf(() => {
    engine.call('batch_norm_forward', { x, gamma: Float32Array.of(1), mode: 'training' });
    engine.call('version', {});
    // @ts-expect-error no operation of this name
    engine.call('batch_norm', { x });
    // @ts-expect-error a required argument is missing
    engine.call('linear_forward', { x });
    // @ts-expect-error no argument of this name
    engine.call('batch_norm_forward', { x, epsilon: 1e-5 });
    // @ts-expect-error a text for a number
    engine.call('batch_norm_forward', { x, eps: '1e-5' });
    // @ts-expect-error an array for a typed array
    engine.call('batch_norm_forward', { x, gamma: [1] });
    // @ts-expect-error a vector where a matrix is wanted
    engine.call('batch_norm_forward', { x: Float32Array.of(1, 2) });
    // @ts-expect-error a word that is no mode
    engine.call('batch_norm_forward', { x, mode: 'eval' });
    // @ts-expect-error float32 where only float64 will do
    engine.call('describe', { x });
    // @ts-expect-error nothing takes arguments by position
    engine.call('version');
    // @ts-expect-error the result has no such part
    void engine.call('linear_forward', { x, weight: x }).output;
    // @ts-expect-error the client's result is a promise
    void client.call('version', {}).version;
  }).toBeFunction();
});

test('experiments are checked, layer by layer', () => {
  expectTypeOf<Experiment['version']>().toEqualTypeOf<1>();
  expectTypeOf(() => {
    engine.model(experiment);
    // @ts-expect-error an unknown layer
    engine.model({ ...experiment, model: { inputs: 2, layers: [{ kind: 'maxout' }] } });
    // @ts-expect-error a linear layer without its width
    engine.model({ ...experiment, model: { inputs: 2, layers: [{ kind: 'linear' }] } });
    // @ts-expect-error an option of another kind of layer
    engine.model({ ...experiment, model: { inputs: 2, layers: [{ kind: 'relu', units: 2 }] } });
    engine.model({
      ...experiment,
      model: {
        inputs: 36,
        input_shape: [1, 6, 6],
        layers: [
          { kind: 'conv2d', units: 2, kernel: 3 },
          { kind: 'group_norm', groups: 2 },
          { kind: 'flatten' },
          { kind: 'batch_renorm', r_max: 3 },
          { kind: 'lp_norm', p: 'inf' },
          { kind: 'add', from: 3 },
          { kind: 'dropout' },
        ],
      },
    });
    // @ts-expect-error a picture without its width
    engine.model({ ...experiment, model: { inputs: 4, input_shape: [2, 2], layers: [{ kind: 'relu' }] } });
    // @ts-expect-error a power that is none of the three
    engine.model({ ...experiment, model: { inputs: 2, layers: [{ kind: 'lp_norm', p: 3 }] } });
    // @ts-expect-error a sum without its other part
    engine.model({ ...experiment, model: { inputs: 2, layers: [{ kind: 'add' }] } });
    engine.model(experiment, 7);
    // @ts-expect-error a version this program does not know
    engine.model({ ...experiment, version: 2 });
    // @ts-expect-error a loss nobody knows
    engine.model({ ...experiment, loss: 'hinge' });
  }).toBeFunction();
});

test('a model hands out tensors, takes what it hands out and can be disposed of', () => {
  expectTypeOf((model: Model): Disposable => {
    const weight: Tensor<TypedArray> = model.get('0.weight');
    model.set('0.weight', weight);
    model.train();
    // @ts-expect-error a text for a number of steps
    model.train('5');
    // @ts-expect-error a batch without its targets
    model.step(x);
    model.setData(7);
    model.setData(x, x);
    // @ts-expect-error a number that is no handle of data, but has targets
    model.setData(7, x);
    model.setOptimizer({ schedule: 'cosine', warmup: 10, clip: 1 });
    model.setBatch({ classes: 1 });
    model.setLayers([{ kind: 'batch_norm', frozen: true }]);
    // @ts-expect-error an optimiser's option for a batch
    model.setBatch({ lr: 1 });
    return model;
  }).toBeFunction();
});

test('what a model shows of itself has types', () => {
  expectTypeOf((model: Model) => {
    const { accuracy, confusion } = model.score('inference', 'test', { limit: 100, shift: 1 });
    expectTypeOf(accuracy).toBeNumber();
    expectTypeOf(confusion).toEqualTypeOf<Tensor<Int32Array> | undefined>();
    // @ts-expect-error a set there is none of
    model.score('inference', 'validation');
    // @ts-expect-error the model is known
    model.score('inference', 'test', { model: 1 });
    expectTypeOf(model.batch().members.data).toEqualTypeOf<Int32Array>();
    expectTypeOf(model.record(0, 'output').data).toEqualTypeOf<Float32Array | Float64Array>();
    // @ts-expect-error nothing of this name is recorded
    model.record(0, 'weight');
    expectTypeOf(model.observe({ bins: 20 }).output.data).toEqualTypeOf<Int32Array>();
    expectTypeOf(model.statistics(1, 5).recalibrated_var.data).toEqualTypeOf<Float32Array | Float64Array>();
    model.recalibrate(5, { scale: 2 });
    model.evaluate('training', x, undefined, 'last_batch');
    const where: number | undefined = model.train(5).diverged_layer;
    return where;
  }).toBeFunction();
});

test('the binary may come as bytes, as a module or by its address', () => {
  expectTypeOf((bytes: Uint8Array<ArrayBuffer>, module: WebAssembly.Module, url: URL): LoadOptions[] => [
    {},
    { simd: false },
    { wasm: bytes },
    { wasm: bytes.buffer },
    { wasm: module },
    { wasm: url },
    { wasm: url.href },
  ]).toBeFunction();
});
