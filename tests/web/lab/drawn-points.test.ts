import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  drawnExamples,
  MAX_POINTS,
  nearestPoint,
  onPad,
  PAD_REACH,
  pointsText,
  readPoints,
} from '../../../web/components/lab/drawn-points.ts';
import { setDecimal } from '../../../web/protocol/decimal.ts';

const POINTS = [
  { x: 0.5, y: -0.25, label: 1 },
  { x: -1.2, y: 0, label: 3 },
  { x: 0, y: 1.2, label: 1 },
];

describe('points as text', () => {
  test('are a line each, with the class as people count', () => {
    expect(pointsText(POINTS)).toBe('0.5, -0.25, 2\n-1.2, 0, 4\n0, 1.2, 2');
    expect(pointsText([])).toBe('');
  });

  test.each([
    '0.5, -0.25, 2\n-1.2, 0, 4\n0, 1.2, 2',
    '0.5 −0.25 2\r\n\r\n-1.2;0;4\r\n0\t1.2\t2\r\n',
    '  .5,-.25,2\r-1.2 ,  0 , 4\r0,1.2,2  ',
  ])('%j is read', (text) => {
    expect(readPoints(text)).toEqual({ value: POINTS });
  });

  test('have decimal commas where numbers are written so, with semicolons between', () => {
    setDecimal('comma');
    try {
      expect(pointsText([{ x: 0.5, y: -0.25, label: 1 }])).toBe('0,5; -0,25; 2');
      expect(readPoints('0,5; -0,25; 2')).toEqual({ value: [{ x: 0.5, y: -0.25, label: 1 }] });
      expect(readPoints('0,5,-0,25,2').problem).toMatch(/from −1,2 to 1,2 .* as in 0,5; −0,25; 2\.$/);
    } finally {
      setDecimal('point');
    }
  });

  test('nothing is no points', () => {
    expect(readPoints('\n \n')).toEqual({ value: [] });
  });

  test.each([
    ['0.5, 0.5', /line 1 is “0\.5, 0\.5”/],
    ['0,0,1\n\n0.5, 0.5, 5', /line 3 is “0\.5, 0\.5, 5”.*a class from 1 to 4/],
    ['0, 0, 1.5', /line 1/],
    ['0, 0, 0', /line 1/],
    ['1.3, 0, 1', /x and y from −1\.2 to 1\.2/],
    ['0, , 1', /line 1/],
    ['0, 0, 1, 2', /line 1/],
    ['a b c', /“a, b, c”/],
    ['x\n'.repeat(5), /line 1.*line 2.*line 3.*and 2 more/],
    ['0 0 1\n'.repeat(MAX_POINTS + 1), /1001 points; expected at most 1000/],
    [' '.repeat(60_001), /too long/],
  ])('%j is refused', (text, problem) => {
    expect(readPoints(text)).toEqual({ problem: expect.stringMatching(problem) });
  });

  test('whatever is placed comes back from its text', () => {
    const place = fc.double({ min: -3, max: 3, noNaN: true }).map(onPad);
    const point = fc.record({ x: place, y: place, label: fc.nat({ max: 3 }) });
    fc.assert(
      fc.property(fc.array(point, { maxLength: 50 }), (points) => {
        expect(readPoints(pointsText(points))).toEqual({ value: points });
      }),
      { seed: 1 },
    );
  });

  test('any text is read or refused', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { value, problem } = readPoints(text);
        expect(value === undefined).toBe(typeof problem === 'string');
      }),
      { seed: 2 },
    );
  });
});

test('a place stays on the pad', () => {
  expect(onPad(9)).toBe(PAD_REACH);
  expect(onPad(-9)).toBe(-PAD_REACH);
  expect(onPad(0.12345)).toBe(0.123);
  expect(onPad(-0.0001)).toBe(0);
});

test('the nearest point is found, if it is near enough', () => {
  expect(nearestPoint(POINTS, 0.4, -0.2, 0.2)).toBe(0);
  expect(nearestPoint(POINTS, 0.4, -0.2, 0.1)).toBe(-1);
  expect(nearestPoint(POINTS, 0, 0.9, Infinity)).toBe(2);
  expect(nearestPoint([], 0, 0, Infinity)).toBe(-1);
});

test('as examples, classes without points leave no gap', () => {
  const examples = drawnExamples(POINTS);
  expect(examples.x).toEqual({ shape: [3, 2], data: Float32Array.of(0.5, -0.25, -1.2, 0, 0, 1.2) });
  expect(examples.y).toEqual(Int32Array.of(0, 1, 0));
  expect(examples).toMatchObject({ classes: 2, classNames: ['class 2', 'class 4'] });
});
