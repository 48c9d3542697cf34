import type { Tensor } from './tensor.ts';

/** What a learner's own table may hold at most. */
export const CSV_LIMITS = { bytes: 200e6, rows: 50_000, features: 784, classes: 1000, problems: 20 } as const;

export type CsvSeparator = ',' | ';' | '\t';
/** What is predicted: one of the values there are, or a number. */
export type CsvTarget = 'classes' | 'values';

export interface CsvColumn {
  name: string;
  /** Whether most of its cells are numbers; only such columns are features. */
  numeric: boolean;
  /** What it would be if it were predicted. */
  target: CsvTarget;
}

/** What a table looks like by its first rows, and what it is taken for unless someone says otherwise. */
export interface CsvTable {
  separator: CsvSeparator;
  /** Numbers are written 1.5 or 1,5. */
  decimal: '.' | ',';
  /** Whether the first row holds the columns' names. */
  header: boolean;
  columns: readonly CsvColumn[];
  /** The first rows below the header, as they stand. */
  preview: readonly (readonly string[])[];
  /** The column that is probably to be predicted. */
  label: number;
}

export interface CsvChoice {
  /** Which column is predicted. */
  label: number;
  target: CsvTarget;
}

/** What is wrong in one place. Rows are counted as a spreadsheet does, the header included. */
export interface CsvProblem {
  row: number;
  /** A column's name; none where the whole row is meant. */
  column?: string;
  problem: string;
}

export interface CsvExamples {
  /** (N, features). */
  x: Tensor<Float32Array<ArrayBuffer>>;
  /** Class indices (N), or values (N, 1). */
  y: Int32Array<ArrayBuffer> | Tensor<Float32Array<ArrayBuffer>>;
  /** The features' names. */
  names: readonly string[];
  /** The classes' names, in the order of their indices; none where values are predicted. */
  classes: readonly string[];
  /** Columns without numbers, which are no features. */
  leftOut: readonly string[];
  /** The first things wrong; a row with anything wrong is left out. */
  problems: readonly CsvProblem[];
  problemCount: number;
  badRows: number;
  /** Rows beyond the limit, which were not read. */
  rowsBeyond: number;
}

/** Page → worker. A table is kept until the next is opened. */
export type CsvRequest =
  | { kind: 'open'; id: number; source: Blob | string }
  /** The open table again, with the first row taken as names or not. */
  | { kind: 'look'; id: number; header: boolean }
  | { kind: 'read'; id: number; choice: CsvChoice };

/** Worker → page. */
export type CsvReply =
  | { kind: 'table'; id: number; table: CsvTable }
  | { kind: 'examples'; id: number; examples: CsvExamples }
  /** Why not, as a sentence. */
  | { kind: 'failed'; id: number; message: string };
