import { beforeEach, expect, test } from 'vitest';
import type { Engine } from '../../wasm/engine.ts';
import type { LabFrame, LabPoint } from '../../web/protocol/lab-session.ts';
import { diverging, network, open, settle, setup } from './lab-support.ts';
import { load, refusal } from './support.ts';

let engine: Engine;
beforeEach(async () => {
  engine = await load('simd');
});

const pointsOf = (frames: readonly LabFrame[], arm: number): LabPoint[] =>
  frames.flatMap(({ arms }) => [...arms[arm]!.points]);
const bytes = () => engine.call('memory', {}).bytes;

test('opens with everything a page needs for its first picture, and starts nothing by itself', () => {
  const { host, opened } = open(engine);
  expect(opened.data).toMatchObject({ inputs: 2, classes: 2, train: 140, test: 60 });
  expect(opened.train.x.shape).toEqual([140, 2]);
  expect(opened.test?.x.shape).toEqual([60, 2]);
  expect(opened.names[0]).toContain('1.running_mean');
  expect(opened.names[1]).not.toContain('1.running_mean');
  expect(opened.frame).toMatchObject({ running: false, speed: 0 });
  for (const arm of opened.frame.arms) {
    expect(arm).toMatchObject({ step: 0, epoch: 0, members: undefined });
    expect(arm.points).toHaveLength(1);
    expect(arm.points[0]).toMatchObject({ step: 0, batchLoss: NaN, batch: undefined });
    expect(arm.points[0]?.test?.inference.accuracy).toBeGreaterThanOrEqual(0);
  }
  host.rest();
  expect(host.frames).toEqual([]);
});

test('trains the arms in lockstep on the same examples', () => {
  const opened = open(engine);
  for (let i = 0; i < 12; i++) {
    void opened.session.step('batch');
    const [a, b] = settle(opened).at(-1)!.arms;
    expect([a?.step, b?.step]).toEqual([i + 1, i + 1]);
    expect(a?.members).toHaveLength(i % 9 === 8 ? 12 : 16);
    expect(a?.members).toEqual(b?.members);
  }
});

test('steps an epoch to its end', () => {
  const opened = open(engine);
  for (const epoch of [1, 2]) {
    void opened.session.step('epoch');
    expect(settle(opened).at(-1)?.arms[0]).toMatchObject({ epoch, step: 9 * epoch });
  }
});

test('two sessions of one setup tell the same numbers at the same steps', async () => {
  const run = (fresh: Engine, tick: number) => {
    const opened = open(fresh);
    opened.host.tick = tick;
    opened.session.run({ steps: 1000 });
    return settle(opened);
  };
  // On a clock three times as fast other steps are looked at, but what is seen at a step is the same.
  const [here, there] = [run(engine, 0.25), run(await load('simd'), 0.75)];
  for (const arm of [0, 1]) {
    const seen = new Map(pointsOf(here, arm).map((point) => [point.step, point]));
    const both = pointsOf(there, arm).filter(({ step }) => seen.has(step));
    expect(both.length).toBeGreaterThan(5);
    expect(both.at(-1)?.step).toBe(1000);
    for (const point of both) expect(point).toEqual(seen.get(point.step));
  }
});

test('points are made every so many steps, closer when single steps can be followed', () => {
  const steps = (speed?: number) => {
    const opened = open(engine, setup(), { every: 20 });
    opened.session.run({ steps: 60, ...(speed && { speed }) });
    return pointsOf(settle(opened), 0).map(({ step }) => step);
  };
  expect(steps()).toEqual([20, 40, 60]);
  expect(steps(100)).toEqual([5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60]);
});

