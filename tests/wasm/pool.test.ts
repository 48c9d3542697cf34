import { expect, test, vi } from 'vitest';
import { createLabPool, type PoolOptions } from '../../web/client/pool.ts';
import type { LabJob } from '../../web/protocol/lab-session.ts';
import { FakeWorker } from './fake-worker.ts';
import { network, setup } from './lab-support.ts';
import { binaryBytes } from './support.ts';

const wasm = async () => binaryBytes('simd').buffer;

function create(options: PoolOptions = {}) {
  const workers: FakeWorker[] = [];
  const worker = () => {
    workers.push(new FakeWorker());
    return workers.at(-1)!;
  };
  return { workers, pool: createLabPool({ workers: 3, worker, wasm, ...options }) };
}

const job = (steps: number): LabJob => ({
  setup: setup({ arms: [network(true)] }),
  steps,
  every: 0,
  limit: 100,
});
const endless = job(1e9);
const stepOf = (result: { arms: readonly { points: readonly { step: number }[] }[] }) =>
  result.arms[0]!.points.at(-1)!.step;
const jobsOf = (worker: FakeWorker) => worker.received.filter(({ kind }) => kind === 'job');

test('spreads jobs over its workers and gives the results in order', async () => {
  const { pool, workers } = create();
  const steps = [900, 1, 30, 500, 2, 60, 7, 8, 9, 10];
  const seen: number[] = [];
  const results = await pool.run(steps.map(job), {
    onResult: (index, result) => {
      expect(stepOf(result)).toBe(steps[index]);
      seen.push(index);
    },
  });
  expect(results.map(stepOf)).toEqual(steps);
  expect(seen.toSorted((a, b) => a - b)).toEqual(steps.map((_, i) => i));
  expect(workers).toHaveLength(3);
  for (const worker of workers) expect(jobsOf(worker).length).toBeGreaterThan(0);
  pool.close();
});

test('a job gives the same numbers on any worker', async () => {
  const { pool } = create();
  const [first, ...rest] = await pool.run(Array.from({ length: 6 }, () => job(40)));
  for (const result of rest) expect(result).toEqual(first);
  pool.close();
});

test('starts no more workers than there are jobs, keeps them, and compiles once', async () => {
  const ask = vi.fn(wasm);
  const { pool, workers } = create({ wasm: ask });
  expect(workers).toHaveLength(0);
  await pool.run([]);
  expect(workers).toHaveLength(0);
  await pool.run([job(5)]);
  expect(workers).toHaveLength(1);
  await pool.run([job(5), job(5), job(5), job(5)]);
  expect(workers).toHaveLength(3);
  expect(ask).toHaveBeenCalledOnce();
  pool.close();
  expect(workers.every(({ terminated }) => terminated)).toBe(true);
});

test('sends given examples to each worker once', async () => {
  const { pool, workers } = create({ workers: 2 });
  const x = { shape: [40, 2], data: new Float32Array(80).map((_, i) => Math.sin(i * i)) };
  const y = Int32Array.from({ length: 40 }, (_, i) => i % 2);
  const given = (seed: number): LabJob => ({
    ...job(20),
    setup: setup({ data: { data: { kind: 'given', test: 0.5 }, seed, x, y }, arms: [network(true)] }),
  });
  const results = await pool.run([1, 1, 2, 2, 3, 3].map(given));
  expect(results[1]).toEqual(results[0]);
  expect(results[3]).toEqual(results[2]);
  for (const worker of workers) {
    expect(worker.received.filter(({ kind }) => kind === 'examples')).toHaveLength(1);
  }
  pool.close();
});

