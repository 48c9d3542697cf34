import { dsvFormat } from 'd3-dsv';
import {
  CSV_LIMITS,
  type CsvChoice,
  type CsvColumn,
  type CsvExamples,
  type CsvProblem,
  type CsvSeparator,
  type CsvTable,
} from '../protocol/csv.ts';
import { tensor } from '../protocol/tensor.ts';

/** A table that cannot be used, with a sentence for whoever brought it. */
export class CsvError extends Error {}

/** By its first rows a table is judged; enough of them even where each has hundreds of cells. */
const SAMPLE = 1_000_000;
const PREVIEW_ROWS = 8;
const SEPARATORS: readonly CsvSeparator[] = [',', ';', '\t'];
const LABEL_NAMES =
  /^(label|labels|class|classes|target|y|species|category|diagnosis|outcome|quality|digit)$/i;
/** A column of whole numbers with no more different ones than this is taken for classes. */
const FEW = 20;

/** Bytes of a file as text: UTF-8, or UTF-16 where a mark says so, or else the Windows encoding spreadsheets write. */
export function decode(bytes: ArrayBuffer): string {
  const [first, second] = new Uint8Array(bytes, 0, Math.min(2, bytes.byteLength));
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** What a table looks like. `header` overrules what the first row is taken for. */
export function lookAt(text: string, header?: boolean): CsvTable {
  const sample = beginning(text);
  if (sample.trim() === '') throw new CsvError('There is nothing in this table.');
  const [separator, rows] = SEPARATORS.map(
    (candidate) => [candidate, rowsOf(sample, candidate)] as const,
  ).reduce((best, next) => (fitness(...next) > fitness(...best) ? next : best));
  const first = rows[0] ?? [];
  if (first.length < 2)
    throw new CsvError(
      'Only one column was found. Expected two or more, separated by commas, semicolons or tabs.',
    );
  const decimal = decimalOf(rows, separator);
  const isNumber = (cell: string) => Number.isFinite(toNumber(cell, decimal));
  const below = rows.slice(1);
  const hasHeader = header ?? isHeader(first, below, isNumber);
  const body = hasHeader ? below : rows;
  if (body.length === 0) throw new CsvError('Below the names of the columns there are no rows.');
  const names = hasHeader ? unique(first.map((name) => name.trim())) : first.map((_, i) => `column ${i + 1}`);
  const columns = names.map((name, i) =>
    describe(
      name,
      body.map((row) => row[i] ?? ''),
      decimal,
    ),
  );
  return {
    separator,
    decimal,
    header: hasHeader,
    columns,
    preview: body.slice(0, PREVIEW_ROWS),
    label: guessLabel(columns, hasHeader, body),
  };
}

/** The whole table as examples. Rows with anything wrong are left out and told. */
export function readExamples(text: string, table: CsvTable, { label, target }: CsvChoice): CsvExamples {
  const { columns, decimal, separator } = table;
  const predicted = columns[label];
  if (!predicted) throw new CsvError(`There is no column ${label + 1}.`);
  const others = columns.map((_, i) => i).filter((i) => i !== label);
  const features = others.filter((i) => columns[i]!.numeric);
  if (features.length === 0)
    throw new CsvError(`No column besides “${predicted.name}” holds numbers to learn from.`);
  if (features.length > CSV_LIMITS.features)
    throw new CsvError(
      `There are ${features.length} columns of numbers; expected at most ${CSV_LIMITS.features}.`,
    );
  const capacity = Math.min(CSV_LIMITS.rows, linesIn(text));
  const x = new Float32Array(capacity * features.length);
  const values = new Float32Array(target === 'values' ? capacity : 0);
  const labels = new Int32Array(target === 'classes' ? capacity : 0);
  const classes = new Map<string, number>();
  const problems: CsvProblem[] = [];
  let [count, problemCount, badRows, rowsBeyond] = [0, 0, 0, 0];

  const readRow = (cells: readonly string[], row: number) => {
    const before = problemCount;
    const report = (problem: string, column?: number) => {
      problemCount++;
      if (problems.length >= CSV_LIMITS.problems) return;
      problems.push({ row, ...(column !== undefined && { column: columns[column]!.name }), problem });
    };
    const number = (column: number) => {
      const value = toNumber(cells[column]!, decimal);
      if (Number.isNaN(value)) report(notANumber(cells[column]!), column);
      else if (!Number.isFinite(Math.fround(value))) report(`${quoted(cells[column]!)} is too large`, column);
      return value;
    };
    if (cells.length !== columns.length) {
      report(wrongLength(cells, columns.length));
    } else {
      features.forEach((column, i) => {
        x[count * features.length + i] = number(column);
      });
      if (target === 'values') values[count] = number(label);
      else if (cells[label]!.trim() === '') report('there is no class', label);
    }
    if (problemCount > before) {
      badRows++;
      return;
    }
    // Only rows that stay make classes.
    if (target === 'classes') labels[count] = numberOf(classes, cells[label]!.trim());
    count++;
  };

  let row = 0;
  dsvFormat(separator).parseRows(withoutMark(text), (cells) => {
    row++;
    if ((row === 1 && table.header) || isEmpty(cells)) return null;
    if (count + badRows >= CSV_LIMITS.rows) rowsBeyond++;
    else readRow(cells, row);
    return null;
  });

  if (count === 0) throw new CsvError(`No row could be read. ${hopeless(problems, separator)}`);
  if (target === 'classes' && (classes.size < 2 || classes.size > CSV_LIMITS.classes))
    throw new CsvError(
      `Column “${predicted.name}” holds ${classes.size === 1 ? 'one class' : `${classes.size} different values`}; expected 2 to ${CSV_LIMITS.classes} classes.`,
    );
  const order = inOrder([...classes.keys()]);
  const index = new Map(order.map((name, i) => [classes.get(name), i]));
  return {
    x: tensor(x.length === count * features.length ? x : x.slice(0, count * features.length), [
      count,
      features.length,
    ]),
    y:
      target === 'values'
        ? tensor(values.slice(0, count), [count, 1])
        : labels.slice(0, count).map((first) => index.get(first)!),
    names: features.map((i) => columns[i]!.name),
    classes: order,
    leftOut: others.filter((i) => !columns[i]!.numeric).map((i) => columns[i]!.name),
    problems,
    problemCount,
    badRows,
    rowsBeyond,
  };
}

/** Up to the last whole line that fits. */
function beginning(text: string): string {
  const start = withoutMark(text.slice(0, SAMPLE + 1));
  if (text.length <= SAMPLE) return start;
  const end = start.lastIndexOf('\n');
  return end > 0 ? start.slice(0, end) : start;
}

/** Without the byte order mark. */
const withoutMark = (text: string) => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);

