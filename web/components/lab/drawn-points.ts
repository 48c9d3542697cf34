import { betweenNumbers, splitNumbers, withDecimal } from '../../protocol/decimal.ts';
import type { LabExamples } from '../../protocol/lab.ts';
import type { Parsed } from '../../protocol/properties.ts';
import { tensor } from '../../protocol/tensor.ts';
import { numberToInput } from '../format-number.ts';

/** A point someone placed; its class counts from 0. */
export interface DrawnPoint {
  readonly x: number;
  readonly y: number;
  readonly label: number;
}

/** The pad reaches this far from its middle on every side. */
export const PAD_REACH = 1.2;
export const MAX_POINTS = 1000;
export const DRAWN_CLASSES = 4;
/** Far more than the points take. */
const MAX_TEXT = 60_000;
const MAX_REPORTED = 3;

/** A place on the pad, as exact as the text of the points. */
export function onPad(value: number): number {
  // Adding 0 makes −0 what it looks like.
  return Math.round(Math.max(-PAD_REACH, Math.min(PAD_REACH, value)) * 1000) / 1000 + 0;
}

/** One point per line: x, y and the class, which people count from 1. */
export function pointsText(points: readonly DrawnPoint[]): string {
  return points
    .map(({ x, y, label }) => [x, y, label + 1].map((one) => withDecimal(String(one))).join(betweenNumbers()))
    .join('\n');
}

export function readPoints(text: string): Parsed<DrawnPoint[]> {
  if (text.length > MAX_TEXT)
    return { problem: `The text is too long; expected at most ${MAX_POINTS} lines.` };
  const lines = text.split(/\r\n|\r|\n/).map((line, i) => ({
    cells: splitNumbers(line.replaceAll('−', '-')),
    number: i + 1,
  }));
  const filled = lines.filter(({ cells }) => cells.length > 0);
  if (filled.length > MAX_POINTS)
    return { problem: `There are ${filled.length} points; expected at most ${MAX_POINTS}.` };
  const problems: string[] = [];
  const value = filled.map(({ cells, number }) => {
    const [x = NaN, y = NaN, name = NaN] = cells.map(Number);
    const good =
      cells.length === 3 &&
      Math.abs(x) <= PAD_REACH &&
      Math.abs(y) <= PAD_REACH &&
      Number.isInteger(name) &&
      name >= 1 &&
      name <= DRAWN_CLASSES;
    if (!good) problems.push(`line ${number} is “${cells.join(betweenNumbers()).slice(0, 40)}”`);
    return { x: onPad(x), y: onPad(y), label: name - 1 };
  });
  if (problems.length === 0) return { value };
  const more = problems.length > MAX_REPORTED ? `, and ${problems.length - MAX_REPORTED} more` : '';
  return {
    problem: `Nothing was changed: ${problems.slice(0, MAX_REPORTED).join('; ')}${more}. Expected x and y from ${numberToInput(-PAD_REACH)} to ${numberToInput(PAD_REACH)} and a class from 1 to ${DRAWN_CLASSES}, as in ${[0.5, -0.25, 2].map(numberToInput).join(betweenNumbers())}.`,
  };
}

/** The index of the point nearest to a place, no farther than `within`; −1 if there is none. */
export function nearestPoint(points: readonly DrawnPoint[], x: number, y: number, within: number): number {
  let best = -1;
  let least = within;
  points.forEach((point, i) => {
    const distance = Math.hypot(point.x - x, point.y - y);
    if (distance > least) return;
    least = distance;
    best = i;
  });
  return best;
}

/** The classes that have points. */
export function classesOf(points: readonly DrawnPoint[]): number[] {
  return [...new Set(points.map(({ label }) => label))].toSorted((a, b) => a - b);
}

/** As the Lab wants them: classes without points leave no gap. */
export function drawnExamples(points: readonly DrawnPoint[]): LabExamples {
  const classes = classesOf(points);
  return {
    x: tensor(Float32Array.from(points.flatMap(({ x, y }) => [x, y])), [points.length, 2]),
    y: Int32Array.from(points, ({ label }) => classes.indexOf(label)),
    classes: classes.length,
    name: 'drawn points',
    classNames: classes.map((label) => `class ${label + 1}`),
  };
}
