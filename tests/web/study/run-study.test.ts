import { expect, test } from 'vitest';
import { defineStudy } from '../../../web/components/study/definition.ts';
import { StudyOutcome } from '../../../web/components/study/outcome.ts';
import { runStudy } from '../../../web/components/study/run-study.ts';
import type { LabPool } from '../../../web/client/lab.ts';

const study = defineStudy({
  title: 'Two batch sizes',
  claim: 'They differ.',
  operation: 'study_double_well',
  knobs: { noise: { kind: 'number', label: 'noise', default: 2, min: 0, max: 9, step: 1 } },
  seeds: 3,
  calls: ({ noise }) => [1, 8].map((batch_size) => ({ batch_size, noise })),
  measure: ({ result }, call) => [{ series: 'escaped', condition: call, value: result.escaped }],
  chart: () => ({ x: { label: '', names: ['1', '8'] }, y: { label: '', format: String }, series: [] }),
  conclude: () => ({ holds: 'yes', sentence: '' }),
});

const plan = { knobs: { noise: 2 }, seeds: 3, first_seed: 5 };
const { signal } = new AbortController();

/** Answers each call with its seed and batch size as one number, the last call first. */
const pool = (asked: object[]): Pick<LabPool, 'call'> => ({
  async call(_, args, options) {
    asked.push(...args, { atOnce: options?.atOnce });
    for (const [index, one] of [...args.entries()].toReversed()) {
      const { seed, batch_size } = one as { seed: number; batch_size: number };
      options?.onResult?.(index, { result: { escaped: 100 * seed + batch_size }, milliseconds: 1 } as never);
    }
    return [];
  },
});

test('each seed makes all the calls, and each result finds its place whenever it comes', async () => {
  const asked: object[] = [];
  const outcome = new StudyOutcome(plan.seeds);
  let calls = 0;
  await runStudy(pool(asked), study, plan, outcome, { signal, onCall: () => calls++ });
  expect(asked).toEqual([
    ...[5, 6, 7].flatMap((seed) => [1, 8].map((batch_size) => ({ batch_size, noise: 2, seed }))),
    { atOnce: undefined },
  ]);
  expect(calls).toBe(6);
  expect(outcome.values('escaped', 0)).toEqual([501, 601, 701]);
  expect(outcome.values('escaped', 1)).toEqual([508, 608, 708]);
  expect(outcome.value('escaped', 1, 2)).toBe(708);
});

test('what is timed runs alone', async () => {
  const asked: object[] = [];
  await runStudy(pool(asked), { ...study, alone: true }, plan, new StudyOutcome(3), {
    signal,
    onCall: () => undefined,
  });
  expect(asked.at(-1)).toEqual({ atOnce: 1 });
});

test('an outcome knows what has not come yet', () => {
  const outcome = new StudyOutcome(3);
  outcome.add(1, { series: 'escaped', condition: 2, value: 0.5 });
  expect(outcome.values('escaped', 2)).toEqual([0.5]);
  expect(outcome.value('escaped', 2, 0)).toBeNaN();
  expect(outcome.value('escaped', 0, 0)).toBeNaN();
  expect(outcome.values('other')).toEqual([]);
  expect(outcome.interval('escaped', 2)).toEqual({ mean: 0.5, from: undefined, to: undefined });
});