test('a point tells the mean of the last batch losses', () => {
  const losses = engine.model(network(true, { data: setup().data.data })).train(40).losses.data;
  const opened = open(engine, setup(), { every: 20 });
  opened.session.run({ steps: 40 });
  const mean = (from: number) => losses.subarray(from, from + 20).reduce((sum, loss) => sum + loss, 0) / 20;
  const points = pointsOf(settle(opened), 0);
  expect(points.map(({ batchLoss }) => batchLoss)).toEqual([
    expect.closeTo(mean(0), 12),
    expect.closeTo(mean(20), 12),
  ]);
});

test('scores take a small share of the time once the run has got going', () => {
  const opened = open(engine);
  opened.session.run({ steps: 40_000 });
  const points = pointsOf(settle(opened), 0).map(({ step }) => step);
  // The beginning is looked at closely.
  expect(points.slice(0, 3)).toEqual([10, 20, 30]);
  const gaps = points.slice(1).map((step, i) => step - points[i]!);
  expect(Math.max(...gaps)).toBeGreaterThan(100);
  for (const step of points) expect(step % 10).toBe(0);
});

test('rewind repeats exactly, also after another learning rate and other batches', () => {
  const opened = open(engine);
  const { session } = opened;
  session.run({ steps: 200 });
  const first = settle(opened);
  session.rewind();
  const start = settle(opened).at(-1);
  expect(start?.arms.map(({ step, points }) => [step, points.length])).toEqual([
    [0, 1],
    [0, 1],
  ]);
  session.run({ steps: 200 });
  const second = settle(opened);
  for (const arm of [0, 1]) expect(pointsOf(second, arm)).toEqual(pointsOf(first, arm));
  expect(second.at(-1)?.arms[0]?.members).toEqual(first.at(-1)?.arms[0]?.members);
});

test('pause is heard between two slices, and what was reached is shown', () => {
  const { host, session } = open(engine);
  session.run({});
  for (let i = 0; i < 30; i++) {
    const from = host.time;
    host.turn();
    expect(host.time - from).toBeLessThan(host.slice + 12 * host.tick);
  }
  session.pause();
  session.taken();
  host.rest();
  const last = host.frames.at(-1)!;
  expect(last).toMatchObject({ running: false, speed: 0 });
  expect(last).not.toHaveProperty('stopped');
  const { step } = last.arms[0]!;
  expect(step).toBeGreaterThan(0);
  expect(pointsOf(host.frames, 0).at(-1)?.step).toBe(step);
  session.taken();
  session.pause();
  host.rest();
  expect(host.frames.at(-1)).toBe(last);
});

test('sends no frame before the last is taken, and at most twenty a second', () => {
  const { host, session } = open(engine);
  session.run({});
  for (let i = 0; i < 100; i++) host.turn();
  expect(host.frames).toHaveLength(1);
  const from = host.time;
  while (host.time < from + 1000) {
    host.turn();
    session.taken();
  }
  expect(host.frames.length).toBeGreaterThan(5);
  expect(host.frames.length).toBeLessThanOrEqual(22);
  expect(host.frames.at(-1)?.speed).toBeGreaterThan(0);
});

test('keeps a bounded number of points for a page that does not look', () => {
  const arms = [network(false)];
  const { host, session } = open(engine, setup({ arms }), { every: 1, limit: 1 });
  host.tick = 0.001;
  session.run({ steps: 6000 });
  host.rest();
  session.taken();
  host.rest();
  const [early, late] = host.frames.map(({ arms }) => arms[0]!.points);
  expect(6000 - early!.length).toBeGreaterThan(3000);
  expect(late!.length).toBeGreaterThan(800);
  expect(late!.length).toBeLessThanOrEqual(2000);
  expect(late!.at(-1)?.step).toBe(6000);
});

test('stops after the steps it was given', () => {
  const opened = open(engine);
  opened.session.run({ steps: 123 });
  expect(settle(opened).at(-1)).toMatchObject({
    stopped: 'steps',
    running: false,
    arms: [{ step: 123 }, { step: 123 }],
  });
  opened.session.run({ steps: 7 });
  expect(settle(opened).at(-1)).toMatchObject({ stopped: 'steps', arms: [{ step: 130 }, { step: 130 }] });
});

