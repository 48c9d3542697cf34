import { beforeAll, describe, expect, it } from 'vitest';
import { CLAIMS } from '../../web/claims/claims.ts';
import { type CheckRef, evidenceOf } from '../../web/claims/evidence.ts';
import type { StudyDefinition } from '../../web/protocol/studies.ts';
import { load } from './support.ts';

/**
 * Checks the tests hold the engine to that decide no claim: controls, theory, and what was found on the way. Named one by
 * one, so that a new check is either given to a claim or left out on purpose.
 */
const ASIDES: readonly CheckRef[] = [];

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
