import type { StudyCheck, StudyDecision } from '../protocol/studies.ts';

/** What the experiments say of a claim. Computed from what ran, never typed in. */
export const BADGES = {
  exact: 'exact',
  robust: 'robust',
  depends: 'depends',
  fails: 'does not reproduce here',
  unsettled: 'not settled',
  pending: 'not run yet',
  none: 'no experiment',
} as const;

export type Badge = keyof typeof BADGES;

/** What each badge means, in a sentence. */
export const MEANINGS: Readonly<Record<Badge, string>> = {
  exact: 'Every check holds in every seed, up to rounding: it follows from algebra.',
  robust: 'Every check that speaks for it holds over the seeds, and none that speaks against it does.',
  depends: 'Some checks speak for it and some against it: it is true under conditions.',
  fails: 'No check that speaks for it holds, and at least one speaks against it.',
  unsettled: 'The interval of at least one check lies on both sides of its limit; more seeds would tell.',
  pending: 'Its experiments have not run yet with these settings.',
  none: 'There is nothing to run: the claim says why.',
};

/** A check that ran. */
export interface JudgedCheck {
  kind: StudyCheck['kind'];
  decision: StudyDecision;
}

/** Of each check that bears on a claim; undefined where it has not run. */
export type Judged = readonly (JudgedCheck | undefined)[];

/**
 * The badge of a claim whose checks `supporting` are true where the claim is, and whose checks `opposing` are true where it is
 * not. A check that fails speaks for the other side, so that a knob that is moved far enough turns the badge.
 */
export function badgeOf(supporting: Judged, opposing: Judged): Badge {
  const all = [...supporting, ...opposing];
  if (all.length === 0) return 'none';
  if (all.includes(undefined)) return 'pending';
  const holding = supporting.filter((check) => check?.decision === 'holds');
  const against =
    supporting.some((check) => check?.decision === 'fails') ||
    opposing.some((check) => check?.decision === 'holds');
  if (against) return holding.length > 0 ? 'depends' : 'fails';
  const open = all.some((check) => check?.decision === 'unsettled' || check?.decision === 'not_measured');
  if (open || holding.length === 0) return 'unsettled';
  return holding.every((check) => check?.kind === 'exact') ? 'exact' : 'robust';
}
