import type { Interval } from '../lab/summary.ts';

/** Whether a claim holds for the runs there are: 'unclear' where their interval does not settle it. */
export type Answer = 'yes' | 'no' | 'unclear';

/** Whether the mean lies above `limit`: settled only where its whole interval lies on one side. */
export function isAbove({ from, to }: Interval, limit: number): Answer {
  if (from === undefined || to === undefined) return 'unclear';
  // Equal values leave no doubt on which side of the limit, or on it, they are.
  if (from === to) return from > limit ? 'yes' : 'no';
  if (from > limit) return 'yes';
  return to < limit ? 'no' : 'unclear';
}

/** Whether the mean lies from `min` to `max`. */
export function isWithin({ from, to }: Interval, min: number, max: number): Answer {
  if (from === undefined || to === undefined) return 'unclear';
  if (from >= min && to <= max) return 'yes';
  return to < min || from > max ? 'no' : 'unclear';
}

/** Whether all hold: one that does not is enough for a no. */
export function allOf(...answers: readonly Answer[]): Answer {
  if (answers.includes('no')) return 'no';
  return answers.includes('unclear') ? 'unclear' : 'yes';
}

/** “0.62 (0.58 to 0.66)”: the mean and the 95 % interval of it. */
export function spoken({ mean, from, to }: Interval, format: (value: number) => string): string {
  if (Number.isNaN(mean)) return 'nothing';
  if (from === undefined || to === undefined || from === to) return format(mean);
  return `${format(mean)} (${format(from)} to ${format(to)})`;
}

export const ANSWERS: Readonly<Record<Answer, string>> = {
  yes: 'Yes, with these settings.',
  no: 'No, not with these settings.',
  unclear: 'These runs do not settle it.',
};
