import { describe, expect, it } from 'vitest';
import { cellsOf, toText } from '../../web/components/math.ts';
import { backwardWalk } from '../../web/components/worked-example/backward.ts';
import { forwardWalk } from '../../web/components/worked-example/forward.ts';
import { presetCheck } from '../../web/components/worked-example/preset-check.ts';
import { arithmeticOf, type WalkTable } from '../../web/components/worked-example/walk.ts';
import { presetNames } from '../../web/protocol/worked-example-presets.ts';
import { viewOf } from './worked-example-numbers.ts';

const textsOf = ({ columns }: WalkTable, id: string) =>
  columns.find((column) => column.id === id)?.texts.map((text) => text.trim());
const textOf = ({ singles }: WalkTable, id: string) => singles.find((single) => single.id === id)?.text;
const spoken = (table: WalkTable, cell: string) =>
  (arithmeticOf(table, cell) ?? []).map(toText).join('').replace(/ +/g, ' ');

describe('the forward walk', () => {
  it('has the numbers of the worked example', async () => {
    const table = forwardWalk(await viewOf('1'));
    expect(table.steps).toHaveLength(7);
    expect([textOf(table, 'mean'), textOf(table, 'var'), textOf(table, 'std')]).toEqual(['5', '5', '2.2361']);
    expect(textsOf(table, 'centered')).toEqual(['−3', '−1', '1', '3']);
    expect(textsOf(table, 'squared')).toEqual(['9', '1', '1', '9']);
    expect(textsOf(table, 'xhat')).toEqual(['−1.3416', '−0.4472', '0.4472', '1.3416']);
    expect(textsOf(table, 'scaled')).toEqual(['−2.6833', '−0.8944', '0.8944', '2.6833']);
    expect(textsOf(table, 'y')).toEqual(['−2.1833', '−0.3944', '1.3944', '3.1833']);
  });

  it('shows how each came about', async () => {
    const table = forwardWalk(await viewOf('1'));
    expect(spoken(table, 'mean')).toBe('μ = (2 + 4 + 6 + 8) / 4 = 20 / 4 = 5');
    expect(spoken(table, 'var')).toBe('σ² = (9 + 1 + 1 + 9) / 4 = 20 / 4 = 5');
    expect(spoken(table, 'squared.0')).toBe('(x_1 − μ)² = (−3)² = 9');
    expect(spoken(table, 'xhat.1')).toBe('x̂_2 = (4 − 5) / √(5 + 0.00001) = −1 / 2.2361 = −0.4472');
    expect(spoken(table, 'y.1')).toBe('y_2 = −0.8944 + 0.5 = −0.3944');
    expect(arithmeticOf(table, 'xhat.4')).toBeUndefined();
    expect(arithmeticOf(table, 'nothing')).toBeUndefined();
  });

  it('names the cells a cell came from', async () => {
    const table = forwardWalk(await viewOf('1'));
    const sources = (cell: string) =>
      new Set((arithmeticOf(table, cell) ?? []).flatMap(cellsOf).filter((from) => from !== cell));
    expect(sources('mean')).toEqual(new Set(['x.0', 'x.1', 'x.2', 'x.3']));
    expect(sources('xhat.2')).toEqual(new Set(['x.2', 'mean', 'var', 'eps', 'centered.2', 'std']));
    expect(sources('y.3')).toEqual(new Set(['scaled.3', 'beta']));
    expect(sources('x.0')).toEqual(new Set());
  });

  it('says in numbers why the standard deviations are what they are', async () => {
    const table = forwardWalk(await viewOf('1;gamma=-3;eps=4'));
    expect(spoken(table, 'xhat_std')).toBe('std(x̂) = std(x) / 3 = √(5) / 3 = 0.7454');
    expect(spoken(table, 'y_std')).toBe('std(y) = |γ| · std(x̂) = 3 · 0.7454 = 2.2361');
    const inference = forwardWalk(await viewOf('1;mode=inference;eps=3'));
    expect(spoken(inference, 'xhat_std')).toBe('std(x̂) = std(x) / 2 = 2.2361 / 2 = 1.1180');
    const sources = (cell: string) => new Set((arithmeticOf(table, cell) ?? []).flatMap(cellsOf));
    expect(sources('xhat_std')).toEqual(new Set(['var', 'std', 'xhat_std']));
    expect(sources('y_std')).toEqual(new Set(['gamma', 'xhat_std', 'y_std']));
  });

  it('explains the numbers of texts that round too early', async () => {
    const note = forwardWalk(await viewOf('1')).steps[5]?.note;
    expect(note).toContain('−0.39 and 1.39');
    expect(note).toContain('−0.40 and 1.40');
    expect(forwardWalk(await viewOf('1;preset=one')).steps[5]?.note).toBeUndefined();
  });

  it('does not promise a standard deviation of 1 where ε rules', async () => {
    const texts = async (link: string) => {
      const { steps } = forwardWalk(await viewOf(link));
      return [steps[3]?.text, steps[6]?.text].join(' ');
    };
    expect(await texts('1')).toMatch(/standard deviation 1, less a hair.*about \|γ\|/);
    for (const link of ['1;preset=one', '1;preset=constant', '1;preset=constant;feature=1', '1;eps=1']) {
      expect(await texts(link)).toMatch(/not standard deviation 1.*falls short of \|γ\|/);
    }
  });

  it('takes the running statistics in inference mode', async () => {
    const table = forwardWalk(await viewOf('1;mode=inference;fed=1,4,5,5/'));
    expect([textOf(table, 'mean'), textOf(table, 'var')]).toEqual(['0.5', '1.5667']);
    expect(spoken(table, 'mean')).toBe('M = 0.9 · 0 + 0.1 · 5 = 0.5');
    expect(spoken(table, 'var')).toBe('V = 0.9 · 1 + 0.1 · 4 / 3 · 5 = 1.5667');
    expect(textsOf(table, 'squared')).toEqual(['', '', '', '']);
    expect(textsOf(table, 'centered')).toEqual(['1.5', '3.5', '5.5', '7.5']);
    expect(arithmeticOf(table, 'squared.0')).toBeUndefined();
  });

  it('looks at one feature at a time', async () => {
    const table = forwardWalk(await viewOf('1;x=2,10/4,30/6,20;feature=1'));
    expect(textOf(table, 'mean')).toBe('20');
    expect(textsOf(table, 'centered')).toEqual(['−10', '10', '0']);
  });
});

