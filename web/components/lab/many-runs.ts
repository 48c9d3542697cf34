import type { LabPool } from '../../client/lab.ts';
import { armOf, compileLab, type LabExamples, type LabValue } from '../../protocol/lab.ts';
import type { LabJob, LabJobResult, LabModes, LabPoint } from '../../protocol/lab-session.ts';
import type { Mode } from '../../protocol/vocabulary.ts';

/** Runs that nobody watches: one model from its start to its last step, many of them side by side. */

export interface Run {
  value: LabValue;
  arm: number;
  /** Added to each of the value's seeds, so that A and B of one number are a pair. */
  seed: number;
}

export type Outcome = { arm: LabJobResult['arms'][number] } | { problem: string };

export interface RunOptions {
  steps: number;
  /** Steps between two points; 0: only the end. */
  every: number;
  examples: LabExamples | undefined;
  signal: AbortSignal;
  /** What to wait for before each run, if anything. */
  ready?: () => Promise<void> | undefined;
  onOutcome(index: number, outcome: Outcome): void;
}

/** Examples of a set each run is scored on at most. */
const LIMIT = 1000;

function jobOf({ value, arm, seed }: Run, { steps, every, examples }: RunOptions): LabJob {
  // The arm by itself: what the other cannot do does not concern it.
  const alone: LabValue = {
    ...value,
    ...armOf(value, arm),
    compare: false,
    b: {},
    seed_data: value.seed_data + seed,
    seed_init: value.seed_init + seed,
    seed_order: value.seed_order + seed,
  };
  return { setup: compileLab(alone, examples), steps, every, limit: LIMIT };
}

/**
 * Runs all, on all workers. A run that is refused (a batch of one example, say) is an outcome like another and does not end
 * the others. Rejects only when aborted.
 */
export async function runMany(
  pool: Pick<LabPool, 'run' | 'workers'>,
  runs: readonly Run[],
  options: RunOptions,
): Promise<void> {
  const one = async (run: Run, index: number) => {
    let outcome: Outcome;
    try {
      const { signal, ready } = options;
      const [result] = await pool.run([jobOf(run, options)], { signal, ...(ready && { ready }) });
      outcome = { arm: result!.arms[0]! };
    } catch (error) {
      options.signal.throwIfAborted();
      outcome = { problem: reasonOf(error) };
    }
    options.signal.throwIfAborted();
    options.onOutcome(index, outcome);
  };
  // No more at a time than can run: what has begun waits for a worker, and no longer for `ready`.
  let next = 0;
  const lane = async () => {
    while (next < runs.length) {
      const index = next++;
      await one(runs[index]!, index);
    }
  };
  await Promise.all(Array.from({ length: pool.workers }, lane));
}

/** Without what the pool and the engine put before the reason: which job, which operation. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/^Job \d+ of \d+: /, '').replace(/^(data|model)_create: /, '');
}

/** What of a point is looked at. */
export interface Measure {
  set: 'train' | 'test';
  mode: Mode;
  quantity: 'accuracy' | 'loss';
}

export function measureOf(point: LabPoint, { set, mode, quantity }: Measure): number {
  const modes: LabModes | undefined = point[set];
  return modes?.[mode][quantity] ?? NaN;
}

/** What a diverged run counts as. */
export function worst({ quantity }: Measure, classes: number): number {
  return quantity === 'loss' ? Infinity : 1 / classes;
}

/** The measure at a run's end; `classes` says what chance is. NaN where the run was refused. */
export function finalOf(outcome: Outcome, measure: Measure, classes: number): number {
  if ('problem' in outcome) return NaN;
  if (outcome.arm.divergence) return worst(measure, classes);
  const last = outcome.arm.points.at(-1);
  return last ? measureOf(last, measure) : NaN;
}

export const hasDiverged = (outcome: Outcome): boolean =>
  'arm' in outcome && outcome.arm.divergence !== undefined;

export const MEASURES: readonly Measure[] = (['accuracy', 'loss'] as const).flatMap((quantity) =>
  (['test', 'train'] as const).flatMap((set) =>
    (['inference', 'training'] as const).map((mode) => ({ set, mode, quantity })),
  ),
);

export function measureName({ set, mode, quantity }: Measure): string {
  return `${set === 'test' ? 'test' : 'training'} set, ${quantity}, ${mode} mode`;
}
