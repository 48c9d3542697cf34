import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTable } from '../../web/components/worked-example/paste.ts';

describe('cells from a spreadsheet or a file', () => {
  it.each([
    [
      '2\t10\n4\t30\n',
      [
        [2, 10],
        [4, 30],
      ],
    ],
    [
      '2\t10\r\n4\t30\r\n',
      [
        [2, 10],
        [4, 30],
      ],
    ],
    [
      '2,5\t10\n4\t0,25',
      [
        [2.5, 10],
        [4, 0.25],
      ],
    ],
    [
      '2,5;10\n4;30',
      [
        [2.5, 10],
        [4, 30],
      ],
    ],
    ['1\n2\n3', [[1], [2], [3]]],
    ['2,5\n3,5', [[2.5], [3.5]]],
    [
      '1,2,3\n4,5,6',
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
    [
      '1.5,2\n3,4',
      [
        [1.5, 2],
        [3, 4],
      ],
    ],
    [
      '1, 2\n3, 4',
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ['2, 4, 6, 8', [[2], [4], [6], [8]]],
    ['2 4 6 8', [[2], [4], [6], [8]]],
    ['2,4,6,8', [[2], [4], [6], [8]]],
    ['2\t4\t6', [[2, 4, 6]]],
    ['−1.5\t1e-3', [[-1.5, 0.001]]],
    ['\n7\n', [[7]]],
  ])('%j are read', (text, rows) => {
    expect(parseTable(text).value).toEqual(rows);
  });

  it('are refused as a whole, with the place of what is wrong', () => {
    expect(parseTable('1\t2\nx\t4').problem).toBe(
      'Nothing was changed: row 2, column 1: “x” is not a number. Expected numbers such as 2.5, 2,5 or −3.',
    );
    expect(parseTable('1\t\n3\t4').problem).toContain('row 1, column 2: an empty cell is not a number');
    expect(parseTable('1\t2\n3').problem).toContain('row 2 has 1 of the 2 cells of row 1');
    expect(parseTable('a\tb\nc\td\ne\tf').problem).toContain('and 3 more');
    expect(parseTable('   ').problem).toContain('nothing to paste');
    expect(parseTable('1\n'.repeat(60_000)).problem).toContain('too long');
  });

  it('never give anything but numbers', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom('1', '\t', '\n', ',', ';', '-2.5', ' '), fc.string())),
        (parts) => {
          expect(isSound(parseTable(parts.join('')))).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

function isSound({ value, problem }: ReturnType<typeof parseTable>): boolean {
  if (value === undefined) return /\S/.test(problem);
  const oneWidth = new Set(value.map((row) => row.length)).size === 1;
  return oneWidth && value.flat().every(Number.isFinite);
}
