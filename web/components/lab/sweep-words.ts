import { betweenNumbers } from '../../protocol/decimal.ts';
import { formatFixed, numberToInput } from '../format-number.ts';
import type { Measure } from './many-runs.ts';
import {
  armsOf,
  bestCell,
  type Cell,
  cellsOf,
  describeCell,
  lead,
  type Plan,
  propertyOf,
} from './sweep-grid.ts';
import { armName, formatRough } from './words.ts';

/** In a cell: per cent without the sign, or a loss. */
export function formatScore(value: number, { quantity }: Measure): string {
  return quantity === 'accuracy' ? formatFixed(value * 100, 0) : formatRough(value);
}

/** The difference of two, whose sign is always told. */
export function formatLead(value: number, measure: Measure): string {
  const text = formatScore(value, measure);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/** In a sentence: to one decimal more, and with its unit. */
function sayScore(value: number, { quantity }: Measure): string {
  return quantity === 'accuracy' ? `${formatFixed(value * 100, 1)} %` : formatRough(value);
}

function sayLead(value: number, { quantity }: Measure): string {
  const text = quantity === 'accuracy' ? `${formatFixed(value * 100, 1)} points` : formatRough(value);
  return value > 0 ? `+${text}` : text;
}

/** What the sweep says, in sentences: each arm's best cell, and where which arm is ahead. `cells` holds those of each arm. */
export function sweepConclusion(plan: Plan, cells: readonly (readonly Cell[])[], measure: Measure): string {
  const sentences = cells.map((own, arm) => {
    const best = bestCell(own, measure);
    const name = armsOf(plan) > 1 ? `${armName(arm)} is best` : 'The best is';
    return best === undefined
      ? `${armName(arm)} has no cell that trained.`
      : `${name}${armsOf(plan) > 1 ? ' with' : ''} ${measure.quantity} ${sayScore(own[best]!.value, measure)} at ${describeCell(plan, best)}.`;
  });
  const [a, b] = cells;
  if (a && b) sentences.push(...comparison(plan, a, b, measure));
  const diverged = cells.map((own) => own.filter((cell) => cell.diverged > 0).length);
  if (diverged.some((count) => count > 0)) {
    sentences.push(
      `Training diverged in ${diverged.map((count, arm) => `${count} of ${cellsOf(plan)} cells of ${armName(arm)}`).join(' and ')}.`,
    );
  }
  return sentences.join(' ');
}

function comparison(plan: Plan, a: readonly Cell[], b: readonly Cell[], measure: Measure): string[] {
  const leads = a.map(({ value }, cell) => lead(value, b[cell]!.value, measure));
  const known = leads.filter((value) => !Number.isNaN(value));
  if (known.length === 0) return [];
  // What the cells show as 0 is not ahead.
  const ahead = known.filter((value) => value >= 0.005).length;
  const behind = known.filter((value) => value <= -0.005).length;
  const most = leads.reduce(
    (best, value, cell) =>
      Number.isFinite(value) && !(Math.abs(value) <= Math.abs(leads[best] ?? 0)) ? cell : best,
    -1,
  );
  const where =
    most < 0 ? '' : `, farthest apart at ${describeCell(plan, most)} (${sayLead(leads[most]!, measure)})`;
  return [`A is ahead in ${ahead} of ${known.length} cells, B in ${behind}${where}.`];
}

export function describeAxis(plan: Plan, axis: 'across' | 'down'): string {
  return propertyOf(plan[axis].name).label;
}

export function cellText(
  plan: Plan,
  cell: number,
  shown: string,
  { diverged, done, problem }: Pick<Cell, 'diverged' | 'done' | 'problem'>,
): string {
  const where = describeCell(plan, cell);
  if (problem !== undefined) return `${where}: refused, ${problem}`;
  return `${where}: ${shown}${diverged > 0 ? `, ${diverged} of ${done} runs diverged` : ''}`;
}

export const numbersText = (values: readonly number[]): string =>
  values.map(numberToInput).join(betweenNumbers());
