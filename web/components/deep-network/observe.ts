import type { EngineClient } from '../../client/engine-client.ts';
import type { Data } from '../../protocol/experiment.ts';
import type { ResultOf } from '../../protocol/operations.ts';
import { tensor } from '../../protocol/tensor.ts';
import { BATCH, type DeepActivation, type DeepSettings, layersOf } from './settings.ts';

/** What one hidden layer does in the batch looked at. */
export interface LayerSignals {
  /** What its nonlinearity receives, and what it passes on: counts over ±rangeOf, values beyond in the outermost bins. */
  readonly received: Int32Array;
  readonly passed: Int32Array;
  /** Of the values received, over all units and examples. */
  readonly std: number;
  /** How far examples lie apart in one unit: the standard deviation over the batch, the mean over all units. */
  readonly spread: number;
  /** ‖∂L/∂W‖ of its weights. */
  readonly gradient: number;
}

export interface NetworkSignals {
  /** One per hidden layer; empty where training left the numbers. */
  readonly layers: readonly LayerSignals[];
  /** The update in which a number stopped being finite. */
  readonly diverged: number | undefined;
  /** Share of the test set that is recognised, in inference mode. */
  readonly accuracy: number;
}

export interface DeepSignals {
  readonly none: NetworkSignals;
  readonly batch: NetworkSignals;
}

export const BINS = 41;

export type Shown = 'received' | 'passed';

/** Half of a histogram's axis: tanh and sigmoid pass on nothing beyond 1. */
export function rangeOf(shown: Shown, activation: DeepActivation): number {
  return shown === 'passed' && activation !== 'relu' ? 1 : 4;
}

const DATA: Data = { kind: 'glyphs', count: 1200, noise: 0.2, test: 0.25, standardize: true };
const SEED = 1;

type Caller = Pick<EngineClient, 'call'>;

/** Examples that all looks share. */
export async function createData(engine: Caller): Promise<number> {
  return (await engine.call('data_create', { data: DATA, seed: SEED })).data;
}

/** Two networks that differ in batch normalization only, on the same batches, looked at after so many updates. */
export async function observe(engine: Caller, data: number, settings: DeepSettings): Promise<DeepSignals> {
  return {
    none: await observeOne(engine, data, settings, false),
    batch: await observeOne(engine, data, settings, true),
  };
}

async function observeOne(
  engine: Caller,
  data: number,
  settings: DeepSettings,
  normalised: boolean,
): Promise<NetworkSignals> {
  const layers = layersOf(settings, normalised);
  const { model } = await engine.call('model_create', {
    data,
    experiment: {
      version: 1,
      seeds: { data: SEED, init: SEED, order: SEED },
      batch: { size: BATCH, last: 'drop' },
      model: { inputs: 144, layers },
      loss: 'cross_entropy',
      optimizer: { lr: settings.lr },
    },
  });
  try {
    // A step records what it meets before it changes the weights: the one after the updates asked for is the look.
    const { diverged, step } = await engine.call('model_train', { model, steps: settings.steps + 1 });
    const { accuracy } = await engine.call('model_score', { model, mode: 'inference', set: 'test' });
    if (diverged) return { layers: [], diverged: step, accuracy };
    const look = (shown: Shown) =>
      engine.call('model_observe', { model, bins: BINS, range: rangeOf(shown, settings.activation) });
    const seen = { received: await look('received'), passed: await look('passed') };
    const places = layers.flatMap(({ kind }, at) => (kind === settings.activation ? [at] : []));
    const spreads = await Promise.all(places.map((at) => spreadOf(engine, model, at - 1)));
    return {
      layers: places.map((at, index) => signalsOf(seen, at, normalised, spreads[index]!)),
      diverged: undefined,
      accuracy,
    };
  } finally {
    await engine.call('model_free', { model });
  }
}

async function spreadOf(engine: Caller, model: number, layer: number): Promise<number> {
  const { value } = await engine.call('model_record', { model, layer, what: 'output' });
  const { std } = await engine.call('describe', {
    x: tensor(Float64Array.from(value.data), value.shape),
  });
  const { mean } = await engine.call('describe', { x: tensor(std.data, [std.data.length, 1]) });
  return mean.data[0]!;
}

/** Of the nonlinearity at place `at`. */
function signalsOf(
  { received, passed }: Record<Shown, ResultOf<'model_observe'>>,
  at: number,
  normalised: boolean,
  spread: number,
): LayerSignals {
  const row = ({ output }: ResultOf<'model_observe'>, layer: number) =>
    output.data.slice(layer * BINS, (layer + 1) * BINS);
  return {
    received: row(received, at - 1),
    passed: row(passed, at),
    std: received.output_std.data[at - 1]!,
    spread,
    gradient: received.weight_gradient_norm.data[normalised ? at - 2 : at - 1]!,
  };
}
