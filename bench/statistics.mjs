/** The middle value, or the mean of the two in the middle. */
export function median(values) {
  if (values.length === 0) throw new Error('the median of no values');
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function spread(values) {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/**
 * How many times `a` is `b`. Both are one value per round, and a round's values were taken within seconds of each other:
 * dividing round by round keeps out what slowed the whole machine for a while.
 */
export function ratio(a, b) {
  if (a.length !== b.length) throw new Error(`${a.length} rounds against ${b.length}`);
  return spread(a.map((value, round) => value / b[round]));
}
