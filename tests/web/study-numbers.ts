import type { Engine } from '../../wasm/engine.ts';
import { type StudyOutcome, intervalAt } from '../../web/components/study/outcome.ts';
import {
  AS_DEFINED,
  pointsOf,
  type StudyDefinition,
  type StudySetting,
  type StudyVerdict,
} from '../../web/protocol/studies.ts';
import { geometricInterval, interval } from '../../web/components/lab/summary.ts';

export function studiesOf(engine: Engine): readonly StudyDefinition[] {
  return JSON.parse(engine.call('study_list', {}).studies) as StudyDefinition[];
}

/** The fast version: what the tests of a study run. */
export function fastSetting(study: StudyDefinition): StudySetting {
  const knobs = study.knobs.flatMap(({ name, fast }) => (fast === undefined ? [] : [[name, fast] as const]));
  const points = study.axis?.fast ?? [];
  return { knobs: Object.fromEntries(knobs), ...(points.length > 0 && { points }) };
}

/** A study as the page runs it at first, or with another setting: what its prose may tell of it. */
export class Measured implements StudyOutcome {
  readonly records;

  constructor(
    readonly engine: Engine,
    readonly study: StudyDefinition,
    readonly setting: StudySetting = AS_DEFINED,
    seeds: number = study.seeds,
  ) {
    const { points } = setting;
    this.records = Array.from({ length: seeds }, (_, seed) => {
      const { values, numbers } = engine.call('study_run', {
        study: study.id,
        seed,
        knobs: setting.knobs,
        ...(points && { points: Float64Array.from(points) }),
      });
      return { seed, values: values.data, numbers: numbers.data };
    });
  }

  /** Over the seeds; at a point where the study has points. Of a metric on a logarithmic axis, the geometric mean. */
  mean(metric: string, arm: string, point = 0): number {
    const { study } = this;
    const at = [
      study.metrics.findIndex(({ name }) => name === metric),
      study.arms.findIndex(({ name }) => name === arm),
      pointsOf(study, this.setting).indexOf(point),
    ] as const;
    if (at.includes(-1)) throw new Error(`${study.id} measures no ${metric} of ${arm} at ${point}`);
    return intervalAt(this, at).mean;
  }

  /** Of a check's quantity, over the seeds; of a ratio the geometric mean. */
  quantity(check: string): number {
    const at = this.study.checks.findIndex(({ name }) => name === check);
    const numbers = this.records.map(({ numbers }) => numbers[at]!);
    return (this.study.checks[at]?.statistic === 'ratio' ? geometricInterval : interval)(numbers).mean;
  }

  verdicts(): readonly StudyVerdict[] {
    const data = Float64Array.from(this.records.flatMap(({ numbers }) => [...numbers]));
    const shape = [this.records.length, this.study.checks.length];
    const { verdicts } = this.engine.call('study_judge', { study: this.study.id, numbers: { shape, data } });
    return JSON.parse(verdicts) as StudyVerdict[];
  }
}

/** By name, as a page asks for it. */
export function measured(engine: Engine, name: string): Measured {
  const study = studiesOf(engine).find((study) => study.name === name);
  if (!study) throw new Error(`there is no study ${name}`);
  return new Measured(engine, study);
}
