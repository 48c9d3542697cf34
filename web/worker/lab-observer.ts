import type { Engine } from '../../wasm/engine.ts';
import { EngineError } from '../protocol/engine-error.ts';
import type { LayerSpec } from '../protocol/experiment.ts';
import { gridPoints } from '../protocol/lab-grid.ts';
import type { LabArmFrame, LabPoint, LabWatch } from '../protocol/lab-session.ts';
import type { ResultOf } from '../protocol/operations.ts';
import { type Tensor, tensor } from '../protocol/tensor.ts';
import type { Mode } from '../protocol/vocabulary.ts';
import type { LabArm } from './lab-arm.ts';
import type { LabArms } from './lab-arms.ts';
import type { Work } from './slices.ts';
import { examplesPerCall } from './work-size.ts';

/** Has running statistics beside those of the batch. */
function tracks(layer: LayerSpec | undefined): boolean {
  switch (layer?.kind) {
    case 'batch_norm':
      return layer.track_running_stats ?? true;
    case 'batch_renorm':
    case 'lp_norm':
      return true;
    default:
      return false;
  }
}

/** Looks at arms as a page has asked. What does not apply to a network or to its data is left out. */
export class LabObserver {
  readonly #engine: Engine;
  readonly #arms: LabArms;
  readonly #watch: LabWatch;
  readonly #grid: Tensor<Float64Array> | undefined;
  readonly #examples: Tensor<Float32Array> | undefined;

  constructor(engine: Engine, arms: LabArms, watch: LabWatch) {
    [this.#engine, this.#arms, this.#watch] = [engine, arms, watch];
    const { inputs, test } = arms.data;
    if (watch.map && (inputs === 1 || inputs === 2)) {
      const points = gridPoints(watch.map, inputs);
      this.#grid = tensor(points, [points.length / inputs, inputs]);
    }
    // One example alone has no statistics in training mode.
    if (watch.examples && test > 1) this.#examples = arms.read('test', watch.examples).x;
  }

  *frame(arm: LabArm, index: number, points: readonly LabPoint[]): Work<LabArmFrame> {
    const { layers } = this.#watch;
    const { model, step, epoch, hasBatch, divergence } = arm;
    const frame: LabArmFrame = {
      step,
      epoch,
      points,
      members: hasBatch ? this.#engine.call('model_batch', { model }).members.data : undefined,
      ...(divergence && { divergence }),
    };
    yield;
    if (this.#grid) {
      const training = yield* this.#predict(arm, 'training', this.#grid);
      const inference = yield* this.#predict(arm, 'inference', this.#grid);
      frame.map = { training, inference };
    }
    if (layers && hasBatch) {
      frame.layers = this.#engine.call('model_observe', { model, ...layers });
      yield;
    }
    const statistics = this.#statistics(arm, index);
    if (statistics) {
      frame.statistics = statistics;
      yield;
    }
    if (this.#examples) frame.examples = yield* this.#pictures(arm, this.#examples);
    return frame;
  }

  #statistics({ model, experiment, hasBatch }: LabArm, index: number): LabArmFrame['statistics'] {
    const { layers = [], batches } = this.#watch.statistics ?? {};
    const layer = layers[index];
    if (layer === undefined || !hasBatch || !tracks(experiment.model.layers[layer])) return undefined;
    const { names } = this.#engine.call('model_names', { model });
    const parameter = (name: string) =>
      names.split('\n').includes(name) ? this.#engine.call('model_get', { model, name }).value : undefined;
    const [gamma, beta] = [parameter(`${layer}.weight`), parameter(`${layer}.bias`)];
    try {
      const statistics = this.#engine.call('model_statistics', {
        model,
        layer,
        ...(batches !== undefined && { batches }),
      });
      return { ...statistics, ...(gamma && { gamma }), ...(beta && { beta }) };
    } catch (error) {
      // About to diverge: there are batches whose statistics are not finite, and so nothing to recalibrate with.
      if (error instanceof EngineError && error.argument === 'model') return undefined;
      throw error;
    }
  }

  *#pictures(arm: LabArm, x: Tensor<Float32Array>): Work<NonNullable<LabArmFrame['examples']>> {
    const training = yield* this.#predict(arm, 'training', x);
    const inference = yield* this.#predict(arm, 'inference', x);
    if (this.#arms.data.classes === 0) return { training, inference };
    const limit = examplesPerCall(arm.experiment);
    const { confusion: inTraining } = arm.score('training', 'test', limit);
    yield;
    const { confusion: inInference } = arm.score('inference', 'test', limit);
    yield;
    const confusion = inTraining && inInference && { training: inTraining, inference: inInference };
    return { training, inference, ...(confusion && { confusion }) };
  }

  /**
   * The network's outputs, in training mode as if each example were met in the last batch. Of many examples in several
   * calls, for none to last long.
   */
  *#predict(arm: LabArm, mode: Mode, x: Tensor<Float32Array | Float64Array>): Work<Tensor<Float32Array>> {
    const [count = 0, inputs = 0] = x.shape;
    const Scalars = arm.experiment.dtype === 'float64' ? Float64Array : Float32Array;
    const calls = Math.ceil(count / examplesPerCall(arm.experiment));
    // Before the first batch there are only the examples themselves to take statistics of.
    const statistics = mode === 'training' && arm.hasBatch ? 'last_batch' : 'own';
    const parts: ResultOf<'model_evaluate'>['output'][] = [];
    for (let call = 0; call < calls; call++) {
      const [from, to] = [Math.floor((call * count) / calls), Math.floor(((call + 1) * count) / calls)];
      const data = new Scalars(x.data.subarray(from * inputs, to * inputs));
      const examples = { shape: [to - from, inputs], data };
      parts.push(
        this.#engine.call('model_evaluate', { model: arm.model, mode, x: examples, statistics }).output,
      );
      yield;
    }
    const outputs = parts[0]?.shape[1] ?? 0;
    const all = new Float32Array(count * outputs);
    let at = 0;
    for (const { data } of parts) {
      all.set(data, at);
      at += data.length;
    }
    return { shape: [count, outputs], data: all };
  }
}
