import { expect, test } from 'vitest';
import {
  countOf,
  examplesWords,
  leftOutWords,
  previewColumns,
  problemWords,
  tableWords,
  toLabExamples,
} from '../../../web/components/lab/csv-words.ts';
import { lookAt, readExamples } from '../../../web/worker/csv.ts';

const read = (text: string) => {
  const table = lookAt(text);
  const { label } = table;
  return { table, examples: readExamples(text, table, { label, target: table.columns[label]!.target }) };
};
const FLOWERS = 'length;island;species\n1,5;Dream;rosa\n2,5;Biscoe;viola\n?;Dream;rosa\n';

test('a table is told in a sentence', () => {
  const { table, examples } = read(FLOWERS);
  expect(tableWords(table)).toBe('3 columns separated by semicolons, numbers with decimal commas');
  expect(examplesWords(examples)).toBe('2 examples of 1 feature; 2 classes: rosa, viola.');
  expect(leftOutWords(examples)).toEqual(['“island” holds text, not numbers, and is no feature.']);
  expect(examples.problems.map(problemWords)).toEqual(['Row 4, column “length”: “?” is not a number']);
});

test('of many classes only the number is told, and of regression that it is one', () => {
  const many = Array.from({ length: 11 }, (_, i) => `${i}.5,name ${i}`).join('\n');
  expect(examplesWords(read(`a,class\n${many}`).examples)).toBe('11 examples of 1 feature; 11 classes.');
  expect(examplesWords(read('a,b\n1,0.5\n2,0.25\n').examples)).toBe(
    '2 examples of 1 feature; a number to predict.',
  );
});

test('what is left out is named, up to five columns', () => {
  const { examples } = read('a,b,c,d,e,f,g,class\nx,x,x,x,x,x,1,p\ny,y,y,y,y,y,2,q');
  expect(leftOutWords({ ...examples, rowsBeyond: 12_345 })).toEqual([
    '“a”, “b”, “c”, “d”, “e” and 1 more hold text, not numbers, and are no feature.',
    'Only the first 50\u202f000 rows are taken; 12\u202f345 more were not read.',
  ]);
});

test('numbers agree with their nouns', () => {
  expect(countOf(1, 'row')).toBe('1 row');
  expect(countOf(0, 'row')).toBe('0 rows');
  expect(countOf(1234, 'class', 'classes')).toBe('1\u202f234 classes');
  expect(problemWords({ row: 1234, problem: '2 cells instead of 3' })).toBe(
    'Row 1\u202f234: 2 cells instead of 3',
  );
});

test('a preview shows the first columns and the predicted one', () => {
  const wide = lookAt(`${Array.from({ length: 20 }, (_, i) => `c${i}`).join()}\n${'1,'.repeat(19)}2\n`);
  expect(previewColumns(wide, 19)).toEqual([0, 1, 2, 3, 4, 5, 6, 19]);
  expect(previewColumns(wide, 3)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(previewColumns(read(FLOWERS).table, 2)).toEqual([0, 1, 2]);
});

test('the Lab gets the examples under the file’s name', () => {
  const { examples } = read(FLOWERS);
  expect(toLabExamples(examples, 'flowers.csv')).toEqual({
    x: { shape: [2, 1], data: Float32Array.of(1.5, 2.5) },
    y: Int32Array.of(0, 1),
    classes: 2,
    name: 'flowers.csv',
    inputNames: ['length'],
    classNames: ['rosa', 'viola'],
  });
});
