import { describe, expect, it } from 'vitest';
import { margin, predictedClass, rowOf, shares } from '../../../web/charts/predictions.ts';
import { tensor } from '../../../web/protocol/tensor.ts';
import type { LossKind } from '../../../web/protocol/vocabulary.ts';

const LOSSES: LossKind[] = ['cross_entropy', 'bce_with_logits', 'mse'];

describe('predictedClass', () => {
  it('is the largest output, the first of equals', () => {
    for (const loss of LOSSES) {
      expect(predictedClass([0.1, 3, 2], loss)).toBe(1);
      expect(predictedClass([2, 2], loss)).toBe(0);
    }
  });

  it('is the side of the threshold where there is one output', () => {
    expect([-1, 0, 0.2].map((z) => predictedClass([z], 'bce_with_logits'))).toEqual([0, 0, 1]);
    expect([0.2, 0.5, 0.7].map((z) => predictedClass([z], 'mse'))).toEqual([0, 0, 1]);
  });

  it('is unknown where an output is not a number', () => {
    expect(predictedClass([NaN], 'bce_with_logits')).toBeUndefined();
    expect(predictedClass([1, NaN], 'cross_entropy')).toBeUndefined();
  });
});

describe('margin', () => {
  it('is above 0 exactly where the prediction is right', () => {
    for (const loss of LOSSES) {
      for (const outputs of [[1, -2, 0.5], [0.3, 0.9, 0.1], [-4, -3, -2], [0.7], [0.3], [-2]]) {
        for (let label = 0; label < Math.max(2, outputs.length); label++) {
          const right = predictedClass(outputs, loss) === label;
          expect(margin(outputs, label, loss) > 0).toBe(right);
        }
      }
    }
  });

  it('measures the way to the next class', () => {
    expect(margin([1, 4, 2.5], 1, 'cross_entropy')).toBe(1.5);
    expect(margin([1, 4, 2.5], 0, 'cross_entropy')).toBe(-3);
    expect(margin([-2], 0, 'bce_with_logits')).toBe(2);
  });

  it('is not a number where an output is not', () => {
    expect(margin([1, NaN], 0, 'cross_entropy')).toBeNaN();
    expect(margin([NaN, 1], 0, 'cross_entropy')).toBeNaN();
  });
});

describe('shares', () => {
  const of = (outputs: number[], loss: LossKind, classes = Math.max(2, outputs.length)) => {
    const into = new Float32Array(classes);
    shares(outputs, loss, into);
    return [...into];
  };

  it('are the softmax of the outputs, however large they are', () => {
    const [one = NaN, other = NaN] = of([1001, 1000], 'cross_entropy');
    expect(one).toBeCloseTo(1 / (1 + Math.exp(-1)), 6);
    expect(one + other).toBeCloseTo(1, 6);
    expect(of([Infinity, 0], 'cross_entropy')).toEqual([1, 0]);
  });

  it('are the logistic function of one logit', () => {
    expect(of([0], 'bce_with_logits')).toEqual([0.5, 0.5]);
    expect(of([2], 'bce_with_logits')[1]).toBeCloseTo(1 / (1 + Math.exp(-2)), 6);
  });

  it('are outputs fitted to 0 and 1, clamped', () => {
    expect(of([1.5], 'mse')).toEqual([0, 1]);
    expect(of([-1, 0.5, 0.5], 'mse')).toEqual([0, 0.5, 0.5]);
    expect(of([-1, -1], 'mse')).toEqual([0.5, 0.5]);
  });

  it('are not numbers where an output is not', () => {
    for (const loss of LOSSES) expect(of([NaN, 1], loss)).toEqual([NaN, NaN]);
    for (const loss of LOSSES) expect(of([NaN], loss)).toEqual([NaN, NaN]);
  });
});

it('rowOf gives one row of a matrix', () => {
  const matrix = tensor(Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2]);
  expect([...rowOf(matrix, 1)]).toEqual([3, 4]);
});
