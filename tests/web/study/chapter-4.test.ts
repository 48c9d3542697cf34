import fs from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../wasm/engine.ts';
import type { Study } from '../../../web/components/study/definition.ts';
import { StudyOutcome } from '../../../web/components/study/outcome.ts';
import { study as batchMates } from '../../../web/components/study/studies/batch-mates.ts';
import { study as domainShift } from '../../../web/components/study/studies/domain-shift.ts';
import { study as emaLag } from '../../../web/components/study/studies/ema-lag.ts';
import { study as frozenNorm } from '../../../web/components/study/studies/frozen-norm.ts';
import { study as leakage } from '../../../web/components/study/studies/leakage.ts';
import { readHash } from '../../../web/protocol/hash.ts';
import { compileLab, decodeLab } from '../../../web/protocol/lab.ts';
import { defaultsOf } from '../../../web/protocol/properties.ts';
import { runJob } from '../../../web/worker/lab-job.ts';
import { load } from '../../wasm/support.ts';
import { outcomeOf } from '../chapter-3-numbers.ts';

const page = fs.readFileSync('web/pages/training-and-inference.html', 'utf8');
let engine: Engine;

beforeAll(async () => {
  engine = await load('simd');
});

/** With four seeds, unless all are needed to settle it. */
function conclude(study: Study, knobs = {}, seeds = 4) {
  const outcome = outcomeOf(engine, { ...study, seeds }, knobs);
  return study.conclude(outcome, { ...defaultsOf(study.knobs), ...knobs });
}

describe('the claims of “Training and inference”', () => {
  it('lag: holds with a slow average, and not with a fast one', () => {
    expect(conclude(emaLag, {}, 10)).toMatchObject({ holds: 'yes', option: 2 });
    expect(conclude(emaLag, { momentum: 0.1 })).toMatchObject({ holds: 'no', option: 1 });
  });

  it('batch-mates: fewer and fewer predictions hang on them, in inference mode none', () => {
    const { holds, option, sentence } = conclude(batchMates);
    expect({ holds, option }).toEqual({ holds: 'yes', option: 3 });
    expect(sentence).toContain('In inference mode not one changes.');
  });

  it('leakage: needs one offset for the whole batch', () => {
    expect(conclude(leakage)).toMatchObject({ holds: 'yes', option: 1 });
    expect(conclude(leakage, { shared: false })).toMatchObject({ holds: 'no', option: 3 });
    // Where there is nothing to hide, all modes can read it.
    expect(conclude(leakage, { offset: 0 })).toMatchObject({ holds: 'no', option: 2 });
  });

  it('domain shift: recalibration makes it good, where anything was lost', () => {
    expect(conclude(domainShift, { steps: 300 })).toMatchObject({ holds: 'yes', option: 1 });
    expect(conclude(domainShift, { steps: 100, scale: 1, shift: 0 }).holds).toBe('no');
  });

  it('frozen: is needed in batches of two, and not in batches of 64', () => {
    expect(conclude(frozenNorm)).toMatchObject({ holds: 'yes', option: 1 });
    expect(conclude(frozenNorm, { batch_size: 64, momentum: 0.1 }).holds).toBe('no');
  });
});

describe('StudyOutcome.lead', () => {
  it('compares seed by seed, and leaves out what is not there yet', () => {
    const outcome = new StudyOutcome(3);
    for (const [seed, a, b] of [
      [0, 0.5, 0.25],
      [1, 0.75, 0.25],
    ] as const) {
      outcome.add(seed, { series: 'a', condition: 1, value: a });
      outcome.add(seed, { series: 'b', condition: 1, value: b });
    }
    outcome.add(2, { series: 'a', condition: 1, value: 1 });
    expect(outcome.lead('a', 'b', 1).mean).toBe(0.375);
    expect(outcome.lead('a', 'b', 0).mean).toBeNaN();
  });
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
