import type { Claim } from './claim.ts';

/** A check of a study: “E4/high-lr”. */
export type CheckRef = `E${string}/${string}`;

/** What decides a claim. */
export interface Evidence {
  /** Checks that are true where the claim is. */
  for: readonly CheckRef[];
  /** Checks that are true where it is not: of the opposite regime. */
  against: readonly CheckRef[];
  /** Why there is nothing to run, where there is nothing. */
  none?: string;
}

const NOTHING: Evidence = { for: [], against: [] };

const EVIDENCE: Readonly<Record<Claim['id'], Evidence>> = {
  C1: {
    for: ['E15/scale-recovered', 'E15/center-recovered', 'E15/full-batch'],
    against: ['E15/noise-remains', 'E15/noise-small-batch'],
  },
  C3: {
    for: ['E1b/mean-zero', 'E1b/spread-one', 'E1b/spread-formula'],
    against: ['E1b/output-has-gamma-beta', 'E1b/inference-differs', 'E1b/small-feature'],
  },
  C7: { for: ['E2/scale-output'], against: ['E2/negative-flips', 'E2/negative-changes', 'E2/eps-changes'] },
  C8: { for: ['E2/scale-error'], against: ['E2/scale-gradient'] },
  C12: { for: ['E2/bias-gradient', 'E2/bias-output', 'E2/beta-moves'], against: [] },
  C14: { for: [], against: ['E2/mirror', 'E2/mirror-gradient', 'E14/relu-negative', 'E14/sigmoid-negative'] },
  C17: { for: ['E8c/no-explosion', 'E8c/no-vanishing'], against: ['E8/bn-relu', 'E8c/own-explosion'] },
  C18: { for: ['E1/changes-output'], against: [] },
  C36: { for: ['E4/high-lr', 'E4/higher-ceiling'], against: [] },
  C37: { for: ['E4/best-each'], against: ['E4/low-lr-no-gain', 'E4b/no-gain'] },
  C65: { for: ['E1/output'], against: ['E1/rounding-slip'] },
};

export function evidenceOf({ id }: Claim): Evidence {
  return EVIDENCE[id] ?? NOTHING;
}

/** E4 and high-lr of “E4/high-lr”. */
export function partsOf(ref: CheckRef): { study: string; check: string } {
  const at = ref.indexOf('/');
  return { study: ref.slice(0, at), check: ref.slice(at + 1) };
}

/** The studies a claim takes, each once, in the order they are named. */
export function studiesOf(claim: Claim): readonly string[] {
  const evidence = evidenceOf(claim);
  return [...new Set([...evidence.for, ...evidence.against].map((ref) => partsOf(ref).study))];
}
