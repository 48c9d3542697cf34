import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHash } from '../../../web/protocol/hash.ts';
import { CLAIM_KEY, claimHash, parseClaim, seedsOf, UNCHANGED } from '../../../web/claims/link.ts';
import type { ClaimSetting } from '../../../web/protocol/claim-setting.ts';

const setting: fc.Arbitrary<ClaimSetting> = fc.record(
  {
    studies: fc.dictionary(
      fc.integer({ min: 1, max: 36 }).map((number) => `E${number}`),
      fc.constantFrom('lr=0.5', 'lr=0.5,steps=100;points=1,2', 'points=0.01,1e-7'),
      { maxKeys: 3 },
    ),
    firstSeed: fc.integer({ min: 0, max: 1_000_000 }),
    seeds: fc.integer({ min: 2, max: 1000 }),
  },
  { requiredKeys: ['studies', 'firstSeed'] },
);

describe('a link to a claim', () => {
  it('is its place on the page while nothing has been changed', () => {
    expect(claimHash('C7')).toBe('#C7');
  });

  it('says what has been changed, and nothing else', () => {
    expect(claimHash('C7', { studies: { E2: 'a=3' }, seeds: 20, firstSeed: 5 })).toBe(
      '#claim=C7~seeds:20~first:5~E2:a=3',
    );
  });

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(setting, (value) => {
        const hash = claimHash('C12', value);
        if (hash === '#C12') return;
        expect(parseClaim(readHash(hash, CLAIM_KEY)!)).toEqual({ id: 'C12', setting: value });
      }),
    );
  });

  it.each([
    ['7', 'A claim such as C7 was expected, not “7”.'],
    ['C7~seeds:1', 'Seeds: a whole number from 2 to 1000 was expected, not “1”.'],
    ['C7~first:-1', 'First seed: a whole number from 0 to 1000000 was expected, not “-1”.'],
    ['C7~lr=2', '“lr=2” is not a setting of an experiment.'],
    [`C7~${'x'.repeat(4000)}`, 'The link has more than 4000 characters.'],
  ])('%.20s is refused with a sentence', (text, sentence) => {
    expect(() => parseClaim(text)).toThrow(new RangeError(sentence));
  });

  it('never fails but with a sentence, whatever it holds', () => {
    const outcome = (text: string): unknown => {
      try {
        return parseClaim(text).id;
      } catch (error) {
        return error;
      }
    };
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `C7~${text}`),
        ),
        (text) => {
          const result = outcome(text);
          expect(result instanceof RangeError || typeof result === 'string').toBe(true);
        },
      ),
    );
  });
});

describe('the seeds of a claim', () => {
  it('are as many as the study has by default, from 0', () => {
    expect(seedsOf(UNCHANGED, 3)).toEqual([0, 1, 2]);
    expect(seedsOf({ studies: {}, seeds: 2, firstSeed: 100 }, 3)).toEqual([100, 101]);
  });
});
