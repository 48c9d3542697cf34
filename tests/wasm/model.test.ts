import { beforeAll, describe, expect, test } from 'vitest';
import type { Engine, Model } from '../../wasm/engine.ts';
import type { Experiment } from '../../web/protocol/experiment.ts';
import { type Tensor, tensor } from '../../web/protocol/tensor.ts';
import { ALL_LAYERS, contracts, DATA, EXPERIMENT } from './contracts.ts';
import { BINARIES, expectClose, load, memoryOf, refusal } from './support.ts';

const state = (model: Model) => model.names().map((name) => [name, model.get(name)]);

describe.each(BINARIES)('%s: a model', (binary) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await load(binary);
  });

  test('names its tensors as a PyTorch state_dict does', () => {
    const model = engine.model(EXPERIMENT);
    expect(model.names().map((name) => [name, model.get(name).shape])).toEqual([
      ['0.weight', [4, 2]],
      ['0.bias', [4]],
      ['1.weight', [4]],
      ['1.bias', [4]],
      ['1.running_mean', [4]],
      ['1.running_var', [4]],
      ['1.num_batches_tracked', []],
      ['2.weight', [2, 4]],
      ['2.bias', [2]],
    ]);
  });

  test('takes back every tensor it gives', () => {
    const [trained, fresh] = [engine.model(EXPERIMENT), engine.model(EXPERIMENT)];
    trained.train(3);
    expect(state(fresh)).not.toEqual(state(trained));
    for (const name of trained.names()) fresh.set(name, trained.get(name));
    expect(state(fresh)).toEqual(state(trained));
    expect(fresh.get('1.num_batches_tracked').data).toEqual(Int32Array.of(3));
  });

  test('does the same from the same seeds, and other things from others', () => {
    const run = (experiment: Experiment) => {
      const model = engine.model(experiment);
      return { losses: model.train(50).losses, state: state(model) };
    };
    const first = run(EXPERIMENT);
    expect(run(EXPERIMENT)).toEqual(first);
    for (const stream of ['data', 'init', 'order']) {
      // The two largest seeds there are.
      const [last, other] = [2 ** 32 - 1, 2 ** 32 - 2].map(
        (seed) => run({ ...EXPERIMENT, seeds: { ...EXPERIMENT.seeds, [stream]: seed } }).losses,
      );
      expect(last).not.toEqual(first.losses);
      expect(last).not.toEqual(other);
    }
  });

  test('trains the same in one go as step by step, and after a rewind', () => {
    const model = engine.model(EXPERIMENT);
    const { losses, step, epoch } = model.train(30);
    expect([losses.shape, step, epoch]).toEqual([[30], 30, 10]);
    const trained = state(model);
    model.rewind();
    const singly = Array.from({ length: 30 }, () => model.train().losses.data[0]);
    expect(singly).toEqual(Array.from(losses.data));
    expect(state(model)).toEqual(trained);
  });

  test('steps on a batch as the operators do one after the other', () => {
    const experiment: Experiment = {
      version: 1,
      dtype: 'float64',
      data: { kind: 'given' },
      model: {
        inputs: 3,
        layers: [
          { kind: 'linear', units: 4 },
          { kind: 'batch_norm' },
          { kind: 'tanh' },
          { kind: 'linear', units: 2 },
        ],
      },
      loss: 'cross_entropy',
      optimizer: { lr: 0.1, weight_decay: 0.01 },
    };
    const model = engine.model(experiment);
    const draw = (seed: number, shape: readonly [number, number]) =>
      tensor(
        engine.call('random', { seed, stream: 'data', kind: 'normal', count: shape[0] * shape[1] }).values
          .data,
        shape,
      );
    const x = draw(1, [8, 3]);
    const classes = Int32Array.of(0, 1, 1, 0, 1, 0, 0, 1);
    const get = (name: string) => model.get(name) as Tensor<Float64Array>;
    const before = Object.fromEntries(model.names().map((name) => [name, get(name)]));
    const weights = [get('0.weight'), get('3.weight')] as const;
    const gamma = get('1.weight');

    const z = engine.call('linear_forward', { x, weight: weights[0], bias: get('0.bias') }).y;
    const norm = engine.call('batch_norm_forward', {
      x: z,
      gamma,
      beta: get('1.bias'),
      running_mean: get('1.running_mean'),
      running_var: get('1.running_var'),
    });
    const h = engine.call('activation_forward', { kind: 'tanh', x: norm.y }).y;
    const logits = engine.call('linear_forward', { x: h, weight: weights[1], bias: get('3.bias') }).y;
    const { loss, gradient } = engine.call('loss', {
      kind: 'cross_entropy',
      prediction: logits,
      target: classes,
    });
    const last = engine.call('linear_backward', { x: h, weight: weights[1], dy: gradient });
    const dnorm = engine.call('activation_backward', { kind: 'tanh', x: norm.y, dy: last.dx }).dx;
    const dz = engine.call('batch_norm_backward', { x: z, dy: dnorm, gamma });
    const first = engine.call('linear_backward', { x, weight: weights[0], dy: dz.dx });
    const gradients = {
      '0.weight': first.dweight,
      '0.bias': first.dbias,
      '1.weight': dz.dgamma,
      '1.bias': dz.dbeta,
      '3.weight': last.dweight,
      '3.bias': last.dbias,
    };

    expect(model.evaluate('training', x, classes).output.data).toEqual(logits.data);
    const record = model.step(x, classes);
    expect(record).toMatchObject({ step: 1, diverged: false });
    expect(record.loss).toBeCloseTo(loss, 13);
    for (const [name, gradient] of Object.entries(gradients)) {
      expectClose(name, model.gradient(name), gradient, 1e-13);
      const { parameter } = engine.call('sgd_step', {
        parameter: before[name]!,
        gradient,
        lr: 0.1,
        weight_decay: 0.01,
      });
      expectClose(name, get(name), parameter, 1e-13);
    }
    expectClose('running_mean', get('1.running_mean'), norm.running_mean!, 1e-13);
    expectClose('running_var', get('1.running_var'), norm.running_var!, 1e-13);
  });

  test('evaluates in both modes without changing anything', () => {
    const model = engine.model(EXPERIMENT);
    model.train(20);
    const before = state(model);
    const { x, y } = engine.call('dataset', { data: EXPERIMENT.data, seed: 1 });
    const training = model.evaluate('training', x as never, y as never);
    const inference = model.evaluate('inference', x as never, y as never);
    expect(training.output.shape).toEqual([24, 2]);
    expect(inference.output.data).not.toEqual(training.output.data);
    expect([training.loss, inference.loss].every((loss) => loss! > 0 && loss! < 2)).toBe(true);
    expect(model.evaluate('inference', x as never)).not.toHaveProperty('loss');
    expect(state(model)).toEqual(before);
    // In inference mode an example's output does not depend on its batch-mates.
    const alone = tensor(x.data.slice(0, 2), [1, 2]);
    const expected = tensor(inference.output.data.slice(0, 2), [1, 2]);
    expectClose('alone', model.evaluate('inference', alone).output, expected, 1e-6);
  });

  test('recalibrates its running statistics and nothing else', () => {
    const model = engine.model(EXPERIMENT);
    model.train(20);
    const before = new Map(model.names().map((name) => [name, model.get(name)]));
    model.recalibrate(3);
    const changed = model
      .names()
      .filter((name) => !Object.is(String(model.get(name).data), String(before.get(name)!.data)));
    expect(changed).toEqual(expect.arrayContaining(['1.running_mean', '1.running_var']));
    expect(changed.every((name) => name.startsWith('1.running') || name === '1.num_batches_tracked')).toBe(
      true,
    );
  });

  test('trains on examples it is given', () => {
    const model = engine.model({ ...EXPERIMENT, data: { kind: 'given' } });
    expect(refusal(() => model.train()).argument).toBe('model');
    const { x, y } = engine.call('dataset', { data: EXPERIMENT.data, seed: EXPERIMENT.seeds.data });
    model.setData(x, y as Tensor<Int32Array>);
    expect(model.train(20)).toEqual(engine.model(EXPERIMENT).train(20));
  });

  test('changes its optimiser from one step to the next', () => {
    const model = engine.model(EXPERIMENT);
    model.setOptimizer({ lr: 0 });
    const before = model.get('0.weight');
    model.train(1);
    expect(model.get('0.weight')).toEqual(before);
    model.setOptimizer({ lr: 0.1 });
    model.train(1);
    expect(model.get('0.weight')).not.toEqual(before);
  });

  test('says when it has diverged', () => {
    const model = engine.model({
      ...EXPERIMENT,
      model: { inputs: 2, layers: [{ kind: 'linear', units: 2 }] },
      loss: 'mse',
    });
    model.setOptimizer({ lr: 1000 });
    const { diverged, losses } = model.train(1000);
    expect(diverged).toBe(true);
    expect(losses.data.length).toBeLessThan(1000);
  });

  test('says where it diverged', () => {
    const model = engine.model(EXPERIMENT);
    model.train(2);
    const before = state(model);
    const x = tensor(Float32Array.of(1e30, 1, -1e30, 0, 1, 2), [3, 2]);
    const { diverged, step, diverged_what, diverged_layer, diverged_unit, ...rest } = model.step(
      x,
      Int32Array.of(0, 1, 1),
    );
    expect({ diverged, step, diverged_what, diverged_layer, diverged_unit }).toEqual({
      diverged: true,
      step: 2,
      diverged_what: 'statistics',
      diverged_layer: 1,
      diverged_unit: 0,
    });
    expect(rest).not.toHaveProperty('diverged_example');
    expect(rest.diverged_value).not.toBeLessThan(Infinity);
    expect(state(model)).toEqual(before);
    expect(model.train(1)).not.toHaveProperty('diverged_what');
  });

  test('notices at the next step that an update was too large itself', () => {
    const model = engine.model({
      version: 1,
      model: { inputs: 1, layers: [{ kind: 'linear', units: 1, bias: false }] },
      loss: 'mse',
      optimizer: { lr: 1e6 },
    });
    const weight = tensor(Float32Array.of(1e3), [1, 1]);
    const step = () => model.step(tensor(Float32Array.of(1e15), [1, 1]), tensor(Float32Array.of(0), [1, 1]));
    model.set('0.weight', weight);
    expect(step()).toMatchObject({ diverged: false, step: 1 });
    expect(model.get('0.weight').data).toEqual(Float32Array.of(-Infinity));
    expect(step()).toMatchObject({ diverged: true, step: 1, diverged_what: 'output', diverged_layer: 0 });
    model.setOptimizer({ lr: 0 });
    model.set('0.weight', weight);
    expect(step().diverged).toBe(false);
  });

  test('trains on data it shares, also after their handle was freed', () => {
    const { data, ...described } = engine.call('data_create', { data: EXPERIMENT.data, seed: 1 });
    expect(described).toMatchObject({ inputs: 2, classes: 2, train: 24, test: 0 });
    const { data: _, ...experiment } = EXPERIMENT;
    const [one, two] = [engine.model(experiment, data), engine.model(experiment, data)];
    engine.call('data_free', { data });
    const expected = engine.model(EXPERIMENT).train(10);
    expect(one.train(10)).toEqual(expected);
    expect(two.train(10)).toEqual(expected);
    expect(refusal(() => engine.model(experiment, data)).argument).toBe('data');
  });

  test('takes its data from one place only', () => {
    const { data } = engine.call('data_create', { data: EXPERIMENT.data, seed: 1 });
    expect(refusal(() => engine.model(EXPERIMENT, data))).toMatchObject({
      argument: 'experiment.data',
      expected: 'none beside the data of data_create',
    });
    const { handle } = engine.model(EXPERIMENT);
    const x = tensor(Float32Array.of(1, 2, 3, 4), [2, 2]);
    const args = { model: handle, data, x, y: Int32Array.of(0, 1) };
    expect(refusal(() => engine.call('model_set_data', args)).argument).toBe('x');
  });

  test('changes to data behind a handle', () => {
    const model = engine.model(EXPERIMENT);
    model.train(3);
    const { data } = engine.call('data_create', { data: { kind: 'moons', count: 30, test: 0.2 }, seed: 3 });
    model.setData(data);
    expect(model.score('inference', 'train').count).toBe(24);
    expect(model.score('inference', 'test').count).toBe(6);
    expect(model.train(3).step).toBe(6);
    const other = engine.call('data_create', { data: { kind: 'regression' }, seed: 3 }).data;
    expect(refusal(() => model.setData(other))).toMatchObject({
      argument: 'data',
      actual: 'ones that ask for 1, the features of this data, where it has 2',
    });
    expect(model.score('inference', 'train').count).toBe(24);
  });

  test('scores itself on its sets and on its last batch', () => {
    const model = engine.model({ ...EXPERIMENT, data: { ...EXPERIMENT.data, test: 0.25 } });
    model.train(100);
    for (const [set, count] of [
      ['train', 18],
      ['test', 6],
      ['batch', 8],
    ] as const) {
      const score = model.score('inference', set);
      expect(score.count).toBe(count);
      expect(score.loss).toBeGreaterThan(0);
      const [a, b, c, d] = Array.from(score.confusion!.data) as [number, number, number, number];
      expect(a + b + c + d).toBe(count);
      expect(score.accuracy).toBe((a + d) / count);
    }
    expect(model.score('training', 'train', { limit: 9 }).count).toBe(8);
    const { data } = model.batch().x;
    const { x, y } = { x: tensor(data as Float32Array, [8, 2]), y: model.batch().y };
    expect(model.score('inference', 'batch').loss).toBeCloseTo(model.evaluate('inference', x, y).loss!, 12);
    const moved = tensor(
      x.data.map((value) => 2 * value - 1),
      x.shape,
    );
    const { loss } = model.score('inference', 'batch', { scale: 2, shift: -1 });
    expect(loss).toBeCloseTo(model.evaluate('inference', moved, y).loss!, 6);
  });

  test('shows what the last step left in its layers', () => {
    const model = engine.model(EXPERIMENT);
    expect(refusal(() => model.batch()).actual).toBe('one before its first');
    model.train(3);
    const [x, gamma, beta] = [model.record(0, 'output'), model.get('1.weight'), model.get('1.bias')];
    model.setOptimizer({ lr: 0 });
    model.setData(model.batch().x, model.batch().y);
    model.train(1);
    const norm = engine.call('batch_norm_forward', {
      x: model.record(0, 'output'),
      gamma: gamma.data as Float32Array,
      beta: beta.data as Float32Array,
    });
    expect(model.record(0, 'output').shape).toEqual(x.shape);
    expect(model.record(1, 'output')).toEqual(norm.y);
    expect(model.record(1, 'xhat')).toEqual(norm.xhat);
    expect(model.record(1, 'mean')).toEqual(norm.mean);
    expect(model.record(1, 'var')).toEqual(norm.var);
    expect(model.record(2, 'gradient').shape).toEqual([8, 2]);

    const seen = model.observe({ bins: 5, range: 3 });
    expect(seen.xhat.shape).toEqual([3, 5]);
    const counts = [0, 1, 2].map((layer) => seen.xhat.data.slice(5 * layer, 5 * layer + 5));
    expect(counts.map((row) => row.reduce((a, b) => a + b))).toEqual([0, 32, 0]);
    expect(seen.lr).toBe(0);
    expect(seen.output_mean.data).toHaveLength(3);
  });

  test('shows the statistics of a layer and what recalibrating would make of them', () => {
    const model = engine.model(EXPERIMENT);
    model.train(10);
    const before = state(model);
    const { batch_mean, running_var, recalibrated_mean } = model.statistics(1, 3);
    expect(state(model)).toEqual(before);
    expect(batch_mean).toEqual(model.record(1, 'mean'));
    expect(running_var).toEqual(model.get('1.running_var'));
    model.recalibrate(3);
    expect(recalibrated_mean).toEqual(model.get('1.running_mean'));
    model.recalibrate(3, { shift: 100 });
    expect(model.get('1.running_mean')).not.toEqual(recalibrated_mean);
  });

  test('evaluates examples as if each were met in the batch of its last step', () => {
    const model = engine.model({ ...EXPERIMENT, optimizer: { lr: 0 } });
    model.train(1);
    const { x } = model.batch();
    const together = model.record(2, 'output');
    for (let i = 0; i < 8; i++) {
      const alone = tensor(x.data.slice(2 * i, 2 * i + 2), [1, 2]);
      const { output } = model.evaluate('training', alone, undefined, 'last_batch');
      expectClose('alone', output, tensor(together.data.slice(2 * i, 2 * i + 2), [1, 2]), 1e-6);
    }
  });

  test('changes its batches and the options of its layers from one step to the next', () => {
    const model = engine.model(EXPERIMENT);
    model.train(2);
    model.setBatch({ size: 12, classes: 1 });
    model.train(1);
    const { y } = model.batch();
    expect(y.data.length).toBe(12);
    expect(new Set(y.data).size).toBe(1);

    const running = model.get('1.running_mean');
    const { layers } = EXPERIMENT.model;
    model.setLayers(
      layers.map((layer) => (layer.kind === 'batch_norm' ? { ...layer, frozen: true } : layer)),
    );
    model.train(3);
    expect(model.get('1.running_mean')).toEqual(running);
    expect(refusal(() => model.setLayers([...layers, { kind: 'relu' }]))).toMatchObject({
      argument: 'layers',
      actual: 'other layers',
    });
  });

  test('learns with every kind of layer', () => {
    const model = engine.model(ALL_LAYERS);
    const first = model.score('inference', 'train').loss;
    const { diverged, losses } = model.train(120);
    expect(diverged).toBe(false);
    expect(losses.data.every(Number.isFinite)).toBe(true);
    expect(model.score('inference', 'train').loss).toBeLessThan(0.7 * first);
    // Each layer can be looked at, and its tensors go back where they came from.
    for (const layer of ALL_LAYERS.model.layers.keys()) {
      expect(model.record(layer, 'output').data.every(Number.isFinite)).toBe(true);
    }
    const twin = engine.model(ALL_LAYERS);
    for (const name of model.names()) twin.set(name, model.get(name));
    expect(twin.score('inference', 'test')).toEqual(model.score('inference', 'test'));
    // All options at once, as they are.
    model.setLayers(ALL_LAYERS.model.layers);
    expect(twin.score('training', 'test')).toEqual(model.score('training', 'test'));
  });

  test('takes nothing but numbers above 0 for what batch renorm divides by', () => {
    const model = engine.model(ALL_LAYERS);
    const before = model.get('15.running_std');
    const value = tensor((before.data as Float32Array).with(2, 0), [16]);
    expect(refusal(() => model.set('15.running_std', value))).toMatchObject({
      expected: 'standard deviations, which are above 0',
      actual: '0 at [2]',
    });
    expect(model.get('15.running_std')).toEqual(before);
  });

  test('is freed at the end of its block', () => {
    const model = engine.model(EXPERIMENT);
    model[Symbol.dispose]();
    expect(refusal(() => model.train()).actual).toBe('one that was freed');
  });
});