test('two runs share the workers', async () => {
  const { pool, workers } = create({ workers: 2 });
  const [a, b] = await Promise.all([
    pool.run([job(1), job(2), job(3)]),
    pool.run([job(4), job(5), job(6), job(7)]),
  ]);
  expect([...a, ...b].map(stepOf)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(workers).toHaveLength(2);
  pool.close();
});

test('cancelling answers at once, and the workers are free again', async () => {
  const { pool, workers } = create({ workers: 2 });
  const controller = new AbortController();
  const run = pool.run([endless, endless, endless], { signal: controller.signal });
  await vi.waitFor(() => expect(workers.map((worker) => jobsOf(worker).length)).toEqual([1, 1]));
  const reason = new Error('seen enough');
  controller.abort(reason);
  await expect(run).rejects.toBe(reason);
  expect((await pool.run([job(3), job(4)])).map(stepOf)).toEqual([3, 4]);
  expect(workers).toHaveLength(2);
  await expect(pool.run([job(1)], { signal: controller.signal })).rejects.toBe(reason);
  pool.close();
});

test('says which job a worker crashed in, ends the others, and goes on with a new worker', async () => {
  const { pool, workers } = create({ workers: 2 });
  const run = pool.run([job(1), endless, endless]);
  await vi.waitFor(() => expect(workers.flatMap(jobsOf)).toHaveLength(3));
  const [hit] = workers.filter((worker) => jobsOf(worker).some((r) => r.kind === 'job' && r.id === 2));
  hit!.crash('out of memory');
  await expect(run).rejects.toThrow(/^Job [23] of 3: The engine's thread crashed: out of memory/);
  expect((await pool.run([job(3), job(4), job(5)])).map(stepOf)).toEqual([3, 4, 5]);
  expect(workers).toHaveLength(3);
  pool.close();
});

test('a worker that dies at rest is replaced, and no job is given to it', async () => {
  const { pool, workers } = create({ workers: 1 });
  await pool.run([job(1)]);
  workers[0]!.crash('out of memory');
  expect((await pool.run([job(2), job(3)])).map(stepOf)).toEqual([2, 3]);
  expect(workers).toHaveLength(2);
  pool.close();
});

test('says which job is refused', async () => {
  const { pool } = create();
  const wrong = { ...job(5), setup: setup({ arms: [network(true, { optimizer: { lr: -1 } })] }) };
  const error = { argument: 'arms.0.optimizer.lr', message: expect.stringMatching(/^Job 2 of 2: /) };
  await expect(pool.run([job(5), wrong])).rejects.toMatchObject(error);
  pool.close();
});

test('works one by one on the own thread where no worker can be had', async () => {
  const { pool } = create({
    worker: () => {
      throw new Error('no worker');
    },
  });
  expect((await pool.run([job(1), job(2), job(3), job(4)])).map(stepOf)).toEqual([1, 2, 3, 4]);
  expect(pool.workers).toBe(1);
  pool.close();
});

test('closing rejects what runs and what waits', async () => {
  const { pool, workers } = create({ workers: 1 });
  const runs = [pool.run([endless]), pool.run([endless])];
  const ends = Promise.allSettled(runs);
  await vi.waitFor(() => expect(workers.flatMap(jobsOf)).toHaveLength(1));
  pool.close();
  for (const end of await ends) {
    expect(end).toMatchObject({ status: 'rejected', reason: { message: expect.stringMatching(/closed/) } });
  }
  await expect(pool.run([job(1)])).rejects.toThrow('The pool was closed.');
});

const drawn = (count: number) => ({ seed: 1, stream: 'data', kind: 'normal', count }) as const;

test('calls any operation that stands by itself, and says how long each took', async () => {
  const { pool, workers } = create({ workers: 2 });
  const counts = [1, 2, 64, 256];
  const seen: number[] = [];
  const answers = await pool.call('random', counts.map(drawn), { onResult: (index) => seen.push(index) });
  expect(seen.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3]);
  expect(answers.map(({ result }) => result.values.data.length)).toEqual(counts);
  for (const { milliseconds } of answers) expect(milliseconds).toBeGreaterThanOrEqual(0);
  expect(workers).toHaveLength(2);
  pool.close();
});

test('on the own thread the page has its turn between two calls', async () => {
  const { pool } = create({
    worker: () => {
      throw new Error('no worker');
    },
  });
  const order: string[] = [];
  await pool.call('random', [1, 2, 3].map(drawn), {
    onResult: (index) => {
      order.push(`call ${index}`);
      setTimeout(() => order.push('page'), 0);
    },
  });
  expect(order).toEqual(['call 0', 'page', 'call 1', 'page', 'call 2']);
  pool.close();
});

test('a call that is refused ends the run, and one at a time takes one worker', async () => {
  const { pool, workers } = create();
  await expect(pool.call('random', [drawn(0), drawn(2)], { atOnce: 1 })).rejects.toThrow(
    'random: `count`: expected a whole number from 1 to 1000000; got 0.',
  );
  await pool.call('random', [1, 2, 3].map(drawn), { atOnce: 1 });
  expect(workers).toHaveLength(1);
  const calls = workers[0]!.received.filter(({ kind }) => kind === 'timed_call');
  expect(calls).toHaveLength(4);
  pool.close();
});

test('cancelled calls are answered at once, and none is begun any more', async () => {
  const { pool, workers } = create({ workers: 1 });
  const controller = new AbortController();
  const reason = new Error('seen enough');
  const run = pool.call('random', [1, 2, 3, 4].map(drawn), {
    signal: controller.signal,
    onResult: () => controller.abort(reason),
  });
  await expect(run).rejects.toBe(reason);
  await pool.call('random', [drawn(9)]);
  expect(workers[0]!.received.filter(({ kind }) => kind === 'timed_call')).toHaveLength(2);
  pool.close();
});
