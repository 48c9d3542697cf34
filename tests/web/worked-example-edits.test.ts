import { describe, expect, it } from 'vitest';
import {
  addExample,
  addFeature,
  applyPreset,
  applySgd,
  feed,
  feedProblem,
  pasteAt,
  removeExample,
  removeFeature,
  replaceBatch,
  resetRunning,
  setCell,
  setGradient,
} from '../../web/components/worked-example/edits.ts';
import {
  decodeWorkedExample,
  defaultWorkedExample as start,
  encodeWorkedExample,
  presetState,
  type WorkedExample,
} from '../../web/protocol/worked-example.ts';

/** Whatever an edit does, its result is a state a link can carry. */
function valid(state: WorkedExample): WorkedExample {
  expect(decodeWorkedExample(encodeWorkedExample(state)).value).toEqual(state);
  return state;
}

describe('editing the batch', () => {
  it('changes one cell and leaves the state before as it was', () => {
    expect(valid(setCell('x', 1, 0, 7)(start)).x).toEqual([[2], [7], [6], [8]]);
    expect(start.x).toEqual([[2], [4], [6], [8]]);
  });

  it('adds an example that goes on as the others do, and takes examples out', () => {
    const more = valid(addExample()(start));
    expect([more.x.at(-1), more.dy.length, more.target.length, more.example]).toEqual([[10], 5, 5, 4]);
    const less = valid(removeExample(0)(more));
    expect(less.x).toEqual([[4], [6], [8], [10]]);
    expect(less.example).toBe(3);
    let state = start;
    for (let count = 0; count < 100; count++) state = addExample()(state);
    expect(valid(state).x.length).toBe(64);
    for (let count = 0; count < 100; count++) state = removeExample(0)(state);
    expect(valid(state).x.length).toBe(1);
  });

  it('adds and removes features; the running statistics of another layer start again', () => {
    const fed = feed(1, [5], [5])(start);
    const more = valid(addFeature()(fed));
    expect([more.gamma, more.beta, more.feature, more.fed]).toEqual([[2, 1], [0.5, 0], 1, []]);
    expect(valid(removeFeature(0)(more)).gamma).toEqual([1]);
    let state = start;
    for (let count = 0; count < 20; count++) state = addFeature()(state);
    expect(valid(state).gamma.length).toBe(8);
    expect(removeFeature(0)(start)).toBe(start);
  });

  it('takes a preset’s numbers and stays where the reader is', () => {
    const state = valid(applyPreset('humps')({ ...start, step: 3, tab: 'backward', lr: 0.5 }));
    expect(state).toMatchObject({ x: presetState('humps').x, step: 3, tab: 'backward', lr: 0.5 });
  });
});

describe('pasting', () => {
  it('overwrites from the cell on and grows where it must', () => {
    const { value } = pasteAt(start, 'x', 2, 0, [[60], [80], [100]]);
    expect(valid(value ?? start).x).toEqual([[2], [4], [60], [80], [100]]);
    const wide = pasteAt(start, 'x', 0, 1, [[1], [2], [3], [4]]);
    expect(valid(wide.value ?? start).x).toEqual([
      [2, 1],
      [4, 2],
      [6, 3],
      [8, 4],
    ]);
  });

  it.each([
    ['x', 0, 1, [[1], [2]], 'example 3 would have no value for feature 2. A new feature needs a number for'],
    ['x', 0, 1, [[1], [2]], 'to replace the whole batch, use the box under “Edit the batch”'],
    ['x', 3, 0, Array.from({ length: 64 }, () => [1]), 'expected at most 64 examples (rows), got 67'],
    ['x', 0, 0, [Array.from({ length: 9 }, () => 1)], 'expected at most 8 features (columns), got 9'],
    ['x', 0, 0, [[1], [1e12]], 'row 2, column 1: expected a number'],
    ['dy', 2, 0, [[1], [2], [3]], 'no room: expected at most 2 × 1 numbers here'],
  ] as const)(
    'into %s at %i, %i changes nothing where it does not fit',
    (name, row, column, block, problem) => {
      const pasted = pasteAt(start, name, row, column, block);
      expect(pasted.value).toBeUndefined();
      expect(pasted.problem).toContain('Nothing was changed');
      expect(pasted.problem).toContain(problem);
    },
  );

  it('replaces the whole batch and keeps what belongs to examples that stay', () => {
    const before = setCell('dy', 0, 0, 9)({ ...start, example: 3 });
    const after = valid(
      replaceBatch(before, [
        [1, 2],
        [3, 4],
      ]).value ?? start,
    );
    expect([after.dy[0]?.[0], after.gamma, after.beta, after.example]).toEqual([9, [2, 1], [0.5, 0], 1]);
    expect(replaceBatch(start, [[1e10]]).problem).toContain('row 1, column 1');
  });
});

describe('gradients and parameters', () => {
  it('are set for all cells at once', () => {
    const state = valid(setGradient((row) => (row === 2 ? 1 : 0))({ ...start, gradient: 'target' }));
    expect([state.gradient, state.dy]).toEqual(['given', [[0], [0], [1], [0]]]);
  });

  it('stay in range when a step of SGD throws them far', () => {
    expect(valid(applySgd([1e9], [-1e9])(start))).toMatchObject({ gamma: [1e6], beta: [-1e6] });
  });
});

describe('the running statistics', () => {
  it('count the same batch again as one run', () => {
    const twice = valid(feed(10, [5], [5])(feed(1, [5], [5])(start)));
    expect(twice.fed).toEqual([[11, 4, 5, 5]]);
    expect(valid(feed(1, [6], [5])(twice)).fed).toEqual([
      [11, 4, 5, 5],
      [1, 4, 6, 5],
    ]);
    expect(resetRunning()(twice).fed).toEqual([]);
  });

  it('refuse what the figure cannot keep, and a batch without an unbiased variance', () => {
    const one = presetState('one');
    expect(feedProblem(one, 1)).toContain('PyTorch refuses');
    expect(feedProblem({ ...one, stored: 'biased' }, 1)).toBeUndefined();
    expect(feedProblem(feed(995, [5], [5])(start), 10)).toContain('1000 batches');
    let state = start;
    for (let mean = 0; mean < 24; mean++) state = feed(1, [mean], [1])(state);
    expect(feedProblem(valid(state), 1)).toContain('24 different batches');
  });
});
