import type { Experiment } from '../protocol/experiment.ts';
import type { LabSetup } from '../protocol/lab-session.ts';
import type { ArgsOf, OperationName, ResultOf } from '../protocol/operations.ts';
import type { Tensor } from '../protocol/tensor.ts';
import { sizeOf, planOf } from './plan.ts';
import type { StoredTensor } from './safetensors.ts';

/** An engine of one's own: `EngineClient` of the page, or `Engine` under Node. */
export interface Caller {
  call<K extends OperationName>(operation: K, args: ArgsOf<K>): Promise<ResultOf<K>> | ResultOf<K>;
}

export interface RecordOptions {
  steps: number;
  signal?: AbortSignal;
  onProgress?: (done: number) => void;
}

/**
 * What the exported programs train from: the examples as the network gets them, the initial weights, and, for so many
 * steps, which examples were in each batch, what dropout kept, and the losses. It is found by running the experiment
 * from its start, in `engine`.
 *
 *   train_x, train_y, test_x, test_y      initial.<name in the state_dict>
 *   batch_sizes (steps)    batch_members (all batches one behind the other)    losses (steps)
 *   kept.<layer> (all batches, units)     1 where dropout kept the value
 *
 * A run that diverges ends with the loss that is not finite, and so does its recording.
 */
export async function recordRun(
  engine: Caller,
  data: LabSetup['data'],
  arm: Experiment,
  { steps, signal, onProgress }: RecordOptions,
): Promise<Map<string, StoredTensor>> {
  const made = await engine.call('data_create', data);
  const { data: _, ...experiment } = arm;
  const { model } = await engine.call('model_create', { experiment, data: made.data });
  try {
    const tensors = new Map<string, StoredTensor>();
    for (const set of ['train', 'test'] as const) {
      if (made[set] === 0) continue;
      // oxlint-disable-next-line no-await-in-loop -- two sets, one engine
      const { x, y } = await engine.call('data_read', { data: made.data, set });
      tensors.set(`${set}_x`, x).set(`${set}_y`, y);
    }
    for (const name of (await engine.call('model_names', { model })).names.split('\n').filter(Boolean)) {
      // oxlint-disable-next-line no-await-in-loop -- one model answers one question at a time
      tensors.set(`initial.${name}`, (await engine.call('model_get', { model, name })).value);
    }
    for (const [name, tensor] of await recordSteps(engine, model, arm, { steps, signal, onProgress })) {
      tensors.set(name, tensor);
    }
    return tensors;
  } finally {
    await engine.call('model_free', { model });
    await engine.call('data_free', { data: made.data });
  }
}

interface Stepping {
  steps: number;
  signal: AbortSignal | undefined;
  onProgress: ((done: number) => void) | undefined;
}

async function recordSteps(
  engine: Caller,
  model: number,
  arm: Experiment,
  { steps, signal, onProgress }: Stepping,
): Promise<Map<string, StoredTensor>> {
  const layers = planOf(arm);
  const dropouts = layers.filter(({ spec }) => spec.kind === 'dropout');
  const losses: number[] = [];
  const sizes: number[] = [];
  const members: Int32Array[] = [];
  const kept = new Map(dropouts.map(({ index }) => [index, [] as Uint8Array[]]));
  for (let step = 0; step < steps; step++) {
    signal?.throwIfAborted();
    /* oxlint-disable no-await-in-loop -- each step follows from the one before */
    const { losses: loss, diverged } = await engine.call('model_train', { model, steps: 1 });
    const batch = await engine.call('model_batch', { model });
    losses.push(loss.data[0] ?? NaN);
    sizes.push(batch.members.data.length);
    members.push(batch.members.data);
    for (const { index } of dropouts) {
      const { value } = await engine.call('model_record', { model, layer: index, what: 'output' });
      // A value that was 0 before says nothing, and changes nothing either way.
      kept.get(index)!.push(Uint8Array.from(value.data, (number) => (number === 0 ? 0 : 1)));
    }
    /* oxlint-enable no-await-in-loop */
    onProgress?.(step + 1);
    if (diverged) break;
  }
  const rows = members.reduce((sum, { length }) => sum + length, 0);
  const recorded = new Map<string, StoredTensor>([
    ['batch_sizes', vector(Int32Array.from(sizes))],
    ['batch_members', vector(Int32Array.from(members.flatMap((batch) => [...batch])))],
    ['losses', vector(Float64Array.from(losses))],
  ]);
  for (const { index, out } of dropouts) {
    const all = new Uint8Array(rows * sizeOf(out));
    let at = 0;
    for (const part of kept.get(index)!) {
      all.set(part, at);
      at += part.length;
    }
    recorded.set(`kept.${index}`, { shape: [rows, sizeOf(out)], data: all });
  }
  return recorded;
}

function vector<A extends Int32Array | Float64Array>(data: A): Tensor<A> {
  return { shape: [data.length], data };
}
