/** A point of a chart. */
export interface Place {
  x: number;
  y: number;
}

/** Which of the points, in the order of x, is nearest to x, by halving; −1 if there is none. */
export function nearestPlace(points: readonly Place[], x: number): number {
  let [low, high] = [0, points.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle] as Place).x < x) low = middle + 1;
    else high = middle;
  }
  const [before, at] = [points[low - 1], points[low]];
  if (!at) return -1;
  return before && x - before.x < at.x - x ? low - 1 : low;
}
