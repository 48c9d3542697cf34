import { beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../wasm/engine.ts';
import type { FigureOperation, EngineOperation } from '../../web/protocol/operations.ts';
import { contracts } from './contracts.ts';
import { BINARIES, load, refusal } from './support.ts';

/** The smaller binary, which pages without training load: part of the whole one, and in that part the same. */
const IN_FIGURES = Object.keys({
  version: true,
  memory: true,
  batch_norm_forward: true,
  batch_norm_backward: true,
  batch_norm_fold: true,
  batch_norm_walk: true,
  neuron_run: true,
  running_statistics: true,
  describe: true,
  linear_forward: true,
  linear_backward: true,
  activation_forward: true,
  activation_backward: true,
  loss: true,
  sgd_step: true,
  random: true,
} satisfies Record<FigureOperation, true>) as FigureOperation[];

describe.each(BINARIES)('the %s binary for figures', (binary) => {
  let figures: Engine;
  let whole: Engine;

  beforeAll(async () => {
    [figures, whole] = await Promise.all([load(binary, 'figures'), load(binary)]);
  });

  // How much memory there is differs.
  test.each(IN_FIGURES.filter((name) => name !== 'memory'))('answers %s as the whole one', (operation) => {
    const { args } = contracts(1, 1)[operation];
    expect(figures.call(operation, args as never)).toEqual(whole.call(operation, args as never));
  });

  test('has no other operation', () => {
    const table = contracts(1, 1);
    const others = (Object.keys(table) as EngineOperation[]).filter(
      (name) => !IN_FIGURES.includes(name as never),
    );
    expect(others).toContain('model_train');
    for (const operation of others) {
      const error = refusal(() => figures.call(operation, table[operation].args as never));
      expect(error).toMatchObject({ argument: 'operation', actual: `'${operation}'` });
    }
    expect(figures.call('memory', {}).bytes).toBeGreaterThan(0);
  });
});
