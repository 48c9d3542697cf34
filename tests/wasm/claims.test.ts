import { beforeAll, describe, expect, it } from 'vitest';
import { CLAIMS } from '../../web/claims/claims.ts';
import { type CheckRef, evidenceOf } from '../../web/claims/evidence.ts';
import type { StudyDefinition } from '../../web/protocol/studies.ts';
import { load } from './support.ts';

/**
 * Checks the tests hold the engine to that decide no claim: controls, theory, and what was found on the way. Named one by
 * one, so that a new check is either given to a claim or left out on purpose.
 */
const ASIDES: readonly CheckRef[] = [
  'E1/unbiased',
  'E1b/pairs',
  'E2/zero-gamma-weights',
  'E2/devices-merge',
  'E2/devices-average',
  'E3/learns-in-the-end',
  'E5/layer-norm-large',
  'E8/bn-linear',
  'E8b/bn-agrees-less',
  'E8d/linear-theory',
  'E8d/small-batches-worse',
  'E9/layer-norm',
  'E12c/range-unmoved',
  'E13/low-lr-no-gain',
  'E14c/relu-stuck',
  'E14c/relu-leaves',
  'E16/norm-steeper',
  'E16/norm-large',
  'E16b/small-learn-more',
  'E17/two-beats-one',
  'E17/back-and-forth',
  'E18/gn-behind',
  'E18b/renorm-idle',
  'E21b/fixed-hurt',
  'E23b/recalibrated',
  'E24/recalibration',
  'E26/others-lose',
  'E27/no-decay-grows',
  'E27/growth-by-squares',
  'E27/decay-shrinks',
  'E27/other-length',
  'E27/gamma-decays',
  'E30/bn-weights-still',
  'E30/bn-learns',
  'E31/none-fails',
  'E31/hidden-helps',
  'E31/hidden-stuck',
  'E31/standardised',
  'E31/input',
  'E32/one-pass-wrong',
  'E32/one-pass-negative',
  'E32/one-pass-near-zero',
  'E32/welford-loses',
  'E32/corrected',
  'E32b/small-shrunk',
  'E32b/large-eps-shrinks',
  'E32b/constant-amplified',
  'E33/layer-norm-earlier',
  'E33/bn-later',
  'E34/two-values',
  'E34/one-minus-one-over-m',
  'E34/large-batch',
  'E35/shallow-gains-less',
];

describe('what decides the claims', () => {
  let checks: Map<string, string>;
  const used = new Set<string>(
    CLAIMS.flatMap((claim) => [...evidenceOf(claim).for, ...evidenceOf(claim).against]),
  );

  beforeAll(async () => {
    const engine = await load('simd', 'studies');
    const studies = JSON.parse(engine.call('study_list', {}).studies) as StudyDefinition[];
    checks = new Map(
      studies.flatMap(({ id, checks }) => checks.map(({ name, kind }) => [`${id}/${name}`, kind] as const)),
    );
  });

  it('exists in the engine, check by check', () => {
    expect([...used, ...ASIDES].filter((ref) => !checks.has(ref))).toEqual([]);
  });

  it('leaves out no check that is held to, but on purpose', () => {
    const held = [...checks].filter(([, kind]) => kind !== 'open').map(([ref]) => ref);
    const asides = new Set<string>(ASIDES);
    expect(held.filter((ref) => !used.has(ref) && !asides.has(ref))).toEqual([]);
    expect(ASIDES.filter((ref) => used.has(ref))).toEqual([]);
  });

  it('is something for every claim, or a reason why there is nothing', () => {
    for (const claim of CLAIMS) {
      const { for: supporting, against, none } = evidenceOf(claim);
      const all = [...supporting, ...against];
      expect(`${claim.id} ${all.length > 0}`).toBe(`${claim.id} ${none === undefined}`);
      expect(new Set(all).size).toBe(all.length);
    }
  });

  it('has both sides where the literature says “with conditions”', () => {
    for (const claim of CLAIMS.filter(({ literature }) => literature === 'conditional')) {
      const { for: supporting, against, none } = evidenceOf(claim);
      expect(`${claim.id} ${none !== undefined || (supporting.length > 0 && against.length > 0)}`).toBe(
        `${claim.id} true`,
      );
    }
  });
});
