import type { StudyFormat } from '../../protocol/studies.ts';
import { withDecimal } from '../../protocol/decimal.ts';
import { formatNumber, MINUS } from '../format-number.ts';

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** Three significant digits, as the engine's sentences have them. */
export function numberText(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return formatNumber(value);
  const magnitude = Math.abs(value);
  const sign = value < 0 ? MINUS : '';
  if (magnitude >= 1e-3 && magnitude < 1e6)
    return sign + withDecimal(String(Number(magnitude.toPrecision(3))));
  const [digits, exponent] = magnitude.toExponential(2).split('e') as [string, string];
  const power = [...String(Math.abs(Number(exponent)))].map((digit) => SUPERSCRIPTS[Number(digit)]).join('');
  const mantissa = withDecimal(String(Number(digits)));
  return `${sign}${mantissa === '1' ? '' : `${mantissa}·`}10${Number(exponent) < 0 ? '⁻' : ''}${power}`;
}

/** “25 %”, “+70.4 points”, “94 times”; short, for an axis: “+70.4”, “×94”. */
export function valueText(format: StudyFormat, value: number, short = false): string {
  if (Number.isNaN(value)) return '–';
  switch (format) {
    case 'share':
      return `${numberText(100 * value)} %`;
    case 'points':
      return `${value > 0 ? '+' : ''}${numberText(100 * value)}${short ? '' : ' points'}`;
    case 'times':
      return short ? `×${numberText(value)}` : `${numberText(value)} times`;
    case 'number':
      return numberText(value);
  }
}
