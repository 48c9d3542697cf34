/// <reference lib="esnext.disposable" preserve="true" />
import { EngineError } from '../web/protocol/engine-error.ts';
import type { Experiment } from '../web/protocol/experiment.ts';
import type { ArgsOf, OperationName, ResultOf } from '../web/protocol/operations.ts';
import type { Mode } from '../web/protocol/vocabulary.ts';
import type { Tensor, TypedArray } from '../web/protocol/tensor.ts';
import type { Engine } from './engine.ts';

type Inputs = ArgsOf<'model_step'>['x'];
type Targets = ArgsOf<'model_step'>['y'];
/** What an operation takes besides the model and the arguments that a method names. */
type Options<K extends OperationName, Named extends string = never> = Omit<ArgsOf<K>, 'model' | Named>;

/**
 * A network with its optimiser and data, living in the engine's memory until `free()` (or the end of a `using`
 * block). Tensors go by their `state_dict` names; everything handed out is a copy.
 */
export class Model {
  readonly #engine: Engine;
  #handle: number | undefined;

  constructor(engine: Engine, experiment: Experiment, data?: number) {
    this.#engine = engine;
    const args = { experiment, ...(data !== undefined && { data }) };
    this.#handle = engine.call('model_create', args).model;
  }

  /** Parameters and buffers in `state_dict` order. */
  names(): string[] {
    return this.#engine.call('model_names', { model: this.handle }).names.split('\n').filter(Boolean);
  }

  get(name: string): Tensor<TypedArray> {
    return this.#engine.call('model_get', { model: this.handle, name }).value;
  }

  set(name: string, value: ArgsOf<'model_set'>['value']): void {
    this.#engine.call('model_set', { model: this.handle, name, value });
  }

  /** Of the last step, by the parameter's name. */
  gradient(name: string): ResultOf<'model_gradient'>['value'] {
    return this.#engine.call('model_gradient', { model: this.handle, name }).value;
  }

  /** Steps on the experiment's own data, in its own order. */
  train(steps = 1): ResultOf<'model_train'> {
    return this.#engine.call('model_train', { model: this.handle, steps });
  }

  /** Trains on these examples, or on those of `data_create`, from now on, in an order that starts anew; the weights stay. */
  setData(data: number): void;
  setData(x: Inputs, y: Targets): void;
  setData(x: Inputs | number, y?: Targets): void {
    const args = typeof x === 'number' ? { data: x } : { x, ...(y !== undefined && { y }) };
    this.#engine.call('model_set_data', { model: this.handle, ...args });
  }

  /** One step on the given batch. */
  step(x: Inputs, y: Targets): ResultOf<'model_step'> {
    return this.#engine.call('model_step', { model: this.handle, x, y });
  }

  /** Outputs, and the loss when `y` is given; changes nothing. `statistics`: whose in training mode. */
  evaluate(
    mode: Mode,
    x: Inputs,
    y?: Targets,
    statistics?: ArgsOf<'model_evaluate'>['statistics'],
  ): ResultOf<'model_evaluate'> {
    return this.#engine.call('model_evaluate', {
      model: this.handle,
      mode,
      x,
      ...(y !== undefined && { y }),
      ...(statistics !== undefined && { statistics }),
    });
  }

  /** Loss, accuracy and confusion over the training set, the test set or the batch of the last step. */
  score(
    mode: Mode,
    set: ArgsOf<'model_score'>['set'],
    options: Options<'model_score', 'mode' | 'set'> = {},
  ): ResultOf<'model_score'> {
    return this.#engine.call('model_score', { ...options, model: this.handle, mode, set });
  }

  /** The batch of the last step. */
  batch(): ResultOf<'model_batch'> {
    return this.#engine.call('model_batch', { model: this.handle });
  }

  /** What the last step left in one layer, counted from 0. */
  record(layer: number, what: ArgsOf<'model_record'>['what']): ResultOf<'model_record'>['value'] {
    return this.#engine.call('model_record', { model: this.handle, layer, what }).value;
  }

  /** Histograms and sizes of every layer after the last step. */
  observe(options: Options<'model_observe'> = {}): ResultOf<'model_observe'> {
    return this.#engine.call('model_observe', { ...options, model: this.handle });
  }

  /** A layer's statistics: of the last batch, running, and as `recalibrate(batches)` would make them; changes nothing. */
  statistics(layer: number, batches?: number): ResultOf<'model_statistics'> {
    const args = { model: this.handle, layer, ...(batches !== undefined && { batches }) };
    return this.#engine.call('model_statistics', args);
  }

  /** Replaces the running statistics by averages over this many batches of the experiment's own data. */
  recalibrate(batches: number, options: Options<'model_recalibrate', 'batches'> = {}): void {
    this.#engine.call('model_recalibrate', { ...options, model: this.handle, batches });
  }

  /** Back to the initial weights and the start of the batch order. */
  rewind(): void {
    this.#engine.call('model_rewind', { model: this.handle });
  }

  setOptimizer(optimizer: ArgsOf<'model_set_optimizer'>['optimizer']): void {
    this.#engine.call('model_set_optimizer', { model: this.handle, optimizer });
  }

  /** Other batches from the next step on; what is left of the epoch is left out. */
  setBatch(batch: ArgsOf<'model_set_batch'>['batch']): void {
    this.#engine.call('model_set_batch', { model: this.handle, batch });
  }

  /** Other options of the same layers, all of which are given. */
  setLayers(layers: ArgsOf<'model_set_layers'>['layers']): void {
    this.#engine.call('model_set_layers', { model: this.handle, layers });
  }

  /** Gives the memory back; a second call does nothing, any other use afterwards is an error. */
  free(): void {
    if (this.#handle === undefined) return;
    const handle = this.#handle;
    this.#handle = undefined;
    this.#engine.call('model_free', { model: handle });
  }

  /** For operations called directly: `engine.call('model_get', { model: model.handle, … })`. */
  get handle(): number {
    if (this.#handle !== undefined) return this.#handle;
    throw new EngineError({ argument: 'model', expected: 'a model in use', actual: 'one that was freed' });
  }

  declare [Symbol.dispose]: () => void;
  static {
    // Older browsers have no Symbol.dispose, and no `using` that would look for it.
    if (typeof Symbol.dispose === 'symbol') this.prototype[Symbol.dispose] = this.prototype.free;
  }
}
