import type { Lab } from '../../client/lab.ts';
import { sharedClient } from '../../client/engine-client.ts';
import type { Experiment, LayerSpec } from '../../protocol/experiment.ts';
import type { LabFrame } from '../../protocol/lab-session.ts';
import type { ResultOf } from '../../protocol/operations.ts';
import type { Tensor, TypedArray } from '../../protocol/tensor.ts';
import type { EngineCall } from '../worked-example/numbers.ts';
import { blocksOf, isBatchNorm, type Block } from './layer-names.ts';

/** What a tensor of the layer was before the step, which gradient it got, and what it is after. */
export interface Moved {
  before: Tensor;
  gradient: Tensor | undefined;
  after: Tensor;
}

/** One mini-batch as one block of one arm took it. Tensors are (B, C) or (B, C, H, W), as the network has them. */
export interface StepRecord {
  arm: number;
  experiment: Experiment;
  block: Block;
  /** The step that was made, counted from 1. */
  step: number;
  /** The learning rate it was made with. */
  lr: number;
  members: Int32Array;
  /** The batch as the network got it. */
  x: Tensor;
  y: Tensor;
  /** What went into the block's linear layer, what it gave (the pre-activation), and the gradient there. */
  input: Tensor;
  pre: Tensor;
  dpre: Tensor;
  /** Of the layer that normalises, if there is one. */
  norm: NormRecord | undefined;
  /** What the next layer got. */
  output: Tensor;
  /** The network's predictions and their loss, before the update; and the loss on the same batch after it. */
  prediction: Tensor;
  loss: number;
  lossAfter: number;
  /** By the tensor's name within its layer: 'weight', 'bias', … */
  linear: ReadonlyMap<string, Moved>;
}

export interface NormRecord {
  layer: number;
  spec: LayerSpec;
  /** What it got, and the gradient there; where it stands after the activation, that is not the pre-activation. */
  input: Tensor;
  /** Undefined where it is the network's input, to which no gradient goes. */
  dinput: Tensor | undefined;
  xhat: Tensor | undefined;
  /** Statistics of the batch (C), for layers that take them. */
  mean: Tensor | undefined;
  var: Tensor | undefined;
  output: Tensor;
  doutput: Tensor;
  tensors: ReadonlyMap<string, Moved>;
}

/** Makes one step and reads what it did in the chosen block of each arm that has it and has not diverged. */
export async function recordStep(
  lab: Lab,
  blockName: string,
  engine: () => Promise<EngineCall> = sharedClient,
): Promise<readonly StepRecord[]> {
  const { setup, opened } = lab;
  if (!setup || !opened) return [];
  if (lab.status === 'running') await lab.pause();
  await until(lab, ({ running }) => !running);
  const arms = setup.arms.flatMap((experiment, arm) => {
    const block = blocksOf(experiment.model.layers).find(({ name }) => name === blockName);
    if (!block || lab.frame?.arms[arm]?.divergence) return [];
    return [new Reader(lab, arm, experiment, block, opened.names[arm] ?? [])];
  });
  await Promise.all(arms.map((arm) => arm.before()));
  const stood = lab.frame?.arms.map(({ step }) => step) ?? [];
  await lab.step('batch');
  await until(lab, (frame) =>
    frame.arms.some(({ step, divergence }, arm) => step !== stood[arm] || divergence),
  );
  const moved = arms.filter(({ arm }) => !lab.frame?.arms[arm]?.divergence);
  return Promise.all(moved.map(async (arm) => arm.after(await engine())));
}

/** Until the newest frame is one the caller waits for. */
function until(lab: Lab, seen: (frame: LabFrame) => unknown): Promise<void> {
  return new Promise((done) => {
    const look = (): void => {
      if (!lab.frame || !seen(lab.frame)) return;
      lab.removeEventListener('frame', look);
      done();
    };
    lab.addEventListener('frame', look);
    look();
  });
}

class Reader {
  readonly #lab: Lab;
  readonly arm: number;
  readonly #experiment: Experiment;
  readonly #block: Block;
  readonly #names: readonly string[];
  readonly #before = new Map<string, Tensor>();
  #lr = NaN;