test('stops at a loss, at the same step on any machine', () => {
  const stop = (tick: number) => {
    const opened = open(engine);
    opened.host.tick = tick;
    opened.session.run({ loss: 0.3 });
    const frame = settle(opened).at(-1)!;
    expect(frame.stopped).toBe('loss');
    expect(frame.arms[0]!.points.at(-1)?.batchLoss).toBeLessThanOrEqual(0.3);
    return frame.arms.map(({ step }) => step);
  };
  const steps = stop(0.25);
  expect(steps[0]! % 10).toBe(0);
  expect(steps[1]).toBe(steps[0]);
  expect(stop(2)).toEqual(steps);
});

test('keeps to a speed without working in between', () => {
  const { host, session } = open(engine);
  host.tick = 0.01;
  session.run({ speed: 10, steps: 20 });
  const from = host.time;
  settle({ host, session });
  expect(host.time - from).toBeGreaterThan(1850);
  expect(host.time - from).toBeLessThan(2300);
});

test('freezes the arm that diverges and stops; the other can go on', () => {
  const arms = [network(true, { loss: 'mse' }), diverging()];
  const opened = open(engine, setup({ arms }));
  opened.session.run({});
  const frame = settle(opened).at(-1)!;
  expect(frame).toMatchObject({ stopped: 'diverged', running: false });
  const [a, b] = frame.arms;
  expect(a?.divergence).toBeUndefined();
  expect(b?.divergence).toMatchObject({ step: b!.step + 1, diverged_what: expect.any(String) });
  expect(a?.step).toBe(b?.step);
  expect(pointsOf([frame], 1).at(-1)?.step ?? b?.step).toBe(b?.step);

  opened.session.run({ steps: 50 });
  const later = settle(opened).at(-1)!;
  expect(later.stopped).toBe('steps');
  expect(later.arms.map(({ step }) => step)).toEqual([a!.step + 50, b!.step]);
  expect(later.arms[1]?.divergence).toEqual(b?.divergence);

  opened.session.rewind();
  expect(settle(opened).at(-1)?.arms[1]?.divergence).toBeUndefined();
});

test('refuses to run when every arm has diverged', async () => {
  const opened = open(engine, setup({ arms: [diverging()] }));
  opened.session.run({});
  settle(opened);
  expect(refusal(() => opened.session.run({})).message).toMatch(/diverged; rewind/);
  await expect(opened.session.step('batch')).rejects.toThrow(/diverged; rewind/);
});

test('a diverged arm can be watched in every way', () => {
  const watch = { layers: { bins: 10, range: 4 }, statistics: { layers: [1], batches: 4 } };
  const arms = [network(true, { loss: 'mse', optimizer: { lr: 1e6 } })];
  const opened = open(engine, setup({ arms }), { ...watch, map: { resolution: 4, range: [-1, 1, -1, 1] } });
  opened.session.run({ steps: 1000 });
  const frame = settle(opened).at(-1)!;
  expect(frame.stopped).toBe('diverged');
  expect(frame.arms[0]).toMatchObject({ map: { training: { shape: [16, 1] } } });
});

test('a change takes effect from the next step, and the weights stay', () => {
  const opened = open(engine);
  const { session } = opened;
  session.run({ steps: 30 });
  settle(opened);
  const weight = () => session.call(0, 'model_get', { name: '0.weight' });
  const before = weight();
  const still = { lr: 1e-30 };
  session.change(setup().arms.map((arm) => ({ ...arm, optimizer: still, batch: { size: 4 } })));
  expect(weight()).toEqual(before);
  void session.step('batch');
  expect(settle(opened).at(-1)?.arms[0]).toMatchObject({ step: 31, members: { length: 4 } });
  expect(weight()).toEqual(before);

  const moved = setup().arms.map((arm, i) => (i === 0 ? withEps(arm, 10) : arm));
  const score = () => session.call(0, 'model_score', { mode: 'training', set: 'train' });
  const gentle = score();
  session.change(moved);
  expect(weight()).toEqual(before);
  expect(score()).not.toEqual(gentle);
});

