import { expect, it } from 'vitest';
import { LatestWins } from '../../web/components/latest-wins.ts';

function controlled() {
  const started: number[] = [];
  const delivered: string[] = [];
  const pending: { resolve(value: string): void; reject(error: Error): void }[] = [];
  const jobs = new LatestWins<number, string>(
    (input) => {
      started.push(input);
      return new Promise((resolve, reject) => pending.push({ resolve, reject }));
    },
    (input, output) => delivered.push(`${input}: ${output}`),
    (input, error) => delivered.push(`${input}: ${(error as Error).message}`),
  );
  const settled = () => new Promise((resolve) => setTimeout(resolve));
  return { started, delivered, pending, jobs, settled };
}

it('runs one job at a time and then only the newest', async () => {
  const { started, delivered, pending, jobs, settled } = controlled();
  for (const input of [1, 2, 3, 4]) jobs.submit(input);
  expect(started).toEqual([1]);
  pending[0]?.resolve('one');
  await settled();
  expect(started).toEqual([1, 4]);
  pending[1]?.resolve('four');
  await settled();
  expect(delivered).toEqual(['1: one', '4: four']);
});

it('goes on after a failure', async () => {
  const { delivered, pending, jobs, settled } = controlled();
  jobs.submit(1);
  jobs.submit(2);
  pending[0]?.reject(new Error('no'));
  await settled();
  pending[1]?.resolve('two');
  await settled();
  expect(delivered).toEqual(['1: no', '2: two']);
});

it('delivers nothing once stopped', async () => {
  const { started, delivered, pending, jobs, settled } = controlled();
  jobs.submit(1);
  jobs.submit(2);
  jobs.stop();
  pending[0]?.resolve('one');
  await settled();
  expect([started, delivered]).toEqual([[1], []]);
});
