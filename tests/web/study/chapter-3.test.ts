import fs from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../wasm/engine.ts';
import { readHash } from '../../../web/protocol/hash.ts';
import { compileLab, decodeLab } from '../../../web/protocol/lab.ts';
import { runJob } from '../../../web/worker/lab-job.ts';
import { load } from '../../wasm/support.ts';

const page = fs.readFileSync('web/pages/one-some-or-all.html', 'utf8');
let engine: Engine;

beforeAll(async () => {
  engine = await load('simd');
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
