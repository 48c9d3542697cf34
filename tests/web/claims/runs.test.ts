import { describe, expect, it } from 'vitest';
import { findClaim } from '../../../web/claims/claims.ts';
import { evidenceOf, partsOf, studiesOf } from '../../../web/claims/evidence.ts';
import { UNCHANGED } from '../../../web/claims/link.ts';
import type { StudyPool } from '../../../web/client/studies.ts';
import { Ledger } from '../../../web/components/claim/ledger.ts';
import { ClaimRuns } from '../../../web/components/claim/runs.ts';
import type { StudyDecision, StudyDefinition, StudyVerdict } from '../../../web/protocol/studies.ts';

const SEEDS = 3;
const scale = findClaim('C7')!;
const error = findClaim('C8')!;
const bias = findClaim('C12')!;

/** The studies of these claims, with the checks they name and a knob each. */
const STUDIES: StudyDefinition[] = [...new Set([scale, error, bias].flatMap(studiesOf))].map((id) => ({
  id,
  name: id.toLowerCase(),
  title: id,
  question: '',
  method: '',
  source: '',
  knobs: [{ name: 'a', label: 'a', value: 7, min: 0, max: 100, whole: false, scale: 'linear', unit: '' }],
  axis: null,
  arms: [{ name: 'all', label: 'all' }],
  metrics: [{ name: 'value', label: 'value', format: 'number', scale: 'linear' }],
  checks: [
    ...new Set(
      [scale, error, bias].flatMap((claim) => [...evidenceOf(claim).for, ...evidenceOf(claim).against]),
    ),
  ]
    .map(partsOf)
    .filter(({ study }) => study === id)
    .map(({ check }) => ({
      name: check,
      statement: check,
      quantity: check,
      kind: 'exact',
      statistic: 'every',
      format: 'number',
      high: 1,
    })),
  seeds: SEEDS,
  fast_seeds: 2,
  timed: false,
}));

interface Call {
  study: string;
  seed: number;
  knobs: Record<string, number>;
}

/** An engine that answers at once, or refuses; `ran` is what it was asked to run. */
function pool(decide: (check: string) => StudyDecision = () => 'holds', refuse = false) {
  const ran: Call[] = [];
  const answer = (operation: string, args: Record<string, unknown>): Record<string, unknown> => {
    if (operation === 'study_list') return { studies: JSON.stringify(STUDIES) };
    const study = STUDIES.find(({ id }) => id === args['study'])!;
    if (operation === 'study_run') {
      if (refuse) throw new Error('The engine refuses.');
      ran.push(args as unknown as Call);
      const numbers = { shape: [study.checks.length], data: Float64Array.from(study.checks, () => 0) };
      return { values: { shape: [1, 1, 1], data: Float64Array.of(0) }, numbers };
    }
    const verdicts = study.checks.map(({ name }): StudyVerdict => ({
      check: name,
      decision: decide(name),
      seeds: SEEDS,
      mean: 0,
      low: 0,
      high: 0,
      least: 0,
      greatest: 0,
      sentence: `${name}.`,
    }));
    return { verdicts: JSON.stringify(verdicts) };
  };
  const call = async (
    operation: string,
    all: readonly Record<string, unknown>[],
    options: {
      signal?: AbortSignal;
      onResult?: (index: number, result: unknown) => void;
      ready?: () => Promise<void> | undefined;
    } = {},
  ) => {
    const results = [];
    for (const [index, args] of all.entries()) {
      await options.ready?.();
      options.signal?.throwIfAborted();
      const result = { result: answer(operation, args), milliseconds: 1 };
      options.onResult?.(index, result);
      results.push(result);
    }
    return results;
  };
  return { ran, pool: { workers: 2, call } as unknown as StudyPool };
}

const signal = () => new AbortController().signal;

