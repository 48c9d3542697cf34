/**
 * Studies as the page knows them: definitions and verdicts, which the engine writes as JSON (src/experiments/describe.cpp),
 * and the setting a reader chooses, with its text in links and attributes.
 */
import { namesIn } from './names.ts';

export interface StudyKnob {
  name: string;
  label: string;
  /** Unless changed. */
  value: number;
  min: number;
  max: number;
  whole: boolean;
  scale: 'linear' | 'log';
  /** Value in the fast version, where it differs. */
  fast?: number;
  unit: string;
}

export interface StudyAxis {
  name: string;
  label: string;
  points: readonly number[];
  min: number;
  max: number;
  whole: boolean;
  scale: 'linear' | 'log';
  /** Points of the fast version; empty where they are the same. */
  fast: readonly number[];
}

export interface StudyArm {
  name: string;
  label: string;
}

/** `share`: 0.25 is 25 %. `points`: a difference of shares, 0.25 is 25 points. `times`: a factor. */
export type StudyFormat = 'number' | 'share' | 'points' | 'times';

export interface StudyMetric {
  name: string;
  label: string;
  format: StudyFormat;
  /** What guessing would give. */
  chance?: number;
  scale: 'linear' | 'log';
}

export interface StudyCheck {
  /** Unique in the study. */
  name: string;
  statement: string;
  /** What number of each seed it is about. */
  quantity: string;
  /** `exact`: follows from algebra. `robust`: the tests hold the engine to it. `open`: shown, for the reader to decide. */
  kind: 'exact' | 'robust' | 'open';
  /** Whether the interval is of the mean, of the geometric mean, of a share of seeds, or from least to greatest. */
  statistic: 'mean' | 'ratio' | 'share' | 'every';
  format: StudyFormat;
  /** What the interval must lie within; absent where there is no such end. */
  low?: number;
  high?: number;
}

export interface StudyDefinition {
  /** "E28" */
  id: string;
  /** "frozen-norm" */
  name: string;
  title: string;
  question: string;
  method: string;
  source: string;
  knobs: readonly StudyKnob[];
  /** null: there is one point, and it has no name. */
  axis: StudyAxis | null;
  arms: readonly StudyArm[];
  metrics: readonly StudyMetric[];
  checks: readonly StudyCheck[];
  /** How many by default. */
  seeds: number;
  fast_seeds: number;
  /** Has one arm, and a metric "milliseconds" that is taken by whoever runs it, point by point. */
  timed: boolean;
}

export type StudyDecision = 'holds' | 'fails' | 'unsettled' | 'not_measured';

export interface StudyVerdict {
  check: string;
  decision: StudyDecision;
  /** That measured it. */
  seeds: number;
  mean: number;
  /** The 95 % interval; null of a single seed. */
  low: number | null;
  high: number | null;
  least: number;
  greatest: number;
  sentence: string;
}

/** What a reader has chosen: only what differs from the definition. */
export interface StudySetting {
  knobs: Readonly<Record<string, number>>;
  points?: readonly number[];
}

/** What one seed gave. */
export interface StudyRecord {
  seed: number;
  /** (metrics, arms, points), row-major; NaN where nothing was measured. */
  values: Float64Array;
  /** One for each check; NaN where nothing was measured. */
  numbers: Float64Array;
}

export const AS_DEFINED: StudySetting = { knobs: {} };
export const MOST_POINTS = 32;
/** So many seeds are run in one go at most. */
export const MOST_SEEDS = 1000;

export function pointsOf(study: StudyDefinition, setting: StudySetting): readonly number[] {
  return setting.points ?? study.axis?.points ?? [0];
}

export function knobOf(knob: StudyKnob, setting: StudySetting): number {
  return setting.knobs[knob.name] ?? knob.value;
}

/** One value out of a record; NaN where nothing was measured. */
export function valueOf(
  study: StudyDefinition,
  setting: StudySetting,
  record: StudyRecord,
  [metric, arm, point]: readonly [metric: number, arm: number, point: number],
): number {
  const points = pointsOf(study, setting).length;
  return record.values[(metric * study.arms.length + arm) * points + point]!;
}

