import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../wasm/engine.ts';
import {
  type BoxSettings,
  CHANNELS,
  normaliseBox,
  NORMALISATIONS,
} from '../../../web/components/averaged-over/compute.ts';
import { load } from '../../wasm/support.ts';
import { promising } from '../promising.ts';

const FIRST: BoxSettings = { norm: 'batch', examples: 3, side: 2, example: 1, channel: 2 };

/** Which values the definitions name. */
function named({ norm, examples, side, example, channel }: BoxSettings): boolean[] {
  const pixels = side * side;
  return Array.from({ length: examples * CHANNELS * pixels }, (_, at) => {
    const [n, c] = [Math.floor(at / (CHANNELS * pixels)), Math.floor(at / pixels) % CHANNELS];
    switch (norm) {
      case 'batch':
        return c === channel;
      case 'layer':
        return n === example;
      case 'group':
        return n === example && Math.floor(c / 2) === Math.floor(channel / 2);
      case 'instance':
        return n === example && c === channel;
    }
  });
}

describe('the values that have a say in a normalised one', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await load('simd');
  });

  it.each(NORMALISATIONS.map(({ name }) => name))(
    'are those %s normalization averages over, by the gradient',
    async (norm) => {
      for (const more of [{}, { side: 3, example: 0, channel: 0 }, { examples: 1, example: 0, side: 4 }]) {
        const settings = { ...FIRST, norm, ...more };
        const box = await normaliseBox(promising(engine), settings);
        expect(box.heard).toEqual(named(settings));
        if (typeof box.normalised === 'string') throw new Error(box.normalised);
        // Mean and standard deviation are those of just these values.
        const values = [...box.x.data].filter((_, at) => box.heard[at]);
        const mean = values.reduce((sum, x) => sum + x) / values.length;
        const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
        expect(box.normalised.mean).toBeCloseTo(mean, 12);
        expect(box.normalised.std).toBeCloseTo(Math.sqrt(variance + 1e-5), 12);
        expect(box.normalised.xhat.data[box.place]).toBeCloseTo(
          (box.x.data[box.place]! - mean) / Math.sqrt(variance + 1e-5),
          12,
        );
      }
    },
  );

  it('are the value alone with one example and one pixel: batch normalization makes it 0, instance normalization refuses', async () => {
    const alone = { ...FIRST, examples: 1, example: 0, side: 1 };
    const batch = await normaliseBox(promising(engine), alone);
    expect(batch.heard.filter(Boolean)).toHaveLength(1);
    expect(typeof batch.normalised === 'string' ? NaN : batch.normalised.xhat.data[batch.place]).toBe(0);
    const instance = await normaliseBox(promising(engine), { ...alone, norm: 'instance' });
    expect(instance.heard.filter(Boolean)).toHaveLength(1);
    expect(instance.normalised).toContain('One value is its own mean');
  });
});