const withEps = (arm: ReturnType<typeof network>, eps: number) => ({
  ...arm,
  model: {
    ...arm.model,
    layers: arm.model.layers.map((layer) => (layer.kind === 'batch_norm' ? { ...layer, eps } : layer)),
  },
});

test('an invalid change names what is wrong and changes nothing in either arm', () => {
  const opened = open(engine);
  const { session } = opened;
  const [a, b] = setup().arms as [ReturnType<typeof network>, ReturnType<typeof network>];
  const units = {
    ...b,
    model: { ...b.model, layers: [{ kind: 'linear', units: 9 } as const, ...b.model.layers.slice(1)] },
  };
  const fast = { ...a, optimizer: { lr: 5 } };
  const cases: [arms: unknown[], argument: string][] = [
    [[fast, { ...b, optimizer: { lr: -1 } }], 'arms.1.optimizer.lr'],
    [
      [
        { ...fast, batch: { size: 8 } },
        { ...b, batch: { size: 0 } },
      ],
      'arms.1.batch.size',
    ],
    [[fast, units], 'arms.1.model.layers'],
    [[{ ...fast, loss: 'mse' }, b], 'arms.0.loss'],
    [[fast, { ...b, seeds: { init: 2 } }], 'arms.1.seeds'],
    [[fast, { ...b, dtype: 'float64' }], 'arms.1.dtype'],
    [[fast], 'arms'],
  ];
  for (const [arms, argument] of cases) {
    const error = refusal(() => session.change(arms as never));
    expect(error.argument).toContain(argument);
  }
  const restart = refusal(() => session.change([a, { ...b, loss: 'mse' }]));
  expect(restart.message).toContain('This needs a new start.');
  session.run({ steps: 50 });
  const seen = pointsOf(settle(opened), 0);
  const untouched = open(engine);
  untouched.session.run({ steps: 50 });
  expect(seen).toEqual(pointsOf(settle(untouched), 0));
});

test('a change or a rewind in the middle of a run parts the arms nowhere', () => {
  const opened = open(engine);
  const { host, session } = opened;
  session.run({});
  for (let i = 0; i < 40; i++) {
    host.turn();
    if (i % 3 === 0)
      session.change(setup().arms.map((arm) => ({ ...arm, optimizer: { lr: 0.01 * (i + 1) } })));
    if (i === 20) {
      session.rewind();
      session.run({});
    }
    session.taken();
  }
  session.pause();
  const frames = [...host.frames, ...settle(opened)];
  expect(frames.length).toBeGreaterThan(2);
  for (const { arms } of frames) expect(arms[0]?.step).toBe(arms[1]?.step);
});

test('a frame holds what is watched and applies, and nothing else', () => {
  const map = { resolution: 5, range: [-2, 2, -2, 2] } as const;
  const statistics = { layers: [1, 1], batches: 3 };
  const opened = open(engine, setup(), { map, layers: { bins: 12, range: 4 }, statistics, examples: 7 });
  expect(opened.opened.frame.arms[0]).not.toHaveProperty('layers');
  expect(opened.opened.frame.arms[0]?.map?.training.shape).toEqual([25, 1]);
  void opened.session.step('batch');
  const [a, b] = settle(opened).at(-1)!.arms;
  expect(a?.map?.inference.shape).toEqual([25, 1]);
  expect(a?.map?.training.data).not.toEqual(a?.map?.inference.data);
  // Without BN there is nothing in which the modes could differ.
  expect(b?.map?.training).toEqual(b?.map?.inference);
  expect(a?.layers?.output.shape).toEqual([7, 12]);
  expect(a?.statistics).toMatchObject({ gamma: { shape: [8] }, recalibrated_mean: { shape: [8] } });
  expect(b).not.toHaveProperty('statistics');
  expect(a?.examples?.training.shape).toEqual([7, 1]);
  expect(a?.examples?.confusion?.inference.data.reduce((sum, n) => sum + n)).toBe(60);
  opened.session.watch({});
  const bare = settle(opened).at(-1)!.arms[0]!;
  expect(Object.keys(bare).sort()).toEqual(['epoch', 'members', 'points', 'step']);
});

