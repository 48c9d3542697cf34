import type { Engine } from '../../wasm/engine.ts';
import type { LabJob, LabJobResult, LabPoint } from '../protocol/lab-session.ts';
import type { LabArm } from './lab-arm.ts';
import { LabArms } from './lab-arms.ts';
import type { Work } from './slices.ts';

/** Batch losses whose mean a point tells where there is no point before it to count from. */
const BATCHES = 10;

/** Runs a job from its first step to its last. Its result depends on the job alone; the clock only says when to yield. */
export function* runJob(engine: Engine, job: LabJob, now: () => number): Work<LabJobResult> {
  const { steps, every, limit } = job;
  const arms = new LabArms(engine, job.setup, now);
  try {
    const points = arms.all.map((): LabPoint[] => []);
    const score = function* (which: readonly LabArm[]): Work {
      for (const arm of which) {
        points[arms.all.indexOf(arm)]!.push(yield* arm.point(limit, arms.data.test > 0));
      }
    };
    if (every > 0) yield* score(arms.all);
    while (arms.live.length > 0 && arms.step < steps) {
      const before = arms.live;
      const next = every > 0 ? Math.min(steps, nextMultiple(every, arms.step)) : steps;
      arms.advance(next - arms.step, every || BATCHES);
      yield;
      // Only a diverged arm's own step is looked at: how far the other is by then depends on the clock.
      yield* score(before.filter(({ step, divergence }) => step === next || divergence));
    }
    return {
      arms: arms.all.map(({ divergence }, index) => ({
        points: points[index]!,
        ...(divergence && { divergence }),
      })),
    };
  } finally {
    arms.free();
  }
}

/** The first multiple after `step`. */
export function nextMultiple(every: number, step: number): number {
  return (Math.floor(step / every) + 1) * every;
}
