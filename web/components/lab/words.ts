import { grouped, withDecimal } from '../../protocol/decimal.ts';
import { formatNumber } from '../format-number.ts';

/** The arms' names, in order. */
export const ARMS = ['A', 'B'] as const;

export function armName(arm: number): string {
  return ARMS[arm] ?? String(arm + 1);
}

/** Float32 numbers have seven digits; what follows in the double they came in is not theirs. */
export function formatFloat(value: number): string {
  return formatNumber(Number.isFinite(value) ? Number(value.toPrecision(7)) : value);
}

/** To two or three digits, as a sentence wants it. */
export function formatRough(value: number): string {
  return formatNumber(Number.isFinite(value) ? Number(value.toPrecision(value >= 100 ? 3 : 2)) : value);
}

export function formatShare(share: number): string {
  const percent = share * 100;
  return `${percent > 0 && percent < 1 ? 'under 1' : percent > 99 && percent < 100 ? 'over 99' : Math.round(percent)} %`;
}

/** '300 times', '2.4 times', '5·10⁶ times'. */
export function times(ratio: number): string {
  const digits =
    ratio >= 10 ? Number(ratio.toPrecision(ratio >= 1000 ? 1 : 2)) : Number(ratio.toPrecision(2));
  if (digits < 1e5) return `${digits < 10 ? withDecimal(String(digits)) : grouped(digits)} times`;
  const [mantissa, exponent] = digits.toExponential(0).split('e+') as [string, string];
  return `${mantissa === '1' ? '' : `${mantissa}·`}10${[...exponent].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('')} times`;
}

/** 'a', 'a and b', 'a, b and c'. */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
