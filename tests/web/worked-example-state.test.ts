import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeWorkedExample,
  defaultWorkedExample,
  encodeWorkedExample,
  presetOf,
  presetState,
  workedExampleOf,
  type WorkedExample,
} from '../../web/protocol/worked-example.ts';
import { presetNames } from '../../web/protocol/worked-example-presets.ts';

const decoded = (text: string): WorkedExample => {
  const { value, problem } = decodeWorkedExample(text);
  if (value === undefined) throw new Error(problem);
  return value;
};
const problemOf = (text: string) => decodeWorkedExample(text).problem;

describe('the worked example’s state', () => {
  it('starts as the worked example', () => {
    expect(defaultWorkedExample).toMatchObject({
      x: [[2], [4], [6], [8]],
      gamma: [2],
      beta: [0.5],
      eps: 1e-5,
      step: 0,
      mode: 'training',
      fed: [],
    });
    const [first, ...others] = defaultWorkedExample.dy.flat();
    expect(others.some((value) => value !== first)).toBe(true);
  });

  it('needs no more in a link than what differs', () => {
    expect(encodeWorkedExample(defaultWorkedExample)).toBe('1');
    expect(encodeWorkedExample({ ...defaultWorkedExample, step: 3 })).toBe('1;step=3');
    expect(encodeWorkedExample({ ...presetState('humps'), eps: 0.5 })).toBe('1;preset=humps;eps=0.5');
    expect(encodeWorkedExample(workedExampleOf({ x: [[1], [5]] }).value ?? defaultWorkedExample)).toBe(
      '1;x=1,5',
    );
  });

  it.each(presetNames)('gives the preset %s back', (name) => {
    expect(presetOf(presetState(name))).toBe(name);
    expect(decoded(encodeWorkedExample(presetState(name)))).toEqual(presetState(name));
  });

  it('fills in what belongs to another batch', () => {
    const state = decoded('1;x=1,10/2,20/3,30;gamma=3');
    expect(state.gamma).toEqual([3, 3]);
    expect(state.beta).toEqual([0.5, 0.5]);
    expect(state.dy.map((row) => row.length)).toEqual([2, 2, 2]);
    expect(state.target.map((row) => row.length)).toEqual([2, 2, 2]);
  });

  it.each([
    ['1;x=1,2/3,4;gamma=1,2,3', 'gamma: expected 2 numbers, one per feature, got 3'],
    ['1;dy=1,2,3', 'dy: expected 4 × 1 numbers like x, got 3 × 1'],
    ['1;target=1,2/3,4', 'target: expected 4 × 1 numbers like x, got 2 × 2'],
    ['1;feature=1', 'feature: expected a whole number from 0 to 0, got 1'],
    ['1;example=4', 'example: expected a whole number from 0 to 3, got 4'],
    ['1;mate=9', 'mate: expected a whole number from 0 to 3, got 9'],
    ['1;fed=1,4,5/', 'fed: row 1: expected 4 numbers, got 3'],
    ['1;fed=1.5,4,5,5/', 'fed: row 1: expected a whole number from 1 to 1000, got 1.5'],
    ['1;fed=1,65,5,5/', 'fed: row 1: expected a whole number from 1 to 64, got 65'],
    ['1;fed=1,4,5,-1/', 'fed: row 1: expected a number from 0'],
    ['1;fed=600,4,5,5/600,4,5,5', 'fed: expected at most 1000 batches, got 1200'],
    ['1;eps=0', 'eps: expected a number from 1e−12 to 10, got 0'],
    ['1;eps=1e-13', 'eps: expected a number'],
    ['1;step=7', 'step: expected a whole number from 0 to 6, got 7'],
    ['1;preset=nothing', 'preset: expected worked or one'],
    [`1;x=${Array.from({ length: 65 }, () => '1').join()}`, 'x: expected at most 64 rows, got 65'],
  ])('refuses %.40j', (text, problem) => {
    expect(problemOf(text)).toContain(problem);
  });

  it('survives the way through a link, whatever it is', () => {
    const value = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((number) => number + 0);
    const states = fc
      .record({ rows: fc.integer({ min: 1, max: 64 }), columns: fc.integer({ min: 1, max: 8 }) })
      .chain(({ rows, columns }) => {
        const row = fc.array(value, { minLength: columns, maxLength: columns });
        const matrix = fc.array(row, { minLength: rows, maxLength: rows });
        const run = fc
          .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 64 }), row, row)
          .map(([times, count, means, variances]) => [times, count, ...means, ...variances.map(Math.abs)]);
        return fc.record<Partial<WorkedExample>>({
          x: matrix,
          gamma: row,
          beta: row,
          dy: matrix,
          target: matrix,
          eps: fc.double({ min: 1e-12, max: 10, noNaN: true }),
          mode: fc.constantFrom('training', 'inference'),
          tab: fc.constantFrom('forward', 'backward', 'statistics'),
          gradient: fc.constantFrom('given', 'target'),
          stored: fc.constantFrom('biased', 'unbiased'),
          momentum: fc.double({ min: 0, max: 1, noNaN: true }),
          example: fc.integer({ min: 0, max: rows - 1 }),
          feature: fc.integer({ min: 0, max: columns - 1 }),
          fed: fc.array(run, { maxLength: 24 }),
        });
      });
    fc.assert(
      fc.property(states, (part) => {
        const state: WorkedExample = { ...defaultWorkedExample, ...part };
        expect(decoded(encodeWorkedExample(state))).toEqual(state);
      }),
      { numRuns: 300 },
    );
  });

  it('never comes out half-made', () => {
    const words = fc.constantFrom(...WORDS);
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string({ maxLength: 5 })), { maxLength: 40 }), (parts) => {
        const state = decodeWorkedExample(`1;${parts.join('')}`).value ?? defaultWorkedExample;
        expect(state.dy.length).toBe(state.x.length);
        expect(state.gamma.length).toBe(state.x[0]?.length);
        expect([...state.x.flat(), ...state.gamma, state.eps].every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});

const WORDS = [
  'x',
  'gamma',
  'dy',
  'fed',
  'eps',
  'step',
  'preset',
  'humps',
  '=',
  ';',
  ',',
  '/',
  '1',
  '-3',
  '0.5',
  '1e-5',
  'NaN',
];