describe('the backward walk', () => {
  it('adds dx up from its three terms, to a sum of 0', async () => {
    const table = backwardWalk(await viewOf('1;dy=1,0,0,0'));
    expect([textOf(table, 'dbeta'), textOf(table, 'dgamma'), textOf(table, 'factor')]).toEqual([
      '1',
      '−1.3416',
      '0.8944',
    ]);
    expect(textsOf(table, 'dx_direct')).toEqual(['0.8944', '0', '0', '0']);
    expect(textsOf(table, 'dx_mean')).toEqual(['−0.2236', '−0.2236', '−0.2236', '−0.2236']);
    expect(textsOf(table, 'dx_variance')).toEqual(['−0.4025', '−0.1342', '0.1342', '0.4025']);
    expect(textsOf(table, 'dx')).toEqual(['0.2683', '−0.3578', '−0.0894', '0.1789']);
    expect(textOf(table, 'dx_sum')).toBe('0.0000');
    expect(spoken(table, 'dx.0')).toBe('dx_1 = 0.8944 + (−0.2236) + (−0.4025) = 0.2683');
    expect(spoken(table, 'dgamma')).toBe('dγ = −1.3416 + 0 + 0 + 0 = −1.3416');
  });

  it('starts from a target where there is one', async () => {
    const table = backwardWalk(await viewOf('1;gradient=target;target=0,0,0,0'));
    expect(textsOf(table, 'dy')).toEqual(textsOf(table, 'y'));
    expect(spoken(table, 'dy.0')).toBe('dy_1 = −2.1833 − 0 = −2.1833');
    expect(table.columns.find((column) => column.id === 'target')?.editable).toBe('target');
    expect(table.columns.find((column) => column.id === 'dy')?.editable).toBeUndefined();
  });

  it('leaves only the direct term in inference mode', async () => {
    const table = backwardWalk(await viewOf('1;mode=inference;fed=1,4,5,5/'));
    expect(textsOf(table, 'dx')).toEqual(textsOf(table, 'dx_direct'));
    expect(textsOf(table, 'dx_mean')).toEqual(['', '', '', '']);
  });

  it('writes a gradient that vanishes as the zero it is', async () => {
    const table = backwardWalk(await viewOf('1;dy=1,1,1,1'));
    for (const text of textsOf(table, 'dx') ?? []) expect(text).toMatch(/^0(\.0000)?$/);
  });
});

describe('the presets', () => {
  it.each([
    ['one', 'Here x̂ = 0 and y = 0.5; β = 0.5.'],
    ['two', 'The largest |x̂| is 0.9999; √(m − 1) = 1.'],
    ['outlier', 'The largest |x̂| is 2.6412; √(m − 1) = 2.6458.'],
    ['constant', 'Feature 1: σ² = 0, ε = 0.00001; the largest |x̂| is 0.'],
    ['huge_mean', 'Here μ = 10005, σ² = 5. The largest |x̂| is 1.3416'],
    ['humps', 'of x: 0.0000 and −1.8563; of x̂: 0.0000 and −1.8563'],
    ['features', 'The means are 1.75, 73, 0.0316'],
  ])('%s: its lesson is checked by the engine', async (name, text) => {
    expect(presetCheck(name as (typeof presetNames)[number], await viewOf(`1;preset=${name}`))).toContain(
      text,
    );
  });

  it.each(presetNames)('%s walks both ways in both modes without a number that is none', async (name) => {
    for (const mode of ['training', 'inference']) {
      const view = await viewOf(`1;preset=${name};mode=${mode}`);
      for (const table of [forwardWalk(view), backwardWalk(view)]) {
        const values = [
          ...table.columns.flatMap(({ values: column }) => column),
          ...table.singles.map(({ value }) => value),
        ];
        expect(values.every(Number.isFinite)).toBe(true);
      }
    }
  });

  it('two examples become −1 and 1, and a huge mean changes nothing', async () => {
    const two = await viewOf('1;preset=two;eps=1e-12');
    expect(two.column(two.walk.xhat).map((value) => Math.round(value * 1e6) / 1e6)).toEqual([-1, 1]);
    const [worked, huge] = [await viewOf('1'), await viewOf('1;preset=huge_mean')];
    huge
      .column(huge.walk.y)
      .forEach((y, at) => expect(y).toBeCloseTo(worked.column(worked.walk.y)[at] ?? NaN, 9));
  });
});
