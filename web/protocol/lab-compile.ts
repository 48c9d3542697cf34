import type { Data, Experiment, LayerSpec } from './experiment.ts';
import type { LabSetup } from './lab-session.ts';
import {
  armCount,
  armOf,
  type LabArm,
  type LabValue,
  LETTERS,
  type NormKind,
  NORMS,
} from './lab-properties.ts';
import type { Tensor } from './tensor.ts';
import type { LossKind } from './vocabulary.ts';

/** Examples that are not in the value: drawn by hand, or read from a file. */
export interface LabExamples {
  /** (N, inputs) */
  x: Tensor<Float32Array>;
  /** Class indices (N), or values to predict (N, outputs). */
  y: Int32Array | Tensor<Float32Array>;
  /** 0 where values are to be predicted. */
  classes: number;
  /** What the examples are called: a file's name. */
  name?: string;
  inputNames?: readonly string[];
  classNames?: readonly string[];
}

/** (channels, height, width) */
export type Shape = readonly [number, number, number];

/** What a network gets and has to answer. */
export interface LabTask {
  inputs: number;
  /** Of one picture, if the inputs are one. */
  picture: Shape | undefined;
  /** 0: values are to be predicted. */
  classes: number;
  outputs: number;
}

/** Why a value cannot be run as it stands: one sentence for the reader. */
export class LabProblem extends Error {
  override readonly name = 'LabProblem';
}

export const isOwnData = (value: Pick<LabValue, 'data'>): boolean =>
  value.data === 'drawn' || value.data === 'csv';

export function taskOf(value: LabValue, examples?: LabExamples): LabTask {
  switch (value.data) {
    case 'glyphs':
      return { inputs: 144, picture: [1, 12, 12], classes: 10, outputs: 10 };
    case 'regression':
      return { inputs: 1, picture: undefined, classes: 0, outputs: 1 };
    case 'spirals':
      return { inputs: 2, picture: undefined, classes: value.arms, outputs: value.arms };
    case 'drawn':
    case 'csv': {
      if (!examples) throw new LabProblem(WITHOUT_EXAMPLES[value.data]);
      const inputs = examples.x.shape[1] ?? 0;
      const side = Math.sqrt(inputs);
      const outputs = examples.y instanceof Int32Array ? examples.classes : (examples.y.shape[1] ?? 0);
      return {
        inputs,
        picture: Number.isInteger(side) && side >= 5 ? [1, side, side] : undefined,
        classes: examples.classes,
        outputs,
      };
    }
    default:
      return { inputs: 2, picture: undefined, classes: 2, outputs: 2 };
  }
}

const WITHOUT_EXAMPLES = {
  drawn: 'No points have been drawn yet. Points you draw are not part of a link.',
  csv: 'No table has been opened yet. Your own data is not part of a link: open the file here.',
};

/** The engine's experiments: data for both arms, one network each. Throws a LabProblem for what cannot be run. */
export function compileLab(value: LabValue, examples?: LabExamples): LabSetup {
  const task = taskOf(value, examples);
  return {
    data: {
      data: dataOf(value),
      seed: value.seed_data,
      ...(isOwnData(value) && examples && { x: examples.x, y: examples.y }),
    },
    arms: Array.from({ length: armCount(value) }, (_, arm) => experimentOf(value, arm, task)),
  };
}

function dataOf(value: LabValue): Data {
  const { test, label_noise, scale, shift, stretch, standardize, count, noise, first_class } = value;
  const preparation = { test, scale, shift, stretch, standardize };
  switch (value.data) {
    case 'drawn':
    case 'csv':
      return { kind: 'given', ...preparation, label_noise };
    case 'regression':
      return { kind: 'regression', curve: value.curve, count, noise, ...preparation };
    case 'glyphs':
      return { kind: 'glyphs', count, noise, ...preparation, label_noise };
    default:
      return {
        kind: value.data,
        count,
        noise,
        ...(value.data === 'spirals' && { classes: value.arms }),
        ...(first_class > 0 && { first_class }),
        ...preparation,
        label_noise,
      };
  }
}

function lossOf(value: LabValue, { classes }: LabTask): { loss: LossKind; outputs?: number } {
  if (value.loss === 'auto') return { loss: classes > 0 ? 'cross_entropy' : 'mse' };
  if (classes === 0 && value.loss !== 'mse')
    throw new LabProblem(
      'Loss: cross-entropy needs classes; this data has values to predict. Choose squared error.',
    );
  if (value.loss === 'bce_with_logits') {
    if (classes !== 2)
      throw new LabProblem(`Loss: sigmoid and cross-entropy needs two classes; this data has ${classes}.`);
    return { loss: value.loss, outputs: 1 };
  }
  return { loss: value.loss };
}

