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
    for: ['E15/scale-recovered', 'E15/center-recovered', 'E15/full-batch', 'E15/inference-restored'],
    against: ['E15/noise-remains', 'E15/noise-small-batch'],
  },
  C2: { for: ['E15/scale-recovered', 'E15/center-recovered'], against: ['E15b/all-weights-move'] },
  C3: {
    for: ['E1b/mean-zero', 'E1b/spread-one'],
    against: [
      'E1b/spread-formula',
      'E1b/output-has-gamma-beta',
      'E1b/inference-differs',
      'E1b/small-feature',
    ],
  },
  C4: {
    for: ['E10/plain-shifts', 'E30/first-order-wrong', 'E33/plain-blows-up'],
    against: ['E33/small-rate-calm'],
  },
  C5: { for: [], against: ['E2b/shared-pair', 'E2b/statistics-differ'] },
  C6: {
    for: [],
    against: [
      'E2/affine-other-gradient',
      'E2/affine-other-batch',
      'E14b/ahead-at-large-lr',
      'E14b/no-better-than-none',
    ],
  },
  C7: { for: ['E2/scale-output'], against: ['E2/negative-flips', 'E2/negative-changes', 'E2/eps-changes'] },
  C8: { for: ['E2/scale-error'], against: ['E2/scale-gradient'] },
  C9: {
    for: ['E8c/no-explosion', 'E33/bn-holds'],
    against: ['E33/outputs-grow', 'E33/bn-blows-up', 'E4/too-high'],
  },
  C10: {
    for: ['E34b/sigmoid-straight', 'E34b/gamma-bends', 'E14/sigmoid-plain'],
    against: ['E34b/relu-bent', 'E14/relu-plain'],
  },
  C11: {
    for: ['E36/start-skewness', 'E36/start-kurtosis'],
    against: ['E36/training-skews', 'E36/narrow-skewed'],
  },
  C12: { for: ['E2/bias-gradient', 'E2/bias-output'], against: [] },
  C13: {
    for: ['E2/affine-same-map', 'E2/affine-other-gradient', 'E2/beta-moves', 'E14b/ahead-at-large-lr'],
    against: ['E2/affine-other-batch', 'E14b/no-gain-at-small-lr'],
  },
  C14: {
    for: [],
    against: [
      'E2/mirror',
      'E2/mirror-gradient',
      'E14/relu-negative',
      'E14/sigmoid-negative',
      'E14c/tanh-leaves',
      'E2/zero-gamma-gradient',
      'E14c/tanh-as-good',
    ],
  },
  C15: { for: [], against: ['E2b/own-pair', 'E2b/own-gradient', 'E14/gamma-per-unit'] },
  C16: { for: [], against: ['E2b/correlation', 'E2b/still-leans'] },
  C17: { for: ['E8c/no-explosion', 'E8c/no-vanishing'], against: ['E8/bn-relu', 'E8c/own-explosion'] },
  C18: { for: ['E1/changes-output'], against: [] },
  C19: { for: [], against: ['E1b/mean-zero', 'E1b/inference-differs', 'E20/four'] },
  C20: { for: ['E19/momentum'], against: [] },
  C21: { for: ['E18b/per-channel', 'E18b/not-per-place'], against: [] },
  C22: { for: ['E19/late'], against: ['E19/early', 'E19/only-late'] },
  C23: { for: [], against: [], none: 'it is a matter of names.' },
  C24: { for: ['E16/slope', 'E16/one-alone'], against: [] },
  C25: { for: ['E16b/faster'], against: [] },
  C26: { for: ['E16/slope', 'E16/one-alone'], against: [] },
  C27: { for: ['E17/two-escape', 'E17/full-stays'], against: ['E17/sixteen-stay'] },
  C28: {
    for: ['E18/none-flat', 'E18/bn-flexible'],
    against: ['E18/bn-loses', 'E18/one-example', 'E18/pairs'],
  },
  C29: { for: ['E7/every-layer', 'E7/first-only'], against: [] },
  C30: { for: ['E2b/own-statistics', 'E2b/own-pair', 'E2b/own-gradient', 'E2b/widths'], against: [] },
  C31: { for: ['E32b/guards', 'E32b/needed', 'E32b/usual-kept'], against: [] },
  C32: { for: [], against: [], none: 'it is about what a text says, which can be read there.' },
  C33: { for: ['E14/sigmoid-after'], against: ['E14/relu-after'] },
  C34: { for: ['E14/sigmoid-after-plain'], against: ['E14/relu-plain', 'E14/sigmoid-plain'] },
  C35: {
    for: ['E2/scale-output', 'E6/same-start', 'E5/forgives'],
    against: ['E6/step-by-square', 'E6/larger-slower', 'E8c/inverse-to-weights', 'E5/not-any-scale'],
  },
  C36: { for: ['E4/high-lr', 'E4/higher-ceiling', 'E4b/extreme-lr'], against: [] },
  C37: {
    for: ['E4/best-each', 'E35/deep-faster', 'E35/higher-rate', 'E35b/faster'],
    against: ['E4/low-lr-no-gain', 'E4b/no-gain', 'E4b/best-each-alike', 'E35/small-rate-no-gain'],
  },
  C38: {
    for: ['E21/noise-helps', 'E21/more-than-without', 'E21/control'],
    against: ['E21/behind-without-noise', 'E21/no-better'],
  },
  C39: { for: [], against: ['E20/inference-none', 'E34/mean-noise', 'E20/falls'] },
  C40: {
    for: ['E3/ahead', 'E3/stays', 'E3b/ahead', 'E7/every-layer', 'E8/sigmoid-vanishes', 'E8/bn-sigmoid'],
    against: [],
  },
  C41: {
    for: [
      'E5/forgives',
      'E5/plain-too-small',
      'E5/plain-too-large',
      'E5/plain-right-size',
      'E6/finds-its-step',
    ],
    against: ['E5/not-any-scale'],
  },
  C42: { for: ['E23b/many-heavy', 'E23b/many-light'], against: ['E23b/few-light', 'E23b/few-as-without'] },
  C43: { for: ['E29/tolerates'], against: ['E29/no-gain', 'E29/same-rate'] },
  C44: { for: ['E22/norm', 'E22/without'], against: [] },
  C45: {
    for: ['E30/first-order-wrong', 'E30/one-at-a-time'],
    against: ['E11/hardly-any-without', 'E11/bn-more'],
  },
  C46: { for: ['E11/small-lr-less', 'E11/small-lr-slow'], against: [] },
  C47: { for: ['E3/drift', 'E3/stays', 'E3b/drift'], against: ['E11/bn-more', 'E11b/bn-more'] },
  C48: {
    for: ['E10/noise-costs'],
    against: ['E10/near-bn', 'E11/bn-more', 'E11/bn-lower-loss', 'E11b/bn-lower-loss'],
  },
  C49: {
    for: [],
    against: ['E36b/skewness-kept', 'E36b/kurtosis-kept', 'E2b/correlation', 'E36/training-skews'],
  },
  C50: { for: [], against: ['E10/bn-steady', 'E10/plain-shifts'] },
  C51: { for: [], against: ['E10/noise-shifts', 'E10/near-bn', 'E11/bn-more', 'E11/bn-lower-loss'] },
  C52: {
    for: [
      'E4/high-lr',
      'E4/low-lr',
      'E35/higher-rate',
      'E35/small-rate-no-gain',
      'E33/plain-blows-up',
      'E33/bn-holds',
    ],
    against: ['E4b/raw-small-lr', 'E35b/small-rate-gain', 'E7/every-layer'],
  },
  C53: {
    for: [
      'E30/first-order-wrong',
      'E30/second-order-better',
      'E30/bn-exact',
      'E30/no-affine-exact',
      'E4/high-lr',
    ],
    against: ['E4/low-lr-no-gain'],
  },
  C54: { for: ['E30/as-by-hand', 'E30/remainder-quadratic'], against: [] },
  C55: {
    for: ['E15/scale-recovered', 'E15/center-recovered', 'E15/full-batch'],
    against: ['E15/noise-remains', 'E15/noise-small-batch'],
  },
  C56: {
    for: ['E11/bn-more', 'E11b/bn-more', 'E11c/early-slow-more'],
    against: ['E11c/late-slow-less', 'E11c/early-fast-less', 'E11c/late-fast-less'],
  },
  C57: {
    for: [
      'E11/hardly-any-without',
      'E11/same-direction-without',
      'E11b/hardly-any-without',
      'E11b/same-direction-without',
    ],
    against: [],
  },
  C58: {
    for: ['E10/high-lr-ahead', 'E10/near-bn', 'E10/noise-shifts', 'E10/noisier-than-plain'],
    against: ['E10/low-lr-behind', 'E10/noise-costs'],
  },
  C59: { for: ['E10/plain-stopped', 'E10/plain-cost'], against: ['E10/plain-goes-on'] },
  C60: {
    for: ['E12/late-range', 'E12/late-gradient', 'E12/late-beta', 'E2/gradient-shrinks', 'E2/gradient-size'],
    against: [
      'E12/early-range',
      'E12/early-beta',
      'E12b/beta-larger',
      'E12b/range-larger',
      'E12c/lipschitz-by-a',
    ],
  },
  C61: { for: ['E13/l1-equal', 'E13/l2-equal', 'E13/linf-equal', 'E13/ahead'], against: [] },
  C62: { for: [], against: ['E12c/lipschitz-by-a', 'E12c/beta-by-a-squared'] },
  C63: { for: [], against: ['E10/noise-costs', 'E10/low-lr-behind'] },
  C64: { for: ['E1b/mean-zero', 'E20/inference-none', 'E2/folding'], against: [] },
  C65: { for: ['E1/normalized', 'E1/output'], against: ['E1/rounding-slip'] },
  C66: { for: ['E1b/range', 'E1b/range-reached', 'E33/bn-holds'], against: [] },
  C67: {
    for: ['E24/one-class', 'E24/one-class-gn', 'E24/two-classes', 'E24/two-classes-gn', 'E24/fair'],
    against: [],
  },
  C68: { for: ['E18/bn-loses', 'E18/pairs'], against: ['E18b/mild', 'E18b/beside-gn'] },
  C69: {
    for: ['E1b/inference-differs', 'E20/four', 'E20/large-still', 'E25/training', 'E25/inference'],
    against: [],
  },
  C70: { for: ['E18/gn-ahead', 'E18/gn-flat', 'E18/ln-flat', 'E24/one-class-gn'], against: [] },
  C71: {
    for: ['E36b/bell-curve'],
    against: ['E36b/skewness-kept', 'E36b/kurtosis-kept', 'E36b/humps-stay', 'E36b/skew-stays'],
  },
  C72: {
    for: [
      'E8/bn-relu',
      'E8/bn-tanh',
      'E8/skips',
      'E8c/own-explosion',
      'E7b/fifty-fail',
      'E7b/deeper-is-worse',
      'E8/he-relu',
      'E8d/relu-theory',
      'E7b/skips-help',
    ],
    against: [],
  },
  C73: { for: ['E9/collapse', 'E9/no-collapse', 'E9/rank', 'E9/theory', 'E9/linear'], against: [] },
  C74: {
    for: [
      'E2/scale-output',
      'E2/radial',
      'E6/same-training',
      'E27/balance',
      'E27/balance-same-product',
      'E27/turn-without-decay',
      'E27/no-capacity-lost',
    ],
    against: [],
  },
  C75: { for: ['E23/heavy', 'E23/light', 'E23/grows', 'E23/first-layer', 'E23/without'], against: [] },
  C76: {
    for: ['E18/renorm-helps', 'E24/renorm-helps'],
    against: ['E18/renorm-no-cure', 'E24/renorm-no-cure'],
  },
  C77: { for: ['E21b/ghosts-help', 'E21b/shuffling'], against: [] },
  C78: { for: ['E19/early', 'E19/only-late'], against: ['E19/late'] },
  C79: { for: ['E25/training', 'E25/inference', 'E25/without', 'E25/own'], against: [] },
  C80: { for: ['E26/norm-loses', 'E26/recovered', 'E26/regained'], against: [] },
  C81: {
    for: ['E28/frozen-ahead', 'E28/training-spoils', 'E28/frozen-learns', 'E28/large-learns'],
    against: [],
  },
  C82: {
    for: ['E15b/learns', 'E15b/adds-to-last-layer'],
    against: ['E15b/last-layer-more', 'E15b/everything-far-more'],
  },
  C83: { for: ['E18/one-example'], against: ['E18b/one-example'] },
  C84: { for: ['E8b/input-independent'], against: ['E8b/first-layer-depends'] },
  C85: {
    for: ['E21d/theory', 'E21d/as-decay', 'E21c/decay-helps', 'E21d/smaller'],
    against: ['E21d/pairs', 'E21c/other-gamma', 'E21c/noise'],
  },
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