/** Whether two settings come to the same. */
export function sameSetting(study: StudyDefinition, a: StudySetting, b: StudySetting): boolean {
  return (
    study.knobs.every((knob) => knobOf(knob, a) === knobOf(knob, b)) &&
    pointsOf(study, a).join() === pointsOf(study, b).join()
  );
}

/** "lr=0.5,steps=100;points=1,2": what differs from the definition; nothing does in the empty text. */
export function formatSetting(study: StudyDefinition, setting: StudySetting): string {
  const knobs = study.knobs
    .filter((knob) => knobOf(knob, setting) !== knob.value)
    .map((knob) => `${knob.name}=${knobOf(knob, setting)}`);
  const points = pointsOf(study, setting);
  const moved = study.axis && points.join() !== study.axis.points.join();
  return [knobs.join(), ...(moved ? [`points=${points.join()}`] : [])].filter(Boolean).join(';');
}

/** Reads what `formatSetting` wrote, or anything else; throws a RangeError that says what was expected. */
export function parseSetting(study: StudyDefinition, text: string): StudySetting {
  if (text.length > 2000) throw new RangeError('Settings of at most 2000 characters were expected.');
  // Not an object yet: a name may be one that every object has.
  const knobs = new Map<string, number>();
  let points: number[] | undefined;
  for (const part of text.split(';').filter(Boolean)) {
    if (part.startsWith('points=')) {
      points = part.slice('points='.length).split(',').map(readNumber);
      continue;
    }
    for (const assignment of part.split(',')) {
      const [name = '', value = ''] = assignment.split('=', 2);
      knobs.set(name, readNumber(value));
    }
  }
  const setting = { knobs: Object.fromEntries(knobs), ...(points && { points }) };
  checkSetting(study, setting);
  return setting;
}

/** Reads names of a study's checks or metrics, with commas between; throws a RangeError that says which of them it has not. */
export function parseNames(
  study: StudyDefinition,
  what: 'checks' | 'metrics',
  text: string,
): readonly string[] {
  const names = namesIn(text);
  const known = study[what].map(({ name }) => name);
  const stranger = names.find((name) => !known.includes(name));
  if (stranger !== undefined)
    throw new RangeError(
      `${study.id} has no ${what.slice(0, -1)} “${stranger.slice(0, 40)}”; it has ${known.join(', ')}.`,
    );
  return [...new Set(names)];
}

/** Throws a RangeError that names what is wrong with a setting. */
export function checkSetting(study: StudyDefinition, { knobs, points }: StudySetting): void {
  for (const [name, value] of Object.entries(knobs)) {
    const knob = study.knobs.find((knob) => knob.name === name);
    if (!knob) {
      const names = study.knobs.map((knob) => knob.name).join(', ');
      throw new RangeError(`${study.id} has no setting “${name.slice(0, 40)}”; it has ${names}.`);
    }
    checkNumber(knob, value);
  }
  if (!points) return;
  if (!study.axis) throw new RangeError(`${study.id} has no points to choose.`);
  if (points.length < 1 || points.length > MOST_POINTS)
    throw new RangeError(
      `${study.axis.label}: 1 to ${MOST_POINTS} values were expected, not ${points.length}.`,
    );
  for (const point of points) checkNumber(study.axis, point);
}

interface Range {
  label: string;
  min: number;
  max: number;
  whole: boolean;
}

function checkNumber({ label, min, max, whole }: Range, value: number): void {
  if (value >= min && value <= max && (!whole || Number.isInteger(value))) return;
  const kind = whole ? 'a whole number' : 'a number';
  throw new RangeError(`${label}: ${kind} from ${min} to ${max} was expected, not ${value}.`);
}

function readNumber(text: string): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (!Number.isFinite(value)) throw new RangeError(`A number was expected, not “${text.slice(0, 40)}”.`);
  return value;
}