function experimentOf(value: LabValue, index: number, task: LabTask): Experiment {
  const arm = armOf(value, index);
  const { loss, outputs = task.outputs } = lossOf(value, task);
  const convolutional = arm.net === 'conv';
  if (convolutional && !task.picture)
    throw new LabProblem(
      `${LETTERS[index]}’s network: convolutions need pictures, such as the drawn digits; this data has ${task.inputs} inputs that are none.`,
    );
  return {
    version: 1,
    seeds: { data: value.seed_data, init: value.seed_init, order: value.seed_order },
    batch: {
      size: arm.batch,
      reshuffle: arm.reshuffle,
      last: arm.last,
      classes: task.classes > 0 ? Math.min(arm.batch_classes, task.classes) : 0,
    },
    model: {
      inputs: task.inputs,
      ...(convolutional && task.picture && { input_shape: task.picture }),
      layers: new Network(arm, `${LETTERS[index]}’s `, task).layers(outputs),
    },
    loss,
    optimizer: {
      lr: arm.lr,
      momentum: arm.momentum,
      nesterov: arm.nesterov && arm.momentum > 0,
      weight_decay: arm.weight_decay,
      decoupled: arm.decoupled,
      decay_gamma: arm.decay_gamma,
      decay_beta: arm.decay_beta,
      decay_bias: arm.decay_bias,
      schedule: arm.schedule,
      schedule_steps: arm.schedule_steps,
      schedule_factor: arm.schedule_factor,
      warmup: arm.warmup,
      clip: arm.clip,
    },
  };
}

const OVER_THE_BATCH: ReadonlySet<NormKind> = new Set(['batch', 'renorm', 'ghost', 'l1', 'l2', 'linf']);

/** Whether the normalisation takes the batch's mean away, and a bias before it with it. */
export const isOverTheBatch = (kind: NormKind): boolean => OVER_THE_BATCH.has(kind);

export function hiddenLayers(arm: LabArm): number {
  return (arm.net === 'conv' ? arm.channels.length : 0) + arm.hidden.length;
}

/** The normalisation of one hidden layer, convolutions counted first. */
export function normAt(arm: LabArm, layer: number): NormKind {
  return arm.norms[layer] ?? arm.norm;
}

/**
 * The layers in the order PyTorch users write them: linear or convolution, normalisation, activation (or the two the
 * other way round), pooling, dropout; then the last linear layer. Every two hidden layers, counted from the first place
 * where it fits, what went in is added to what comes out, if that was asked for.
 */
class Network {
  readonly #layers: LayerSpec[] = [];
  #shape: Shape;

  constructor(
    private readonly arm: LabArm,
    private readonly who: string,
    task: LabTask,
  ) {
    this.#shape = arm.net === 'conv' && task.picture ? task.picture : [task.inputs, 1, 1];
  }

  layers(outputs: number): readonly LayerSpec[] {
    const { arm } = this;
    const convolutions = arm.net === 'conv' ? arm.channels.length : 0;
    const norms = arm.norms.length - hiddenLayers(arm);
    if (norms > 0) {
      throw new LabProblem(
        `${this.who}normalisation layer by layer: expected at most ${hiddenLayers(arm)} words, one per hidden layer, got ${arm.norms.length}.`,
      );
    }
    let opened: { from: number; shape: Shape } | undefined;
    for (let layer = 0; layer < hiddenLayers(arm); layer++) {
      if (layer === convolutions && convolutions > 0) this.#flatten();
      const before = { from: this.#layers.length - 1, shape: this.#shape };
      if (layer < convolutions) this.#convolution(layer);
      else this.#dense(layer, arm.hidden[layer - convolutions] ?? 0);
      if (!arm.skip) continue;
      if (opened && sameShape(opened.shape, this.#shape)) {
        this.#layers.push({ kind: 'add', from: opened.from });
        opened = undefined;
      } else opened = before;
    }
    if (convolutions === hiddenLayers(arm) && convolutions > 0) this.#flatten();
    this.#layers.push({ kind: 'linear', units: outputs, bias: true, ...this.#initial() });
    return this.#layers;
  }

  #initial(): { init: LabArm['init']; gain?: number; sigma?: number } {
    const { init, gain, sigma } = this.arm;
    return { init, ...(gain !== 1 && { gain }), ...(init === 'normal' && { sigma }) };
  }

  #flatten(): void {
    this.#layers.push({ kind: 'flatten' });
    this.#shape = [this.#shape[0] * this.#shape[1] * this.#shape[2], 1, 1];
  }

