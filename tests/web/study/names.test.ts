import { describe, expect, it } from 'vitest';
import { parseNames, type StudyDefinition } from '../../../web/protocol/studies.ts';
import { study } from './study-case.ts';

const [check] = study.checks;
const two: StudyDefinition = { ...study, checks: [check!, { ...check!, name: 'far ahead' }] };

describe('names of checks and metrics in an attribute', () => {
  it('are taken in the order written, each once, and none means none in particular', () => {
    expect(parseNames(two, 'checks', 'far ahead, ahead,far ahead')).toEqual(['far ahead', 'ahead']);
    expect(parseNames(two, 'metrics', ' accuracy ,')).toEqual(['accuracy']);
    expect(parseNames(two, 'checks', '')).toEqual([]);
  });

  it('must be of the study, and of the kind that is asked for', () => {
    expect(() => parseNames(two, 'checks', 'ahead,behind')).toThrow(
      'E99 has no check “behind”; it has ahead, far ahead.',
    );
    expect(() => parseNames(two, 'metrics', 'ahead')).toThrow('E99 has no metric “ahead”; it has accuracy.');
    expect(() => parseNames(two, 'metrics', 'toString')).toThrow(/“toString”/);
    expect(() => parseNames(two, 'metrics', 'x'.repeat(9999))).toThrow(/^.{1,100}$/);
  });
});
