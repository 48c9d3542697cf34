import fc from 'fast-check';
import { vi } from 'vitest';
import { isUnpolluted } from './hostile-text.ts';

/**
 * How many inputs each fuzzer tries: every time, and in the slow suite, where they are a million in all (inputs.test.ts adds
 * them up).
 */
export const INPUTS = {
  'worked example link': [1_500, 120_000],
  'lab link': [1_500, 110_000],
  'lab file': [600, 50_000],
  'claim link': [1_000, 60_000],
  'study setting': [1_500, 90_000],
  'quiz link': [1_000, 60_000],
  'embed link': [1_500, 100_000],
  'shared address': [500, 41_500],
  'lab attributes': [800, 50_000],
  'figure attributes': [800, 60_000],
  table: [800, 60_000],
  'table bytes': [300, 20_000],
  'pasted numbers': [500, 40_000],
  'message to an embed': [500, 30_000],
  'message of a platform': [200, 15_000],
  'stored result': [500, 30_000],
  'suspend data': [500, 20_000],
  'anything for the engine': [3_000, 10_000],
  'any operation': [500, 1_000],
  'nearly right for the engine': [5_000, 10_000],
  'lab on the engine': [30, 500],
  'shown in a page': [100, 1_000],
} as const satisfies Readonly<Record<string, readonly [everyTime: number, full: number]>>;

export type Fuzzed = keyof typeof INPUTS;

/** What is tried once with each of the two binaries. */
export const TWICE: readonly Fuzzed[] = [
  'anything for the engine',
  'any operation',
  'nearly right for the engine',
];

const full = process.env['BNLAB_FULL'] === '1';
if (full) vi.setConfig({ testTimeout: 900_000 });

/** The real clock, also where a test has put it back. */
const now = performance.now.bind(performance);

export const inputsOf = (name: Fuzzed): number => INPUTS[name][full ? 1 : 0];

/** How many inputs came to what: `check` says it of each. */
export type Tally = Readonly<Record<string, number>>;

/**
 * Tries as many inputs as `name` has, and in the slow suite says how long that took. None of them may leave anything on what all
 * objects inherit from.
 */
export function fuzz<T>(name: Fuzzed, input: fc.Arbitrary<T>, check: (input: T) => string): Tally {
  const count = inputsOf(name);
  const tally: Record<string, number> = {};
  const start = now();
  const property = fc.property(input, (one) => {
    const outcome = check(one);
    tally[outcome] = (tally[outcome] ?? 0) + 1;
    must(isUnpolluted());
  });
  fc.assert(property, { numRuns: count });
  if (full) sayPace(name, count, now() - start);
  return tally;
}

/** Neither so wrong that nothing is read nor so right that nothing is refused. */
export const bothIn = ({ read = 0, refused = 0 }: Tally): number => Math.min(read, refused);

/** Of every input; what does not hold is reported with the input, made as small as it can be. */
export function must(holds: boolean): void {
  if (!holds) throw new Error('The input below is not dealt with as it must be.');
}

export function sayPace(name: Fuzzed, count: number, milliseconds: number): void {
  const seconds = milliseconds / 1000;
  console.log(`${name}: ${count} inputs in ${seconds.toFixed(1)} s, ${Math.round(count / seconds)} a second`);
}
