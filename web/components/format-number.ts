import { decimalSign, withDecimal, withPoint } from '../protocol/decimal.ts';
import { readNumber } from '../protocol/properties.ts';
import './decimal-figures.ts';

/** How numbers are written and read, the same everywhere: at most four decimals, a true minus sign, the decimal sign chosen. */
export const MINUS = '−';

const MAX_DECIMALS = 4;
const FIGURE_SPACE = '\u2007';
const PUNCTUATION_SPACE = '\u2008';
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** Seven figures are enough: 1234.567 keeps three decimals, 1234567 none. */
function decimalsAllowed(magnitude: number): number {
  const whole = Math.max(1, Math.floor(Math.log10(magnitude)) + 1);
  return Math.max(0, Math.min(MAX_DECIMALS, 7 - whole));
}

/** 5, not 5.0000, when the value is 5 itself: trailing zeros then always mean "rounded". */
function decimalsNeeded(value: number): number {
  const allowed = decimalsAllowed(Math.abs(value));
  const slack = Math.abs(value) * 1e-13;
  for (let decimals = 0; decimals < allowed; decimals++) {
    const scale = 10 ** decimals;
    if (Math.abs(Math.round(value * scale) / scale - value) <= slack) return decimals;
  }
  return allowed;
}

function superscript(exponent: number): string {
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[Number(digit)]).join('');
  return exponent < 0 ? `⁻${digits}` : digits;
}

/**
 * The number split into what stands before and after its power of ten, if it needs one. Where it came out of a sum of
 * terms as large as `scale`, what rounding leaves of a zero is written as the rounded zero it is.
 */
export function numberParts(value: number, scale = 0): { mantissa: string; exponent?: number } {
  const { mantissa, exponent } = partsWithPoint(value, scale);
  return { mantissa: withDecimal(mantissa), ...(exponent !== undefined && { exponent }) };
}

function partsWithPoint(value: number, scale: number): { mantissa: string; exponent?: number } {
  if (Number.isNaN(value)) return { mantissa: 'undefined' };
  if (value === Infinity) return { mantissa: '∞' };
  if (value === -Infinity) return { mantissa: `${MINUS}∞` };
  if (value === 0) return { mantissa: '0' };
  const magnitude = Math.abs(value);
  if (magnitude < scale * 1e-11) return { mantissa: '0.0000' };
  const exact = Number(magnitude.toPrecision(12));
  // A short decimal such as 0.00001 (ε) is clearer as typed than as a power of ten.
  if (magnitude < 1e-3 && magnitude >= 1e-5 && String(exact).length <= 7 && !String(exact).includes('e')) {
    return { mantissa: sign(value) + exact };
  }
  if (magnitude < 1e-3 || magnitude >= 1e7) {
    const [digits, exponent] = magnitude.toExponential(3).split('e') as [string, string];
    return { mantissa: sign(value) + digits.replace(/\.?0+$/, ''), exponent: Number(exponent) };
  }
  return { mantissa: sign(value) + magnitude.toFixed(decimalsNeeded(value)) };
}

function sign(value: number): string {
  return value < 0 ? MINUS : '';
}

export function formatNumber(value: number, scale?: number): string {
  const { mantissa, exponent } = numberParts(value, scale);
  if (exponent === undefined) return mantissa;
  return `${mantissa}·10${superscript(exponent)}`;
}

/** With a fixed number of decimals, for texts that say to how many places they round. */
export function formatFixed(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals);
  return (value < 0 && Number(text) !== 0 ? MINUS : '') + withDecimal(text);
}

/** The numbers of one column, padded with blanks of a digit's width so that their decimal signs stand in one line. */
export function formatColumn(values: readonly number[], scale?: number): string[] {
  const texts = values.map((value) => formatNumber(value, scale));
  const decimals = texts.map((text) => (text.split(decimalSign())[1] ?? '').length);
  const most = Math.max(0, ...decimals);
  return texts.map((text, row) => {
    const own = decimals[row] ?? 0;
    if (own === most || text.includes('·')) return text;
    return text + (own === 0 ? PUNCTUATION_SPACE : '') + FIGURE_SPACE.repeat(most - own);
  });
}

/** What an input shows: the shortest text that reads back as the same number. */
export function numberToInput(value: number): string {
  const text = String(value === 0 ? 0 : value)
    .replace('-', MINUS)
    .replace('e−', 'e-')
    .replace('e+', 'e');
  return withDecimal(text);
}

/** Without an exponent, as attributes such as aria-valuenow want it. */
export function plainDecimal(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(20).replace(/\.?0+$/, '') : text;
}

/** Reads 2.5, 2,5, −2.5 and 1e-5; undefined for anything else, or for what is not finite. */
export function parseNumber(text: string): number | undefined {
  return readNumber(withPoint(text.replaceAll(MINUS, '-')));
}

/** One step up or down without the dust of binary fractions: 0.2 + 0.1 is 0.3. */
export function addStep(value: number, step: number): number {
  return Number((value + step).toPrecision(12));
}