const isEmpty = (cells: readonly string[]) => cells.every((cell) => cell.trim() === '');

const rowsOf = (text: string, separator: CsvSeparator) =>
  dsvFormat(separator)
    .parseRows(text)
    .filter((cells) => !isEmpty(cells));

/** How well a separator explains the rows: as many cells in each, and numbers in them. */
function fitness(separator: CsvSeparator, rows: readonly string[][]): number {
  const width = rows[0]?.length ?? 0;
  if (width < 2) return -1;
  const even = rows.filter((cells) => cells.length === width).length / rows.length;
  const cells = rows.flat();
  const decimal = separator === ',' ? '.' : ',';
  const numbers = cells.filter(
    (cell) => !Number.isNaN(toNumber(cell, '.')) || !Number.isNaN(toNumber(cell, decimal)),
  );
  return 2 * even + numbers.length / cells.length;
}

function decimalOf(rows: readonly string[][], separator: CsvSeparator): '.' | ',' {
  if (separator === ',') return '.';
  let balance = 0;
  for (const cell of rows.flat()) {
    if (/^\s*[-+]?\d*,\d+(e[-+]?\d+)?\s*$/i.test(cell)) balance++;
    else if (cell.includes('.') && !Number.isNaN(toNumber(cell, '.'))) balance--;
  }
  return balance > 0 ? ',' : '.';
}

/** NaN where the text is no number. */
function toNumber(cell: string, decimal: '.' | ','): number {
  const text = decimal === ',' ? cell.trim().replace(',', '.') : cell.trim();
  // JavaScript also reads nothing as 0, and 0x10 as 16.
  if (text === '' || (text.charCodeAt(1) > 0x60 && /^0[xbo]/.test(text)) || /^[-+]?Infinity$/.test(text))
    return NaN;
  return Number(text);
}

