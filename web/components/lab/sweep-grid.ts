import {
  type ArmName,
  armProperties,
  type LabShared,
  sharedProperties,
} from '../../protocol/lab-properties.ts';
import type { ListProperty, NumberProperty, Parsed } from '../../protocol/properties.ts';
import { isRelevant } from '../../protocol/lab-relevance.ts';
import { armOf, type LabValue } from '../../protocol/lab.ts';
import { formatNumber } from '../format-number.ts';
import { type Measure, type Outcome, finalOf, hasDiverged, type Run } from './many-runs.ts';
import { readListField } from './number-text.ts';
import { SLIDERS } from './sections.ts';
import { mean } from './summary.ts';

/** A sweep: two settings of the Lab, each with the values it takes, and what came out for each pair. */

export type SweepName = keyof LabShared | ArmName;

export interface Axis {
  name: SweepName;
  values: readonly number[];
}

const properties = { ...sharedProperties, ...armProperties };

/** Seeds are averaged over, not swept. */
export const SWEEP_NAMES = (Object.keys(properties) as SweepName[]).filter(
  (name) => properties[name].kind === 'number' && !name.startsWith('seed_'),
);

export const MAX_VALUES = 12;

export function propertyOf(name: SweepName): NumberProperty {
  return properties[name] as NumberProperty;
}

/** Settings that do something in one of the arms as they are. */
export function sweepNames(value: LabValue): readonly SweepName[] {
  const arms = [armOf(value, 0), ...(value.compare ? [armOf(value, 1)] : [])];
  return SWEEP_NAMES.filter((name) => arms.some((arm) => isRelevant(name, value, arm)));
}

/** Six values over the part of the range worth sliding through. */
export function defaultValues(name: SweepName): readonly number[] {
  if (name === 'lr') return [0.01, 0.03, 0.1, 0.3, 1, 3];
  if (name === 'batch') return [2, 4, 8, 16, 32, 64];
  const { min, max, log }: { min: number; max: number; log?: number } = SLIDERS[name] ?? propertyOf(name);
  const { whole, step } = propertyOf(name);
  const values = Array.from({ length: 6 }, (_, i) => {
    const value = log === undefined ? min + ((max - min) * i) / 5 : min * (max / min) ** (i / 5);
    if (whole) return Math.round(value);
    return log === undefined
      ? Number((Math.round(value / step) * step).toPrecision(6))
      : Number(value.toPrecision(1));
  });
  return [...new Set(values)];
}

/** Reads the values a person typed; in ascending order, each once. */
export function readValues(name: SweepName, text: string): Parsed<readonly number[]> {
  const { min, max, whole, label } = propertyOf(name);
  const property: ListProperty = {
    kind: 'list',
    label,
    default: [],
    min,
    max,
    maxLength: MAX_VALUES,
    ...(whole && { whole }),
  };
  const read = readListField(property, text);
  return read.problem === undefined ? { value: [...new Set(read.value)].toSorted((a, b) => a - b) } : read;
}

/** The experiment with these settings, the same in both arms. */
export function valueAt(value: LabValue, settings: readonly (readonly [SweepName, number])[]): LabValue {
  const names = settings.map(([name]) => name as string);
  return {
    ...value,
    ...Object.fromEntries(settings),
    b: Object.fromEntries(Object.entries(value.b).filter(([name]) => !names.includes(name))),
  };
}

export interface Plan {
  value: LabValue;
  across: Axis;
  down: Axis;
  seeds: number;
  steps: number;
  /** What an accuracy by chance is 1 over; 0 where values are predicted. */
  classes: number;
}

export const armsOf = ({ value }: Plan): number => (value.compare ? 2 : 1);
export const cellsOf = ({ across, down }: Plan): number => across.values.length * down.values.length;

export function cellValue(plan: Plan, cell: number): LabValue {
  return valueAt(plan.value, settingsOf(plan, cell));
}

export function settingsOf({ across, down }: Plan, cell: number): readonly (readonly [SweepName, number])[] {
  const columns = across.values.length;
  return [
    [across.name, across.values[cell % columns]!],
    [down.name, down.values[Math.floor(cell / columns)]!],
  ];
}

export function describeCell(plan: Plan, cell: number): string {
  return settingsOf(plan, cell)
    .map(([name, value]) => `${propertyOf(name).label} ${formatNumber(value)}`)
    .join(', ');
}

/** Seed by seed, so that a first picture of the whole is there early. */
export function runsOf(plan: Plan): readonly (Run & { cell: number })[] {
  return Array.from({ length: plan.seeds }, (_, seed) =>
    Array.from({ length: cellsOf(plan) }, (_, cell) =>
      Array.from({ length: armsOf(plan) }, (_, arm) => ({ cell, seed, arm, value: cellValue(plan, cell) })),
    ),
  ).flat(2);
}

/** What came out for one cell of one arm so far. */
export interface Cell {
  /** Mean over the seeds that are done; NaN while there is none, or where the run was refused. */
  value: number;
  done: number;
  diverged: number;
  problem: string | undefined;
}

export function cellOf(outcomes: readonly Outcome[], measure: Measure, classes: number): Cell {
  const refused = outcomes.find((outcome) => 'problem' in outcome);
  return {
    value: outcomes.length === 0 ? NaN : mean(outcomes.map((outcome) => finalOf(outcome, measure, classes))),
    done: outcomes.length,
    diverged: outcomes.filter(hasDiverged).length,
    problem: refused && 'problem' in refused ? refused.problem : undefined,
  };
}

/** Of the cells with a finite value, the best: the largest accuracy or the smallest loss; the first of several. */
export function bestCell(cells: readonly Cell[], { quantity }: Measure): number | undefined {
  let best: number | undefined;
  cells.forEach(({ value }, index) => {
    if (!Number.isFinite(value)) return;
    const before = best === undefined ? NaN : cells[best]!.value;
    if (!(quantity === 'loss' ? value >= before : value <= before)) best = index;
  });
  return best;
}

/** How far A is ahead of B: by how much more accuracy, or less loss. */
export function lead(a: number, b: number, { quantity }: Measure): number {
  return quantity === 'loss' ? b - a : a - b;
}
