import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeProperties,
  defaultsOf,
  encodeProperties,
  formatMatrix,
  MAX_TEXT,
  parseProperty,
  type Property,
  type PropertyList,
  rangeText,
  readNumber,
} from '../../web/protocol/properties.ts';

const list = {
  rate: { kind: 'number', label: 'rate', default: 0.1, min: 0, max: 10, step: 0.1 },
  step: { kind: 'number', label: 'step', default: 0, min: 0, max: 6, step: 1, whole: true },
  mode: { kind: 'choice', label: 'mode', default: 'a', choices: ['a', 'b'] },
  gamma: { kind: 'list', label: 'gamma', default: [1], min: -5, max: 5, maxLength: 3 },
  x: { kind: 'matrix', label: 'x', default: [[1]], min: -1e9, max: 1e9, maxRows: 4, maxColumns: 3 },
} as const satisfies PropertyList;

const problemOf = (name: keyof typeof list, text: string) => parseProperty(list[name], text).problem;

describe('a number in a link', () => {
  it.each([
    ['2', 2],
    [' -2.5 ', -2.5],
    ['+.5', 0.5],
    ['1.', 1],
    ['1e-5', 1e-5],
    ['-0', 0],
  ])('%j is %d', (text, value) => {
    expect(readNumber(text)).toBe(value);
  });

  it.each(['', ' ', '0x10', '1_000', 'Infinity', 'NaN', '1e999', '--1', '1,5', '1e', '٣', '1'.repeat(41)])(
    '%j is none',
    (text) => {
      expect(readNumber(text)).toBeUndefined();
    },
  );

  it('has to lie in its range, and to be whole where it must', () => {
    expect(problemOf('rate', '10')).toBeUndefined();
    expect(problemOf('rate', '10.1')).toBe('expected a number from 0 to 10, got 10.1');
    expect(problemOf('step', '2.5')).toBe('expected a whole number from 0 to 6, got 2.5');
    expect(problemOf('rate', 'fast')).toBe('expected a number from 0 to 10, got “fast”');
  });

  it('is named with its range in readable digits', () => {
    expect(rangeText({ min: -1e9, max: 1e9 })).toBe(
      'from −1\u202f000\u202f000\u202f000 to 1\u202f000\u202f000\u202f000',
    );
    expect(rangeText({ min: 1e-12, max: 10 })).toBe('from 1e−12 to 10');
  });
});

describe('a matrix in a link or attribute', () => {
  it.each([
    ['2,4,6', [[2], [4], [6]]],
    ['2;4;6', [[2], [4], [6]]],
    [
      '2,10;4,30',
      [
        [2, 10],
        [4, 30],
      ],
    ],
    [
      '2,10/4,30',
      [
        [2, 10],
        [4, 30],
      ],
    ],
    [
      '2,10\n4,30\n',
      [
        [2, 10],
        [4, 30],
      ],
    ],
    ['2,4,6;', [[2, 4, 6]]],
  ])('%j is %j', (text, value) => {
    expect(parseProperty(list.x, text).value).toEqual(value);
  });

  it.each([
    ['1,2;3', 'row 2: expected 2 numbers as in row 1, got 1'],
    ['1;2;x', 'row 3, column 1: expected a number from −1'],
    ['1;2;3;4;5', 'expected at most 4 rows, got 5'],
    ['1,2,3,4;', 'expected at most 3 columns, got 4'],
    ['', 'row 1, column 1: expected a number'],
    ['1;;2', 'row 2, column 1: expected a number'],
  ])('%j is refused', (text, problem) => {
    expect(problemOf('x', text)).toContain(problem);
  });

  it('reads back what was written', () => {
    const numbers = fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((value) => value + 0);
    const matrices = fc.integer({ min: 1, max: 3 }).chain((columns) =>
      fc.array(fc.array(numbers, { minLength: columns, maxLength: columns }), {
        minLength: 1,
        maxLength: 4,
      }),
    );
    fc.assert(
      fc.property(matrices, (matrix) => {
        expect(parseProperty(list.x, formatMatrix(matrix)).value).toEqual(matrix);
      }),
    );
  });
});

describe('a list and a choice', () => {
  it('are capped and allow-listed', () => {
    expect(parseProperty(list.gamma, '1,-2').value).toEqual([1, -2]);
    expect(problemOf('gamma', '1,2,3,4')).toBe('expected at most 3 numbers, got 4');
    expect(problemOf('gamma', '1,9')).toBe('number 2: expected a number from −5 to 5, got 9');
    expect(problemOf('mode', 'c')).toBe('expected a or b, got “c”');
    expect(problemOf('mode', 'constructor')).toContain('expected a or b');
  });
});

