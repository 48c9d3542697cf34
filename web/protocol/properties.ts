/**
 * A typed property list: one description of a value drives its validation, its text in a link, its form controls and
 * their help. Links and attributes are hostile input: keys are allow-listed, numbers finite and within their range,
 * lengths capped, and whatever does not fit is refused as a whole with one sentence that says what was expected.
 */
interface Described {
  label: string;
  help?: string;
  unit?: string;
  /** Of a training run: can change while it goes on. */
  live?: boolean;
}

export interface NumberProperty extends Described {
  kind: 'number';
  default: number;
  min: number;
  max: number;
  /** Whole numbers only. */
  whole?: boolean;
  /** What an arrow key adds; on a log scale, the powers of ten it multiplies by. */
  step: number;
  scale?: 'linear' | 'log';
}

export interface ChoiceProperty<T extends string = string> extends Described {
  kind: 'choice';
  default: T;
  choices: readonly T[];
  /** How the choices are called in a form and in sentences, where not by themselves. */
  names?: Readonly<Record<T, string>>;
}

/** `on` or `off`. */
export interface BooleanProperty extends Described {
  kind: 'boolean';
  default: boolean;
}

/** Words out of a set, in an order that counts; the empty text is none. */
export interface ChoicesProperty<T extends string = string> extends Described {
  kind: 'choices';
  default: readonly T[];
  choices: readonly T[];
  names?: Readonly<Record<T, string>>;
  maxLength: number;
  /** No word twice. */
  distinct?: boolean;
}

export interface TextProperty extends Described {
  kind: 'text';
  default: string;
  maxLength: number;
}

export interface ListProperty extends Described {
  kind: 'list';
  default: readonly number[];
  min: number;
  max: number;
  /** Whole numbers only. */
  whole?: boolean;
  maxLength: number;
  /** Whether the list may hold nothing, which the empty text says. */
  mayBeEmpty?: boolean;
}

export interface MatrixProperty extends Described {
  kind: 'matrix';
  default: Matrix;
  min: number;
  max: number;
  maxRows: number;
  maxColumns: number;
}

/** Rows of equal length; one row per example. */
export type Matrix = readonly (readonly number[])[];
export type Property =
  | NumberProperty
  | ChoiceProperty
  | BooleanProperty
  | ChoicesProperty
  | TextProperty
  | ListProperty
  | MatrixProperty;
export type PropertyList = Readonly<Record<string, Property>>;

export type ValueOf<P extends Property> =
  P extends ChoiceProperty<infer T>
    ? T
    : P extends NumberProperty
      ? number
      : P extends BooleanProperty
        ? boolean
        : P extends ChoicesProperty<infer T>
          ? readonly T[]
          : P extends TextProperty
            ? string
            : P extends ListProperty
              ? readonly number[]
              : Matrix;

export type ValuesOf<L extends PropertyList> = { readonly [K in keyof L]: ValueOf<L[K]> };

/** Either a value or a sentence fragment that says what is wrong with it. */
export type Parsed<T> = { value: T; problem?: undefined } | { value?: undefined; problem: string };

/** Longer texts are not even looked at; three matrices of 64 × 8 numbers in full are shorter. */
export const MAX_TEXT = 50_000;

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i;

/** A finite number in plain decimal or e-notation, and nothing else: no hexadecimal, no empty text, no −0. */
export function readNumber(text: string): number | undefined {
  const plain = text.trim();
  if (plain.length > 40 || !NUMBER.test(plain)) return undefined;
  const value = Number(plain);
  return Number.isFinite(value) ? value + 0 : undefined;
}

function quote(text: string): string {
  return `“${text.length > 24 ? `${text.slice(0, 24)}…` : text}”`;
}

/** 1 000 000 000 rather than ten digits in a row. */
function readable(value: number): string {
  return String(value)
    .replace('-', '−')
    .replace(/\d{5,}$/, (digits) => digits.replace(/\B(?=(\d{3})+$)/g, '\u202f'));
}

