import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTable } from '../../web/components/worked-example/paste.ts';
import { CSV_LIMITS, type CsvExamples } from '../../web/protocol/csv.ts';
import { CsvError, decode, lookAt, readExamples } from '../../web/worker/csv.ts';
import { hostileText } from './hostile-text.ts';
import { bothIn, fuzz, must } from './inputs.ts';

const TABLES = [
  'sepal length,sepal width,species\n5.1,3.5,setosa\n7.0,3.2,versicolor\n6.3,3.3,virginica\n4.9,3.0,setosa',
  '1;2,5;0\n3;4,5;1\n1;2,5;0\n',
  'a\tb\tc\n1\t2\tx\n3\t4\ty\n',
  '"name, with ""quotes""",y\n1,2\n3,4\n',
  `${Array.from({ length: 40 }, (_, i) => `c${i}`).join()}\n${'1,'.repeat(39)}0\n${'2,'.repeat(39)}1`,
];
const WORDS = [
  '\n',
  '\r\n',
  ',',
  ';',
  '\t',
  '"',
  '""',
  '1',
  '2.5',
  '3,5',
  'a',
  'yes',
  'no',
  '\n1,2\n',
  '-',
  '1e5',
];

describe('a table that somebody opens', () => {
  it('becomes examples whose sizes follow from its own, or a sentence that says why not', () => {
    const choice = fc.record({
      label: fc.nat({ max: 4 }),
      values: fc.boolean(),
      header: fc.option(fc.boolean()),
    });
    const tally = fuzz(
      'table',
      fc.tuple(hostileText(TABLES, WORDS), choice),
      ([text, { label, values, header }]) => {
        let examples: CsvExamples;
        try {
          const table = lookAt(text, header ?? undefined);
          // Names are told apart, so that none can stand for another.
          must(new Set(table.columns.map(({ name }) => name)).size === table.columns.length);
          examples = readExamples(text, table, { label, target: values ? 'values' : 'classes' });
        } catch (error) {
          must(error instanceof CsvError);
          must((error as CsvError).message.length < 1000);
          return 'refused';
        }
        const [rows, features] = examples.x.shape as [number, number];
        must(rows <= Math.min(CSV_LIMITS.rows, text.split(/[\n\r]/).length));
        must(features <= CSV_LIMITS.features);
        must(rows * features <= text.length);
        // No larger piece of memory is held on to than what is in it.
        must(examples.x.data.buffer.byteLength === 4 * rows * features);
        must(examples.x.data.every(Number.isFinite));
        must(examples.problems.length <= CSV_LIMITS.problems);
        must(examples.problems.every(({ problem }) => problem.length < 300));
        if (examples.y instanceof Int32Array) {
          must(examples.classes.length <= CSV_LIMITS.classes);
          must(examples.y.every((one) => one >= 0 && one < examples.classes.length));
        } else must(examples.y.data.every(Number.isFinite));
        return 'read';
      },
    );
    expect(bothIn(tally)).toBeGreaterThan(50);
  });

  it('is text, whatever its bytes are', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .tuple(
          fc.constantFrom([0xff, 0xfe], [0xfe, 0xff], [0xef, 0xbb, 0xbf]),
          fc.uint8Array({ maxLength: 80 }),
        )
        .map(([mark, rest]) => Uint8Array.from([...mark, ...rest])),
      hostileText(TABLES, WORDS).map((text) => new TextEncoder().encode(text)),
    );
    const tally = fuzz('table bytes', bytes, (given) => {
      const text = decode(Uint8Array.from(given).buffer);
      must(text.length <= given.length);
      return text.includes('\ufffd') ? 'with marks of what is none' : 'text';
    });
    expect(tally['text']).toBeGreaterThan(50);
  });
});

describe('numbers that somebody pastes', () => {
  it('are a matrix of finite numbers, or refused with the first things wrong', () => {
    const right = ['2 4 6 8', '1\t2\n3\t4', '1,5;2,5\n3;4', '2,4,6,8', '1.5,2\n3,4\n'];
    const tally = fuzz('pasted numbers', hostileText(right, [...WORDS, ' ', '−', '1.5']), (text) => {
      const { value, problem } = parseTable(text);
      if (!value) {
        must(problem.length < 600);
        return 'refused';
      }
      must(value.every((row) => row.length === value[0]!.length && row.every(Number.isFinite)));
      must(value.length * value[0]!.length <= text.length);
      return 'read';
    });
    expect(bothIn(tally)).toBeGreaterThan(50);
  });
});
