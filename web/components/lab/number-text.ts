import { betweenNumbers, splitNumbers, withDecimal } from '../../protocol/decimal.ts';
import {
  type ChoicesProperty,
  type ListProperty,
  numberProblem,
  type NumberProperty,
  type Parsed,
  parseProperty,
  rangeText,
} from '../../protocol/properties.ts';
import { addStep, MINUS, numberToInput, parseNumber } from '../format-number.ts';

/** What a form's text means; the problem is the end of a sentence that began with the setting's name. */
export function readNumberField(property: NumberProperty, text: string): Parsed<number> {
  const value = parseNumber(text);
  if (value === undefined) {
    const shown = text.trim() === '' ? 'nothing' : `“${text.trim().slice(0, 24)}”`;
    const kind = property.whole ? 'a whole number' : 'a number';
    return { problem: `expected ${kind} ${withDecimal(rangeText(property))}, got ${shown}` };
  }
  const problem = numberProblem(property, value);
  return problem === undefined ? { value } : { problem: withDecimal(problem) };
}

/** “32, 16” or, for equal ones, “10 × 32”; commas, semicolons or blanks between (see splitNumbers). */
export function readListField(property: ListProperty, text: string): Parsed<readonly number[]> {
  const parts = splitNumbers(
    text.replaceAll(MINUS, '-').replace(/(\d)\s*[x×*]\s*(?=[\d.,])/gi, '$1×'),
  ).flatMap((part) => {
    const [, times, number] = /^(\d{1,2})×([^×]+)$/.exec(part) ?? [];
    return times === undefined || number === undefined
      ? [part]
      : Array.from({ length: Math.min(Number(times), property.maxLength + 1) }, () => number);
  });
  const joined = parts.findIndex((part) => part.includes(','));
  if (joined >= 0) {
    const shown = `“${parts[joined]!.slice(0, 24)}”`;
    return {
      problem: `number ${joined + 1}: expected one number, got ${shown}; with decimal commas, semicolons or blanks stand between numbers`,
    };
  }
  const { value, problem } = parseProperty(property, parts.join(','));
  return problem === undefined ? { value } : { problem: withDecimal(problem) };
}

/** The shortest text that reads back as the same list. */
export function listText(values: readonly number[]): string {
  const [first] = values;
  const texts = values.map(numberToInput);
  if (first !== undefined && values.length > 2 && values.every((value) => value === first))
    return `${values.length} × ${texts[0]}`;
  return texts.join(betweenNumbers());
}

/** One arrow key up or down: on a log scale by a share of a power of ten, rounded to two digits. */
export function stepNumber(property: NumberProperty, value: number, steps: number): number {
  const { min, max, step, scale, whole } = property;
  const moved =
    scale === 'log'
      ? Number(((value === 0 ? Math.max(min, 1e-4) : value) * 10 ** (steps * step)).toPrecision(2))
      : addStep(value, steps * step);
  return Math.min(max, Math.max(min, whole ? Math.round(moved) : moved));
}

/** A slider's place for a value, and the value at a place: linear, or by powers of ten. */
export function sliderScale({ min, max, log }: { min: number; max: number; log?: number }, whole = false) {
  if (log === undefined) {
    return { min, max, place: (value: number) => value, value: (place: number) => place };
  }
  const from = Math.log10(min);
  return {
    min: from,
    // A whole number of steps, so that the last one can be reached.
    max: from + Math.round((Math.log10(max) - from) / log) * log,
    place: (value: number) => Math.log10(Math.max(min, value)),
    value: (place: number) => {
      const value = 10 ** place;
      return whole ? Math.round(value) : Number(value.toPrecision(2));
    },
  };
}

/** The words of a per-layer setting with one of them changed; words at the end that say the usual are left out. */
export function setWord<T extends string>(
  property: ChoicesProperty<T>,
  words: readonly T[],
  at: number,
  word: T,
  usual: T,
): readonly T[] {
  const next = Array.from({ length: Math.max(words.length, at + 1) }, (_, index) =>
    index === at ? word : (words[index] ?? usual),
  );
  while (next.length > 0 && next.at(-1) === usual) next.pop();
  return next.slice(0, property.maxLength);
}
