import type { Engine } from '../../wasm/engine.ts';
import { AS_DEFINED } from '../../web/protocol/studies.ts';
import { Measured, studiesOf } from './study-numbers.ts';

/** A study of a chapter with seeds 0 to 2, for prose that says so: all of them would take their time in every test. */
export function firstSeeds(studies: Engine, name: string): Measured {
  const study = studiesOf(studies).find((each) => each.name === name);
  if (!study) throw new Error(`there is no study ${name}`);
  return new Measured(studies, study, AS_DEFINED, 3);
}
