import { describe, expect, it } from 'vitest';
import {
  cellsOf,
  close,
  equals,
  fraction,
  guarded,
  hat,
  index,
  joined,
  minus,
  num,
  open,
  plus,
  power,
  root,
  row,
  symbol,
  toLatex,
  toText,
} from '../../web/components/math.ts';

const x = symbol('x', 'x', 'x');

describe('a formula as a tree', () => {
  it('is LaTeX, and plain text', () => {
    const normalised = row(
      index(hat(x), num(1)),
      equals,
      fraction(row(num(2), minus, num(5)), root(row(num(5), plus, num(1e-7)))),
    );
    expect(toLatex(normalised)).toBe('{\\hat{x}}_{1} = \\frac{2 - 5}{\\sqrt{5 + 1 \\cdot 10^{-7}}}');
    expect(toText(normalised)).toBe('x\u0302_1 = (2 − 5) / √(5 + 1·10^−7)');
    expect(toLatex(power(row(open, num(-3), close), num(2)))).toBe('{( -3 )}^{2}');
    expect(toLatex(num(NaN))).toBe('\\text{undefined}');
    expect(toLatex(num(-Infinity))).toBe('-\\infty');
  });

  it('knows the cells its numbers came from', () => {
    const mean = fraction(row(num(2, 'x.0'), plus, num(4, 'x.1')), num(2));
    expect(cellsOf(row(mean, equals, num(3, 'mean')))).toEqual(['x.0', 'x.1', 'mean']);
  });

  it('puts a negative number into parentheses where a sign or a power stands before or after it', () => {
    expect(toLatex(guarded(num(-3)))).toBe('( -3 )');
    expect(toLatex(guarded(num(3)))).toBe('3');
  });

  it('shortens a long sum and keeps its last term', () => {
    const terms = [1, 2, 3, 4, 5, 6, 7].map((value) => num(value));
    expect(toLatex(joined(terms, plus))).toBe('1 + 2 + 3 + \\dots + 7');
    expect(toLatex(joined(terms.slice(0, 4), plus))).toBe('1 + 2 + 3 + 4');
  });
});