  #hasBias(layer: number): boolean {
    const redundant = this.arm.position === 'before' && isOverTheBatch(normAt(this.arm, layer));
    return this.arm.bias === 'always' || !redundant;
  }

  #dense(layer: number, units: number): void {
    this.#layers.push({ kind: 'linear', units, bias: this.#hasBias(layer), ...this.#initial() });
    this.#shape = [units, 1, 1];
    this.#normaliseAndActivate(layer);
    this.#dropout();
  }

  #convolution(layer: number): void {
    const { arm } = this;
    const units = arm.channels[layer] ?? 0;
    const kernel = Number(arm.kernel);
    const stride = Number(arm.stride);
    this.#layers.push({
      kind: 'conv2d',
      units,
      kernel,
      stride,
      padding: (kernel - 1) / 2,
      bias: this.#hasBias(layer),
      ...this.#initial(),
    });
    const [, height, width] = this.#shape;
    this.#shape = [units, Math.floor((height - 1) / stride) + 1, Math.floor((width - 1) / stride) + 1];
    this.#normaliseAndActivate(layer);
    if (arm.pool !== 'none') this.#pool(layer, arm.pool);
    this.#dropout();
  }

  #pool(layer: number, pool: 'max' | 'average'): void {
    const [channels, height, width] = this.#shape;
    if (height < 2 || width < 2) {
      throw new LabProblem(
        `${this.who}pooling: after convolution ${layer + 1} the picture is only ${height} × ${width}. Take fewer convolutions, stride 1 or no pooling.`,
      );
    }
    this.#layers.push({ kind: 'pool2d', pool, size: 2 });
    this.#shape = [channels, Math.floor(height / 2), Math.floor(width / 2)];
  }

  #dropout(): void {
    if (this.arm.dropout > 0) this.#layers.push({ kind: 'dropout', p: this.arm.dropout });
  }

  #normaliseAndActivate(layer: number): void {
    const { arm } = this;
    const norm = this.#norm(layer, normAt(arm, layer));
    const activation: LayerSpec =
      arm.activation === 'leaky_relu' ? { kind: 'leaky_relu', slope: arm.slope } : { kind: arm.activation };
    const pair = arm.position === 'before' ? [norm, activation] : [activation, norm];
    for (const spec of pair) {
      // Nothing is lost without an identity layer, and the panels are easier to read.
      if (spec && spec.kind !== 'identity') this.#layers.push(spec);
    }
  }

  #norm(layer: number, kind: NormKind): LayerSpec | undefined {
    const { arm } = this;
    const pixels = this.#shape[1] * this.#shape[2];
    if (arm.batch === 1 && pixels === 1 && arm.single === 'error' && isOverTheBatch(kind) && !arm.frozen) {
      throw new LabProblem(
        `${this.who}batch size: in a batch of one, ${NORMS[kind]} has nothing to compare the example with. Take larger batches, or let “one value to normalise” go on.`,
      );
    }
    const common = { eps: arm.eps, affine: arm.affine, ...(arm.gamma !== 1 && { initial_gamma: arm.gamma }) };
    const running = arm.cumulative ? 'cumulative' : momentumIn(arm.convention, arm.running);
    const [channels, height, width] = this.#shape;
    switch (kind) {
      case 'none':
        return undefined;
      case 'batch':
      case 'ghost':
        return {
          kind: 'batch_norm',
          convention: arm.convention,
          momentum: running,
          single_value: arm.single,
          ...common,
          ...(arm.frozen && { frozen: true }),
          ...(kind === 'ghost' && { ghost: arm.ghost }),
        };
      case 'renorm':
        return {
          kind: 'batch_renorm',
          momentum: arm.running,
          single_value: arm.single,
          ...common,
          r_max: arm.r_max,
          d_max: arm.d_max,
          plain_steps: arm.plain_steps,
          ramp_steps: arm.ramp_steps,
        };
      case 'l1':
      case 'l2':
      case 'linf':
        return {
          kind: 'lp_norm',
          p: kind === 'l1' ? 1 : kind === 'l2' ? 2 : 'inf',
          momentum: arm.running,
          single_value: arm.single,
          ...common,
        };
      case 'layer':
        if (channels * pixels === 1) {
          throw new LabProblem(
            `${this.who}normalisation: ${NORMS.layer} compares the units of a layer; hidden layer ${layer + 1} has only one.`,
          );
        }
        return { kind: 'layer_norm', ...common };
      case 'group':
        if (channels % arm.groups !== 0) {
          throw new LabProblem(
            `${this.who}groups: ${arm.groups} groups do not divide the ${channels} units of hidden layer ${layer + 1}.`,
          );
        }
        if (channels === arm.groups && pixels === 1) {
          throw new LabProblem(
            `${this.who}groups: ${arm.groups} groups leave each of the ${channels} units of hidden layer ${layer + 1} alone, with nothing to compare it with. Take fewer groups.`,
          );
        }
        return { kind: 'group_norm', groups: arm.groups, ...common };
      case 'instance':
        if (height * width < 2) {
          throw new LabProblem(
            `${this.who}normalisation: ${NORMS.instance} normalises each channel of a picture by itself; hidden layer ${layer + 1} has one value per channel.`,
          );
        }
        return { kind: 'instance_norm', ...common };
    }
  }
}

/** PyTorch’s momentum weighs the new batch; the others’ what was there before. */
function momentumIn(convention: LabArm['convention'], weightOfNew: number): number {
  return convention === 'pytorch' ? weightOfNew : Number((1 - weightOfNew).toPrecision(12));
}

function sameShape(a: Shape, b: Shape): boolean {
  return a.every((side, axis) => side === b[axis]);
}
