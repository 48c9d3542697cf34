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
    return model;
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