test('a map is where gridPoints says, as the engine predicts it there', () => {
  const map = { resolution: 3, range: [0, 3, 0, 30] } as const;
  const { opened, session } = open(engine, setup(), { map });
  const x = {
    shape: [9, 2],
    data: Float32Array.of(0.5, 5, 1.5, 5, 2.5, 5, 0.5, 15, 1.5, 15, 2.5, 15, 0.5, 25, 1.5, 25, 2.5, 25),
  };
  const { output } = session.call(0, 'model_evaluate', { mode: 'inference', x }) as { output: unknown };
  expect(opened.frame.arms[0]?.map?.inference).toEqual(output);
});

test('values to predict have a curve and no accuracy', () => {
  const data = { data: { kind: 'regression', count: 100, test: 0.2 }, seed: 1 } as const;
  const curve = { ...network(true, { loss: 'mse' }) };
  const arms = [{ ...curve, model: { ...curve.model, inputs: 1 } }];
  const opened = open(engine, setup({ data, arms }), {
    map: { resolution: 11, range: [-1, 1, 0, 0] },
    examples: 5,
  });
  void opened.session.step('epoch');
  const [arm] = settle(opened).at(-1)!.arms;
  expect(arm?.map?.training.shape).toEqual([11, 1]);
  expect(arm?.points.at(-1)?.test?.training.accuracy).toBeNaN();
  expect(arm?.examples).not.toHaveProperty('confusion');
});

test('pictures go through convolutions, and their predictions and confusion are shown', () => {
  const data = { data: { kind: 'glyphs', count: 120, test: 0.25 }, seed: 1 } as const;
  const layers = [
    { kind: 'conv2d', units: 4, kernel: 3 },
    { kind: 'batch_norm' },
    { kind: 'relu' },
    { kind: 'pool2d', pool: 'max' },
    { kind: 'flatten' },
    { kind: 'linear', units: 10 },
  ] as const;
  const model = { inputs: 144, input_shape: [1, 12, 12], layers } as const;
  const arms = [network(true, { model, loss: 'cross_entropy' })];
  const watch = { examples: 9, statistics: { layers: [1], batches: 2 }, layers: { bins: 8, range: 3 } };
  const opened = open(engine, setup({ data, arms }), watch);
  void opened.session.step('epoch');
  const [arm] = settle(opened).at(-1)!.arms;
  expect(arm?.examples?.inference.shape).toEqual([9, 10]);
  expect(arm?.examples?.confusion?.training.shape).toEqual([10, 10]);
  expect(arm?.statistics?.batch_mean.shape).toEqual([4]);
  expect(arm?.layers?.gradient.shape).toEqual([6, 8]);
  expect(arm).not.toHaveProperty('map');
});

test('double precision trains and is shown like the rest', () => {
  const opened = open(engine, setup({ arms: [network(true, { dtype: 'float64' })] }), {
    map: { resolution: 3, range: [-1, 1, -1, 1] },
  });
  void opened.session.step('epoch');
  expect(settle(opened).at(-1)?.arms[0]?.map?.training.data).toBeInstanceOf(Float32Array);
});