export function rangeText({ min, max }: { min: number; max: number }): string {
  return `from ${readable(min)} to ${readable(max)}`;
}

/** What is wrong with a number for this property, or undefined. */
export function numberProblem(
  property: { min: number; max: number; whole?: boolean },
  value: number,
): string | undefined {
  const kind = property.whole ? 'a whole number' : 'a number';
  if (!Number.isFinite(value) || value < property.min || value > property.max) {
    return `expected ${kind} ${rangeText(property)}, got ${String(value).replace('-', '−')}`;
  }
  if (property.whole && !Number.isInteger(value))
    return `expected ${kind} ${rangeText(property)}, got ${value}`;
  return undefined;
}

function parseOne(property: { min: number; max: number; whole?: boolean }, text: string): Parsed<number> {
  const value = readNumber(text);
  if (value === undefined) {
    return {
      problem: `expected ${property.whole ? 'a whole number' : 'a number'} ${rangeText(property)}, got ${quote(text)}`,
    };
  }
  const problem = numberProblem(property, value);
  return problem === undefined ? { value } : { problem };
}

function parseList(property: ListProperty, text: string): Parsed<readonly number[]> {
  if (property.mayBeEmpty && text.trim() === '') return { value: [] };
  const parts = text.split(',');
  if (parts.length > property.maxLength) {
    return { problem: `expected at most ${property.maxLength} numbers, got ${parts.length}` };
  }
  const values: number[] = [];
  for (const [index, part] of parts.entries()) {
    const one = parseOne(property, part);
    if (one.problem !== undefined) return { problem: `number ${index + 1}: ${one.problem}` };
    values.push(one.value);
  }
  return { value: values };
}

function parseChoice<T extends string>(choices: readonly T[], text: string): Parsed<T> {
  const value = choices.find((choice) => choice === text);
  return value === undefined
    ? { problem: `expected ${choices.join(' or ')}, got ${quote(text)}` }
    : { value };
}

function parseChoices(property: ChoicesProperty, text: string): Parsed<readonly string[]> {
  const words = text === '' ? [] : text.split(',');
  if (words.length > property.maxLength) {
    return { problem: `expected at most ${property.maxLength} words, got ${words.length}` };
  }
  for (const [at, word] of words.entries()) {
    const { problem } = parseChoice(property.choices, word);
    if (problem !== undefined) return { problem: `word ${at + 1}: ${problem}` };
    if (property.distinct && words.indexOf(word) < at) return { problem: `${word} is given twice` };
  }
  return { value: words };
}

/** Printable characters only: the text is shown, and no character may change how what stands around it is read. */
function parseText(property: TextProperty, text: string): Parsed<string> {
  if (text.length > property.maxLength)
    return { problem: `expected at most ${property.maxLength} characters, got ${text.length}` };
  if (text.includes(';')) return { problem: 'expected no semicolon, which ends an entry of a link' };
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(text))
    return { problem: 'expected plain characters, got a control character' };
  return { value: text };
}

/**
 * Rows are separated by semicolons, slashes or line breaks, numbers by commas. A text without any row separator is one
 * column, so that `2,4,6,8` is four examples of one feature; `2,4,6,8;` is one example of four features.
 */
function parseMatrix(property: MatrixProperty, text: string): Parsed<Matrix> {
  const lines = text.trim().split(/[;/\n]/);
  const isColumn = lines.length === 1;
  if (lines.length > 1 && lines.at(-1)?.trim() === '') lines.pop();
  const cells = isColumn
    ? (lines[0] ?? '').split(',').map((cell) => [cell])
    : lines.map((line) => line.split(','));
  const columns = cells[0]?.length ?? 0;
  if (cells.length > property.maxRows)
    return { problem: `expected at most ${property.maxRows} rows, got ${cells.length}` };
  if (columns > property.maxColumns)
    return { problem: `expected at most ${property.maxColumns} columns, got ${columns}` };
  const rows: number[][] = [];
  for (const [row, line] of cells.entries()) {
    if (line.length !== columns) {
      return {
        problem: `row ${row + 1}: expected ${columns} ${columns === 1 ? 'number' : 'numbers'} as in row 1, got ${line.length}`,
      };
    }
    const values: number[] = [];
    for (const [column, cell] of line.entries()) {
      const one = parseOne(property, cell);
      if (one.problem !== undefined)
        return { problem: `row ${row + 1}, column ${column + 1}: ${one.problem}` };
      values.push(one.value);
    }
    rows.push(values);
  }
  return { value: rows };
}