describe('a link', () => {
  it('has only what is given, in the order of the list', () => {
    expect(encodeProperties(list, 1, { x: [[1], [2]], rate: 0.5, mode: 'b' })).toBe(
      '1;rate=0.5;mode=b;x=1,2',
    );
    expect(encodeProperties(list, 1, {})).toBe('1');
  });

  it('is read back', () => {
    expect(decodeProperties(list, 1, '1;rate=0.5;mode=b;x=1,2/3,4').value).toEqual({
      rate: 0.5,
      mode: 'b',
      x: [
        [1, 2],
        [3, 4],
      ],
    });
    expect(decodeProperties(list, 1, '1').value).toEqual({});
  });

  it.each([
    ['', 'it is of version “”; this page reads version 1'],
    ['2;rate=1', 'it is of version “2”; this page reads version 1'],
    ['1;speed=1', '“speed” is not one of its settings'],
    ['1;__proto__=1', '“__proto__” is not one of its settings'],
    ['1;constructor=1', '“constructor” is not one of its settings'],
    ['1;rate', '“rate” is not one of its settings'],
    ['1;rate=1;rate=2', 'rate is given twice'],
    ['1;rate=11', 'rate: expected a number from 0 to 10, got 11'],
    [`1;x=${'1,'.repeat(MAX_TEXT)}`, `more than ${MAX_TEXT}`],
  ])('%.40j is refused as a whole', (text, problem) => {
    const decoded = decodeProperties(list, 1, text);
    expect(decoded.value).toBeUndefined();
    expect(decoded.problem).toContain(problem);
  });

  it('never gives anything but allowed values, whatever it says', () => {
    const pieces = fc.oneof(
      fc.constantFrom(
        '1',
        ';',
        '=',
        'x',
        'rate',
        'mode',
        'gamma',
        'step',
        ',',
        '/',
        '-',
        '1e9',
        '1e-300',
        'a',
        '__proto__',
        '\n',
        '%',
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        expect(isSound(decodeProperties(list, 1, `1;${parts.join('')}`))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

it('the defaults are those of the list', () => {
  expect(defaultsOf(list)).toEqual({ rate: 0.1, step: 0, mode: 'a', gamma: [1], x: [[1]] });
});

/** Refused with a short sentence, or allowed values that a link carries as they are. */
function isSound({ value, problem }: ReturnType<typeof decodeProperties<typeof list>>): boolean {
  if (value === undefined) return problem.length < 200;
  const numbers = [value.rate ?? 0, value.step ?? 0, ...(value.gamma ?? []), ...(value.x ?? []).flat()];
  const again = decodeProperties(list, 1, encodeProperties(list, 1, value)).value;
  return (
    Object.getPrototypeOf(value) === Object.prototype &&
    Object.keys(value).every((name) => Object.keys(list).includes(name)) &&
    numbers.every(Number.isFinite) &&
    JSON.stringify(again) === JSON.stringify(value)
  );
}

describe('words, switches and texts', () => {
  const more = {
    on: { kind: 'boolean', label: 'on', default: false },
    words: { kind: 'choices', label: 'words', default: [], choices: ['a', 'b'], maxLength: 3 },
    once: { kind: 'choices', label: 'once', default: [], choices: ['a', 'b'], maxLength: 3, distinct: true },
    layers: {
      kind: 'list',
      label: 'layers',
      default: [1],
      min: 1,
      max: 9,
      whole: true,
      maxLength: 2,
      mayBeEmpty: true,
    },
    title: { kind: 'text', label: 'title', default: '', maxLength: 5 },
  } as const satisfies PropertyList;
  const parse = (name: keyof typeof more, text: string) => parseProperty<Property>(more[name], text);

  it.each([
    ['on', 'on', true],
    ['on', 'off', false],
    ['words', 'b,a,b', ['b', 'a', 'b']],
    ['words', '', []],
    ['once', 'b,a', ['b', 'a']],
    ['layers', '', []],
    ['layers', '3,9', [3, 9]],
    ['title', 'a = b', 'a = b'],
  ] as const)('%s=%s is read', (name, text, value) => {
    expect(parse(name, text)).toEqual({ value });
    const encoded = encodeProperties(more, 1, { [name]: value });
    expect(decodeProperties(more, 1, encoded)).toEqual({ value: { [name]: value } });
  });

  it.each([
    ['on', 'true', 'expected on or off, got “true”'],
    ['words', 'a,c', 'word 2: expected a or b, got “c”'],
    ['words', 'a,a,a,a', 'expected at most 3 words, got 4'],
    ['once', 'a,b,a', 'a is given twice'],
    ['layers', '1.5', 'number 1: expected a whole number from 1 to 9, got 1.5'],
    ['title', 'longer', 'expected at most 5 characters, got 6'],
    ['title', 'a;b', 'expected no semicolon, which ends an entry of a link'],
    ['title', 'a\u0007', 'expected plain characters, got a control character'],
  ] as const)('%s=%s is refused', (name, text, problem) => {
    expect(parse(name, text)).toEqual({ problem });
  });
});
