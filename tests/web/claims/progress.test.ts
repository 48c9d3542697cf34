import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationWords, jobsOf, timeLeft } from '../../../web/claims/progress.ts';

describe('the time left', () => {
  it('is unknown before anything has run', () => {
    expect(timeLeft([{ done: 0, total: 10, milliseconds: 0 }], 2)).toBeUndefined();
  });

  it('goes by what each study took so far, on all workers', () => {
    expect(timeLeft([{ done: 2, total: 10, milliseconds: 200 }], 1)).toBe(800);
    expect(timeLeft([{ done: 2, total: 10, milliseconds: 200 }], 2)).toBe(400);
  });

  it('takes a study that has not begun to be like the others', () => {
    const studies = [
      { done: 1, total: 2, milliseconds: 100 },
      { done: 1, total: 2, milliseconds: 300 },
      { done: 0, total: 4, milliseconds: 0 },
    ];
    expect(timeLeft(studies, 1)).toBe(100 + 300 + 4 * 200);
  });

  it('is nothing when all is done', () => {
    expect(timeLeft([{ done: 5, total: 5, milliseconds: 10 }], 2)).toBe(0);
  });

  it.each([
    [0, 'a few seconds'],
    [4_900, 'a few seconds'],
    [12_000, 'about 15 seconds'],
    [58_000, 'about a minute'],
    [100_000, 'about 2 minutes'],
    [601_000, 'about 10 minutes'],
  ])('of %d ms is said in words', (milliseconds, words) => {
    expect(durationWords(milliseconds)).toBe(words);
  });
});

describe('the order of a run', () => {
  const study = (seeds: number, done: readonly number[] = []) => ({
    seeds: Array.from({ length: seeds }, (_, seed) => seed),
    has: (seed: number) => done.includes(seed),
  });

  it('begins with a seed of each study, then goes study by study', () => {
    expect(jobsOf([study(3), study(2)]).map((job) => `${job.study}:${job.seed}`)).toEqual([
      '0:0',
      '1:0',
      '0:1',
      '0:2',
      '1:1',
    ]);
  });

  it('goes on where it was cancelled', () => {
    expect(jobsOf([study(3, [0, 2]), study(2)])).toEqual([
      { study: 1, seed: 0 },
      { study: 0, seed: 1 },
      { study: 1, seed: 1 },
    ]);
    expect(jobsOf([study(2, [0, 1])])).toEqual([]);
  });

  it('has every missing seed once, whatever has run', () => {
    const studies = fc.array(
      fc.record({
        count: fc.integer({ min: 1, max: 8 }),
        done: fc.array(fc.integer({ min: 0, max: 9 })),
      }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(studies, (list) => {
        const jobs = jobsOf(list.map(({ count, done }) => study(count, done)));
        const expected = list.flatMap(({ count, done }, index) =>
          study(count)
            .seeds.filter((seed) => !done.includes(seed))
            .map((seed) => `${index}:${seed}`),
        );
        expect(jobs.map((job) => `${job.study}:${job.seed}`).toSorted()).toEqual(expected.toSorted());
      }),
    );
  });
});
