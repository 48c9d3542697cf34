import { describe, expect, it } from 'vitest';
import { type Draw, matesOf, pile, say, sayDraws } from '../../../web/components/lab/mates-draws.ts';

const draw = (training: number, label: number | undefined, inference = 0.5): Draw => ({
  seed: 1,
  mates: [],
  arms: [{ training: { value: training, label }, inference: { value: inference, label } }],
});
const name = (label: number) => `class ${label}`;

describe('batch-mates', () => {
  it('are as many as asked for, and never the example itself', () => {
    expect(matesOf([3, 1, 0, 2, 4], 0, 3)).toEqual([3, 1, 2]);
    expect(matesOf([3, 1, 0, 2, 4], 4, 2)).toEqual([3, 1]);
    expect(matesOf([1, 0], 0, 5)).toEqual([1]);
  });
});

describe('what a model says of the example', () => {
  it('is its margin and its class, or its output where values are predicted', () => {
    expect(say([1, 3], 'cross_entropy', 0)).toEqual({ value: -2, label: 1 });
    expect(say([0.7], 'mse', undefined)).toEqual({ value: 0.7, label: undefined });
  });

  it('is told by how far it moved and how often the class changed', () => {
    expect(sayDraws([draw(-0.4, 1), draw(2, 0), draw(1, 0)], 0, name)).toBe(
      'A’s margin moves between −0.4000 and 2.0000 in training mode and the prediction is class 0 in 2 draws and ' +
        'class 1 in 1 draw; in inference mode it stays at 0.5000.',
    );
    expect(sayDraws([draw(1, 0), draw(2, 0)], 0, name)).toContain('the prediction is class 0 every time');
    expect(sayDraws([draw(1, undefined), draw(2, undefined)], 0, name)).toBe(
      'A’s output moves between 1.0000 and 2.0000 in training mode; in inference mode it stays at 0.5000.',
    );
  });

  it('says when batch-mates make no difference, and does not claim what was not seen', () => {
    expect(sayDraws([draw(1, 0), draw(1, 0)], 0, name)).toContain('whoever the batch-mates are');
    expect(sayDraws([draw(1, 0)], 0, name)).not.toContain('whoever');
    expect(sayDraws([draw(1, 0, 0.5), draw(2, 0, 0.6)], 0, name)).toContain('in inference mode it moves too');
    expect(sayDraws([], 0, name)).toBe('');
  });

  it('of a network that has diverged is that there is no number, and no dot', () => {
    expect(sayDraws([draw(NaN, undefined, NaN)], 0, name)).toBe(
      'A’s output in training mode is no finite number, and – in inference mode: its weights have grown too large.',
    );
    expect(sayDraws([draw(1, 0), draw(-Infinity, 0)], 0, name)).toContain('no finite number in 1 of 2 draws');
    expect(pile([1, NaN, -Infinity], [Infinity]).dots).toHaveLength(1);
  });
});

describe('the strip', () => {
  it('has 0 in its middle and room for all values', () => {
    const { min, max, dots } = pile([-1, 0.2, 0.2], [3]);
    expect(min).toBe(-max);
    expect(max).toBeGreaterThanOrEqual(3);
    for (const { x } of dots) expect(Math.abs(x - 0.5)).toBeLessThanOrEqual(0.5);
  });

  it('piles up what lies close together', () => {
    expect(pile([1, 1, 1, -1], []).dots.map(({ level }) => level)).toEqual([0, 1, 2, 0]);
  });
});
