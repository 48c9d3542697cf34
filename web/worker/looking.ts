/** Looks a second that a reader needs to follow a run, */
const NEEDED = 4;
/** and the share of the time they may take to get there. */
const MOST = 0.2;

/**
 * How long to train after a look that took `cost` milliseconds: looking takes `share` of the time. On networks so slow that
 * this would be less than four looks a second, it takes more, but never more than a fifth.
 */
export function restAfter(cost: number, share: number): number {
  return Math.min(cost / share, Math.max(1000 / NEEDED, cost / MOST));
}
