/**
 * The questions of a chapter's self-check, the same before reading and after: what was learned in between shows in the
 * difference. Those after may be more (`chapterChecks`).
 */
const BEFORE: Readonly<Record<number, readonly string[]>> = {
  1: ['outputs', 'two-values', 'decorrelate'],
  2: ['why-affine', 'negative-gamma', 'scaled-weights'],
  3: ['three-ways', 'why-mini-batch', 'same-batches'],
  4: ['training-statistics', 'keras-momentum', 'bad-inference'],
  5: ['fifty-layers', 'where-it-helps', 'initial-weights'],
  6: ['gradient-shift', 'noisy-inputs', 'other-norms'],
  7: ['around-nonlinearity', 'weight-decay', 'dropout-before'],
  8: ['one-class', 'which-descent', 'two-values'],
};

/** What there is besides, once the chapter has been read. */
const AFTER: Readonly<Record<number, readonly string[]>> = {
  1: ['per-feature', 'xhat', 'output'],
  2: ['bias', 'weight-gradient'],
  3: [],
  4: ['running-mean', 'inference-output'],
  5: [],
  6: ['chain-step'],
  7: ['where-in-network', 'good-practice'],
  8: [],
};

/** When a self-check is made. */
export const STAGES = ['before', 'after'] as const;
export type Stage = (typeof STAGES)[number];

/** Names of the questions, for `questions` of a quiz. */
export function checkQuestions(chapter: number, stage: Stage): readonly string[] {
  const before = BEFORE[chapter] ?? [];
  return stage === 'before' ? before : [...before, ...(AFTER[chapter] ?? [])];
}
