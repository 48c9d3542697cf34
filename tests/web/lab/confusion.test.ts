import { describe, expect, it } from 'vitest';
import { greyRange, picturePixels } from '../../../web/charts/picture.ts';
import { rightOf, rowShare, sayConfusion, worstMistake } from '../../../web/components/lab/confusion.ts';
import { tensor } from '../../../web/protocol/tensor.ts';

const counts = (...rows: number[][]) => tensor(Int32Array.from(rows.flat()), [rows.length, rows.length]);

describe('a confusion matrix', () => {
  const some = counts([5, 1, 0], [3, 4, 0], [0, 0, 0]);

  it('has what is right on its diagonal', () => {
    expect(rightOf(some)).toEqual({ right: 9, count: 13 });
  });

  it('is shaded by row, and a class without examples not at all', () => {
    expect(rowShare(some, 1, 0)).toBeCloseTo(3 / 7, 12);
    expect(rowShare(some, 2, 2)).toBe(0);
  });

  it('has a most frequent mistake, or none', () => {
    expect(worstMistake(some)).toEqual({ row: 1, column: 0, count: 3 });
    expect(worstMistake(counts([2, 0], [0, 3]))).toBeUndefined();
  });

  it('is said for both modes', () => {
    const name = (label: number) => `“${label}”`;
    expect(
      sayConfusion('A', { training: counts([6, 0, 0], [4, 3, 0], [0, 0, 0]), inference: some }, name),
    ).toBe(
      'A gets 9 of 13 test examples right in both modes. In inference mode its most frequent mistake is “0” for “1”: 3 of them.',
    );
    expect(
      sayConfusion('B', { training: counts([1, 1], [0, 1]), inference: counts([2, 0], [0, 1]) }, name),
    ).toBe('B gets 3 of 3 test examples right in inference mode and 2 in training mode.');
    // A last batch of one is left out in training mode.
    expect(
      sayConfusion('B', { training: counts([1, 0], [0, 1]), inference: counts([2, 0], [0, 1]) }, name),
    ).toContain('and 2 of 2 in training mode');
  });
});

describe('a picture', () => {
  it('is dark where values are high, and stays within grey', () => {
    const pixels = picturePixels([-9, 0, 0.5, 1, 9], 0, 1);
    expect([...pixels].filter((_, i) => i % 4 === 0)).toEqual([255, 255, 128, 0, 0]);
    expect([...pixels].filter((_, i) => i % 4 === 3)).toEqual([255, 255, 255, 255, 255]);
  });

  it('shares a range that single extremes do not stretch', () => {
    const [low, high] = greyRange([...Array.from({ length: 1000 }, (_, i) => i / 1000), 500]);
    expect(low).toBeGreaterThanOrEqual(0);
    expect(high).toBeLessThan(1);
  });
});
