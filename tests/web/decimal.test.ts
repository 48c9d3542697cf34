import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  betweenNumbers,
  decimalSign,
  grouped,
  onDecimal,
  setDecimal,
  splitNumbers,
  withDecimal,
} from '../../web/protocol/decimal.ts';
import { formatProperty } from '../../web/protocol/properties.ts';
import { armProperties } from '../../web/protocol/lab-properties.ts';
import {
  formatColumn,
  formatFixed,
  formatNumber,
  numberToInput,
  parseNumber,
  plainDecimal,
} from '../../web/components/format-number.ts';
import { formatTick } from '../../web/components/lab/trace-lines.ts';
import { listText, readListField, readNumberField } from '../../web/components/lab/number-text.ts';
import { num, toLatex, toText } from '../../web/components/math.ts';
import { numberText, valueText } from '../../web/components/study/value-text.ts';

const weights = { kind: 'list', label: 'x', default: [], min: -10, max: 10, maxLength: 8 } as const;

afterEach(() => setDecimal('point'));

describe('a decimal point', () => {
  it('is what numbers have unless it is asked otherwise', () => {
    expect([decimalSign(), formatNumber(0.5), withDecimal('0.5 of 6,000')]).toEqual([
      '.',
      '0.5',
      '0.5 of 6,000',
    ]);
  });

  it('lets commas separate a list, with or without a blank', () => {
    expect(readListField(weights, '2,4, 6;8 1.5')).toEqual({ value: [2, 4, 6, 8, 1.5] });
  });
});

describe('a decimal comma', () => {
  beforeEach(() => setDecimal('comma'));

  it('is in every number written for people', () => {
    expect([
      formatNumber(-0.25),
      formatNumber(0.00049123),
      formatFixed(1.5, 2),
      numberToInput(1.5e-7),
      numberText(0.0001234),
      valueText('points', 0.125),
      formatTick(-0.05),
      toText(num(2.25)),
    ]).toEqual(['−0,25', '4,912·10⁻⁴', '1,50', '1,5e-7', '1,23·10⁻⁴', '+12,5 points', '−0,05', '2,25']);
  });

  it('lines the numbers of a column up as the point does', () => {
    expect(formatColumn([1.5, 2, -0.25])).toEqual(['1,5\u2007', '2\u2008\u2007\u2007', '−0,25']);
  });

  it('is in no link, no attribute of ARIA, and no formula to take away', () => {
    expect([formatProperty(armProperties.lr, 0.1), plainDecimal(0.5), toLatex(num(2.25))]).toEqual([
      '0.1',
      '0.5',
      '2.25',
    ]);
  });

  it.each([
    ['The gap is 1.5 (0.25 to 2.75).', 'The gap is 1,5 (0,25 to 2,75).'],
    ['N(0, 0.1²), then 0.1, 0.3 and 1.', 'N(0, 0,1²), then 0,1, 0,3 and 1.'],
    ['6,000 glyphs', '6\u202f000 glyphs'],
    ['1,234,567 steps', '1\u202f234\u202f567 steps'],
    ['x is 2,4,6,8', 'x is 2; 4; 6; 8'],
    ['as theorem 4.1 says, arXiv:1502.03167', 'as theorem 4.1 says, arXiv:1502.03167'],
    ['section 8.7.1, at 0.1', 'section 8.7.1, at 0,1'],
    ['It ends. 5 more.', 'It ends. 5 more.'],
  ])('comes into a sentence: %s', (text, expected) => {
    expect(withDecimal(text)).toBe(expected);
  });

  it('leaves the thousands to a space, and lists to semicolons', () => {
    expect([grouped(1234567), betweenNumbers(), listText([2.5, 3])]).toEqual([
      '1\u202f234\u202f567',
      '; ',
      '2,5; 3',
    ]);
  });

  it.each(['2,5', '2.5', ' 2,5 '])('and the point are both read: %j', (text) => {
    expect(parseNumber(text)).toBe(2.5);
  });

  it.each([
    ['2,5; 3', [2.5, 3]],
    ['2,5 3', [2.5, 3]],
    ['2,5, 3', [2.5, 3]],
    ['2.5;3', [2.5, 3]],
    ['−0,5; ,5', [-0.5, 0.5]],
    ['3 × 2,5', [2.5, 2.5, 2.5]],
  ])('needs semicolons or blanks between numbers: %j', (text, value) => {
    expect(readListField(weights, text)).toEqual({ value });
  });

  it('makes nothing of an empty list', () => {
    expect([splitNumbers(''), splitNumbers(' ; ')]).toEqual([[], []]);
  });

  it('does not guess what commas alone separate', () => {
    expect(readListField(weights, '2,4,6').problem).toBe(
      'number 1: expected one number, got “2,4,6”; with decimal commas, semicolons or blanks stand between numbers',
    );
  });

  it('writes what a list may be so that it reads back', () => {
    for (const value of [[0.5], [0.5, 1], [1, 2, 3], [0.25, 0.25, 0.25], [-1.5, 1e-7]])
      expect(readListField(weights, listText(value))).toEqual({ value });
  });

  it('is in what is said about a wrong number', () => {
    expect(readNumberField(armProperties.momentum, '2,5').problem).toBe(
      'expected a number from 0 to 0,999, got 2,5',
    );
  });
});

it('is told to whoever shows numbers, once for each change', () => {
  let told = 0;
  const stop = onDecimal(() => told++);
  setDecimal('comma');
  setDecimal('comma');
  setDecimal('point');
  stop();
  setDecimal('comma');
  expect(told).toBe(2);
});
