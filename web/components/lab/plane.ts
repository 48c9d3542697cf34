import type { MapExamples, MapRange } from '../../charts/map-painter.ts';
import type { LabOpened } from '../../protocol/lab-session.ts';
import type { Tensor } from '../../protocol/tensor.ts';

/** The part of the features' space that is drawn: all examples, and some room around them. */
const ROOM = 0.1;

export function rangeOf({ train, test }: LabOpened): MapRange {
  const sets = [train.x, ...(test ? [test.x] : [])];
  const [x0, x1] = spread(sets, 0);
  const [y0, y1] = (train.x.shape[1] ?? 1) > 1 ? spread(sets, 1) : [0, 1];
  return [x0, x1, y0, y1];
}

function spread(sets: readonly Tensor<Float32Array>[], feature: number): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const { data, shape } of sets) {
    for (let at = feature; at < data.length; at += shape[1] ?? 1) {
      low = Math.min(low, data[at] as number);
      high = Math.max(high, data[at] as number);
    }
  }
  // One value only, or none: a range around it all the same.
  if (!(high > low)) [low, high] = Number.isFinite(low) ? [low - 1, low + 1] : [-1, 1];
  const room = ROOM * (high - low);
  return [low - room, high + room];
}

/** The examples that have classes, for drawing. */
export function markedExamples(
  { train, test }: LabOpened,
  shown: { train: boolean; test: boolean },
): MapExamples[] {
  return [
    ...(shown.test && test ? [{ x: test.x, classes: classesOf(test), test: true }] : []),
    ...(shown.train ? [{ x: train.x, classes: classesOf(train), test: false }] : []),
  ];
}

export function classesOf({ y }: LabOpened['train']): Int32Array {
  return y.data instanceof Int32Array ? y.data : new Int32Array(0);
}

/** Where the members of a batch lie, as far as the page has them. */
export function placesOf({ x }: LabOpened['train'], members: ArrayLike<number>): [number, number][] {
  return Array.from(members)
    .filter((member) => member < (x.shape[0] ?? 0))
    .map((member) => [x.data[2 * member] as number, x.data[2 * member + 1] as number]);
}
