import type { LabWatch } from './lab-session.ts';

type Map = NonNullable<LabWatch['map']>;

/**
 * Where a map's predictions are made. Two features: the middles of resolution × resolution cells, row by row, the first row
 * at the lower end of the second feature. One feature: evenly from one end of the range to the other, both included.
 */
export function gridPoints({ resolution, range }: Map, features: 1 | 2): Float64Array {
  const [x0, x1, y0, y1] = range;
  const last = Math.max(1, resolution - 1);
  if (features === 1) return Float64Array.from({ length: resolution }, (_, i) => x0 + (i / last) * (x1 - x0));
  const middle = (from: number, to: number, cell: number) => from + ((cell + 0.5) / resolution) * (to - from);
  const points = new Float64Array(2 * resolution * resolution);
  for (let row = 0, at = 0; row < resolution; row++) {
    for (let column = 0; column < resolution; column++) {
      points[at++] = middle(x0, x1, column);
      points[at++] = middle(y0, y1, row);
    }
  }
  return points;
}