  constructor(lab: Lab, arm: number, experiment: Experiment, block: Block, names: readonly string[]) {
    [this.#lab, this.arm, this.#experiment, this.#block] = [lab, arm, experiment, block];
    const layers = new Set([block.weight, block.norm].map(String));
    this.#names = names.filter((name) => layers.has(name.split('.')[0] as string));
  }

  async before(): Promise<void> {
    const [{ lr }, ...tensors] = await Promise.all([
      this.#lab.call(this.arm, 'model_observe', { bins: 2, range: 1 }),
      ...this.#names.map((name) => this.#get(name)),
    ]);
    this.#lr = lr;
    this.#names.forEach((name, at) => this.#before.set(name, tensors[at] as Tensor));
  }

  async after(engine: EngineCall): Promise<StepRecord> {
    const { arm } = this;
    const experiment = this.#experiment;
    const { layers } = experiment.model;
    const { weight, norm, output } = this.#block;
    const batch = await this.#lab.call(arm, 'model_batch', {});
    const [linear, normed] = await Promise.all([this.#moved(weight), this.#moved(norm)]);
    const pre = weight ?? output;
    const prediction = await this.#record(layers.length - 1, 'output');
    const { loss: lossAfter = NaN } = await this.#lab.call(arm, 'model_evaluate', {
      mode: 'training',
      x: batch.x,
      y: batch.y,
    });
    return {
      arm,
      experiment,
      block: this.#block,
      step: this.#lab.frame?.arms[arm]?.step ?? NaN,
      lr: this.#lr,
      members: batch.members.data,
      x: batch.x,
      y: batch.y,
      input: pre === 0 ? batch.x : await this.#record(pre - 1, 'output'),
      pre: await this.#record(pre, 'output'),
      dpre: await this.#record(pre, 'gradient'),
      norm: norm === undefined ? undefined : await this.#norm(norm, batch, normed),
      output: await this.#record(output, 'output'),
      prediction,
      loss: await lossOf(engine, experiment, prediction, batch.y),
      lossAfter,
      linear,
    };
  }

  async #norm(
    layer: number,
    { x }: ResultOf<'model_batch'>,
    tensors: ReadonlyMap<string, Moved>,
  ): Promise<NormRecord> {
    const spec = this.#experiment.model.layers[layer] as LayerSpec;
    // A frozen layer takes no statistics of the batch.
    const measures = isBatchNorm(spec) && !(spec.kind === 'batch_norm' && spec.frozen);
    return {
      layer,
      spec,
      input: layer === 0 ? x : await this.#record(layer - 1, 'output'),
      dinput: layer === 0 ? undefined : await this.#record(layer - 1, 'gradient'),
      xhat: await this.#record(layer, 'xhat'),
      mean: measures ? await this.#record(layer, 'mean') : undefined,
      var: measures ? await this.#record(layer, 'var') : undefined,
      output: await this.#record(layer, 'output'),
      doutput: await this.#record(layer, 'gradient'),
      tensors,
    };
  }

  async #moved(layer: number | undefined): Promise<ReadonlyMap<string, Moved>> {
    const own = this.#names.filter((name) => name.startsWith(`${layer}.`));
    const moved = await Promise.all(
      own.map(async (name): Promise<[string, Moved]> => {
        const field = name.slice(name.indexOf('.') + 1);
        const learned = field === 'weight' || field === 'bias';
        const { value: gradient } = learned
          ? await this.#lab.call(this.arm, 'model_gradient', { name })
          : { value: undefined };
        return [field, { before: this.#before.get(name) as Tensor, gradient, after: await this.#get(name) }];
      }),
    );
    return new Map(moved);
  }

  async #get(name: string): Promise<Tensor> {
    return (await this.#lab.call(this.arm, 'model_get', { name })).value;
  }

  async #record(layer: number, what: 'output' | 'gradient' | 'xhat' | 'mean' | 'var'): Promise<Tensor> {
    return (await this.#lab.call(this.arm, 'model_record', { layer, what })).value;
  }
}

/** The loss of the predictions the step was made from; the session tells means over several steps. */
async function lossOf(
  engine: EngineCall,
  { loss: kind }: Experiment,
  prediction: Tensor,
  y: Tensor,
): Promise<number> {
  const { loss } = await engine.call('loss', {
    kind,
    prediction: prediction as Tensor<Float32Array>,
    target: y as Tensor<TypedArray>,
  });
  return loss;
}

/**
 * The values of one unit, an example after the other. A unit of a convolution has a picture of values per example: the
 * one in the middle stands for it.
 */
export function unitOf({ shape, data }: Tensor, unit: number): number[] {
  const [examples = 0, units = 1, height = 1, width = 1] = shape;
  const spatial = height * width;
  const middle = Math.floor(height / 2) * width + Math.floor(width / 2);
  return Array.from(
    { length: examples },
    (_, example) => data[(example * units + unit) * spatial + middle] ?? NaN,
  );
}

/** One channel's number of a (C) tensor. */
export function channelOf(tensor: Tensor | undefined, channel: number): number {
  return tensor?.data[channel] ?? NaN;
}
