import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CSV_LIMITS, type CsvChoice, type CsvExamples } from '../../web/protocol/csv.ts';
import type { Tensor } from '../../web/protocol/tensor.ts';
import { CsvError, decode, lookAt, readExamples } from '../../web/worker/csv.ts';

const IRIS = `sepal length,sepal width,species
5.1,3.5,setosa
7.0,3.2,versicolor
6.3,3.3,virginica
4.9,3.0,setosa
`;

/** Reads a table as it is guessed to be, unless told otherwise. */
function read(text: string, choice: Partial<CsvChoice> = {}, header?: boolean): CsvExamples {
  const table = lookAt(text, header);
  const label = choice.label ?? table.label;
  return readExamples(text, table, { label, target: choice.target ?? table.columns[label]!.target });
}

const rows = ({ x }: CsvExamples) =>
  Array.from({ length: x.shape[0]! }, (_, i) =>
    Array.from(x.data.subarray(i * x.shape[1]!, (i + 1) * x.shape[1]!)),
  );
const targets = ({ y }: CsvExamples) => [...('data' in y ? (y as Tensor<Float32Array>).data : y)];
/** The sentence a table is refused with; empty where it is not. */
function message(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof CsvError) return error.message;
    throw error;
  }
  return '';
}

/** What does not fit together in examples. */
function faultsOf(examples: CsvExamples): string {
  const { x, names, classes } = examples;
  const [count, features] = x.shape as [number, number];
  const y = targets(examples);
  const faults = {
    size: x.data.length !== count * features || names.length !== features || y.length !== count,
    numbers: ![...x.data, ...y].every(Number.isFinite),
    // Every class has an example, and every example a class.
    classes:
      classes.length > 0 && [...new Set(y)].toSorted((a, b) => a - b).join() !== [...classes.keys()].join(),
  };
  return Object.entries(faults)
    .filter(([, is]) => is)
    .join();
}

describe('a table with names', () => {
  test('is recognised', () => {
    expect(lookAt(IRIS)).toEqual({
      separator: ',',
      decimal: '.',
      header: true,
      columns: [
        { name: 'sepal length', numeric: true, target: 'values' },
        { name: 'sepal width', numeric: true, target: 'values' },
        { name: 'species', numeric: false, target: 'classes' },
      ],
      preview: [
        ['5.1', '3.5', 'setosa'],
        ['7.0', '3.2', 'versicolor'],
        ['6.3', '3.3', 'virginica'],
        ['4.9', '3.0', 'setosa'],
      ],
      label: 2,
    });
  });

  test('becomes features and classes numbered in order of their names', () => {
    const examples = read(IRIS);
    expect(examples.x.shape).toEqual([4, 2]);
    expect(rows(examples)).toEqual(
      [
        [5.1, 3.5],
        [7, 3.2],
        [6.3, 3.3],
        [4.9, 3],
      ].map((row) => row.map(Math.fround)),
    );
    expect(examples.y).toEqual(Int32Array.of(0, 1, 2, 0));
    expect(examples.classes).toEqual(['setosa', 'versicolor', 'virginica']);
    expect(examples.names).toEqual(['sepal length', 'sepal width']);
    expect(examples).toMatchObject({ leftOut: [], problems: [], problemCount: 0, badRows: 0, rowsBeyond: 0 });
  });

  test('can have another column predicted, as numbers', () => {
    const examples = read(IRIS, { label: 0 });
    expect(examples.y).toMatchObject({ shape: [4, 1] });
    expect(targets(examples)).toEqual([5.1, 7, 6.3, 4.9].map(Math.fround));
    expect(examples.classes).toEqual([]);
    expect(examples.names).toEqual(['sepal width']);
    expect(examples.leftOut).toEqual(['species']);
  });
});