test('an invalid watch is refused and the old one stays', () => {
  const opened = open(engine, setup(), { layers: { bins: 12, range: 4 } });
  void opened.session.step('batch');
  settle(opened);
  const wrong: [watch: object, argument: string][] = [
    [{ every: 0 }, 'watch.every'],
    [{ limit: 1.5 }, 'watch.limit'],
    [{ examples: 1 }, 'watch.examples'],
    [{ map: { resolution: 1, range: [0, 1, 0, 1] } }, 'watch.map.resolution'],
    [{ map: { resolution: 9, range: [1, 0, 0, 1] } }, 'watch.map.range'],
    [{ layers: { bins: 1, range: 4 } }, 'bins'],
  ];
  for (const [watch, argument] of wrong) {
    expect(refusal(() => opened.session.watch(watch)).argument).toBe(argument);
  }
  void opened.session.step('batch');
  expect(settle(opened).at(-1)?.arms[0]?.layers?.output.shape).toEqual([7, 12]);
});

test('an invalid run is refused', () => {
  const { session } = open(engine);
  for (const [run, argument] of [
    [{ speed: 0 }, 'run.speed'],
    [{ steps: 0 }, 'run.steps'],
    [{ loss: NaN }, 'run.loss'],
  ] as const) {
    expect(refusal(() => session.run(run)).argument).toBe(argument);
  }
});

test('an operation on an arm may look and may set tensors, but not train', () => {
  const opened = open(engine);
  const { session } = opened;
  session.run({ steps: 20 });
  settle(opened);
  session.call(0, 'model_recalibrate', { batches: 3 });
  const [frame] = settle(opened);
  expect(frame?.arms[0]?.points).toHaveLength(1);
  expect(frame?.arms[1]?.points).toHaveLength(0);
  expect(refusal(() => session.call(0, 'model_train', { steps: 1 })).argument).toBe('operation');
  expect(refusal(() => session.call(2, 'model_names', {})).argument).toBe('arm');
});

test('what is refused at the start leaves nothing behind', () => {
  open(engine).session.close();
  const before = bytes();
  const wrong: [unknown, string][] = [
    [{ arms: [] }, 'arms'],
    [{ arms: [network(true), network(true, { optimizer: { lr: -1 } })] }, 'arms.1.optimizer.lr'],
    [{ data: { data: { kind: 'moons', count: -1 }, seed: 1 } }, 'data.count'],
    [{ arms: [network(true, { model: { inputs: 3, layers: [{ kind: 'linear', units: 1 }] } })] }, 'arms.0'],
  ];
  for (const [rest, argument] of wrong) {
    expect(refusal(() => open(engine, setup(rest as object))).argument).toContain(argument);
  }
  expect(refusal(() => open(engine, setup(), { every: 0 })).argument).toBe('watch.every');
  expect(bytes()).toBe(before);
});

test('however often it is opened, the memory stays what it was', () => {
  const watch = { map: { resolution: 8, range: [-1, 1, -1, 1] } as const, layers: { bins: 10, range: 4 } };
  const once = () => {
    const opened = open(engine, setup(), watch);
    opened.session.run({ steps: 40 });
    settle(opened);
    opened.session.change(setup().arms.map((arm) => ({ ...arm, batch: { size: 8 } })));
    opened.session.close();
  };
  once();
  const before = bytes();
  for (let i = 0; i < 50; i++) once();
  expect(bytes()).toBe(before);
});

test('however long it runs, the memory stays what it was', () => {
  const opened = open(engine, setup(), { layers: { bins: 10, range: 4 } });
  const reach = (steps: number) => {
    opened.session.run({ steps });
    settle(opened);
    return bytes();
  };
  const before = reach(500);
  expect(reach(5000)).toBe(before);
});

test('an engine that stops in the middle of a run is told as an event', () => {
  const { host, session } = open({
    call: (operation: 'version', args: object) => {
      if ((operation as string) === 'model_train') throw new Error('out of memory');
      return engine.call(operation, args as never);
    },
  } as Engine);
  session.run({});
  host.rest();
  expect(host.events).toEqual([{ kind: 'lab_failed', session: 1, message: 'out of memory' }]);
});