/** Reads a property's value from text: an attribute, or one entry of a link. */
export function parseProperty<P extends Property>(property: P, text: string): Parsed<ValueOf<P>>;
export function parseProperty(property: Property, text: string): Parsed<ValueOf<Property>> {
  if (text.length > MAX_TEXT)
    return { problem: `expected at most ${MAX_TEXT} characters, got ${text.length}` };
  switch (property.kind) {
    case 'number':
      return parseOne(property, text);
    case 'list':
      return parseList(property, text);
    case 'matrix':
      return parseMatrix(property, text);
    case 'choice':
      return parseChoice(property.choices, text);
    case 'boolean': {
      const { value, problem } = parseChoice(['on', 'off'], text);
      return value === undefined ? { problem } : { value: value === 'on' };
    }
    case 'choices':
      return parseChoices(property, text);
    case 'text':
      return parseText(property, text);
  }
}

export function formatMatrix(rows: Matrix): string {
  if (rows.every((row) => row.length === 1)) return rows.map((row) => String(row[0])).join(',');
  return rows.map((row) => row.join(',')).join('/') + (rows.length === 1 ? '/' : '');
}

/** The text that `parseProperty` reads back as the same value. */
export function formatProperty(property: Property, value: ValueOf<Property>): string {
  if (property.kind === 'boolean') return value === true ? 'on' : 'off';
  return property.kind === 'matrix' ? formatMatrix(value as Matrix) : String(value);
}

export function defaultsOf<L extends PropertyList>(list: L): ValuesOf<L> {
  return Object.fromEntries(
    Object.entries(list).map(([name, property]) => [name, property.default]),
  ) as ValuesOf<L>;
}

/** `version;name=value;name=value`, with only the entries given. */
export function encodeProperties<L extends PropertyList>(
  list: L,
  version: number,
  values: Partial<ValuesOf<L>>,
): string {
  const parts = [String(version)];
  for (const name of Object.keys(list)) {
    const value = values[name];
    const property = list[name];
    if (value !== undefined && property !== undefined)
      parts.push(`${name}=${formatProperty(property, value)}`);
  }
  return parts.join(';');
}

/**
 * Reads what `encodeProperties` wrote; entries that are absent stay absent. Semicolons inside a value are not possible:
 * matrices in links separate their rows by slashes.
 */
export function decodeProperties<L extends PropertyList>(
  list: L,
  version: number,
  text: string,
): Parsed<Partial<ValuesOf<L>>> {
  if (text.length > MAX_TEXT) return { problem: `it has ${text.length} characters, more than ${MAX_TEXT}` };
  const [head, ...entries] = text.split(';');
  if (head !== String(version)) {
    return { problem: `it is of version ${quote(head ?? '')}; this page reads version ${version}` };
  }
  const values = new Map<string, ValueOf<Property>>();
  for (const entry of entries) {
    const at = entry.indexOf('=');
    const name = at < 0 ? entry : entry.slice(0, at);
    const property = Object.hasOwn(list, name) ? list[name] : undefined;
    if (property === undefined || at < 0) return { problem: `${quote(name)} is not one of its settings` };
    if (values.has(name)) return { problem: `${name} is given twice` };
    const parsed = parseProperty(property, entry.slice(at + 1));
    if (parsed.problem !== undefined) return { problem: `${name}: ${parsed.problem}` };
    values.set(name, parsed.value);
  }
  return { value: Object.fromEntries(values) as Partial<ValuesOf<L>> };
}