describe('what a table is taken for', () => {
  test.each([
    ['1,2,0\n3,4,1\n', ',', false],
    ['1;2;0\n3;4;1\n', ';', false],
    ['1\t2\t0\n3\t4\t1\n', '\t', false],
    ['a;b;c\n1,5;2,5;x\n2,5;3,5;y', ';', true],
    ['a\tb, or c\n1\t2\n3\t4', '\t', true],
    ['"a;b","c;d"\n1,2\n3,4', ',', true],
  ] as const)('%j: the separator is %j, names %s', (text, separator, header) => {
    expect(lookAt(text)).toMatchObject({ separator, header });
  });

  test('the first row is no header where it holds a number, unless one says so', () => {
    const text = '1,2,0\n3,4,1\n5,6,0\n';
    expect(lookAt(text).columns.map(({ name }) => name)).toEqual(['column 1', 'column 2', 'column 3']);
    expect(read(text).x.shape).toEqual([3, 2]);
    expect(lookAt(text, true).columns.map(({ name }) => name)).toEqual(['1', '2', '0']);
    expect(read(text, {}, true).x.shape).toEqual([2, 2]);
  });

  test('columns without a name, or with another one’s, get one of their own', () => {
    expect(lookAt('a,,a\n1,2,3\n4,5,6').columns.map(({ name }) => name)).toEqual(['a', 'column 2', 'a 3']);
  });

  test.each([
    ['Target,a,b\n0,1,2\n1,3,4', 0],
    ['a,y,b\n1,0,2\n3,1,4', 1],
    ['a,b,c\n1,2,0\n3,4,1', 2],
    // Without names: the first column where only it looks like classes, as in many old sets; else the last.
    ['1,14.23,1065.5\n2,13.2,1050.5\n1,13.16,1185.5', 0],
    ['5,0,12,0\n3,0,7,0\n5,1,0,0', 0],
    ['0.1,0.2,1\n0.3,0.4,0', 2],
    ['1,0.2,0.5\n0,0.4,0.7', 0],
  ])('%j: column %i is predicted', (text, label) => {
    expect(lookAt(text).label).toBe(label);
  });

  test('a column with many numbers, or fractions, is predicted as numbers', () => {
    const table = (cell: (i: number) => string) =>
      lookAt(Array.from({ length: 100 }, (_, i) => `${i}.5,${cell(i)}`).join('\n')).columns[1]!.target;
    expect(table((i) => String(i))).toBe('values');
    expect(table((i) => `${i % 2}.5`)).toBe('values');
    expect(table((i) => String(i % 10))).toBe('classes');
    expect(table((i) => `name ${i}`)).toBe('classes');
  });
});

