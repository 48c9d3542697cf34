import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { History } from '../../../web/components/lab/history.ts';

function steps(history: History<unknown>): number[] {
  return history.entries.map(({ step }) => step);
}

function filled(limit: number, all: Iterable<number>): History<number> {
  const history = new History<number>(limit);
  for (const step of all) history.add(step, step);
  return history;
}

describe('a bounded history', () => {
  it('keeps everything while there is room', () => {
    expect(steps(filled(10, [0, 1, 5, 9]))).toEqual([0, 1, 5, 9]);
  });

  it('stays within its limit, evenly spaced from the first step to the newest, however long it runs', () => {
    const history = filled(
      40,
      Array.from({ length: 10_000 }, (_, at) => at),
    );
    const kept = steps(history);
    expect(kept.length).toBeGreaterThan(15);
    expect(kept.length).toBeLessThanOrEqual(40);
    expect([kept[0], kept.at(-1)]).toEqual([0, 9_999]);
    const gaps = kept.slice(1, -1).map((step, at) => step - (kept[at] as number));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(3 * Math.min(...gaps));
  });

  it('always holds the newest, in order and once each, whatever the gaps between steps', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 4, max: 30 }),
        (gaps, limit) => {
          let step = 0;
          const all = gaps.map((gap) => (step += gap));
          const history = filled(limit, all);
          const kept = steps(history);
          expect(kept.length).toBeLessThanOrEqual(limit);
          expect(history.last).toBe(all.at(-1));
          expect(kept).toEqual([...new Set(kept)].toSorted((a, b) => a - b));
        },
      ),
    );
  });

  it('starts anew when the Lab was rewound', () => {
    expect(steps(filled(10, [0, 4, 8, 0, 1]))).toEqual([0, 1]);
  });

  it('shows the newest of what was seen at one step', () => {
    const history = new History<string>();
    history.add(3, 'before');
    history.add(3, 'after');
    expect(history.entries).toEqual([{ step: 3, value: 'after' }]);
  });
});
