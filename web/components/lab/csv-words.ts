import { grouped } from '../../protocol/decimal.ts';
import { CSV_LIMITS, type CsvExamples, type CsvProblem, type CsvTable } from '../../protocol/csv.ts';
import type { LabExamples } from '../../protocol/lab.ts';

/** Columns of a preview: enough to recognise the table by, and the predicted one. */
const MAX_COLUMNS = 8;

export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** How a table was read, in a sentence. */
export function tableWords({ separator, decimal, columns }: CsvTable): string {
  const by = { ',': 'commas', ';': 'semicolons', '\t': 'tabs' }[separator];
  const comma = decimal === ',' ? ', numbers with decimal commas' : '';
  return `${countOf(columns.length, 'column')} separated by ${by}${comma}`;
}

/** What the examples are, in a sentence. */
export function examplesWords({ x, names, classes }: CsvExamples): string {
  const [count = 0] = x.shape;
  const few = classes.length <= 10 ? `: ${classes.join(', ')}` : '';
  const targets =
    classes.length > 0 ? `${countOf(classes.length, 'class', 'classes')}${few}` : 'a number to predict';
  return `${countOf(count, 'example')} of ${countOf(names.length, 'feature')}; ${targets}.`;
}

/** Of numbers to predict: steps at a usual learning rate are too long for errors in the hundreds. */
export const VALUES_STAY =
  'The numbers to predict are taken as they are. Where they go far beyond ±1, a small learning rate or gradient clipping keeps training from diverging.';

/** What was left out besides bad rows, in sentences. */
export function leftOutWords({ leftOut, rowsBeyond }: CsvExamples): string[] {
  const sentences: string[] = [];
  if (leftOut.length > 0) {
    const names = leftOut.slice(0, 5).map((name) => `“${name}”`);
    const more = leftOut.length > 5 ? ` and ${leftOut.length - 5} more` : '';
    sentences.push(
      `${names.join(', ')}${more} ${leftOut.length === 1 ? 'holds' : 'hold'} text, not numbers, and ${leftOut.length === 1 ? 'is' : 'are'} no feature.`,
    );
  }
  if (rowsBeyond > 0)
    sentences.push(
      `Only the first ${grouped(CSV_LIMITS.rows)} rows are taken; ${grouped(rowsBeyond)} more were not read.`,
    );
  return sentences;
}

export function problemWords({ row, column, problem }: CsvProblem): string {
  return `Row ${grouped(row)}${column === undefined ? '' : `, column “${column}”`}: ${problem}`;
}

/** Which columns a preview shows: the first ones, and the predicted one wherever it stands. */
export function previewColumns({ columns }: CsvTable, label: number): number[] {
  const all = columns.map((_, i) => i);
  if (all.length <= MAX_COLUMNS) return all;
  return [...all.filter((i) => i !== label).slice(0, MAX_COLUMNS - 1), label].toSorted((a, b) => a - b);
}

/** As the Lab wants them. */
export function toLabExamples({ x, y, names, classes }: CsvExamples, name: string): LabExamples {
  return { x, y, classes: classes.length, name, inputNames: names, classNames: classes };
}
