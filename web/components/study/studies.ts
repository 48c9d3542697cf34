import type { Study } from './definition.ts';

/** The studies there are, each loaded when it is asked for; `<bn-study name="…">` says which. */
export const STUDIES: Readonly<Record<string, () => Promise<{ study: Study }>>> = {
  'gradient-noise': () => import('./studies/gradient-noise.ts'),
  'double-well': () => import('./studies/double-well.ts'),
  'fixed-batches': () => import('./studies/fixed-batches.ts'),
  throughput: () => import('./studies/throughput.ts'),
};
