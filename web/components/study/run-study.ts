import type { LabPool } from '../../client/lab.ts';
import { createLabPool } from '../../client/pool.ts';
import type { ArgsOf, StudyName } from '../../protocol/operations.ts';
import type { PropertyList, ValuesOf } from '../../protocol/properties.ts';
import type { Study } from './definition.ts';
import type { StudyOutcome } from './outcome.ts';

/** What a study is run with. */
export interface StudyPlan {
  knobs: ValuesOf<PropertyList>;
  seeds: number;
  first_seed: number;
}

let shared: LabPool | undefined;

/** The workers of all studies of the page; nobody closes them. */
export function sharedPool(): LabPool {
  return (shared ??= createLabPool());
}

/** How many calls a plan takes. */
export function callCount(study: Study, { knobs, seeds }: StudyPlan): number {
  return seeds * study.calls(knobs).length;
}

/**
 * Runs all seeds, one after the other as far as there is one worker, and adds what each call measured to the outcome as it
 * comes. Rejects when the engine refuses, or with the signal's reason.
 */
export async function runStudy(
  pool: Pick<LabPool, 'call'>,
  study: Study,
  { knobs, seeds, first_seed }: StudyPlan,
  outcome: StudyOutcome,
  { signal, onCall }: { signal: AbortSignal; onCall: () => void },
): Promise<void> {
  const calls = study.calls(knobs);
  const all = Array.from({ length: seeds }, (_, seed) =>
    calls.map((args) => ({ ...args, seed: first_seed + seed }) as ArgsOf<StudyName>),
  ).flat();
  await pool.call(study.operation, all, {
    signal,
    ...(study.alone && { atOnce: 1 }),
    onResult: (index, answer) => {
      const call = index % calls.length;
      const seed = (index - call) / calls.length;
      for (const measurement of study.measure(answer, call, knobs)) outcome.add(seed, measurement);
      onCall();
    },
  });
}
