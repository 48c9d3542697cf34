import type { Engine } from '../../wasm/engine.ts';
import { interval } from '../../web/components/lab/summary.ts';
import type { Timed } from '../../web/protocol/messages.ts';
import { defaultsOf } from '../../web/protocol/properties.ts';
import type { Study } from '../../web/components/study/definition.ts';
import { StudyOutcome } from '../../web/components/study/outcome.ts';
import { study as doubleWell } from '../../web/components/study/studies/double-well.ts';
import { study as fixedBatches } from '../../web/components/study/studies/fixed-batches.ts';
import { study as gradientNoise } from '../../web/components/study/studies/gradient-noise.ts';

/** A study as the page runs it at first, with seeds 1 to as many as it says. */
export function outcomeOf(engine: Engine, study: Study, knobs = {}): StudyOutcome {
  const values = { ...defaultsOf(study.knobs), ...knobs };
  const outcome = new StudyOutcome(study.seeds);
  for (let seed = 0; seed < study.seeds; seed++) {
    for (const [call, args] of study.calls(values).entries()) {
      const result = engine.call(study.operation, { ...args, seed: seed + 1 } as never);
      const answer = { result, milliseconds: NaN } as Timed<never>;
      for (const measurement of study.measure(answer, call, values)) outcome.add(seed, measurement);
    }
  }
  return outcome;
}

/** What “One, some or all” says came out. */
export function chapter3(engine: Engine) {
  const noise = outcomeOf(engine, gradientNoise);
  const well = outcomeOf(engine, doubleWell);
  const fixed = outcomeOf(engine, fixedBatches);
  const mean = (outcome: StudyOutcome, series: string, condition = 0) =>
    interval(outcome.values(series, condition)).mean;
  const escaped = (condition: number) => 100 * mean(well, 'escaped', condition);
  return {
    noise: {
      slope: mean(noise, 'slope'),
      full: mean(noise, 'full'),
      one: mean(noise, 'noise', 0),
      most: mean(noise, 'noise', 8),
    },
    well: {
      one: escaped(0),
      two: escaped(1),
      four: escaped(2),
      eight: escaped(3),
      crossings_one: mean(well, 'crossings', 0),
      crossings_two: mean(well, 'crossings', 1),
    },
    fixed: { batch: 100 * mean(fixed, 'gain', 0), none: 100 * mean(fixed, 'gain', 1) },
  };
}