describe('the runs of claims', () => {
  it('give each claim the badge of its checks, once all seeds have run', async () => {
    const { pool: engine } = pool();
    const runs = new ClaimRuns(engine);
    expect(runs.badgeOf(scale)).toBe('pending');
    await runs.run([scale], { signal: signal() });
    expect(runs.badgeOf(scale)).toBe('depends');
    expect(runs.badgeOf(bias)).toBe('exact');
    expect(runs.checksOf(bias).map(({ seeds }) => seeds)).toEqual(evidenceOf(bias).for.map(() => [0, 1, 2]));
  });

  it('run a study once, however many claims use it', async () => {
    const { pool: engine, ran } = pool();
    const runs = new ClaimRuns(engine);
    await runs.run([scale, error, bias], { signal: signal() });
    expect(ran).toHaveLength(STUDIES.length * SEEDS);
    await runs.run([error], { signal: signal() });
    expect(ran).toHaveLength(STUDIES.length * SEEDS);
  });

  it('keep what ran when they are cancelled, and go on from there', async () => {
    const { pool: engine, ran } = pool();
    const runs = new ClaimRuns(engine);
    const abort = new AbortController();
    const cancelled = runs.run([bias], {
      signal: abort.signal,
      onProgress: ([progress]) => {
        if (progress!.done === 2) abort.abort(new Error('enough'));
      },
    });
    await expect(cancelled).rejects.toThrow('enough');
    const before = ran.length;
    expect(before).toBeGreaterThanOrEqual(2);
    expect(before).toBeLessThan(SEEDS);
    expect(runs.badgeOf(bias)).toBe('pending');
    await runs.run([bias], { signal: signal() });
    expect(ran.map(({ seed }) => seed).toSorted()).toEqual([0, 1, 2]);
    expect(runs.badgeOf(bias)).toBe('exact');
  });

  it('keep the settings of a claim apart from those of the others', async () => {
    const { pool: engine, ran } = pool();
    const runs = new ClaimRuns(engine);
    await runs.run([scale, bias], { signal: signal() });
    const [study] = studiesOf(scale);
    runs.choose(scale, { studies: { [study!]: 'a=3' }, firstSeed: 10, seeds: 2 });
    expect(runs.badgeOf(scale)).toBe('pending');
    expect(runs.badgeOf(bias)).toBe('exact');
    ran.length = 0;
    await runs.run([scale], { signal: signal() });
    expect(ran).toEqual([
      { study, knobs: { a: 3 }, seed: 10 },
      { study, knobs: { a: 3 }, seed: 11 },
    ]);
    runs.choose(scale, UNCHANGED);
    expect(runs.badgeOf(scale)).toBe('depends');
  });

  it('refuse settings that no study has, and keep those there were', async () => {
    const runs = new ClaimRuns(pool().pool);
    await runs.load();
    const [study] = studiesOf(scale);
    expect(() => runs.choose(scale, { studies: { [study!]: 'b=3' }, firstSeed: 0 })).toThrow(
      'no setting “b”',
    );
    expect(() => runs.choose(scale, { studies: { E99: '' }, firstSeed: 0 })).toThrow('C7 does not use E99');
    expect(runs.settingOf(scale)).toBe(UNCHANGED);
  });

  it('end with the engine’s sentence where it refuses', async () => {
    const runs = new ClaimRuns(pool(undefined, true).pool);
    await expect(runs.run([bias], { signal: signal() })).rejects.toThrow('The engine refuses.');
    expect(runs.badgeOf(bias)).toBe('pending');
  });

  it('say how far they are, after every seed', async () => {
    const runs = new ClaimRuns(pool().pool);
    const done: number[] = [];
    await runs.run([bias], { signal: signal(), onProgress: ([progress]) => done.push(progress!.done) });
    expect([done[0], done.at(-1)]).toEqual([0, SEEDS]);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
  });

  it('count how long the engine computed, and not how long they waited to be seen', async () => {
    const runs = new ClaimRuns(pool().pool);
    const asleep = () => new Promise<void>((wake) => setTimeout(wake, 20));
    const counted: [number, number][] = [];
    await runs.run([bias], {
      signal: signal(),
      ready: asleep,
      onProgress: ([progress]) => counted.push([progress!.done, progress!.milliseconds]),
    });
    // The engine says of each seed that it took one millisecond.
    expect(counted.at(-1)).toEqual([SEEDS, SEEDS]);
    for (const [done, milliseconds] of counted) expect(milliseconds).toBe(done);
  });

  it('do not speak for a claim whose check fails', async () => {
    const runs = new ClaimRuns(pool((check) => (check === 'bias-output' ? 'fails' : 'holds')).pool);
    await runs.run([bias], { signal: signal() });
    expect(runs.badgeOf(bias)).toBe('depends');
  });
});

describe('the ledger of predictions', () => {
  const storage = () => {
    const items = new Map<string, string>();
    return {
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => void items.set(key, value),
    };
  };

  it('is found again in the next visit', () => {
    const kept = storage();
    const ledger = new Ledger(kept);
    ledger.predict('C7', 'depends');
    ledger.settle('C7', 'robust');
    expect(new Ledger(kept).all).toEqual({ C7: { prediction: 'depends', came: 'robust' } });
    ledger.forget();
    expect(new Ledger(kept).all).toEqual({});
  });

  it('works for this visit where nothing may be kept', () => {
    const forbidden = {
      getItem: () => {
        throw new DOMException('forbidden');
      },
      setItem: () => {
        throw new DOMException('forbidden');
      },
    };
    const ledger = new Ledger(forbidden);
    ledger.predict('C7', 'holds');
    expect(ledger.of('C7')).toEqual({ prediction: 'holds' });
  });
});
