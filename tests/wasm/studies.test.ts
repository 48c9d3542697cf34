import { beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../wasm/engine.ts';
import type { StudyDefinition, StudyVerdict } from '../../web/protocol/studies.ts';
import { BINARIES, load, refusal } from './support.ts';

/**
 * What the shipped binary says of its studies, and what it measures. Which checks hold natively, with all seeds, is tested in
 * tests/native/experiments; here is a sample of them, in WebAssembly.
 */
const SAMPLE = ['E1', 'E2', 'E4', 'E8', 'E11', 'E15', 'E21d', 'E25', 'E28', 'E30', 'E31', 'E33'];

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
    expect(studies.flatMap(flawsOf)).toEqual([]);
  });

  test.each(SAMPLE)('%s comes out as its checks say', (id) => {
    const study = studies.find((study) => study.id === id)!;
    const rows = Array.from({ length: study.fast_seeds }, (_, seed) => [...numbersOf(study, seed)]);
    const numbers = { shape: [rows.length, study.checks.length], data: Float64Array.from(rows.flat()) };
    const verdicts = JSON.parse(
      engine.call('study_judge', { study: id, numbers }).verdicts,
    ) as StudyVerdict[];
    expect(verdicts.map(({ check }) => check)).toEqual(study.checks.map(({ name }) => name));
    const asserted = study.checks.flatMap(({ kind }, i) => (kind === 'open' ? [] : [verdicts[i]!]));
    expect(asserted.length).toBeGreaterThan(0);
    expect(asserted.filter(({ decision }) => decision !== 'holds')).toEqual([]);
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

/** What is missing or contradictory in a definition, as sentences. */
function flawsOf(study: StudyDefinition): string[] {
  const { id, knobs, axis, arms, metrics, checks } = study;
  const flaws: string[] = [];
  const demand = (met: boolean, what: string) => met || flaws.push(`${id}: ${what}`);
  demand(/^E\d+[a-z]?$/.test(id), 'id');
  demand(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(study.name), `name ${study.name}`);
  for (const key of ['title', 'question', 'method', 'source'] as const)
    demand(study[key].length > 10, `${key} “${study[key]}”`);
  for (const [what, list] of Object.entries({ knobs, arms, metrics, checks }))
    demand(new Set(list.map(({ name }) => name)).size === list.length, `two ${what} of one name`);
  demand(arms.length > 0 && metrics.length > 0 && checks.length > 0, 'nothing measured or asked');
  // What follows from algebra may do without a seed.
  const enough = checks.every(({ kind }) => kind === 'exact') ? 1 : 5;
  demand(study.fast_seeds >= enough && study.seeds >= study.fast_seeds, 'number of seeds');
  for (const knob of knobs)
    for (const value of [knob.value, knob.fast ?? knob.value])
      demand(isWithin(knob, value), `${knob.name} ${value}`);
  for (const point of [...(axis?.points ?? []), ...(axis?.fast ?? [])])
    demand(isWithin(axis!, point), `point ${point}`);
  for (const check of checks) {
    demand(check.low !== undefined || check.high !== undefined, `${check.name} asks for nothing`);
    demand(/[.?]$/.test(check.statement), `${check.name} states “${check.statement}”`);
    demand(!/[.:]$/.test(check.quantity), `${check.name} measures “${check.quantity}”`);
  }
  return flaws;
}

function isWithin({ min, max, whole }: { min: number; max: number; whole: boolean }, value: number): boolean {
  return value >= min && value <= max && (!whole || Number.isInteger(value));
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
