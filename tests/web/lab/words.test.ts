import { expect, test } from 'vitest';
import { formatFloat, formatRough, formatShare, listed, times } from '../../../web/components/lab/words.ts';

test('factors are as round as a sentence wants them', () => {
  expect([1.26, 2.44, 12.3, 347, 4821].map(times)).toEqual([
    '1.3 times',
    '2.4 times',
    '12 times',
    '350 times',
    '5\u202f000 times',
  ]);
  expect(times(8.9e14)).toBe('9·10¹⁴ times');
  expect(times(1e9)).toBe('10⁹ times');
});

test('float32 numbers show the digits they have', () => {
  expect(formatFloat(Math.fround(0.1))).toBe('0.1');
  expect(formatFloat(Infinity)).toBe('∞');
  expect(formatRough(Math.fround(0.123456))).toBe('0.12');
});

test('a small share is not none, and a large one not all', () => {
  expect([0, 0.001, 0.5, 0.999, 1].map(formatShare)).toEqual([
    '0 %',
    'under 1 %',
    '50 %',
    'over 99 %',
    '100 %',
  ]);
});

test('lists read as sentences do', () => {
  expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listed)).toEqual(['', 'a', 'a and b', 'a, b and c']);
});
