import { describe, expect, it } from 'vitest';
import type { LabPool } from '../../../web/client/lab.ts';
import { type Outcome, runMany } from '../../../web/components/lab/many-runs.ts';
import { compileLab, defaultLab } from '../../../web/protocol/lab.ts';
import type { LabJob, LabJobResult } from '../../../web/protocol/lab-session.ts';

type Runner = Pick<LabPool, 'run' | 'workers'>;

/** A pool that only looks at the jobs. */
class FakePool implements Runner {
  readonly workers = 2;
  readonly jobs: LabJob[] = [];
  constructor(private readonly answer: (job: LabJob) => Promise<LabJobResult> | LabJobResult) {}
  async run(jobs: readonly LabJob[]) {
    this.jobs.push(...jobs);
    return Promise.all(jobs.map(this.answer));
  }
}

const done: LabJobResult = { arms: [{ points: [] }] };
const signal = new AbortController().signal;

async function outcomesOf(pool: Runner, value = defaultLab): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const runs = [0, 1].map((arm) => ({ value, arm, seed: 2 }));
  await runMany(pool, runs, {
    steps: 30,
    every: 10,
    examples: undefined,
    signal,
    onOutcome: (index, outcome) => (outcomes[index] = outcome),
  });
  return outcomes;
}

describe('runs that nobody watches', () => {
  it('train the Lab’s own A and B, with the seeds moved on', async () => {
    const pool = new FakePool(() => done);
    await outcomesOf(pool);
    const { seed_data, seed_init, seed_order } = defaultLab;
    const both = compileLab({
      ...defaultLab,
      seed_data: seed_data + 2,
      seed_init: seed_init + 2,
      seed_order: seed_order + 2,
    });
    expect(pool.jobs.map(({ setup }) => setup)).toEqual(
      both.arms.map((arm) => ({ data: both.data, arms: [arm] })),
    );
    expect(pool.jobs[0]).toMatchObject({ steps: 30, every: 10 });
  });

  it('go on where one is refused, by the engine or before it', async () => {
    const pool = new FakePool(() => Promise.reject(new Error('Job 1 of 1: model_create: too large.')));
    expect(await outcomesOf(pool)).toEqual([{ problem: 'too large.' }, { problem: 'too large.' }]);
    // Cross-entropy has nothing to say of a curve.
    const [a] = await outcomesOf(new FakePool(() => done), {
      ...defaultLab,
      data: 'regression',
      loss: 'cross_entropy',
    });
    expect(a).toHaveProperty('problem');
  });

  it('ask before each whether to wait, also when others have begun', async () => {
    let wake!: () => void;
    let asleep: Promise<void> | undefined;
    const begun: number[] = [];
    const pool: Runner = {
      workers: 2,
      async run(_, { ready } = {}) {
        await ready?.();
        begun.push(begun.length);
        // Out of sight from the third run on.
        if (begun.length === 2) asleep = new Promise((resolve) => (wake = resolve));
        return [done];
      },
    };
    const runs = Array.from({ length: 8 }, (_, seed) => ({ value: defaultLab, arm: 0, seed }));
    const all = runMany(pool, runs, {
      steps: 1,
      every: 0,
      examples: undefined,
      signal,
      ready: () => asleep,
      onOutcome: () => undefined,
    });
    await new Promise((resolve) => setTimeout(resolve));
    expect(begun).toHaveLength(2);
    asleep = undefined;
    wake();
    await all;
    expect(begun).toHaveLength(8);
  });

  it('end when they are cancelled', async () => {
    const abort = new AbortController();
    const pool = new FakePool(() => new Promise(() => undefined));
    pool.run = async (_jobs: readonly LabJob[], options?: { signal?: AbortSignal }) => {
      abort.abort();
      options?.signal?.throwIfAborted();
      return [];
    };
    const seen: Outcome[] = [];
    await expect(
      runMany(pool, [{ value: defaultLab, arm: 0, seed: 0 }], {
        steps: 1,
        every: 0,
        examples: undefined,
        signal: abort.signal,
        onOutcome: (_, outcome) => seen.push(outcome),
      }),
    ).rejects.toThrow(/abort/i);
    expect(seen).toEqual([]);
  });
});
