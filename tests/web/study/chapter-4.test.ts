import fs from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../wasm/engine.ts';
import { readHash } from '../../../web/protocol/hash.ts';
import { compileLab, decodeLab } from '../../../web/protocol/lab.ts';
import { runJob } from '../../../web/worker/lab-job.ts';
import { load } from '../../wasm/support.ts';

const page = fs.readFileSync('web/pages/training-and-inference.html', 'utf8');
let engine: Engine;

beforeAll(async () => {
  engine = await load('simd');
});

describe('what the text says of the Lab', () => {
  const links = [...page.matchAll(/href="\.\/lab\.html#([^"]*)"/g)].map(
    ([, hash = '']) => readHash(hash, 'lab') ?? '',
  );
  const embedded = [...page.matchAll(/experiment="([^"]*)"/g)].map(([, text = '']) => text);

  it.each([...links, ...embedded])('%s is an experiment', (text) => {
    expect(decodeLab(text).problem).toBeUndefined();
  });

  it('after 100 steps both diaries have one network, and the faster one reads better', () => {
    expect(links.length).toBeGreaterThan(0);
    expect(embedded.length).toBe(2);
    const { value } = decodeLab(embedded[0]!);
    const { stop_steps } = value!;
    expect(stop_steps).toBe(100);
    const setup = compileLab(value!, undefined);
    const work = runJob(engine, { setup, steps: stop_steps, every: 0, limit: 1000 }, () => 0);
    let next = work.next();
    while (!next.done) next = work.next();
    const [slow, fast] = next.value.arms.map(({ points }) => points.at(-1)!.test!);
    expect(slow!.training.accuracy).toBe(fast!.training.accuracy);
    expect(slow!.inference.accuracy!).toBeLessThan(fast!.inference.accuracy! - 0.1);
  });
});
