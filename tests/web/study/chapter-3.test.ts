import fs from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../wasm/engine.ts';
import { study as doubleWell } from '../../../web/components/study/studies/double-well.ts';
import { study as fixedBatches } from '../../../web/components/study/studies/fixed-batches.ts';
import { study as gradientNoise } from '../../../web/components/study/studies/gradient-noise.ts';
import { study as throughput } from '../../../web/components/study/studies/throughput.ts';
import { StudyOutcome } from '../../../web/components/study/outcome.ts';
import { readHash } from '../../../web/protocol/hash.ts';
import { compileLab, decodeLab } from '../../../web/protocol/lab.ts';
import { defaultsOf } from '../../../web/protocol/properties.ts';
import { runJob } from '../../../web/worker/lab-job.ts';
import { load } from '../../wasm/support.ts';
import { outcomeOf } from '../chapter-3-numbers.ts';

const page = fs.readFileSync('web/pages/one-some-or-all.html', 'utf8');
let engine: Engine;

beforeAll(async () => {
  engine = await load('simd');
});

function conclude(study: typeof gradientNoise, knobs = {}) {
  return study.conclude(outcomeOf(engine, study, knobs), { ...defaultsOf(study.knobs), ...knobs });
}

describe('the claims of “One, some or all”', () => {
  it('noise: holds without normalisation, also without replacement, and fails with BatchNorm', () => {
    expect(conclude(gradientNoise)).toMatchObject({ holds: 'yes', option: 1 });
    const norm = conclude(gradientNoise, { norm: 'batch' });
    expect(norm.holds).toBe('no');
    expect(norm.option).toBeUndefined();
  });

  it('escape: holds with the noise of the text; with hardly any nobody gets out, and no answer came true', () => {
    expect(conclude(doubleWell)).toMatchObject({ holds: 'yes', option: 2 });
    const calm = conclude(doubleWell, { noise: 0.5, steps: 300, runs: 5 });
    expect(calm.holds).toBe('no');
    expect(calm.option).toBeUndefined();
  });

  it('fixed batches: hurt with BatchNorm only; without wrong labels and with many examples hardly anybody', () => {
    expect(conclude(fixedBatches)).toMatchObject({ holds: 'yes', option: 1 });
    expect(conclude(fixedBatches, { steps: 10 }).holds).toBe('no');
  });

  it('speed: is judged by the intervals of both ends, whatever the clock says', () => {
    const judge = (most: number) => {
      const outcome = new StudyOutcome(3);
      for (const seed of [0, 1, 2]) {
        outcome.add(seed, { series: 'speed', condition: 0, value: 1000 + seed });
        outcome.add(seed, { series: 'speed', condition: 8, value: most + seed });
      }
      return throughput.conclude(outcome, defaultsOf(throughput.knobs));
    };
    expect(judge(3000)).toMatchObject({ holds: 'yes' });
    expect(judge(3000).sentence).toContain('3 times as many');
    expect(judge(1000).holds).toBe('unclear');
    expect(judge(500).holds).toBe('no');
  });

  it('speed: a clock too coarse to see a call gives no value rather than an infinite one', () => {
    const answer = { result: { examples: 10, steps: 1, loss: 1 }, milliseconds: 0 };
    expect(throughput.measure(answer as never, 0, {})[0]!.value).toBeNaN();
  });
});

describe('what the text says of the Lab', () => {
  const links = [...page.matchAll(/href="\.\/lab\.html#([^"]*)"/g)].map(([, hash = '']) => hash);
  const [, embedded = ''] = /experiment="([^"]*)"/.exec(page) ?? [];

  it.each(links)('%s is an experiment', (hash) => {
    expect(decodeLab(readHash(hash, 'lab') ?? '').problem).toBeUndefined();
  });

  it('there are links', () => expect(links.length).toBeGreaterThanOrEqual(3));

  it('after 300 steps each, all examples are a little ahead of eight', () => {
    const { value } = decodeLab(embedded);
    const { stop_steps } = value!;
    expect(stop_steps).toBe(300);
    const setup = compileLab(value!, undefined);
    const work = runJob(engine, { setup, steps: stop_steps, every: 0, limit: 1000 }, () => 0);
    let next = work.next();
    while (!next.done) next = work.next();
    const [eight, all] = next.value.arms.map(({ points }) => points.at(-1)!.test!.inference.loss);
    expect(all).toBeLessThan(eight!);
    expect(all).toBeGreaterThan(0.8 * eight!);
  });
});

describe('the picture of the two valleys', () => {
  it('is the curve of f', () => {
    const [, path = ''] = /class="curve" d="([^"]*)"/.exec(page) ?? [];
    const points = path
      .slice(1)
      .split('L')
      .map((point) => point.split(' ').map(Number) as [number, number]);
    expect(points.length).toBeGreaterThan(100);
    const f = (w: number) => (w * w - 1) ** 2 + 0.3 * w;
    for (const [x, y] of points) {
      // As drawn: 200 to a unit of w, 190 for f from −0.35 to 2.2; written to a whole and to a tenth.
      const drawn = 205 - ((f((x - 320) / 200) + 0.35) / 2.55) * 190;
      expect(Math.abs(y - drawn)).toBeLessThan(1.5);
    }
  });
});
