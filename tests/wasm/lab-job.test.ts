import { beforeEach, expect, test } from 'vitest';
import type { Engine } from '../../wasm/engine.ts';
import type { LabJob, LabJobResult } from '../../web/protocol/lab-session.ts';
import { runJob } from '../../web/worker/lab-job.ts';
import { inSlices } from '../../web/worker/slices.ts';
import { diverging, FakeHost, network, open, settle, setup } from './lab-support.ts';
import { load } from './support.ts';

let engine: Engine;
beforeEach(async () => {
  engine = await load('simd');
});

const job = (rest: Partial<LabJob> = {}): LabJob => ({
  setup: setup(),
  steps: 60,
  every: 20,
  limit: 1000,
  ...rest,
});
const bytes = () => engine.call('memory', {}).bytes;

async function run(wanted: LabJob, host = new FakeHost()): Promise<LabJobResult> {
  const { result } = inSlices(host, runJob(engine, wanted, host.now));
  host.rest(100_000);
  return result;
}

test('scores each arm every so many steps and at the end', async () => {
  const { arms } = await run(job({ steps: 50 }));
  for (const { points } of arms) expect(points.map(({ step }) => step)).toEqual([0, 20, 40, 50]);
  const end = await run(job({ steps: 50, every: 0 }));
  for (const { points } of end.arms) expect(points.map(({ step }) => step)).toEqual([50]);
});

test('tells the numbers a session tells, on any clock', async () => {
  const fast = new FakeHost();
  fast.tick = 0.01;
  const result = await run(job());
  expect(await run(job(), fast)).toEqual(result);
  const opened = open(engine, setup(), { every: 20 });
  opened.session.run({ steps: 60 });
  const frames = settle(opened);
  result.arms.forEach(({ points }, arm) => {
    expect(points.slice(1)).toEqual(frames.flatMap(({ arms }) => arms[arm]!.points));
  });
});

test('ends the trace of an arm where it diverges, and goes on with the other', async () => {
  const { arms } = await run(job({ setup: setup({ arms: [diverging(), network(true)] }) }));
  const [broken, whole] = arms;
  expect(broken?.divergence?.step).toBe(broken!.points.at(-1)!.step + 1);
  expect(broken!.points.at(-1)!.step).toBeLessThan(60);
  expect(whole).toEqual((await run(job({ setup: setup({ arms: [network(true)] }) }))).arms[0]);
});

test('yields between slices, ends at once when cancelled, and leaves nothing behind', async () => {
  await run(job());
  const before = bytes();
  const host = new FakeHost();
  const { result, cancel } = inSlices(host, runJob(engine, job({ steps: 1e9 }), host.now));
  for (let i = 0; i < 5; i++) {
    const from = host.time;
    host.turn();
    expect(host.time - from).toBeLessThan(host.slice + 12 * host.tick);
  }
  expect(bytes()).toBeGreaterThan(before);
  cancel(new Error('enough'));
  await expect(result).rejects.toThrow('enough');
  expect(bytes()).toBe(before);
  host.rest();
});

test('says what is wrong with a job, and leaves nothing behind', async () => {
  await run(job());
  const before = bytes();
  const wrong = job({ setup: setup({ arms: [network(true), network(true, { optimizer: { lr: -1 } })] }) });
  await expect(run(wrong)).rejects.toMatchObject({ argument: 'arms.1.optimizer.lr' });
  for (let i = 0; i < 20; i++) await run(job());
  expect(bytes()).toBe(before);
});
