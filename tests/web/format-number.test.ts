import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addStep,
  formatColumn,
  formatFixed,
  formatNumber,
  numberToInput,
  parseNumber,
  plainDecimal,
} from '../../web/components/format-number.ts';

describe('a number on the page', () => {
  it.each([
    [5, '5'],
    [-3, '−3'],
    [0, '0'],
    [-0, '0'],
    [0.5, '0.5'],
    [-1.3416394481804497, '−1.3416'],
    [0.9999950000374997, '1.0000'],
    [20 / 3, '6.6667'],
    [1e-5, '0.00001'],
    [0.0005, '0.0005'],
    [0.00049123, '4.912·10⁻⁴'],
    [2.845e-10, '2.845·10⁻¹⁰'],
    [10002, '10002'],
    [1234.56789, '1234.568'],
    [1234567.8, '1234568'],
    [12345678, '1.235·10⁷'],
    [0.1 + 0.2, '0.3'],
    [NaN, 'undefined'],
    [Infinity, '∞'],
    [-Infinity, '−∞'],
  ])('%d is written %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it('is a rounded zero where it is the dust of a sum', () => {
    expect(formatNumber(5.55e-17, 1)).toBe('0.0000');
    expect(formatNumber(5.55e-17)).toBe('5.55·10⁻¹⁷');
    expect(formatNumber(1e-9, 1)).toBe('1·10⁻⁹');
  });

  it('stands with the others of its column on the decimal point', () => {
    expect(formatColumn([1.5, 2, -0.25])).toEqual(['1.5\u2007', '2\u2008\u2007\u2007', '−0.25']);
    expect(formatColumn([2, 4])).toEqual(['2', '4']);
  });

  it('is rounded to fixed places without a minus before zero', () => {
    expect(formatFixed(-0.3944, 2)).toBe('−0.39');
    expect(formatFixed(-0.001, 2)).toBe('0.00');
  });
});

describe('a number typed in', () => {
  it.each([
    ['2.5', 2.5],
    ['2,5', 2.5],
    ['−3', -3],
    [' 1e-5 ', 1e-5],
    ['1e−5', 1e-5],
    ['-,5', -0.5],
  ])('%j is %d', (text, value) => {
    expect(parseNumber(text)).toBe(value);
  });

  it.each(['', 'abc', '1.000,5', '1,2,3', '1 2', '∞'])('%j is none', (text) => {
    expect(parseNumber(text)).toBeUndefined();
  });

  it('is shown so that it reads back the same', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(parseNumber(numberToInput(value))).toBe(value + 0);
      }),
    );
  });

  it('is written out for attributes that know no exponent', () => {
    expect([1e-12, 1e-5, 5, -1e9, 0.1].map(plainDecimal)).toEqual([
      '0.000000000001',
      '0.00001',
      '5',
      '-1000000000',
      '0.1',
    ]);
  });

  it('is stepped without the dust of binary fractions', () => {
    expect(addStep(0.2, 0.1)).toBe(0.3);
    expect(addStep(1.1, -0.1)).toBe(1);
  });
});
