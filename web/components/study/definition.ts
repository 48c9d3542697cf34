import type { Timed } from '../../protocol/messages.ts';
import type { ArgsOf, ResultOf, StudyName } from '../../protocol/operations.ts';
import type { PropertyList, ValuesOf } from '../../protocol/properties.ts';
import type { StudyOutcome } from './outcome.ts';
import type { Answer } from './verdict.ts';

/**
 * A measured experiment of a chapter as `<bn-study>` runs and draws it: what is asked of the engine for each seed, where the
 * results go, and what they say. A definition computes nothing a reader could take for a result, but summaries over seeds.
 */
export interface Study<K extends StudyName = StudyName, L extends PropertyList = PropertyList> {
  title: string;
  /** The statement that is put to the test, as a sentence. */
  claim: string;
  operation: K;
  /** What the reader can change. */
  knobs: L;
  /** How many seeds there are at first, 2 to 30. */
  seeds: number;
  /** How a run with another seed is called, where it is not a seed; “repetition” for one. */
  unit?: string;
  /** One call after another, because what counts is the time they take. */
  alone?: boolean;
  /** The calls of one seed, which is added to each. */
  calls(knobs: ValuesOf<L>): readonly Omit<ArgsOf<K>, 'seed'>[];
  /** What one call measured; `call` counts within the seed. NaN is no value. */
  measure(answer: Timed<ResultOf<K>>, call: number, knobs: ValuesOf<L>): readonly Measurement[];
  chart(knobs: ValuesOf<L>): StudyChart;
  /** What came out, in words, once all seeds have run. */
  conclude(outcome: StudyOutcome, knobs: ValuesOf<L>): StudyConclusion;
}

export interface Measurement {
  /** The key of a series of the chart, or of one that only the conclusion looks at. */
  series: string;
  /** Counts along the chart's horizontal axis. */
  condition: number;
  value: number;
}

export interface StudyConclusion {
  /** Whether the claim holds for what has run: computed, never typed in. */
  holds: Answer;
  /** What came out, with its numbers. */
  sentence: string;
  /** Which answer of the question came true, counted from 1; undefined: none can be said to. */
  option?: number;
}

export interface StudyChart {
  x: {
    label: string;
    /** What the conditions are called below the axis and in the table. */
    names: readonly string[];
    /** Where they lie on a logarithmic axis; left out: side by side. */
    at?: readonly number[];
  };
  y: {
    label: string;
    log?: boolean;
    /** Ends of a linear axis that stay whatever came out. */
    min?: number;
    max?: number;
    format(value: number): string;
  };
  series: readonly StudySeries[];
  /** Values to compare with, such as chance. */
  guides?: readonly { name: string; at: number }[];
  /** Joins what belongs to one seed across the series of a condition. */
  paired?: boolean;
}

export interface StudySeries {
  key: string;
  name: string;
  /** A token that keeps its meaning: 'training-line', 'inference', 'grad', …; 'accent' and 'text-muted' mean nothing. */
  colour: string;
}

/** Infers the types of a definition from its operation and knobs, and forgets them for those who run any study. */
export function defineStudy<K extends StudyName, const L extends PropertyList>(study: Study<K, L>): Study {
  return study as unknown as Study;
}
