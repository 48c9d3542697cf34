import { expect, test, vi } from 'vitest';
import { createLab, type LabOptions } from '../../web/client/lab-session-client.ts';
import { EngineError } from '../../web/protocol/engine-error.ts';
import { FakeWorker } from './fake-worker.ts';
import { diverging, network, setup } from './lab-support.ts';
import { binaryBytes } from './support.ts';

const wasm = async () => binaryBytes('simd').buffer;
const noWorker = () => {
  throw new Error('no worker');
};

/** A Lab on fake workers, and what it has told. */
async function create(options: LabOptions = {}) {
  const workers: FakeWorker[] = [];
  const worker = () => {
    workers.push(new FakeWorker());
    return workers.at(-1)!;
  };
  const drawing: (() => void)[] = [];
  const nextFrame = (callback: () => void) => void drawing.push(callback);
  const lab = await createLab({ worker, wasm, nextFrame, ...options });
  const statuses: string[] = [];
  lab.addEventListener('status', () => statuses.push(lab.status));
  /** The page is drawn from now on whenever there is something to draw. */
  const draw = () => {
    const timer = setInterval(() => drawing.splice(0).forEach((callback) => callback()), 1);
    return () => clearInterval(timer);
  };
  return { lab, workers, statuses, drawing, draw };
}

const happens = (condition: () => boolean) => vi.waitFor(() => expect(condition()).toBe(true), 10_000);
const sent = (worker: FakeWorker | undefined, kind: string) =>
  worker!.received.filter((r) => r.kind === kind);

test('opens, runs, pauses and goes on, and says so', async () => {
  const { lab, statuses, draw } = await create();
  const stop = draw();
  expect(lab.status).toBe('empty');
  const opened = await lab.open(setup());
  expect(lab.opened).toBe(opened);
  expect(lab.setup).toEqual(setup());
  expect(lab.trace.map((points) => points.length)).toEqual([1, 1]);
  await lab.run();
  await happens(() => (lab.frame?.arms[0]?.step ?? 0) > 100);
  await lab.pause();
  expect(statuses).toEqual(['opening', 'ready', 'running', 'ready']);
  await lab.step('batch');
  await happens(() => lab.trace[0]?.at(-1)?.step === lab.frame?.arms[0]?.step);
  expect(lab.status).toBe('ready');
  stop();
  lab.close();
});

test('hears that a run has ended', async () => {
  const { lab, statuses, draw } = await create();
  const stop = draw();
  await lab.open(setup({ arms: [network(true, { loss: 'mse' }), diverging()] }));
  await lab.run();
  await happens(() => lab.status === 'ready');
  expect(lab.frame).toMatchObject({ stopped: 'diverged', running: false });
  expect(statuses).toEqual(['opening', 'ready', 'running', 'ready']);
  stop();
  lab.close();
});

test('takes a frame when it is drawn, and gets no other before', async () => {
  const { lab, workers, drawing } = await create();
  let frames = 0;
  lab.addEventListener('frame', () => frames++);
  await lab.open(setup());
  expect(frames).toBe(1);
  await lab.run();
  await happens(() => drawing.length === 1);
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(drawing).toHaveLength(1);
  expect([frames, sent(workers[0], 'lab_taken').length]).toEqual([1, 0]);
  drawing.shift()?.();
  expect([frames, sent(workers[0], 'lab_taken').length]).toEqual([2, 1]);
  await happens(() => drawing.length === 1);
  lab.close();
});

test('keeps what it has when another setup is refused, and lets it go when one is opened', async () => {
  const { lab, workers } = await create();
  const opened = await lab.open(setup());
  await expect(lab.open(setup({ arms: [] }))).rejects.toMatchObject({ argument: 'arms' });
  expect([lab.status, lab.opened]).toEqual(['ready', opened]);
  await lab.step('batch');
  const second = await lab.open(setup({ arms: [network(false)] }));
  expect([lab.status, lab.opened]).toEqual(['ready', second]);
  expect(lab.trace).toHaveLength(1);
  expect(sent(workers[0], 'lab_close')).toMatchObject([{ session: 1 }]);
  lab.close();
});

