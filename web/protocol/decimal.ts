/**
 * How numbers are written for people: 0.5 or 0,5, the same in the whole page. Links, attributes, files and programs
 * always have the point, so none of what writes those comes through here; and both signs are read wherever a number is typed.
 */
export type Decimal = 'point' | 'comma';

let chosen: Decimal = 'point';
const listeners = new Set<() => void>();

export function decimal(): Decimal {
  return chosen;
}

export function setDecimal(next: Decimal): void {
  if (next === chosen) return;
  chosen = next;
  for (const listener of listeners) listener();
}

/** Called after each change; what comes back ends it. */
export function onDecimal(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function decimalSign(): '.' | ',' {
  return chosen === 'comma' ? ',' : '.';
}

/** Numbers of sections and theorems, and of preprints, are not decimals. */
const DECIMAL_POINT = /((?:arXiv:|(?:chapter|figure|section|table|theorem) )\d+(?:\.\d+)+)|(\d)\.(?=\d)/g;

/**
 * A text written elsewhere with a point, the engine's sentences above all. Where a comma now stands in decimals, one
 * between thousands becomes a narrow space, and one between numbers without a blank a semicolon.
 */
export function withDecimal(text: string): string {
  if (chosen === 'point') return text;
  return text
    .replace(/(\d),(?=\d{3}(?!\d))/g, '$1\u202f')
    .replace(/(\d),(?=\d)/g, '$1; ')
    .replace(DECIMAL_POINT, (_, reference: string | undefined, digit: string) => reference ?? `${digit},`);
}

/** Between the numbers of a list: a semicolon where a comma could be taken for their decimal sign. */
export function betweenNumbers(): ', ' | '; ' {
  return chosen === 'comma' ? '; ' : ', ';
}

/** A whole number with narrow spaces between its thousands, which are never taken for a decimal sign. */
export function grouped(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 0 }).replaceAll(',', '\u202f');
}

/** One typed number with the point that programs read, whichever sign it was typed with; other texts as they are. */
export function withPoint(text: string): string {
  return text.replace(/^([^,.]*),([^,.]*)$/, '$1.$2');
}

/**
 * The numbers of a typed list, each with the point. Semicolons and blanks always separate. A comma separates too (“2,4,6”),
 * unless numbers are written with it: then it does only before a blank (“2,5, 3”), and “2,4,6” is not a number.
 */
export function splitNumbers(text: string): string[] {
  const parts = text.split(chosen === 'comma' ? /,?\s+|;/ : /[\s,;]+/);
  return parts.map((part) => withPoint(part.trim())).filter((part) => part !== '');
}
