import { expect, it } from 'vitest';
import { studyCsv } from '../../../web/export/study-csv.ts';
import { study } from './study-case.ts';

it('writes every value of every seed, and leaves empty what was not measured', () => {
  const csv = studyCsv({
    study,
    setting: { knobs: {} },
    records: [
      { seed: 0, values: Float64Array.of(0.5, 0.25, 1, NaN), numbers: Float64Array.of(0.25) },
      { seed: 1, values: Float64Array.of(0.75, 0.5, 1, 1e-7), numbers: Float64Array.of(NaN) },
    ],
  });
  expect(csv.split('\r\n')).toEqual([
    'seed,batch,arm,measured,E99',
    '0,2,bn,accuracy,0.5',
    '0,8,bn,accuracy,0.25',
    '0,2,none,accuracy,1',
    '0,8,none,accuracy,',
    '0,,check,ahead,0.25',
    '1,2,bn,accuracy,0.75',
    '1,8,bn,accuracy,0.5',
    '1,2,none,accuracy,1',
    '1,8,none,accuracy,1e-7',
    '1,,check,ahead,',
    '',
  ]);
});
