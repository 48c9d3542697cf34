import { beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../wasm/engine.ts';
import type { EngineOperation } from '../../web/protocol/operations.ts';
import { contracts } from './contracts.ts';
import { load } from './support.ts';

// The binary of the one file: the other two in one.
let whole: Engine;
let engine: Engine;
let studies: Engine;

beforeAll(async () => {
  [whole, engine, studies] = await Promise.all([
    load('simd', 'whole'),
    load('simd'),
    load('simd', 'studies'),
  ]);
});

const OPERATIONS = Object.keys(contracts(1, 1)) as EngineOperation[];

/** The answer, or the words of the refusal: here nothing was created beforehand that could be asked about. */
function answer(from: Engine, operation: EngineOperation): unknown {
  try {
    return from.call(operation, contracts(1, 1)[operation].args as never);
  } catch (error) {
    return String(error);
  }
}

// How much memory there is differs.
test.each(OPERATIONS.filter((name) => name !== 'memory'))('answers %s as engine.wasm', (operation) => {
  expect(answer(whole, operation)).toEqual(answer(engine, operation));
});

test('has the studies of studies.wasm, with the same numbers', () => {
  expect(whole.call('study_list', {})).toEqual(studies.call('study_list', {}));
  for (const study of ['E1', 'E28']) {
    const args = { study, seed: 2 };
    expect(whole.call('study_run', args)).toEqual(studies.call('study_run', args));
  }
});