test('sends given examples once, and lets them go when they are not wanted any more', async () => {
  const { lab, workers } = await create();
  const x = { shape: [40, 2], data: Float32Array.from({ length: 80 }, (_, i) => Math.sin(i * i)) };
  const y = Int32Array.from({ length: 40 }, (_, i) => i % 2);
  const given = (test: number) => ({ data: { data: { kind: 'given', test }, seed: 1, x, y } as const });
  const first = await lab.open(setup(given(0)));
  expect(first.train.x).toEqual(x);
  expect((await lab.open(setup(given(0.25)))).data).toMatchObject({ train: 30, test: 10 });
  expect(lab.setup).toEqual(setup(given(0.25)));
  await lab.open(setup());
  const told = sent(workers[0], 'examples').map((request) => 'examples' in request && request.examples);
  expect(told).toEqual([{ x, y }, {}]);
  await expect(lab.open(setup({ data: { data: { kind: 'given' }, seed: 1 } }))).rejects.toThrow(/`x`/);
  lab.close();
});

test('rewinding empties the trace and repeats the numbers', async () => {
  const { lab, draw } = await create();
  const stop = draw();
  await lab.open(setup());
  const run = async () => {
    await lab.run({ steps: 50 });
    await happens(() => lab.frame?.stopped === 'steps' && lab.trace[0]?.at(-1)?.step === 50);
    return structuredClone(lab.trace);
  };
  const first = await run();
  await lab.rewind();
  await happens(() => lab.trace[0]?.length === 1);
  expect(lab.frame?.arms[0]).toMatchObject({ step: 0 });
  expect(await run()).toEqual(first);
  stop();
  lab.close();
});

test('changes options, and refuses those that need a new start', async () => {
  const { lab } = await create();
  await lab.open(setup());
  const slower = setup().arms.map((arm) => ({ ...arm, optimizer: { lr: 0.01 } }));
  await lab.change(slower);
  expect(lab.setup?.arms).toEqual(slower);
  const other = slower.map((arm) => ({ ...arm, loss: 'mse' as const }));
  await expect(lab.change(other)).rejects.toMatchObject({ name: 'EngineError', argument: 'arms.0.loss' });
  expect(lab.setup?.arms).toEqual(slower);
  lab.close();
});

test('watches what it was asked to before anything was open, and refuses what cannot be watched', async () => {
  const { lab, draw } = await create();
  const stop = draw();
  const map = { resolution: 4, range: [-1, 1, -1, 1] } as const;
  await lab.watch({ map });
  await lab.open(setup());
  expect(lab.frame?.arms[0]?.map?.training.shape).toEqual([16, 1]);
  await expect(lab.watch({ every: 0 })).rejects.toMatchObject({ argument: 'watch.every' });
  await lab.watch({});
  await happens(() => lab.frame?.arms[0]?.map === undefined);
  await lab.open(setup());
  expect(lab.frame?.arms[0]).not.toHaveProperty('map');
  stop();
  lab.close();
});

test('asks an arm', async () => {
  const { lab } = await create();
  await lab.open(setup());
  const { value } = await lab.call(0, 'model_get', { name: '1.running_var' });
  expect(value.data).toEqual(new Float32Array(8).fill(1));
  await expect(lab.call(0, 'model_get', { name: 'nothing' })).rejects.toBeInstanceOf(EngineError);
  lab.close();
});

test('keeps the last picture after a crash, says why, and opens anew in another worker', async () => {
  const { lab, workers, statuses } = await create();
  const opened = await lab.open(setup());
  const step = lab.step('epoch');
  workers[0]?.crash('out of memory');
  await expect(step).rejects.toThrow('crashed: out of memory');
  expect(lab.status).toBe('failed');
  expect(lab.failure).toContain('out of memory');
  expect(lab.opened).toBe(opened);
  await expect(lab.run()).rejects.toThrow('out of memory');
  await lab.open(setup());
  expect([lab.status, lab.failure, workers.length]).toEqual(['ready', undefined, 2]);
  expect(statuses).toEqual(['opening', 'ready', 'failed', 'opening', 'ready']);
  lab.close();
});

test('works on the own thread where no worker can be had', async () => {
  const { lab, draw } = await create({ worker: noWorker });
  const stop = draw();
  await lab.open(setup());
  await lab.run();
  await happens(() => (lab.frame?.arms[0]?.step ?? 0) > 10);
  await lab.pause();
  expect(lab.status).toBe('ready');
  stop();
  lab.close();
});

test('asks for nothing when nothing is open', async () => {
  const { lab, workers } = await create();
  for (const action of [() => lab.run(), () => lab.pause(), () => lab.rewind(), () => lab.step('batch')]) {
    await expect(action()).rejects.toThrow('Nothing is open in the Lab.');
  }
  lab.close();
  expect(workers[0]?.terminated).toBe(true);
  await expect(lab.open(setup())).rejects.toThrow('The Lab was closed.');
});
