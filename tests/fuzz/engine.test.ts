import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Engine, EngineError } from '../../wasm/engine.ts';
import { compileLab, LabProblem, type LabValue } from '../../web/protocol/lab.ts';
import { labPresetNames, presetLab } from '../../web/protocol/lab-presets.ts';
import { anyLab, anySetting } from '../web/lab-arbitrary.ts';
import { load, memoryOf } from '../wasm/support.ts';
import { fuzz, must } from './inputs.ts';

/** The binary's own limit; what would need more is refused, and the engine goes on. */
const MOST_MEMORY = 2 ** 30;

/** One of the presets with some settings changed, of both networks or of the second: most of these can be run. */
const nearPreset = fc
  .tuple(
    fc.constantFrom(...labPresetNames),
    fc.array(anySetting, { maxLength: 2 }),
    fc.array(anySetting, { maxLength: 2 }),
  )
  .map(([name, both, second]): LabValue => ({
    ...presetLab(name),
    ...Object.assign({}, ...both),
    b: Object.assign({}, ...second) as Partial<LabValue>,
  }));

describe('an experiment that a link may hold', () => {
  let engine: Engine;
  let memory: WebAssembly.Memory;
  beforeAll(async () => {
    ({ engine, memory } = await memoryOf(() => load('simd')));
  });

  /** Both networks beside each other, as a session has them, and gone again; false: refused. */
  function run(value: LabValue): boolean {
    let data: number | undefined;
    const models: { free(): void }[] = [];
    try {
      const setup = compileLab(value);
      ({ data } = engine.call('data_create', setup.data));
      for (const experiment of setup.arms) {
        const model = engine.model(experiment, data);
        models.push(model);
        model.train(1);
      }
      return true;
    } catch (error) {
      if (!(error instanceof LabProblem)) {
        must(error instanceof EngineError);
        must(!/internal error/.test((error as EngineError).message));
      }
      return false;
    } finally {
      for (const model of models) model.free();
      if (data !== undefined) engine.call('data_free', { data });
    }
  }

  it('is run or refused, in bounded memory, and leaves nothing behind', () => {
    const answers = fuzz('lab on the engine', fc.oneof(anyLab, nearPreset), (value) => {
      const outcome = run(value) ? 'run' : 'refused';
      must(memory.buffer.byteLength <= MOST_MEMORY);
      return outcome;
    });
    expect(answers['run']).toBeGreaterThan(5);
    // However much was asked for: what was freed can be had again.
    expect(run(presetLab('start'))).toBe(true);
  });
});
