import { beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../wasm/engine.ts';
import type { StudyCheck, StudyDefinition, StudyVerdict } from '../../web/protocol/studies.ts';
import { BINARIES, load, refusal } from './support.ts';

/**
 * What the shipped binary says of its studies, and what it measures. Which checks hold natively, with all seeds, is tested in
 * tests/native/experiments; here is a sample of them, in WebAssembly.
 */
const SAMPLE = ['E1', 'E4', 'E8', 'E11', 'E15', 'E25', 'E28', 'E30'];

describe.each(BINARIES)('the studies of the %s binary', (binary) => {
  let engine: Engine;
  let studies: StudyDefinition[];

  const call = (operation: string, args: object): unknown => engine.call(operation as never, args as never);
  const numbersOf = (study: StudyDefinition, seed: number): Float64Array =>
    engine.call('study_run', { study: study.id, seed, ...fastSetting(study) }).numbers.data;

  beforeAll(async () => {
    engine = await load(binary, 'studies');
    studies = JSON.parse(engine.call('study_list', {}).studies) as StudyDefinition[];
  });

  test('define themselves completely and consistently', () => {
    expect(studies.length).toBeGreaterThan(0);
    const ids = studies.map((study) => study.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(ids.toSorted((a, b) => order(a) - order(b) || a.localeCompare(b)));
    for (const study of studies) {
      const { id } = study;
      expect(id).toMatch(/^E\d+[a-z]?$/);
      expect(study.name, id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      for (const text of [study.title, study.question, study.method, study.source])
        expect(text.length, `${id}: ${text}`).toBeGreaterThan(10);
      for (const list of [study.knobs, study.arms, study.metrics, study.checks])
        expect(new Set(list.map(({ name }) => name)).size, id).toBe(list.length);
      expect(study.arms.length, id).toBeGreaterThan(0);
      expect(study.metrics.length, id).toBeGreaterThan(0);
      expect(study.checks.length, id).toBeGreaterThan(0);
      expect(study.fast_seeds, id).toBeGreaterThanOrEqual(5);
      expect(study.seeds, id).toBeGreaterThanOrEqual(study.fast_seeds);
      for (const knob of study.knobs)
        for (const value of [knob.value, knob.fast ?? knob.value])
          expectInRange(`${id} ${knob.name}`, knob, value);
      for (const point of [...(study.axis?.points ?? []), ...(study.axis?.fast ?? [])])
        expectInRange(`${id} ${study.axis!.name}`, study.axis!, point);
      for (const check of study.checks) {
        expect(check.low ?? check.high, `${id}/${check.name}`).toBeDefined();
        expect(check.statement, `${id}/${check.name}`).toMatch(/^.+[.?]$/);
        expect(check.quantity, `${id}/${check.name}`).not.toMatch(/[.:]$/);
      }
    }
  });

  test.each(SAMPLE)('%s comes out as its checks say', (id) => {
    const study = studies.find((study) => study.id === id)!;
    const rows = Array.from({ length: study.fast_seeds }, (_, seed) => [...numbersOf(study, seed)]);
    const numbers = { shape: [rows.length, study.checks.length], data: Float64Array.from(rows.flat()) };
    const verdicts = JSON.parse(
      engine.call('study_judge', { study: id, numbers }).verdicts,
    ) as StudyVerdict[];
    expect(verdicts.map(({ check }) => check)).toEqual(study.checks.map(({ name }) => name));
    const held = (check: StudyCheck) => verdicts.find((verdict) => verdict.check === check.name)!;
    for (const check of study.checks.filter(({ kind }) => kind !== 'open'))
      expect(held(check).decision, held(check).sentence).toBe('holds');
  });

  test('give the same numbers for the same seed, and others for another', () => {
    const study = studies.find(({ id }) => id === 'E28')!;
    const first = numbersOf(study, 3);
    expect(numbersOf(study, 3)).toEqual(first);
    expect(numbersOf(study, 4)).not.toEqual(first);
  });

  test('measure what is given to them as what they measured themselves', () => {
    const study = studies.find(({ id }) => id === 'E28')!;
    const args = { study: 'E28', knobs: { steps: 20 } };
    const { values, numbers } = engine.call('study_run', { ...args, seed: 1 });
    expect(values.shape).toEqual([study.metrics.length, study.arms.length, 1]);
    expect(engine.call('study_measure', { ...args, values }).numbers).toEqual(numbers);
  });

  test('leave out what was not measured', () => {
    const study = studies.find(({ id }) => id === 'E28')!;
    const data = new Float64Array(3 * study.checks.length).fill(NaN);
    const { verdicts } = engine.call('study_judge', {
      study: 'frozen-norm',
      numbers: { shape: [3, study.checks.length], data },
    });
    expect((JSON.parse(verdicts) as StudyVerdict[])[0]).toMatchObject({ decision: 'not_measured', seeds: 0 });
  });

  test.each([
    ['an unknown study', 'study_run', { study: 'E99', seed: 0 }, 'study', "'E99'"],
    ['no seed', 'study_run', { study: 'E28' }, 'seed', 'nothing'],
    ['an unknown knob', 'study_run', { study: 'E28', seed: 0, knobs: { speed: 1 } }, 'knobs.speed', '1'],
    ['a knob out of range', 'study_run', { study: 'E28', seed: 0, knobs: { lr: 7 } }, 'knobs.lr', '7'],
    ['half a batch', 'study_run', { study: 'E28', seed: 0, knobs: { batch: 2.5 } }, 'knobs.batch', '2.5'],
    [
      'points where there are none to choose',
      'study_run',
      { study: 'E28', seed: 0, points: Float64Array.of(1) },
      'points',
      'float64',
    ],
    [
      'a point out of range',
      'study_run',
      { study: 'E4', seed: 0, points: Float64Array.of(0.1, 1e9) },
      'points',
      '1000000000',
    ],
    [
      'too many points',
      'study_run',
      { study: 'E4', seed: 0, points: new Float64Array(33).fill(0.1) },
      'points',
      '33',
    ],
    [
      'numbers of another shape',
      'study_judge',
      { study: 'E28', numbers: { shape: [1, 77], data: new Float64Array(77) } },
      'numbers',
      '(1, 77)',
    ],
    [
      'an infinite number',
      'study_judge',
      { study: 'E8', numbers: { shape: [1, 1], data: Float64Array.of(Infinity) } },
      'numbers',
      '',
    ],
  ])('refuse %s', (_, operation, args, argument, actual) => {
    const error = refusal(() => call(operation, args));
    expect(error.argument).toBe(argument);
    expect(error.actual).toContain(actual);
  });
});

/** The number of an id, "E18b" being 18. */
function order(id: string): number {
  return Number.parseInt(id.slice(1), 10);
}

function expectInRange(
  name: string,
  { min, max, whole }: { min: number; max: number; whole: boolean },
  value: number,
): void {
  expect(value, name).toBeGreaterThanOrEqual(min);
  expect(value, name).toBeLessThanOrEqual(max);
  if (whole) expect(Number.isInteger(value), name).toBe(true);
}

function fastSetting({ knobs, axis }: StudyDefinition): {
  knobs: Record<string, number>;
  points?: Float64Array;
} {
  const fast = knobs
    .filter((knob) => knob.fast !== undefined)
    .map((knob) => [knob.name, knob.fast!] as const);
  return {
    knobs: Object.fromEntries(fast),
    ...(axis && axis.fast.length > 0 && { points: Float64Array.from(axis.fast) }),
  };
}
