import type { Study } from './definition.ts';

/** The studies there are, each loaded when it is asked for; `<bn-study name="…">` says which. */
export const STUDIES: Readonly<Record<string, () => Promise<{ study: Study }>>> = {
  'gradient-noise': () => import('./studies/gradient-noise.ts'),
  'double-well': () => import('./studies/double-well.ts'),
  'fixed-batches': () => import('./studies/fixed-batches.ts'),
  throughput: () => import('./studies/throughput.ts'),
  'ema-lag': () => import('./studies/ema-lag.ts'),
  'batch-mates': () => import('./studies/batch-mates.ts'),
  leakage: () => import('./studies/leakage.ts'),
  'domain-shift': () => import('./studies/domain-shift.ts'),
  'frozen-norm': () => import('./studies/frozen-norm.ts'),
};
