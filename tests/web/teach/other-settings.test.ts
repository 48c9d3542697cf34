import { beforeAll, expect, it } from 'vitest';
import { load } from '../../wasm/support.ts';
import { Measured, studiesOf } from '../study-numbers.ts';

/** What answers say of experiments in settings that no chapter has: that is nobody else's to check. */
let run: (id: string, knobs: Readonly<Record<string, number>>, points?: readonly number[]) => Measured;
beforeAll(async () => {
  const engine = await load('simd', 'studies');
  const studies = studiesOf(engine);
  run = (id, knobs, points) =>
    new Measured(
      engine,
      studies.find((study) => study.id === id)!,
      { knobs, ...(points && { points }) },
      2,
    );
});

it('chapter 3: with half the noise one run in ten gets out of the valley with one example, none with more', () => {
  const escaped = run('E17', { noise: 2 }, [1, 2, 4]);
  const share = (batch: number) => escaped.mean('escaped', 'weight', batch);
  expect(share(1)).toBeGreaterThan(0.05);
  expect(share(1)).toBeLessThan(0.2);
  expect([share(2), share(4)]).toEqual([0, 0]);
});

it('chapter 4: without drift the task of the sensor is easy for everyone', () => {
  const right = run('E25', { offset: 0 });
  for (const arm of ['training', 'inference', 'without', 'own'])
    expect(right.mean('accuracy', arm)).toBeGreaterThan(0.95);
});

it('chapter 4: of pictures that are only brighter, all but a few points come back', () => {
  const right = run('E26', { scale: 1, shift: 3 });
  expect(right.mean('accuracy', 'bn-moved')).toBeLessThan(0.5);
  expect(right.mean('accuracy', 'bn') - right.mean('accuracy', 'bn-afresh')).toBeLessThan(0.05);
});

it('chapter 5: on raw pixels batch normalization is ahead at a small learning rate too', () => {
  const right = run('E4', { raw: 1 }, [0.01, 0.1]);
  for (const rate of [0.01, 0.1])
    expect(right.mean('accuracy', 'bn', rate)).toBeGreaterThan(right.mean('accuracy', 'none', rate));
});

it('chapter 5: at a rate of 3 hidden values stay about 1, at 30 outputs and hidden values run away', () => {
  const grown = run('E33', {}, [3, 30]);
  expect(grown.mean('hidden', 'bn', 3)).toBeCloseTo(1, 1);
  expect(grown.mean('hidden', 'bn', 30)).toBeGreaterThan(100);
  expect(grown.mean('output', 'bn', 30)).toBeGreaterThan(grown.mean('hidden', 'bn', 30));
});