describe('all that spreadsheets write', () => {
  test('byte order marks, CRLF, quotes, empty lines, spaces', () => {
    const examples = read('\ufeff"a ""x""",b,class\r\n 1 ,"2",yes\r\n\r\n"3",4,"n,o"\r\n\r\n\r\n,,\r\n');
    expect(examples.names).toEqual(['a "x"', 'b']);
    expect(rows(examples)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(examples.classes).toEqual(['n,o', 'yes']);
    expect(targets(examples)).toEqual([1, 0]);
    expect(examples.problemCount).toBe(0);
  });

  test('old line ends, alone and mixed', () => {
    expect(rows(read('1,2,0\r3,4,1\r5,6,0'))).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(rows(read('1,2,0\r3,4,1\r5,6,0\n7,8,1\r9,10,1'))).toHaveLength(5);
  });

  test('decimal commas between semicolons or tabs', () => {
    for (const separator of [';', '\t']) {
      const text = 'a,b,c\n1,5,2,y\n-0,25,1e3,n\n'
        .replace('a,b,c', 'a|b|class')
        .replace('1,5,2,y', '1,5|2|y')
        .replace('-0,25,1e3,n', '-0,25|1e3|n')
        .replaceAll('|', separator);
      expect(lookAt(text).decimal).toBe(',');
      expect(rows(read(text))).toEqual([
        [1.5, 2],
        [-0.25, 1000],
      ]);
    }
    expect(lookAt('a;b;class\n1.5;2;y\n3;4.5;n').decimal).toBe('.');
  });

  test('line breaks within quotes do not end a row', () => {
    expect(read('a,b,class\n1,2,"one\nor more"\n3,4,none').classes).toEqual(['none', 'one\nor more']);
  });

  test('text in other encodings', () => {
    const bytes = (values: number[]) => Uint8Array.from(values).buffer;
    expect(decode(new TextEncoder().encode('\ufeffé,1').buffer)).toBe('é,1');
    expect(decode(bytes([0xe9, 0x2c, 0x31]))).toBe('é,1');
    expect(decode(bytes([0xff, 0xfe, 0xe9, 0, 0x2c, 0]))).toBe('é,');
    expect(decode(bytes([0xfe, 0xff, 0, 0xe9, 0, 0x2c]))).toBe('é,');
    expect(decode(bytes([]))).toBe('');
  });
});

describe('bad cells', () => {
  test('are told by row and column, and only their rows are left out', () => {
    const examples = read('a,b,class\n1,2,y\nx,3,n\n4,,y\n5,6,\n7,8\n1e39,9,y\n0x10,1,n\n10,11,n');
    expect(rows(examples)).toEqual([
      [1, 2],
      [10, 11],
    ]);
    expect(examples.badRows).toBe(6);
    expect(examples.problemCount).toBe(6);
    expect(examples.problems).toEqual([
      { row: 3, column: 'a', problem: '“x” is not a number' },
      { row: 4, column: 'b', problem: 'the cell is empty' },
      { row: 5, column: 'class', problem: 'there is no class' },
      { row: 6, problem: '2 cells instead of 3' },
      { row: 7, column: 'a', problem: '“1e39” is too large' },
      { row: 8, column: 'a', problem: '“0x10” is not a number' },
    ]);
  });

  test.each(['NaN', 'Infinity', '-Infinity', '0x1F', '0b1', '1_000', '1,5', '12 kg', '--1', 'NA', '?'])(
    '%s is none',
    (cell) => {
      const { problems } = read(`a;b;class\n1;2;y\n3;"${cell}";n\n4;5;y\n6;7.5;n`.replaceAll(';', '\t'));
      expect(problems).toMatchObject([{ row: 3, column: 'b' }]);
    },
  );

  test.each([['1'], ['-1.5'], ['+2'], ['.5'], ['5.'], ['1e3'], ['1E-3'], [' 7 '], ['00012'], ['-0']])(
    '%j is a number',
    (cell) => {
      const examples = read(`a,b,class\n${cell},2,y\n3,4,n`);
      expect(examples.problems).toEqual([]);
      expect(examples.x.data[0]).toBe(Math.fround(Number(cell)));
    },
  );

  test('the first twenty are told, and how many there are', () => {
    const examples = read(`a,class\n${'1,x\n2,y\n'.repeat(50)}${'?,x\n'.repeat(45)}`);
    expect(examples.problems).toHaveLength(CSV_LIMITS.problems);
    expect(examples.problems.at(-1)).toMatchObject({ row: 121 });
    expect(examples).toMatchObject({ problemCount: 45, badRows: 45 });
    expect(examples.x.shape).toEqual([100, 1]);
  });

  test('what only bad rows hold is no class', () => {
    expect(read('a,class\n1,x\n2,y\n?,z').classes).toEqual(['x', 'y']);
  });

  test('a quotation mark that is never closed is pointed out', () => {
    const examples = read(`a,b,class\n1,2,y\n3,4,n\n5,"6,y\n${'7,8,n\n'.repeat(100)}`);
    expect(examples.problems).toEqual([
      { row: 4, problem: '2 cells instead of 3; a quotation mark in it may not be closed' },
    ]);
  });
});

describe('class names', () => {
  test('that are numbers are put in order as numbers', () => {
    const examples = read('a,class\n1,10\n2,9\n3,100\n4,9');
    expect(examples.classes).toEqual(['9', '10', '100']);
    expect(targets(examples)).toEqual([1, 0, 2, 0]);
  });

  test('are trimmed', () => {
    expect(read('a,class\n1, yes\n2,yes \n3,no').classes).toEqual(['no', 'yes']);
  });
});

describe('tables that cannot be used', () => {
  test.each([
    ['', /nothing in this table/],
    [' \n \n', /nothing in this table/],
    ['\ufeff', /nothing in this table/],
    ['1\n2\n3', /Only one column/],
    ['only text', /Only one column/],
    ['a,b\nx,y\nz,w', /No column besides “b” holds numbers/],
    ['a,class\n1,x\n2,x', /“class” holds one class; expected 2 to 1000/],
    [
      'a,b,class\n1,5,2,5,y\n1,5,2,5,n\n',
      /No row could be read.*row 2: 5 cells instead of 3.*decimal commas/,
    ],
    [`a,class\n${Array.from({ length: 1001 }, (_, i) => `${i},n${i}`).join('\n')}`, /1001 different values/],
    [`${'1,'.repeat(785)}x\n${'2,'.repeat(785)}y`, /785 columns of numbers; expected at most 784/],
  ])('%#: %j', (text, expected) => {
    expect(message(() => read(text))).toMatch(expected);
  });

  test('names alone', () => {
    expect(message(() => lookAt('a,b', true))).toMatch(/there are no rows/);
  });

  test('a column there is not', () => {
    expect(message(() => readExamples(IRIS, lookAt(IRIS), { label: 3, target: 'classes' }))).toMatch(
      /no column 4/,
    );
  });
});

test('rows beyond the limit are counted, not read', () => {
  const examples = read(`a,class\n${'1,x\n2,y\n'.repeat(CSV_LIMITS.rows / 2)}3,x\n4,y\n?,y\n`);
  expect(examples.x.shape).toEqual([CSV_LIMITS.rows, 1]);
  expect(examples.x.data).toHaveLength(CSV_LIMITS.rows);
  expect(examples).toMatchObject({ rowsBeyond: 3, problemCount: 0 });
});

describe('whatever comes', () => {
  test('is read or refused with a sentence', () => {
    const cell = fc.oneof(
      fc.double().map(String),
      fc.string(),
      fc.constantFrom('', '"', '1,5', '0', 'x', 'é', '\r'),
    );
    const table = fc
      .tuple(
        fc.array(fc.array(cell, { maxLength: 5 }), { maxLength: 12 }),
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n', '\r'),
      )
      .map(([lines, separator, end]) => lines.map((cells) => cells.join(separator)).join(end));
    fc.assert(
      fc.property(
        fc.oneof(table, fc.string()),
        fc.option(fc.boolean(), { nil: undefined }),
        (text, header) => {
          let examples: CsvExamples | undefined;
          const refused = message(() => (examples = read(text, {}, header)));
          expect(examples ? faultsOf(examples) : refused).toMatch(examples ? /^$/ : /^\p{Lu}.*\.$/su);
        },
      ),
      { numRuns: 2000, seed: 5 },
    );
  });

  test('numbers written as a table come back', () => {
    const number = fc.float({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(number, number, fc.integer({ min: 0, max: 3 })), { minLength: 2, maxLength: 30 }),
        fc.constantFrom<',' | ';' | '\t'>(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n'),
        (values, separator, end) => {
          // Two classes at least. Text knows no −0.
          const lines = [...values, [0, 0, 0], [0, 0, 1]].map((cells) => cells.join(separator));
          const examples = read([['p', 'q', 'class'].join(separator), ...lines].join(end));
          expect(rows(examples).slice(0, values.length)).toEqual(values.map(([a, b]) => [a + 0, b + 0]));
          expect(
            targets(examples)
              .slice(0, values.length)
              .map((k) => examples.classes[k]),
          ).toEqual(values.map(([, , k]) => String(k)));
        },
      ),
      { numRuns: 300, seed: 6 },
    );
  });
});
