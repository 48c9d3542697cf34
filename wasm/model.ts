/// <reference lib="esnext.disposable" preserve="true" />
import { EngineError } from '../web/protocol/engine-error.ts';
import type { Experiment } from '../web/protocol/experiment.ts';
import type { ArgsOf, ResultOf } from '../web/protocol/operations.ts';
import type { Mode } from '../web/protocol/vocabulary.ts';
import type { Tensor, TypedArray } from '../web/protocol/tensor.ts';
import type { Engine } from './engine.ts';

type Inputs = ArgsOf<'model_step'>['x'];
type Targets = ArgsOf<'model_step'>['y'];

/**
 * A network with its optimiser and data, living in the engine's memory until `free()` (or the end of a `using`
 * block). Tensors go by their `state_dict` names; everything handed out is a copy.
 */
export class Model {
  readonly #engine: Engine;
  #handle: number | undefined;

  constructor(engine: Engine, experiment: Experiment) {
    this.#engine = engine;
    this.#handle = engine.call('model_create', { experiment }).model;
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

  /** Trains on these examples from now on, in an order that starts anew; the weights stay. */
  setData(x: Inputs, y: Targets): void {
    this.#engine.call('model_set_data', { model: this.handle, x, y });
  }

  /** One step on the given batch. */
  step(x: Inputs, y: Targets): ResultOf<'model_step'> {
    return this.#engine.call('model_step', { model: this.handle, x, y });
  }

  /** Outputs, and the loss when `y` is given; changes nothing. */
  evaluate(mode: Mode, x: Inputs, y?: Targets): ResultOf<'model_evaluate'> {
    return this.#engine.call('model_evaluate', {
      model: this.handle,
      mode,
      x,
      ...(y !== undefined && { y }),
    });
  }

  /** Replaces the running statistics by averages over this many batches of the experiment's own data. */
  recalibrate(batches: number): void {
    this.#engine.call('model_recalibrate', { model: this.handle, batches });
  }

  /** Back to the initial weights and the start of the batch order. */
  rewind(): void {
    this.#engine.call('model_rewind', { model: this.handle });
  }

  setOptimizer(optimizer: ArgsOf<'model_set_optimizer'>['optimizer']): void {
    this.#engine.call('model_set_optimizer', { model: this.handle, optimizer });
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
