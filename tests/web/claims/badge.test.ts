import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Badge, badgeOf, type JudgedCheck } from '../../../web/claims/badge.ts';

const check = (kind: JudgedCheck['kind'], decision: JudgedCheck['decision']): JudgedCheck => ({
  kind,
  decision,
});
const holds = check('robust', 'holds');
const fails = check('robust', 'fails');
const unsettled = check('robust', 'unsettled');
const exact = check('exact', 'holds');

const cases: [
  name: string,
  supporting: (JudgedCheck | undefined)[],
  opposing: (JudgedCheck | undefined)[],
  Badge,
][] = [
  ['a claim without checks has no experiment', [], [], 'none'],
  ['one whose checks did not all run waits', [holds, undefined], [], 'pending'],
  ['one that needs an opposite regime waits for it too', [holds], [undefined], 'pending'],
  ['algebra that holds in every seed is exact', [exact, exact], [], 'exact'],
  ['one measured check among exact ones makes it robust', [exact, holds], [], 'robust'],
  ['an open check that holds counts as measured', [check('open', 'holds')], [], 'robust'],
  ['both regimes shown: it depends', [holds], [holds], 'depends'],
  ['half of what it says fails: it depends', [holds, fails], [], 'depends'],
  ['only what is against it holds', [fails], [exact], 'fails'],
  ['a false claim has nothing for it', [], [exact], 'fails'],
  ['what was to be shown fails', [fails], [], 'fails'],
  ['the only check leaves it open', [unsettled], [], 'unsettled'],
  ['one check of two leaves it open', [holds, unsettled], [], 'unsettled'],
  ['whether the other regime exists is open', [holds], [unsettled], 'unsettled'],
  ['what was not measured tells nothing', [check('robust', 'not_measured')], [], 'unsettled'],
  ['what is against a false claim fails too: nothing speaks for it yet', [], [fails], 'unsettled'],
  ['a knob was moved until the opposite regime is gone', [holds], [fails], 'robust'],
  ['for it nothing is settled, but against it something is', [unsettled], [holds], 'fails'],
];

describe('the badge of a claim', () => {
  it.each(cases)('%s', (_, supporting, opposing, badge) => {
    expect(badgeOf(supporting, opposing)).toBe(badge);
  });

  const checks = fc.array(
    fc.record({
      kind: fc.constantFrom('exact', 'robust', 'open'),
      decision: fc.constantFrom('holds', 'fails', 'unsettled', 'not_measured'),
    }) as fc.Arbitrary<JudgedCheck>,
    { maxLength: 4 },
  );

  it('does not hang on the order of the checks', () => {
    fc.assert(
      fc.property(checks, checks, (supporting, opposing) => {
        expect(badgeOf(supporting.toReversed(), opposing.toReversed())).toBe(badgeOf(supporting, opposing));
      }),
    );
  });

  it('says exact or robust only where every check for it holds and none against it does', () => {
    fc.assert(
      fc.property(checks, checks, (supporting, opposing) => {
        const badge = badgeOf(supporting, opposing);
        fc.pre(badge === 'exact' || badge === 'robust');
        expect(supporting.length).toBeGreaterThan(0);
        expect(supporting.every(({ decision }) => decision === 'holds')).toBe(true);
        expect(opposing.every(({ decision }) => decision === 'fails')).toBe(true);
        expect(badge === 'exact').toBe(supporting.every(({ kind }) => kind === 'exact'));
      }),
    );
  });

  it('turns over with its sides: what makes a claim robust makes its opposite fail', () => {
    const settled = checks.filter(
      (list) => list.length > 0 && list.every(({ decision }) => decision === 'holds' || decision === 'fails'),
    );
    fc.assert(
      fc.property(settled, settled, (supporting, opposing) => {
        fc.pre(badgeOf(supporting, opposing) === 'robust');
        expect(badgeOf(opposing, supporting)).toBe('fails');
      }),
    );
  });

  it('is settled only by checks that are: with unsettled ones alone it is not', () => {
    const open = checks.map((list) => list.map((one) => ({ ...one, decision: 'unsettled' as const })));
    fc.assert(
      fc.property(open, open, (supporting, opposing) => {
        expect(['none', 'unsettled']).toContain(badgeOf(supporting, opposing));
      }),
    );
  });
});