/** Names, where a column of numbers does not begin with one; in a table without numbers, what does not come again. */
function isHeader(
  first: readonly string[],
  below: readonly string[][],
  isNumber: (cell: string) => boolean,
): boolean {
  if (below.length === 0 || first.some((cell) => isNumber(cell))) return false;
  const numeric = first.some((_, i) =>
    mostly(
      below.map((row) => row[i] ?? ''),
      isNumber,
    ),
  );
  return numeric || first.every((name, i) => below.every((row) => row[i] !== name));
}

/** Whether most of the cells that are not empty are so. */
function mostly(cells: readonly string[], are: (cell: string) => boolean): boolean {
  const filled = cells.filter((cell) => cell.trim() !== '');
  return filled.length > 0 && 2 * filled.filter(are).length > filled.length;
}

function describe(name: string, cells: readonly string[], decimal: '.' | ','): CsvColumn {
  const numeric = mostly(cells, (cell) => !Number.isNaN(toNumber(cell, decimal)));
  const many = new Set(cells).size > FEW;
  const whole = cells.every((cell) => cell.trim() === '' || Number.isInteger(toNumber(cell, decimal)));
  return { name, numeric, target: numeric && (many || !whole) ? 'values' : 'classes' };
}

/**
 * The column with a telling name; else the last. Without names, the first where that looks like classes and the last does
 * not, as in many an old file.
 */
function guessLabel(columns: readonly CsvColumn[], header: boolean, body: readonly string[][]): number {
  const last = columns.length - 1;
  if (header) {
    const named = columns.findIndex(({ name }) => LABEL_NAMES.test(name));
    return named >= 0 ? named : last;
  }
  const isConstant = (column: number) => body.every((row) => row[column] === body[0]?.[column]);
  const isClasses = (column: number) => columns[column]!.target === 'classes' && !isConstant(column);
  const only = columns.slice(1).every(({ target }) => target === 'values');
  return isClasses(0) && (only || isConstant(last)) ? 0 : last;
}

/** Names that can be told apart. */
function unique(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.map((name, i) => {
    const own = name === '' || seen.has(name) ? `${name || 'column'} ${i + 1}` : name;
    seen.add(own);
    return own;
  });
}

/** At least as many as there are lines. */
function linesIn(text: string): number {
  let lines = 1;
  for (const end of ['\n', '\r'])
    for (let at = text.indexOf(end); at >= 0; at = text.indexOf(end, at + 1)) lines++;
  return lines;
}

function numberOf(classes: Map<string, number>, name: string): number {
  const known = classes.get(name);
  if (known !== undefined) return known;
  classes.set(name, classes.size);
  return classes.size - 1;
}

/** Numbers by size, other names by their letters. */
function inOrder(names: string[]): string[] {
  const numbers = names.every((name) => !Number.isNaN(toNumber(name, '.')));
  return numbers ? names.toSorted((a, b) => Number(a) - Number(b)) : names.toSorted();
}

function quoted(cell: string): string {
  const text = cell.trim();
  return `“${text.length > 20 ? `${text.slice(0, 20)}…` : text}”`;
}

const notANumber = (cell: string) =>
  cell.trim() === '' ? 'the cell is empty' : `${quoted(cell)} is not a number`;

function wrongLength(cells: readonly string[], expected: number): string {
  const open = cells.some((cell) => cell.includes('\n') && cell.length > 200);
  const hint = open ? '; a quotation mark in it may not be closed' : '';
  return `${cells.length} cells instead of ${expected}${hint}`;
}

function hopeless(problems: readonly CsvProblem[], separator: CsvSeparator): string {
  const [first] = problems;
  if (!first) return 'The table has no rows.';
  const where = first.column === undefined ? '' : `, column “${first.column}”`;
  const hint =
    separator === ',' && first.column === undefined
      ? ' Numbers with decimal commas need semicolons or tabs between the columns.'
      : '';
  return `The first problem: row ${first.row}${where}: ${first.problem}.${hint}`;
}
