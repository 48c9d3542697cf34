import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../wasm/engine.ts';
import { BINS } from '../../../web/components/deep-network/observe.ts';
import { shownLayers } from '../../../web/components/deep-network/histograms.ts';
import { BATCH, FIRST, layersOf, UNITS } from '../../../web/components/deep-network/settings.ts';
import {
  gradientConclusion,
  growthOf,
  THEORY,
  valuesConclusion,
} from '../../../web/components/deep-network/words.ts';
import { load } from '../../wasm/support.ts';
import { lookAt } from '../chapter-5-numbers.ts';

describe('two deep networks, seen by the figure', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await load('simd');
  });

  it('keep their signal with batch normalization, whatever the initial weights; without, it doubles or halves', async () => {
    for (const [gain, factor] of [
      [2, 2],
      [0.5, 0.5],
    ] as const) {
      const { none, batch } = await lookAt(engine, { depth: 10, gain });
      for (const { spread } of batch.layers) expect(spread).toBeCloseTo(1, 3);
      const perLayer = (none.layers[9]!.std / none.layers[0]!.std) ** (1 / 9);
      expect(Math.abs(Math.log2(perLayer / factor))).toBeLessThan(0.25);
    }
  });

  it('count every value of the batch in a histogram', async () => {
    const { none, batch } = await lookAt(engine, { depth: 3 });
    for (const { received, passed } of [...none.layers, ...batch.layers]) {
      for (const counts of [received, passed]) {
        expect(counts).toHaveLength(BINS);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(BATCH * UNITS);
      }
    }
  });

  it('can look healthy and say the same to every example: ten layers of sigmoids', async () => {
    const { none, batch } = await lookAt(engine, { depth: 10, activation: 'sigmoid' });
    expect(none.layers[9]!.std).toBeGreaterThan(0.3);
    expect(none.layers[9]!.spread).toBeLessThan(1e-5);
    expect(batch.layers[9]!.spread).toBeCloseTo(1, 3);
  });

  it('have gradients that grow by √(π/(π − 1)) per layer with batch normalization and ReLU', async () => {
    const { none, batch } = await lookAt(engine, { depth: 20 });
    expect(Math.abs(growthOf(batch)! - THEORY)).toBeLessThan(0.04);
    expect(growthOf(none)).toBeLessThan(1.05);
    expect(growthOf((await lookAt(engine, { depth: 4 })).batch)).toBeUndefined();
  });

  it('are trained before the look when that is asked for, and say so when a number is no longer finite', async () => {
    const settings = { ...FIRST, steps: 10, lr: 1, gain: 2 };
    const seen = await lookAt(engine, settings);
    expect(seen.none.diverged).toBeGreaterThan(0);
    expect(seen.none.layers).toEqual([]);
    expect(seen.batch.diverged).toBeUndefined();
    expect(valuesConclusion(settings, seen).join(' ')).toMatch(
      /Without batch normalization training ran away: after \d/,
    );
    expect(gradientConclusion(settings, seen).join(' ')).toContain('no longer finite');
  });

  it('leave nothing behind in the engine’s memory but the examples', async () => {
    await lookAt(engine, { depth: 6 });
    const bytes = () => engine.call('memory', {}).bytes;
    const before = bytes();
    await lookAt(engine, { depth: 6 });
    const data = bytes() - before;
    await lookAt(engine, { depth: 6 });
    expect(bytes() - before).toBe(2 * data);
  });

  it('differ in batch normalization only', () => {
    const kinds = (normalised: boolean) =>
      layersOf({ ...FIRST, depth: 2 }, normalised).map(({ kind }) => kind);
    expect(kinds(false)).toEqual(['linear', 'relu', 'linear', 'relu', 'linear']);
    expect(kinds(true)).toEqual(['linear', 'batch_norm', 'relu', 'linear', 'batch_norm', 'relu', 'linear']);
  });

  it('are drawn with their first and last layer, and some between', () => {
    expect(shownLayers(2)).toEqual([0, 1]);
    expect(shownLayers(6)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(shownLayers(50)).toEqual([0, 10, 20, 29, 39, 49]);
  });
});
