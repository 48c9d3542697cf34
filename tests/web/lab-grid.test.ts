import { expect, test } from 'vitest';
import { gridPoints } from '../../web/protocol/lab-grid.ts';

test('two features: the middles of the cells, row by row from the lower end', () => {
  const points = gridPoints({ resolution: 2, range: [0, 4, 10, 30] }, 2);
  expect([...points]).toEqual([1, 15, 3, 15, 1, 25, 3, 25]);
});

test('one feature: from end to end', () => {
  expect([...gridPoints({ resolution: 5, range: [-1, 1, 0, 0] }, 1)]).toEqual([-1, -0.5, 0, 0.5, 1]);
});
