import type { ArgsOf } from '../protocol/operations.ts';
import {
  AS_DEFINED,
  checkSetting,
  pointsOf,
  type StudyDefinition,
  type StudyRecord,
  type StudySetting,
  type StudyVerdict,
} from '../protocol/studies.ts';
import { fetchBinary, fetchStudyDefinitions } from './binary.ts';
import type { LabPool } from './lab.ts';
import { createLabPool } from './pool.ts';

/** What runs studies: a pool of workers whose engine has StudyOperation. */
export type StudyPool = Pick<LabPool, 'call' | 'workers'>;

let shared: LabPool | undefined;

/** The workers of all studies of the page; nobody closes them. */
export function sharedStudyPool(): StudyPool {
  return (shared ??= createLabPool({ wasm: () => fetchBinary('studies') }));
}

const lists = new WeakMap<StudyPool, Promise<readonly StudyDefinition[]>>();

/**
 * All definitions, in the order of their ids. Of the shared pool they come as a file, so that the engine itself is fetched only
 * when a study is run. Rejects with a sentence for the visitor where they cannot be had.
 */
export function loadStudies(pool: StudyPool = sharedStudyPool()): Promise<readonly StudyDefinition[]> {
  const known = lists.get(pool);
  if (known) return known;
  const text = pool === shared ? fetchStudyDefinitions() : listOf(pool);
  const list = text.then((studies) => JSON.parse(studies) as readonly StudyDefinition[]);
  // What could not be had now may be had later.
  list.catch(() => lists.delete(pool));
  lists.set(pool, list);
  return list;
}

async function listOf(pool: StudyPool): Promise<string> {
  const [answer] = await pool.call('study_list', [{}]);
  return answer!.result.studies;
}

/** By id or name; rejects with a sentence where there is none. */
export async function loadStudy(id: string, pool: StudyPool = sharedStudyPool()): Promise<StudyDefinition> {
  const studies = await loadStudies(pool);
  const study = studies.find((study) => study.id === id || study.name === id);
  if (study) return study;
  const names = studies.map(({ name }) => name).join(', ');
  throw new RangeError(`There is no study called “${id.slice(0, 60)}”; there are ${names}.`);
}

export interface StudyRun {
  setting?: StudySetting;
  seeds: readonly number[];
  signal?: AbortSignal;
  /** As each seed is finished, in any order, with how long the engine computed. */
  onRecord?: (record: StudyRecord, milliseconds: number) => void;
  /** What to wait for before each seed or point, if anything. */
  ready?: () => Promise<void> | undefined;
}

/**
 * Runs the seeds, on all workers of the pool; those of a timed study one after the other, point by point. Resolves to the
 * records in the order of `seeds`. Rejects when the engine refuses, or with the signal's reason.
 */
export async function runStudy(
  study: StudyDefinition,
  run: StudyRun,
  pool: StudyPool = sharedStudyPool(),
): Promise<readonly StudyRecord[]> {
  const { setting = AS_DEFINED, seeds, signal, onRecord, ready } = run;
  checkSetting(study, setting);
  if (study.timed) return runTimed(study, { ...run, setting }, pool);
  const records: StudyRecord[] = [];
  const calls = seeds.map((seed) => argumentsOf(study, setting, seed));
  await pool.call('study_run', calls, {
    ...(signal && { signal }),
    ...(ready && { ready }),
    onResult: (index, { result, milliseconds }) => {
      const record = { seed: seeds[index]!, values: result.values.data, numbers: result.numbers.data };
      records[index] = record;
      onRecord?.(record, milliseconds);
    },
  });
  return records;
}

/** Judges the checks of a study by what its seeds gave, in the order of its checks. */
export async function judgeStudy(
  study: StudyDefinition,
  records: readonly StudyRecord[],
  pool: StudyPool = sharedStudyPool(),
): Promise<readonly StudyVerdict[]> {
  if (records.length === 0) return [];
  const numbers = {
    shape: [records.length, study.checks.length],
    data: Float64Array.from(records.flatMap((record) => [...record.numbers])),
  };
  const [answer] = await pool.call('study_judge', [{ study: study.id, numbers }]);
  return JSON.parse(answer!.result.verdicts) as StudyVerdict[];
}

/** Point by point and one after the other, so that nothing but the point's own work is in its time. */
async function runTimed(
  study: StudyDefinition,
  { setting, seeds, signal, onRecord, ready }: StudyRun & { setting: StudySetting },
  pool: StudyPool,
): Promise<readonly StudyRecord[]> {
  const points = pointsOf(study, setting);
  const clock = study.metrics.findIndex((metric) => metric.name === 'milliseconds');
  const records: StudyRecord[] = [];
  for (const seed of seeds) {
    const calls = points.map((point) => argumentsOf(study, { ...setting, points: [point] }, seed));
    const answers = await pool.call('study_run', calls, {
      ...(signal && { signal }),
      ...(ready && { ready }),
      atOnce: 1,
    });
    const values = new Float64Array(study.metrics.length * points.length);
    for (const [at, { result, milliseconds }] of answers.entries())
      for (const metric of study.metrics.keys())
        values[metric * points.length + at] = metric === clock ? milliseconds : result.values.data[metric]!;
    const shape = [study.metrics.length, 1, points.length];
    const [measured] = await pool.call('study_measure', [
      { ...argumentsOf(study, setting), values: { shape, data: values } },
    ]);
    const record = { seed, values, numbers: measured!.result.numbers.data };
    records.push(record);
    onRecord?.(
      record,
      answers.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
    );
  }
  return records;
}

type Chosen = Pick<ArgsOf<'study_run'>, 'study' | 'knobs' | 'points'>;

function argumentsOf(study: StudyDefinition, setting: StudySetting): Chosen;
function argumentsOf(study: StudyDefinition, setting: StudySetting, seed: number): Chosen & { seed: number };
function argumentsOf(study: StudyDefinition, { knobs, points }: StudySetting, seed?: number): Chosen {
  return {
    study: study.id,
    knobs,
    ...(seed !== undefined && { seed }),
    ...(points && { points: Float64Array.from(points) }),
  };
}
