import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../wasm/engine.ts';
import { chainStep } from '../../../web/components/weight-chain/step.ts';
import { load } from '../../wasm/support.ts';
import { promising } from '../promising.ts';

const RATES = [0, 0.01, 0.1, 0.3];

describe('one step of gradient descent on a chain of weights', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await load('simd', 'figures');
  });

  it.each([1, 2, 10, 20])('promises 1 − Lη and gives (1 − η)ᴸ, with %i layers', async (length) => {
    const { without } = await chainStep(promising(engine), length, RATES);
    expect(without.before).toBe(1);
    expect(without.weightGradient).toBe(1);
    RATES.forEach((lr, i) => {
      expect(without.predicted[i]).toBeCloseTo(1 - length * lr, 12);
      expect(without.actual[i]).toBeCloseTo((1 - lr) ** length, 12);
    });
  });

  it.each([1, 2, 10, 20])(
    'keeps its promise with batch normalization behind it, with %i layers',
    async (length) => {
      const { batch } = await chainStep(promising(engine), length, RATES);
      expect(batch.before).toBeCloseTo(1, 12);
      expect(Math.abs(batch.weightGradient)).toBeLessThan(1e-11);
      RATES.forEach((lr, i) => {
        expect(batch.actual[i]).toBeCloseTo(batch.predicted[i]!, 10);
        // γ and β do it alone: their gradients are x̂ of the first example, which is 1/√2.5, and 1.
        expect(batch.actual[i]).toBeCloseTo(1 - lr * (1 / 2.5 + 1), 10);
      });
    },
  );
});