describe.each(BINARIES)('%s: memory', (binary) => {
  test('is as before after 10,000 models made, trained and freed', async () => {
    const { engine, memory } = await memoryOf(() => load(binary));
    const cycle = () => {
      const model = engine.model(EXPERIMENT);
      model.train(2);
      model.free();
    };
    for (let i = 0; i < 100; i++) cycle();
    const { bytes } = engine.call('memory', {});
    const { byteLength } = memory.buffer;
    for (let i = 100; i < 10_000; i++) cycle();
    expect(engine.call('memory', {}).bytes).toBe(bytes);
    expect(memory.buffer.byteLength).toBe(byteLength);
  });

  test('shows a model that was not freed', async () => {
    const engine = await load(binary);
    engine.model(EXPERIMENT).free();
    const { bytes } = engine.call('memory', {});
    const kept = engine.model(EXPERIMENT);
    expect(engine.call('memory', {}).bytes).toBeGreaterThan(bytes);
    kept.free();
    expect(engine.call('memory', {}).bytes).toBe(bytes);
  });

  test('is as before after calls, refused ones too', async () => {
    const { engine, memory } = await memoryOf(() => load(binary));
    const model = engine.model(EXPERIMENT);
    model.train(3);
    const { data } = engine.call('data_create', DATA);
    const round = () => {
      for (const [operation, { args }] of Object.entries(contracts(model.handle, data))) {
        if (/_create$|_free$/.test(operation)) continue;
        engine.call(operation as never, args as never);
        refusal(() => engine.call(operation as never, { ...args, stray: new Float32Array(100) } as never));
      }
      const handle = engine.call('model_create', { experiment: EXPERIMENT }).model;
      engine.call('model_free', { model: handle });
      engine.call('data_free', { data: engine.call('data_create', DATA).data });
      refusal(() => engine.call('model_create', { experiment: { ...EXPERIMENT, loss: 'none' as never } }));
    };
    for (let i = 0; i < 3; i++) round();
    const { bytes } = engine.call('memory', {});
    const { byteLength } = memory.buffer;
    for (let i = 0; i < 300; i++) round();
    // The allocator may hand out a few bytes more than it was asked for, but not once a round.
    expect(Math.abs(engine.call('memory', {}).bytes - bytes)).toBeLessThan(100);
    expect(memory.buffer.byteLength).toBe(byteLength);
  });

  test('may grow, and move, in the middle of a request', async () => {
    const { engine, memory } = await memoryOf(() => load(binary));
    const { buffer } = memory;
    const [rows, columns] = [20_000, 500];
    const x = tensor(new Float32Array(rows * columns).fill(1), [rows, columns]);
    // Arguments are passed in the order they are written: the small ones lie there when the memory moves.
    const { y } = engine.call('linear_forward', {
      bias: Float32Array.of(0.5, -0.5),
      weight: tensor(new Float32Array(2 * columns).fill(2), [2, columns]),
      x,
    });
    expect(buffer.byteLength).toBe(0);
    expect(memory.buffer.byteLength).toBeGreaterThan(rows * columns * 4);
    expect(y.shape).toEqual([rows, 2]);
    expect(y.data.every((value, i) => value === (i % 2 === 0 ? 1000.5 : 999.5))).toBe(true);
    // What was handed out earlier is a copy and stays.
    const { values } = engine.call('random', { seed: 1, stream: 'data', kind: 'permutation', count: 3 });
    const copy = values.data.slice();
    engine.call('activation_forward', { kind: 'relu', x: tensor(new Float32Array(1e7), [1e7]) });
    expect(values.data).toEqual(copy);
  });

  test.each<[string, string, (engine: Engine) => unknown]>([
    ['one tensor', 'x', (engine) => engine.call('activation_forward', { kind: 'relu', x: zeros(4e7) })],
    [
      'the results',
      'x',
      (engine) => engine.call('linear_forward', { x: zeros(65536, 1), weight: zeros(65536, 1) }),
    ],
    ['a batch', 'experiment.batch.size', (engine) => engine.model(network(65536, 4096, 1))],
    [
      'one model too many',
      'experiment.batch.size',
      (engine) => {
        for (let i = 0; i < 20; i++) engine.model(network(65536, 2, 400));
      },
    ],
    [
      'one tensor too many',
      'weight',
      (engine) => {
        const [x, weight] = [zeros(1, 3e7), zeros(1, 3e7)];
        engine.call('linear_forward', { x, weight });
      },
    ],
  ])('has a limit, and meeting it is a refusal, not a crash: %s', async (_, argument, demand) => {
    const engine = await load(binary);
    const modest = engine.model(EXPERIMENT);
    const error = refusal(() => demand(engine));
    expect(error.argument).toBe(argument);
    expect(error.actual).toMatch(/\d (bytes|MB)$/);
    expect(modest.train(10).step).toBe(10);
  });
});

const zeros = (...shape: number[]) =>
  tensor(new Float64Array(shape.reduce((size, dim) => size * dim, 1)), shape);

const network = (batch: number, inputs: number, units: number): Experiment => ({
  version: 1,
  batch: { size: batch },
  model: { inputs, layers: [{ kind: 'linear', units }] },
  loss: 'mse',
});
